"""The runs of this browser held against the challenges; a worker measures their networks."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from lstm_core.challenges import Challenge, judge
from lstm_core.errors import Refusal
from lstm_core.evaluation.metrics import Score
from lstm_core.spec import RunSpec
from lstm_core.storage.schema import RunFacts
from lstm_core.ui.base.server import lab
from lstm_core.ui.challenges import keys
from lstm_core.ui.shared.judged import attempt, unit
from lstm_core.ui.shared.scores import SCORES, score
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import localized

MEASURED = 10           # newest runs that are measured for one challenge
PATIENCE = 1.5          # seconds a picture waits for measurements; the rest follow in the next one


@dataclass(frozen=True, eq=False)
class Tried:
    """A run held against a challenge."""

    facts: RunFacts
    parameters: int                 # weights and biases; 0 with another sequence
    held: list[judge.Check]         # against the rules
    score: Score | None = None      # of its network, once measured
    reached: judge.Check | None = None

    @property
    def keeps(self) -> bool:
        """Tell whether it keeps to all rules."""
        return all(check.met for check in self.held)

    @property
    def solves(self) -> bool:
        """Tell whether it solves the challenge."""
        return self.keeps and self.reached is not None and self.reached.met


@dataclass(frozen=True)
class Standing:
    """How far this browser has come with a challenge."""

    newest: Tried | None = None     # the newest run that may be meant for it
    best: Tried | None = None       # of the runs that keep to all rules

    @property
    def solved(self) -> bool:
        """Tell whether some run solves it."""
        return self.best is not None and self.best.solves

    @property
    def tried(self) -> bool:
        """Tell whether there is a run with the very sequence that is asked for."""
        return self.best is not None or (self.newest is not None and self.newest.held[0].met)


def standings(challenges: Iterable[Challenge], runs: list[RunFacts]) -> tuple[dict[str, Standing], int]:
    """Return how far this browser has come with each challenge, and how many runs are still to be measured."""
    deadline, waiting = time.monotonic() + PATIENCE, 0
    known: set[tuple[str, int, str]] = st.session_state.setdefault(keys.MEASURED, set())
    before = len(known)
    meant = {facts.id: judge.meant(facts.spec) for facts in runs}
    found: dict[str, Standing] = {}
    for challenge in challenges:
        tries = [held(challenge, facts) for facts in runs if challenge.name in meant[facts.id]]
        best, newest = None, tries[0] if tries else None
        for kept in [tried for tried in tries if tried.keeps][:MEASURED]:
            key = kept.facts.id, kept.facts.update, challenge.name
            if key not in known and len(known) > before and time.monotonic() > deadline:
                waiting += 1            # at least one new measurement is made each time, so this comes to an end
                continue
            known.add(key)
            tried = measured(challenge, kept)
            newest = tried if kept is newest else newest
            if tried.score is not None and (best is None or _beats(challenge, tried, best)):
                best = tried
        found[challenge.name] = Standing(newest, best)
    return found, waiting


def _beats(challenge: Challenge, one: Tried, other: Tried) -> bool:
    assert one.score is not None
    assert other.score is not None
    return judge.better(challenge, judge.measured(challenge, one.score), judge.measured(challenge, other.score))


def held(challenge: Challenge, facts: RunFacts) -> Tried:
    """Hold a run against the rules."""
    tried = attempt(challenge, facts)
    return Tried(facts, tried.parameters, judge.checks(challenge, tried))


def measured(challenge: Challenge, tried: Tried) -> Tried:
    """Return the try with what its network reaches, if it keeps to the rules and can be measured."""
    unmeasured: set[str] = st.session_state.setdefault(keys.UNMEASURED, set())
    facts = tried.facts
    if not tried.keeps or facts.id in unmeasured:
        return tried
    try:
        found = score(facts.id, _final_update(facts.id, facts.update, facts.spec), facts.spec, challenge.split)
    except Refusal as refusal:
        unmeasured.add(facts.id)        # not asked again and again: it may have taken long
        st.warning(localized(refusal))
        return tried
    return Tried(facts, tried.parameters, tried.held, found, judge.result(challenge, found, unit(challenge)))


@st.cache_data(max_entries=SCORES, show_spinner=False)
def _final_update(run: str, update: int, spec: RunSpec) -> int:  # noqa: ARG001
    """Return the moment a run ends with; when it is reset and trained again it has other updates or another spec."""
    return session.final_update(lab().view(run))
