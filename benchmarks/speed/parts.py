# ruff: noqa: T201 (printing is what it is for)
"""What the parts of the engine take: slices, a trace, a snapshot, a picture of a live run, a cold start."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import cast

import numpy as np

from benchmarks.speed.settings import SETTINGS
from lstm_core import cells, charts
from lstm_core.learning import training, worker_cache
from lstm_core.records import Budget, Evaluation, Slice
from lstm_core.running import jobs
from lstm_core.running.curves import Growing
from lstm_core.running.engine import LocalEngine
from lstm_core.running.scheduling import FIRST_SLICE, LONGEST_SLICE
from lstm_core.spec import RunSpec
from lstm_core.storage.schema import EVALUATIONS, curve
from lstm_core.ui.widgets.live_figure import packed

S1, S2, S4, S5 = (SETTINGS[name].spec for name in ("s1", "s2", "s4_lstm", "s5"))
SLICED = S1.change(epochs=40)
TIMES = 5                       # of what takes seconds
MANY = 100                      # of what takes moments
LENGTHS = (50, 500, 5000)       # updates of a run that is drawn


def main() -> None:
    """Measure and print."""
    slicing()
    traces()
    snapshots()
    pictures()
    cold_start()


def slicing() -> None:
    """Measure what it costs to cut a training into slices, as it is always done in the app."""
    whole, cut = [], []
    for _time in range(TIMES):
        whole.append(_cpu(lambda: list(training.train(SLICED, budget=Budget()))))
        cut.append(_cpu(lambda: list(training.train(SLICED, budget=Budget(seconds=LONGEST_SLICE)))))
    extra = median(slices / one for slices, one in zip(cut, whole, strict=True)) - 1
    print(f"slices of {LONGEST_SLICE} s against one go, S1, {SLICED.train.epochs} epochs: {extra:+.1%} CPU time "
          f"(median of {TIMES}; one go takes {median(whole):.2f} s)")


def traces() -> None:
    """Measure all gates and states of one sequence."""
    for title, spec in (("S5", S5), ("S4 LSTM 80/100", S4)):
        data = worker_cache.dataset(spec.data, spec.model.output)
        weights = _begun(spec).records.snapshots[0].weights
        x = data.sample(int(data.sample_ids["train"][0]))
        took = _median(partial(cells.trace, spec.model, weights, x))
        print(f"trace of a sequence of {len(x)} steps, {title}: {1e3 * took:.2f} ms")


def snapshots() -> None:
    """Measure a copy of the weights."""
    for title, spec in (("S1", S1), ("S2", S2)):
        run = training.Training(spec, worker_cache.dataset(spec.data, spec.model.output))
        run.begin()
        size = sum(array.nbytes for array in run.network.weights().values())
        print(f"snapshot, {title} ({size / 1e3:.0f} kB): {1e6 * _median(run.network.weights):.0f} us")


def pictures() -> None:
    """Measure what the server does for one picture of a live run: the two charts, as the bytes that are sent."""
    piece = _finished(S4)
    data = worker_cache.dataset(S4.data, S4.model.output)
    shown = data.shown("validation")
    assert piece.records.view is not None
    predicted = piece.records.view.predictions["validation"]
    evaluations = Growing(np.empty(0, EVALUATIONS))
    evaluations.extend(curve(piece.records.evaluations))
    measured = cast(Sequence[Evaluation], evaluations.array.view(np.recarray))

    def picture(losses: np.ndarray) -> int:
        loss = charts.loss_curve(losses, measured, log=False, last_update=len(losses), best=None, rate_changes=(),
                                 right=False, stopped=None, unit="mean squared error")
        prediction = charts.prediction(shown.index, shown.actual, predicted, shown.naive, naive_name="Persistence",
                                       unit=data.unit, name="NASDAQ", split="validation")
        return len(packed(loss, "loss")) + len(packed(prediction, "prediction"))

    gc.collect()
    gc.freeze()         # as the server does
    for length in LENGTHS:
        losses = np.resize(piece.records.losses, length)
        took = _median(partial(picture, losses))
        print(f"one picture of a live run after {length} updates: {1e3 * took:.1f} ms, {picture(losses) / 1e3:.1f} kB")


def cold_start() -> None:
    """Measure from a click to the first loss, with a worker that must be started, and with one that waits."""
    cold, warm = [], []
    for _time in range(TIMES):
        engine = LocalEngine(1)

        def first_slice(spec: RunSpec, engine: LocalEngine = engine) -> None:
            engine.submit(jobs.advance, spec, None, Budget(seconds=FIRST_SLICE), None).result()

        try:
            cold.append(_wall(lambda: first_slice(S5)))
            warm.append(_wall(lambda: first_slice(S5.change(seed=1))))
        finally:
            engine.close()
    print(f"first loss of S5 from a worker that must be started: {median(cold):.2f} s; "
          f"from one that is warm: {1e3 * median(warm):.0f} ms (medians of {TIMES})")


def _begun(spec: RunSpec) -> Slice:
    return training.advance(spec, None, Budget(updates=0))


def _finished(spec: RunSpec) -> Slice:
    return training.advance(spec.change(epochs=1), None, Budget(view=("validation",)))


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _wall(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work: Callable[[], object]) -> float:
    return median(_wall(work) for _time in range(MANY))


if __name__ == "__main__":
    main()
