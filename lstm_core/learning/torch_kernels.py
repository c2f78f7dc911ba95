"""The hand-made fast paths, each checked against plain torch: in the tests, and once in every process that uses them.

Constructing anything from ``torch.optim`` imports torch's compiler: 0.75 s and 70 MB in every worker. Adam is applied
here as one fused call over all parameters instead.

Sequences are read here time step first, (T, B, F), as the computation needs them, without a graph for autograd: of an
update of a small network that graph takes more time than the mathematics.
"""

from __future__ import annotations

import ctypes
import gc
import logging
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from lstm_core.learning import numpy_kernels
from lstm_core.spec.cell_types import CELL_TYPES

BETAS = (0.9, 0.999)
EPSILON = 1e-8
KEPT = 2**30            # bytes that a process keeps for its next update instead of giving them back to the system
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1       # of mallopt(3)
_LSTM = 2               # what oneDNN calls it
CELLS = ("rnn", "lstm", "lstm97")
_OPEN = 100.0           # bias of a forget gate that is held open: its sigmoid is exactly 1, with a slope of 0
WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")

log = logging.getLogger(__name__)

Array = Any
"""An array of NumPy's or a tensor of torch's."""

State = tuple[Array, ...]
"""(h,) or, in a cell with a cell state, (h, c); each (B, H)."""


def adam_(weights: Tensor, gradient: Tensor, m: Tensor, v: Tensor, *, update: int, rate: float) -> None:
    """Apply one step of Adam in place (Kingma & Ba 2015, algorithm 1).

    Args:
        weights: all that learns, one after the other.
        gradient: of the loss with respect to the weights.
        m: first moments, changed in place.
        v: second moments, changed in place.
        update: number of this update, from 1.
        rate: learning rate.
    """
    torch._fused_adam_(
        [weights], [gradient], [m], [v], [], [torch.full((), float(update))], lr=rate, beta1=BETAS[0], beta2=BETAS[1],
        weight_decay=0.0, eps=EPSILON, amsgrad=False, maximize=False,
    )


def sgd_(weights: Tensor, gradient: Tensor, *, rate: float) -> None:
    """Apply one step of gradient descent in place."""
    weights.add_(gradient, alpha=-rate)


def clip_(gradient: Tensor, most: float) -> None:
    """Shorten a gradient in place to the norm ``most`` if it is longer (Pascanu et al. 2013, algorithm 1)."""
    norm = float(torch.linalg.vector_norm(gradient))
    if norm > most:
        gradient *= most / norm


# -- recurrent layers over a whole sequence ------------------------------------------------------------------


class Read(NamedTuple):
    """A sequence that a recurrent layer has read, and what its gradient needs."""

    x: Array                    # (T, B, F)
    weights: list[Array]        # W_ih (G*H, F), W_hh (G*H, H), b_ih (G*H,), b_hh (G*H,)
    before: State               # the state it began with
    h: Array                    # (T, B, H)
    after: State                # the state after the last step
    kept: Tensor | numpy_kernels.Kept | None    # of the gates: by oneDNN, or in NumPy
    opened: bool = False        # whether the weights have a forget gate that is held open


def read(cell: str, x: Array, weights: list[Array], before: State, *, keep: bool = True) -> Read:
    """Lead a sequence through a recurrent layer of one of the ``CELLS``: in NumPy if it is one of NumPy's arrays.

    ``keep``: what :func:`gradients` needs of it.
    """
    if cell == "lstm97":
        return read("lstm", x, held_open(weights), before, keep=keep)._replace(opened=True)
    if isinstance(x, np.ndarray):
        return Read(x, weights, before, *numpy_kernels.read(x, weights, before))
    return (_read_lstm(x, weights, before, keep) if len(CELL_TYPES[cell].states) == 2 else
            _read_rnn(x, weights, before))


def held_open(weights: list[Array]) -> list[Array]:
    """Return the weights of an LSTM (i, f, g, o) whose forget gate is always 1, from one that has none (i, g, o)."""
    hidden, xp = weights[1].shape[1], _library(weights[0])
    forget = [xp.zeros((hidden, *part.shape[1:]), dtype=part.dtype) for part in weights]
    forget[2] += _OPEN
    return [xp.concatenate([part[:hidden], block, part[hidden:]]) for part, block in zip(weights, forget, strict=True)]


def _library(array: Array) -> Any:
    return np if isinstance(array, np.ndarray) else torch


def _read_lstm(x: Tensor, weights: list[Tensor], before: State, keep: bool) -> Read:
    with torch.set_grad_enabled(keep):      # without it oneDNN keeps nothing of the gates
        h, h_after, c_after, workspace = torch.ops.aten.mkldnn_rnn_layer(
            x, *weights, *before, False, [], _LSTM, weights[1].shape[1], 1, True, False, False, keep)
    return Read(x, weights, before, h, (h_after, c_after), workspace)


def _read_rnn(x: Tensor, weights: list[Tensor], before: State) -> Read:
    """h(t) = tanh(x(t) W_ih' + b_ih + h(t-1) W_hh' + b_hh)."""
    w_ih, w_hh, b_ih, b_hh = weights
    h = torch.addmm(b_ih + b_hh, x.flatten(0, 1), w_ih.t()).view(*x.shape[:2], -1)
    last, recurrent = before[0], w_hh.t()
    for step in h.unbind():
        last = step.addmm_(last, recurrent).tanh_()
    return Read(x, weights, before, h, (last,), None)


def gradients(done: Read, dh: Array) -> tuple[Array, list[Array]]:
    """Go back through a sequence (back-propagation through time).

    Args:
        done: the sequence as it was read.
        dh: (T, B, H) gradient of the loss with respect to the hidden states, as far as it does not come through later
            steps; may be overwritten.

    Returns:
        the gradients with respect to x, (T, B, F), and to the weights.
    """
    if done.opened:
        dx, found = gradients(done._replace(opened=False), dh)
        hidden, xp = done.h.shape[2], _library(dh)
        return dx, [xp.concatenate([part[:hidden], part[2 * hidden:]]) for part in found]
    if isinstance(done.kept, numpy_kernels.Kept):
        return numpy_kernels.gradients(done.kept, dh)
    return _lstm_gradients(done, dh) if done.kept is not None else _rnn_gradients(done, dh)


def _lstm_gradients(done: Read, dh: Tensor) -> tuple[Tensor, list[Tensor]]:
    dx, *found = torch.ops.aten.mkldnn_rnn_layer_backward(
        done.x, *done.weights, *done.before, done.h, *done.after, dh, None, None, False, _LSTM,
        done.weights[1].shape[1], 1, True, True, False, [], False, done.kept)
    return dx, found[:4]


def _rnn_gradients(done: Read, dh: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Let s(t) be the sum inside the tanh: ds(t) = (dh(t) + ds(t+1) W_hh) * (1 - h(t)^2)."""
    w_ih, w_hh = done.weights[:2]
    slopes = torch.addcmul(dh.new_ones(()), done.h, done.h, value=-1)
    ds, later = dh, None
    for step, slope in zip(reversed(ds.unbind()), reversed(slopes.unbind()), strict=True):
        if later is not None:
            step.addmm_(later, w_hh)
        later = step.mul_(slope)
    flat = ds.flatten(0, 1)
    dw_hh = torch.addmm(ds[0].t() @ done.before[0], ds[1:].flatten(0, 1).t(), done.h[:-1].flatten(0, 1))
    db = flat.sum(0)
    return (flat @ w_ih).view(*ds.shape[:2], -1), [flat.t() @ done.x.flatten(0, 1), dw_hh, db, db.clone()]


# -- the rest ----------------------------------------------------------------------------------------------


def rng(seed: Sequence[int]) -> np.random.Generator:
    """Return the random numbers of a seed, from the fastest of NumPy's generators."""
    return np.random.Generator(np.random.SFC64(seed))


def dropped(shape: Sequence[int], share: float, draws: np.random.Generator) -> np.ndarray:
    """Draw what dropout multiplies an array with: 0 with this probability, or 1 / (1 - share) (Srivastava et al. 2014).

    16 bits decide about a number; torch's own dropout draws 64, which takes up to a third of an update.
    """
    kept = draws.integers(0, 2**16, shape, np.uint16) >= round(share * 2**16)
    return np.multiply(kept, np.float32(1 / (1 - share)), dtype=np.float32)


@cache
def keep_memory() -> None:
    """Let this process keep the memory of one update for the next.

    The C library gives large arrays back to the system at once, and the system clears every page that it hands out
    again: up to a third of an update. Where there is no glibc, nothing happens.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, KEPT)
        library.mallopt(_TRIM_THRESHOLD, KEPT)


def return_memory() -> None:
    """Give what this process keeps back to the system: after something that was too large, the next needs room."""
    gc.collect()            # networks hold themselves in circles
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


@cache
def agree() -> bool:
    """Tell whether all these paths agree with plain torch in this process; where they do not, none must be used."""
    for cell in CELLS:
        try:
            why = "" if _reads_like_torch(cell) else "it computes other numbers"
        except (AttributeError, RuntimeError, TypeError) as error:      # another torch, another processor
            why = f"{type(error).__name__}: {error}"
        if why:
            log.warning("Training is slow: the fast path for the cell %s cannot be used here. %s", cell, why)
            return False
    return True


def _reads_like_torch(cell: str) -> bool:
    steps, batch, features, hidden = 4, 3, 5, 6
    gates, states = CELL_TYPES[cell].blocks, len(CELL_TYPES[cell].states)

    def numbers(*shape: int) -> Tensor:
        return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).mul_(1.7).sin_().view(shape)

    x, dh = numbers(steps, batch, features), numbers(steps, batch, hidden)
    weights = [numbers(gates * hidden, width) / 2 for width in (features, hidden)] + [numbers(gates * hidden)] * 2
    before = (numbers(batch, hidden),) * states
    with torch.enable_grad():
        variables = [part.clone().requires_grad_() for part in (x, *weights)]
        begun = [state[None] for state in before]
        learned = held_open(variables[1:]) if cell == "lstm97" else variables[1:]
        h = (torch.lstm(variables[0], begun, learned, True, 1, 0.0, True, False, False) if states == 2 else
             torch.rnn_tanh(variables[0], begun[0], variables[1:], True, 1, 0.0, True, False, False))[0]
        expected = [h, *torch.autograd.grad(h, variables, dh)]
    in_numpy = x.numpy(), [part.numpy() for part in weights], tuple(part.numpy() for part in before)
    mine = [read(cell, x, weights, before, keep=False).h]
    for done, back in ((read(cell, x, weights, before), dh.clone()), (read(cell, *in_numpy), dh.numpy())):
        dx, found = gradients(done, back)
        mine += [done.h, dx, *found]
    return all(torch.allclose(torch.as_tensor(part), its, rtol=1e-4, atol=1e-5)
               for part, its in zip(mine, [h, *expected, *expected], strict=True))
