"""What runs inside a worker process. Importing this module costs nothing: torch is imported by the first call."""

from __future__ import annotations

import traceback

from lstm_core.data import Missing
from lstm_core.records import Budget, Slice
from lstm_core.refusal import Refusal
from lstm_core.spec import RunSpec


class WorkError(RuntimeError):
    """An error inside a worker, told in words, so that no type of a library that the server lacks crosses over."""

    def __init__(self, kind: str, message: str, trace: str) -> None:
        super().__init__(kind, message, trace)
        self.kind, self.message, self.trace = kind, message, trace


def advance(spec: RunSpec, state: bytes | None, budget: Budget, blob: bytes | None = None) -> Slice:
    """Train one slice (see ``training.advance``).

    Raises:
        Refusal: the spec or its data cannot be used.
        Missing: the data are not known to this process; call again with the blob.
        WorkError: anything else that went wrong.
    """
    try:
        from lstm_core import training

        return training.advance(spec, state, budget, blob)
    except (Refusal, Missing):
        raise
    except Exception as error:
        raise WorkError(type(error).__name__, str(error), traceback.format_exc()) from None


def prepare() -> None:
    """Make a worker warm: import torch and train a tiny network once, so that the first click finds it ready."""
    advance(RunSpec(), None, Budget(updates=1))
