"""What a network is against the forecasts without one: better, worse, or not distinguishable."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lstm_core.data import Note
from lstm_core.evaluation.evidence import Evidence
from lstm_core.evaluation.metrics import ClassMetrics, Metrics, Rival
from lstm_core.evaluation.significance import NO_INTERVAL, more_than_chance, share_interval
from lstm_core.evaluation.verdict import BASELINES, CLEAR, SIMPLER, Kind, Verdict, amount
from lstm_core.i18n import gettext_noop as N_

EXACT = 0.999999        # share of the variance explained from which a baseline is practically exact
FREQUENT = "frequent"   # always naming the most frequent class of the training part


def compared(evidence: Evidence) -> list[Verdict]:
    """Return what the network is against the baselines and, where it does not beat them all, against persistence."""
    network = evidence.network
    if isinstance(network, ClassMetrics):
        return _classes(network, evidence.rivals)
    errors = {name: metrics.rmse for name, metrics in evidence.baselines.items() if not np.isnan(metrics.rmse)}
    if not errors or np.isnan(network.rmse):
        return []
    best = min(errors, key=errors.__getitem__)
    lowest = {name: evidence.saved.get(name, NO_INTERVAL).low for name in errors}
    unbeaten = [name for name, error in errors.items() if not (lowest[name] > 0 and network.rmse < (1 - CLEAR) * error)]
    if not unbeaten:
        return [_beats(evidence, network, best)]
    if evidence.saved.get(best, NO_INTERVAL).high < 0 and network.rmse > (1 + CLEAR) * errors[best]:
        found = [_loses(evidence, network, best)]
    else:
        found = [_ties(evidence, network, best if best in unbeaten else min(unbeaten, key=lowest.__getitem__))]
    if "persistence" in errors and "persistence" not in unbeaten:
        found.append(_beats(evidence, network, "persistence", kind="beats_persistence"))
    return found


def _beats(evidence: Evidence, network: Metrics, name: str, kind: Kind = "beats") -> Verdict:
    values = _errors(evidence, network, name) | {"less": 1 - network.rmse / evidence.baselines[name].rmse}
    return Verdict(kind, Note(
        "The network beats every baseline. Its error (RMSE) is {error}, {less:.1%} below the {other} of the best of "
        "them, {baseline}; that is more than chance.", **values) if kind == "beats" else Note(
        "The network beats {baseline}. Its error (RMSE) is {error}, {less:.1%} below {other}; that is more than "
        "chance.", **values), _numbers(evidence, network, name))


def _ties(evidence: Evidence, network: Metrics, name: str) -> Verdict:
    saved, values = evidence.saved.get(name, NO_INTERVAL), _errors(evidence, network, name)
    if saved.low > 0 or saved.high < 0:
        sentence = Note("The network is about as good as {baseline}: error (RMSE) {error} against {other}. The "
                        "difference is more than chance, but small.", **values)
    elif saved == NO_INTERVAL:
        sentence = Note("The network is not distinguishable from {baseline}: error (RMSE) {error} against {other}, "
                        "over too few rows to say more.", **values)
    else:
        sentence = Note("The network is not distinguishable from {baseline}: error (RMSE) {error} against {other}. On "
                        "{rows:,} rows a difference like that may be chance.", rows=network.count, **values)
    return Verdict("ties", sentence, _numbers(evidence, network, name))


def _loses(evidence: Evidence, network: Metrics, name: str) -> Verdict:
    values, error, other = _errors(evidence, network, name), network.rmse, evidence.baselines[name].rmse
    if evidence.horizon == 0 and name != "mean":
        sentence = Note("The error (RMSE) of {baseline} is smaller: {other} against {error}. But that baseline is told "
                        "the real value of the step before, which the network never sees.", **values)
    elif evidence.baselines[name].explained > EXACT:
        sentence = Note("The network loses to {baseline}, which is practically exact here; the error (RMSE) of the "
                        "network is {error}.", **values)
    else:
        sentence = Note("The network loses to {baseline}. Its error (RMSE) is {error}, {more:,.1%} above {other}; that "
                        "is more than chance.", more=error / other - 1, **values)
    return Verdict("loses", sentence, _numbers(evidence, network, name))


def _errors(evidence: Evidence, network: Metrics, name: str) -> dict[str, object]:
    return {"baseline": BASELINES[name], "error": amount(network.rmse, evidence.unit),
            "other": amount(evidence.baselines[name].rmse, evidence.unit)}


def _numbers(evidence: Evidence, network: Metrics, name: str) -> dict[str, float]:
    saved = evidence.saved.get(name, NO_INTERVAL)
    return {N_("RMSE of the network"): network.rmse, N_("RMSE of the baseline"): evidence.baselines[name].rmse,
            N_("Share of its squared error saved"): saved.middle, N_("at least, with 99.5% confidence"): saved.low,
            N_("at most, with 99.5% confidence"): saved.high, N_("Rows"): network.count}


def _classes(network: ClassMetrics, simpler: Mapping[str, Rival]) -> list[Verdict]:
    """Return what the network is against the best of the simpler models and of always naming the same."""
    if not network.count:
        return []
    right, naive = round(network.accuracy * network.count), round(network.naive * network.count)
    rivals = {FREQUENT: Rival(naive, network.won, network.lost), **simpler}
    name = max(rivals, key=lambda each: rivals[each].right)
    rival = rivals[name]
    apart = rival.won + rival.lost
    kind: Kind = ("beats" if more_than_chance(rival.won, apart, 0.5) else
                  "loses" if more_than_chance(rival.lost, apart, 0.5) else "ties")
    between = share_interval(right, network.count)
    told: dict[str, object] = {"right": right, "count": network.count, "accuracy": network.accuracy,
                               "share": rival.right / network.count}
    numbers = {N_("Named right"): right, N_("Correct answers"): between.middle,
               N_("at least, with 99.5% confidence"): between.low, N_("at most, with 99.5% confidence"): between.high}
    versus = {N_("Right where that is wrong"): rival.won, N_("Wrong where that is right"): rival.lost}
    last = {N_("Rows"): network.count, N_("Cross entropy, nats"): network.cross_entropy}
    by_frequent = {N_("Right by the most frequent class"): naive}
    if name == FREQUENT:
        return [Verdict(kind, _against_the_most_frequent(kind, told | {"naive": naive}),
                        numbers | by_frequent | versus | last)]
    return [Verdict(kind, _against_the_simpler(kind, told | {"baseline": SIMPLER[name], "other": rival.right}),
                    numbers | {N_("Right by the best simpler model"): rival.right} | versus | by_frequent | last)]


def _against_the_most_frequent(kind: Kind, values: Mapping[str, object]) -> Note:
    return Note(
        "The network names {right} of {count} right ({accuracy:.1%}); always naming the most frequent class would get "
        "{naive} right ({share:.1%}). A difference like that may be chance.", **values) if kind == "ties" else Note(
        "The network names {right} of {count} right ({accuracy:.1%}); always naming the most frequent class would get "
        "{naive} right ({share:.1%}). The difference is more than chance.", **values)


def _against_the_simpler(kind: Kind, values: Mapping[str, object]) -> Note:
    return Note(
        "The network names {right} of {count} right ({accuracy:.1%}); the best of the simpler models, {baseline}, "
        "{other} ({share:.1%}). A difference like that may be chance.", **values) if kind == "ties" else Note(
        "The network names {right} of {count} right ({accuracy:.1%}); the best of the simpler models, {baseline}, "
        "{other} ({share:.1%}). The difference is more than chance.", **values)
