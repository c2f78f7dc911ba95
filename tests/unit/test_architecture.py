"""The picture of the imports in docs/architecture.md is the one that the code would draw."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

from tests.unit.test_imports import MODULES, ROOT, UI_FLOORS, dotted, imports, package

ARCHITECTURE = ROOT / "docs" / "architecture.md"
BOX = r'(\w+)(?:\["([^"]+)"\])?'

Graph = dict[str, set[str]]


def box(module: str) -> str:
    """Return the box of the picture in which a module stands."""
    name = package(module)
    own, _, page = name.partition(".")
    return "ui.‹page›" if own == "ui" and page and page not in UI_FLOORS else name


def of_code() -> Graph:
    """Return every package of the code with those that it imports; the front doors of packages of packages stay out."""
    graph: Graph = {}
    for path in MODULES:
        here = box(dotted(path))
        if here in ("lstm_core", "ui"):
            continue
        mine = graph.setdefault(here, set())
        mine |= {box(name) for name, _ in imports(path) if name.partition(".")[0] in ("lstm_core", "pages")}
        mine -= {here, "lstm_core"}
    return graph


def reduced(graph: Graph) -> Graph:
    """Leave out each arrow that follows from others (transitive reduction of a graph without circles)."""
    below: Graph = {}
    for name in TopologicalSorter(graph).static_order():        # what is imported comes before what imports it
        below[name] = set().union(*({other} | below[other] for other in graph.get(name, ())))
    return {name: direct - set().union(*(below[other] for other in direct)) for name, direct in graph.items()}


def of_picture() -> Graph:
    """Return the boxes and arrows of the Mermaid block."""
    found = re.search(r"```mermaid\n(.*?)```", ARCHITECTURE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    labels: dict[str, str] = {}
    arrows: list[tuple[str, str]] = []
    for line in found[1].splitlines()[1:]:
        arrow = re.fullmatch(rf"\s*{BOX} --> {BOX}", line)
        assert arrow is not None, line
        for name, label in ((arrow[1], arrow[2]), (arrow[3], arrow[4])):
            if label is not None:
                labels[name] = label
        arrows.append((arrow[1], arrow[3]))
    graph: Graph = {}
    for above, under in arrows:
        graph.setdefault(labels.get(under, under), set())
        graph.setdefault(labels.get(above, above), set()).add(labels.get(under, under))
    return graph


def test_the_picture_shows_the_imports_of_the_code() -> None:
    code = of_code()
    assert len(code) > 15
    assert of_picture() == reduced(code)


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    assert reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}
