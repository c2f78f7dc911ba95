"""A forecast beside those without a network: the best of them, and how rarely noise seems to be foreseen."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core import data
from lstm_core.evaluation.baselines import Baselines, LinearAutoregression, persistence
from lstm_core.evaluation.beside import measure_beside
from lstm_core.evaluation.evidence import Course, Evidence, numbers
from lstm_core.evaluation.metrics import Metrics
from lstm_core.evaluation.significance import Interval
from lstm_core.evaluation.verdicts import verdicts
from lstm_core.spec import Amplitude, Prices, Waves

ACTUAL = np.random.default_rng(0).normal(size=200)
NONE = np.zeros(0)
COURSE = Course(outcome="done", updates=NONE, epochs=NONE, train_loss=NONE, validation_loss=NONE, best_epoch=None)


def test_skill_is_against_the_best_and_all_are_measured_on_the_same_rows() -> None:
    said = {"persistence": np.roll(ACTUAL, 1), "mean": np.zeros(200), "seasonal": np.full(200, np.nan)}
    found = measure_beside(ACTUAL, ACTUAL / 2, said, known=np.roll(ACTUAL, 1), horizon=1)
    assert found.best == "mean"
    assert found.network.skill == pytest.approx(0.5)
    assert found.baselines["mean"].skill == 0
    assert found.baselines["persistence"].skill == pytest.approx(
        1 - found.baselines["persistence"].rmse / found.baselines["mean"].rmse)
    assert found.over("persistence") == pytest.approx(1 - found.network.rmse / found.baselines["persistence"].rmse)
    assert found.baselines["seasonal"].count == 0
    assert found.saved.keys() == {"persistence", "mean"}
    assert found.saved["mean"].middle == pytest.approx(0.75)
    assert {one.count for name, one in found.each.items() if name != "seasonal"} == {200}
    assert np.isnan(found.over("seasonal"))


def test_rows_of_one_example_are_no_independent_rows() -> None:
    """The same twenty differences, each told ten times, are no more certain than told once."""
    few = np.random.default_rng(1).normal(size=(2, 20))
    many = np.repeat(few, 10, axis=1)
    once = measure_beside(few[0], few[1], {"mean": np.zeros(20)}, known=few[0], horizon=0)
    each = measure_beside(many[0], many[1], {"mean": np.zeros(200)}, known=many[0], horizon=0,
                          examples=np.repeat(np.arange(20), 10))
    blind = measure_beside(many[0], many[1], {"mean": np.zeros(200)}, known=many[0], horizon=0)
    assert vars(each.saved["mean"]) == pytest.approx(vars(once.saved["mean"]))
    assert blind.saved["mean"].low > each.saved["mean"].low


def test_every_forecast_has_a_value_for_every_row_of_every_part() -> None:
    for spec in (Waves(steps=30, length=400), Prices(interval="1mo", steps=12), Waves(target="cosine", horizon=0)):
        for output in ("last", "every"):
            prepared = data.dataset(spec, output)
            assert isinstance(prepared, data.Windows)
            for split in ("train", "validation", "test"):
                shown = prepared.targets_of(split)
                found = numbers(prepared, shown, shown.actual)
                assert {one.count for one in found.each.values() if one.count} == {len(shown.rows)}
    waves = data.dataset(Amplitude(), "every")
    shown = waves.targets_of("test")
    assert numbers(waves, shown, shown.actual).best == "mean"


def test_the_mean_is_that_of_the_training_part_alone() -> None:
    prepared = data.dataset(Prices(), "last")
    assert isinstance(prepared, data.Windows)
    train = prepared.rows["train"]
    found = Baselines.fit(prepared)
    assert found.mean == prepared.actual[:train.stop].mean()
    rows = np.array([train.stop + 5])
    assert found.one_ahead(prepared, rows)["mean"].tolist() == [found.mean]
    assert found.free_running(prepared, train.stop, 3)["mean"].tolist() == [found.mean] * 3


def fitted_to_noise(seed: int, count: int) -> Evidence:
    """Return what is known of a network of random units whose output was fitted to white noise."""
    rng = np.random.default_rng((seed, count))
    steps, train = int(rng.choice([3, 10])), 4 * count
    noise = rng.normal(size=train + count) if seed % 2 else rng.standard_t(4, size=train + count)
    windows = np.lib.stride_tricks.sliding_window_view(noise, steps)[:-1]
    units = np.column_stack([np.tanh(windows @ rng.normal(size=(steps, 24)) / 2), np.ones(len(windows))])
    known, ridge = train - steps, float(rng.choice([1, 100, 1000])) * np.eye(25)
    weights = np.linalg.solve(units[:known].T @ units[:known] + ridge, units[:known].T @ noise[steps:train])
    rows = np.arange(train, train + count)
    linear = LinearAutoregression.choose(noise, np.arange(train), steps, 1)
    found = measure_beside(
        noise[rows], units[known:] @ weights,
        {"persistence": persistence(noise, rows, 1), "mean": np.full(count, noise[:train].mean()),
         "autoregression": linear.predict(noise, rows)}, known=persistence(noise, rows, 1), horizon=1)
    return Evidence(**vars(COURSE), network=found.network, baselines=found.baselines, saved=found.saved)


def rmse(evidence: Evidence) -> float:
    assert isinstance(evidence.network, Metrics)
    return evidence.network.rmse


@pytest.mark.parametrize("count", [30, 100, 300])
def test_of_hundreds_of_networks_none_beats_the_baselines_on_noise(count: int) -> None:
    found = [fitted_to_noise(seed, count) for seed in range(400)]
    assert not any(verdict.kind == "beats" for each in found for verdict in verdicts(each))
    # by the root of the mean squared error alone many would, of persistence and the autoregression nearly all
    assert sum(rmse(each) < min(one.rmse for one in each.baselines.values()) for each in found) > 10
    assert sum(rmse(each) < each.baselines["persistence"].rmse for each in found) > 300


def test_a_network_that_knows_something_still_beats_them() -> None:
    said = {"mean": np.zeros(200), "persistence": np.roll(ACTUAL, 1)}
    found = measure_beside(ACTUAL, 0.3 * ACTUAL, said, known=np.roll(ACTUAL, 1), horizon=1)
    assert found.saved["mean"] != Interval(0, 0, 0)
    evidence = Evidence(**vars(COURSE), network=found.network, baselines=found.baselines, saved=found.saved)
    assert [verdict.kind for verdict in verdicts(evidence)] == ["beats"]
