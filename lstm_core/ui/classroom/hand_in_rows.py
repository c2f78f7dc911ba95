"""What was handed in, looked up: the run as this server has it, and what is to be said about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from lstm_core import codec
from lstm_core.challenges import Challenge, judge
from lstm_core.classroom import hand_in
from lstm_core.classroom.hand_in import Result
from lstm_core.classroom.handed_in import Alike, Handed, Marks, duplicates
from lstm_core.classroom.rules import Rules
from lstm_core.data import Note
from lstm_core.errors import Refusal
from lstm_core.evaluation.comparison import settings
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Outcome
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import is_id
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import EXAMPLE_OWNER, Status
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared.hand_in import SECRET, finished, reached
from lstm_core.ui.shared.judged import attempt, unit
from lstm_core.ui.shared.scores import SCORES, score

Code = Literal["valid", "wrong", "missing"]

FRESH = 60.0            # seconds for which a run that was looked up is not looked up again


@dataclass(frozen=True)
class Known:
    """A finished run as this server has it."""

    owner: str
    spec: RunSpec
    status: Status
    outcome: Outcome
    epoch: float                    # epochs done
    created: float                  # seconds since 1970
    result: Result
    update: int                     # of the weights that reach it
    weights: str                    # hash of these


@dataclass(frozen=True, eq=False)
class Row:
    """One thing that was handed in, held against what is known of its run."""

    handed: Handed
    known: Known | None
    code: Code
    twice: tuple[int, Alike] | None         # number of an earlier row, from 0, and in what it is the same
    problems: tuple[Note | Refusal, ...]


def rows(handed: Sequence[Handed], meanwhile: Callable[[int], object]) -> list[Row]:
    """Look all runs up, and measure what their networks reach.

    Args:
        handed: what was handed in.
        meanwhile: called with how many are done.

    Raises:
        Unavailable: the database does not answer.
    """
    key = lab().secret(SECRET)
    found: list[tuple[Known | None, list[Note | Refusal]]] = []
    for one in handed:
        meanwhile(len(found))
        try:
            known = _known(one.run)
            found.append((known, _remarks(one, known)))
        except Unavailable:
            raise
        except Refusal as refusal:
            found.append((None, [_elsewhere(one) or refusal]))
    twice = duplicates([None if known is None else Marks(
        one.run, tuple(sorted(settings(known.spec).items(), key=str)), known.weights)
        for one, (known, _problems) in zip(handed, found, strict=True)])
    return [Row(one, known, _code(key, one, known), same, tuple(problems))
            for one, (known, problems), same in zip(handed, found, twice, strict=True)]


def broken(run: str, known: Known, rules: Challenge | Rules | None) -> list[Note | Refusal]:
    """Return which rules a run breaks, and by what; nothing when it keeps them all, or there are none."""
    if rules is None:
        return []
    if isinstance(rules, Rules):
        return [*rules.broken(known.spec, known.result)]
    missed = [why for check in judge.checks(rules, attempt(rules, known)) for why in check.why]
    if missed:
        return [*missed]
    try:
        found = score(run, known.update, known.spec, rules.split)
    except Refusal as refusal:
        return [refusal]
    return [*judge.result(rules, found, unit(rules)).why]


@st.cache_data(max_entries=SCORES, ttl=FRESH, show_spinner=False)
def _known(run: str) -> Known:
    """Return a finished run with its result.

    Raises:
        Refusal: there is none here, it has not come to a result, or that cannot be measured.
    """
    if not is_id(run):
        raise Refusal("On this sheet there is no link to a run.")
    view = lab().view(run)
    finished(view)
    found = reached(view)
    return Known(view.owner, view.spec, view.status, view.outcome, view.epoch, view.created, found.result, found.update,
                 _digest(run, found.update, view.spec))


@st.cache_data(max_entries=SCORES, show_spinner=False)
def _digest(run: str, update: int, spec: RunSpec) -> str:  # noqa: ARG001
    """Return the hash of a run's weights; when it is reset and trained again, it has another spec or other updates."""
    return hashlib.sha256(codec.pack(lab().snapshot(run, update).weights)).hexdigest()


def _code(key: bytes, handed: Handed, known: Known | None) -> Code:
    if not handed.code:
        return "missing"
    if known is None:
        return "wrong"
    made = hand_in.code(key, handed.run, known.spec, known.result, handed.name)
    return "valid" if hand_in.is_code(made, handed.code) else "wrong"


def _remarks(handed: Handed, known: Known) -> list[Note | Refusal]:
    """Return what a teacher should know of a run that can be looked at."""
    found: list[Note | Refusal] = []
    if known.owner == EXAMPLE_OWNER:
        found.append(Note(N_("This is the finished example that everybody sees.")))
    if known.status == "stopped":
        found.append(Note(N_("It was stopped after {epoch:.4g} of {epochs} epochs."), epoch=known.epoch,
                          epochs=known.spec.train.epochs))
    said = re.split(r"[(（;；]", handed.result, maxsplit=1)[0].strip()
    if handed.sheet and not re.match(re.escape(known.result.reached) + r"(?!\s*[\d.,%×])", said):
        found.append(Note(N_("The sheet says {said}; this run reaches {reached}."), said=said or "–",
                          reached=known.result.reached))
    return found


def _elsewhere(handed: Handed) -> Refusal | None:
    """Return that a link leads to another server, if its run is not here either."""
    own = urlsplit(st.context.url or "").netloc
    if not handed.host or not is_id(handed.run) or handed.host == own:
        return None
    try:
        lab().view(handed.run)
    except Refusal:
        return Refusal("This is not a link of this server: it leads to {host}, and its run is not here.",
                       host=handed.host)
    return None
