"""The stopping rule of the adding problem in 1997: training ends once the most recent sequences were all right.

"Training is stopped once the average training error is below 0.01, and the 2000 most recent sequences were processed
correctly" (Hochreiter & Schmidhuber 1997, section 5.4). As there, a sequence is judged before the network learns from
it. The paper does not say over which sequences its average goes, nor of what; here it is the mean absolute error of the
same 2,000 sequences, the stricter reading.
"""

from __future__ import annotations

import numpy as np
import torch

from lstm_core.data import Generated
from lstm_core.learning import torch_kernels, worker_cache
from lstm_core.learning.torch_threads import alone
from lstm_core.learning.training import Training
from lstm_core.records import Budget, Slice
from lstm_core.spec import RunSpec

RECENT = 2000           # sequences in a row that must be right
ERROR = 0.01            # below which their mean absolute error must lie


class Recent:
    """The sequences in a row that were right, and their errors."""

    def __init__(self, count: int = RECENT, error: float = ERROR) -> None:
        self.count, self.error = count, error
        self.right, self.errors = 0, np.empty(0)

    def add(self, right: np.ndarray, errors: np.ndarray) -> None:
        """Take in sequences (n,) in the order in which they are read: which are right, and their absolute errors."""
        wrong = np.flatnonzero(~right)
        self.right = len(right) - 1 - int(wrong[-1]) if len(wrong) else self.right + len(right)
        self.errors = np.concatenate([self.errors, errors])[-self.count:]

    @property
    def enough(self) -> bool:
        """Tell whether training stops here."""
        return self.right >= self.count and float(self.errors.mean()) < self.error


def train_until_recent_right(spec: RunSpec, recent: Recent | None = None) -> tuple[list[Slice], bool]:
    """Train until the rule of 1997 ends it, or the epochs are used up.

    Args:
        spec: a run on sequences made by a rule that asks for a number; its own target score is left aside.
        recent: what counts as enough, by default the figures of the paper.

    Returns:
        Slices of one update each, and whether the rule was met.
    """
    recent = recent or Recent()
    spec = spec.change(target_score=0.0)
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    assert isinstance(prepared, Generated)
    slices: list[Slice] = []
    torch_kernels.keep_memory()
    with alone(), np.errstate(all="ignore"):
        training = Training(spec, prepared)
        training.begin()
        while training.outcome == "training":
            sample_ids, x, _y = training.reader.batch(training.update)
            lengths = torch.from_numpy(prepared.lengths(sample_ids))
            with torch.no_grad():
                answers = training.network(torch.from_numpy(x).transpose(0, 1), None, lengths)[0].numpy()
            recent.add(prepared.right(sample_ids, answers), np.abs(answers - prepared.y(sample_ids)))
            slices.append(training.advance(Budget(updates=1)))
            if recent.enough:
                return slices, True
    return slices, False
