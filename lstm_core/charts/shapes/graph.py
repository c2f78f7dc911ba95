"""The network's graph in the manner of TensorBoard: from the inputs at the bottom to the loss, sizes on the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstm_core.charts.shapes.blocks import LOSS, MEMORY, STATE, called, size, tint
from lstm_core.charts.shapes.svg import Pen
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, pair
from lstm_core.inside.tensor_shapes import Tensor
from lstm_core.spec import ModelSpec

_BOX, _PITCH = 38.0, 66.0           # height of a node, from one node to the next
_LEFT, _WIDE, _LANE, _RIGHT, _SIDE = 44.0, 168.0, 229.0, 246.0, 106.0
_WIDTH = _RIGHT + _SIDE + 2
_MIDDLE = _LEFT + _WIDE / 2
_RAIL = 14.0                        # where the weights' updates come down


def graph(model: ModelSpec, tensors: Sequence[Tensor], weights: Mapping[str, int], *, carried: bool) -> Pen:
    """Return the graph.

    Args:
        model: the network.
        tensors: from the batch to the loss, in order.
        weights: how many weights and biases each layer has.
        carried: the state comes from the batch before instead of being zero.
    """
    return _Drawing(model, tensors, weights, carried=carried).pen


class _Drawing:
    def __init__(self, model: ModelSpec, tensors: Sequence[Tensor], weights: Mapping[str, int], *,
                 carried: bool) -> None:
        self.model, self.weights, self.carried = model, weights, carried
        self.sides = {tensor.name: tensor for tensor in tensors if tensor.name in ("conv", "pooled", "target")}
        self.trunk = [tensor for tensor in tensors if tensor.name not in self.sides]
        self.decoder = any(tensor.name.startswith("decoder") for tensor in tensors)
        height = len(self.trunk) * _PITCH + 4
        self.pen = Pen(_WIDTH, height, self._alt(), "graph")
        self.rows = {tensor.name: height - _BOX / 2 - 4 - row * _PITCH for row, tensor in enumerate(self.trunk)}
        for below, tensor in zip([None, *self.trunk], self.trunk, strict=False):
            if below is not None:
                self._edge(below, tensor)
            self._node(tensor.name)
            if tensor.states and not tensor.name.startswith("decoder"):
                self._start(tensor)
        self._beside()
        self._target()
        self._train()

    def _alt(self) -> str:
        names = [called(tensor.name, self.model, decoder=self.decoder) for tensor in self.trunk]
        return _("The network's graph from below upwards: {names}.").format(names=listing(names))

    def _node(self, name: str) -> None:
        y, colour = self.rows[name], tint(name)
        words = _("Inputs") if name == "batch" else called(name, self.model, decoder=self.decoder)
        if name in ("last", "joined"):
            self.pen.box(_LEFT + 14, y - 13, _WIDE - 28, 26, "plain", corner=13)
            self.pen.words(_MIDDLE, y, words, "inside")
            return
        self.pen.box(_LEFT, y - _BOX / 2, _WIDE, _BOX, "tinted", tint=colour, corner=8)
        if name in self.weights:
            self.pen.words(_MIDDLE, y - 7, words, "inside")
            self.pen.words(_MIDDLE, y + 9, _("{count:,} weights").format(count=self.weights[name]), "number")
        else:
            self.pen.words(_MIDDLE, y, words, "inside")

    def _half(self, name: str) -> float:
        return 13.0 if name in ("last", "joined") else _BOX / 2

    def _edge(self, below: Tensor, above: Tensor) -> None:
        start, end = self.rows[below.name] - self._half(below.name), self.rows[above.name] + self._half(above.name)
        if self.decoder and above.name == "decoder.0":
            for colour, x in [(STATE, _MIDDLE - 4), (MEMORY, _MIDDLE + 4)][:len(below.states)]:
                self.pen.line((x, start), (x, end), kind="tinted", tint=colour, width=2)
            self._size((start + end) / 2, _("{states} of each layer").format(states=listing(below.states)))
            self._to_decoder(above)
            return
        shape = below.shape
        if self.decoder and above.name == "layers.0":
            shape = (shape[0], above.shape[1], *shape[2:])          # the encoder reads the beginning only
        self.pen.line((_MIDDLE, start), (_MIDDLE, end), kind="plain", width=2)
        self._size((start + end) / 2, size(shape))

    def _to_decoder(self, first: Tensor) -> None:
        """Draw what the decoder reads by itself, past the encoder."""
        source = self.trunk[[tensor.name for tensor in self.trunk].index("layers.0") - 1]
        low, high = self.rows[source.name], self.rows[first.name]
        self.pen.line((_LEFT + _WIDE, low), (_LANE, low), (_LANE, high), (_LEFT + _WIDE, high), kind="plain", width=2)
        self._size(high, size((source.shape[0], first.shape[1], *source.shape[2:])), _LANE + 7)

    def _size(self, y: float, words: str, x: float = _MIDDLE + 9) -> None:
        self.pen.words(x, y, words, "number loose", anchor="start")

    def _start(self, tensor: Tensor) -> None:
        """Draw the state with which a recurrent layer begins."""
        y = self.rows[tensor.name]
        words = _("state before") if self.carried else _("zero state")
        self.pen.box(_RIGHT, y - 17, _SIDE, 34, "zero", corner=17)
        self.pen.words(_RIGHT + _SIDE / 2, y - 6, words, "inside")
        self.pen.words(_RIGHT + _SIDE / 2, y + 8, pair(listing(tensor.states), size(tensor.state)), "number")
        self.pen.line((_RIGHT, y), (_LEFT + _WIDE, y), kind="tinted", tint=STATE, width=2)

    def _beside(self) -> None:
        """Draw the convolution that reads the window beside the recurrent layers."""
        if "conv" not in self.sides:
            return
        y, low = self.rows["last"], self.rows[self.trunk[0].name]
        self.pen.line((_LEFT + _WIDE, low), (_LANE, low), (_LANE, y + 34), (_RIGHT + _SIDE / 2, y + 34),
                      (_RIGHT + _SIDE / 2, y + 22), kind="plain", width=2)
        self.pen.box(_RIGHT, y - 22, _SIDE, 44, "tinted", tint=tint("conv"), corner=8)
        self.pen.words(_RIGHT + _SIDE / 2, y - 12, _("convolution"), "inside")
        self.pen.words(_RIGHT + _SIDE / 2, y + 1, _("and pooling"), "inside")
        self.pen.words(_RIGHT + _SIDE / 2, y + 14, _("{count:,} weights").format(count=self.weights["conv"]), "number")
        high = self.rows["joined"]
        self.pen.line((_RIGHT + _SIDE / 2, y - 22), (_RIGHT + _SIDE / 2, high), (_LEFT + _WIDE - 14, high),
                      kind="plain", width=2)
        self._size(high - 11, size(self.sides["pooled"].shape), _RIGHT)

    def _target(self) -> None:
        target, y = self.sides["target"], self.rows["loss"]
        self.pen.label(_RIGHT, y - 15, _SIDE, 30, called("target", self.model), "tinted", tint=tint("target"))
        self.pen.line((_RIGHT, y), (_LEFT + _WIDE, y), kind="plain", width=2)
        self._size(y + 25, size(target.shape), _RIGHT + 12)

    def _train(self) -> None:
        """Draw that the loss changes every weight: a line down the side, with an arrow into each layer that learns."""
        y, learned = self.rows["loss"], [self.rows[name] for name in self.rows if name in self.weights]
        for row in learned:
            self.pen.line((_RAIL, row), (_LEFT, row), kind="train", tint=LOSS)
        self.pen.line((_LEFT, y), (_RAIL, y), (_RAIL, max(learned)), kind="train", tint=LOSS, head=False)
        self.pen.words(_RAIL, y - 26, _("train"), "soft", anchor="start")
