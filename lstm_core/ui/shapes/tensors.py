"""From the series to the loss: every tensor with its true sizes, and what return_sequences changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from xml.etree.ElementTree import Element

import numpy as np
import streamlit as st

from lstm_core.charts.shapes import blocks as drawn
from lstm_core.charts.shapes.svg import element
from lstm_core.charts.shapes.task_forms import tasks
from lstm_core.charts.shapes.unrolled import BESIDE, Unrolled, unrolled
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.inside import tensor_shapes
from lstm_core.inside.tensor_shapes import Tensor
from lstm_core.learning.batches import Batches
from lstm_core.spec import Output, RunSpec, SeriesSpec
from lstm_core.spec.io import IGNORED
from lstm_core.ui.widgets.drawing import drawing
from lstm_core.ui.widgets.labels import option_label


@dataclass(frozen=True)
class Seen:
    """What the page shows: the settings, their data, and how these make up batches."""

    spec: RunSpec
    data: Dataset
    batches: Batches

    @property
    def samples(self) -> int:
        """Return how many windows or examples are learned."""
        return len(self.batches.windows)

    @cached_property
    def first(self) -> np.ndarray:
        """Return the samples of the first update, (B,)."""
        if self.spec.train.stateful != "off":
            return self.batches.carried(0)
        return self.batches.order(0)[:self.spec.train.batch]

    @cached_property
    def tensors(self) -> list[Tensor]:
        """Return every tensor from the data to the loss."""
        return tensor_shapes.way(self.spec.model, self.data, samples=self.samples, batch=len(self.first))


# -- the way of the numbers ----------------------------------------------------------------------------------


def way(seen: Seen) -> None:
    """Show every tensor as a block, the loss as a formula, and how sizes are written."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        drawing(drawn.way(seen.tensors, seen.spec.model, [_about(seen, tensor) for tensor in seen.tensors]),
                key="drawn_way")
    with right:
        _loss(seen)
        _axes(seen)


def _about(seen: Seen, tensor: Tensor) -> str:
    """Return a sentence about a tensor."""
    stage, _dot, number = tensor.name.partition(".")
    if number:
        return _layer(seen, stage, int(number))
    data, model, every = seen.data, seen.spec.model, seen.spec.model.output == "every"
    symbols = bool(data.io_shape.n_symbols)
    if tensor.name == "head":
        if data.classes:
            return (_("A score for each class at every step; softmax makes probabilities of them.") if every else
                    _("A score for each class; softmax makes probabilities of them."))
        return (_("One number at every step of every sample.") if every else _("One number for each sample."))
    return {
        "series": _("One symbol after the other, as whole numbers.") if symbols else _(
            "Rows in the order of time; in each row a number for every feature."),
        "samples": _("The windows of the training part, cut out of the series.") if data.contiguous else _(
            "The examples of the training part; each is a sequence of its own."),
        "batch": _("What enters the network in one update of the weights."),
        "one-hot": _("Each symbol becomes zeros with a single 1 at its own place."),
        "embedding": _("Each symbol becomes the {width} numbers that were learned for it.").format(
            width=model.embedding),
        "dense": _("The same linear layer at every time step."),
        "last": _("Only h of the last step of each sequence goes on, before its padding.")
        if data.lengths(seen.first) is not None else _("Only h of the last step goes on; the others are left out."),
        "after": _("A dense layer whose negative values become zero."),
        "conv": _("{filters} filters slide over the batch itself, three steps wide.").format(filters=model.conv),
        "pooled": _("Of every two steps the larger value; then all in one row."),
        "joined": _("What the recurrent layers and the convolution found, one behind the other."),
        "target": _("What really came: the number that was to be predicted.") if not data.classes else _(
            "What really came: the number of the right class."),
        "loss": _("One number for the whole batch. Its gradient changes every weight."),
    }[tensor.name]


def _layer(seen: Seen, stage: str, number: int) -> str:
    dropout = seen.spec.model.layers[number].dropout
    words = {
        "decoder": _("Begins with the state in which the encoder ends, and puts out h at each of its own steps."),
        "encoder": _("Reads the first {steps} steps; the decoder receives only its final state.").format(
            steps=seen.data.io_shape.encoder_steps),
        "layers": _("Puts out h at every time step; its state after the last one is"),
    }["encoder" if stage == "layers" and seen.data.io_shape.encoder_steps else stage]
    if dropout:
        words = sentences(_("In training {share:.0%} of these numbers are switched off at random.").format(
            share=dropout), words)
    return words


def _loss(seen: Seen) -> None:
    """Show what the last number is made of."""
    target = next(tensor.shape for tensor in seen.tensors if tensor.name == "target")
    scored = int(np.sum(seen.data.y(seen.first) != IGNORED)) if seen.data.classes else int(np.prod(target))
    places = int(np.prod(target))
    terms = f"{drawn.size(target)} = {scored:,}" if scored == places and len(target) > 1 else f"{scored:,}"
    st.markdown("**" + _("The loss of one batch") + "**")
    if seen.data.classes:
        st.latex(r"L = -\frac{1}{N} \sum_{n=1}^{N} \ln \hat p_n(y_n)")
        st.markdown(_("N = {terms} predictions.").format(terms=terms))
        st.markdown(_("Cross entropy in nats: the mean of the negative logarithm of the probability given to the "
                      "right class."))
        if scored < places:
            lengths = seen.data.lengths(seen.first)
            words = _("Of the {all:,} places of the first batch {counted:,} count: the others are padding, or places "
                      "where nobody can know what comes next.") if (
                lengths is not None and scored < lengths.sum()) else _(
                "Of the {all:,} places of the first batch {counted:,} count: the others are padding.")
            st.markdown(words.format(all=places, counted=scored))
        return
    st.latex(r"L = \frac{1}{N} \sum_{n=1}^{N} (\hat y_n - y_n)^2")
    st.markdown(_("N = {terms} predictions.").format(terms=terms))
    scaler = seen.spec.data.scaler if isinstance(seen.spec.data, SeriesSpec) else "none"
    st.markdown({
        "minmax": _("Mean squared error. The values are scaled by the range of the training part, so the unit of the "
                    "loss is that range, squared."),
        "zscore": _("Mean squared error. The values are scaled by the standard deviation of the training part, so the "
                    "unit of the loss is that deviation, squared."),
        "none": _("Mean squared error, in the unit of the values, squared; here the values have no unit.")
        if not seen.data.unit else _("Mean squared error, in {unit} squared.").format(unit=seen.data.unit),
    }[scaler])


def _axes(seen: Seen) -> None:
    """Say what the letters of the axes count, and in which order the axes stand."""
    meanings = {
        "T": _("rows of the series"), "N": _("samples to learn from"), "B": _("samples in one batch"),
        "S": _("time steps"), "R": _("steps that the encoder reads"), "F": _("numbers at each step"),
        "K": _("symbols"), "E": _("numbers that describe a symbol"), "D": _("units of the dense input layer"),
        "H": _("hidden units"), "A": _("units of the ReLU layer"), "C": _("filters"),
        "O": _("numbers that leave the network"),
    }
    used = {letter for tensor in seen.tensors for axis in tensor.axes for letter in axis if letter in meanings}
    st.markdown("**" + _("What the axes count") + "**")
    st.markdown(" · ".join(f"**{letter}** {words}" for letter, words in meanings.items() if letter in used))
    batch = next(tensor.shape for tensor in seen.tensors if tensor.name == "batch")
    swapped = (batch[1], batch[0], *batch[2:])
    st.markdown("**" + _("Batch first or time first") + "**")
    st.markdown(_("Here and in Keras a batch is written batch-major: `{shape}`. Time-major, as torch does by itself "
                  "and TensorFlow 1 could, the same numbers are `{swapped}`. The state has no time axis: torch keeps "
                  "it as (layers, batch, hidden units), Keras as (batch, hidden units).").format(
        shape=batch, swapped=swapped))


# -- what is returned ----------------------------------------------------------------------------------------


def sequences(seen: Seen) -> None:
    """Show the layers with the output read at every and at the last step, and the forms a task can have."""
    st.markdown(_("A recurrent layer always computes h at every step. *return_sequences* only says what it hands on: "
                  "every h, or the last. Between two recurrent layers it is on, or the upper one would have nothing "
                  "to read over time. On top it follows the task."))
    model, io_shape = seen.spec.model, seen.data.io_shape
    cards: list[Element] = []
    outputs: tuple[tuple[Output, str], ...] = (
        ("every", _("On in the top layer: an output at every step")),
        ("last", _("Off in the top layer: one output, after the last step")))
    for output, words in outputs:
        mine = output == model.output
        shown = replace(model, output=output, conv=0)
        notes = [str((len(seen.first), io_shape.n_steps, layer.hidden)) for layer in model.layers]
        if output == "last":
            notes[-1] = str((len(seen.first), model.layers[-1].hidden))
        cards.append(element(
            "figure", "card mine" if mine else "card",
            unrolled(Unrolled(shown, replace(io_shape, encoder_steps=0), notes=tuple(notes)), BESIDE),
            element("figcaption", "", element("b", "", words),
                    *([element("span", "badge", option_label(output))] if mine else []))))
    drawing(element("div", "cards wide-cards", *cards), key="drawn_returns")
    st.markdown("**" + _("The forms a task can have") + "**")
    drawing(tasks(tensor_shapes.task(seen.spec, io_shape)), key="drawn_tasks")
