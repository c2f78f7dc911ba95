"""The keys of a session: all pages share one namespace, so each key is owned by one package and named there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_core.spec import SOURCES, setting_names
from lstm_core.ui.base.pages import PAGES, SECTION_KEYS

ROOT = Path(__file__).parents[3]
UI = ROOT / "lstm_core" / "ui"
MODULES = sorted([*UI.rglob("*.py"), *(ROOT / "pages").glob("*.py")])
SETTINGS = {"source", "layers", "hidden", "dropout"}.union(*(setting_names(kind) for kind in SOURCES.values()))
SHOW_SETTINGS = {"train", "shapes", "widgets"}
"""Packages whose widgets set a run's settings: their keys are the names of the settings."""
NO_KEY = {"container", "sorted", "groupby", "max"}
"""Calls whose argument ``key`` is none of the session: a container's only names it for the style sheet."""


def package(path: Path) -> str:
    """Return which package of ``ui`` a module belongs to; what joins the pages is one, too."""
    return path.relative_to(UI).parts[0] if path.is_relative_to(UI) else "pages"


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named() -> Iterator[tuple[str, str]]:
    """Yield the keys that a package names in its module ``keys``, each with its package."""
    for path in UI.glob("*/keys.py"):
        for node in tree(path).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                yield str(node.value.value), package(path)


OWNERS = dict(named()) | {page.section_key: page.name for page in PAGES.values() if page.section_key}


def looked_up(module: ast.Module) -> Iterator[ast.expr]:
    """Yield what a module looks up in the session, writes to it or takes out of it."""
    def is_session(node: ast.expr) -> bool:
        return isinstance(node, ast.Attribute) and node.attr == "session_state"

    for node in ast.walk(module):
        match node:
            case ast.Subscript() if is_session(node.value):
                yield node.slice
            case ast.Compare(left=left, comparators=[of]) if is_session(of):
                yield left
            case ast.Call(func=ast.Attribute(value=of), args=args, keywords=keywords) if is_session(of):
                for arg in args[:1]:
                    yield from filter(None, arg.keys if isinstance(arg, ast.Dict) else [arg])
                yield from (ast.Constant(keyword.arg) for keyword in keywords)


def shown(module: ast.Module) -> Iterator[ast.expr]:
    """Yield the keys that a module gives to its widgets, figures and fragments."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] not in NO_KEY:
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "key")


def test_no_two_packages_name_the_same_key() -> None:
    keys = [key for key, _ in named()]
    assert len(keys) > 80
    assert len(set(keys)) == len(keys)
    assert not SETTINGS.intersection(keys)
    assert not SETTINGS.intersection(SECTION_KEYS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_looked_up_has_a_name(path: Path) -> None:
    bare = {node.value for node in looked_up(tree(path)) if isinstance(node, ast.Constant)}
    assert bare <= SETTINGS, "give the key a name in the module keys of its package"


def test_a_key_on_a_page_is_no_key_of_another_page() -> None:
    users, patterns = defaultdict(set), []
    for path in MODULES:
        for node in shown(tree(path)):
            match node:
                case ast.Constant(value=str(key)):
                    users[key].add(package(path))
                case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *rest]):
                    ends = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in rest)
                    patterns.append((re.compile(re.escape(begin) + "".join(ends)), package(path)))
    for key, owner in OWNERS.items():
        users[key].add(owner)
    assert len(users) > 150
    assert len(patterns) > 10
    for key, packages in users.items():
        if key in SETTINGS:
            assert packages <= SHOW_SETTINGS, f"{key} is a setting"
        else:
            assert len(packages) == 1, key
        for pattern, own in patterns:
            assert own in packages or not pattern.fullmatch(key), (key, packages, pattern.pattern, own)
