"""A network that is alive: it recalls a letter after a gap, played along time; one click trains another one here."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lstm_core.charts import heading
from lstm_core.charts.palette import GATES, PREDICTED
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence, probe
from lstm_core.errors import Refusal
from lstm_core.i18n import aside
from lstm_core.i18n import gettext as _
from lstm_core.inside.probe import keeping_unit, probe_traces, right_classes, shown_steps
from lstm_core.records import MEAN, ProbeTrace
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec
from lstm_core.storage.schema import UNFINISHED
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.examples import EXAMPLES, example
from lstm_core.ui.base.server import lab
from lstm_core.ui.base.static_files import address
from lstm_core.ui.live import words
from lstm_core.ui.live.picture import inside, structure
from lstm_core.ui.live.status import followed
from lstm_core.ui.shared.step_names import plain_numbers, step_names
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import class_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import localized

EXAMPLE = "start"
SPEC = EXAMPLES[EXAMPLE]            # what the button trains, too
PACE = 50.0                         # updates per second: slow enough to see how it learns
KEPT = 20                           # networks whose inside the server keeps
GATES_SHOWN = ("f", "i")            # what keeps the letter, and what lets it in

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('start/alive.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("alive", js=_SCRIPT, isolate_styles=False)


def show(view: RunView) -> RunView:
    """Show the button that trains, and a network that does what the button's will learn.

    Args:
        view: the run this session looks at.

    Returns:
        the run that is shown: that one, or, where the button starts none with its settings, the example.
    """
    finished = lab().view(example(EXAMPLE))
    shown = view if view.spec == SPEC else finished
    mine = session.is_mine(shown)
    data = session.prepared(shown.spec.data, shown.spec.model.output)
    unit = _unit(shown, finished, data)
    with st.container(horizontal=True, key="first_steps", vertical_alignment="center"):
        begin = _("Train this network now") if not mine else _("Start over") if shown.active else _("Train it again")
        st.button(begin, key="train_here", type="primary", icon=":material/play_arrow:", on_click=_train)
        if mine:
            page_link("cell", _("Look inside it"),
                      query=session.address() | ({} if unit == MEAN else {"unit": f"{unit + 1}", "step": "2"}))
            page_link("train", _("Train with other settings"))
            page_link("memory", _("Why it remembers"))
        else:
            st.caption(_("From nothing to every answer right, here, in about twenty seconds."))
    if (refused := st.session_state.pop(session_keys.REFUSAL, None)) is not None:
        st.error(localized(refused))
    _component(key="alive", height="content", on_changed_change=_changed, data=_facts(shown, data, unit))
    return shown


def _train() -> None:
    """Start the run and look at it, its settings included; the one that was started here before is stopped."""
    before = st.session_state.get(session_keys.RUN)
    try:
        session.look_at(lab().start(SPEC, owner(), pace=PACE))
        settings.fill(SPEC)
        session.forget_table()
        st.session_state.pop(session_keys.PRESET, None)
        if before:
            _stop(before)
    except Refusal as refusal:
        st.session_state[session_keys.REFUSAL] = refusal


def _stop(run: str) -> None:
    view = lab().view(run)
    if session.is_mine(view) and view.spec == SPEC and view.status in UNFINISHED:
        lab().command(run, owner(), "stop")


def _changed() -> None:
    """Nothing to do: the page is drawn anew."""


def _unit(shown: RunView, finished: RunView, data: Dataset) -> int:
    """Return the unit that is shown: of a network that trains the one that keeps the letter in the finished example.

    Equal settings give equal networks, so that it is the same one. As long as nothing is finished it is the mean.
    """
    known = next((view for view in (shown, finished) if not view.moving and len(view.snapshots)), None)
    return MEAN if known is None else _keeper(known.id, session.final_update(known), SPEC.model, _read(data))


def _read(data: Dataset) -> Sequence:
    return probe(SPEC.data, data)


def _facts(view: RunView, data: Dataset, unit: int) -> dict[str, Any]:
    """Return what the browser draws: the sequence, the names, and the numbers as they are now."""
    sequence = _read(data)
    steps = shown_steps(len(sequence.x), len(view.spec.model.layers))
    labels = [class_label(name) for name in data.labels]
    return {
        "live": followed(view.id), "structure": structure(view), "moving": view.moving,
        "parts": list(view.spec.model.cell_type.names), "steps": steps.tolist(), "length": len(sequence.x),
        "marks": np.array(step_names(sequence.marks))[steps].tolist(), "labels": labels,
        "letter": labels[int(right_classes(sequence, data)[-1])],
        "gates": [{"name": gate, "colour": GATES[gate]} for gate in GATES_SHOWN], "colour": PREDICTED,
        "unit": unit, "now": _now(view, data, unit), "numbers": words.numbers(view, share=True, unit=""),
        "curve": plain_numbers(view.losses), "words": _words(view, unit)}


def _now(view: RunView, data: Dataset, unit: int) -> dict[str, Any] | None:
    """Return what the network does inside; None: that is not known yet."""
    seen = view.inside.get(unit) if view.moving or not len(view.snapshots) else _inside(
        view.id, session.final_update(view), view.spec.model, unit, _read(data), data)
    if seen is None:
        return None
    return {name: plain_numbers(part.ravel()) if isinstance(part, np.ndarray) else part
            for name, part in inside(view, seen).items()} | {"update": view.update}


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _inside(run: str, update: int, model: ModelSpec, unit: int, _sequence: Sequence, _data: Dataset) -> ProbeTrace:
    return probe_traces(model, lab().snapshot(run, update).weights, _sequence, _data, (unit,))[unit]


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _keeper(run: str, update: int, model: ModelSpec, _sequence: Sequence) -> int:
    return keeping_unit(model, lab().snapshot(run, update).weights, _sequence)


def _words(view: RunView, unit: int) -> dict[str, str]:
    """Return the words of the picture. Names in braces are filled in by the browser."""
    of_unit = _("mean of all units") if unit == MEAN else _("unit {unit}").format(unit=unit + 1)
    return {
        "title": _("Your network: does it remember?") if session.is_mine(view) else _("A network that remembers"),
        "task": _("It reads one letter, then noise, then a question mark: which letter was it?"),
        "alt": _("An LSTM reads {letter}, noise and a question mark, {length} time steps: how likely it says {letter} "
                 "after each of them, and how far the forget gate and the input gate of a unit are open. Arrow keys "
                 "choose the time step, Space plays."),
        "input": _("It reads"), "held": _("If asked now: how likely it says {letter}"),
        "f": aside(_("{gate}: how much it keeps").format(gate=heading("f")), of_unit),
        "i": aside(_("{gate}: how much it lets in").format(gate=heading("i")), of_unit),
        "play": _("Play"), "pause": _("Pause"), "back": _("One time step back"), "on": _("One time step on"),
        "first": _("Time step {step}: {letter} comes in. The input gate is open to {i} and writes it into the memory."),
        "noise": _("Time step {step}: noise. The forget gate keeps {f}: of what the first step wrote, {kept} is left."),
        "right": _("Time step {step}: the question. It says {said}, {share} sure: right."),
        "wrong": _("Time step {step}: the question. It says {said}; {letter} would be right."),
        "learning": _("Learning: after {update} updates it gives {letter} a probability of {share} when it is asked."),
        "waits": _("The training begins ..."),
        "updates": _("Updates"), "loss": _("Training loss"), "share": _("Correct answers"),
        "kept": _("Kept over the gap"),
        "curve": _("The training loss, from its first update to the newest."),
    }
