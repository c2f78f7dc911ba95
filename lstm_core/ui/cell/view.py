"""Inside the cell: one component that shows every gate, at every time step, at every moment of training.

What is sent with a page is small: sizes, names, colours, words and a token. The browser fetches the numbers themselves
from :mod:`lstm_core.ui.cell.api`, and from then on moves through time and training alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from lstm_core.charts import heading, palette
from lstm_core.charts.forecast import visible
from lstm_core.charts.gates import KINDS
from lstm_core.charts.loss import binned
from lstm_core.i18n import gettext as _
from lstm_core.inside.equation_text import in_symbols, source
from lstm_core.inside.interventions import Intervention
from lstm_core.spec import DataSpec, RunSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import Plan, plan_network
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.static_files import PREFIX, address
from lstm_core.ui.cell import api as cell_api
from lstm_core.ui.cell.element_text import element_texts, step_titles, told_steps
from lstm_core.ui.cell.figure_text import figure_texts
from lstm_core.ui.cell.packing import lined
from lstm_core.ui.cell.registry import Seen
from lstm_core.ui.live.status import followed
from lstm_core.ui.shared.place import Select
from lstm_core.ui.shared.step_names import are_dates, plain_numbers, step_names
from lstm_core.ui.widgets.cell_text import story

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('cell/view.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("cell_view", js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True, eq=False)
class Inside:
    """What is to be seen: a run while it reads one sequence of T steps."""

    run: str
    spec: RunSpec
    updates: np.ndarray             # (n,) updates of which there is a snapshot, in order
    losses: np.ndarray              # (updates,) training loss of each update
    x: np.ndarray                   # (T, F) float32 scaled, or (T,) symbols
    marks: Any                      # (T,) what the time steps are called: dates, positions or symbols
    features: tuple[str, ...]       # (F,) what each number of x is called
    target: str                     # what is predicted
    unit: str                       # of the target; empty: none
    actual: np.ndarray                # (T,) what follows each step, in real units or as a class; nan: unknown
    symbols: tuple[str, ...] = ()   # those that can enter; empty when numbers enter
    labels: tuple[str, ...] = ()    # the classes; empty when a number is predicted
    switch: int = 0                 # time step at which a decoder takes over; 0: there is none
    factor: float = 1.0             # real units = factor * output + offset
    offset: float = 0.0
    interventions: tuple[Intervention, ...] = ()
    structure: str = ""             # of the run as it trains (see ui.live.picture.structure); empty: it does not train

    @property
    def plan(self) -> Plan:
        """Return the plan of the network that reads this sequence."""
        return plan_network(self.spec.model, IOShape(
            n_features=0 if self.symbols else self.x.shape[1], n_symbols=len(self.symbols), n_classes=len(self.labels),
            n_steps=len(self.x), encoder_steps=self.switch))


@dataclass(frozen=True)
class Link:
    """What leads to what is shown, but for the place in it, which the browser adds."""

    query: Mapping[str, str]
    complete: bool = True           # no change was made that the address does not hold


def cell_view(inside: Inside, key: str, *, select: Select | None = None, link: Link | None = None) -> None:
    """Show the cell's diagram, the heat maps, the two time lines and the equations with their numbers.

    Nothing is sent while a person moves through it. Where they are in it (layer, unit, time step, moment of training)
    stays in the browser, also when the page runs again with another sequence.
    """
    st.fragment(_view)(inside, key, select, link or Link({"run": inside.run}), _sent(key, "renew"))


def _view(inside: Inside, key: str, select: Select | None, link: Link, renewed: int | None) -> None:
    if _sent(key, "renew") != renewed:      # the browser asks for the page as it is now
        st.rerun()
    question = _sent(key, "ask")
    _component(key=key, height="content", on_renew_change=_rerun, on_ask_change=_rerun, data=facts(
        inside, select, owner()) | {"link": dict(link.query), "link_complete": link.complete, "renewed": renewed,
                                    "answer": cell_api.answer(question) if question else None})


def _sent(key: str, name: str) -> Any:
    """Return what the browser has sent under this name; None: nothing."""
    return (st.session_state.get(key) or {}).get(name)


def _rerun() -> None:
    """Nothing to do: the fragment runs again."""


def facts(inside: Inside, select: Select | None, owner: str = "") -> dict[str, Any]:
    """Return what the browser needs before it can fetch traces: all that is small."""
    model = inside.spec.model
    cell = model.cell_type
    token = cell_api.registry.register(
        Seen(inside.run, inside.spec, inside.x, inside.interventions, owner))
    places, losses = binned(inside.losses)
    symbols = [visible(symbol) for symbol in inside.symbols]
    return {
        "folder": f"{PREFIX}/{cell_api.FOLDER}/{token}", "run": inside.run,
        "cell": model.cell, "cell_name": _(cell.name), "layers": [layer.hidden for layer in model.layers],
        "steps": len(inside.x), "entering": inside.plan.recurrent()[0].reads, "outputs": inside.plan.stages[-1].width,
        "last": model.output == "last", "changed": bool(inside.interventions),
        "switch": inside.switch, "answers": len(inside.x) - 1 if model.conv else inside.switch,
        "updates": [int(update) for update in inside.updates],
        "loss": {"at": places.tolist(), "value": plain_numbers(losses)},
        "marks": step_names(inside.marks), "dates": are_dates(inside.marks), "symbols": symbols,
        "labels": [visible(label) for label in inside.labels], "follows": inside.labels == inside.symbols,
        "names": _input_names(inside, symbols),
        "target": inside.target, "unit": inside.unit, "factor": inside.factor, "offset": inside.offset,
        "real": plain_numbers(np.asarray(inside.actual, np.float64)),
        "gates": list(cell.inner_gates), "states": list(cell.states), "summed": list(cell.gates), "kinds": KINDS,
        "lined": [lined(stage.width, stage.reads) for stage in inside.plan.recurrent()],
        "elements": element_texts(cell, model.cell), "told": told_steps(cell, model.cell),
        "headings": {name: heading(name) for name in cell.names},
        "code": {name: source(model.cell, name) for name in cell.names}, "equations": in_symbols(cell),
        "colours": palette.of_network() | {"loss": palette.SPLITS["train"], "quiet": palette.QUIET},
        "live": followed(inside.run) | {"structure": inside.structure} if inside.structure else None,
        "select": None if select is None else asdict(select),
        "words": words() | figure_texts() | {f"step_{kind}": title for kind, title in step_titles().items()}
                 | _symbol_words(inside.spec.data) | {"story": story(model.cell)},
    }


def _input_names(inside: Inside, symbols: list[str]) -> list[str]:
    """Return what the numbers that enter the first layer are called, as far as they have names."""
    return (symbols or list(inside.features)) if inside.plan.reads_inputs_directly else []


def _symbol_words(data: DataSpec) -> dict[str, str]:
    """Return what the symbols that enter are called: one of them, and the one that follows."""
    one = {"letter": _("Letter"), "word": _("Word"), "sign": _("Sign")}[data.symbols or "sign"]
    return {"symbol": one, "next": _("Next letter") if data.symbols == "letter" else _("Next sign")}


def words() -> dict[str, str]:
    """Return the view's words in the language now in use. Names in braces are filled in by the browser."""
    return {
        "alternative": _("Time step {step} of {steps} ({label}), unit {unit} of layer {layer}, after {update} updates. "
                         "{values}. {outcome}"),
        "training_line": _("Moment of training"), "sequence_line": _("Time step in the sequence"),
        "of_updates": _("{update} of {last} updates"),
        "missing": _("{update} could not be loaded; shown: {shown}"),
        "waiting": _("{update} is on its way; shown: {shown}"), "loading": _("The numbers are on their way …"),
        "step_of": _("step {step} of {steps}"), "loss": _("loss {loss}"),
        "follow": _("Follow"), "follow_hint": _("Keep the newest moment in view while the network trains"),
        "pause": _("Pause"), "back": _("Step back"), "forward": _("Step forward"),
        "play_training": _("Play training"), "play_sequence": _("Play sequence"),
        "speed": _("Speed"), "per_second": _("{n}/s"),
        "layer": _("Layer"), "unit": _("Unit"), "unit_n": _("unit {unit}"), "one_unit": _("One unit"),
        "all_units": _("All units"), "shown_units": _("What the diagram shows"),
        "diagram": _("The cell at this time step"), "maps": _("Every unit at every time step"),
        "diagram_alt": _("Diagram of the {cell} cell with the values of the chosen unit and time step."),
        "keys": _("Arrow keys: left and right choose the time step, up and down the unit, with Shift the moment of "
                  "training. Space plays."),
        "input": _("Input x"), "input_layer": _("Input x: h of layer {layer}"),
        "input_n": _("input {n}"), "time_step": _("Time step"), "date": _("Date"),
        "prediction": _("Prediction"), "predicted": _("Predicted"), "really": _("Real"), "off": _("off by {error}"),
        "verdict": _("Correct: {truth}. The network says {said}"),
        "not_read": _("The task reads only the prediction of the last step."),
        "bars_class": _("Bars: how likely the network holds “{name}” after each step."),
        "bars_next": _("Bars: how likely the network held what really came next."),
        "bars_best": _("Bars: how likely the network holds its best guess of what comes next."),
        "encoder": _("Encoder: reads"), "decoder": _("Decoder: answers"),
        "only_read": _("The encoder only reads: the first answer comes when the decoder takes over."),
        "whole": _("The convolution beside the recurrent layers reads the whole sequence at once: the only output is "
                   "that of the last step."),
        "unknown": _("not known"), "not_asked": _("Not asked here. The network would say {said}"),
        "untouched": _("Untouched"), "changed": _("Changed"),
        "difference": _("Difference"), "compared": _("What the maps show"),
        "by_hand": _("By hand"), "by_hand_of": _("Unit {unit} at time step {step}, every number put in"),
        "part_input": _("input"), "part_recurrent": _("hidden state"), "part_bias": _("bias"),
        "part_reset": _("reset × recurrent part"), "part_state": _("state"), "part_sum": _("sum"),
        "more": _("{count} more"), "rounding": _("rounding"), "clamped": _("held at"),
        "lines": _("The lines that computed it"), "before_reset": _("Recurrent part u"),
        "one_step": _("One at a time"), "all_steps": _("All at once"), "step_back": _("Back"), "step_next": _("Next"),
        "step_title": _("{number} of {count} · {kind}: {name}"),
        "copy_link": _("Copy link to exactly this"), "copied": _("Copied"),
        "copied_without": _("Copied, without the changes you made here"), "qr_code": _("QR code"), "close": _("Close"),
        "of_weight": _("Weight of {gate} for {from}"), "of_bias": _("Bias of {gate}"),
        "of_bias_h": _("Bias of {gate} that the reset gate multiplies"), "of_unit": _("{name}, unit {unit}"),
        "at_step": _("time step {step}"), "before_first": _("before the first step"), "of_sum": _("Sum of {gate}"),
        "hint": _("Point at a number to see where it comes from."),
        "diverged": _("no numbers here: the training diverged"),
        "failed": _("The numbers at update {update} could not be loaded."), "again": _("Try again"),
        "renewing": _("The server no longer knows this sequence. It is being asked again …"),
        "no_snapshots": _("Nothing is recorded of this run yet."),
        "pair": _("{name}: {value}"), "aside": _("{text} ({remark})"), "phrases": _("{first}, {next}"),
        "then": _("{first}. {next}"), "gap": _("{sentence} {sentence}").format(sentence=""),
    }
