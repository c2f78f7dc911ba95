"""Controls of the page Train that a link hides or fixes, and the lock that a teacher puts on all of them.

``?hide=batch,epochs&fixed=cell,lr``: what is hidden is not shown, what is fixed is shown and cannot be changed; both
keep the values that the link, a preset or a run has given. They hold for a session until another link says something
else; an empty ``hide=`` lifts both. Results are never hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core import limits
from lstm_core.errors import Refusal, listed
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.spec import SOURCES, setting_names
from lstm_core.spec.serialization import RENAMED
from lstm_core.ui.widgets import keys

HIDE, FIXED = "hide", "fixed"           # in an address: names of controls, separated by commas
ICONS = {HIDE: ":material/visibility_off:", FIXED: ":material/lock:"}
PACE = "pace"                           # the one control that is no setting of a run

WITHOUT_WIDGET = ("checkpoint", "digest", "lr_changes")
"""Settings that other actions make, such as a download."""

NAMES = tuple(dict.fromkeys(name for name in (
    "source", "cell", "hidden", "lr", "layers", "dropout", *(name for kind in SOURCES.values()
                                                             for name in setting_names(kind)), PACE)
    if name not in WITHOUT_WIDGET))
"""All controls of the page Train."""
OF_LAYERS = ("hidden", "dropout")       # of which each layer has one of its own

MOST = 60           # controls that a link may name
LONGEST = 40        # letters of an unknown name that are repeated
NEAREST = 3         # known names that are suggested for one that is not known
REPEATED = 5        # unknown names that are repeated


@dataclass(frozen=True)
class Held:
    """What a link holds: each control in one of the two sets, or in none."""

    hidden: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()

    @property
    def query(self) -> dict[str, str]:
        """Return it as the part of an address."""
        said = {HIDE: _joined(self.hidden), FIXED: _joined(self.fixed)}
        return {name: names for name, names in said.items() if names}


def read(query: Mapping[str, str]) -> tuple[Held, list[Refusal]]:
    """Return what an address holds, and what of it cannot be used; where a control is named twice, it is hidden."""
    names = {key: [RENAMED.get(name.strip(), name.strip()) for name in query.get(key, "").split(",") if name.strip()]
             for key in (HIDE, FIXED)}
    refusals = []
    if (count := len(names[HIDE]) + len(names[FIXED])) > MOST:
        refusals.append(Refusal("A link hides or fixes at most {limit} controls; received {received}. "
                                "The first {limit} of them count.", limit=MOST, received=count))
        names = {HIDE: names[HIDE][:MOST], FIXED: names[FIXED][:max(0, MOST - len(names[HIDE]))]}
    unknown = [name for name in dict.fromkeys(names[HIDE] + names[FIXED]) if name not in NAMES]
    if unknown:
        refusals.append(_unknown(unknown))
    hidden = frozenset(names[HIDE]) & frozenset(NAMES)
    return Held(hidden, frozenset(names[FIXED]) & frozenset(NAMES) - hidden), refusals


def _unknown(names: list[str]) -> Refusal:
    near = [known for name in names[:REPEATED] for known in get_close_matches(name, NAMES, NEAREST)]
    return Refusal("The link hides or fixes controls that do not exist: {received}. Allowed are the names of settings, "
                   "such as {near}. The rest of the link holds.",
                   received=listed(f"{name[:LONGEST]!r}" for name in names[:REPEATED]),
                   near=listed(dict.fromkeys(near or NAMES[:NEAREST])))


def _joined(names: Iterable[str]) -> str:
    return ",".join(sorted(names, key=NAMES.index))


# -- of this session -----------------------------------------------------------------------------------------


def settle() -> list[Refusal]:
    """Take over what the address holds, if it says anything about it.

    Returns:
        What of that cannot be used, for as long as the page is open: it draws itself anew while it trains.
    """
    if HIDE in st.query_params or FIXED in st.query_params:
        said, refusals = read(st.query_params.to_dict())
        if refusals or said != _held():
            st.session_state[keys.HELD_REFUSED] = (_page(), refusals)
        if said != _held():
            st.session_state[keys.HELD] = said
            st.session_state.pop(keys.HELD_VALUES, None)
        for name in (HIDE, FIXED):
            if name in st.query_params and st.query_params[name] != said.query.get(name):
                st.query_params.pop(name)
    page, refusals = st.session_state.get(keys.HELD_REFUSED, ("", []))
    return refusals if page == _page() else []


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context is not None else ""


def carried() -> dict[str, str]:
    """Return the part of an address that keeps what is held."""
    return _held().query


def _held() -> Held:
    held: Held = st.session_state.get(keys.HELD, Held())
    return held


def hidden() -> frozenset[str]:
    """Return the controls that are not shown, by name."""
    return _held().hidden


def fixed() -> frozenset[str]:
    """Return the controls that are shown and cannot be changed, by name."""
    return _held().fixed


def is_hidden(name: str) -> bool:
    """Tell whether a control is not shown."""
    return name in hidden()


def is_held(name: str) -> bool:
    """Tell whether nobody in front of the page may change a control."""
    return name in names()


def names() -> frozenset[str]:
    """Return the controls that nobody in front of the page may change, by name."""
    return frozenset(NAMES) if locked() else hidden() | fixed()


def keys_of(name: str) -> list[str]:
    """Return the keys of a control in the session: one, or one for each layer."""
    return [name, *(f"{name}{layer}" for layer in range(2, limits.LAYERS + 1))] if name in OF_LAYERS else [name]


def hold_values() -> None:
    """Let held controls keep the values that the session has now: a link, a run, a preset, a table has given them."""
    st.session_state[keys.HELD_VALUES] = {
        key: st.session_state[key] for name in {"source"} | names() for key in keys_of(name)
        if key in st.session_state}


def lock(on: bool) -> None:
    """Lock all controls of this session, or open them again; to be called before a page is drawn."""
    if on != locked():
        st.session_state[keys.LOCKED] = on
        hold_values()


def locked() -> bool:
    """Tell whether all controls are locked."""
    return bool(st.session_state.get(keys.LOCKED))


def say_locked() -> None:
    """Say that all controls are locked, when they are."""
    if locked():
        st.caption(f"{ICONS[FIXED]} " + _("Your teacher has locked the controls."))


def box(name: str, help: str | None = None, *, change: Callable[[], None] | None = None,
        disabled: bool = False) -> dict[str, Any]:
    """Return what the widget of a control is told, as keyword arguments: its help, and whether it can be changed."""
    held = is_held(name)
    why = _("Fixed by the link you opened.") if name in fixed() else ""
    told: dict[str, Any] = {"help": sentences(help or "", why) or None, "disabled": disabled or held}
    return told if held or change is None else told | {"on_change": change}
