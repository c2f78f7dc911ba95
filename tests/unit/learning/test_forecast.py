"""Forecasts of a trained network: every row once, and running freely on its own predictions."""

from typing import get_args

import numpy as np
import pytest

from lstm_core import data
from lstm_core.cells import predict
from lstm_core.errors import Refusal
from lstm_core.evaluation.evidence import numbers
from lstm_core.evaluation.metrics import measure_classes
from lstm_core.learning import forecast
from lstm_core.learning.reading import WARM_UP
from lstm_core.learning.training import advance
from lstm_core.records import Budget
from lstm_core.spec import (
    SPLITS,
    Adding,
    Amplitude,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Prices,
    Reber,
    Reviews,
    RunSpec,
    TrainSpec,
    Waves,
)
from lstm_core.spec.cell_types import CellKey

SINE = RunSpec(data=Waves(length=400, steps=12), model=ModelSpec(layers=(Layer(12),)),
               train=TrainSpec(epochs=25, lr=0.01))
TWO = RunSpec(data=Prices(interval="1wk", features=("volume", "close"), steps=8), model=ModelSpec(layers=(Layer(4),)),
              train=TrainSpec(epochs=1))

TASK = RunSpec(data=Adding(distance=20, sequences=200), model=ModelSpec(layers=(Layer(4),)), train=TrainSpec(epochs=1))


def weights(spec: RunSpec) -> dict[str, np.ndarray]:
    return advance(spec, None, Budget()).records.snapshots[-1].weights


def test_a_part_that_would_take_minutes_is_refused() -> None:
    spec = RunSpec(data=Waves(length=3000, steps=500), model=ModelSpec(layers=(Layer(512),)), train=TrainSpec(batch=6))
    for ask in (forecast.one_step_predictions, forecast.score):
        with pytest.raises(Refusal, match=r"^To read 1,900 samples of 500 time steps at once takes too long with "):
            ask(spec, {}, "train")


def test_every_row_of_a_part_is_predicted_once() -> None:
    for output in ("last", "every"):
        spec = TWO.change(output=output)
        prepared = data.dataset(spec.data, spec.model.output)
        rows = prepared.targets_of("test").rows
        assert len(forecast.one_step_predictions(spec, weights(spec), "test")) == len(rows)
        assert rows.tolist() == list(prepared.rows["test"])  # type: ignore[attr-defined]


def test_a_network_that_runs_freely_reads_its_own_predictions() -> None:
    """The second step equals the prediction for a series in which the first one came true; volume stays as it was."""
    found, prepared = weights(TWO), data.dataset(TWO.data, "last")
    assert isinstance(prepared, data.Windows)
    start = 300
    one, two = forecast.free_running(TWO, found, np.array([start]), 2)[0]
    x = prepared.x(np.array([start, start]))
    x[1, :-1] = x[0, 1:]
    x[1, -1] = [x[0, -1, 0], prepared.scaling.apply(np.array([0.0, one]))[1]]
    np.testing.assert_allclose([one, two], prepared.unscale(predict(TWO.model, found, x)[:, 0]), rtol=1e-5)


@pytest.mark.parametrize("cell", get_args(CellKey))
@pytest.mark.parametrize("stateful", ["off", "parallel", "staggered"])
def test_the_first_step_of_a_free_run_is_the_one_step_prediction(cell: CellKey, stateful: str) -> None:
    """In every part, the row before it included, and whatever the state has read before."""
    spec = TWO.change(cell=cell, output="every", shuffle=False, stateful=stateful, scaler="zscore", batch=4, steps=5,
                      layers=(Layer(4), Layer(3)), lr=0.03)
    found, prepared = weights(spec), data.dataset(spec.data, spec.model.output)
    assert isinstance(prepared, data.Windows)
    for split in SPLITS:
        rows = prepared.targets_of(split).rows
        ahead = forecast.one_step_predictions(spec, found, split)
        chosen = np.flatnonzero(rows > prepared.steps)[[0, 60, 7, -1]]      # in any order
        first = forecast.free_running(spec, found, rows[chosen] - 1, 1)[:, 0]
        np.testing.assert_allclose(first, ahead[chosen], rtol=1e-5)


@pytest.mark.parametrize("cell", get_args(CellKey))
def test_with_a_carried_state_every_step_goes_on_from_the_state_before(cell: CellKey) -> None:
    """As if the predictions had come true: the whole part and they are read in one go, from before it on."""
    spec = TWO.change(cell=cell, output="every", shuffle=False, stateful="parallel", scaler="zscore", steps=5, batch=4)
    found, prepared = weights(spec), data.dataset(spec.data, spec.model.output)
    assert isinstance(prepared, data.Windows)
    starts = np.array([prepared.rows["test"].start + 20, len(prepared.actual) - 1])
    free = forecast.free_running(spec, found, starts, 6)
    for start, said in zip(starts, free, strict=True):
        read = prepared.inputs[prepared.rows["test"].start - 1 - WARM_UP * spec.data.steps:start + 1]   # type: ignore[attr-defined]
        later = np.repeat(read[-1:], 5, axis=0)
        later[:, 1] = prepared.scaling.apply(np.stack([said[:5], said[:5]], axis=1))[:, 1]
        expected = predict(spec.model, found, np.concatenate([read, later])[None])[0, -6:, 0]
        np.testing.assert_allclose(said, prepared.unscale(expected), rtol=1e-4)


def test_a_sine_goes_on_by_itself() -> None:
    prepared = data.dataset(SINE.data, "last")
    assert isinstance(prepared, data.Windows)
    starts = np.array([320, 340])
    run = forecast.free_running(SINE, weights(SINE), starts, 25)
    actual = np.stack([prepared.actual[start + 1:start + 26] for start in starts])
    assert np.abs(run - actual).mean() < 0.1
    assert np.abs(run[:, 0] - actual[:, 0]).max() < 0.05


@pytest.mark.parametrize(("spec", "says"), [
    (RunSpec(data=Letters()), "predicts the next number"),
    (SINE.change(horizon=2), "2 steps ahead cannot run freely"),
    (SINE.change(target="cosine"), "'cosine' but does not read it"),
])
def test_what_cannot_run_freely_says_why(spec: RunSpec, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        forecast.free_running(spec, {}, np.array([50]), 3)


KINDS = {
    "numbers": TWO, "each step": TWO.change(output="every"), "stride": SINE.change(stride=3, validation=0.0),
    "carried": RunSpec(data=Waves(length=300, target="cosine", horizon=0),
                       model=ModelSpec(layers=(Layer(4),), output="every"),
                       train=TrainSpec(stateful="parallel", shuffle=False)),
    "carried and staggered": RunSpec(data=Waves(length=300), model=ModelSpec(layers=(Layer(4),), output="every"),
                                 train=TrainSpec(stateful="staggered", shuffle=False)),
    "convolution": SINE.change(conv=3), "letters": RunSpec(data=Letters(text=3 * "hello, world!", cycle=False)),
    "letters each step": RunSpec(data=Letters(text=9 * "hello, world!", cycle=False, validation=0.3),
                                 model=ModelSpec(layers=(Layer(4),), output="every")),
    "cycle": RunSpec(data=Letters()), "cycle each step": RunSpec(data=Letters(), model=ModelSpec(output="every")),
    "digits": RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(4),))),
    "reviews": RunSpec(data=Reviews(), model=ModelSpec(layers=(Layer(4),))),
    "numerals": RunSpec(data=Numerals(), model=ModelSpec(layers=(Layer(4),), output="every")),
    "waves": RunSpec(data=Amplitude(), model=ModelSpec(layers=(Layer(4),), output="every")),
    "adding": TASK, "reber": RunSpec(data=Reber(sequences=200), model=ModelSpec(layers=(Layer(4),), output="every"))}


@pytest.mark.parametrize("name", KINDS)
def test_one_name_has_one_value_on_every_page(name: str) -> None:
    """What Train shows after the last evaluation is what Predict, Compare and the presets say of the same weights."""
    spec = KINDS[name].change(epochs=1, keep_best=False)
    piece = advance(spec, None, Budget())
    last, trained = piece.records.evaluations[-1], piece.records.snapshots[-1].weights
    prepared = data.dataset(spec.data, spec.model.output)
    split = "validation" if len(prepared.sample_ids["validation"]) else "train"
    assert last.update == piece.records.snapshots[-1].update == piece.update
    said, shown = forecast.one_step_predictions(spec, trained, split), prepared.targets_of(split)
    if isinstance(prepared, data.Generated):
        scored_mask, outputs = prepared.scored_mask(split), said
        if prepared.output == "every":
            outputs = np.zeros((*scored_mask.shape, said.shape[1]))
            outputs[scored_mask] = said
            outputs = outputs[:, :prepared.lengths(prepared.sample_ids[split]).max()]
        predicted = prepared.right(prepared.sample_ids[split], outputs).mean()
    elif prepared.classes:
        predicted = measure_classes(shown.actual, said, 0).accuracy
    else:
        predicted = numbers(prepared, shown, said).network.mae
    assert last.score == pytest.approx(predicted, rel=1e-5)
    assert forecast.score(spec, trained, split).value == pytest.approx(predicted, rel=1e-5)


def test_the_skill_of_a_score_is_against_the_best_forecast_without_a_network() -> None:
    spec = RunSpec(data=Prices(features=("change",), column="change", steps=5), model=ModelSpec(layers=(Layer(4),)))
    learned = advance(spec.change(epochs=1), None, Budget()).records.snapshots[-1].weights
    found, prepared = forecast.score(spec, learned, "test"), data.dataset(spec.data, "last")
    shown = prepared.targets_of("test")
    beside = numbers(prepared, shown, forecast.one_step_predictions(spec, learned, "test"))
    errors = {name: one.rmse for name, one in beside.baselines.items() if one.count}
    best = min(errors, key=errors.__getitem__)
    assert found.baseline == best != "persistence"          # which is off by half as much again
    assert found.skill == pytest.approx(1 - beside.network.rmse / errors[best])
    assert found.naive == beside.baselines[best].mae
    assert found.over_persistence == pytest.approx(1 - beside.network.rmse / errors["persistence"])
    assert found.baseline_over_persistence == pytest.approx(1 - errors[best] / errors["persistence"])


@pytest.mark.parametrize("spec", [
    TWO.change(output="every"), RunSpec(data=Letters(text=3 * "hello, world!", cycle=False, validation=0.3)), TASK],
                         ids=["numbers", "letters", "task"])
def test_a_score_is_that_of_the_forecasts(spec: RunSpec) -> None:
    found, prepared = weights(spec), data.dataset(spec.data, spec.model.output)
    scored, ahead = forecast.score(spec, found, "validation"), forecast.one_step_predictions(spec, found, "validation")
    actual = prepared.targets_of("validation").actual
    if isinstance(prepared, data.Generated):
        expected = prepared.right(prepared.sample_ids["validation"], ahead).mean()
    else:
        expected = (ahead.argmax(axis=1) == actual).mean() if prepared.classes else np.abs(ahead - actual).mean()
    assert scored.value == pytest.approx(expected)
    assert scored.share == bool(prepared.classes or isinstance(prepared, data.Generated))
    if scored.share:
        assert scored.naive == prepared.naive_error("validation")
        assert scored.skill == pytest.approx((expected - scored.naive) / (1 - scored.naive))
