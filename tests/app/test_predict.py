"""Predict: what is shown are the answers of the network the run ended with, each error beside a naive one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from lstm_core import cells, data
from lstm_core.data.sources.reviews import tokenize
from lstm_core.evaluation import baselines as evaluation_baselines
from lstm_core.evaluation import classifiers
from lstm_core.evaluation.verdict import SIMPLER
from lstm_core.records import LayerTrace
from lstm_core.running import jobs
from lstm_core.running.run_view import RunView
from lstm_core.spec import (
    Amplitude,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Prices,
    Reviews,
    RunSpec,
    TrainSpec,
    Waves,
)
from lstm_core.spec.serialization import to_query
from lstm_core.ui.base.server import lab
from lstm_core.ui.predict import free_running
from lstm_core.ui.predict.reviews import kept_words
from lstm_core.ui.shared import baselines as shared_baselines
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import LONG, Visitor, rested
from tests.shown_numbers import read

ONCE = TrainSpec(epochs=2, batch=32)
SMALL = ModelSpec(layers=(Layer(4),))
RUNS = {
    "waves": RunSpec(data=Waves(length=200, steps=8, noise=0.1), model=SMALL, train=ONCE),
    "prices": RunSpec(data=Prices(interval="1mo", features=("close", "volume"), steps=6),
                      model=ModelSpec(cell="gru", layers=(Layer(4),), output="every"), train=ONCE),
    "cosine": RunSpec(data=Waves(length=200, steps=8, target="cosine"), model=ModelSpec(cell="rnn"), train=ONCE),
    "convolution": RunSpec(data=Waves(length=200, steps=8), model=ModelSpec(layers=(Layer(4),), conv=3), train=ONCE),
    "amplitude": RunSpec(data=Amplitude(examples=60), model=ModelSpec(layers=(Layer(4),), output="every"), train=ONCE),
    "digits": RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(12),)), train=TrainSpec(epochs=3, lr=0.01)),
    "digits and a convolution": RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(4),), conv=3), train=ONCE),
    "reviews": RunSpec(data=Reviews(corpus="plain"), model=ModelSpec(layers=(Layer(4),), encoding="embedding"),
                       train=ONCE),
    "rnn reviews": RunSpec(data=Reviews(language="zh"), model=ModelSpec(cell="rnn", layers=(Layer(4),)), train=ONCE),
    "letters": RunSpec(data=Letters(), model=SMALL, train=ONCE),
}
NUMBERS = ("waves", "prices", "convolution")


_known: dict[RunSpec, tuple[str, str]] = {}


def trained(visit: Visit, spec: RunSpec) -> Visitor:
    """A visitor who looks at a finished run; each spec is trained once."""
    if spec not in _known:
        visitor = visit(**to_query(spec)).click("train").rest()
        _known[spec] = visitor.run, visitor.who
    run, who = _known[spec]
    return visit("predict", who=who, run=run)


def answers(visitor: Visitor, split: str = "test", **settings: int) -> np.ndarray:
    """What the run's own end says about a part."""
    spec = visitor.view.spec.change(**settings)
    return lab().ask(jobs.one_step_predictions, spec,
                     lab().snapshot(visitor.run, session.final_update(visitor.view)).weights, split)


def data_of(visitor: Visitor, **settings: int) -> Any:
    spec = visitor.view.spec.change(**settings)
    return session.prepared(spec.data, spec.model.output)


@pytest.mark.parametrize("name", RUNS)
def test_every_kind_of_run_is_shown_with_its_naive_baseline(visit: Visit, name: str) -> None:
    visitor = trained(visit, RUNS[name])
    assert visitor.errors == ""
    if RUNS[name].data.source in ("waves", "prices"):
        table = visitor.at.table[0].value
        assert len(table) == 5
        assert (table.iloc[1:, 5] == "+0.000").sum() == 1           # the best of the baselines
    else:
        assert any(metric.delta for metric in visitor.at.metric)
    parts = ("validation", "test", "train") if name != "letters" else ("train",)
    for split in parts:
        assert visitor.put("asked_part", split).errors == ""
    assert visitor.put("chosen_lang", "zh").errors == ""


@pytest.mark.parametrize("name", NUMBERS)
def test_the_table_is_that_of_scikit_learn(visit: Visit, name: str) -> None:
    visitor = trained(visit, RUNS[name])
    shown, predicted = data_of(visitor).targets_of("test"), answers(visitor)
    assert len(shown.actual) > 10
    spec = visitor.view.spec
    beside = shared_baselines.fitted(spec.data, spec.model.output).one_ahead(data_of(visitor), shown.rows)
    rivals = [math.sqrt(sk.mean_squared_error(shown.actual, values)) for values in beside.values()
              if np.isfinite(values).all()]
    for row, forecast in enumerate((predicted, shown.naive)):
        written = visitor.at.table[0].value.iloc[row]
        rmse = math.sqrt(sk.mean_squared_error(shown.actual, forecast))
        assert written.iloc[0] == f"{sk.mean_absolute_error(shown.actual, forecast):.4g}"
        assert written.iloc[1] == f"{rmse:.4g}"
        assert written.iloc[2] == f"{100 * sk.mean_absolute_percentage_error(shown.actual, forecast):,.2f}"
        moved = np.sign(forecast - shown.naive) * np.sign(shown.actual - shown.naive)
        assert written.iloc[4] == (f"{(moved > 0).sum() / np.count_nonzero(moved):.1%} of {np.count_nonzero(moved)}"
                                   if row == 0 else "–")
        assert written.iloc[5] == shared_baselines.signed(1 - rmse / min(rivals))


@pytest.mark.parametrize("validation", [0.1, 0.0])
def test_the_weights_are_those_the_run_ended_with(visit: Visit, validation: float) -> None:
    """The best is kept: of a run that is thrown about at the end it is not the last moment."""
    spec = RUNS["waves"].change(epochs=30, lr=0.3, seed=2, validation=validation, clip_norm=0.0)
    visitor = trained(visit, spec)
    final = session.final_update(visitor.view)
    assert final < visitor.view.update
    assert visitor.widget("moment").value == final

    def drawn(_view: RunView) -> bool:
        return "test" in lab().view(visitor.run, ("test",)).predictions

    ended = rested(visitor.run, drawn)
    np.testing.assert_array_equal(answers(visitor), ended.predictions["test"])


def test_an_earlier_moment_can_be_looked_at(visit: Visit) -> None:
    visitor = trained(visit, RUNS["waves"])
    end = visitor.at.table[0].value.iloc[0, 0]
    visitor.put("moment", 0)
    shown, data = data_of(visitor).targets_of("test"), data_of(visitor)
    untrained = lab().snapshot(visitor.run, 0).weights
    x = data.x(shown.sample_ids)
    mae = np.abs(cells.predict(visitor.view.spec.model, untrained, x)[:, 0] - shown.actual).mean()
    assert float(visitor.at.table[0].value.iloc[0, 0]) == pytest.approx(mae, rel=1e-3)
    assert visitor.at.table[0].value.iloc[0, 0] != end


def test_more_time_steps_can_be_read_than_in_training(visit: Visit) -> None:
    visitor = trained(visit, RUNS["waves"]).put("steps_read", 12)
    shown = data_of(visitor, steps=12).targets_of("test")
    mae = np.abs(answers(visitor, steps=12) - shown.actual).mean()
    assert visitor.at.table[0].value.iloc[0, 0] == f"{mae:.4g}"
    order = len(shared_baselines.fitted(visitor.view.spec.change(steps=12).data, "last").linear.weights)
    assert visitor.at.table[0].value.index[4] == f"Linear autoregression of order {order}"


def test_too_many_time_steps_are_a_sentence_with_a_way_back(visit: Visit) -> None:
    visitor = trained(visit, RUNS["prices"]).put("steps_read", 100)
    assert "need at least 100" in visitor.errors
    visitor.click("steps_again")
    assert visitor.errors == ""
    assert visitor.widget("steps_read").value == 6


def test_a_convolution_reads_one_length_only(visit: Visit) -> None:
    assert not trained(visit, RUNS["convolution"]).offers("steps_read")


# -- running freely ----------------------------------------------------------------------------------------


def test_a_free_run_begins_where_the_person_says(visit: Visit) -> None:
    visitor = trained(visit, RUNS["waves"]).put("way", "free").put("free_steps", 12)
    assert visitor.errors == ""
    data, first = data_of(visitor), data_of(visitor).rows["test"].start
    assert visitor.widget("free_start").value == first
    visitor.put("free_start", first + 3)
    weights = lab().snapshot(visitor.run, session.final_update(visitor.view)).weights
    run = lab().ask(jobs.free_running, visitor.view.spec, weights, np.array([first + 3]), 12)[0]
    actual = data.actual[first + 4:first + 16]
    assert visitor.at.table[0].value.iloc[0, 0] == f"{np.abs(run - actual).mean():.4g}"
    assert visitor.at.table[0].value.iloc[1, 0] == f"{np.abs(data.actual[first + 3] - actual).mean():.4g}"
    names = [trace["name"] for trace in visitor.figure("predicted")["data"]]
    assert {"Real", "Running freely", "80% band", "Persistence", "Seasonal", "Linear autoregression"} <= set(names)


def test_the_band_is_made_of_errors_on_the_validation_part_alone(visit: Visit) -> None:
    visitor, count = trained(visit, RUNS["waves"]), 5
    spec, data = visitor.view.spec, data_of(visitor)
    found = query.asked(visitor.view, session.final_update(visitor.view), spec)
    band, runs, split = free_running._band(found, data, count)
    rows = data.rows["validation"]
    starts = np.arange(rows.start, rows.stop - count)
    assert (runs, split) == (len(starts), "validation")
    forecasts = lab().ask(jobs.free_running, spec, found.weights, starts, count)
    errors = np.abs(forecasts - data.actual[starts[:, np.newaxis] + np.arange(1, count + 1)])
    np.testing.assert_allclose(band, np.quantile(errors, 0.8, axis=0), rtol=1e-12)
    later = np.arange(data.rows["test"].start, data.rows["test"].stop - count)
    apart = lab().ask(jobs.free_running, spec, found.weights, later, count) - data.actual[
        later[:, np.newaxis] + np.arange(1, count + 1)]
    held = np.mean(np.abs(apart) <= band)
    assert 0 < held < 1
    visitor.put("way", "free").put("free_steps", count)
    assert f"on the test part {held:.0%} of the errors of {len(later)} free runs" in visitor.captions
    farther, runs, _ = free_running._band(found, data, 100)
    assert np.isfinite(farther[:len(rows) - 10]).all()
    assert np.isnan(farther[len(rows) - 1:]).all()              # the test part is not looked at


def test_a_network_that_cannot_run_freely_says_why(visit: Visit) -> None:
    visitor = trained(visit, RUNS["cosine"]).put("way", "free")
    assert "does not read it" in visitor.hints
    assert visitor.errors == ""


def test_a_free_run_can_go_beyond_the_data(visit: Visit) -> None:
    visitor = trained(visit, RUNS["prices"]).put("way", "free").put("free_steps", 30)
    last = data_of(visitor).rows["test"].stop - 1
    visitor.put("free_start", last)
    assert visitor.errors == ""
    assert "After the data end" in visitor.captions
    assert len(visitor.at.table) == 0


def test_dates_go_on_evenly_beyond_the_data() -> None:
    days = np.array(["2020-01-01", "2020-01-03", "2020-01-05"], dtype="datetime64[ns]")
    longer = np.datetime_as_string(free_running._prolonged(days, 5), unit="D").tolist()
    assert longer[3:] == ["2020-01-07", "2020-01-09"]
    assert free_running._prolonged(np.arange(3), 5).tolist() == [0, 1, 2, 3, 4]
    assert len(free_running._prolonged(days, 2)) == 2


def test_the_baselines_run_freely_too(visit: Visit) -> None:
    """Each step is what the baseline says when what it said before had come true."""
    visitor = trained(visit, RUNS["waves"])
    spec, data = visitor.view.spec, data_of(visitor)
    found = shared_baselines.fitted(spec.data, spec.model.output)
    assert found.season
    assert found.linear is not None
    start = 60
    ahead = found.free_running(data, start, 40)
    for name, values in ahead.items():
        series = data.actual[:start + 1].copy()
        for _ in range(40):
            rows = np.array([len(series)])
            told = {"persistence": lambda: evaluation_baselines.persistence(series, rows, 1),        # noqa: B023
                    "mean": lambda: np.array([found.mean]),
                    "seasonal": lambda: evaluation_baselines.seasonal(series, rows, 1, found.season),       # noqa: B023
                    "autoregression": lambda: found.linear.predict(series, rows)}[name]()       # noqa: B023
            series = np.append(series, told)
        np.testing.assert_allclose(values, series[start + 1:], rtol=1e-9)


# -- classes -----------------------------------------------------------------------------------------------


def test_an_example_that_was_named_wrong_can_be_picked(visit: Visit) -> None:
    visitor = trained(visit, RUNS["digits"])
    actual, named = data_of(visitor).targets_of("test").actual, answers(visitor).argmax(axis=1)
    wrong = np.flatnonzero(actual != named)
    assert visitor.numbers["Named right"] == f"{(actual == named).sum()} of {len(actual)}"
    visitor.put("among", "wrong").put("which_one", 2)
    place = wrong[1]
    assert any(f"Correct: **{actual[place]}**. The network says **{named[place]}**" in text.value
               for text in visitor.at.markdown)
    assert (visitor.at.session_state["from_part"], visitor.at.session_state["at"]) == ("test", place + 1)
    assert visitor.open("cell").widget("at").value == place + 1


def test_an_image_put_on_the_grid_is_read_as_it_is(visit: Visit) -> None:
    visitor = trained(visit, RUNS["digits"])
    assert any("Nothing is drawn yet" in text.value for text in visitor.at.markdown)
    visitor.click("put_on_grid")
    data = data_of(visitor)
    image = data.sample(int(data.sample_ids["test"][0]))
    assert visitor.at.session_state["grid_ink"] == (image.ravel() * 16).tolist()
    named = answers(visitor)[0]
    assert any(f"The network says **{named.argmax()}**, with a probability of {named.max():.0%}" in text.value
               for text in visitor.at.markdown)


def test_the_probabilities_after_the_last_row_are_the_answer(visit: Visit) -> None:
    visitor = trained(visit, RUNS["digits"])
    found = query.asked(visitor.view, session.final_update(visitor.view), visitor.view.spec)
    _trace, after = query.read(found, found.data.sample(int(found.data.sample_ids["test"][0])))
    np.testing.assert_allclose(after[-1], answers(visitor)[0], atol=1e-5)
    np.testing.assert_allclose(after.sum(axis=1), 1)


@pytest.mark.parametrize(("name", "models"), [
    ("reviews", {"words": "Logistic regression on words", "pairs": "Logistic regression on words and word pairs"}),
    ("digits", {"logistic": "Logistic regression on all grey values", "neighbor": "Nearest neighbour"})])
def test_simpler_models_stand_beside_the_network(visit: Visit, name: str, models: dict[str, str]) -> None:
    """The counts are those of the part shown, computed from the same split."""
    visitor = trained(visit, RUNS[name])
    found = data.dataset(RUNS[name].data, "last")
    assert isinstance(found, data.Examples)
    y = found.y(found.sample_ids["test"])
    counted = classifiers.company(found, "test")
    table = next(table for table in visitor.at.table if "This network" in table.value.index).value
    right = {"This network": int((answers(visitor).argmax(axis=1) == y).sum())} | {
        title: int((counted[model] == y).sum()) for model, title in models.items()}
    assert dict(table["Named right"]) == {title: f"{number:,} of {len(y):,}" for title, number in right.items()}
    best = max(counted, key=lambda model: int((counted[model] == y).sum()))
    assert models[best] in next(text.value for text in visitor.at.markdown if "The best of them" in text.value)
    assert ("13 people" in visitor.captions) == (name == "digits")
    verdict = next(text.value for text in visitor.at.markdown if "The network names" in text.value)
    assert f"the best of the simpler models, {SIMPLER[best]}, {right[models[best]]} (" in verdict


def test_simpler_models_are_computed_once_for_a_part(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = trained(visit, RUNS["digits"])
    monkeypatch.setattr(classifiers, "company", None)
    assert "the best of the simpler models" in "".join(text.value for text in visitor.at.run().markdown)


def test_a_review_of_ones_own_is_read_and_strange_words_are_named(visit: Visit) -> None:
    visitor = trained(visit, RUNS["reviews"])
    visitor.put("review_en_plain", "Amazing breakfast, zyxomma service!")
    assert "zyxomma" in visitor.captions
    assert tokenize("Amazing breakfast, zyxomma service!", "en", "plain") == [
        "amazing", "breakfast", "zyxomma", "service"]
    assert [trace["name"] for trace in visitor.figure("own_words")["data"]] == [
        "probability of content", "input gate", "forget gate", "in the cell at the end"]
    assert "at least one word" in visitor.put("review_en_plain", "?!").hints


def test_what_a_word_has_written_adds_up_to_the_cell_at_the_end() -> None:
    chance = np.random.default_rng(0)
    x, weights = chance.normal(size=(7, 2)), {
        "layers.0.weight_ih_l0": chance.normal(size=(12, 2)), "layers.0.weight_hh_l0": chance.normal(size=(12, 3)),
        "layers.0.bias_ih_l0": chance.normal(size=12), "layers.0.bias_hh_l0": chance.normal(size=12),
        "head.weight": chance.normal(size=(1, 3)), "head.bias": chance.normal(size=1)}
    layer: LayerTrace = cells.trace(ModelSpec(layers=(Layer(3),)), weights, x).layers[0]
    f, written = layer.gates["f"], layer.gates["i"] * layer.gates["g"]
    terms = np.array([written[t] * np.prod(f[t + 1:], axis=0) for t in range(7)])
    np.testing.assert_allclose(terms.sum(axis=0), layer.c[-1])
    np.testing.assert_allclose(kept_words(layer), np.abs(terms).sum(axis=1) / np.abs(terms).sum())


def test_a_wave_for_a_number_of_ones_own(visit: Visit) -> None:
    visitor = trained(visit, RUNS["amplitude"]).put("entering", -0.5)
    assert visitor.errors == ""
    weights = lab().snapshot(visitor.run, session.final_update(visitor.view)).weights
    x = np.zeros((1, 20, 1))
    x[0, 0, 0] = -0.5
    drawn = cells.predict(visitor.view.spec.model, weights, x)[0, :, 0]
    actual = -0.5 * np.sin(2 * np.pi * np.arange(1, 21) / 20)
    assert any(f"**{np.abs(drawn - actual).mean():.4g}**" in text.value for text in visitor.at.markdown)


# -- runs that are not as they should be -------------------------------------------------------------------


def test_a_run_without_an_update_says_so_and_where_to_go(visit: Visit) -> None:
    visitor = visit(**to_query(RUNS["waves"])).click("train").rest().click("reset").open("predict")
    assert "nothing to predict with" in visitor.hints
    assert any("Train a network" in link.proto.label for link in visitor.at.get("page_link"))
    assert visitor.errors == ""


def test_a_run_in_training_is_shown_as_far_as_it_is(visit: Visit) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: len(view.snapshots) > 1).open("predict")
    assert "still being trained" in visitor.hints
    assert visitor.errors == ""
    assert len(visitor.at.table) == 1


@pytest.mark.parametrize(("name", "settings"), [("waves", {"noise": 5.0}), ("digits", {"conv": 32})])
def test_a_diverged_run_says_so(visit: Visit, name: str, settings: dict[str, float]) -> None:
    visitor = trained(visit, RUNS[name].change(optimizer="sgd", lr=10.0, clip_norm=0.0, epochs=30, **settings))
    assert visitor.view.outcome == "diverged"
    if name == "waves":
        assert any("**Diverged.**" in text.value for text in visitor.at.markdown)
        skill = visitor.at.table[0].value.iloc[0, 5]
        assert skill == "–" or read(skill) < -1e5
        assert visitor.put("way", "free").errors == ""
    else:
        assert "it has diverged" in visitor.errors
        assert visitor.put("moment", 0).errors == ""


def test_the_files_that_can_be_taken_along(visit: Visit) -> None:
    visitor = trained(visit, RUNS["waves"])
    buttons = {button.proto.label for button in visitor.at.get("download_button")}
    assert buttons == {"Forecasts (CSV)", "Metrics (CSV)", "Weights as text", "Weights as a checkpoint"}


def test_a_prediction_can_be_moved_back_over_what_was_known(visit: Visit) -> None:
    visitor = trained(visit, RUNS["prices"])
    rows, predicted = data_of(visitor).targets_of("test"), answers(visitor)
    visitor.put("asked_part", "test")
    drawn = visitor.figure("moved_back")["data"]
    assert [trace["name"] for trace in drawn] == ["Persistence", "Real", "Predicted"]
    for steps in (0, 1):
        visitor.put("move_back", bool(steps))
        near = np.abs(predicted[1:] - rows.actual[:-1]).mean(), np.abs(predicted - rows.actual).mean()
        assert f"{near[1]:.4g}" in visitor.captions
        assert f"{near[0]:.4g}" in visitor.captions
        assert f"The last {min(60, len(predicted) - steps)} rows" in visitor.figure("moved_back")["alt"]
