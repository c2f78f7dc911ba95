"""What if: the person changes something inside the network, and sees what follows beside the untouched network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from lstm_core import limits
from lstm_core.charts import heading
from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence
from lstm_core.i18n import gettext as _
from lstm_core.inside.interventions import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    EditNumber,
    Intervention,
    SetState,
    ZeroUnit,
    stored_at,
)
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import START
from lstm_core.spec.plan import plan_network
from lstm_core.ui.cell import before_after, keys
from lstm_core.ui.shared.query import choose_stage
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import column_label
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown


def chosen(model: ModelSpec, data: Dataset, sequence: Sequence) -> tuple[Intervention, ...]:
    """Return what the person has changed, as far as it fits the network and the sequence that are shown."""
    applied: tuple[Intervention, ...] = st.session_state.get(keys.INTERVENTIONS, ())
    return tuple(change for change in applied if _fits(change, model, data, sequence))


def show(view: RunView, data: Dataset, sequence: Sequence, changes: tuple[Intervention, ...]) -> None:
    """Let the person add and take back changes, and show beside them what they do. Nothing here alters the run."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _choose(view.spec.model, data, sequence)
    with right:
        before_after.show(view, data, sequence, changes)


def _choose(model: ModelSpec, data: Dataset, sequence: Sequence) -> None:
    kinds: dict[str, tuple[str, Callable[[], Intervention]]] = {
        "gate": (_("Hold a gate"), lambda: _gate(model)),
        "unit": (_("Silence a unit"), lambda: ZeroUnit(*_place(model))),
        "state": (_("Another initial state"), lambda: _state(model)),
        "input": (_("Another input"), lambda: _input(data, sequence)),
        "weight": (_("Another weight"), lambda: _weight(model, data)),
    }
    st.session_state.setdefault(keys.CHANGE, "gate")
    st.pills(_("What if"), list(kinds), key=keys.CHANGE, required=True, label_visibility="collapsed", wrap=True,
             format_func=lambda kind: kinds[kind][0])
    with st.container(horizontal=True, vertical_alignment="bottom", key="what_if"):
        change = kinds[st.session_state[keys.CHANGE]][1]()
        st.button(_("Apply"), key="apply", type="primary", icon=":material/science:", on_click=_add, args=(change,),
                  disabled=len(_others(change)) >= limits.CHANGES)
        st.button(_("Back to the untouched network"), key="untouch", icon=":material/replay:", on_click=_reset,
                  disabled=not st.session_state.get(keys.INTERVENTIONS))
    for number, applied in enumerate(st.session_state.get(keys.INTERVENTIONS, ())):
        with st.container(horizontal=True, vertical_alignment="center"):
            fits = _fits(applied, model, data, sequence)
            words = _described(applied, data) if fits else _("A change that does not fit this network or sequence.")
            st.button("", key=f"remove{number}", icon=":material/close:", on_click=_remove, args=(number,),
                      help=_("Take this change back."))
            st.markdown(words)


def _add(change: Intervention) -> None:
    """Add a change; what was set at the same place before it makes room."""
    st.session_state[keys.INTERVENTIONS] = (*_others(change), change)[:limits.CHANGES]


def _others(change: Intervention) -> list[Intervention]:
    """Return the changes that stay beside a new one: those at other places."""
    return [one for one in st.session_state.get(keys.INTERVENTIONS, ()) if _where(one) != _where(change)]


def _where(change: Intervention) -> Intervention:
    """Return a change without what it sets there."""
    set_there: dict[str, Any] = {name: 0 for name in ("value", "letter") if hasattr(change, name)}
    return replace(change, **set_there)


def _remove(number: int) -> None:
    kept = st.session_state[keys.INTERVENTIONS]
    st.session_state[keys.INTERVENTIONS] = kept[:number] + kept[number + 1:]


def _reset() -> None:
    st.session_state[keys.INTERVENTIONS] = ()


# -- choosing a change -------------------------------------------------------------------------------------


def _layer(model: ModelSpec) -> int:
    if len(model.layers) == 1:
        return 0
    return int(st.number_input(_("Layer"), 1, len(model.layers), key="if_layer", width=110)) - 1


def _place(model: ModelSpec) -> tuple[int, int]:
    """Return layer and unit, counted from 0."""
    layer = _layer(model)
    return layer, _whole(_("Unit"), model.layers[layer].hidden, key="if_unit")


def _whole(label: str, last: int, *, key: str) -> int:
    """Let the person choose one of so many things counted from 1; return it counted from 0."""
    if st.session_state.get(key, 1) > last:
        st.session_state[key] = last
    return int(st.number_input(label, 1, last, key=key, width=120)) - 1


def _any_unit(model: ModelSpec, layer: int) -> int | None:
    if st.toggle(_("All units"), value=True, key="if_all"):
        return None
    return _whole(_("Unit"), model.layers[layer].hidden, key="if_unit")


def _value(value: float = 0.0) -> float:
    return float(st.number_input(_("Value"), value=value, step=0.1, format="%g", key="if_value", width=140))


def _of(names: list[str], label: str, *, key: str) -> str:
    """Let the person choose a gate or a state of this cell."""
    session.valid_choice(key, names)
    return str(option_box(st.selectbox, label, names, key=key, format_func=heading, width=180))


def _gate(model: ModelSpec) -> ClampGate:
    gate = _of(list(model.cell_type.gates), _("Gate"), key="if_gate")
    layer = _layer(model)
    return ClampGate(layer, gate, unit=_any_unit(model, layer), value=_value())


def _state(model: ModelSpec) -> SetState:
    state = _of(list(model.cell_type.states), _("State"), key="if_state")
    layer = _layer(model)
    return SetState(layer, state, unit=_any_unit(model, layer), value=_value())


def _input(data: Dataset, sequence: Sequence) -> Intervention:
    step = _whole(_("Time step"), len(sequence.x), key="if_step")
    if data.alphabet:
        first = START + 1 if step < sequence.switch else 0      # the encoder must not be told that it ends
        symbol = option_box(st.selectbox, _("What is read"), range(first, len(data.alphabet)), key="if_letter",
                            width=160, format_func=lambda number: visible(data.alphabet[number]))
        return EditLetter(step, int(symbol or 0))
    feature = 0
    if len(data.features) > 1:
        feature = int(option_box(st.selectbox, _("Features"), range(len(data.features)), key="if_feature", width=160,
                                 format_func=lambda number: column_label(data.features[number], data.own)) or 0)
    values = data.scaling.undo(sequence.x[step:step + 1])
    values[0, feature] = _value(float(values[0, feature]))
    return EditNumber(step, feature, float(data.scaling.apply(values)[0, feature]))


def _weight(model: ModelSpec, data: Dataset) -> ChangeWeight:
    stage = choose_stage(data, key="if_stage")
    gate = _of(list(model.cell_type.gates), _("Gate"), key="if_gate")
    layer, unit = _place(model)
    kinds = {"W": _("input"), "U": _("hidden state"), "b": _("bias")}
    kind = str(option_box(st.selectbox, _("Weight for"), list(kinds), key="if_kind", width=160,
                          format_func=kinds.__getitem__))
    reads = plan_network(model, data.io_shape).recurrent()[layer].reads
    widths = {"W": reads, "U": model.layers[layer].hidden, "b": 0}
    place: tuple[Any, ...] = (kind, gate, unit)
    if widths[kind]:
        place += (_whole(_("Number"), widths[kind], key="if_column"),)
    return ChangeWeight(*stored_at(model, layer, place, stage), _value())


# -- telling a change --------------------------------------------------------------------------------------


def _fits(change: Intervention, model: ModelSpec, data: Dataset, sequence: Sequence) -> bool:
    """Tell whether a change made on another network or sequence still means something here."""
    match change:
        case EditNumber():
            return not data.alphabet and change.step < len(sequence.x) and change.feature < len(data.features)
        case EditLetter():
            starts = sequence.switch and (change.step == sequence.switch
                                          or (change.step < sequence.switch and change.letter == START))
            return change.step < len(sequence.x) and change.letter < len(data.alphabet) and not starts
        case ChangeWeight():
            return _has_weight(change, model, data)
        case ClampGate():
            known: Any = model.cell_type.gates
            name = change.gate
        case SetState():
            known, name = model.cell_type.states, change.state
        case ZeroUnit():
            known, name = "h", "h"
    fits = change.layer < len(model.layers) and name in known
    return fits and (change.unit is None or change.unit < model.layers[change.layer].hidden)


def _has_weight(change: ChangeWeight, model: ModelSpec, data: Dataset) -> bool:
    """Tell whether the recurrent layers have the weight."""
    stage, layer, name = change.name.split(".")
    planned = plan_network(model, data.io_shape).stage(f"{stage}.{layer}")
    if planned is None:
        return False
    columns = {"weight_ih_l0": (planned.reads,), "weight_hh_l0": (planned.width,)}.get(name, ())
    shape = (model.cell_type.blocks * planned.width, *columns)
    return all(at < size for at, size in zip(change.index, shape, strict=True))


def _described(change: Intervention, data: Dataset) -> str:
    """Return a change in words, everything counted from 1."""
    match change:
        case ClampGate():
            return _("{name} of layer {layer}, {unit}: held at {value:g}").format(
                name=heading(change.gate), layer=change.layer + 1, unit=_unit(change.unit), value=change.value)
        case SetState():
            return _("{name} of layer {layer}, {unit}: begins at {value:g}").format(
                name=heading(change.state), layer=change.layer + 1, unit=_unit(change.unit), value=change.value)
        case ZeroUnit():
            return _("Layer {layer}, {unit}: silenced").format(layer=change.layer + 1, unit=_unit(change.unit))
        case EditLetter():
            return _("Time step {step}: {symbol} is read").format(step=change.step + 1,
                                                                  symbol=escape_markdown(visible(data.alphabet[change.letter])))
        case EditNumber():
            return _("Time step {step}: {name} is {value:g} (scaled)").format(
                step=change.step + 1, name=escape_markdown(column_label(data.features[change.feature], data.own)),
                value=change.value)
        case ChangeWeight():
            return _("Weight {name} {index}: {value:g}").format(
                name=f"`{change.name}`", index=list(change.index), value=change.value)


def _unit(unit: int | None) -> str:
    return _("all units") if unit is None else _("unit {unit}").format(unit=unit + 1)
