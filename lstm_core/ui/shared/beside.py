"""Beside the picture: what to see and what to try, step by step, each with what it lights and what it does.

The words are a page's prose (``ui/prose/<language>/``). Every paragraph and every point of a list is a step, up to the
line ``<!-- more -->``; what comes after it is longer than a step and stands below the page. A step may end with a note,
the same in every language::

    - *Hidden units* 4: how much does the network lose?
      <!-- lights: loss, status; does: set hidden 4, press train -->

It lights what has these keys, or is found by these CSS selectors (``.cv-diagram``), and *Show me* does, in this order:

- ``set KEY VALUE``: what a person would choose or type in the widget with that key; without a value it is emptied. Of
  what a widget then changes besides, only another source's suggestions follow: the rest has to be said
- ``press TARGET``: presses the button with that key, or that a selector finds
- ``drag SELECTOR start`` or ``end``: takes a time line of ours to its beginning or its end
- ``go PAGE SECTION``: opens another page, and its section where one is named

A browser only says which step is wanted: what is then done is what stands in the prose.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.pages import PAGES, SECTION_KEYS
from lstm_core.ui.base.static_files import address
from lstm_core.ui.shared import keys
from lstm_core.ui.widgets import projector, sent_address, session, settings
from lstm_core.ui.widgets.navigation import section_address
from lstm_core.ui.widgets.text import prose

MORE = "<!-- more -->"
TEXTS = 128             # pieces of prose kept as steps: all of them, in every language

_NOTE = re.compile(r"<!--(.*?)-->", re.DOTALL)
_POINT = re.compile(r"(?:-|\d+\.) +")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('beside/beside.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("beside", js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True)
class Action:
    """One thing that *Show me* does (see the module)."""

    kind: str               # set, press, drag or go
    target: str             # key or selector; of ``go`` the name of a page
    value: str = ""         # of ``set`` the value, of ``drag`` start or end, of ``go`` the section


@dataclass(frozen=True)
class Step:
    """One thing to see or to try."""

    heading: str
    text: str               # Markdown
    lights: tuple[str, ...] = ()        # keys or selectors
    does: tuple[Action, ...] = ()


def show(name: str, *, later: bool = False) -> None:
    """Show a piece of prose: its steps beside the page, and below it what is longer.

    Args:
        name: of the prose.
        later: the steps tell what is yet to come out: they do not open by themselves.
    """
    steps, more = parsed(prose(name))
    if more:
        with st.expander(_("Read more"), icon=":material/menu_book:", key=keys.READ_MORE):
            st.markdown(more)
    shown = _component(key=keys.BESIDE, height="content", on_does_change=lambda: _set(steps), data={
        "page": name, "steps": [asdict(step) for step in steps], "done": st.session_state.get(keys.BESIDE_DONE, 0),
        "words": _words(), "room": projector.is_on(), "later": later})
    for action in _asked(steps, shown.get("does")).does:
        if action.kind == "go":
            st.switch_page(PAGES[action.target].file, query_params=session.address() | section_address(
                action.target, action.value))


@lru_cache(maxsize=TEXTS)
def parsed(text: str) -> tuple[tuple[Step, ...], str]:
    """Return the steps of a piece of prose, and as Markdown what is longer than a step."""
    stepwise, _mark, more = text.partition(MORE)
    steps: list[tuple[str, list[str]]] = []
    heading, within = "", False
    for line in stepwise.splitlines():
        if line.startswith("#"):
            heading, within = line.lstrip("# "), False
        elif not line.strip():
            within = False
        elif within and not _POINT.match(line):
            steps[-1][1].append(line.strip())
        else:
            steps.append((heading, [_POINT.sub("", line, count=1)]))
            within = True
    return tuple(_step(heading, "\n".join(lines)) for heading, lines in steps), more.strip()


def _step(heading: str, block: str) -> Step:
    text = _NOTE.sub("", block).strip().replace("\n", " ")
    found = _NOTE.search(block)
    parts = dict(part.strip().split(": ", 1) for part in found[1].split("; ")) if found else {}
    return Step(heading, text, lights=tuple(_listed(parts.get("lights", ""))), does=actions(parts.get("does", "")))


def actions(said: str) -> tuple[Action, ...]:
    """Return the actions of a note, which are separated by commas."""
    return tuple(map(_action, _listed(said)))


def _listed(part: str) -> list[str]:
    return [each.strip() for each in part.split(",") if each.strip()]


def _action(said: str) -> Action:
    kind, _space, rest = said.partition(" ")
    if kind == "press":
        return Action(kind, rest)
    target, _space, value = rest.rpartition(" ") if kind == "drag" else rest.partition(" ")
    return Action(kind, target, value)


def _asked(steps: tuple[Step, ...], sent: object) -> Step:
    """Return the step that a browser wants to be done; an empty one when it asks for none of these."""
    number = sent.get("step") if isinstance(sent, dict) else None
    return steps[number] if isinstance(number, int) and 0 <= number < len(steps) else Step("", "")


def _set(steps: tuple[Step, ...]) -> None:
    """Set what a step sets, before the page is drawn anew, and tell the browser that it is done."""
    sent = (st.session_state.get(keys.BESIDE) or {}).get("does")
    for action in _asked(steps, sent).does:
        if action.kind == "set":
            st.session_state[action.target] = typed(action.value, st.session_state.get(action.target))
            if action.target == "source":
                settings.change_source()
            if action.target in SECTION_KEYS:
                sent_address.put(action.target, action.value)
    turn = sent.get("turn") if isinstance(sent, dict) else None
    st.session_state[keys.BESIDE_DONE] = turn if isinstance(turn, int) else 0


def typed(value: str, before: object) -> Any:
    """Return the value of an action as the widget has it: of the kind of what it held before."""
    if isinstance(before, list | tuple):
        return value.split()
    if isinstance(before, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _NUMBER.fullmatch(value):
        return float(value) if isinstance(before, float) or "." in value else int(value)
    return value


def _words() -> dict[str, str]:
    """Return the words of the panel in the language now in use. Names in braces are filled in by the browser."""
    return {
        "title": _("Step by step"), "handle": _("Steps"), "hint": _("What to see and try here"),
        "open": _("Step by step: what to see and what to try on this page"), "close": _("Close"),
        "where": _("{step} of {steps}"), "back": _("Step back"), "forward": _("Next step"),
        "show": _("Show me"), "size": _("Larger or smaller"),
        "done": _("Done, as if you had done it yourself."),
        "failed": _("This cannot be shown right now: the page has nothing it could be shown with."),
        "keys": _("Arrow keys: the step before and the next one. Escape closes."),
    }
