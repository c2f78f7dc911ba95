"""The teacher's part of an experiment: what everybody trains, and what differs."""

from __future__ import annotations

import streamlit as st

from lstm_core import limits
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.experiments import SEED, VALUES, Experiment
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec, sweep
from lstm_core.ui.classroom import keys, steps
from lstm_core.ui.shared.setting_table import in_short, name_of
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized

OWN = "own"             # among the presets: what is set on the page Train
USUAL: dict[str, tuple[float, ...]] = {
    "hidden": (1, 2, 4, 8, 16, 32), "steps": (10, 20, 50, 100, 200), "distance": (20, 40, 60, 80, 100),
    "forget_bias": (-1, 0, 1, 2, 3), "dropout": (0, 0.1, 0.2, 0.3, 0.5), "layers": (1, 2, 3, 4)}
"""Values to begin with; of other settings parts and multiples of what is set."""


def show(code: str, room: Classroom) -> None:
    """Show what can be done with the experiment that is on, or how one begins."""
    if isinstance(room.now, Experiment) and room.now.open:
        st.caption(_("On the wall:"))
        st.markdown(f"> {name_of(room.now.setting)} · {in_short(room.now.base)}")
        st.button(_("Close the experiment"), key="class_close_experiment", type="primary", icon=":material/lock:",
                  on_click=steps.take, args=(code, Classroom.closing))
        return
    st.markdown(_("**The class as one experiment**"))
    st.caption(_("Everybody trains the same network but for one value; all results come together on the wall."))
    session.valid_choice(keys.BASE, [OWN, *PRESETS])
    option_box(st.selectbox, _("What everybody trains"), [OWN, *PRESETS], key=keys.BASE, persist_state="session",
               format_func=lambda name: _("As set on the page Train") if name == OWN else _(PRESETS[name].title))
    try:
        base = _base()
        session.check(base)
    except Refusal as refusal:
        st.warning(localized(refusal))
        return
    st.caption(in_short(base))
    session.valid_choice(keys.SETTING, [SEED, *sweep.allowed(base)])
    setting = option_box(st.selectbox, _("What differs"), [SEED, *sweep.allowed(base)], key=keys.SETTING,
                         format_func=name_of, persist_state="session")
    if setting == SEED:
        st.caption(_("Everybody gets another seed: how far apart do the same networks end?"))
    else:
        _values(setting, base)
    st.button(_("Begin"), key="class_try", type="primary", icon=":material/science:", on_click=_begin, args=(code,),
              width="stretch")


def _values(setting: str, base: RunSpec) -> None:
    """Show the values that are given out: named ones to choose from, numbers as text."""
    key = f"{keys.VALUES}_{setting}"
    told = _("Up to {most}. They are given out in turn; who gets a value that is taken trains it with another "
             "seed.").format(most=VALUES)
    if options := sweep.choices(setting):
        st.session_state.setdefault(key, list(options))
        st.pills(_("Values"), options, key=key, selection_mode="multi", format_func=option_label,
                 persist_state="session", help=told)
    else:
        st.session_state.setdefault(key, ", ".join(_suggested(setting, base)))
        st.text_input(_("Values"), key=key, persist_state="session", help=told)


def _base() -> RunSpec:
    name = st.session_state[keys.BASE]
    return settings.read() if name == OWN else PRESETS[name].spec


def _suggested(setting: str, base: RunSpec) -> list[str]:
    """Return numbers to begin with, as they are typed."""
    if setting in USUAL:
        return [f"{value:g}" for value in USUAL[setting]]
    now = next(getattr(part, setting) for part in (base.data, base.model.layers[0], base.model, base.train)
               if hasattr(part, setting))
    low, high = limits.NUMBERS[setting]
    factors = (0.25, 0.5, 1, 2, 4)
    values = [int(now * factor) if isinstance(now, int) else now * factor for factor in factors]
    return [f"{value:g}" for value in dict.fromkeys(min(max(value, low), high) for value in values)]


def _begin(code: str) -> None:
    """In a callback: begin the experiment."""
    steps.take(code, lambda room: room.trying(_wanted()))


def _wanted() -> Experiment:
    """Return the experiment that the fields stand for.

    Raises:
        Refusal: there is none.
    """
    base, setting = _base(), st.session_state[keys.SETTING]
    if not base.data.validation:
        raise Refusal("An experiment is judged on the validation part, and there is none: give it a share of the data.")
    if setting == SEED:
        return Experiment(base)
    written = st.session_state[f"{keys.VALUES}_{setting}"]
    return Experiment(base, setting, sweep.read(setting, written) if isinstance(written, str) else tuple(written))
