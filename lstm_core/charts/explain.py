"""What the lines, points, bars and axes of a chart are, in a sentence or two, by the names that stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from lstm_core.i18n import aside
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_

MARKS: Final[Mapping[str, str]] = {
    N_("Training"):
        N_("The loss of each update on the batch it learned from. It falls while the network learns these samples; "
           "what it is worth on others it does not say."),
    N_("Validation"):
        N_("The loss on the validation part, which the network never learns from. When it rises while the training "
           "loss falls, the network over-fits."),
    N_("Best"): N_("The moment with the lowest validation loss. Where the best weights are kept, it is these."),
    N_("Stopped early, epoch {epoch}"):
        N_("Here training ended by itself: the validation loss had not improved for as many epochs as was asked for."),
    N_("Correct answers"): N_("How many of the answers are right, of all that are asked for in this part of the data."),
    N_("Noise alone"): N_("The loss that the noise of the series leaves to the best forecast there could be."),
    N_("Learning rate changed"):
        N_("From this update on the steps of the weights were made larger or smaller by hand."),
    N_("Real"): N_("What really came: the right answer."),
    N_("Predicted"): N_("What the network answers, computed with its weights of this moment."),
    N_("Running freely"): N_("The network reads its own predictions from here on, so that its errors add up."),
    N_("Naive"):
        N_("What can be said without a network: the last known value, or the most frequent answer. A network that is "
           "no better has learned nothing of use."),
    N_("Naive: mean wave"):
        N_("The mean of all waves of the training part: what can be said without reading the input."),
    N_("Persistence"): N_("The last known value, said again: tomorrow is like today."),
    N_("Mean of the training part"): N_("One number for every moment: the mean of what the network learned from."),
    N_("Seasonal"): N_("The value one season before, where the series repeats itself."),
    N_("Linear autoregression"):
        N_("A weighted sum of the last values, fitted to the training part: the best that a straight line can do."),
    N_("Always the same"): N_("The most frequent answer of the training part, whatever is read."),
    N_("80% band"):
        N_("Errors of the past were smaller than this in four of five cases. It widens with the distance."),
    N_("Series"): N_("All values in their order; a window is cut out of them."),
    N_("Inputs"): N_("The values that enter the network, one at each time step."),
    N_("Marked"): N_("The numbers that are to be added."),
    N_("Input"): N_("The number that enters the network at this time step."),
    N_("Target"): N_("The value that is to be predicted: the network does not see it."),
    N_("Targets"): N_("The values that are to be predicted, one at each time step: the network does not see them."),
    N_("Best answer so far"):
        N_("The answer as far as it can be known at this step. The band around its end is counted as right."),
    N_("Answer"): N_("What the network says after the last step: only this is judged."),
    N_("Change"):
        N_("How much the prediction moves when the input at this step is nudged: where it is 0, the network has "
           "forgotten that step."),
    N_("Network"): N_("The probability that the network gives to each letter as the next one; together they are 1."),
    N_("In the text"): N_("How often each letter really follows in the text that the network learned from."),
    N_("Comes next"): N_("The symbol that really follows here."),
    N_("Right"): N_("A step at which the likeliest sign is the right one."),
    N_("Permitted"): N_("A symbol that the rule allows here. Its bar should stand above all that are not permitted."),
    N_("Not permitted"): N_("A symbol that the rule does not allow here. Its bar should vanish."),
    N_("One seed"): N_("One run: its first weights and the order of its samples were drawn with a seed of its own."),
    N_("Median"): N_("The middle one of the runs that differ in nothing but their seed."),
    N_("Lowest to highest"): N_("From the lowest to the highest result of all seeds: what chance alone can do."),
    N_("Best baseline"): N_("The best forecast without a network, for the same data."),
    N_("Limit {clip:g}"):
        N_("Gradients longer than this are cut down to it before the weights move (gradient clipping)."),
    N_("other units"): N_("The same state of the other hidden units, for comparison."),
    N_("thin line: training"): N_("Each run's loss on the batches it learned from."),
    N_("marks: validation"): N_("Each run's loss on the validation part, measured at the end of an epoch."),
}
"""By the name in the legend, in which a number may stand."""

AXES: Final[Mapping[str, str]] = {
    N_("Updates of the weights"): N_("How often the weights have been changed, once for each batch."),
    N_("Epochs"): N_("How often all training samples have been read."),
    N_("Seconds spent on updates"): N_("Computing time spent on learning, without measuring and waiting."),
    N_("Training sequences read"): N_("How many sequences the network has learned from so far."),
    N_("Loss"):
        N_("What training makes small: the mean squared error, or for answers out of several the cross-entropy. "
           "Lower is better."),
    N_("Correct answers"): N_("Right answers out of all; at 100% every one is right."),
    N_("steps right"): N_("How many of the steps that are asked for are right."),
    N_("Mean absolute error"):
        N_("How far the predictions are off on average, in the unit of the series. Lower is better."),
    N_("Time step"): N_("The place in the sequence. The cell does its equations once at each."),
    N_("Time step of the stream"): N_("The place in a sequence without an end."),
    N_("Time steps back from the loss"):
        N_("0 is where the loss is measured; to the right it goes back into the past."),
    N_("Time steps back from the last input"):
        N_("0 is the last input before the answer; to the right it goes back into the past."),
    N_("Time steps by which the real changes are shifted"):
        N_("0 compares each predicted change with the real one of the same step, 1 with the one before it."),
    N_("Correlation"): N_("1: the changes go together; 0: they have nothing to do with each other."),
    N_("Date"): N_("The day, or the moment, to which the values belong."),
    N_("Value"): N_("The values as they are, before scaling."),
    N_("value"): N_("What the gate or state is; a gate lies between 0 and 1."),
    N_("probability"): N_("From 0, impossible, to 1, certain, as the network sees it."),
    N_("Class"): N_("The answers that the network chooses from."),
    N_("Example"): N_("Each one is a sequence of its own with an answer of its own."),
    N_("Feature"): N_("The numbers that enter at one time step, side by side."),
    N_("Row"): N_("The rows of the image, which the network reads one after the other."),
    N_("Image"): N_("The image that is read; a row is one time step."),
    N_("Letter"): N_("The letters of the network's vocabulary."),
    N_("Sign"): N_("The signs of the network's vocabulary."),
    N_("Position in the text"): N_("Which letter of the text is to be named."),
    N_("Steps of the answers"): N_("The steps at which the network says a sign, one answer after the other."),
    N_("Letter read"): N_("The letter that has just entered."),
    N_("Next letter"): N_("The letter that could follow."),
    N_("Next symbol"): N_("The symbols that could follow."),
    N_("Letters in the order in which they were written"):
        N_("Each has been chosen by the network, and read before the next one."),
    N_("What the decoder reads at each step"): N_("First the start sign, then each sign that has just been said."),
    N_("What it says"): N_("The signs that the decoder chooses from."),
    N_("What the gate adds up"):
        N_("Inputs, hidden state of the step before, and bias: each is multiplied by a weight, and all are added."),
    N_("unit"): N_("The hidden units of the layer, one in each row."),
    N_("n, times multiplied"): N_("How often the factor is multiplied by itself: as many time steps back."),
    N_("factorⁿ"): N_("What is left of a gradient of 1 after n steps."),
    N_("Norm"): N_("The length of the gradient of all weights together: how strongly they are pulled."),
    N_("Mean change"): N_("How much the prediction changes on average when one input is nudged."),
    N_("Real"): N_("What the right answer is."),
    N_("Predicted"): N_("What the network takes it for."),
    N_("one coordinate only"): N_("The letters have a single coordinate: height says nothing here."),
}
"""By the title of the axis, without its unit."""


def explained(traces: Iterable[Mapping[str, Any]], layout: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the legend's names and the axes' titles mean: ``marks`` and ``axes``, each name with its sentence.

    What has no sentence of its own, since it is named after a network or a unit, or has no name, has the one that
    stands in ``layout.meta``.
    """
    names = dict.fromkeys(str(trace.get("name") or "") for trace in traces if trace.get("hoverinfo") != "skip"
                          or trace.get("name"))
    titles = dict.fromkeys(str(text) for axis, facts in layout.items() if axis.startswith(("xaxis", "yaxis"))
                           if (text := ((facts or {}).get("title") or {}).get("text")))
    others = str(layout.get("meta") or "")
    return {"marks": {name: sentence for name in names if (sentence := _of(MARKS, name) or others)},
            "axes": {title: _of(AXES, title) or _("The values of the series, in their own unit.") for title in titles}}


def _of(sentences: Mapping[str, str], name: str) -> str:
    """Return the sentence of a name, whatever number is in it and whatever unit stands behind it; "" for none."""
    for known, sentence in sentences.items():
        written = _(known)
        if name == written or name.startswith(aside(written, "\n").split("\n")[0]) or (
                "{" in written and name.startswith(written.split("{")[0])):
            return _(sentence)
    return ""
