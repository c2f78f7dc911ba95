"""What this browser has done in the course: read from the server once a session, and kept after each change."""

from __future__ import annotations

import logging
from contextlib import suppress

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.lessons import progress as lessons_progress
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import Progress
from lstm_core.storage.database import Unavailable
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.learn import keys

TRIES = 5               # to keep a course that other tabs keep at the same time

log = logging.getLogger(__name__)


def progress() -> Progress:
    """Return what this browser has done so far."""
    if keys.PROGRESS not in st.session_state:
        st.session_state[keys.PROGRESS], st.session_state[keys.REVISION] = Progress(), -1
    if st.session_state[keys.REVISION] < 0:         # not read yet: the database did not answer
        with suppress(Unavailable):
            _join()
    known: Progress = st.session_state[keys.PROGRESS]
    return known


def keep() -> None:
    """Keep what has changed. While the database does not answer it stays in the session, and is kept with the next."""
    try:
        if st.session_state.get(keys.REVISION, -1) < 0:
            _join()
        for _try in range(TRIES):
            if lab().keep_course(owner(), progress().to_json(), st.session_state[keys.REVISION]):
                st.session_state[keys.REVISION] += 1
                return
            _join()                                 # another tab has kept something in between
    except Unavailable:
        pass                                        # which stands on top of the page
    except Refusal as refusal:                      # it has become too large
        st.session_state[keys.REFUSED] = refusal


def take_in(text: str) -> None:
    """Join what was taken along as a file with what is there: of each card the newer answer stays.

    Raises:
        Refusal: it is no course file, or one of a newer version.
    """
    found = lessons_progress.from_json(text, LESSONS)
    st.session_state[keys.PROGRESS] = lessons_progress.merged(progress(), found)
    keep()


def _join() -> None:
    """Join what the server keeps with what this session knows."""
    stored = lab().course(owner())
    found = Progress()
    if stored.progress:
        try:
            found = lessons_progress.from_json(stored.progress, LESSONS)
        except Refusal as refusal:                  # whatever somebody has written there
            log.warning("A course that is kept cannot be read: %s", refusal)
    known: Progress = st.session_state[keys.PROGRESS]
    st.session_state[keys.PROGRESS] = lessons_progress.merged(known, found)
    st.session_state[keys.REVISION] = stored.revision
