"""What a sweep is: its runs, what it refuses, how it is written down, what its results say."""

from __future__ import annotations

import math

import pytest

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import Adding, Digits, Layer, Letters, ModelSpec, RunSpec, Table, TrainSpec, Waves, serialization
from lstm_core.spec.sweep import (
    KINDS,
    Axis,
    Impossible,
    Outcomes,
    SweepSpec,
    allowed,
    choices,
    from_json,
    outcomes,
    ranked,
    read,
    rivals,
    to_json,
)

HIDDEN, RATES = Axis("hidden", (4, 8)), Axis("lr", (0.1, 0.01, 0.001))


def test_the_runs_are_all_combinations_with_every_seed_and_each_seed_comes_as_a_whole() -> None:
    base = RunSpec(train=TrainSpec(seed=7))
    sweep = SweepSpec(base, (HIDDEN, RATES), seeds=2)
    assert (sweep.runs, sweep.shape) == (12, "2 x 3")
    assert sweep.settings == [(4, 0.1), (4, 0.01), (4, 0.001), (8, 0.1), (8, 0.01), (8, 0.001)]
    points = sweep.points
    assert [point.setting for point in points] == [*range(6), *range(6)]
    assert [point.seed for point in points] == [7] * 6 + [8] * 6
    for point in points:
        hidden, rate = sweep.settings[point.setting]
        assert point.spec == base.change(layers=(Layer(hidden=hidden),), lr=rate, seed=point.seed)


def test_hidden_and_dropout_are_those_of_all_layers_and_further_layers_are_like_the_last() -> None:
    base = RunSpec(model=ModelSpec(layers=(Layer(8, 0.1), Layer(6, 0.2))))
    sweep = SweepSpec(base, (Axis("layers", (1, 3)), Axis("dropout", (0.0, 0.5))), seeds=1)
    assert [point.spec.model.layers for point in sweep.points] == [
        (Layer(8, 0.0),), (Layer(8, 0.5),),
        (Layer(8, 0.0), Layer(6, 0.0), Layer(6, 0.0)), (Layer(8, 0.5), Layer(6, 0.5), Layer(6, 0.5))]


@pytest.mark.parametrize(("base", "axes", "seeds", "sentence"), [
    (RunSpec(), (), 1, "goes over 1 to 3 settings; received 0"),
    (RunSpec(), (HIDDEN, RATES, Axis("batch", (8, 16)), Axis("steps", (5, 9))), 1, "received 4"),
    (RunSpec(), (HIDDEN, HIDDEN), 1, "hidden can be swept once"),
    (RunSpec(), (Axis("distance", (20, 50)),), 1, r"distance changes nothing in these runs. Allowed: layers, cell"),
    (RunSpec(model=ModelSpec(cell="gru")), (Axis("forget_bias", (0.0, 1.0)),), 1, "forget_bias changes nothing"),
    (RunSpec(model=ModelSpec(chrono=50)), (Axis("forget_bias", (0.0, 1.0)),), 1, "forget_bias changes nothing"),
    (RunSpec(), (HIDDEN,), 0, "with 1 to 10 seeds; received 0"),
    (RunSpec(), (HIDDEN,), 11, "received 11"),
    (RunSpec(), (Axis("hidden", (1, 2, 3)), Axis("batch", (1, 2, 3, 4)), Axis("steps", (1, 2, 3, 4, 5))), 3,
     r"would be 3 x 4 x 5 settings with 3 seeds each = 180 runs; at most 120 are allowed"),
    (RunSpec(data=Waves(validation=0.0)), (HIDDEN,), 1, "judged on the validation part, and there is none"),
    (RunSpec(train=TrainSpec(checkpoint="f" * 32)), (HIDDEN,), 1, "Draw new weights instead"),
])
def test_what_is_no_sweep_is_refused(base: RunSpec, axes: tuple[Axis, ...], seeds: int, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        SweepSpec(base, axes, seeds)


def test_the_largest_sweep_is_allowed() -> None:
    rates = Axis("lr", tuple(n / 1000 for n in range(1, limits.SWEEP_RUNS // 2 + 1)))
    assert SweepSpec(RunSpec(), (rates, HIDDEN), seeds=1).runs == limits.SWEEP_RUNS


@pytest.mark.parametrize(("setting", "values", "sentence"), [
    ("hiden", (1, 2), "Did you mean 'hidden'"),
    ("seed", (1, 2), "'seed' is not known"),
    ("hidden", (4,), "hidden needs at least two values to go over; received 4"),
    ("hidden", (4, 8, 4), "hidden: the value 4 appears twice"),
    ("dropout", (0, 0.0), "appears twice"),
])
def test_what_is_no_axis_is_refused(setting: str, values: tuple[float, ...], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        Axis(setting, values)


@pytest.mark.parametrize(("base", "axis", "combination", "why"), [
    (RunSpec(), Axis("hidden", (8, 0)), {"hidden": 0}, "hidden must be between 1 and 512; received 0"),
    (RunSpec(), Axis("cell", ("gru", "ltsm")), {"cell": "ltsm"}, "Did you mean 'lstm'"),
    (RunSpec(), Axis("layers", (1, 5)), {"layers": 5}, "1 to 4 recurrent layers; received 5"),
    (RunSpec(), Axis("chrono", (0, 2)), {"chrono": 2}, "at least 3 time steps"),
])
def test_a_combination_that_makes_no_run_is_named(base: RunSpec, axis: Axis, combination: dict[str, object],
                                                  why: str) -> None:
    sweep = SweepSpec(base, (axis, RATES))
    with pytest.raises(Impossible, match=why) as caught:
        sweep.points  # noqa: B018
    assert caught.value.combination == combination | {"lr": 0.1}
    assert "lr 0.1 cannot be combined: " in str(caught.value)


def test_only_what_changes_the_run_is_offered() -> None:
    assert allowed(RunSpec())[:4] == ["layers", "cell", "hidden", "steps"]
    assert "distance" in allowed(RunSpec(data=Adding(), model=ModelSpec(output="last")))
    assert "steps" not in allowed(RunSpec(data=Digits()))
    assert "initial" in allowed(RunSpec(model=ModelSpec(cell="rnn")))
    assert "embedding" not in allowed(RunSpec(data=Letters()))
    assert "embedding" in allowed(RunSpec(data=Letters(), model=ModelSpec(encoding="embedding")))


@pytest.mark.parametrize("base", [
    RunSpec(), RunSpec(data=Table(features=("a, b", "c"), column="c", digest="f" * 32)),
    RunSpec(data=Letters(text="你好\"世界"), train=TrainSpec(lr_changes=((5, 0.1),)))])
def test_a_sweep_written_down_is_read_back_equal(base: RunSpec) -> None:
    sweep = SweepSpec(base, (Axis("cell", ("gru", "lstm")), HIDDEN, RATES), seeds=2)
    assert from_json(to_json(sweep)) == sweep
    assert serialization.to_json(from_json(to_json(sweep)).base) == serialization.to_json(base)


def test_an_axis_is_read_by_the_name_its_setting_had_before() -> None:
    sweep = SweepSpec(RunSpec(), (Axis("clip_norm", (0.0, 1.0)),), seeds=2)
    assert from_json(to_json(sweep).replace('"clip_norm"', '"clip"')) == sweep


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"base": 1, "seeds": 1, "axes": []}',
                                  '{"base": {}, "seeds": "x", "axes": []}', '{"base": {}, "seeds": 1, "axes": [1]}'])
def test_what_is_no_sweep_in_writing_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        from_json(text)


@pytest.mark.parametrize(("setting", "text", "values"), [
    ("hidden", "16, 32,64", (16, 32, 64)), ("hidden", "16，32、64 128", (16, 32, 64, 128)),
    ("lr", "0.1 1e-3", (0.1, 0.001)), ("dropout", "0", (0.0,)), ("hidden", " ", ())])
def test_values_are_read_from_text(setting: str, text: str, values: tuple[float, ...]) -> None:
    assert read(setting, text) == values
    assert all(type(value) is KINDS[setting] for value in read(setting, text))


def test_text_that_holds_no_values_is_refused() -> None:
    with pytest.raises(Refusal, match=r"such as 16, 32, 64; received '16, 3\.5'"):
        read("hidden", "16, 3.5")
    assert choices("cell") == ("rnn", "gru", "lstm", "lstm97")
    assert choices("hidden") == ()


def test_results_are_told_apart_by_their_spread_over_the_seeds() -> None:
    sweep = SweepSpec(RunSpec(), (Axis("hidden", (4, 8, 16, 32)),), seeds=3)
    nan = math.nan
    found = outcomes(sweep, [0.30, 0.21, 0.25, nan, 0.40, 0.20, 0.19, 0.1, 0.35, 0.24, 0.205, nan])
    assert [each.errors for each in found] == [(0.30, 0.40, 0.35), (0.21, 0.20, 0.24), (0.25, 0.19, 0.205), (0.1,)]
    assert [each.complete for each in found] == [True, True, True, False]
    assert [(each.median, each.low, each.high) for each in found[:2]] == [(0.35, 0.30, 0.40), (0.21, 0.20, 0.24)]
    order = ranked(found, right=False)
    assert [each.setting for each in order] == [2, 1, 0]        # one lucky run of the fourth does not count
    assert [each.setting for each in rivals(order)] == [1]
    assert [each.setting for each in ranked(found, right=True)] == [0, 1, 2]
    assert rivals(ranked(found, right=True)) == []


def test_a_setting_without_results_has_no_median() -> None:
    empty = Outcomes(0, (), complete=False)
    assert math.isnan(empty.median)
    assert math.isnan(empty.low)
