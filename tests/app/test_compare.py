"""Compare: runs side by side show what differs, and only what is comparable stands together."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from lstm_core import limits
from lstm_core.charts.palette import NETWORKS
from lstm_core.charts.predict import baseline_name
from lstm_core.evaluation.metrics import Score
from lstm_core.running import jobs
from lstm_core.spec import Digits, Layer, ModelSpec, RunSpec, Split, TrainSpec, Waves
from lstm_core.spec.parameters import parameters
from lstm_core.ui.base.examples import example
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare.runs import EXAMPLES_OFFERED
from lstm_core.ui.shared.baselines import number
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import Visitor, rested

WAVE = RunSpec(data=Waves(noise=0.1, length=120, steps=8), model=ModelSpec(layers=(Layer(4),)),
               train=TrainSpec(epochs=2, batch=16))
DIGITS = RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(6),)), train=TrainSpec(epochs=1, batch=64))
SPECS = {"wave": WAVE, "gru": WAVE.change(cell="gru", layers=(Layer(6), Layer(4)), steps=12, seed=5),
         "ahead": WAVE.change(horizon=3), "digits": DIGITS, "digits gru": DIGITS.change(cell="gru"),
         "lost": WAVE.change(noise=5.0, optimizer="sgd", lr=10.0, clip_norm=0.0, epochs=30)}
OWNER = "compared"


@dataclass(frozen=True)
class Ids:
    """The ids of the runs of SPECS."""

    of: dict[str, str]

    def __call__(self, *names: str) -> str:
        return ",".join(self.of[name] for name in names)


@pytest.fixture(scope="module")
def ids() -> Ids:
    found = {name: lab().start(spec, OWNER) for name, spec in SPECS.items()}
    for run in (*found.values(), *map(example, EXAMPLES_OFFERED)):
        rested(run)
    return Ids(found)


def opened(visit: Visit, runs: str, **query: str) -> Visitor:
    """Open a link to the page in a new tab."""
    visitor = visit("start", **query)
    visitor.at.query_params["runs"] = runs
    return visitor.open("compare")


def table(visitor: Visitor, column: str) -> pd.DataFrame:
    """Return the table that has this column."""
    return next(found.value for found in visitor.at.table if column in found.value.columns)


def settings(visitor: Visitor) -> pd.DataFrame:
    found: pd.DataFrame = visitor.at.table[0].value
    return found


def scored(run: str, split: Split) -> Score:
    view = lab().view(run)
    weights = lab().snapshot(run, session.final_update(view)).weights
    return lab().ask(jobs.score, view.spec, weights, split)


def unmarked(cell: str) -> str:
    return cell.removeprefix(":green-background[**").removesuffix("**]")


def test_what_differs_is_marked_and_the_rest_is_shared(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("wave", "gru"))
    assert visitor.errors == ""
    assert settings(visitor).loc[["Cell", "Hidden units", "Time steps", "Seed"]].to_dict() == {
        "A": {"Cell": "LSTM", "Hidden units": "4", "Time steps": "8", "Seed": "0"},
        "B": {name: f":orange-background[**{value}**]"
              for name, value in {"Cell": "GRU", "Hidden units": "6/4", "Time steps": "12", "Seed": "5"}.items()}}
    shared = table(visitor, "Value").index
    assert {"Sequence", "Noise", "Batch"} <= set(shared)
    assert not set(shared) & set(settings(visitor).index)
    assert "More than one setting differs" in visitor.captions
    assert f'foreground="{NETWORKS[1]}"' in next(text.value for text in visitor.at.markdown if "**B**" in text.value)


def test_the_numbers_are_those_that_the_worker_measures(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("wave", "gru"))
    numbers = table(visitor, "Parameters")
    parts: tuple[Split, ...] = ("validation", "test")
    for row, name in zip("AB", ("wave", "gru"), strict=True):
        run, spec = lab().view(ids(name)), SPECS[name]
        found = numbers.loc[row].map(unmarked)
        io_shape = session.prepared(spec.data, spec.model.output).io_shape
        assert found["Parameters"] == f"{sum(parameters(spec.model, io_shape).values()):,}"
        assert (found["Updates"], found["Seconds"]) == (str(run.update), f"{run.seconds:.2f}")
        assert found["Weights of update"] == str(session.final_update(run))
        assert found["Training loss"] == number(run.evaluations[-1]["train_loss"])
        for split in parts:
            measured = scored(run.id, split)
            title = split.capitalize()
            assert [found[f"{title}: {what}"] for what in ("error", "baseline", "skill")] == [
                number(measured.value), f"{number(measured.naive)} ({baseline_name(measured.baseline)})",
                f"{measured.skill:+.3f}"]
    errors = numbers["Test: error"]
    better = min("AB", key=lambda row: float(unmarked(errors[row])))
    assert [row for row in "AB" if errors[row].startswith(":green")] == [better]


def test_predictions_of_the_same_values_share_one_chart_and_the_rows_they_have_in_common(
        visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("wave", "gru", "ahead"))
    assert visitor.errors == ""
    drawn = [trace["name"] for trace in visitor.figure("compare_predicted0")["data"]]
    assert drawn == ["Naive, 1 ahead", "Naive, 3 ahead", "Real", "A", "B", "C"]
    assert "do not answer the same question" in visitor.captions
    assert "Not ranked against each other: A, B | C" in visitor.captions
    measured = table(visitor, "MAE")
    for row, name in zip("ABC", ("wave", "gru", "ahead"), strict=True):
        assert measured.loc[row, "MAE"] == number(scored(ids(name), "test").value)
        assert float(measured.loc[row, "Skill"]) == pytest.approx(scored(ids(name), "test").skill, abs=6e-4)
    visitor.put("compare_part", "train")
    later = 120 * 0.8 - 12                      # of the training rows those with 12 steps before them
    assert f"Over the {later:.0f} rows of the training part" in visitor.captions


def test_runs_on_different_data_are_compared_only_where_they_are_comparable(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("wave", "digits", "gru"))
    assert "not in the same unit, so they are not laid over each other: A, C | B differ in Sequence." in visitor.errors
    assert "predictions are not laid over each other: A, C | B differ in Sequence." in visitor.errors
    curves = [[trace["name"] for trace in visitor.figure(f"compare_losses{at}")["data"] if "legendgroup" in trace]
              for at in range(2)]
    assert curves == [["A", "A", "C", "C"], ["B", "B"]]
    predicted = {trace["name"] for trace in visitor.figure("compare_predicted0")["data"]}
    assert predicted == {"Real", "Naive", "A", "C"}
    assert "% right" in table(visitor, "Parameters").loc["B", "Test: error"]
    visitor.put("compared", [ids("wave"), ids("digits")])
    assert "Each alone is shown on the page Predict" in visitor.captions
    with pytest.raises(KeyError):
        visitor.figure("compare_predicted0")


def test_classes_are_compared_by_how_often_they_are_right_and_agree(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("digits", "digits gru"))
    named = []
    for name in ("digits", "digits gru"):
        weights = lab().snapshot(ids(name), session.final_update(lab().view(ids(name)))).weights
        named.append(lab().ask(jobs.one_step_predictions, SPECS[name], weights, "test").argmax(axis=1))
    actual = session.prepared(DIGITS.data, "last").targets_of("test").actual
    found = table(visitor, "Agrees with A")
    assert found["Correct answers"].tolist() == [f"{(one == actual).mean():.1%}" for one in named]
    assert found.loc["B", "Agrees with A"] == f"{(named[0] == named[1]).mean():.1%}"
    assert found.loc["A", "Agrees with A"] == "–"


def test_a_run_that_diverged_is_never_the_best(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("lost", "wave"))
    assert lab().view(ids("lost")).outcome == "diverged"
    assert any("Diverged" in link.proto.label for link in visitor.at.get("page_link"))
    assert not table(visitor, "Parameters").loc["A"].str.startswith(":green").any()


# -- choosing ----------------------------------------------------------------------------------------------


def test_the_address_leads_others_to_the_same_comparison(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("gru", "wave"), lang="zh")
    assert visitor.at.query_params["runs"] == ids("gru", "wave")
    assert visitor.widget("compared").value == [ids("gru"), ids("wave")]
    visitor.put("compared", [ids("wave")])
    assert visitor.at.query_params["runs"] == ids("wave")
    assert visitor.open("train").open("compare").widget("compared").value == [ids("wave")]


def test_an_unknown_run_in_the_address_is_told_and_the_others_stay(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, f"{ids('wave')},nosuchrun123,<b>*x*</b>,{ids('gru')}")
    assert visitor.widget("compared").value == [ids("wave"), ids("gru")]
    said = visitor.errors.replace("\\", "")
    assert "There is no run 'nosuchrun123'" in said
    assert "There is no run '<b>*x*</b>'" in said
    assert "\\<b\\>" in visitor.errors


def test_a_link_adds_a_run_and_a_wrong_one_stays_where_it_was_typed(visit: Visit, ids: Ids) -> None:
    visitor = opened(visit, ids("wave"))
    visitor.put("compare_link", f"http://127.0.0.1/train?run={ids('gru')}&lang=zh")
    assert visitor.widget("compared").value == [ids("wave"), ids("gru")]
    assert visitor.widget("compare_link").value == ""
    for wrong, sentence in (("http://[x", "neither the link"), ("nosuchrun123", "There is no run")):
        visitor.put("compare_link", wrong)
        assert sentence in visitor.errors
        assert visitor.widget("compare_link").value == wrong
        assert visitor.widget("compared").value == [ids("wave"), ids("gru")]


def test_more_runs_than_the_limit_are_refused_with_both_numbers(visit: Visit, ids: Ids) -> None:
    many = [lab().start(WAVE.change(seed=seed), OWNER) for seed in range(10, 13)]
    for run in many:
        rested(run)
    nine = ",".join([*ids.of.values(), *many])
    visitor = opened(visit, ids("wave"))
    visitor.put("compare_link", f"http://127.0.0.1/compare?runs={nine}")
    assert f"At most {limits.COMPARED_RUNS} runs can be compared at one time; received 9." in visitor.errors.replace(
        "\\", "")
    assert visitor.widget("compared").value == [ids("wave")]
    other = opened(visit, nine)
    assert len(other.widget("compared").value) == limits.COMPARED_RUNS
    assert "received 9" in other.errors


def test_with_nothing_trained_the_examples_stand_side_by_side(visit: Visit, ids: Ids) -> None:
    del ids                                     # all examples are trained by then
    visitor = visit("compare")
    assert visitor.widget("compared").value == [example("waves"), example("waves_rnn")]
    visitor.put("compared", [])
    assert "Two runs at least make a comparison" in visitor.hints
    visitor.click("compare_letters")
    assert visitor.widget("compared").value == [example("letters")]
    assert visitor.errors == ""


def test_ones_own_runs_come_first_and_are_offered_by_name(visit: Visit, ids: Ids) -> None:
    del ids                                     # all examples are trained by then
    mine = [lab().start(spec, "somebody") for spec in (WAVE, DIGITS, WAVE.change(cell="gru"))]
    for run in mine:
        rested(run)
    visitor = visit("compare", who="somebody")
    assert visitor.widget("compared").value == [mine[2], mine[0]]       # the newest, and one that predicts the same
    offered = visitor.widget("compared").options
    assert offered[0].startswith("Waves: GRU 4, 2 epochs · ")
    assert len(offered) == len(set(offered)) == 6


def test_a_run_in_training_is_drawn_and_measured_later(visit: Visit, ids: Ids) -> None:
    run = lab().start(WAVE.change(epochs=5000), OWNER)
    rested(run, lambda view: view.update > 5)
    visitor = opened(visit, f"{run},{ids('wave')}")
    assert "A is being trained" in visitor.captions
    assert "measured as soon as they rest" in visitor.captions
    assert table(visitor, "Parameters").loc["A", "Test: error"] == "–"
    assert [trace["name"] for trace in visitor.figure("compare_losses0")["data"]].count("A") == 2
    lab().command(run, OWNER, "stop")
    rested(run)
    assert table(visitor.look(), "Parameters").loc["A", "Test: error"] != "–"
    visitor.put("compare_axis", "seconds")
    assert "spread evenly over its updates" in visitor.captions
    axes = visitor.figure("compare_losses0")["layout"]
    assert (axes["xaxis"]["title"]["text"], axes["yaxis"]["type"]) == ("Seconds spent on updates", "log")


def test_only_another_seed_shows_what_luck_does(visit: Visit, ids: Ids) -> None:
    other = lab().start(WAVE.change(seed=10), OWNER)
    rested(other)
    visitor = opened(visit, f"{ids('wave')},{other}", compare_section="bogus")
    assert visitor.at.session_state["compare_section"] == "runs"
    assert "Only the seed differs" in visitor.captions
    assert settings(visitor).index.tolist() == ["Seed"]
    visitor.click("to_sweep")
    assert visitor.at.session_state["compare_section"] == "sweep"
