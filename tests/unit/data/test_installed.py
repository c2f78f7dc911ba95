"""Packages that only some data need: found without an import, and named in a sentence when they are missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np
import pytest

from lstm_core.data.sources import bundled_prices, yahoo
from lstm_core.data.sources.digits import digits
from lstm_core.errors import Refusal
from lstm_core.evaluation.classifiers import LogisticRegression, word_counts
from lstm_core.spec import Prices

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("module", "package", "ask"), [
    ("sklearn", "scikit-learn", digits),
    ("arch", "arch", lambda: bundled_prices.bundled(Prices())),
    ("scipy", "scipy", lambda: LogisticRegression.fit(np.eye(2), np.arange(2), 2)),
    ("scipy", "scipy", lambda: word_counts([], [], 2, pairs=False)),
    ("threadpoolctl", "threadpoolctl", lambda: LogisticRegression.fit(np.eye(2), np.arange(2), 2)),
    ("yfinance", "yfinance", lambda: yahoo.Downloader(Path("nowhere")).fetch("AAPL")),
])
def test_a_missing_package_is_named(module: str, package: str, ask: Callable[[], object],
                                    monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path of installed packages taken away, the package is truly not found."""
    for cached in (digits, bundled_prices._read, yahoo._yfinance):
        cached.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if PathFinder.find_spec(module, [entry]) is None])
    with pytest.raises(Refusal, match=f"pip install {package}$"):
        ask()


def test_a_table_without_pandas_is_refused_in_a_sentence() -> None:
    code = ("import importlib.util as u; find = u.find_spec\n"
            "u.find_spec = lambda name: None if name == 'pandas' else find(name)\n"
            "import lstm_core.data.tables.table")
    assert "pip install pandas" in _run(code).stderr


def test_finding_a_package_does_not_import_it() -> None:
    code = ("import sys; from lstm_core.data.sources import bundled_prices; from lstm_core.spec import Prices\n"
            "bundled_prices.bundled(Prices()); sys.exit('arch' in sys.modules)")
    assert _run(code).returncode == 0


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False, capture_output=True,
                          text=True)
