"""How large everything is: each tensor from the series to the loss, each layer's weights, how far a gradient reaches.

The letters of the axes: T rows of a series, N samples, B samples of one batch, S time steps, R those that an encoder
reads before a decoder begins, F numbers at a time step, K symbols, E numbers of an embedding, D units of the dense
input layer, H hidden units, A units of the ReLU layer, C filters of the convolution, O outputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_core.cells import backprop, trace
from lstm_core.data import Dataset, Windows
from lstm_core.records import Weights
from lstm_core.spec import Layer, ModelSpec, RunSpec
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import KERNEL, plan_network

LETTERS = {"one-hot": "K", "embedding": "E", "dense": "D", "layers": "H", "decoder": "H", "after": "A", "conv": "C",
           "head": "O"}
"""What the numbers are called that leave a stage of a network."""

Task = Literal["one-to-one", "one-to-many", "many-to-one", "aligned", "encoder-decoder"]


@dataclass(frozen=True)
class Tensor:
    """One tensor on the way: what each axis counts, and how many there are."""

    name: str                       # of the layer it leaves, as in the weights, or of what happens to it
    axes: tuple[str, ...]           # a letter for each axis; a product or sum where two were joined
    shape: tuple[int, ...]
    whole: bool = False             # whole numbers that name symbols or classes, not measured values
    states: tuple[str, ...] = ()    # what a recurrent layer also hands over after its last step: h, and c of an LSTM

    @property
    def state(self) -> tuple[int, int, int]:
        """Return the shape of each final state, as torch keeps it: one layer, one direction."""
        return 1, self.shape[0], self.shape[-1]


def way(model: ModelSpec, data: Dataset, *, samples: int, batch: int) -> list[Tensor]:
    """Return the tensors from the data to the loss, in order.

    ``samples`` the training windows or examples; ``batch`` how many of them make one update.
    """
    io_shape = data.io_shape
    width = () if io_shape.n_symbols else (io_shape.n_features,)
    letter = () if io_shape.n_symbols else ("F",)
    whole = bool(io_shape.n_symbols)
    found = [Tensor("series", ("T", *letter), (len(data.inputs), *width), whole)] if isinstance(data, Windows) else []
    found += [Tensor("samples", ("N", "S", *letter), (samples, io_shape.n_steps, *width), whole),
              Tensor("batch", ("B", "S", *letter), (batch, io_shape.n_steps, *width), whole)]
    return [*found, *network(model, io_shape, batch=batch)]


def network(model: ModelSpec, io_shape: IOShape, *, batch: int) -> list[Tensor]:
    """Return the tensors from the input of the network to the loss, in order."""
    planned, every = plan_network(model, io_shape), model.output == "every"
    source = io_shape.encoder_steps
    axes = {"layers": "R" if source else "S", "decoder": "S - R"}       # along time; S where nothing else is said
    answers = ("S - R" if source else "S",) if every else ()
    answered = (planned.stages[-1].steps,) if every else ()
    found: list[Tensor] = []
    for stage in planned.stages:
        letter, size = LETTERS[stage.kind], (batch, stage.steps, stage.width)
        match stage.kind:
            case "layers" | "decoder":
                found.append(Tensor(stage.name, ("B", axes[stage.kind], letter), size,
                                    states=tuple(model.cell_type.states)))
            case "conv":
                found += [Tensor("conv", ("B", letter, "S"), (batch, stage.width, stage.steps)),
                          Tensor("pooled", ("B", "C × S/2"), (batch, planned.pooled)),
                          Tensor("joined", ("B", f"{found[-1].axes[-1]} + C × S/2"),
                                 (batch, found[-1].shape[-1] + planned.pooled))]
            case "after" | "head":
                found.append(Tensor(stage.name, ("B", *answers, letter), (batch, *answered, stage.width)))
            case _:
                found.append(Tensor(stage.name, ("B", "S", letter), size))
        if stage == planned.recurrent("decoder" if source else "layers")[-1] and not every:
            found.append(Tensor("last", ("B", letter), (batch, stage.width)))
    found.append(Tensor("target", ("B", *answers), (batch, *answered), whole=bool(io_shape.n_classes)))
    return [*found, Tensor("loss", (), ())]


@dataclass(frozen=True)
class Count:
    """How many weights and biases one layer has, and the formula that says so."""

    name: str                       # as in sizes.parameters
    formula: str                    # in letters: summands, or a factor and summands in brackets
    sizes: dict[str, int]           # what the letters stand for; F is what enters this layer
    saved: int = 0                  # biases that the same layer lacks in Keras

    @property
    def numbers(self) -> str:
        """Return the formula with the numbers put in."""
        return "".join(str(self.sizes.get(sign, sign)) for sign in self.formula)

    @property
    def total(self) -> int:
        """Return what the formula gives."""
        factor, bracket, inside = self.numbers.partition(" × (")
        summands = (inside.removesuffix(")") if bracket else factor).split(" + ")
        whole = sum(math.prod(int(number) for number in summand.split(" × ")) for summand in summands)
        return int(factor) * whole if bracket else whole

    @property
    def keras(self) -> int:
        """Return how many the same layer has in Keras."""
        return self.total - self.saved


def counts(model: ModelSpec, io_shape: IOShape) -> list[Count]:
    """Return the weights and biases of each layer, in the order of :func:`lstm_core.spec.parameters.parameters`.

    Keras gives an RNN and an LSTM one bias vector where torch has two, whose sum alone matters. Its GRU has two as
    well, because the reset gate multiplies the recurrent one (``reset_after=True``, the default of TensorFlow 2).
    """
    gates, block = model.cell_type.blocks, "H × F + H × H + 2 × H"
    cell = block if gates == 1 else f"{gates} × ({block})"
    formulas = {"embedding": "K × E", "layers": cell, "decoder": cell, "conv": f"C × ({KERNEL} × F + 1)"}
    found: list[Count] = []
    for stage in plan_network(model, io_shape).stages:
        letter, recurrent = LETTERS[stage.kind], stage.kind in ("layers", "decoder")
        if stage.parameters:
            found.append(Count(stage.name, formulas.get(stage.kind, f"{letter} × (F + 1)"),
                               {letter: stage.width, "K" if stage.kind == "embedding" else "F": stage.reads},
                               gates * stage.width if recurrent and model.cell_type.reset is None else 0))
    return found


def task(spec: RunSpec, io_shape: IOShape) -> Task:
    """Return which of the usual forms the task has: how many steps bring something in, how many bring something out."""
    if io_shape.encoder_steps:
        return "encoder-decoder"
    if spec.data.one_input:
        return "one-to-many"
    if io_shape.n_steps == 1:
        return "one-to-one"
    return "aligned" if spec.model.output == "every" else "many-to-one"


# -- how far the gradient reaches ----------------------------------------------------------------------------

READ = np.array([0.2, 0.9, -0.4, 0.7, -0.8, 0.5])
"""The sequence of six numbers on which truncation is shown."""
AIM = 0.6                       # what is to come out after the last of them
PIECE = 3                       # time steps of a piece when the sequence is cut
UNITS = 4                       # hidden units of the network that reads it


@dataclass(frozen=True)
class TruncationDemo:
    """What the loss of the last time step says to every input and every hidden state, T steps."""

    prediction: float
    loss: float                 # (prediction - aim)^2
    inputs: np.ndarray          # (T,) |dL/dx(t)|
    states: np.ndarray          # (T,) norm of dL/dh(t), of an LSTM together with dL/dc(t)


def reach(cell: str) -> tuple[TruncationDemo, TruncationDemo]:
    """Return how far the loss of step 6 reaches: in the whole sequence, and when it is cut in pieces of three.

    Cut, the second piece starts from the state in which the first ended, so the prediction is the same, but that
    state is a number like any other and not what earlier inputs made it: their gradient is zero (Williams and Peng
    1990). A small network with fixed random weights.
    """
    model = ModelSpec(cell=cell, layers=(Layer(UNITS),))                           # type: ignore[arg-type]
    weights = fixed_weights(cell)
    x = READ[:, np.newaxis]
    first = trace(model, weights, x[:PIECE]).layers[0]
    ended = (first.h[-1],) if first.c is None else (first.h[-1], first.c[-1])
    whole = _reach(model, weights, x, None)
    rest = _reach(model, weights, x[PIECE:], ended)
    nothing = np.zeros(PIECE)
    return whole, TruncationDemo(rest.prediction, rest.loss, np.concatenate([nothing, rest.inputs]),
                                 np.concatenate([nothing, rest.states]))


def _reach(model: ModelSpec, weights: Weights, x: np.ndarray, state: tuple[np.ndarray, ...] | None) -> TruncationDemo:
    states = None if state is None else [state]
    prediction = float(trace(model, weights, x, states).output[-1, 0])
    dy = np.zeros((len(x), 1))
    dy[-1] = 2 * (prediction - AIM)                                                 # L = (y - aim)^2
    layer = backprop(model, weights, x, dy, states).layers[0]
    dstate = layer.dh if layer.dc is None else np.hstack([layer.dh, layer.dc])
    return TruncationDemo(prediction, (prediction - AIM) ** 2, np.abs(layer.dx[:, 0]), np.linalg.norm(dstate, axis=1))


def fixed_weights(cell: str) -> Weights:
    """Return weights drawn from a fixed seed, large enough that six steps back something is left of the gradient."""
    random, rows = np.random.default_rng(3), CELL_TYPES[cell].blocks * UNITS
    drawn = {"layers.0.weight_ih_l0": (rows, 1), "layers.0.weight_hh_l0": (rows, UNITS), "head.weight": (1, UNITS)}
    weights = {name: random.normal(0, 0.8, shape) for name, shape in drawn.items()}
    return weights | {"layers.0.bias_ih_l0": np.zeros(rows), "layers.0.bias_hh_l0": np.zeros(rows),
                      "head.bias": np.zeros(1)}
