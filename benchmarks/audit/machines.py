"""A part of the audit: the same settings on two kinds of machine, and in one go beside in slices.

The second kind is this machine with fewer instructions: torch, oneDNN, MKL and OpenBLAS choose them when a process
starts, and the environment can ask for older ones. What has to hold: on one kind a run that was cut ends with the same
bits; across kinds the results differ by no more than seeds do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from multiprocessing import get_context
from unittest.mock import patch

import numpy as np

from benchmarks.audit.rows import Row
from lstm_core.learning import machine, training, worker_cache
from lstm_core.presets import PRESETS
from lstm_core.presets.measures import MEASURES, Trained
from lstm_core.records import Budget, Machine, Slice
from lstm_core.spec import RunSpec

AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell"}
SSE = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
       "OPENBLAS_CORETYPE": "Nehalem"}      # for a machine that has no more than AVX2 itself

SEEDS = 6
MEASURED = {"s2_reviews_en": "test_accuracy", "s1_digits": "test_accuracy", "s5": "tutorial_loss"}
"""The presets that are trained, and what is measured: words with autograd and dropout, oneDNN's LSTM, NumPy's."""


@dataclass(frozen=True, eq=False)
class Ended:
    """What one training has ended with."""

    weights: np.ndarray             # all of them, one after the other, float32
    score: float


def trained(spec: RunSpec, measure: str, cuts: int | None) -> Ended:
    """Train a run in one go, or in slices of random lengths, and measure it."""
    rng = np.random.default_rng(cuts)
    pieces: list[Slice] = []
    while not pieces or pieces[-1].outcome == "training":
        budget = Budget() if cuts is None else Budget(updates=int(rng.integers(1, 200)))
        pieces.append(training.advance(spec, pieces[-1].state if pieces else None, budget))
    end = training.Training(spec, worker_cache.dataset(spec.data, spec.model.output))
    end.restore(pieces[-1].state)
    run = Trained(spec, np.concatenate([piece.records.losses for piece in pieces]),
                  tuple(entry for piece in pieces for entry in piece.records.evaluations), end.network.weights(),
                  pieces[-1].outcome, sum(piece.seconds for piece in pieces))
    return Ended(np.concatenate([array.ravel() for array in run.weights.values()]), MEASURES[measure](run))


def workers(environment: Mapping[str, str]) -> ProcessPoolExecutor:
    """Return one worker process of a kind of machine; it has started."""
    with patch.dict(os.environ, environment):
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        pool.submit(os.getpid).result()
    return pool


def check(seed: int, share: float = 1.0) -> Iterator[Row]:
    """Yield rows about every preset: cut or not on each kind, and from kind to kind beside from seed to seed."""
    with workers({}) as here:
        mine: Machine = here.submit(machine.this).result()
        with workers(AVX2 if "AVX512" in mine.processor else SSE) as there:
            kinds = {mine.processor: here, there.submit(machine.this).result().processor: there}
            if len(kinds) == 1:
                yield Row("machines", "the environment can ask for other instructions", f"{mine.processor} both times",
                          ("nothing can be compared",))
                return
            for preset, measure in MEASURED.items():
                yield from _compared(preset, measure, kinds, seed, max(3, round(SEEDS * share)))


def _compared(preset: str, measure: str, kinds: Mapping[str, ProcessPoolExecutor], seed: int, seeds: int
              ) -> Iterator[Row]:
    specs = [PRESETS[preset].spec.change(seed=seed * SEEDS + number) for number in range(seeds)]
    ends: dict[str, list[Ended]] = {}
    for kind, pool in kinds.items():
        whole = [pool.submit(trained, spec, measure, None) for spec in specs]
        cut = pool.submit(trained, specs[0], measure, seed).result()
        ends[kind] = [one.result() for one in whole]
        yield cut_or_not(f"{preset}, {kind}", ends[kind][0], cut)
    yield from across(preset, *ends.values())


def cut_or_not(name: str, whole: Ended, cut: Ended) -> Row:
    """Hold a run in slices against the run in one go on the same kind of machine."""
    apart = float(np.abs(whole.weights - cut.weights).max())
    same = whole.weights.tobytes() == cut.weights.tobytes()
    return Row("cut", f"{name}: the same to the last bit", "the same" if same else f"weights up to {apart:.2g} apart",
               () if same else ("not the same bits",))


def across(name: str, one: list[Ended], other: list[Ended]) -> Iterator[Row]:
    """Hold the distance of two kinds, seed by seed, against the distances of seeds on the same kind."""
    for what in ("weights", "score"):
        kinds = [_apart(what, a, b) for a, b in zip(one, other, strict=True)]
        seeds = [_apart(what, a, b) for runs in (one, other) for a, b in combinations(runs, 2)]
        said = f"largest {what} {max(kinds):.2g} apart, of seeds {max(seeds):.2g}"
        yield Row("kinds", f"{name}: {what} within what seeds vary", said,
                  ("farther apart than seeds",) if np.median(kinds) > max(seeds) else ())


def _apart(what: str, a: Ended, b: Ended) -> float:
    return float(np.abs(a.weights - b.weights).max()) if what == "weights" else abs(a.score - b.score)
