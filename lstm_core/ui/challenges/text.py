"""What a run reaches and what a challenge asks for, in the language in use."""

from __future__ import annotations

from lstm_core.challenges import Challenge, judge
from lstm_core.charts.predict import baseline_name
from lstm_core.i18n import aside
from lstm_core.i18n import gettext as _
from lstm_core.ui.challenges.attempts import Tried
from lstm_core.ui.shared.judged import unit


def value(challenge: Challenge, tried: Tried) -> str:
    """Return what a measured run reaches."""
    assert tried.score is not None
    return _amount(challenge, judge.measured(challenge, tried.score))


def bound(challenge: Challenge) -> str:
    """Return what is asked for."""
    return _amount(challenge, challenge.bound)


def without_network(challenge: Challenge, tried: Tried) -> str:
    """Return what the best forecast without a network reaches on the same part, and which one that is."""
    assert tried.score is not None
    reached = _amount(challenge, judge.without_network(challenge, tried.score))
    return aside(reached, baseline_name(tried.score.baseline))


def _amount(challenge: Challenge, value: float) -> str:
    number = judge.written(challenge, value, unit(challenge))
    return _("skill {number} against persistence").format(number=number) if challenge.measure == "skill" else (
        _("{number} right").format(number=number) if challenge.measure == "right" else
        _("mean error {number}").format(number=number))
