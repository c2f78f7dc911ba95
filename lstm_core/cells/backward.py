"""Back-propagation through time: what the loss at the output says to every state, input and weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lstm_core.cells.equations import BACK, STACKED, GateWeights, State, Step, StepGradient, gate_weights
from lstm_core.cells.forward import checked, encode, run
from lstm_core.records import GradientTrace, LayerGradient, Weights
from lstm_core.refusal import Refusal
from lstm_core.spec import ModelSpec


@np.errstate(invalid="ignore")      # a diverged run, as in trace
def backprop(model: ModelSpec, weights: Weights, x: np.ndarray, dy: np.ndarray,
             states: Sequence[State] | None = None) -> GradientTrace:
    """Return all gradients of the loss over one sequence by back-propagation through time (Werbos 1990).

    dL/dh(t) and dL/dc(t) are total derivatives: through the output at time t and through all later time steps.

    Args:
        model: the network.
        weights: its parameters.
        x: (T, F) numbers, already scaled, or (T,) letter ids.
        dy: (T, O) gradient of the loss with respect to the output at every time step; zeros where it is not read.
        states: for each recurrent layer the state before the first step; zeros when not given.

    Raises:
        Refusal: the sequence, the states or dy do not fit the network.
    """
    x = checked(weights, x)
    if np.shape(dy) != (len(x), len(weights["head.bias"])):
        raise Refusal("The gradient of the output must have the shape {allowed}; received {received}.",
                      allowed=(len(x), len(weights["head.bias"])), received=np.shape(dy))
    columns = list(zip(*run(model, weights, x, states), strict=True))
    # y(t) = V h(t) + b
    tops = np.stack([step.after[0] for step in columns[-1]])
    gradients = _linear_back("head", tops, dy)
    arriving = dy @ np.asarray(weights["head.weight"], np.float64)      # (T, O) -> (T, H): what each h(t) receives
    layers: list[LayerGradient] = []
    for number in reversed(range(len(columns))):
        w = gate_weights(model.cell, weights, number)
        steps = columns[number]
        back = _back_through_time(model.cell, w, steps, arriving)
        gradients |= _stacked_gradients(model.cell, number, steps, back)
        # a_k(t) = W_k x(t) + ...
        dx = np.sum([np.stack([at.da[gate] for at in back]) @ w[gate].W for gate in w], axis=0)
        dstate = [np.stack(values) for values in zip(*(at.dstate for at in back), strict=True)]
        layers.insert(0, LayerGradient(dh=dstate[0], dc=dstate[1] if len(dstate) == 2 else None, dx=dx))
        arriving = dx                                                   # the layer below put out what this one read
    if "dense.weight" in weights:
        gradients |= _linear_back("dense", encode(weights, x), arriving)
        arriving = arriving @ np.asarray(weights["dense.weight"], np.float64)
    if "embedding.weight" in weights:
        rows = np.zeros(weights["embedding.weight"].shape)
        np.add.at(rows, x, arriving)                                    # a letter that came twice receives both
        gradients["embedding.weight"] = rows
    return GradientTrace(tuple(layers), {name: gradients[name] for name in weights})


def _back_through_time(cell: str, w: dict[str, GateWeights], steps: Sequence[Step],
                       arriving: np.ndarray) -> list[StepGradient]:
    """Return the gradients at every step of a layer, given what each h(t) (T, H) receives from above."""
    later: State = tuple(np.zeros_like(values) for values in steps[-1].after)
    back: list[StepGradient] = []
    for step, dy in zip(reversed(steps), arriving[::-1], strict=True):
        dh, *dc = later
        back.append(BACK[cell](w, step, dy + dh, *dc))
        later = back[-1].dbefore
    return back[::-1]


def _stacked_gradients(cell: str, number: int, steps: Sequence[Step], back: Sequence[StepGradient]) -> Weights:
    """Return a layer's weight gradients, summed over time, in torch's stacked arrays."""
    x = np.stack([step.x for step in steps])                                        # (T, F)
    h = np.stack([step.before[0] for step in steps])                                # (T, H)
    da = np.stack([np.concatenate([at.da[gate] for gate in STACKED[cell]]) for at in back])     # (T, G*H)
    du = np.stack([np.concatenate([at.du[gate] for gate in STACKED[cell]]) for at in back])
    return {f"layers.{number}.weight_ih_l0": da.T @ x, f"layers.{number}.bias_ih_l0": da.sum(axis=0),
            f"layers.{number}.weight_hh_l0": du.T @ h, f"layers.{number}.bias_hh_l0": du.sum(axis=0)}


def _linear_back(name: str, x: np.ndarray, dy: np.ndarray) -> Weights:
    """Return the weight gradients of a dense layer that read x (T, F) and received dy (T, O)."""
    return {f"{name}.weight": dy.T @ x, f"{name}.bias": dy.sum(axis=0)}
