"""What a finished run amounts to, in words: a verdict for each rule that holds, with the numbers it rests on.

Losses are smoothed first, and must rise or fall by more than single evaluations scatter about the smooth curve, so that
neither an odd one nor noise decides anything.
"""

from __future__ import annotations

import numpy as np

from lstm_core.data import Note
from lstm_core.evaluation.against_baselines import compared
from lstm_core.evaluation.beside import skill_of
from lstm_core.evaluation.evidence import Evidence
from lstm_core.evaluation.metrics import (
    LAGS,
    NOTHING,
    ClassMetrics,
    Fall,
    lag_profile,
    last_fall,
    last_fifth,
    scatter,
    smooth,
)
from lstm_core.evaluation.verdict import CLEAR, GATES, Verdict, amount
from lstm_core.i18n import gettext_noop as N_
from lstm_core.inside.units import CLOSED, OPEN

LAG_MARGIN = 0.1        # by how much the correlation at the horizon must exceed that at lag 0
LAG_LEAST = 0.5         # correlation from which changes are a copy
POINTS = 15             # evaluations from which a curve can be judged
ROSE = 0.10             # rise of the validation loss above its minimum that tells over-fitting
WENT_ON = 0.02          # fall of the training loss in the same time
BY_HEART = 0.1          # of the training loss then, and of the validation loss now, is left where little rise is needed
SCATTER = 2.0           # standard deviations of single evaluations that the rise must exceed too
FELL = 0.05             # fall of the loss over the last fifth of a run that still learns
SETTLED = 0.02          # fall of the loss over the last fifth of a run below which it has stopped falling
EXPLAINED = 0.1         # share of the variance of the training part below which hardly anything was learned
SATURATED = 0.5         # share of a gate's activations beyond CLOSED and OPEN


def verdicts(evidence: Evidence) -> list[Verdict]:
    """Return what can be said about a run, in order of importance (see Kind).

    - diverged: the run ended so, or a loss is not finite; then nothing else is said.
    - lagged: the changes of the prediction correlate best with the real ones ``horizon`` steps before, by LAG_MARGIN
      more than with those of the same row and by LAG_LEAST at least, and the skill over persistence is below CLEAR.
    - beats: RMSE below that of every baseline, and loses: RMSE above that of the best one, each by CLEAR and by more
      than chance (``significance.error_saved``); ties: neither. With classes the count of right answers against the
      best of the simpler models and of always naming the most frequent class, by the sign test over the rows of which
      one alone is right (McNemar 1947).
    - beats_persistence: what does not beat every baseline, but persistence.
    - overfitted: the validation loss ends ROSE above its minimum, the training loss has fallen by WENT_ON since; or it
      ends CLEAR above it, and a tenth is left of the training loss (BY_HEART).
    - learning: in the last fifth of the run the validation loss (without one the training loss) fell by more than FELL
      below its lowest before, and its minimum lies at the end.
    - underfitted: the loss fell by less than SETTLED there, "overfitted" does not hold, and on the training part the
      skill is below CLEAR or less than EXPLAINED of the variance explained. The skill decides nothing where the
      target's past is not read (horizon 0), or where "lagged" says the same.
    - saturated: a gate is beyond CLOSED or OPEN for more than SATURATED of its activations.
    """
    if (diverged := _diverged(evidence)) is not None:
        return [diverged]
    lagged, overfitted, curve = _lagged(evidence), _overfitted(evidence), _fall(evidence)
    learning = _learning(*curve) if curve else None
    settled = curve is not None and curve[1].after >= (1 - SETTLED) * curve[1].before and overfitted is None
    underfitted = _underfitted(evidence, by_skill=lagged is None) if settled else None
    found = [lagged, *compared(evidence), overfitted, underfitted, learning, _saturated(evidence)]
    return [verdict for verdict in found if verdict is not None]


def _diverged(evidence: Evidence) -> Verdict | None:
    validated = np.isfinite(evidence.validation_loss).any()
    broken = ~np.isfinite(evidence.train_loss) & (evidence.updates > 0)
    if validated:
        broken = broken | ~np.isfinite(evidence.validation_loss)
    if evidence.outcome != "diverged" and not broken.any():
        return None
    sound = evidence.epochs[:int(broken.argmax())] if broken.any() else evidence.epochs
    epoch = _epoch(sound[-1]) if len(sound) else 0.0
    return Verdict("diverged", Note(
        "Training broke down: after epoch {epoch:g} the loss was no longer a finite number. Try a smaller learning "
        "rate, or clip the gradients.", epoch=epoch), {N_("Last epoch with a finite loss"): epoch})


def _lagged(evidence: Evidence) -> Verdict | None:
    horizon, network = evidence.horizon, evidence.network
    if isinstance(network, ClassMetrics):
        return None
    skill = skill_of(network, evidence.baselines.get("persistence", NOTHING))
    if not skill < CLEAR:
        return None
    profile = lag_profile(evidence.actual, evidence.predicted, max(LAGS, horizon))
    now, late = float(profile[0]), float(profile[horizon])
    if not (late == np.nanmax(profile, initial=-1) and late >= LAG_LEAST and late - now > LAG_MARGIN):
        return None
    near = float(np.nanmean(np.abs(evidence.predicted - evidence.persistence)))
    return Verdict("lagged", Note(
        "The prediction moves like a late copy of the real values: its changes correlate with the real ones at a lag "
        "of {lag} ({late:.2f}), not at lag 0 ({now:.2f}). On average it lies {near} from the last known value, and "
        "{far} from the real one.", lag=horizon, late=late, now=now, near=amount(near, evidence.unit),
        far=amount(network.mae, evidence.unit)), {
        N_("Lag, time steps"): horizon, N_("Correlation of changes at this lag"): late,
        N_("Correlation of changes at lag 0"): now, N_("Mean distance from the last known value"): near,
        N_("Mean distance from the real value"): network.mae, N_("Skill against persistence"): skill})


def _overfitted(evidence: Evidence) -> Verdict | None:
    told = np.isfinite(evidence.train_loss) & np.isfinite(evidence.validation_loss)
    if told.sum() < POINTS:
        return None
    train, validation = smooth(evidence.train_loss[told]), smooth(evidence.validation_loss[told])
    start, lowest = last_fifth(evidence.updates[told]), int(validation.argmin())
    low, end = float(validation[lowest]), float(np.median(validation[start:]))
    before, after = float(train[lowest]), float(train[-1])
    rise = max(1 + ROSE, np.exp(SCATTER * scatter(evidence.validation_loss[told])))
    if after <= BY_HEART * min(before, end):
        rise = 1 + CLEAR
    if not (lowest < start and end >= rise * low > 0 and after <= (1 - WENT_ON) * before):
        return None
    epoch = _epoch(evidence.epochs[told][lowest])
    kept = {} if evidence.best_epoch is None else {N_("Epoch of the weights that were kept"): evidence.best_epoch}
    return Verdict("overfitted", Note(
        "Since epoch {epoch:g} the network has learned the training part by heart: the validation loss rose by "
        "{rise:.0%}, from {low:.3g} to {end:.3g}, while the training loss fell from {before:.3g} to {after:.3g}.",
        epoch=epoch, rise=end / low - 1, low=low, end=end, before=before, after=after), {
            N_("Epoch of the lowest validation loss"): epoch, N_("Lowest validation loss"): low,
            N_("Validation loss over the last fifth of the run"): end, N_("Training loss then"): before,
            N_("Last training loss"): after, **kept})


def _fall(evidence: Evidence) -> tuple[str, Fall] | None:
    """Return which loss is judged, and how it fell in the end."""
    validated = bool(np.isfinite(evidence.validation_loss).any())
    losses = evidence.validation_loss if validated else evidence.train_loss
    told = np.isfinite(losses)
    if told.sum() < POINTS:
        return None
    return (N_("validation loss") if validated else N_("training loss")), last_fall(
        evidence.updates[told], losses[told])


def _learning(curve: str, fall: Fall) -> Verdict | None:
    if not (fall.at_end and fall.after < min(1 - FELL, np.exp(-fall.noise)) * fall.before):
        return None
    return Verdict("learning", Note(
        "The network is still learning: over the last fifth of the run the {curve} fell by {fell:.0%} below its lowest "
        "before, from {before:.3g} to {after:.3g}. More epochs should help.", curve=curve,
        fell=1 - fall.after / fall.before, before=fall.before, after=fall.after),
        {N_("Lowest loss before the last fifth"): fall.before, N_("Loss at the end"): fall.after})


def _underfitted(evidence: Evidence, *, by_skill: bool) -> Verdict | None:
    training = evidence.training
    if training is None or not training.count:
        return None
    if isinstance(training, ClassMetrics):
        if training.accuracy - training.naive >= CLEAR:
            return None
        return Verdict("underfitted", Note(
            "The loss has stopped falling, but even on the training part the network names only {accuracy:.1%} right; "
            "always naming the most frequent class gets {naive:.1%}. It may be too small, or there is little to learn.",
            accuracy=training.accuracy, naive=training.naive),
            {N_("Correct answers on the training part"): training.accuracy,
             N_("Correct answers by the most frequent class"): training.naive})
    numbers = {N_("Skill against persistence on the training part"): training.skill,
               N_("Variance explained on the training part"): training.explained}
    if training.explained < EXPLAINED:
        return Verdict("underfitted", Note(
            "The loss has stopped falling, but even on the training part the network explains only {explained:.1%} of "
            "the variance. It may be too small, or there is little to learn.", explained=training.explained), numbers)
    if by_skill and evidence.horizon >= 1 and training.skill < CLEAR:
        return Verdict("underfitted", Note(
            "The loss has stopped falling, but even on the training part the network is no clear gain over persistence "
            "(skill {skill:.1%}). It may be too small, or there is little to learn.", skill=training.skill), numbers)
    return None


def _saturated(evidence: Evidence) -> Verdict | None:
    if not evidence.saturation:
        return None
    gate, share = max(evidence.saturation.items(), key=lambda item: item[1])
    if not share > SATURATED:
        return None
    return Verdict("saturated", Note(
        "The {gate} is saturated: at {share:.0%} of its activations it is nearly shut or nearly open (below {low:g} or "
        "above {high:g}). There it hardly reacts, and hardly learns.", gate=GATES[gate], share=share, low=CLOSED,
        high=OPEN), {GATES[name]: value for name, value in evidence.saturation.items()})


def _epoch(value: float) -> float:
    return round(float(value), 1)
