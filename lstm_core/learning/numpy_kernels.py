"""Recurrent layers of small networks over a whole sequence, in NumPy.

Where a time step is a few thousand numbers, most of the time goes into calling the operations, and NumPy's are called
fastest. Columns are the sequences of a batch: the state before a step, what enters in it and a 1 stand below each
other, so that one matrix [W_hh W_ih b] makes all sums of the step, and its transpose leads all gradients back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Cells(NamedTuple):
    """What an LSTM has inside."""

    gates: Array            # (T, 4, H, B) i, f, g, o
    c: Array                # (T+1, H, B) cell states, that before the first step included
    tanh_c: Array           # (T, H, B)


class Kept(NamedTuple):
    """What the way back through G sums of each of H units needs of the way there."""

    matrix: Array           # (G*H, H+F+1) [W_hh W_ih b]
    entered: Array          # (T+1, H+F+1, B) h(t-1), x(t) and 1 of every step, and at the end h(T)
    cells: Cells | None     # None: a plain RNN


def read(x: Array, weights: list[Array], before: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...], Kept]:
    """Lead a sequence through a layer.

    Args:
        x: (T, B, F).
        weights: W_ih (G*H, F), W_hh (G*H, H), b_ih (G*H,), b_hh (G*H,).
        before: (h,) or, of an LSTM, (h, c), each (B, H).

    Returns:
        the hidden states (T, B, H); the state after the last step; what :func:`gradients` needs.
    """
    w_ih, w_hh, b_ih, b_hh = weights
    matrix = np.concatenate([w_hh, w_ih, (b_ih + b_hh)[:, None]], 1)
    entered = np.empty((len(x) + 1, matrix.shape[1], x.shape[1]), np.float32)
    hidden = w_hh.shape[1]
    entered[0, :hidden] = before[0].T
    entered[:-1, hidden:-1] = x.swapaxes(1, 2)
    entered[:, -1] = 1
    h = entered[1:, :hidden].swapaxes(1, 2)
    if len(before) == 1:
        _read_rnn(matrix, entered)
        return h, (h[-1],), Kept(matrix, entered, None)
    cells = _read_lstm(matrix, entered, before[1])
    return h, (h[-1], cells.c[-1].T), Kept(matrix, entered, cells)


def _read_rnn(matrix: Array, entered: Array) -> None:
    """h(t) = tanh(W_hh h(t-1) + W_ih x(t) + b)."""
    hidden = len(matrix)
    for column, after in zip(entered, entered[1:, :hidden], strict=False):
        np.tanh(matrix @ column, out=after)


def _read_lstm(matrix: Array, entered: Array, before: Array) -> Cells:
    """One tanh serves all gates: sigmoid(z) = (1 + tanh(z / 2)) / 2."""
    (batch, hidden), steps = before.shape, len(entered) - 1
    gates = np.empty((steps, 4, hidden, batch), np.float32)
    c, tanh_c = np.empty((steps + 1, hidden, batch), np.float32), np.empty((steps, hidden, batch), np.float32)
    c[0] = before.T
    scale = np.full((4, hidden, batch), 0.5, np.float32)
    scale[2] = 1
    shift, scaled = 1 - scale, matrix * scale[:, :, :1].reshape(-1, 1)
    for t in range(steps):
        gate = gates[t]
        np.matmul(scaled, entered[t], out=gate.reshape(4 * hidden, batch))
        np.tanh(gate, out=gate)
        gate *= scale
        gate += shift
        i, f, g, o = gate
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += i * g
        np.tanh(c[t + 1], out=tanh_c[t])
        np.multiply(o, tanh_c[t], out=entered[t + 1, :hidden])
    return Cells(gates, c, tanh_c)


def gradients(kept: Kept, dh: Array) -> tuple[Array, list[Array]]:
    """Go back through the sequence; return the gradients with respect to x, (T, B, F), and to the weights.

    ``dh`` (T, B, H): gradient of the loss with respect to the hidden states, as far as it does not come through later
    steps.
    """
    hidden, steps = dh.shape[2], np.ascontiguousarray(dh.swapaxes(1, 2))
    sums, entering = _rnn_gradients(kept, steps) if kept.cells is None else _lstm_gradients(kept, kept.cells, steps)
    found = (sums @ kept.entered[:-1].swapaxes(1, 2)).sum(0)
    return entering[:, hidden:-1].swapaxes(1, 2), [found[:, hidden:-1], found[:, :hidden], found[:, -1], found[:, -1]]


def _rnn_gradients(kept: Kept, dh: Array) -> tuple[Array, Array]:
    """Return the gradients with respect to the sums, (T, H, B), and to the columns: ds = (dh + W_hh' ds) (1 - h^2).

    dh (T, H, B) is overwritten; the second ds is that of the next step.
    """
    hidden, back = dh.shape[1], kept.matrix.T
    slopes = 1 - kept.entered[1:, :hidden] ** 2
    entering = np.empty((len(dh), *kept.entered.shape[1:]), np.float32)
    for t in reversed(range(len(dh))):
        if t + 1 < len(dh):
            dh[t] += entering[t + 1, :hidden]
        dh[t] *= slopes[t]
        np.matmul(back, dh[t], out=entering[t])
    return dh, entering


def _lstm_gradients(kept: Kept, cells: Cells, dh: Array) -> tuple[Array, Array]:
    """Return the gradients with respect to the sums of all gates, (T, 4*H, B), and to the columns.

    dh (T, H, B) is overwritten.
    """
    (steps, hidden, batch), back = dh.shape, kept.matrix.T
    i, f, g, o = cells.gates.swapaxes(0, 1)
    slopes = cells.gates * (1 - cells.gates)        # what the sum of i, f or g does to c(t), that of o to h(t)
    slopes[:, 2] = 1 - g * g
    slopes[:, 0] *= g
    slopes[:, 1] *= cells.c[:-1]
    slopes[:, 2] *= i
    slopes[:, 3] *= cells.tanh_c
    through = o * (1 - cells.tanh_c ** 2)           # what c(t) does to h(t)
    sums = slopes.reshape(steps, 4 * hidden, batch)
    entering = np.empty((steps, *kept.entered.shape[1:]), np.float32)
    dc = np.zeros((hidden, batch), np.float32)
    for t in reversed(range(steps)):
        if t + 1 < steps:
            dh[t] += entering[t + 1, :hidden]
            dc *= f[t + 1]
        dc += dh[t] * through[t]
        slopes[t, :3] *= dc
        slopes[t, 3] *= dh[t]
        np.matmul(back, sums[t], out=entering[t])
    return sums, entering
