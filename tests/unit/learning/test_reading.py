"""Reading piece by piece: what is measured, drawn or answered is bit-identical wherever it is interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_core.data import dataset
from lstm_core.learning import forecast, reading, worker_cache
from lstm_core.learning.training import advance
from lstm_core.records import MEAN, Budget, Slice, Unfinished, View
from lstm_core.spec import SPLITS, Adding, Layer, Letters, ModelSpec, Reber, RunSpec, TrainSpec, Waves
from tests.unit.learning.test_training import joined

EVERY = RunSpec(data=Waves(length=150, steps=6, validation=0.3), model=ModelSpec(layers=(Layer(4),), output="every"),
                train=TrainSpec(epochs=2, batch=40))
RUNS = [
    EVERY.change(output="last", stride=2), EVERY, EVERY.change(shuffle=False, stateful="parallel", batch=4),
    EVERY.change(cell="gru", shuffle=False, stateful="staggered", batch=30, layers=(Layer(3), Layer(2))),
    EVERY.change(validation=0.0, output="last"),
    RunSpec(data=Letters(text="the cat sat on the mat and the dog sat on the log" * 4, cycle=False, steps=5),
            model=ModelSpec(layers=(Layer(4),), output="every"), train=TrainSpec(epochs=2)),
    RunSpec(data=Reber(sequences=60), model=ModelSpec(layers=(Layer(4),), output="every"), train=TrainSpec(epochs=2)),
    RunSpec(data=Adding(distance=20, sequences=60), model=ModelSpec(layers=(Layer(4),)), train=TrainSpec(epochs=2)),
]


@pytest.fixture
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "EVALUATION_ROWS", 7)
    monkeypatch.setattr(reading, "THROUGH", 16)


def in_instants(spec: RunSpec) -> list[Slice]:
    """Train with slices that have time for one piece only; draw its end, and once while something is measured."""
    pieces: list[Slice] = []
    while not pieces or pieces[-1].outcome == "training":
        pieces.append(advance(spec, pieces[-1].state if pieces else None, Budget(seconds=0)))
        if len(pieces) == 2:
            assert pieces[-1].measuring
            drawn(spec, pieces[-1].state)
    pieces[-1] = replace(pieces[-1], records=replace(pieces[-1].records, view=drawn(spec, pieces[-1].state)))
    return pieces


def drawn(spec: RunSpec, state: bytes) -> View | None:
    """Draw in slices that have time for one piece only, as a run in the lab does it."""
    looks, drawing, cuts = (*SPLITS, MEAN), None, 0
    while True:
        piece = advance(spec, state, Budget(0, 0, view=looks, measure=False, drawing=drawing))
        assert piece.state == state
        drawing = piece.records.drawing
        if drawing is None:
            assert cuts > 1
            return piece.records.view
        looks, cuts = drawing.looks, cuts + 1


@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("spec", RUNS)
def test_a_run_whose_measurements_and_drawings_are_cut_is_bit_identical(spec: RunSpec) -> None:
    cut, whole = in_instants(spec), advance(spec, None, Budget(view=(*SPLITS, MEAN)))
    assert sum(piece.measuring for piece in cut) > 3
    assert joined(cut) == joined([whole])
    assert whole.records.view is not None
    assert cut[-1].records.view is not None
    for mine, other in zip(cut[-1].records.view.inside[MEAN].layers, whole.records.view.inside[MEAN].layers,
                           strict=True):
        assert {name: values.tobytes() for name, values in mine.values.items()} == {
            name: values.tobytes() for name, values in other.values.items()}


def pieced(work: Callable[[], forecast.Work[Any]]) -> tuple[object, list[float]]:
    """Return an answer that was interrupted as often as can be, and how far it was each time."""
    progress, shares = None, []
    while isinstance(found := work().go_on(progress, 0.0), Unfinished):
        progress = found.progress
        shares.append(found.share)
    return found, shares


@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("spec", RUNS)
def test_an_answer_in_pieces_is_bit_identical_to_the_answer_in_one_go(spec: RunSpec) -> None:
    weights = advance(spec, None, Budget()).records.snapshots[-1].weights
    found, shares = pieced(lambda: forecast.one_step_work(spec, weights, "test"))
    assert isinstance(found, np.ndarray)
    assert found.tobytes() == forecast.one_step_predictions(spec, weights, "test").tobytes()
    assert shares == sorted(shares)
    assert len(shares) > 0
    assert repr(pieced(lambda: forecast.score_work(spec, weights, "train"))[0]) == repr(
        forecast.score(spec, weights, "train"))


@pytest.mark.usefixtures("_small_pieces")
@pytest.mark.parametrize("spec", RUNS[:4])
def test_a_free_run_in_pieces_is_bit_identical_to_that_in_one_go(spec: RunSpec) -> None:
    weights = advance(spec, None, Budget()).records.snapshots[-1].weights
    starts = np.array([140, 75, 100, 149, 20, 21, 22, 23, 24])
    found, shares = pieced(lambda: forecast.free_work(spec, weights, starts, 5))
    assert isinstance(found, np.ndarray)
    assert found.shape == (9, 5)
    assert found.tobytes() == forecast.free_running(spec, weights, starts, 5).tobytes()
    assert len(shares) >= 8


@pytest.mark.parametrize("stateful", ["off", "parallel"])
def test_a_piece_of_the_largest_network_takes_a_moment(stateful: str) -> None:
    """Not all it has to read, which would take 10 seconds and more."""
    spec = RunSpec(data=Waves(length=20_000, steps=100), model=ModelSpec(layers=(Layer(512),), output="every"),
                   train=TrainSpec(batch=8, stateful=stateful, shuffle=False))
    prepared = dataset(spec.data, "every")
    weights = {name: np.zeros(shape, np.float32) for name, shape in {
        "layers.0.weight_ih_l0": (2048, 1), "layers.0.weight_hh_l0": (2048, 512), "layers.0.bias_ih_l0": (2048,),
        "layers.0.bias_hh_l0": (2048,), "head.weight": (1, 512), "head.bias": (1,)}.items()}
    assert worker_cache.dataset(spec.data, "every").steps == prepared.steps
    work, began = forecast.score_work(spec, weights, "validation"), time.perf_counter()
    unfinished = work.go_on(None, 0.0)
    assert time.perf_counter() - began < 2          # 0.1 on a quiet machine
    assert isinstance(unfinished, Unfinished)
    assert unfinished.share < 0.2
