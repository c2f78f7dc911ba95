"""The settings of a run as widgets, one key per setting everywhere; see :mod:`lstm_core.ui.widgets.settings`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from functools import partial
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from lstm_core import limits
from lstm_core.i18n import gettext as _
from lstm_core.spec import DataSpec, Layer, ModelSpec, SeriesSpec, TaskSpec, TrainSpec
from lstm_core.spec.validation import types_of
from lstm_core.ui.widgets import held, keys
from lstm_core.ui.widgets.labels import LABELS, option_label
from lstm_core.ui.widgets.live_figure import redraw
from lstm_core.ui.widgets.settings import MORE_NETWORK, MORE_TRAINING, applies, numbered, put
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
    if held.is_hidden(setting):
        return
    as_type = int if whole else float
    st.number_input(_(label), min_value=as_type(low), max_value=as_type(high), value=as_type(_at_first(key, low, high)),
                    step=as_type(1 if step is None else step), format=None if whole else "%g", key=key,
                    persist_state="session",
                    **held.box(setting, _(explanation) if explain else None, change=change))


def _at_first(key: str, low: float, high: float) -> float:
    """Return the value with which a browser shows a number before it has heard of the session's: the same one.

    A slider without a value walks through all of the session to find its own: a sixth of what a move of it costs.
    """
    value = float(st.session_state[key])
    return value if low <= value <= high else low


def slider(key: str, *, kind: type[Any], name: str | None = None, step: float = 0.05,
           change: Callable[[], None] | None = None) -> None:
    """Show a number with a narrow range as a slider."""
    setting = name or key
    low, high = limits.NUMBERS[setting]
    label, explanation = LABELS[setting]
    _default(key, kind, setting)
    if held.is_hidden(setting):
        return
    whole = types_of(kind)[setting] is int
    as_type = int if whole else float
    st.slider(_(label), min_value=as_type(low), max_value=as_type(high), value=as_type(_at_first(key, low, high)),
              step=1 if whole else step, key=key, format=None if whole or step >= 0.01 else "%.3f",
              persist_state="session", **held.box(setting, _(explanation), change=change))


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
    if not held.is_hidden(key):
        st.pills(_(label), get_args(types_of(kind)[key]), key=key, required=True, format_func=option_label,
                 persist_state="session", **held.box(key, _(explanation) if explain else None, change=change))


def toggle(key: str, *, kind: type[Any], disabled: bool = False) -> None:
    """Show a setting that is on or off."""
    label, explanation = LABELS[key]
    _default(key, kind, key)
    if not held.is_hidden(key):
        st.toggle(_(label), key=key, persist_state="session", **held.box(key, _(explanation), disabled=disabled))


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
        shown = [controls for controls in row if any_shown((control.setting for control in controls), kind)]
        for column, controls in zip(st.columns(2), shown, strict=False):
            with column:
                for control in controls:
                    _control(control, kind)


def any_shown(names: Iterable[str], kind: type[DataSpec]) -> bool:
    """Tell whether at least one of these controls of a source is shown."""
    return any(not held.is_hidden(name) and applies(name, kind) for name in names)


def side_by_side(**boxes: Callable[[], None]) -> None:
    """Show two boxes, by the names of their settings, beside each other; one alone stands on the left."""
    shown = [show for name, show in boxes.items() if not held.is_hidden(name)]
    for column, show in zip(st.columns(2) if shown else (), shown, strict=False):
        with column:
            show()


@contextmanager
def _folded(title: str, names: Iterable[str], kind: type[DataSpec]) -> Iterator[None]:
    """Fold boxes, by the names of their settings, behind a title; without a box there is no title."""
    with st.expander(title) if any_shown(names, kind) else nullcontext():
        yield


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
    if series:
        boxes = {"steps": partial(number, "steps", kind=kind), "horizon": partial(number, "horizon", kind=kind)}
        side_by_side(**{name: box for name, box in boxes.items() if applies(name, kind)})
    if FORMS[kind].steps_only:
        return
    own = ("scaler", "stride") if series else ("split_seed", "sequences") if issubclass(kind, TaskSpec) else (
        "split_seed",)
    with _folded(_("Split and scale") if series else _("Split"), ("validation", "test", *own), kind):
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
    side_by_side(hidden=partial(number, "hidden", kind=Layer, explain=explain),
                  lr=partial(number, "lr", kind=TrainSpec, step=0.001, change=_rate_changed, explain=explain))


def model_settings(source: type[DataSpec]) -> None:
    """Show the other settings of the network, as far as they apply to the source."""
    count = st.session_state.setdefault("layers", 1)
    if not held.is_hidden("layers"):
        st.number_input(_("Layers"), 1, limits.LAYERS, int(_at_first("layers", 1, limits.LAYERS)), key="layers",
                        persist_state="session",
                        **held.box("layers", _("Recurrent layers; each reads the hidden states of the one before.")))
    light_slider("dropout", kind=Layer)
    for layer in range(2, st.session_state.get("layers", count) + 1):
        side_by_side(hidden=partial(number, numbered("hidden", layer), kind=Layer, name="hidden", step=1),
                      dropout=partial(light_slider, numbered("dropout", layer), kind=Layer, name="dropout"))
    with _folded(_("More about the network"), MORE_NETWORK, source):
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
    side_by_side(epochs=partial(number, "epochs", kind=TrainSpec), batch=partial(number, "batch", kind=TrainSpec))
    number("seed", kind=TrainSpec)
    with _folded(_("More about training"), MORE_TRAINING, source):
        choice("optimizer", kind=TrainSpec)
        number("clip_norm", kind=TrainSpec, step=0.5)
        number("patience", kind=TrainSpec)
        if applies("target_score", source):
            slider("target_score", kind=TrainSpec, step=0.005)
        toggle("keep_best", kind=TrainSpec)
        if applies("stateful", source):
            choice("stateful", kind=TrainSpec, change=_carry_changed)
        toggle("shuffle", kind=TrainSpec, disabled=st.session_state.get("stateful", "off") != "off")
