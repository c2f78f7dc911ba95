"""Each learner of an experiment trains the same but for one value; what comes out is told with mean and spread."""

import math

import pytest

from lstm_core.classroom.experiments import Experiment, Group, from_plain, groups, to_plain
from lstm_core.errors import Refusal
from lstm_core.spec import RunSpec

BASE = RunSpec().change(epochs=2, seed=7)


def test_with_seeds_nothing_but_the_seed_differs():
    seeds = Experiment(BASE)
    specs = [seeds.spec_of(number) for number in range(1, 31)]
    assert [spec.train.seed for spec in specs] == list(range(7, 37)) == [seeds.value_of(at) for at in range(1, 31)]
    assert {spec.change(seed=7) for spec in specs} == {BASE}


def test_with_values_all_are_given_out_before_one_comes_again_with_another_seed():
    hidden = Experiment(BASE, "hidden", (1, 8, 32))
    specs = [hidden.spec_of(number) for number in range(1, 8)]
    assert [spec.model.layers[0].hidden for spec in specs] == [1, 8, 32, 1, 8, 32, 1]
    assert [spec.train.seed for spec in specs] == [7, 7, 7, 8, 8, 8, 9]
    assert hidden.value_of(5) == 8


def test_the_last_seed_is_followed_by_the_first():
    assert Experiment(BASE.change(seed=2**31 - 1)).value_of(2) == 0


@pytest.mark.parametrize(("setting", "values", "refusal"), [
    ("hidden", (1,), "from 2 to 40 values; these are 1"), ("hidden", (1, 1), "appears twice"),
    ("hidden", tuple(range(1, 42)), "from 2 to 40 values; these are 41"), ("hidden", (1, 0), "hidden"),
    ("embedding", (1, 2), "embedding changes nothing in these runs. Allowed: seed, "),
    ("colour", (1, 2), "colour changes nothing"), ("seed", (1, 2), "no values are needed")])
def test_an_experiment_that_cannot_be_run_is_refused(setting, values, refusal):
    with pytest.raises(Refusal, match=refusal):
        Experiment(BASE, setting, values)


@pytest.mark.parametrize("experiment", [Experiment(BASE), Experiment(BASE, "lr", (0.1, 0.01), open=False)])
def test_an_experiment_is_kept_as_text(experiment):
    assert from_plain(to_plain(experiment)) == experiment


@pytest.mark.parametrize("change", [{"base": "{}"}, {"setting": "gone"}, {"values": [1]}, {"values": None}])
def test_what_cannot_be_read_any_more_is_left_out(change):
    assert from_plain(to_plain(Experiment(BASE, "hidden", (1, 2))) | change) is None


def test_runs_of_one_value_are_told_together():
    found = groups([(8, 1.0), (1, 4.0), (8, 3.0), (8, math.nan), (1, math.inf)])
    assert found[1] == Group(8, 2, 2.0, math.sqrt(2))
    assert (found[0].value, found[0].count, found[0].mean) == (1, 1, 4.0)
    assert math.isnan(found[0].deviation)
    assert groups([]) == []
    assert [group.value for group in groups([("gru", 1.0), ("lstm", 1.0), (2, 1.0)])] == [2, "gru", "lstm"]
