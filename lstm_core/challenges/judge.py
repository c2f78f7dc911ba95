"""Whether a run keeps to the rules of a challenge, and whether its network reaches what is asked; pure.

Each answer is a template with named fields (:class:`lstm_core.data.Note`), so that an interface can translate it.
Fields called ``setting``, ``settings``, ``wanted``, ``received`` and ``part`` hold names or values of settings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from lstm_core.challenges import CHALLENGES, Challenge, Rule
from lstm_core.data import Note
from lstm_core.evaluation.metrics import Score
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Outcome
from lstm_core.spec import RunSpec, TaskSpec

QUANTITIES: dict[str, tuple[str, str]] = {
    "parameters": (N_("At most {bound:,} weights and biases"),
                   N_("It has {value:,} weights and biases; at most {bound:,} are allowed.")),
    "sequences_read": (N_("At most {bound:,} training sequences read"),
                       N_("It has read {value:,} training sequences; at most {bound:,} are allowed.")),
}
"""What is asked of a number that follows from a run, and what is said when it is too large."""

MEASURES: dict[str, tuple[str, str]] = {
    "skill": (N_("A skill against persistence of at least {bound} on the {part} part"),
              N_("Its skill against persistence on the {part} part is {value}; at least {bound} is needed.")),
    "right": (N_("At least {bound} of the {part} part right"),
              N_("Of the {part} part {value} is right; at least {bound} is needed.")),
    "error": (N_("A mean error of at most {bound} on the {part} part"),
              N_("Its mean error on the {part} part is {value}; at most {bound} is needed.")),
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is known of a run before its network is measured."""

    spec: RunSpec
    parameters: int                 # weights and biases
    epoch: float                    # epochs done
    ended: bool                     # trained to its end
    outcome: Outcome = "done"


@dataclass(frozen=True, eq=False)
class Check:
    """One thing that is asked, whether it is given, and what is missing."""

    asked: Note
    met: bool
    why: tuple[Note, ...] = ()      # empty when it is met


def rules(challenge: Challenge) -> list[Note]:
    """Return what is asked of every run, in the order of :func:`checks`."""
    return [_data_rule(challenge), *map(_asked, challenge.rules), FRESH, ENDED]


def checks(challenge: Challenge, attempt: Attempt) -> list[Check]:
    """Hold a run against all rules. With another sequence the other rules say nothing: then only that is checked."""
    wrong = _differences(challenge, attempt.spec)
    data = Check(_data_rule(challenge), not wrong, tuple(wrong))
    if wrong:
        return [data]
    begun = attempt.spec.train.checkpoint == ""
    ended = attempt.ended and attempt.outcome != "diverged"
    return [data, *(_hold(rule, attempt) for rule in challenge.rules),
            Check(FRESH, begun, () if begun else (Note(N_("It began with the weights of an earlier run.")),)),
            Check(ENDED, ended, () if ended else (_not_ended(attempt),))]


def fits(challenge: Challenge, spec: RunSpec) -> bool:
    """Tell whether a run has the sequence of a challenge."""
    return not _differences(challenge, spec)


def meant(spec: RunSpec) -> list[str]:
    """Return the challenges a run may be meant for: of those with its source the ones whose sequence is most like its.

    There are none with a source that no challenge has.
    """
    alike = {name: len(_differences(challenge, spec)) for name, challenge in CHALLENGES.items()
             if challenge.data.source == spec.data.source}
    return [name for name, differences in alike.items() if differences == min(alike.values())]


def goal(challenge: Challenge, unit: str = "") -> Note:
    """Return what the network of a run must reach; an error is given in its unit."""
    return Note(MEASURES[challenge.measure][0], bound=written(challenge, challenge.bound, unit), part=challenge.split)


def result(challenge: Challenge, score: Score, unit: str = "") -> Check:
    """Hold what a network reaches against what is asked."""
    value = measured(challenge, score)
    met = value <= challenge.bound if challenge.measure == "error" else value >= challenge.bound
    why = Note(MEASURES[challenge.measure][1], bound=written(challenge, challenge.bound, unit),
               value=written(challenge, value, unit), part=challenge.split)
    return Check(goal(challenge, unit), met, () if met else (why,))


def measured(challenge: Challenge, score: Score) -> float:
    """Return the number that decides."""
    return score.over_persistence if challenge.measure == "skill" else score.value


def without_network(challenge: Challenge, score: Score) -> float:
    """Return the same number of the best forecast without a network."""
    return score.baseline_over_persistence if challenge.measure == "skill" else score.naive


def better(challenge: Challenge, one: float, other: float) -> bool:
    """Tell whether one measured number comes closer to what is asked than another, or goes farther beyond it."""
    return one < other if challenge.measure == "error" else one > other


def written(challenge: Challenge, value: float, unit: str = "") -> str:
    """Return a measured number as text, with so many digits that it is not taken for the bound it misses."""
    factor, after = (100, "%") if challenge.measure == "right" else (1, f" {unit}" if unit else "")
    texts = [f"{factor * value:.{digits}g}" for digits in range(4, 10)]
    text = next((text for text in texts if float(text) != factor * challenge.bound), texts[0])
    return f"{text}{after}"


# -- rules -------------------------------------------------------------------------------------------------

FRESH = Note(N_("Weights drawn anew, not those of an earlier run"))
ENDED = Note(N_("Trained to its end"))


def _data_rule(challenge: Challenge) -> Note:
    free = tuple(item.name for item in fields(challenge.data) if item.name in challenge.free)
    if free:
        return Note(N_("The sequence as it is given; you may change: {settings}"), settings=free)
    return Note(N_("The sequence exactly as it is given"))


def _differences(challenge: Challenge, spec: RunSpec) -> list[Note]:
    if spec.data.source != challenge.data.source:
        return [Note(N_("It was trained on another sequence."))]
    return [Note(N_("Of its sequence, {setting} is {received} and must be {wanted}."), setting=item.name,
                 received=getattr(spec.data, item.name), wanted=getattr(challenge.data, item.name))
            for item in fields(challenge.data) if item.name not in challenge.free
            and getattr(spec.data, item.name) != getattr(challenge.data, item.name)]


def _asked(rule: Rule) -> Note:
    if rule.what in QUANTITIES:
        return Note(QUANTITIES[rule.what][0], bound=rule.value)
    template = {"most": N_("{setting}: at most {wanted}"), "least": N_("{setting}: at least {wanted}"),
                "is": N_("{setting}: {wanted}")}[rule.kind]
    return Note(template, setting=rule.what, wanted=rule.value)


def _hold(rule: Rule, attempt: Attempt) -> Check:
    value = _value(rule.what, attempt)
    met = value <= rule.value if rule.kind == "most" else value >= rule.value if rule.kind == "least" else (
        value == rule.value)
    if rule.what in QUANTITIES:
        why = Note(QUANTITIES[rule.what][1], value=value, bound=rule.value)
    else:
        template = {"most": N_("{setting} is {received}; at most {wanted} is allowed."),
                    "least": N_("{setting} is {received}; at least {wanted} is asked for."),
                    "is": N_("{setting} is {received}; it must be {wanted}.")}[rule.kind]
        why = Note(template, setting=rule.what, received=value, wanted=rule.value)
    return Check(_asked(rule), met, () if met else (why,))


def _value(what: str, attempt: Attempt) -> Any:
    """Return a quantity or a setting of a run."""
    if what == "parameters":
        return attempt.parameters
    if what == "sequences_read":
        assert isinstance(attempt.spec.data, TaskSpec)
        return round(attempt.epoch * attempt.spec.data.sequences)
    return next(getattr(part, what) for part in (attempt.spec.data, attempt.spec.model, attempt.spec.train)
                if hasattr(part, what))


def _not_ended(attempt: Attempt) -> Note:
    if attempt.outcome == "diverged":
        return Note(N_("Its loss grew beyond all numbers: it has diverged."))
    return Note(N_("It was not trained to its end: {epoch:.4g} of {epochs} epochs are done."), epoch=attempt.epoch,
                epochs=attempt.spec.train.epochs)
