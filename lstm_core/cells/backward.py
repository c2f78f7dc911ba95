"""Back-propagation through time: what the loss at the output says to every state, input and weight.

The equations of one step serve one sequence and a batch alike, and so does all that is here: ``...`` stands for the
axis of a batch, (B,), or for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_core.cells.equations import BACK, State, Step, StepGradient, gate_weights
from lstm_core.cells.forward import answers, checked, encode, spans, steps_by_layer, switch
from lstm_core.cells.head import linear_back, read_out_back
from lstm_core.errors import Refusal
from lstm_core.records import GradientTrace, LayerGradient, Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.cell_types import CELL_TYPES


@dataclass(frozen=True, eq=False)
class LayerBack:
    """One recurrent layer on the way back: its T steps, and what each receives from the loss.

    What not everybody needs is computed when it is asked for.
    """

    cell: str
    weights: dict[str, np.ndarray]          # (G*H, F) input weights of each stage that reads
    spans: dict[str, slice]                 # the time steps that it reads
    steps: Sequence[Step]
    gradients: Sequence[StepGradient]       # of each step

    @cached_property
    def dstate(self) -> State:
        """Return dL/dh(t) and dL/dc(t), each (T, ..., H)."""
        return tuple(np.stack(values) for values in zip(*(at.dstate for at in self.gradients), strict=True))

    @cached_property
    def da(self) -> np.ndarray:
        """Return dL/d(W x + b), (T, ..., G*H), the gates stacked as torch stacks them."""
        return _stacked(self.cell, [at.da for at in self.gradients])

    @cached_property
    def du(self) -> np.ndarray:
        """Return dL/d(U h + b_h), (T, ..., G*H)."""
        same = all(at.du is at.da for at in self.gradients)         # where no reset gate stands between
        return self.da if same else _stacked(self.cell, [at.du for at in self.gradients])

    @cached_property
    def dx(self) -> np.ndarray:
        """Return dL/dx(t), (T, ..., F)."""
        # a_k(t) = W_k x(t) + ...
        return np.concatenate([self.da[span] @ self.weights[stage] for stage, span in self.spans.items()])


@np.errstate(invalid="ignore")      # a diverged run, as in trace
def backprop(model: ModelSpec, weights: Weights, x: np.ndarray, dy: np.ndarray,
             states: Sequence[State] | None = None) -> GradientTrace:
    """Return all gradients of the loss over one sequence by back-propagation through time (Werbos 1990).

    dL/dh(t) and dL/dc(t) are total derivatives: through the output at time t and through all later time steps.

    Args:
        model: the network.
        weights: its parameters.
        x: (T, F) numbers, already scaled, or (T,) letter ids.
        dy: (T, O) gradient of the loss with respect to the output at every time step; zeros where it is not read, and
            without effect where there is no output.
        states: for each recurrent layer the state before the first step; zeros when not given.

    Raises:
        Refusal: the sequence, the states or dy do not fit the network.
    """
    x = checked(weights, x)
    if np.shape(dy) != (len(x), len(weights["head.bias"])):
        raise Refusal("The gradient of the output must have the shape {allowed}; received {received}.",
                      allowed=(len(x), len(weights["head.bias"])), received=np.shape(dy))
    steps = steps_by_layer(model, weights, x, states)
    tops = np.stack([step.after[0] for step in steps[-1]])
    dy = np.where(answers(weights, x)[:, np.newaxis], dy, 0.0)
    arriving, gradients = read_out_back(weights, tops, x, dy)           # (T, O) -> (T, H): what each h(t) receives
    layers = through_time(model, weights, steps, switch(weights, x), arriving)
    gradients |= gradients_below(weights, x, layers)
    return GradientTrace(
        tuple(LayerGradient(layer.dstate[0], layer.dstate[1] if len(layer.dstate) == 2 else None, layer.dx)
              for layer in layers),
        {name: gradients[name] for name in weights})


def through_time(model: ModelSpec, weights: Weights, steps: Sequence[Sequence[Step]], switch: int,
                 arriving: np.ndarray) -> list[LayerBack]:
    """Go from the last recurrent layer to the first, in each from the last time step to the first.

    Args:
        model: the network.
        weights: its parameters.
        steps: the T steps of each layer, from the first to the last.
        switch: the time step at which a decoder takes over; 0 without one.
        arriving: (T, ..., H) what every h(t) of the last layer receives from the output.

    Returns:
        the layers, from the first to the last.
    """
    layers: list[LayerBack] = []
    for number in reversed(range(len(steps))):
        if layers:
            arriving = layers[0].dx                                     # the layer below put out what this one read
        layers.insert(0, _layer_back(model.cell, weights, number, steps[number], spans(switch), arriving))
    return layers


def _layer_back(cell: str, weights: Weights, number: int, steps: Sequence[Step], spans: dict[str, slice],
                arriving: np.ndarray) -> LayerBack:
    """Return what a layer receives, given what each h(t) (T, ..., H) receives from above."""
    later: State = tuple(np.zeros_like(arriving[0]) for _ in steps[-1].after)
    back: list[StepGradient] = []
    for stage, span in reversed(spans.items()):
        w = gate_weights(cell, weights, number, stage)
        for step, dy in zip(reversed(steps[span]), arriving[span][::-1], strict=True):
            dh, *dc = later
            back.append(BACK[cell](w, step, dy + dh, *dc))
            later = back[-1].dbefore
    entering = {stage: np.asarray(weights[f"{stage}.{number}.weight_ih_l0"], np.float64) for stage in spans}
    return LayerBack(cell, entering, spans, steps, back[::-1])


def _stacked(cell: str, gates: Sequence[dict[str, np.ndarray]]) -> np.ndarray:
    """Return the gates (..., H) of T steps in torch's order, (T, ..., G*H)."""
    return np.stack([np.concatenate([at[gate] for gate in CELL_TYPES[cell].stacked], axis=-1) for at in gates])


def gradients_below(weights: Weights, x: np.ndarray, layers: Sequence[LayerBack]) -> Weights:
    """Return the weight gradients of the recurrent layers and of all that stands before them.

    They are summed over time and over the sequences of a batch, x (T, ..., F) or symbols (T, ...).
    """
    gradients: Weights = {}
    for number, layer in enumerate(layers):
        for stage, span in layer.spans.items():
            gradients |= _stacked_gradients(f"{stage}.{number}", layer, span)
    arriving = layers[0].dx
    if "dense.weight" in weights:
        gradients |= linear_back("dense", _rows(encode(weights, x)), _rows(arriving))
        arriving = arriving @ np.asarray(weights["dense.weight"], np.float64)
    if "embedding.weight" in weights:
        gradients["embedding.weight"] = np.zeros(weights["embedding.weight"].shape)
        np.add.at(gradients["embedding.weight"], x, arriving)       # a letter that came twice receives both
    return gradients


def _stacked_gradients(name: str, layer: LayerBack, span: slice) -> Weights:
    """Return the weight gradients of a layer over a span of time steps, in torch's stacked arrays."""
    da, du, steps = _rows(layer.da[span]), _rows(layer.du[span]), layer.steps[span]
    x = _rows(np.stack([step.x for step in steps]))
    before = layer.dstate[0].shape[1:]                      # all sequences may begin with the same state (H,)
    h = _rows(np.stack([np.broadcast_to(step.before[0], before) for step in steps]))
    return {f"{name}.weight_ih_l0": da.T @ x, f"{name}.bias_ih_l0": da.sum(axis=0),
            f"{name}.weight_hh_l0": du.T @ h, f"{name}.bias_hh_l0": du.sum(axis=0)}


def _rows(values: np.ndarray) -> np.ndarray:
    """Return (T, ..., F) as rows, (T * B, F)."""
    return values.reshape(-1, values.shape[-1])
