"""A link for learners: the settings as they stand, some of their controls fixed or hidden, and what that looks like."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.spec import DataSpec
from lstm_core.spec.serialization import to_query
from lstm_core.ui.base import qr_code
from lstm_core.ui.base.static_files import address
from lstm_core.ui.train import held_controls, keys
from lstm_core.ui.train.held_controls import GROUPS, Standing
from lstm_core.ui.widgets import held, session, settings
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized

HEIGHT = 420        # pixels of the list of controls, which is moved by itself

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('learner_link.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("learner_link", js=_SCRIPT, isolate_styles=False)


def offer(kind: type[DataSpec]) -> None:
    """Offer to make a link, except to those who have come by one, or whose controls are locked."""
    if held.locked() or held.hidden() or held.fixed():
        return
    if st.button(_("Link for learners"), key="learner_link", type="tertiary", icon=":material/link:"):
        st.dialog(_("Link for learners"), width="large")(_make)(kind)


def _make(kind: type[DataSpec]) -> None:
    """Let the person choose what learners may change, and show the link and what they will see."""
    st.caption(_("The link opens this page with the settings as they are now. Choose what a learner cannot change, or "
                 "need not see."))
    groups = held_controls.standing(kind)
    names = [one.name for group in groups.values() for one in group]
    for key in (keys.FIX, keys.HIDE):       # another sequence has other controls
        st.session_state[key] = [name for name in st.session_state.get(key, []) if name in names]
    for key, other, label in ((keys.FIX, keys.HIDE, _("Fixed controls")), (keys.HIDE, keys.FIX, _("Hidden controls"))):
        option_box(st.multiselect, label, names, key=key, format_func=held_controls.label, on_change=_leave,
                   args=(other, key), placeholder=_("None"), persist_state="session")
    first = [one.name for one in groups["first"]]
    st.button(_("Hide all that are not shown at once"), key="hide_rest", icon=held.ICONS[held.HIDE],
              on_click=_hide, args=([name for name in names if name not in first],))
    said = held.Held(hidden=frozenset(st.session_state[keys.HIDE]), fixed=frozenset(st.session_state[keys.FIX]))
    _link(said)
    _preview(groups, said)


def _leave(key: str, chosen: str) -> None:
    """In a callback: leave out of one choice what has just come into the other."""
    st.session_state[key] = [name for name in st.session_state[key] if name not in st.session_state[chosen]]


def _hide(names: Iterable[str]) -> None:
    """In a callback: hide these controls, except those that are fixed."""
    st.session_state[keys.HIDE] = [name for name in names if name not in st.session_state[keys.FIX]]


def _link(said: held.Held) -> None:
    try:
        query = to_query(settings.read())
        if (long := max(map(len, query.values()))) > session.LONGEST_ADDRESS:
            raise Refusal("The text is too long for a link: at most {limit:,} letters; received {received:,}.",
                          limit=session.LONGEST_ADDRESS, received=long)
    except Refusal as refusal:
        st.error(localized(refusal))
        return
    _component(key="learner_link_box", height="content", data={
        "query": query | said.query | {"lang": st.session_state[session_keys.LANG]}, "longest": qr_code.LONGEST,
        "words": {"link": _("Link"), "copy": _("Copy link"), "copied": _("Copied"), "qr_code": _("QR code"),
                  "open": _("Open it as a learner would"),
                  "length": _("{length} characters; a QR code holds up to {limit}."),
                  "too_long": _("{length} characters: too long for a QR code, which holds up to {limit}.")}})


def _preview(groups: dict[str, list[Standing]], said: held.Held) -> None:
    """Show the controls in their order, with the value and the state that a learner finds."""
    st.markdown(_("**What a learner will see**"))
    st.caption(_("Charts, numbers, the state of the run and downloads always stay visible."))
    rows = [("", _("Control")), (":--", ":--")]
    for group, controls in groups.items():
        if controls:
            rows += [("", f"**{_(GROUPS[group])}**"), *(_row(one, said) for one in controls)]
    with st.container(height=HEIGHT, key="learner_preview"):
        st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))


def _row(control: Standing, said: held.Held) -> tuple[str, str]:
    """Return whether a learner can change a control, and what it is called with its value."""
    if control.name in said.hidden:
        colour, icon, state = "gray", held.ICONS[held.HIDE], _("hidden")
    elif control.name in said.fixed:
        colour, icon, state = "orange", held.ICONS[held.FIXED], _("fixed")
    else:
        colour, icon, state = "green", ":material/edit:", _("free")
    return f":{colour}[{icon} {state}]", pair(control.label, f"**{control.value}**").replace("|", "\\|")
