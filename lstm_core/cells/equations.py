"""The equations of the recurrent cells in NumPy: one step, a whole sequence, and the way back through time.

One list of names, everywhere. Of the states and gates (at one time step; capital T steps are stacked as rows):

    x  what enters the layer      h  hidden state      c  cell state (LSTM)
    f  forget gate    i  input gate    g  candidate    o  output gate          (LSTM)
    r  reset gate     z  update gate   n  candidate                            (GRU)

Of the weights: W for the input, U for the hidden state, b for the bias; ``a`` is a pre-activation, the sum that goes
into a sigmoid or tanh; ``dv`` is the gradient dL/dv of the loss L. States are rows, so the product "W x" of the papers
is written ``x @ W.T``: the same line then serves one sequence (F,) and a batch of them (B, F). All in float64.

``clamp`` is where a what-if takes hold of a gate or a state; as long as nobody asks for one, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_core.errors import unknown
from lstm_core.records import Weights
from lstm_core.spec.cell_types import CELL_TYPES

State = tuple[np.ndarray, ...]
"""(h,) or, in a cell with a cell state, (h, c); each (..., H)."""

Clamp = Callable[[str, np.ndarray], np.ndarray]
"""Given the name of a gate or state and its values (..., H) returns the values to go on with."""


@dataclass(frozen=True)
class GateWeights:
    """The weights of one gate."""

    W: np.ndarray       # (H, F) from the input
    U: np.ndarray       # (H, H) from the hidden state
    b: np.ndarray       # (H,) bias: torch's two biases added up, which is what their gate sees
    b_h: np.ndarray     # (H,) bias added to U h before a reset gate; zero where there is none


@dataclass(frozen=True)
class Step:
    """One recurrent layer at one time step."""

    x: np.ndarray                   # (..., F) what entered
    before: State                   # the state before the step
    pre: dict[str, np.ndarray]      # gate name -> (..., H) pre-activation
    gates: dict[str, np.ndarray]    # gate name -> (..., H) activation
    after: State                    # the state after the step


@dataclass(frozen=True)
class StepGradient:
    """The gradients of one recurrent layer at one time step."""

    dstate: State                   # dL/dh(t) and dL/dc(t): through this step's output and all later steps
    dbefore: State                  # what the state before the step receives through this step
    da: dict[str, np.ndarray]       # gate name -> (H,) dL/d(W x + b)
    du: dict[str, np.ndarray]       # gate name -> (H,) dL/d(U h + b_h); differs from da behind a reset gate


def gate_weights(cell: str, weights: Weights, layer: int, stage: str = "layers") -> dict[str, GateWeights]:
    """Return the weights of a recurrent layer (counted from 0) gate by gate, taken out of torch's stacked arrays.

    ``stage`` is "decoder" for the layers that take over where an encoder ends.

    Raises:
        Refusal: the cell is not known.
    """
    if cell not in CELL_TYPES:
        raise unknown("cell", cell, CELL_TYPES)
    kind = CELL_TYPES[cell]
    order = kind.stacked
    stacked = [np.asarray(weights[f"{stage}.{layer}.{name}_l0"], np.float64)
               for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    W, U, b, b_h = (dict(zip(order, np.split(array, len(order)), strict=True)) for array in stacked)
    for gate in order:
        if kind.reset is None or gate != kind.reset[1]:     # nothing between the two biases: only their sum matters
            b[gate], b_h[gate] = b[gate] + b_h[gate], np.zeros_like(b[gate])
    return {gate: GateWeights(W[gate], U[gate], b[gate], b_h[gate]) for gate in kind.gates}


def sigmoid(a: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^-a); e is only ever raised to a negative power, so no pre-activation can overflow it."""
    e = np.exp(-np.abs(a))
    s: np.ndarray = np.where(a >= 0, 1.0, e) / (1.0 + e)
    return s


def untouched(_name: str, values: np.ndarray) -> np.ndarray:
    """Return the values as they are: the clamp of a network that nobody takes hold of."""
    return values


# ---------------------------------------------------------------------------------------------- one step forward


def rnn_step(w: dict[str, GateWeights], x: np.ndarray, h: np.ndarray, clamp: Clamp = untouched) -> Step:
    """Return one step of the plain recurrent network (Elman 1990, with tanh)."""
    # h(t) = tanh(W x(t) + U h(t-1) + b)
    a = x @ w["h"].W.T + h @ w["h"].U.T + w["h"].b
    new_h = clamp("h", np.tanh(a))
    return Step(x, (h,), {"h": a}, {"h": new_h}, (new_h,))


def gru_step(w: dict[str, GateWeights], x: np.ndarray, h: np.ndarray, clamp: Clamp = untouched) -> Step:
    """Return one step of the GRU (Cho et al. 2014, equations 5 to 8; the reset gate after the product, as in torch)."""
    # r(t) = σ(W_r x(t) + U_r h(t-1) + b_r)                               what the candidate sees of the past
    a_r = x @ w["r"].W.T + h @ w["r"].U.T + w["r"].b
    r = clamp("r", sigmoid(a_r))
    # z(t) = σ(W_z x(t) + U_z h(t-1) + b_z)                               how much of the past stays
    a_z = x @ w["z"].W.T + h @ w["z"].U.T + w["z"].b
    z = clamp("z", sigmoid(a_z))
    # n(t) = tanh(W_n x(t) + b_n + r(t) * (U_n h(t-1) + b_h))             what could be new
    a_n = x @ w["n"].W.T + w["n"].b + r * (h @ w["n"].U.T + w["n"].b_h)
    n = clamp("n", np.tanh(a_n))
    # h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)
    new_h = clamp("h", (1 - z) * n + z * h)
    return Step(x, (h,), {"r": a_r, "z": a_z, "n": a_n}, {"r": r, "z": z, "n": n}, (new_h,))


def lstm_step(w: dict[str, GateWeights], x: np.ndarray, h: np.ndarray, c: np.ndarray,
              clamp: Clamp = untouched) -> Step:
    """Return one step of the LSTM (Hochreiter & Schmidhuber 1997; with the forget gate of Gers et al. 2000)."""
    # f(t) = σ(W_f x(t) + U_f h(t-1) + b_f)                               what stays in the cell
    a_f = x @ w["f"].W.T + h @ w["f"].U.T + w["f"].b
    f = clamp("f", sigmoid(a_f))
    # i(t) = σ(W_i x(t) + U_i h(t-1) + b_i)                               what is let in
    a_i = x @ w["i"].W.T + h @ w["i"].U.T + w["i"].b
    i = clamp("i", sigmoid(a_i))
    # g(t) = tanh(W_g x(t) + U_g h(t-1) + b_g)                            what could be new
    a_g = x @ w["g"].W.T + h @ w["g"].U.T + w["g"].b
    g = clamp("g", np.tanh(a_g))
    # o(t) = σ(W_o x(t) + U_o h(t-1) + b_o)                               what is let out
    a_o = x @ w["o"].W.T + h @ w["o"].U.T + w["o"].b
    o = clamp("o", sigmoid(a_o))
    # c(t) = f(t) * c(t-1) + i(t) * g(t)
    new_c = clamp("c", f * c + i * g)
    # h(t) = o(t) * tanh(c(t))
    new_h = clamp("h", o * np.tanh(new_c))
    return Step(x, (h, c), {"f": a_f, "i": a_i, "g": a_g, "o": a_o}, {"f": f, "i": i, "g": g, "o": o}, (new_h, new_c))


def lstm97_step(w: dict[str, GateWeights], x: np.ndarray, h: np.ndarray, c: np.ndarray,
                clamp: Clamp = untouched) -> Step:
    """Return one step of the LSTM as it was first, without a forget gate (Hochreiter & Schmidhuber 1997).

    Squashed as today, by tanh: the paper scaled logistic functions to -2..2 for the candidate and to -1..1 for the cell
    state. So the missing forget gate is all that differs from :func:`lstm_step`.
    """
    # i(t) = σ(W_i x(t) + U_i h(t-1) + b_i)                               what is let in
    a_i = x @ w["i"].W.T + h @ w["i"].U.T + w["i"].b
    i = clamp("i", sigmoid(a_i))
    # g(t) = tanh(W_g x(t) + U_g h(t-1) + b_g)                            what could be new
    a_g = x @ w["g"].W.T + h @ w["g"].U.T + w["g"].b
    g = clamp("g", np.tanh(a_g))
    # o(t) = σ(W_o x(t) + U_o h(t-1) + b_o)                               what is let out
    a_o = x @ w["o"].W.T + h @ w["o"].U.T + w["o"].b
    o = clamp("o", sigmoid(a_o))
    # c(t) = c(t-1) + i(t) * g(t)                                         nothing is ever forgotten
    new_c = clamp("c", c + i * g)
    # h(t) = o(t) * tanh(c(t))
    new_h = clamp("h", o * np.tanh(new_c))
    return Step(x, (h, c), {"i": a_i, "g": a_g, "o": a_o}, {"i": i, "g": g, "o": o}, (new_h, new_c))


# ---------------------------------------------------------------------------------------------- one step backward
# The chain rule through the lines above, last line first. σ' = σ (1 - σ) and tanh' = 1 - tanh².


def rnn_back(w: dict[str, GateWeights], step: Step, dh: np.ndarray) -> StepGradient:
    """Return the gradients of one RNN step, given dL/dh(t)."""
    # h(t) = tanh(a)
    da = {"h": dh * (1 - step.gates["h"] ** 2)}
    # a = W x(t) + U h(t-1) + b
    return StepGradient((dh,), (_through_gates(w, da),), da, da)


def gru_back(w: dict[str, GateWeights], step: Step, dh: np.ndarray) -> StepGradient:
    """Return the gradients of one GRU step, given dL/dh(t)."""
    (h,), r, z, n = step.before, step.gates["r"], step.gates["z"], step.gates["n"]
    # h(t) = (1 - z) * n + z * h(t-1)
    dz = dh * (h - n)
    dn = dh * (1 - z)
    # n = tanh(W_n x(t) + b_n + r * u), where u = U_n h(t-1) + b_h
    da_n = dn * (1 - n**2)
    dr = da_n * (h @ w["n"].U.T + w["n"].b_h)
    du_n = da_n * r
    # r = σ(a_r), z = σ(a_z)
    da = {"r": dr * r * (1 - r), "z": dz * z * (1 - z), "n": da_n}
    du = da | {"n": du_n}
    # h(t-1) was used in the last line, and in every gate
    return StepGradient((dh,), (dh * z + _through_gates(w, du),), da, du)


def lstm_back(w: dict[str, GateWeights], step: Step, dh: np.ndarray, dc: np.ndarray) -> StepGradient:
    """Return the gradients of one LSTM step, given dL/dh(t) and what c(t) receives from step t+1."""
    f, i, g, o = (step.gates[gate] for gate in "figo")
    (_, old_c), (_, c) = step.before, step.after
    # h(t) = o * tanh(c(t))
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c(t) = f * c(t-1) + i * g                      dc flows back through f alone: no weight, no squashing
    df = dc * old_c
    di = dc * g
    dg = dc * i
    # f = σ(a_f), i = σ(a_i), g = tanh(a_g), o = σ(a_o)
    da = {"f": df * f * (1 - f), "i": di * i * (1 - i), "g": dg * (1 - g**2), "o": do * o * (1 - o)}
    return StepGradient((dh, dc), (_through_gates(w, da), dc * f), da, da)


def lstm97_back(w: dict[str, GateWeights], step: Step, dh: np.ndarray, dc: np.ndarray) -> StepGradient:
    """Return the gradients of one step without a forget gate, given dL/dh(t) and what c(t) receives from step t+1."""
    i, g, o = (step.gates[gate] for gate in "igo")
    c = step.after[1]
    # h(t) = o * tanh(c(t))
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c(t) = c(t-1) + i * g                          dc flows back whole: the constant error carousel
    di = dc * g
    dg = dc * i
    # i = σ(a_i), g = tanh(a_g), o = σ(a_o)
    da = {"i": di * i * (1 - i), "g": dg * (1 - g**2), "o": do * o * (1 - o)}
    return StepGradient((dh, dc), (_through_gates(w, da), dc), da, da)


def _through_gates(w: dict[str, GateWeights], du: dict[str, np.ndarray]) -> np.ndarray:
    """Return what h(t-1) receives through the gates: the sum of U_k' du_k over all gates k."""
    dh: np.ndarray = np.sum([du[gate] @ w[gate].U for gate in w], axis=0)
    return dh


STEP: dict[str, Callable[..., Step]] = {"rnn": rnn_step, "gru": gru_step, "lstm": lstm_step, "lstm97": lstm97_step}
BACK: dict[str, Callable[..., StepGradient]] = {
    "rnn": rnn_back, "gru": gru_back, "lstm": lstm_back, "lstm97": lstm97_back}
"""One step of each cell, forward and backward; beside the facts in :data:`lstm_core.spec.cell_types.CELL_TYPES`."""
