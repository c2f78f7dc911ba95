"""The house: imports point down only, heavy libraries stay where they belong, and no modules import in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "lstm_core"

# From the top down: a module may import from its own package and from packages below, never from one beside its own.
FLOORS = [
    ["pages", "app"],
    ["ui.<page>"],
    ["ui.shared"],
    ["ui.live"],
    ["ui.widgets"],
    ["ui.base"],
    ["classroom"],
    ["challenges", "lessons"],
    ["presets", "running"],
    ["learning"],
    ["charts"],
    ["evaluation"],
    ["inside"],
    ["cells", "storage"],
    ["data"],
    ["export", "records"],
    ["spec"],
    ["codec"],
    ["errors", "i18n", "limits", "locale"],
]
FLOOR = {name: len(FLOORS) - height for height, names in enumerate(FLOORS) for name in names}
ALLOWED_BESIDE = {("locale", "i18n")}       # the translators' tool reads which languages there are
UI_FLOORS = {name.removeprefix("ui.") for name in FLOOR if name.startswith("ui.")} - {"<page>"}

# Who may import what is large or belongs to one task only.
HOMES = {
    "torch": {"learning"},
    "streamlit": {"app", "pages", "ui"},
    "sqlalchemy": {"storage"},
    "loky": {"running"},
    "starlette": {"app", "ui.base", "ui.cell.api", "ui.classroom.api", "ui.live.api"},
    "plotly": {"charts", "presets.pictures", "presets.pictures_memory", "presets.drawing", "ui.widgets.live_figure"},
    "scipy": {"evaluation.classifiers"},
    "pandas": {"data.sources", "data.tables", "ui"},
}
MODULES = sorted([*CORE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])


def dotted(path: Path) -> str:
    """Return a module's dotted name, as it is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path) for path in MODULES}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each module a file imports anywhere in it, and whether that happens when the file itself is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in tree.body) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in NAMES else node.module, node in tree.body


def package(module: str) -> str:
    """Return the package whose rules a module keeps: ``ui.widgets``, ``ui.predict``, ``spec`` ..."""
    parts = module.removeprefix("lstm_core.").split(".")
    return ".".join(parts[:2]) if parts[0] == "ui" else parts[0]


def floor(package: str) -> int:
    """Return how high a package stands."""
    own, _, page = package.partition(".")
    if own == "ui" and page not in UI_FLOORS:
        return FLOOR["ui.<page>"]
    return FLOOR[package]


# The top of the package only names what the library offers, wherever it lives, and imports it when it is asked for.
INSIDE = [path for path in MODULES if dotted(path) != "lstm_core"]


@pytest.mark.parametrize("path", INSIDE, ids=dotted)
def test_imports_point_down(path: Path) -> None:
    here = package(dotted(path))
    for name, _ in imports(path):
        if name.partition(".")[0] in ("lstm_core", "pages") and (there := package(name)) not in (here, "lstm_core"):
            assert floor(there) < floor(here) or (here, there) in ALLOWED_BESIDE, f"{here} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_heavy_library_is_imported_at_its_home_only(path: Path) -> None:
    here = dotted(path).removeprefix("lstm_core.")
    for name, _ in imports(path):
        homes = HOMES.get(name.partition(".")[0])
        if homes is not None:
            assert any(here == home or here.startswith(home + ".") for home in homes), f"{here} must not import {name}"


def test_no_modules_import_in_a_circle() -> None:
    graph = {dotted(path): {name for name, at_once in imports(path) if at_once and name in NAMES - {dotted(path)}}
             for path in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_a_page_only_joins_what_the_core_offers(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not {name.partition(".")[0] for name, _ in imports(path)} & {"torch", "pandas", "plotly"}
    assert "unsafe_allow_html" not in source
    assert len(source.splitlines()) < 40


@pytest.mark.parametrize("heavy", ["torch", "scipy"])
def test_the_server_starts_without(heavy: str) -> None:
    """What the page Predict imports is imported when it is first opened: not even that brings SciPy."""
    modules = ("ui.base.server", "ui.widgets.settings", "ui.widgets.live_figure", "charts", "cells", "ui.predict.page",
               "ui.train.controls", "ui.train.progress", "ui.train.source", "ui.train.windows")
    code = f"import sys, {', '.join(f'lstm_core.{name}' for name in modules)}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_the_top_of_the_package_imports_nothing_by_itself() -> None:
    code = "import sys, lstm_core; sys.exit(any(name in sys.modules for name in ('numpy', 'lstm_core.spec')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_the_tests_mirror_the_packages() -> None:
    tests = ROOT / "tests" / "unit"
    for path in tests.rglob("test_*.py"):
        folder = path.parent.relative_to(tests)
        assert (CORE / folder).is_dir() or folder.parts == ("benchmarks",), f"{path.relative_to(ROOT)} mirrors nothing"


def test_files_stay_small() -> None:
    long = {dotted(path): count for path in MODULES
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > 320}
    assert not long
