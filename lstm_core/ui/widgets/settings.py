"""The settings of a run in the session: spec -> session -> spec, one key per setting everywhere.

:mod:`lstm_core.ui.widgets.setting_boxes` shows them as widgets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

import streamlit as st

from lstm_core.spec import SOURCES, DataSpec, Layer, ModelSpec, RunSpec, TrainSpec, setting_names
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.ui.base.examples import BEGINNING, EXAMPLES
from lstm_core.ui.widgets import held, keys
from lstm_core.ui.widgets.sources import FORMS
from lstm_core.ui.widgets.sources.form import Control

BEGIN = EXAMPLES[BEGINNING]
"""What the page Train begins with."""


def fill(spec: RunSpec) -> None:
    """Put every setting of the spec into the session, where the widgets find it."""
    st.session_state["source"] = spec.data.source
    for part in (spec.data, spec.model, spec.train):
        for item in fields(part):
            if item.name not in ("layers", "lr_changes"):
                put(item.name, getattr(part, item.name))
    st.session_state["layers"] = len(spec.model.layers)
    for number, layer in enumerate(spec.model.layers, start=1):
        put(numbered("hidden", number), layer.hidden)
        put(numbered("dropout", number), layer.dropout)
    held.hold_values()


def read() -> RunSpec:
    """Return the spec the widgets now stand for; a Refusal says what does not fit together."""
    layers = tuple(Layer(hidden=_get(numbered("hidden", n), Layer.hidden),
                         dropout=_get(numbered("dropout", n), Layer.dropout))
                   for n in range(1, _get("layers", 1) + 1))
    return RunSpec(data=_collect(SOURCES[_get("source", "waves")]), model=_collect(ModelSpec, layers=layers),
                   train=_collect(TrainSpec)).check_new()


def carry_over_settings(page: str) -> None:
    """Hand the settings to the widgets of a page that has just been opened.

    To Streamlit a widget on another page is another widget, also under the same key: where a setting has one on both,
    that of the new page would begin with its lowest value.
    """
    if st.session_state.get(keys.SETTINGS_PAGE) == page:
        return
    st.session_state[keys.SETTINGS_PAGE] = page
    st.session_state[keys.OPENINGS] = st.session_state.get(keys.OPENINGS, 0) + 1
    names = {"source", "hidden", "dropout"}.union(*(setting_names(kind) for kind in SOURCES.values()))
    for key in (*names, *(key for name in held.OF_LAYERS for key in held.keys_of(name)[1:])):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _collect(kind: type[Any], **known: Any) -> Any:
    for item in fields(kind):
        if item.name not in known and (value := st.session_state.get(item.name, MISSING)) is not MISSING:
            known[item.name] = _plain(value, item.default)
    return kind(**known)


def put(key: str, value: Any) -> None:
    """Put a setting into the session as its widget holds it."""
    st.session_state[key] = list(value) if isinstance(value, tuple) else value


def _get(key: str, default: Any) -> Any:
    return _plain(st.session_state.get(key, default), default)


def _plain(value: Any, default: Any) -> Any:
    if value is None:
        return default
    return tuple(value) if isinstance(value, list) else value


def numbered(key: str, number: int) -> str:
    """Return the key of a setting of a layer, counted from 1."""
    return key if number == 1 else f"{key}{number}"


def change_source() -> None:
    """Give the settings that all sources share the values that suit the source now chosen."""
    kind = SOURCES[st.session_state["source"]]
    values = usual(kind)
    own = [item.name for item in fields(kind) if item.name in _SHARED or kind is type(BEGIN.data)]
    for name in (*own, *_suited(kind)):
        if name in values:
            put(name, values[name])
    st.session_state["checkpoint"] = ""
    st.session_state.pop(keys.PRESET, None)


def _suited(kind: type[DataSpec]) -> dict[str, Any]:
    """Return what suits a source, of the settings that do not belong to it alone."""
    usual = {"encoding": ModelSpec.encoding, "conv": 0, "stateful": "off", "dropout": 0.0, "keep_best": True,
             "initial": ModelSpec.initial, "chrono": ModelSpec.chrono, "forget_bias": ModelSpec.forget_bias,
             "target_score": TrainSpec.target_score}
    return usual | dict(FORMS[kind].suggested) | {"output": kind.output or ModelSpec.output}


_SHARED = {name for name, times in Counter(item.name for kind in SOURCES.values() for item in fields(kind)).items()
           if times > 1} - {"language"}
"""Settings that several sources have, each with a default of its own; the language is the person's, and stays."""


# -- few settings first, all of them on demand -------------------------------------------------------------


FIRST = ("source", "cell", "hidden", "lr")
"""Settings that the page Train shows at once, beside those without which a source could not be chosen."""

MORE_NETWORK = ("output", "input_dense", "relu_head", "conv", "initial", "forget_bias", "chrono", "encoding",
                "embedding")
MORE_TRAINING = ("optimizer", "clip_norm", "patience", "target_score", "keep_best", "stateful", "shuffle")
"""Settings that are folded once more, also where all are shown."""


def usual(kind: type[DataSpec]) -> dict[str, Any]:
    """Return the values that settings have at first with a source: as the page Train begins, else as suits it."""
    values = {item.name: item.default for part in (kind, ModelSpec, TrainSpec) for item in fields(part)
              if item.default is not MISSING}
    values |= {"layers": 1, "dropout": Layer.dropout} | _suited(kind)
    if kind is type(BEGIN.data):
        values |= {item.name: getattr(part, item.name) for part in (BEGIN.data, BEGIN.model, BEGIN.train)
                   for item in fields(part)}
        first = BEGIN.model.layers[0]
        values |= {"layers": len(BEGIN.model.layers), "hidden": first.hidden, "dropout": first.dropout}
    return values


def applies(name: str, kind: type[DataSpec]) -> bool:
    """Tell whether a setting means anything for a source, with the other settings as they are."""
    condition = _CONDITIONS.get(name)
    control = next((control for control in controls(kind) if control.setting == name), None)
    if control is not None and control.shown is not None:
        return control.shown(st.session_state)
    return condition is None or condition(kind, st.session_state)


def controls(kind: type[DataSpec]) -> Iterator[Control]:
    """Yield the controls of the settings that a source has for itself."""
    for row in FORMS[kind].controls:
        yield from (row,) if isinstance(row, Control) else (control for column in row for control in column)


_CONDITIONS: Mapping[str, Callable[[type[DataSpec], Mapping[Any, Any]], bool]] = {
    "ticker": lambda _, values: values.get("market") == "ticker",
    "output": lambda kind, _: kind.output is None,
    "conv": lambda kind, _: not kind.symbols and kind.one_length,
    "forget_bias": lambda _, values: CELL_TYPES[values.get("cell", ModelSpec.cell)].forget_gate,
    "chrono": lambda _, values: CELL_TYPES[values.get("cell", ModelSpec.cell)].forget_gate,
    "encoding": lambda kind, _: kind.symbols is not None,
    "embedding": lambda kind, values: kind.symbols is not None and values.get("encoding") == "embedding",
    "target_score": lambda kind, _: kind.score_kind == "share",
    "stateful": lambda kind, _: not kind.own_sequences,
} | dict.fromkeys(("horizon", "validation", "test", "scaler", "stride", "split_seed", "sequences"),
                  lambda kind, _: not FORMS[kind].steps_only)


def unusual(kind: type[DataSpec]) -> list[str]:
    """Return the settings, by name, that are not shown at first and differ from what they are at first."""
    values = usual(kind)
    elsewhere = {*FIRST, *FORMS[kind].first, *held.WITHOUT_WIDGET, *held.hidden()}
    names = dict.fromkeys(name for name in (*setting_names(kind), "layers", "dropout") if name not in elsewhere)
    return [name for name in names if applies(name, kind) and _get(name, values[name]) != values[name]]


def offered(kind: type[DataSpec]) -> dict[str, list[str]]:
    """Return the controls that the page Train has for a source, by name, in the groups in which they stand there."""
    first = [*dict.fromkeys(("source", *FORMS[kind].first, *FIRST))]
    own = [*(control.setting for control in controls(kind)), *kind.__annotations__, "steps", "horizon"]
    every = [item.name for item in fields(kind)]
    parts = {"sequence": [name for name in (*own, *every) if name in every],
             "network": ["layers", "dropout", *MORE_NETWORK, *(item.name for item in fields(ModelSpec))],
             "training": ["epochs", "batch", "seed", *MORE_TRAINING, *(item.name for item in fields(TrainSpec))]}
    elsewhere = {*first, *held.WITHOUT_WIDGET}
    groups = {"first": first} | {group: [name for name in dict.fromkeys(names) if name not in elsewhere]
                                 for group, names in parts.items()} | {"buttons": [held.PACE]}
    return {group: [name for name in names if applies(name, kind)] for group, names in groups.items()}


def value(name: str, kind: type[DataSpec]) -> Any:
    """Return the value that a setting has now; of one that each layer has, those of all layers."""
    default = usual(kind).get(name)
    if name not in held.OF_LAYERS:
        return _get(name, default)
    return tuple(_get(numbered(name, layer), default) for layer in range(1, _get("layers", 1) + 1))


# -- values that nobody in front of the page may change ----------------------------------------------------


_COLUMNS = ("date", "features", "column")       # what a source calls its own columns means nothing in another one


def put_back_held() -> None:
    """Give held controls the values back that they keep, whatever has changed them: a callback, or a late message."""
    if keys.HELD_VALUES not in st.session_state:
        held.hold_values()
    values: dict[str, Any] = st.session_state[keys.HELD_VALUES]
    names = held.names()
    if "source" in names:
        _restore("source", values["source"])
    kind = SOURCES[st.session_state["source"]]
    same = values["source"] == kind.source
    for name in names - {"source"}:
        if (same or name not in _COLUMNS) and applies(name, kind):
            for key in held.keys_of(name):
                if key in values:
                    _restore(key, values[key])
                elif key in st.session_state:
                    values[key] = st.session_state[key]


def _restore(key: str, value: Any) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def all_shown() -> bool:
    """Tell whether the page Train shows all settings, and not only those that it shows first."""
    return bool(st.session_state.get(keys.ALL_SETTINGS))


def show_all() -> None:
    """In a callback: have the page Train show all settings."""
    st.session_state[keys.ALL_SETTINGS] = True
