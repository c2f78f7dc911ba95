"""A network of letters or numbers at a moment of its training: which one is asked, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.records import Weights
from lstm_core.running.run_view import RunView
from lstm_core.spec import Letters, ModelSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import escape_markdown, localized

INTERVAL = 0.4              # seconds between two pictures of a run that trains
PRESETS = ("s4a", "s4b", "s4c", "s5_numerals_en", "s5_numerals_zh")


@dataclass(frozen=True, eq=False)
class LettersQuery:
    """What the person wants to see of a run."""

    run: str
    update: int | None          # moment of the training; None: the newest, while the run trains
    text: np.ndarray            # (T,) the letters typed, by number; empty when they cannot be read


@dataclass(frozen=True, eq=False)
class Moment:
    """A network at a moment of its training."""

    view: RunView
    data: Dataset
    update: int                 # updates done
    text: np.ndarray            # (T,) the letters typed

    @property
    def letters(self) -> Letters:
        """Return where the letters come from."""
        assert isinstance(self.view.spec.data, Letters)
        return self.view.spec.data

    @property
    def model(self) -> ModelSpec:
        """Return the network."""
        return self.view.spec.model

    @cached_property
    def weights(self) -> Weights:
        """Return its weights at this moment."""
        return lab().snapshot(self.view.id, self.update).weights

    @cached_property
    def source(self) -> np.ndarray:
        """Return the text that is learned, (N,) by number."""
        return numbered(self.letters.text, self.data)

    def word(self, letters: np.ndarray) -> str:
        """Return letters by number as text."""
        return "".join(self.data.alphabet[letter] for letter in letters)


def numbered(text: str, data: Dataset) -> np.ndarray:
    """Return a text of known letters by number."""
    place = {letter: number for number, letter in enumerate(data.alphabet)}
    return np.array([place[letter] for letter in text], dtype=np.int64)


def quoted(text: str) -> str:
    """Return letters as they can stand in a sentence: blanks can be seen, and nothing is taken for Markdown."""
    return escape_markdown("".join(charts.visible(letter) for letter in text))


def choose_moment(view: RunView) -> int | None:
    """Let the person choose a moment of the training; None while the run trains: the newest."""
    if view.active:
        st.caption(_("It is being trained: the newest moment is shown. Once it rests you can go back to any moment."))
        return None
    return query.choose_moment(view)


def live(picture: Callable[[Moment], None], asked: LettersQuery, key: str, *, speaks: bool) -> None:
    """Draw a picture of what is asked for; of a run that trains, again and again.

    A network that has diverged has nothing to show; one of several pictures ``speaks`` of it.
    """
    every = INTERVAL if asked.update is None else None
    st.fragment(_draw, run_every=every, key=key)(picture, asked, speaks)


def _draw(picture: Callable[[Moment], None], asked: LettersQuery, speaks: bool) -> None:
    try:
        view = lab().view(asked.run)
        update = int(view.snapshots[-1]) if asked.update is None else asked.update
        moment = Moment(view, session.prepared(view.spec.data, view.spec.model.output), update, asked.text)
        finite = all(np.isfinite(values).all() for values in moment.weights.values())
    except Refusal as refusal:
        if speaks:
            refused(refusal)
        return
    if finite:
        picture(moment)
    elif speaks:
        st.warning(_("At this moment the network gives no probabilities: its training diverged. Choose an earlier "
                     "moment, or train it again with a smaller learning rate."))
    if asked.update is None and not view.active:
        st.rerun()


def refused(refusal: Refusal) -> None:
    """Say why a run cannot be asked, and what to do."""
    st.warning(localized(refusal))
    ways_on()


def ways_on() -> None:
    """Offer the presets that train on letters or on numbers."""
    names = {"s4a": _("Letters, one-hot"), "s4b": _("Letters, embedded"), "s4c": _("Three letters"),
             "s5_numerals_en": _("Numbers in English words"), "s5_numerals_zh": _("Numbers in Chinese")}
    with st.container(horizontal=True):
        for name in PRESETS:
            page_link("train", names[name], query={"preset": name})
