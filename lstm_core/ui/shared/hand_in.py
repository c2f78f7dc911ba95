"""Hand in: a finished run of one's own becomes a sheet, as text for a mail and as a page to print."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from lstm_core.charts.forecast import part_name
from lstm_core.charts.predict import baseline_name
from lstm_core.classroom import hand_in
from lstm_core.classroom.hand_in import LONGEST_NAME, LONGEST_WORDS, Result, Sheet
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import Split
from lstm_core.storage.schema import UNFINISHED
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import printed_sheet
from lstm_core.ui.shared.scores import score
from lstm_core.ui.shared.setting_table import in_short
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.page_address import page_address
from lstm_core.ui.widgets.text import localized, moment

JUDGES: tuple[Split, ...] = ("test", "validation", "train")        # the first that is not empty
SECRET = "hand_in"          # under which the server keeps the key of the codes


@dataclass(frozen=True)
class Reached:
    """What a run came to, and the moment of its training whose weights did."""

    result: Result
    update: int


def button(run: str, key: str) -> None:
    """Show the button that opens the sheet of a run."""
    if st.button(_("Hand in"), key=key, icon=":material/assignment_turned_in:",
                 help=_("A sheet for your teacher: settings, result, link, two sentences of yours, and a code that "
                        "shows that the result is real.")):
        st.dialog(_("Hand in this run"), width="medium")(_sheet)(run)


def check(view: RunView) -> None:
    """Let only a run pass that can be handed in.

    Raises:
        Refusal: it is somebody else's, or has not come to an end with a result.
    """
    if not session.is_mine(view):
        raise Refusal("This run is not yours, so you cannot hand it in. Train one of your own.")
    finished(view)


def finished(view: RunView) -> None:
    """Let only a run pass that has come to an end with a result.

    Raises:
        Refusal: it has not.
    """
    if view.status in UNFINISHED:
        raise Refusal("This run has not come to its end: {epoch:.4g} of {epochs} epochs are done. Let it train on, or "
                      "stop it.", epoch=view.epoch, epochs=view.spec.train.epochs)
    if view.status == "failed" or view.outcome == "diverged" or not view.update:
        raise Refusal("This run has no result: it was not trained, has failed, or its loss grew beyond all numbers.")


def reached(view: RunView) -> Reached:
    """Return what the network of a finished run reaches on the part that judges it.

    Raises:
        Refusal: it cannot be measured.
    """
    data = session.prepared(view.spec.data, view.spec.model.output)
    split = next(part for part in JUDGES if len(data.sample_ids[part]))
    update = session.final_update(view)
    found = score(view.id, update, view.spec, split)
    return Reached(Result(split, found.share, found.value, found.naive, found.baseline, data.unit), update)


def told(result: Result) -> str:
    """Return a result in a line."""
    return hand_in.told(result, baseline_name(result.baseline), part_name(result.split))


def link(run: str) -> str:
    """Return the address of a run as the browser reaches this server; where that is not known, without the server."""
    return page_address("train", {"run": run})


def code(view: RunView, result: Result, name: str) -> str:
    """Return the code that the sheet of a run has under a name.

    Raises:
        Unavailable: the database, which has the key, does not answer.
    """
    return hand_in.code(lab().secret(SECRET), view.id, view.spec, result, name)


def _sheet(run: str) -> None:
    """Ask for what the sheet lacks, show it, and offer it to take along."""
    try:
        view = lab().view(run)
        check(view)
        result = reached(view).result
    except Refusal as refusal:
        st.error(localized(refusal))
        return
    typed = st.text_input(_("Name"), key="hand_in_name", max_chars=LONGEST_NAME, persist_state="session",
                          help=_("As your teacher knows you. It is not kept here; it only stands on the sheet."))
    said = st.text_area(_("Two sentences: what you tried, and what came of it"), key="hand_in_words", height=100,
                        max_chars=LONGEST_WORDS, persist_state="session")
    try:
        name, words = hand_in.checked_name(typed), hand_in.checked_words(said)
    except Refusal as refusal:
        st.info(localized(refusal), icon=":material/edit:")
        st.markdown(f"**{_('Result')}**")
        st.code(told(result), language=None, wrap_lines=True)
        return
    _take_along(Sheet(name=name, words=words, run=run, spec=view.spec, result=result, date=moment(time.time())[:10],
                      link=link(run)).signed(lab().secret(SECRET)))


def _take_along(sheet: Sheet) -> None:
    """Show a sheet as text, which has a button to copy it, and offer it as a page."""
    st.caption(_("Point at this block or tap it: a button to copy it appears at its upper right. Paste it into a mail "
                 "or the learning platform, and change nothing in it: the check code belongs to this run, this result "
                 "and this name."))
    st.code(hand_in.text(sheet, told(sheet.result), in_short(sheet.spec)), language=None, wrap_lines=True)
    st.download_button(_("Page to print"), printed_sheet.page(sheet, told(sheet.result)), f"gatescope-{sheet.run}.html",
                       "text/html", key="save_sheet", on_click="ignore", icon=":material/print:")
