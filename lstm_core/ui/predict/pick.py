"""Predict: the person picks one example of a part, among all, the right or the wrong ones."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.i18n import aside
from lstm_core.i18n import gettext as _
from lstm_core.ui.predict import keys
from lstm_core.ui.widgets import session


def pick(right: np.ndarray, label: str) -> int | None:
    """Let the person pick an example; return its place, None where there is none to pick.

    Args:
        right: (n,) bool, which examples of the part the network gets right.
        label: what one of them is called.
    """
    groups = {"all": (_("All"), np.arange(len(right))), "right": (_("Right ones"), np.flatnonzero(right)),
              "wrong": (_("Wrong ones"), np.flatnonzero(~right))}
    left, middle = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        st.segmented_control(_("Choose among"), list(groups), key=keys.AMONG, required=True, default="all",
                             format_func=lambda name: aside(groups[name][0], f"{len(groups[name][1]):,}"))
    found = groups[st.session_state[keys.AMONG]][1]
    if not len(found):
        st.info(_("There is none in this part. Choose among all, or look at another part."))
        return None
    with middle:
        session.valid_choice(keys.WHICH_ONE, range(1, len(found) + 1))
        which = st.slider(label, 1, len(found), key=keys.WHICH_ONE) if len(found) > 1 else 1
    return int(found[which - 1])
