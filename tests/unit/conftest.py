"""What the unit tests share: a lab with a worker that trains toys, and charts that are checked to be valid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import settings

from lstm_core.charts import frame
from lstm_core.records import Budget
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import WAIT, Clock

settings.register_profile("tests", deadline=None)       # how long an example takes depends on what else runs here
settings.load_profile("tests")


@pytest.fixture(autouse=True)
def _valid_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have plotly check each figure: the app leaves that out, which takes most of the time."""
    def validated(**given: Any) -> go.Figure:
        return go.Figure(**{**given, "_validate": True})

    monkeypatch.setattr(frame, "go", SimpleNamespace(Figure=validated))


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(1)
    engine.submit(toy.advance, toy.spec(), None, Budget(updates=1)).result(WAIT)
    yield engine
    engine.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'lab.db'}")
    yield store
    store.close()


@pytest.fixture
def lab(store: Store, engine: LocalEngine, clock: Clock) -> Iterator[Lab]:
    lab = Lab(store, engine, toy.advance, clock)
    yield lab
    lab.close()
