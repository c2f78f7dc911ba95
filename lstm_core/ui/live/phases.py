"""One update, told in its four phases: forward, loss, backward, step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lstm_core.charts.forecast import visible
from lstm_core.charts.shapes.blocks import called
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers, sentences
from lstm_core.records import UpdateDetails, WeightUpdate
from lstm_core.running.run_view import RunView
from lstm_core.ui.live.words import number
from lstm_core.ui.widgets.labels import class_label, option_label

DIGITS = 3              # of the change of a weight that its old and its new value show
MOST_DECIMALS = 12


def phases(view: RunView, data: Dataset) -> dict[str, Any] | None:
    """Return the four phases of the last update; None where what it did is not known.

    Each phase has a ``name``, its main number as ``value``, what that number is ``of``, a sentence ``says`` and
    ``facts``: rows of a name and a value. Where it has ``layers`` these are a ``head`` and ``rows``: the name of a
    layer, its numbers, and how long its bar is, 0 to 1.
    """
    told = view.explained
    if told is None:
        return None
    return {"update": told.update, "title": _("Update {number} in four phases").format(number=f"{told.update:,}"),
            "phases": [_forward(told, data), _loss(told, data), _backward(view, told, data), _step(view, told, data)]}


def _forward(told: UpdateDetails, data: Dataset) -> dict[str, Any]:
    read = _("The network reads the {samples} samples of the batch.").format(samples=told.samples)
    predicted = _predicted(told, data)
    if data.classes:
        right = visible(class_label(data.labels[int(told.actual)]))
        said = _("Of the first one, at step {step} of {steps}, the right answer is {answer}; it is given a probability "
                 "of {share}.") if told.answers > 1 else _(
            "Of the first one the right answer is {answer}; it is given a probability of {share}.")
        said = said.format(answer=right, share=predicted, step=told.answer + 1, steps=told.answers)
        facts = [(_("Right answer"), right), (_("Its probability"), predicted)]
    else:
        real = _with_unit(told.actual, data)
        said = _("For the first one, at step {step} of {steps}, it predicts {predicted}; the real value is {real}."
                 ) if told.answers > 1 else _(
            "For the first one it predicts {predicted}; the real value is {real}.")
        said = said.format(predicted=predicted, real=real, step=told.answer + 1, steps=told.answers)
        facts = [(_("Predicted"), predicted), (_("Real value"), real)]
    return _phase(_("Forward"), predicted, _("of the right answer") if data.classes else _("predicted"),
                  sentences(read, said), [(_("Samples in the batch"), f"{told.samples:,}"), *facts])


def _loss(told: UpdateDetails, data: Dataset) -> dict[str, Any]:
    if data.classes:
        one = _("For the first sample it is −ln of that probability (cross entropy): {error}.").format(
            error=number(told.error))
        facts = [(_("−ln of the probability"), number(told.error))]
    else:
        one = _("The error for the first sample, scaled and squared, is {error}.").format(error=number(told.error))
        facts = [(_("Error"), _with_unit(told.predicted - told.actual, data)),
                 (_("Scaled and squared"), number(told.error))]
    mean = _("The mean over all {targets} targets of the batch is the loss, which stands in the loss curve.").format(
        targets=f"{told.targets:,}")
    return _phase(_("Loss"), number(told.loss), _("mean of the batch"), sentences(one, mean),
                  [*facts, (_("Loss of the batch"), number(told.loss))])


def _backward(view: RunView, told: UpdateDetails, data: Dataset) -> dict[str, Any]:
    most = view.spec.train.clip_norm
    gradient = _("Back through layers and time steps: the gradient says how the loss changes with each weight.")
    facts = [(_("Norm of all"), number(told.gradient))]
    if not most:
        clipping = _("It is never clipped in this run.")
    elif told.gradient > most:
        clipping = _("Its norm is above the limit of {most}, so the gradient is clipped to that.").format(
            most=number(most))
        facts.append((_("After clipping"), number(told.clipped)))
    else:
        clipping = _("Its norm is within the limit of {most}, so it is not clipped.").format(most=number(most))
    return _phase(_("Backward"), number(told.gradient), _("norm of the gradient"), sentences(gradient, clipping),
                  facts, [_("Layer"), _("Gradient norm")], _rows(view, data, [layer.gradient for layer in told.layers]))


def _step(view: RunView, told: UpdateDetails, data: Dataset) -> dict[str, Any]:
    rate, largest = powers(f"{told.rate:g}"), told.largest
    does = (_("Adam moves each weight against the mean of its last gradients, divided by their size, times the "
              "learning rate.") if view.spec.train.optimizer == "adam" else
            _("SGD moves each weight against its gradient, times the learning rate."))
    old, moved, new = _decimals(largest)
    added = _("Old weights and change add up to the new weights; the one that changed most: {old} {change} = {new}."
              ).format(old=old, change=moved, new=new)
    weights = math.hypot(*(layer.weights for layer in told.layers))
    change = math.hypot(*(layer.change for layer in told.layers))
    return _phase(
        _("Step"), _share(change, weights), _("of the weights' norm"), sentences(does, added),
        [(_("Optimiser"), option_label(view.spec.train.optimizer)), (_("Learning rate"), rate),
         (_("Changed most"), f"{largest.name}[{', '.join(map(str, largest.place))}]")],
        [_("Layer"), _("Change of the weights, norm"), _("of their norm")],
        _rows(view, data, [layer.change for layer in told.layers],
              [_share(layer.change, layer.weights) for layer in told.layers]))


def _phase(name: str, value: str, of: str, says: str, facts: Sequence[tuple[str, str]], head: Sequence[str] = (),
           rows: Sequence[Sequence[Any]] = ()) -> dict[str, Any]:
    return {"name": name, "value": value, "of": of, "says": says, "facts": facts} | (
        {"layers": {"head": head, "rows": rows}} if rows else {})


def _rows(view: RunView, data: Dataset, norms: Sequence[float], beside: Sequence[str] = ()) -> list[list[Any]]:
    """Return a row for each layer: its name, its numbers, and the length of its bar."""
    assert view.explained is not None
    names = [called(layer.name, view.spec.model, decoder=bool(data.encoder_steps)) for layer in view.explained.layers]
    top = max((norm for norm in norms if math.isfinite(norm)), default=0.0) or 1.0
    return [[name, number(norm), *beside[at:at + 1], round(norm / top, 3) if math.isfinite(norm) else 0.0]
            for at, (name, norm) in enumerate(zip(names, norms, strict=True))]


def _predicted(told: UpdateDetails, data: Dataset) -> str:
    return f"{told.predicted:.1%}" if data.classes else _with_unit(told.predicted, data)


def _with_unit(value: float, data: Dataset) -> str:
    return f"{powers(f'{value:.4g}')} {data.unit}".strip()


def _share(change: float, weights: float) -> str:
    return powers(f"{change / weights * 100:.2g}") + "%" if weights and math.isfinite(change / weights) else "–"


def _decimals(weight: WeightUpdate) -> tuple[str, str, str]:
    """Return a weight, its change with its sign, and the new weight, with as many decimals as the change needs.

    The change is that of the rounded weights, so that the sum is right as it stands there.
    """
    change = weight.after - weight.before
    if not math.isfinite(change) or not change:
        return number(weight.before), f"+ {number(change)}", number(weight.after)
    decimals = min(MOST_DECIMALS, max(0, DIGITS - 1 - math.floor(math.log10(abs(change)))))
    old, new = round(weight.before, decimals), round(weight.after, decimals)
    sign = "+" if new >= old else "−"
    return (f"{old:.{decimals}f}".replace("-", "−"), f"{sign} {abs(new - old):.{decimals}f}",
            f"{new:.{decimals}f}".replace("-", "−"))
