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


def take_in(text: str) -> int:
    """Join what was taken along as a file with what is there: of each card the newer answer stays.

    Returns:
        how many lessons are begun in the file.

    Raises:
        Refusal: it is no course file, one of a newer version, or both together are too large; then nothing changes.
    """
    # JSON may spell half characters, which no page can show.
    whole = lessons_progress.from_json(text, LESSONS).to_json().encode(errors="replace").decode()
    found, before = lessons_progress.from_json(whole, LESSONS), progress()
    st.session_state[keys.PROGRESS] = lessons_progress.merged(before, found)
    keep()
    if (refusal := st.session_state.pop(keys.REFUSED, None)) is not None:
        st.session_state[keys.PROGRESS] = before
        raise refusal
    return sum(bool(one.at or one.cards or one.ended) for one in found.lessons.values())


def forget() -> None:
    """Forget all that one has done, here and on the server.

    Raises:
        Refusal: the server cannot do so right now; then nothing changes.
    """
    empty = Progress()
    for _try in range(TRIES):
        revision = lab().course(owner()).revision
        if lab().keep_course(owner(), empty.to_json(), revision):
            st.session_state[keys.PROGRESS], st.session_state[keys.REVISION] = empty, revision + 1
            return
    raise Refusal("Another tab keeps your course at this moment. Close it, and delete the course then.")


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
