"""Sequences made by a rule as a network meets them: new in every epoch, judged as a whole."""

import numpy as np
import pytest

from lstm_core import data
from lstm_core.data import Generated
from lstm_core.data.tasks import scoring
from lstm_core.learning.batches import Batches
from lstm_core.spec import SPLITS, Adding, Brackets, Counting, Order, Reber, Recall, TaskSpec, TrainSpec
from lstm_core.spec.io import IGNORED

ALL: list[TaskSpec] = [Adding(distance=30), Order(distance=30), Recall(distance=30), Reber(), Counting(), Brackets()]


def generated(spec: TaskSpec) -> Generated:
    assert spec.output is not None
    prepared = data.dataset(spec, spec.output)
    assert isinstance(prepared, Generated)
    return prepared


def perfect(prepared: Generated, sample_ids: np.ndarray) -> np.ndarray:
    """Return outputs that say what is right and nothing else."""
    if (permitted := prepared.permitted(sample_ids)) is not None:
        return permitted.astype(np.float32)
    y = prepared.y(sample_ids)
    return np.eye(prepared.classes)[y] if prepared.classes else y.copy()


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.source)
def test_every_epoch_has_new_sequences_and_no_part_has_those_of_another(spec: TaskSpec) -> None:
    prepared = generated(spec)
    batches = Batches(TrainSpec(seed=3), prepared.sample_ids["train"], prepared.steps, prepared.resampled_each_epoch)
    epochs = [batches.order(epoch) for epoch in (0, 1, 5)]
    held = [prepared.sample_ids["validation"], prepared.sample_ids["test"]]
    together = np.concatenate([*epochs, *held])
    assert len(np.unique(together)) == len(together)
    assert [len(order) for order in epochs] == [spec.sequences] * 3
    assert [np.sort(order).tolist() for order in epochs] == [
        list(range(first, first + spec.sequences)) for first in (0, spec.sequences, 5 * spec.sequences)]
    still = Batches(TrainSpec(shuffle=False), prepared.sample_ids["train"], prepared.steps,
                    prepared.resampled_each_epoch)
    assert (still.order(1) == np.sort(epochs[1])).all()
    if not isinstance(spec, Counting):
        assert list(map(len, held)) == [512, 1280]
        known = {row.tobytes() for row in prepared.x(epochs[0])}
        fresh = sum(row.tobytes() not in known for row in prepared.x(epochs[1])) / spec.sequences
        assert fresh > (0.2 if isinstance(spec, Reber | Brackets) else 0.999)   # there are few short strings


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.source)
def test_what_is_right_and_what_is_not(spec: TaskSpec) -> None:
    prepared = generated(spec)
    sample_ids = prepared.sample_ids["validation"][-5:]
    outputs = perfect(prepared, sample_ids)
    assert prepared.right(sample_ids, outputs).all()
    if prepared.output == "every":
        step = prepared.lengths(sample_ids)[2] - 1
        outputs[2, step] = 1 - outputs[2, step]         # one step of one sequence
    elif prepared.classes:
        outputs[2] = 1 - outputs[2]
    else:
        outputs[2] += 0.05
        outputs[3] -= 0.03
    assert prepared.right(sample_ids, outputs).tolist() == [True, True, False, True, True]


def test_every_permitted_symbol_must_lie_above_every_other() -> None:
    permitted = np.array([[[True, True, False], [False, True, False], [False, False, False]]])
    assert scoring.steps_right(np.array([[[3, 2, 1], [0, 1, 0], [5, 1, 2]]]), permitted).tolist() == [[True] * 3]
    assert scoring.steps_right(np.array([[[3, 1, 2], [1, 1, 0], [5, 1, 2]]]), permitted).tolist() == [
        [False, False, True]]
    assert not scoring.steps_right(np.full((1, 3, 3), np.nan), permitted)[0, :2].any()
    assert scoring.near(np.array([0.54, 0.539, np.nan]), np.full(3, 0.5)).tolist() == [False, True, False]


@pytest.mark.parametrize(("spec", "share"), [
    # |X1 + X2| / 4 < 0.04 for two numbers uniform in -1..1; where the first pair was chosen there is only one number
    (Adding(distance=1000, sequences=20_000, validation=0.5), 0.9 * (1 - 0.92**2) + 0.1 * 0.16),
    (Order(sequences=20_000), 1 / 4), (Recall(sequences=20_000), 1 / 8), (Reber(), 0), (Brackets(), 0)])
def test_the_naive_share_is_that_of_always_saying_the_same(spec: TaskSpec, share: float) -> None:
    prepared = generated(spec)
    assert prepared.naive_error("validation") == pytest.approx(share, abs=0.012)
    assert prepared.naive_error("validation") == prepared.naive_error("validation")


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.source)
@pytest.mark.parametrize("split", SPLITS)
def test_the_targets_of_a_part_are_those_that_count(spec: TaskSpec, split: str) -> None:
    prepared = generated(spec)
    rows = prepared.targets_of(split)
    assert prepared.scored_mask(split).sum() == len(rows.actual) == len(rows.naive)
    at = prepared.y(rows.sample_ids).reshape(len(rows.sample_ids), -1)[rows.window, rows.step]
    assert (at == rows.actual).all()
    assert (at != IGNORED).all()
    assert (rows.rows == rows.sample_ids[rows.window]).all()
    shown = prepared.shown(split)
    assert 0 < len(shown.actual) <= 200
    assert (shown.actual == rows.actual[-len(shown.actual):]).all()


def test_a_part_may_be_left_out() -> None:
    prepared = generated(Reber(validation=0.0, test=0.0))
    assert len(prepared.sample_ids["validation"]) == len(prepared.targets_of("validation").actual) == 0
    assert np.isnan(prepared.naive_error("validation"))
