"""A new sweep: which settings with which values, how many seeds, how large that is."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import phrases
from lstm_core.running.sweeps import measured
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Axis, Impossible, SweepSpec, Value, allowed, choices, read
from lstm_core.storage.schema import Measures
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.sweep.labels import value_of
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized

SEEDS = 3               # of each setting, unless chosen otherwise
FIRST = ("hidden", "steps", "distance", "lr")       # the first two of these that apply are suggested
USUAL: dict[str, tuple[float, ...]] = {"layers": (1, 2), "dropout": (0, 0.2, 0.5), "forget_bias": (0, 1, 3),
                                       "chrono": (0, 30, 100), "clip_norm": (0, 1, 5), "embedding": (2, 4, 8)}
"""Values to begin with where half, once and twice the present value make no sense."""


def show() -> None:
    """Show the settings of a new sweep, its size, and the button that starts it."""
    try:
        base = settings.read()
        session.check(base)
    except Refusal as refusal:
        st.warning(localized(refusal))
        page_link("train", _("Change the settings"), icon=":material/tune:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("What stays the same: {settings}.").format(settings=summary(base)), width="content")
        page_link("train", _("Change it on the page Train"), icon=":material/tune:")
    offered = allowed(base)
    if not set(st.session_state.get(keys.SWEEP_AXES, ["?"])) <= set(offered):
        st.session_state[keys.SWEEP_AXES] = [name for name in FIRST if name in offered][:2]
    chosen = option_box(st.multiselect, _("Settings to try"), offered, key=keys.SWEEP_AXES, format_func=name_of,
                        max_selections=limits.SWEEP_AXES, persist_state="session",
                        help=_("Every value of one is tried with every value of the others."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for setting in chosen:
            _values(setting, base)
        st.session_state.setdefault(keys.SWEEP_SEEDS, SEEDS)
        st.number_input(_("Seeds for each"), 1, limits.SWEEP_SEEDS, key=keys.SWEEP_SEEDS, persist_state="session",
                        width=130, help=_("Each setting is trained so many times, with other initial weights and "
                                          "another order. One run alone may be luck."))
    size = ""
    try:
        sweep = wanted(base)
        size = _size(sweep)
    except Refusal as refusal:
        st.warning(told(refusal))
    if size:
        st.markdown(size)
    st.button(_("Start the sweep"), key="sweep_start", type="primary", icon=":material/play_arrow:", on_click=_start,
              disabled=not size)


def wanted(base: RunSpec) -> SweepSpec:
    """Return the sweep that the widgets stand for.

    Raises:
        Refusal: there is no such sweep.
    """
    axes = []
    for setting in st.session_state[keys.SWEEP_AXES]:
        written = st.session_state[f"sweep_{setting}"]
        axes.append(Axis(setting, read(setting, written) if isinstance(written, str) else tuple(written)))
    return SweepSpec(base, tuple(axes), st.session_state[keys.SWEEP_SEEDS])


def told(refusal: Refusal) -> str:
    """Return a refusal's sentence with settings and values called as they are on the page."""
    if isinstance(refusal, Impossible):
        return _("{values} cannot be combined: {why}").format(
            values=phrases(f"{name_of(name)} {_known(value)}" for name, value in refusal.combination.items()),
            why=localized(refusal.why))
    return localized(refusal)


def summary(base: RunSpec) -> str:
    """Return the settings of a run in one line."""
    layers = "/".join(str(layer.hidden) for layer in base.model.layers)
    parts = [option_label(base.data.source), f"{_(base.model.cell_type.name)} {layers}"]
    if hasattr(base.data, "steps"):
        parts.append(_("{steps} time steps").format(steps=base.data.steps))
    dropout = max(layer.dropout for layer in base.model.layers)
    return phrases([*parts, *([_("dropout {share:g}").format(share=dropout)] if dropout else []),
                      _("{epochs} epochs, batch {batch}, learning rate {lr:g}").format(
                          epochs=base.train.epochs, batch=base.train.batch, lr=base.train.lr)])


def _known(value: Value) -> str:
    return value if isinstance(value, str) else value_of(value)


def _values(setting: str, base: RunSpec) -> None:
    """Show the values of one setting: named ones to choose from, numbers as text."""
    key = f"sweep_{setting}"
    if options := choices(setting):
        st.session_state.setdefault(key, list(options))
        st.pills(name_of(setting), options, key=key, selection_mode="multi", format_func=option_label,
                 persist_state="session")
        return
    st.session_state.setdefault(key, ", ".join(f"{value:g}" for value in suggested(setting, base)))
    st.text_input(name_of(setting), key=key, width=200, persist_state="session",
                  help=_("Numbers with commas between them."))


def suggested(setting: str, base: RunSpec) -> tuple[float, ...]:
    """Return values to begin with: half of the present one, itself and twice as much, within its limits."""
    if setting in USUAL:
        return USUAL[setting]
    now = next(getattr(part, setting) for part in (base.data, base.model.layers[0], base.model, base.train)
               if hasattr(part, setting))
    low, high = limits.NUMBERS[setting]
    half = now // 2 if isinstance(now, int) else now / 2
    return tuple(dict.fromkeys(min(max(value, low), high) for value in (half, now, 2 * now)))


def _size(sweep: SweepSpec) -> str:
    updates = sum(each.updates for each in _measured(sweep))
    text = _("{settings} settings, {seeds} seeds each: **{runs} runs**, at most {updates:,} updates of the weights in "
             "all.")
    return text.format(settings=sweep.shape.replace("x", "×"), seeds=sweep.seeds, runs=sweep.runs, updates=updates)


@lru_cache(maxsize=limits.SERIES_CACHED)
def _measured(sweep: SweepSpec) -> tuple[Measures, ...]:
    return measured(sweep, session.prepared)


def _start() -> None:
    try:
        look_at(lab().start_sweep(wanted(settings.read()), owner()))
    except Refusal as refusal:
        st.session_state[keys.SWEEP_REFUSAL] = refusal


def look_at(sweep: str) -> None:
    """Let the session show this sweep."""
    st.session_state[keys.SWEEP] = st.query_params["sweep"] = sweep
