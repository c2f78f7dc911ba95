"""The floors of the house: imports point down only, and torch stays where it belongs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "lstm_core"
TORCH = {"training", "reading", "network", "passes", "kernels", "threads", "forecast", "from_scratch"}

# From the top down: a module may import from its own floor and the floors below it.
FLOORS = [
    ["ui"],
    ["presets", "challenges"],
    ["writing"],
    ["lab", "dispatcher", "sweeping"],
    ["runs", "turns"],
    ["store", "sweep_store", "pruning", "engine", "work"],
    ["schema", "curves", "training", "forecast"],
    ["reading", "batches", "network", "passes", "kernels", "small", "given", "threads", "from_scratch"],
    ["charts"],
    ["verdicts", "gradients", "comparing"],
    ["cells", "metrics", "baselines", "shapes", "export"],
    ["data"],
    ["checkpoints"],
    ["records", "sizes"],
    ["notation", "sweeps"],
    ["spec"],
    ["codec", "language"],
    ["limits", "refusal", "ports"],
]
FLOOR = {name: len(FLOORS) - height for height, names in enumerate(FLOORS) for name in names}
MODULES = sorted(path for path in CORE.rglob("*.py") if path != CORE / "__init__.py")


def part(path: Path) -> str:
    """Return the top-level part of the core a file belongs to."""
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Return the dotted names a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_imports_point_down(path: Path) -> None:
    here = part(path)
    assert here in FLOOR, f"{here} has no floor yet: add it to FLOORS"
    for name in imported(path):
        package, _, rest = name.partition(".")
        if package == "lstm_core":
            assert FLOOR[rest.partition(".")[0]] <= FLOOR[here], f"{here} must not import {name}"
        if package == "torch":
            assert here in TORCH, f"{here} must not import torch"
        if package == "streamlit":
            assert here == "ui", f"{here} must not import streamlit"


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_a_page_only_joins_what_the_core_offers(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imported(path)} & {"torch", "pandas", "plotly"}
    assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")


def test_the_server_never_imports_torch() -> None:
    code = ("import sys, lstm_core.ui.server, lstm_core.ui.knobs, lstm_core.ui.live, lstm_core.charts, lstm_core.cells;"
            "sys.exit('torch' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_files_stay_small() -> None:
    long = {str(path.relative_to(ROOT)): count for path in MODULES
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > 320}
    assert not long
