"""Runs side by side: what differs, what may share a chart, what may be ranked, and which runs a link names."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core.data import dataset
from lstm_core.errors import Refusal
from lstm_core.evaluation.comparison import (
    Key,
    agreement,
    common,
    groups,
    linked,
    loss_unit,
    question,
    reasons,
    setting_differences,
    settings,
    truth,
)
from lstm_core.spec import Adding, Amplitude, Digits, Layer, Letters, ModelSpec, Numerals, Prices, RunSpec, Waves
from lstm_core.spec.serialization import is_id

WAVE = RunSpec(data=Waves(noise=0.1, length=200, steps=8))
STACKED = ModelSpec(layers=(Layer(32, 0.1), Layer(16)))
PRICES = RunSpec(data=Prices(interval="1mo"))


# -- what differs ------------------------------------------------------------------------------------------


def test_only_what_differs_is_told_and_layers_are_one_row_each() -> None:
    other = RunSpec(data=WAVE.data, model=STACKED, train=WAVE.train).change(seed=3)
    differing, shared = setting_differences([WAVE, other, WAVE])
    assert differing == {"hidden": ((32,), (32, 16), (32,)), "dropout": ((0.0,), (0.1, 0.0), (0.0,)), "seed": (0, 3, 0)}
    assert shared["source"] == ("waves",) * 3
    assert not differing.keys() & shared.keys()


def test_two_layers_without_dropout_are_no_other_dropout_than_one() -> None:
    two = RunSpec(data=WAVE.data, model=ModelSpec(layers=(Layer(32), Layer(32))))
    assert setting_differences([WAVE, two])[0] == {"hidden": ((32,), (32, 32))}


def test_a_setting_that_a_run_does_not_have_is_none() -> None:
    differing, _shared = setting_differences([WAVE, RunSpec(data=Letters())])
    assert differing["wave"] == ("sine", None)
    assert differing["text"] == (None, "abcde")


@pytest.mark.parametrize(("spec", "without_effect"), [
    (WAVE.change(noise=0.0), {"noise_seed"}), (WAVE, {"period2"}), (WAVE.change(cell="gru"), {"forget_bias", "chrono"}),
    (WAVE.change(chrono=20), {"forget_bias"}), (WAVE, {"encoding", "embedding"}), (PRICES, {"ticker", "digest"}),
    (RunSpec(data=Letters()), {"validation", "test", "embedding"}),
])
def test_what_has_no_effect_is_left_out(spec: RunSpec, without_effect: set[str]) -> None:
    assert not without_effect & settings(spec).keys()


@pytest.mark.parametrize(("spec", "with_effect"), [
    (WAVE, {"noise_seed", "forget_bias", "chrono"}), (WAVE.change(wave="sum"), {"period2"}),
    (RunSpec(data=Letters(cycle=False)).change(encoding="embedding"), {"validation", "encoding", "embedding"}),
    (PRICES.change(market="ticker"), {"ticker", "digest"}),
])
def test_what_has_an_effect_is_told(spec: RunSpec, with_effect: set[str]) -> None:
    assert with_effect <= settings(spec).keys()


def test_no_effect_means_that_the_data_are_the_same() -> None:
    """The settings left out of the truth are held to the data themselves."""
    one = dataset(WAVE.change(noise=0.0).data, "last")
    other = dataset(WAVE.change(noise=0.0, noise_seed=5, period2=9.0).data, "last")
    np.testing.assert_array_equal(one.targets_of("test").actual, other.targets_of("test").actual)


# -- what is comparable ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [truth, loss_unit, question])
@pytest.mark.parametrize("change", [
    {"cell": "gru"}, {"steps": 12}, {"stride": 3}, {"lr": 0.1}, {"seed": 9}, {"output": "every"}, {"batch": 8}])
def test_the_network_the_training_and_the_window_keep_nothing_apart(key: Key, change: dict[str, object]) -> None:
    assert groups([WAVE, WAVE.change(**change)], key) == [[0, 1]]


@pytest.mark.parametrize(("change", "apart"), [
    ({"noise": 0.2}, {truth, loss_unit, question}), ({"length": 300}, {truth, loss_unit, question}),
    ({"test": 0.2}, {truth, loss_unit, question}), ({"target": "cosine"}, {truth, loss_unit, question}),
    ({"scaler": "zscore"}, {loss_unit}), ({"horizon": 4}, {question})])
def test_data_scaling_and_horizon_keep_apart_what_they_decide(change: dict[str, object], apart: set[Key]) -> None:
    other = WAVE.change(**change)
    for key in (truth, loss_unit, question):
        assert (len(groups([WAVE, other], key)) == 2) == (key in apart), key.__name__
        if key in apart:
            assert reasons([WAVE, other], key) == list(change)


def test_examples_are_the_same_only_with_all_their_settings() -> None:
    wave = RunSpec(data=Amplitude(), model=ModelSpec(output="every"))
    assert len(groups([wave, wave.change(steps=30)], truth)) == 2
    assert len(groups([RunSpec(data=Digits()), RunSpec(data=Digits(split_seed=1))], truth)) == 2
    assert len(groups([RunSpec(data=Adding()), RunSpec(data=Adding(distance=50))], loss_unit)) == 2


def test_the_slowest_indicator_decides_how_many_rows_are_missing() -> None:
    some, slowest = (PRICES.change(features=names) for names in (("close", "change", "return20"), ("return20",)))
    assert loss_unit(some) == loss_unit(slowest) != loss_unit(PRICES.change(features=("change",)))
    assert loss_unit(some)["features"] == 20
    assert loss_unit(PRICES.change(column="return5"))["features"] == 5


def test_an_indicator_shortens_the_series_so_its_losses_stand_apart_but_not_its_predictions() -> None:
    more = PRICES.change(features=("close", "rsi14"))
    assert len(groups([PRICES, PRICES.change(features=("close", "volume"))], loss_unit)) == 1
    assert reasons([PRICES, more], loss_unit) == ["features"]
    assert len(groups([PRICES, more], truth)) == 1
    shown = [dataset(spec.data, "last").targets_of("test") for spec in (PRICES, more)]
    assert len(shown[0].index) != len(shown[1].index)
    at = common(shown)
    assert len(at[0]) == len(at[1]) == min(len(one.index) for one in shown)
    np.testing.assert_array_equal(shown[0].index[at[0]], shown[1].index[at[1]])
    np.testing.assert_array_equal(shown[0].actual[at[0]], shown[1].actual[at[1]])
    assert not np.array_equal(shown[0].rows[at[0]], shown[1].rows[at[1]])


def test_groups_keep_the_order_and_other_sources_say_it_all() -> None:
    specs = [WAVE, RunSpec(data=Letters()), WAVE.change(seed=1), RunSpec(data=Letters()), WAVE.change(period=9.0)]
    assert groups(specs, truth) == [[0, 2], [1, 3], [4]]
    assert reasons(specs[:4], truth) == ["source"]
    assert reasons(specs, truth) == ["source", "period"]


def test_runs_with_other_time_steps_have_the_later_rows_of_training_in_common() -> None:
    shown = [dataset(WAVE.change(steps=steps).data, "last").targets_of("train") for steps in (8, 20, 3)]
    at = common(shown)
    assert {len(rows) for rows in at} == {len(shown[1].rows)}
    for one, rows in zip(shown, at, strict=True):
        np.testing.assert_array_equal(one.rows[rows], shown[1].rows)
        np.testing.assert_array_equal(one.actual[rows], shown[1].actual)


def test_targets_at_every_step_of_examples_are_all_in_common() -> None:
    shown = dataset(Numerals(largest=99), "every").targets_of("test")
    assert len(set(shown.rows.tolist())) < len(shown.rows)
    assert [len(rows) for rows in common([shown, shown])] == [len(shown.rows)] * 2


def test_agreement_counts_the_same_answer_whether_right_or_wrong() -> None:
    np.testing.assert_allclose(
        agreement([np.array([0, 1, 2, 2]), np.array([0, 1, 0, 0]), np.array([2, 1, 2, 0])]),
        [[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])


# -- links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "runs"), [
    ("4I9KHN4LnjCm", ("4I9KHN4LnjCm",)), ("  tUu7XrlwAvt_\n", ("tUu7XrlwAvt_",)),
    ("http://127.0.0.1:8501/train?run=G-bLxaf2-vtV&lang=zh", ("G-bLxaf2-vtV",)),
    ("https://lab.example/prefix/predict?lang=en&run=abc#part", ("abc",)), ("?run=abc", ("abc",)),
    ("http://x/compare?runs=a,b,a&run=c", ("a", "b")), ("http://x/compare?runs=a%2Cb", ("a", "b"))])
def test_a_link_names_its_runs(text: str, runs: tuple[str, ...]) -> None:
    assert linked(text) == runs


@pytest.mark.parametrize("text", [
    "", "   ", "http://x/train", "http://x/train?run=", "http://x/?run=a/../b", "http://[bad?run=abc", "two words",
    "http://x/?run=<script>alert(1)</script>", "'; DROP TABLE runs; --", "http://x/?runs=a,,b", "x" * 41,
    "http://x/?run=" + "y" * 5000, "http://x/?run=运行", "\x00", "http://x/?run=a%00b", "javascript:alert(1)"])
def test_what_is_no_link_to_a_run_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(Refusal, match="neither the link nor the id") as refused:
        linked(text)
    assert len(str(refused.value)) < 400


def test_an_id_has_letters_and_digits_only() -> None:
    assert is_id("tUu7XrlwAvt_")
    assert not any(is_id(text) for text in ("", "a b", "a,b", "a\n", "ä", "a" * 41))
