"""Challenges: each can be solved, none is solved by what it begins with, and the judge says why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lstm_core.challenges import CHALLENGES, Challenge, Rule, judge
from lstm_core.challenges.__main__ import main, tried
from lstm_core.challenges.judge import QUANTITIES, Attempt, checks, result, written
from lstm_core.evaluation.metrics import Score
from lstm_core.learning import worker_cache
from lstm_core.spec import Amplitude, Layer, ModelSpec, RunSpec, setting_names
from lstm_core.spec.parameters import parameters
from lstm_core.spec.serialization import from_json, to_json

QUICK = [name for name, challenge in CHALLENGES.items() if challenge.quick]
VOLUME, RECALL, ADDING, PRICE = (CHALLENGES[name] for name in ("volume", "recall", "adding", "price"))


def attempt(challenge: Challenge, parameters: int = 30, epoch: float = 1.0, **settings: Any) -> Attempt:
    return Attempt(spec=challenge.solution.change(**settings), parameters=parameters, epoch=epoch, ended=True)


def reasons(challenge: Challenge, run: Attempt) -> list[str]:
    return [str(why) for check in checks(challenge, run) for why in check.why]


def size(spec: RunSpec) -> int:
    return sum(parameters(spec.model, worker_cache.dataset(spec.data, spec.model.output).io_shape).values())


def score(error: float, skill: float = 0.0) -> Score:
    return Score(loss=0.0, value=error, baseline="mean", naive=0.5, skill=-1.0, share=False, over_persistence=skill,
                 baseline_over_persistence=0.25)


# -- every challenge ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_complete(name: str) -> None:
    challenge = CHALLENGES[name]
    assert challenge.name == name
    assert from_json(to_json(challenge.start)) == challenge.start
    known = setting_names(type(challenge.data))
    assert challenge.free <= set(known)
    assert all(rule.what in known or rule.what in QUANTITIES for rule in challenge.rules)
    assert judge.fits(challenge, challenge.solution)
    assert len(judge.rules(challenge)) == len(checks(challenge, attempt(challenge)))
    assert challenge.split == "train" or challenge.data.test > 0


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_solution_keeps_to_the_rules(name: str) -> None:
    challenge = CHALLENGES[name]
    assert reasons(challenge, attempt(challenge, size(challenge.solution))) == []


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_solution_solves_and_the_start_does_not(name: str) -> None:
    challenge = CHALLENGES[name]
    reached, solved = tried(challenge, challenge.solution)
    assert solved, reached
    begun = Attempt(spec=challenge.start, parameters=size(challenge.start), epoch=0, ended=True)
    if not reasons(challenge, begun):           # else it need not be trained to say that it solves nothing
        reached, solved = tried(challenge, challenge.start)
        assert not solved, reached


def test_the_command_prints_a_line_and_fails_when_a_solution_does(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["letters", "--seeds", "2"]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[:4] == ["letters", "right", "2/2", "100%"]
    assert line.endswith("reached")
    too_small = replace(CHALLENGES["letters"], rules=(Rule("parameters", "most", 32),))
    monkeypatch.setitem(CHALLENGES, "letters", too_small)
    assert main(["letters", "--seeds", "1"]) == 1
    assert "MISSED" in capsys.readouterr().out


# -- rules -------------------------------------------------------------------------------------------------


def test_at_most_so_many_parameters() -> None:
    assert reasons(VOLUME, attempt(VOLUME, parameters=200)) == []
    assert reasons(VOLUME, attempt(VOLUME, parameters=1201)) == [
        "It has 1,201 weights and biases; at most 200 are allowed."]


def test_at_most_so_many_sequences_are_counted_by_the_epochs_done() -> None:
    assert reasons(ADDING, attempt(ADDING, epoch=6)) == []
    assert reasons(ADDING, attempt(ADDING, epoch=6.5, epochs=7)) == [
        "It has read 32,500 training sequences; at most 30,000 are allowed."]


def test_a_setting_at_least() -> None:
    assert reasons(RECALL, attempt(RECALL, distance=81)) == []
    assert reasons(RECALL, attempt(RECALL, distance=79)) == ["distance is 79; at least 80 is asked for."]


def test_a_setting_at_most_and_one_that_must_be() -> None:
    sgd = CHALLENGES["sgd"]
    assert reasons(sgd, attempt(sgd, epochs=21, optimizer="adam")) == [
        "optimizer is adam; it must be sgd.", "epochs is 21; at most 20 is allowed."]


def test_the_sequence_is_fixed_but_for_what_is_free() -> None:
    assert reasons(VOLUME, attempt(VOLUME, steps=12, scaler="minmax", features=("volume", "close"))) == []
    assert reasons(VOLUME, attempt(VOLUME, test=0.05, end="2010-01-01")) == [
        "Of its sequence, test is 0.05 and must be 0.1.", "Of its sequence, end is 2010-01-01 and must be ."]
    assert reasons(ADDING, attempt(ADDING, split_seed=1)) == ["Of its sequence, split_seed is 1 and must be 0."]


def test_with_another_sequence_nothing_else_is_judged() -> None:
    found = checks(VOLUME, Attempt(spec=RECALL.start, parameters=9999, epoch=0, ended=False))
    assert [str(why) for check in found for why in check.why] == ["It was trained on another sequence."]
    assert len(found) == 1


def test_a_run_is_meant_for_the_challenge_with_the_sequence_most_like_its_own() -> None:
    assert all(name in judge.meant(challenge.solution) for name, challenge in CHALLENGES.items())
    assert judge.meant(VOLUME.start.change(test=0.2)) == ["volume"]
    assert judge.meant(PRICE.start.change(test=0.2)) == ["price"]
    assert judge.meant(RunSpec(data=Amplitude(), model=ModelSpec(output="every"))) == []


def test_a_run_begins_anew_and_ends() -> None:
    assert reasons(RECALL, attempt(RECALL, checkpoint="ab" * 16)) == ["It began with the weights of an earlier run."]
    assert reasons(RECALL, replace(attempt(RECALL, epoch=2.5), ended=False)) == [
        "It was not trained to its end: 2.5 of 20 epochs are done."]
    assert reasons(RECALL, replace(attempt(RECALL), outcome="diverged")) == [
        "Its loss grew beyond all numbers: it has diverged."]


# -- what is reached ---------------------------------------------------------------------------------------


def test_what_is_reached_is_held_against_the_bound() -> None:
    assert result(VOLUME, score(9.0, skill=0.05)).met
    missed = result(VOLUME, score(9.0, skill=0.031))
    assert not missed.met
    assert str(missed.why[0]) == "Its skill against persistence on the test part is 0.031; at least 0.05 is needed."
    assert result(RECALL, score(0.99)).met
    assert str(result(RECALL, score(0.9867)).why[0]) == "Of the test part 98.67% is right; at least 99% is needed."
    assert result(PRICE, score(100.0), "points").met
    assert str(result(PRICE, score(168.62), "points").why[0]) == (
        "Its mean error on the test part is 168.6 points; at most 100 points is needed.")


def test_the_best_forecast_without_a_network_is_measured_as_the_challenge_asks() -> None:
    assert judge.without_network(VOLUME, score(9.0, skill=0.05)) == 0.25
    assert judge.without_network(PRICE, score(9.0)) == 0.5


def test_nothing_that_is_not_a_number_solves() -> None:
    assert not any(result(challenge, score(float("nan"), float("nan"))).met for challenge in CHALLENGES.values())


def test_a_near_miss_is_not_written_as_the_bound() -> None:
    assert written(RECALL, 0.9899999) == "98.99999%"
    assert written(RECALL, 0.99) == "99%"
    assert written(VOLUME, 0.04999996) == "0.04999996"


def test_the_better_of_two_is_the_larger_one_but_of_errors_the_smaller() -> None:
    assert judge.better(VOLUME, 0.2, 0.1)
    assert judge.better(PRICE, 60, 70)
    assert not judge.better(PRICE, 70, 60)


def test_the_sentences_state_the_true_sizes() -> None:
    for name, stated in {"letters": 33, "volume": 22, "digits": 2342, "numerals": 6315, "reber": 384}.items():
        assert size(CHALLENGES[name].solution) == stated
        assert f"{stated:,}" in CHALLENGES[name].learned
    assert size(CHALLENGES["letters"].solution.change(layers=(Layer(1),))) == 18
    for name, stated in {"digits": 19594, "numerals": 37819}.items():
        assert size(CHALLENGES[name].start) == stated
        assert f"{stated:,}" in CHALLENGES[name].learned


def test_the_price_never_stood_as_high_in_training() -> None:
    prices = worker_cache.dataset(PRICE.data, "last")
    parts = {split: prices.targets_of(split).actual for split in ("train", "test")}
    assert parts["test"].min() > parts["train"].max()
