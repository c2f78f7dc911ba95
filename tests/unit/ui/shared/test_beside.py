"""Steps beside the page: how prose is read, and that all that is lit, set, pressed and opened is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from lstm_core.i18n import LANGUAGES, SOURCE
from lstm_core.presets import PRESETS
from lstm_core.spec import SOURCES, setting_names
from lstm_core.spec.serialization import from_query, to_query
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.shared import beside
from lstm_core.ui.shared.beside import MORE, Action, Step, parsed
from lstm_core.ui.widgets.text import PROSE

UI = Path(__file__).parents[4] / "lstm_core" / "ui"
NAMES = sorted(path.relative_to(PROSE / SOURCE).with_suffix("").as_posix() for path in (PROSE / SOURCE).rglob("*.md")
               if path.stem != "start")      # which has no steps: the page itself goes on from there
SETTINGS = {"source", "layers", "hidden", "dropout", "hidden2", "dropout2"}.union(
    *(setting_names(kind) for kind in SOURCES.values()))


def read(name: str, language: str = SOURCE) -> tuple[tuple[Step, ...], str]:
    return parsed((PROSE / language / f"{name}.md").read_text(encoding="utf-8"))


@cache
def keys() -> tuple[set[str], tuple[str, ...]]:
    """Return the keys that the pages give to what they show, and how those begin that end with something else."""
    whole, begun = {page.section_key for page in PAGES.values()} | SETTINGS, set[str]()
    for path in [*UI.rglob("*.py"), *(UI.parents[1] / "pages").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="key", value=ast.Constant(value=str(key))):
                    whole.add(key)
                case ast.keyword(arg="key", value=ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_])):
                    begun.add(begin)
                case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(end)), *_]) if end[:1] == "_":
                    begun.add(end)      # of a key made of another one: memory_cells_train
                case ast.Assign(value=ast.Constant(value=str(key))) if path.stem == "keys":
                    whole.add(key)
    return whole, tuple(begun)


def exists(target: str) -> bool:
    """Tell whether a page has what is lit, pressed or dragged."""
    whole, begun = keys()
    if re.fullmatch(r"\w+", target):
        return target in whole or any(target.startswith(begin) for begin in begun)
    if begin := re.fullmatch(r"\[class\*=st-key-(\w+)\]", target):
        return begin[1] in begun or begin[1] in whole or any(key.startswith(begin[1]) for key in begun)
    scripts = "".join(path.read_text(encoding="utf-8") for path in (UI / "static").rglob("*.js"))
    return all(any(re.search(rf"[\"` ]{re.escape(known)}[\"` $]", scripts) for known in (name, name.rpartition("-")[0]))
               for name in re.findall(r"\.([\w-]+)", target))


@pytest.mark.parametrize("name", NAMES)
def test_every_language_has_the_same_steps_that_light_and_do_the_same(name: str) -> None:
    english, _more = read(name)
    for language in LANGUAGES:
        steps, more = read(name, language)
        assert [(step.lights, step.does) for step in steps] == [(step.lights, step.does) for step in english]
        assert len({step.heading for step in steps}) == len({step.heading for step in english})
        assert all(step.text and step.heading for step in steps)
        assert not any(mark in step.text for step in steps for mark in ("<!--", "$", "](", "\n", "  "))
        assert "<!--" not in more
        assert bool(more) == (MORE in (PROSE / language / f"{name}.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_step_lights_and_does_is_there(name: str) -> None:
    steps, _more = read(name)
    for step in steps:
        assert all(map(exists, step.lights)), step.lights
        order = [("set", "drag", "press", "go").index(action.kind) for action in step.does]
        assert order == sorted(order), "what is set is done first, and another page is opened last"
        for action in step.does:
            if action.kind == "go":
                assert not action.value or action.value in PAGES[action.target].sections, action
            else:
                assert exists(action.target), action
                assert action.kind != "drag" or action.value in ("start", "end")
                assert action.kind != "press" or not action.value


@pytest.mark.parametrize("name", PRESETS)
def test_what_a_step_of_a_preset_sets_can_be_trained(name: str) -> None:
    query = to_query(PRESETS[name].spec)
    steps, _more = read(f"presets/{name}")
    for step in steps:
        new = {action.target: action.value.replace(" ", ",") for action in step.does
               if action.kind == "set" and action.target in SETTINGS}
        if new:
            changed = from_query(query | new)
            changed.check_new()
            assert changed != PRESETS[name].spec, "nothing is set that was not so before"


def test_paragraphs_and_points_are_steps_and_the_rest_is_kept_as_it_is() -> None:
    steps, more = parsed("#### To see\n\nA *first*\nline.\n<!-- lights: loss, .cv-diagram -->\n\n"
                         "- **One.** Two\n  lines.\n- 一行。\n"
                         "  <!-- does: set hidden 4, set end, press .cv-line .cv-play, go shapes way -->\n\n"
                         f"#### To try\n\n1. Do it.\n\n{MORE}\n\n#### Sources\n\n- A book.\n")
    assert steps == (
        Step("To see", "A *first* line.", ("loss", ".cv-diagram")), Step("To see", "**One.** Two lines."),
        Step("To see", "一行。", (), (
            Action("set", "hidden", "4"), Action("set", "end"), Action("press", ".cv-line .cv-play"),
            Action("go", "shapes", "way"))),
        Step("To try", "Do it."))
    assert more == "#### Sources\n\n- A book."


def test_a_time_line_is_dragged_by_its_selector() -> None:
    (step,), _more = parsed("- Drag. <!-- does: drag .cv-line-training start -->")
    assert step.does == (Action("drag", ".cv-line-training", "start"),)


@pytest.mark.parametrize(("value", "before", "wanted"), [
    ("4", 8, 4), ("4", 8.5, 4.0), ("0.5", None, 0.5), ("4", None, 4), ("-1", 1, -1), ("true", False, True),
    ("rnn", "lstm", "rnn"), ("50", "fast", "50"), ("close", ["open", "high"], ["close"]), ("", "2019-01-01", "")])
def test_a_value_is_of_the_kind_that_the_widget_holds(value: str, before: object, wanted: object) -> None:
    found = beside.typed(value, before)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize("sent", [None, {}, 3, "1", {"step": 2}, {"step": -1}, {"step": "1"}, {"step": 1.0},
                                  {"step": [0]}, {"key": "hidden"}])
def test_a_browser_can_only_ask_for_a_step_of_the_page(sent: object) -> None:
    steps = (Step("", "one", does=(Action("press", "train"),)), Step("", "two"))
    assert beside._asked(steps, sent) == Step("", "")
    assert beside._asked(steps, {"step": 0}) is steps[0]
