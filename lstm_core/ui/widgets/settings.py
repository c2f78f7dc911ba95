"""The settings of a run as widgets: spec -> widgets -> spec, one key per setting everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from lstm_core import limits
from lstm_core.i18n import gettext as _
from lstm_core.spec import (
    SOURCES,
    DataSpec,
    Layer,
    ModelSpec,
    RunSpec,
    SeriesSpec,
    TaskSpec,
    TrainSpec,
    setting_names,
)
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.spec.validation import types_of
from lstm_core.ui.widgets import keys
from lstm_core.ui.widgets.labels import LABELS, option_label
from lstm_core.ui.widgets.live_figure import redraw
from lstm_core.ui.widgets.sources import FORMS
from lstm_core.ui.widgets.sources.form import Control

FOLLOWING = ("settings", "windows")
"""Fragments of the page Train that show the settings."""


# -- spec <-> session --------------------------------------------------------------------------------------


def fill(spec: RunSpec) -> None:
    """Put every setting of the spec into the session, where the widgets find it."""
    st.session_state["source"] = spec.data.source
    for part in (spec.data, spec.model, spec.train):
        for item in fields(part):
            if item.name not in ("layers", "lr_changes"):
                _put(item.name, getattr(part, item.name))
    st.session_state["layers"] = len(spec.model.layers)
    for number, layer in enumerate(spec.model.layers, start=1):
        _put(_numbered("hidden", number), layer.hidden)
        _put(_numbered("dropout", number), layer.dropout)


def read() -> RunSpec:
    """Return the spec the widgets now stand for; a Refusal says what does not fit together."""
    layers = tuple(Layer(hidden=_get(_numbered("hidden", n), Layer.hidden),
                         dropout=_get(_numbered("dropout", n), Layer.dropout))
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
    names = {"source", "hidden", "dropout"}.union(*(setting_names(kind) for kind in SOURCES.values()))
    for key in (*names, *(_numbered(name, layer) for name in ("hidden", "dropout")
                          for layer in range(2, limits.LAYERS + 1))):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _collect(kind: type[Any], **known: Any) -> Any:
    for item in fields(kind):
        if item.name not in known and (value := st.session_state.get(item.name, MISSING)) is not MISSING:
            known[item.name] = _plain(value, item.default)
    return kind(**known)


def _put(key: str, value: Any) -> None:
    st.session_state[key] = list(value) if isinstance(value, tuple) else value


def _get(key: str, default: Any) -> Any:
    return _plain(st.session_state.get(key, default), default)


def _plain(value: Any, default: Any) -> Any:
    if value is None:
        return default
    return tuple(value) if isinstance(value, list) else value


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}{number}"


def change_source() -> None:
    """Give the settings that all sources share the values that suit the source now chosen."""
    kind = SOURCES[st.session_state["source"]]
    for item in fields(kind):
        if item.name in _SHARED and item.default is not MISSING:
            _put(item.name, item.default)
    usual = {"encoding": ModelSpec.encoding, "conv": 0, "stateful": "off", "dropout": 0.0, "keep_best": True,
             "initial": ModelSpec.initial, "chrono": ModelSpec.chrono, "forget_bias": ModelSpec.forget_bias,
             "target_score": TrainSpec.target_score}
    chosen = usual | dict(FORMS[kind].suggested)
    st.session_state.pop(keys.PRESET, None)
    for key, value in (chosen | {"output": kind.output or ModelSpec.output, "checkpoint": ""}).items():
        _put(key, value)


_SHARED = {name for name, times in Counter(item.name for kind in SOURCES.values() for item in fields(kind)).items()
           if times > 1} - {"language"}
"""Settings that several sources have, each with a default of its own; the language is the person's, and stays."""


# -- widgets -----------------------------------------------------------------------------------------------


def number(key: str, *, kind: type[Any], name: str | None = None, step: float | None = None,
           change: Callable[[], None] | None = None) -> None:
    """Show a number; its limits are those of the setting."""
    setting = name or key
    low, high = limits.NUMBERS[setting]
    whole = types_of(kind)[setting] is int
    label, explanation = LABELS[setting]
    _default(key, kind, setting)
    as_type = int if whole else float
    st.number_input(_(label), min_value=as_type(low), max_value=as_type(high),
                    step=as_type(1 if step is None else step), format=None if whole else "%g", key=key,
                    help=_(explanation), on_change=change, persist_state="session")


def slider(key: str, *, kind: type[Any], name: str | None = None, step: float = 0.05,
           change: Callable[[], None] | None = None) -> None:
    """Show a number with a narrow range as a slider."""
    setting = name or key
    low, high = limits.NUMBERS[setting]
    label, explanation = LABELS[setting]
    _default(key, kind, setting)
    whole = types_of(kind)[setting] is int
    as_type = int if whole else float
    st.slider(_(label), min_value=as_type(low), max_value=as_type(high), step=1 if whole else step, key=key,
              help=_(explanation), format=None if whole or step >= 0.01 else "%.3f", on_change=change,
              persist_state="session")


def light_slider(key: str, *, kind: type[Any], name: str | None = None) -> None:
    """Show a slider that, when moved, has only that drawn anew which shows it: the other widgets stay as they are."""
    st.fragment(slider)(key, kind=kind, name=name, change=_follow)


def _follow() -> None:
    if st.session_state[keys.REFUSED]:
        st.rerun()                      # or the sentence about it would stay
    redraw(*FOLLOWING)


def choice(key: str, *, kind: type[Any], change: Callable[[], None] | None = None) -> None:
    """Show a setting with few named values."""
    label, explanation = LABELS[key]
    _default(key, kind, key)
    st.pills(_(label), get_args(types_of(kind)[key]), key=key, help=_(explanation), required=True,
             format_func=option_label, on_change=change or "rerun",
                         persist_state="session")


def toggle(key: str, *, kind: type[Any], disabled: bool = False) -> None:
    """Show a setting that is on or off."""
    label, explanation = LABELS[key]
    _default(key, kind, key)
    st.toggle(_(label), key=key, help=_(explanation), disabled=disabled, persist_state="session")


def _default(key: str, kind: type[Any], name: str) -> None:
    if st.session_state.get(key) is None:
        item = next(item for item in fields(kind) if item.name == name)
        _put(key, item.default)


def source_settings(kind: type[DataSpec]) -> None:
    """Show the settings that a source has for itself."""
    for row in FORMS[kind].controls:
        if isinstance(row, Control):
            _control(row, kind)
            continue
        for column, controls in zip(st.columns(2), row, strict=True):
            with column:
                for control in controls:
                    _control(control, kind)


def _control(control: Control, kind: type[DataSpec]) -> None:
    if control.shown is not None and not control.shown(st.session_state):
        return
    setting = control.setting
    if get_origin(types_of(kind)[setting]) is Literal:
        choice(setting, kind=kind)
    elif control.slider:
        slider(setting, kind=kind)
    else:
        number(setting, kind=kind, step=control.step)


def window_settings(kind: type[DataSpec]) -> None:
    """Show how the series becomes windows, and how it is split and scaled."""
    series = issubclass(kind, SeriesSpec)
    left, right = st.columns(2)
    with left:
        if series:
            number("steps", kind=kind)
    if FORMS[kind].steps_only:
        return
    with right:
        if series:
            number("horizon", kind=kind)
    with st.expander(_("Split and scale") if series else _("Split")):
        light_slider("validation", kind=kind)
        light_slider("test", kind=kind)
        if series:
            choice("scaler", kind=kind)
            number("stride", kind=kind)
        else:
            number("split_seed", kind=kind)
        if issubclass(kind, TaskSpec):
            number("sequences", kind=kind, step=100)


def model_settings(source: type[DataSpec]) -> None:
    """Show the network's settings, as far as they apply to the source."""
    choice("cell", kind=ModelSpec)
    left, right = st.columns(2)
    count = st.session_state.setdefault("layers", 1)
    with left:
        st.number_input(_("Layers"), 1, limits.LAYERS, key="layers", persist_state="session",
                        help=_("Recurrent layers; each reads the hidden states of the one before."))
    for layer in range(1, st.session_state.get("layers", count) + 1):
        left, right = st.columns(2) if layer > 1 else (right, left)
        if layer == 1:
            with left:
                number("hidden", kind=Layer, step=1)
            light_slider("dropout", kind=Layer)
            continue
        with left:
            number(_numbered("hidden", layer), kind=Layer, name="hidden", step=1)
        with right:
            light_slider(_numbered("dropout", layer), kind=Layer, name="dropout")
    with st.expander(_("More about the network")):
        if source.output is None:
            choice("output", kind=ModelSpec)
        number("input_dense", kind=ModelSpec)
        number("relu_head", kind=ModelSpec)
        if not source.symbols and source.one_length:
            number("conv", kind=ModelSpec)
        choice("initial", kind=ModelSpec)
        if CELL_TYPES[st.session_state.get("cell", ModelSpec.cell)].forget_gate:
            number("forget_bias", kind=ModelSpec, step=0.5)
            number("chrono", kind=ModelSpec, step=10)
        if source.symbols:
            choice("encoding", kind=ModelSpec)
            if st.session_state.get("encoding") == "embedding":
                number("embedding", kind=ModelSpec)


def _carry_changed() -> None:
    if st.session_state["stateful"] != "off":
        st.session_state["shuffle"] = False
        st.session_state["output"] = "every"
        st.session_state["conv"] = 0


def _rate_changed() -> None:
    st.session_state[keys.NEW_RATE] = st.session_state["lr"]       # for the run that is being trained


def train_settings(source: type[DataSpec]) -> None:
    """Show how the network learns."""
    left, right = st.columns(2)
    with left:
        number("epochs", kind=TrainSpec)
        number("lr", kind=TrainSpec, step=0.001, change=_rate_changed)
    with right:
        number("batch", kind=TrainSpec)
        number("seed", kind=TrainSpec)
    with st.expander(_("More about training")):
        choice("optimizer", kind=TrainSpec)
        number("clip_norm", kind=TrainSpec, step=0.5)
        number("patience", kind=TrainSpec)
        if source.score_kind == "share":
            slider("target_score", kind=TrainSpec, step=0.005)
        toggle("keep_best", kind=TrainSpec)
        if not source.own_sequences:
            choice("stateful", kind=TrainSpec, change=_carry_changed)
        toggle("shuffle", kind=TrainSpec, disabled=st.session_state.get("stateful", "off") != "off")
