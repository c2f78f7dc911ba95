"""The settings of a run as widgets, one key per setting everywhere; see :mod:`lstm_core.ui.widgets.settings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from lstm_core import limits
from lstm_core.i18n import gettext as _
from lstm_core.spec import DataSpec, Layer, ModelSpec, SeriesSpec, TaskSpec, TrainSpec
from lstm_core.spec.validation import types_of
from lstm_core.ui.widgets import keys
from lstm_core.ui.widgets.labels import LABELS, option_label
from lstm_core.ui.widgets.live_figure import redraw
from lstm_core.ui.widgets.settings import applies, numbered, put
from lstm_core.ui.widgets.sources import FORMS
from lstm_core.ui.widgets.sources.form import Control

FOLLOWING = ("settings", "windows")
"""Fragments of the page Train that show the settings."""


def number(key: str, *, kind: type[Any], name: str | None = None, step: float | None = None,
           change: Callable[[], None] | None = None, explain: bool = True) -> None:
    """Show a number; its limits are those of the setting."""
    setting = name or key
    low, high = limits.NUMBERS[setting]
    whole = types_of(kind)[setting] is int
    label, explanation = LABELS[setting]
    _default(key, kind, setting)
    as_type = int if whole else float
    st.number_input(_(label), min_value=as_type(low), max_value=as_type(high), value=as_type(_at_first(key, low, high)),
                    step=as_type(1 if step is None else step), format=None if whole else "%g", key=key,
                    help=_(explanation) if explain else None, on_change=change, persist_state="session")


def _at_first(key: str, low: float, high: float) -> float:
    """Return the value with which a browser shows a number before it has heard of the session's: the same one."""
    value = float(st.session_state[key])
    return value if low <= value <= high else low


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


def choice(key: str, *, kind: type[Any], change: Callable[[], None] | None = None, explain: bool = True) -> None:
    """Show a setting with few named values."""
    label, explanation = LABELS[key]
    _default(key, kind, key)
    st.pills(_(label), get_args(types_of(kind)[key]), key=key, required=True,
             help=_(explanation) if explain else None, format_func=option_label, on_change=change or "rerun",
             persist_state="session")


def toggle(key: str, *, kind: type[Any], disabled: bool = False) -> None:
    """Show a setting that is on or off."""
    label, explanation = LABELS[key]
    _default(key, kind, key)
    st.toggle(_(label), key=key, help=_(explanation), disabled=disabled, persist_state="session")


def _default(key: str, kind: type[Any], name: str) -> None:
    if st.session_state.get(key) is None:
        item = next(item for item in fields(kind) if item.name == name)
        put(key, item.default)


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
    setting = control.setting
    if not applies(setting, kind):
        return
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


def first_settings(*, explain: bool) -> None:
    """Show the settings of a network that are shown at once: its cell, its width and its learning rate."""
    choice("cell", kind=ModelSpec, explain=explain)
    left, right = st.columns(2)
    with left:
        number("hidden", kind=Layer, explain=explain)
    with right:
        number("lr", kind=TrainSpec, step=0.001, change=_rate_changed, explain=explain)


def model_settings(source: type[DataSpec]) -> None:
    """Show the other settings of the network, as far as they apply to the source."""
    count = st.session_state.setdefault("layers", 1)
    st.number_input(_("Layers"), 1, limits.LAYERS, int(_at_first("layers", 1, limits.LAYERS)), key="layers",
                    persist_state="session",
                    help=_("Recurrent layers; each reads the hidden states of the one before."))
    light_slider("dropout", kind=Layer)
    for layer in range(2, st.session_state.get("layers", count) + 1):
        left, right = st.columns(2)
        with left:
            number(numbered("hidden", layer), kind=Layer, name="hidden", step=1)
        with right:
            light_slider(numbered("dropout", layer), kind=Layer, name="dropout")
    with st.expander(_("More about the network")):
        if applies("output", source):
            choice("output", kind=ModelSpec)
        number("input_dense", kind=ModelSpec)
        number("relu_head", kind=ModelSpec)
        if applies("conv", source):
            number("conv", kind=ModelSpec)
        choice("initial", kind=ModelSpec)
        if applies("forget_bias", source):
            number("forget_bias", kind=ModelSpec, step=0.5)
            number("chrono", kind=ModelSpec, step=10)
        if applies("encoding", source):
            choice("encoding", kind=ModelSpec)
            if applies("embedding", source):
                number("embedding", kind=ModelSpec)


def _carry_changed() -> None:
    if st.session_state["stateful"] != "off":
        st.session_state["shuffle"] = False
        st.session_state["output"] = "every"
        st.session_state["conv"] = 0


def _rate_changed() -> None:
    st.session_state[keys.NEW_RATE] = st.session_state["lr"]       # for the run that is being trained


def train_settings(source: type[DataSpec]) -> None:
    """Show how the network learns, beside its learning rate."""
    left, right = st.columns(2)
    with left:
        number("epochs", kind=TrainSpec)
    with right:
        number("batch", kind=TrainSpec)
    number("seed", kind=TrainSpec)
    with st.expander(_("More about training")):
        choice("optimizer", kind=TrainSpec)
        number("clip_norm", kind=TrainSpec, step=0.5)
        number("patience", kind=TrainSpec)
        if applies("target_score", source):
            slider("target_score", kind=TrainSpec, step=0.005)
        toggle("keep_best", kind=TrainSpec)
        if applies("stateful", source):
            choice("stateful", kind=TrainSpec, change=_carry_changed)
        toggle("shuffle", kind=TrainSpec, disabled=st.session_state.get("stateful", "off") != "off")
