"""How many weights each layer has and why, the network's graph, and the network unrolled over time."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from lstm_core.charts.shapes import blocks as drawn
from lstm_core.charts.shapes.graph import graph as drawn_graph
from lstm_core.charts.shapes.grids import stacked
from lstm_core.charts.shapes.svg import element
from lstm_core.charts.shapes.unrolled import NARROW, WIDE, Unrolled, unrolled
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.inside import tensor_shapes
from lstm_core.inside.tensor_shapes import Count
from lstm_core.spec import ModelSpec, RunSpec
from lstm_core.spec.parameters import parameters
from lstm_core.ui.shapes.tensors import Seen
from lstm_core.ui.widgets.drawing import drawing


def weights(seen: Seen) -> None:
    """Show the weights of every layer with the formula that counts them."""
    model, io_shape = seen.spec.model, seen.data.io_shape
    counts = tensor_shapes.counts(model, io_shape)
    st.markdown(_("Every gate of a recurrent layer has weights W for what enters (F numbers), weights U for its own "
                  "hidden state (H numbers) and a bias, for each of its H units. An LSTM has 4 such blocks, a GRU 3, a "
                  "plain RNN 1. The number of time steps is not in the formula: every step uses the same weights."))
    drawing(_table(model, counts, decoder=bool(io_shape.encoder_steps)), key="drawn_counts")
    st.caption(_("torch keeps two biases per gate, one beside W and one beside U. In an RNN and an LSTM only their sum "
                 "matters, and Keras keeps just that: its counts are smaller by H per gate. The GRU needs both, and "
                 "has them in both."))
    recurrent = [count for count in counts if "." in count.name]
    drawing(element("div", "side-by-side", *(
        element("figure", "",
                stacked(_(model.cell_type.name), model.cell_type.stacked, count.sizes["H"], count.sizes["F"]),
                element("figcaption", "",
                        element("span", "soft", drawn.called(count.name, model, decoder=bool(io_shape.encoder_steps)))))
        for count in recurrent)), key="drawn_blocks")
    st.caption(_("The arrays of each recurrent layer as torch keeps them, the gates above each other; sides on a log "
                 "scale."))


def _table(model: ModelSpec, counts: list[Count], *, decoder: bool) -> Element:
    head = element("thead", "", element("tr", "", *(element("th", "", name, scope="col") for name in (
        _("Layer, and its formula"), "torch", "Keras"))))
    rows = [element("tr", "", element("td", "", drawn.called(count.name, model, decoder=decoder),
                                      element("code", "soft", count.formula),
                                      element("code", "", f"{count.numbers} = {count.total:,}")),
                    element("td", "", f"{count.total:,}"), element("td", "", f"{count.keras:,}")) for count in counts]
    foot = element("tfoot", "", element("tr", "", element("th", "", _("Together"), scope="row"),
                                        *(element("td", "", f"{total:,}") for total in (
                                      sum(count.total for count in counts), sum(count.keras for count in counts)))))
    return element("table", "table", head, element("tbody", "", *rows), foot)


def graph(seen: Seen) -> None:
    """Show the network's graph, and the network unrolled over time."""
    model, io_shape, train = seen.spec.model, seen.data.io_shape, seen.spec.train
    carried = train.stateful != "off"
    st.markdown(_("The graph in the manner of TensorBoard, from below upwards: on each edge the size of what flows "
                  "there. The loss on top goes back down the dashed line and changes the weights of every layer."))
    tensors = seen.tensors[[tensor.name for tensor in seen.tensors].index("batch"):]
    drawing(drawn_graph(model, tensors, parameters(model, io_shape), carried=carried), key="drawn_graph")
    st.markdown("**" + _("The same network unrolled over time") + "**")
    st.markdown(_("One cell is drawn once per time step: it is the same cell with the same weights each time. {state} "
                  "is what it hands to itself.").format(
        state=_("The hidden state h (light blue) and the cell state c (brown)") if model.cell_type.unbounded else
        _("The hidden state h (light blue)")))
    plan = Unrolled(model, io_shape, once=tensor_shapes.task(seen.spec, io_shape) == "one-to-many", carried=carried)
    drawing(unrolled(plan, WIDE, "wide"), unrolled(plan, NARROW, "narrow"), key="drawn_unrolled")
    st.markdown(_start(seen.spec))
    dropped = [f"{layer.dropout:.0%}" for layer in model.layers]
    if any(layer.dropout for layer in model.layers):
        st.markdown(_("Dropout (the crossed ring; {shares}, layer by layer) switches off numbers on their way upwards, "
                      "never on the way from step to step: the memory is not disturbed. It acts in training only.")
                    .format(shares=listing(dropped)))
    if model.conv:
        st.caption(_("The convolution reads the window beside these cells and is not drawn here; the graph above has "
                     "it."))


def _start(spec: RunSpec) -> str:
    """Say what stands at the start and at the end of a sequence."""
    if spec.data.answers == "sequence":
        return _("The encoder starts from a zero state. Where it ends the decoder takes over its state, is given a "
                 "start sign, and then at each step the symbol before; it ends with an end sign.")
    if spec.train.stateful != "off":
        return _("The sequence starts with the state in which the window before it ended, except in the first update "
                 "of an epoch, which starts from zero. The state at its end is carried to the next update; the "
                 "gradient is not.")
    if spec.data.own_sequences:
        return _("Every example is a sequence of its own: it starts with a zero state (the dashed 0), and the state at "
                 "its end is not handed on.")
    return _("Every window starts with a zero state (the dashed 0), and the state at its end is not handed on. With "
             "*Carry the state* on the page Train it would be the start of the next batch.")
