"""What runs inside a worker process. Importing this module costs nothing: torch is imported by the first call."""

from __future__ import annotations

import logging
import math
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.evaluation.metrics import Score
from lstm_core.inside.scratch_difference import Differences
from lstm_core.records import Budget, Progress, Slice, Unfinished, Weights
from lstm_core.spec import ModelSpec, RunSpec, Split

P = ParamSpec("P")
T = TypeVar("T")

_NO_MEMORY = ("allocate memory", "bad_alloc", "could not create a primitive")      # torch, C++, oneDNN

log = logging.getLogger(__name__)


class WorkError(RuntimeError):
    """An error inside a worker, told in words, so that no type of a library that the server lacks crosses over."""

    def __init__(self, kind: str, message: str, trace: str) -> None:
        super().__init__(kind, message, trace)
        self.kind, self.message, self.trace = kind, message, trace


def _in_words(job: Callable[P, T]) -> Callable[P, T]:
    """Let a job raise what the server knows - Refusal, Missing - and everything else as a WorkError."""
    @wraps(job)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return job(*args, **kwargs)
        except (Refusal, Missing):
            raise
        except Exception as error:
            told = WorkError(type(error).__name__, str(error), traceback.format_exc())
        from lstm_core.learning import torch_kernels

        torch_kernels.return_memory()       # now that the error no longer holds what it came upon
        raise told
    return done


@_in_words
def advance(spec: RunSpec, state: bytes | None, budget: Budget, blob: bytes | None = None) -> Slice:
    """Train one slice (see ``training.advance``).

    Raises:
        Refusal: the spec or its data cannot be used.
        Missing: the data are not known to this process; call again with the blob.
        WorkError: anything else that went wrong.
    """
    from lstm_core.learning import training

    piece = training.advance(spec, state, budget, blob)
    return piece if budget.measure else replace(piece, state=b"")      # who has sent it has it


@_in_words
def one_step_predictions(spec: RunSpec, weights: Weights, split: Split, progress: Progress | None = None,
                         seconds: float = math.inf) -> np.ndarray | Unfinished:
    """Return the predictions for all targets of a part (see ``forecast.one_step_predictions``)."""
    from lstm_core.learning import forecast

    return forecast.one_step_work(spec, weights, split).go_on(progress, seconds)


@_in_words
def score(spec: RunSpec, weights: Weights, split: Split, progress: Progress | None = None,
          seconds: float = math.inf) -> Score | Unfinished:
    """Return how well a network does over a part (see ``forecast.score``)."""
    from lstm_core.learning import forecast

    return forecast.score_work(spec, weights, split).go_on(progress, seconds)


@_in_words
def free_running(spec: RunSpec, weights: Weights, starts: np.ndarray, count: int, progress: Progress | None = None,
                 seconds: float = math.inf) -> np.ndarray | Unfinished:
    """Return free-running forecasts (see ``forecast.free_running``)."""
    from lstm_core.learning import forecast

    return forecast.free_work(spec, weights, starts, count).go_on(progress, seconds)


@_in_words
def compare_cells(model: ModelSpec, weights: Weights, x: np.ndarray) -> Differences:
    """Return how far a cell written out by hand comes apart from torch's (see ``scratch_lstm.difference``)."""
    from lstm_core.learning import scratch_lstm

    return scratch_lstm.difference(model, weights, x)


def unforeseen(error: BaseException, *, memory: str, otherwise: str) -> Refusal:
    """Return the sentence for an error of a worker that nobody foresaw, and write all of it to the log.

    ``memory`` is the sentence for want of memory, which Python, NumPy and torch each say in their own way;
    ``otherwise`` names {kind} and {message}.
    """
    if isinstance(error, WorkError):
        log.error("A worker failed:\n%s", error.trace)
        kind, message = error.kind, error.message
    else:
        log.error("A worker failed", exc_info=error)
        kind, message = type(error).__name__, str(error)
    if "MemoryError" in kind or any(said in message for said in _NO_MEMORY):
        return Refusal(memory)
    return Refusal(otherwise, kind=kind, message=message)


def prepare() -> None:
    """Make a worker warm: import torch and train a tiny network once, so that the first click finds it ready."""
    advance(RunSpec(), None, Budget(updates=1))


IN_PIECES: tuple[Callable[..., Any], ...] = (one_step_predictions, score, free_running)
"""The questions that are answered piece by piece; all others in one go."""


def answer(blob: bytes | None, progress: Progress | None, seconds: float, question: Callable[..., T],
           args: tuple[Any, ...]) -> T | Unfinished:
    """Go on with the answer to a question, a function of this module, after taking in the data it may need.

    Args:
        blob: these data.
        progress: what of the answer is there.
        seconds: after which it is interrupted.
        question: the function, and
        args: what it is called with.
    """
    if blob is not None:
        from lstm_core.learning import worker_cache

        worker_cache.put(blob)
    if question in IN_PIECES:
        return question(*args, progress, seconds)
    return question(*args)
