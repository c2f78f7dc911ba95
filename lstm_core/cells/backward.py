"""Back-propagation through time: what the loss at the output says to every state, input and weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lstm_core.cells.equations import BACK, GateWeights, State, Step, StepGradient, gate_weights
from lstm_core.cells.forward import answers, checked, encode, run, switch
from lstm_core.cells.head import linear_back, read_out_back
from lstm_core.errors import Refusal
from lstm_core.records import GradientTrace, LayerGradient, Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.cell_types import CELL_TYPES


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
    columns = list(zip(*run(model, weights, x, states), strict=True))
    tops = np.stack([step.after[0] for step in columns[-1]])
    dy = np.where(answers(weights, x)[:, np.newaxis], dy, 0.0)
    arriving, gradients = read_out_back(weights, tops, x, dy)           # (T, O) -> (T, H): what each h(t) receives
    begins = switch(weights, x)
    stages = [("layers", slice(0, begins)), ("decoder", slice(begins, None))] if begins else [("layers", slice(None))]
    layers: list[LayerGradient] = []
    for number in reversed(range(len(columns))):
        back: list[StepGradient] = []
        entered: list[np.ndarray] = []
        for stage, span in reversed(stages):
            w = gate_weights(model.cell, weights, number, stage)
            steps = columns[number][span]
            part = _back_through_time(model.cell, w, steps, arriving[span], back[0].dbefore if back else None)
            gradients |= _stacked_gradients(model.cell, f"{stage}.{number}", steps, part)
            # a_k(t) = W_k x(t) + ...
            entered.insert(0, np.sum([np.stack([at.da[gate] for at in part]) @ w[gate].W for gate in w], axis=0))
            back = part + back
        dx = np.concatenate(entered)
        dstate = [np.stack(values) for values in zip(*(at.dstate for at in back), strict=True)]
        layers.insert(0, LayerGradient(dh=dstate[0], dc=dstate[1] if len(dstate) == 2 else None, dx=dx))
        arriving = dx                                                   # the layer below put out what this one read
    if "dense.weight" in weights:
        gradients |= linear_back("dense", encode(weights, x), arriving)
        arriving = arriving @ np.asarray(weights["dense.weight"], np.float64)
    if "embedding.weight" in weights:
        rows = np.zeros(weights["embedding.weight"].shape)
        np.add.at(rows, x, arriving)                                    # a letter that came twice receives both
        gradients["embedding.weight"] = rows
    return GradientTrace(tuple(layers), {name: gradients[name] for name in weights})


def _back_through_time(cell: str, w: dict[str, GateWeights], steps: Sequence[Step], arriving: np.ndarray,
                       later: State | None) -> list[StepGradient]:
    """Return the gradients at every step of a layer.

    Given is what each h(t) (T, H) receives from above, and what the last state receives from later steps, if any.
    """
    later = later or tuple(np.zeros_like(values) for values in steps[-1].after)
    back: list[StepGradient] = []
    for step, dy in zip(reversed(steps), arriving[::-1], strict=True):
        dh, *dc = later
        back.append(BACK[cell](w, step, dy + dh, *dc))
        later = back[-1].dbefore
    return back[::-1]


def _stacked_gradients(cell: str, layer: str, steps: Sequence[Step], back: Sequence[StepGradient]) -> Weights:
    """Return a layer's weight gradients, summed over time, in torch's stacked arrays."""
    order = CELL_TYPES[cell].stacked
    x = np.stack([step.x for step in steps])                                        # (T, F)
    h = np.stack([step.before[0] for step in steps])                                # (T, H)
    da = np.stack([np.concatenate([at.da[gate] for gate in order]) for at in back])     # (T, G*H)
    du = np.stack([np.concatenate([at.du[gate] for gate in order]) for at in back])
    return {f"{layer}.weight_ih_l0": da.T @ x, f"{layer}.bias_ih_l0": da.sum(axis=0),
            f"{layer}.weight_hh_l0": du.T @ h, f"{layer}.bias_hh_l0": du.sum(axis=0)}
