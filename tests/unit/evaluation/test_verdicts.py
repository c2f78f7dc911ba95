"""Verdicts: each rule from both sides of its threshold, and whole runs that were really trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from lstm_core import data, i18n
from lstm_core.evaluation import verdicts as module
from lstm_core.evaluation.baselines import persistence
from lstm_core.evaluation.beside import measure_beside
from lstm_core.evaluation.classifiers import company
from lstm_core.evaluation.evidence import Course, Evidence, gate_saturation, gather, saturation
from lstm_core.evaluation.metrics import NOTHING, Metrics, Rival, measure, measure_classes, measure_rival
from lstm_core.evaluation.significance import Interval
from lstm_core.evaluation.verdict import BASELINES, CLEAR, GATES, SIMPLER, Kind, Verdict
from lstm_core.evaluation.verdicts import verdicts
from lstm_core.i18n import gettext_noop as N_
from lstm_core.learning import forecast, worker_cache
from lstm_core.locale.catalogue import sentences
from lstm_core.presets import measures
from lstm_core.spec import Digits, Layer, Letters, ModelSpec, Prices, RunSpec, TrainSpec, Waves

EPOCHS = np.arange(41.0)
NOISE = 1 + 0.01 * np.random.default_rng(0).normal(size=(2, 41))


def falling(to: float, rate: float = 6.0) -> np.ndarray:
    """Return a loss that falls from 1 to its floor over 40 epochs, with noise of 1 %."""
    return (to + (1 - to) * np.exp(-rate * EPOCHS / 40 * 2)) * NOISE[0]


def rising(by: float, *, since: int = 15) -> np.ndarray:
    """Return a validation loss that falls to 0.2 until an epoch and ends that share above it; without noise."""
    return np.where(since >= EPOCHS, 0.2 + 0.8 * (1 - EPOCHS / since) ** 2,
                    0.2 * (1 + by * (EPOCHS - since) / (40 - since)))


def going_on(by: float) -> np.ndarray:
    """Return a loss that falls steadily, by that share over the last fifth of 40 epochs."""
    return (1 - by) ** (EPOCHS / 8)


def of(rmse: float, *, skill: float = np.nan, explained: float = 0.5) -> Metrics:
    return replace(NOTHING, mae=rmse, rmse=rmse, skill=skill, explained=explained, count=100)


GOOD, SETTLED = of(1.0, skill=0.5, explained=0.9), falling(0.1)


def evidence(**facts: Any) -> Evidence:
    """Return the evidence of a run that has settled, about which there is nothing to be said, but for the facts."""
    told: dict[str, Any] = {
        "outcome": "done", "updates": 10 * EPOCHS.astype(np.int64), "epochs": EPOCHS,
        "train_loss": np.where(EPOCHS > 0, SETTLED, np.nan), "validation_loss": SETTLED * NOISE[1], "best_epoch": None,
        "network": GOOD, "training": GOOD}
    return Evidence(**told | facts)


def kinds(**facts: Any) -> list[str]:
    return [verdict.kind for verdict in verdicts(evidence(**facts))]


def one(kind: str, **facts: Any) -> Verdict:
    return next(verdict for verdict in verdicts(evidence(**facts)) if verdict.kind == kind)


def test_of_a_run_without_anything_remarkable_nothing_is_said() -> None:
    assert kinds() == []
    assert kinds(validation_loss=np.full(41, np.nan)) == []
    assert kinds(**dict.fromkeys(("updates", "epochs", "train_loss", "validation_loss"), np.zeros(0))) == []


# ------------------------------------------------------------------------------------------------------------- diverged


@pytest.mark.parametrize("curve", ["train_loss", "validation_loss"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_has_diverged_and_nothing_else_counts(curve: str, bad: float) -> None:
    losses = np.where(EPOCHS < 30, SETTLED, bad)
    found = verdicts(evidence(**{curve: losses}, baselines={"persistence": of(2.0)}, saturation={"f": 1.0}))
    assert [verdict.kind for verdict in found] == ["diverged"]
    assert found[0].numbers == {"Last epoch with a finite loss": 29}
    assert "after epoch 29 the loss" in found[0].told()


def test_a_run_that_ended_diverged_says_so_by_itself() -> None:
    assert kinds(outcome="diverged") == ["diverged"]
    assert one("diverged", outcome="diverged", **dict.fromkeys(
        ("updates", "epochs", "train_loss", "validation_loss"), np.zeros(0))).numbers.popitem()[1] == 0


# ----------------------------------------------------------------------------------------------------------- overfitted


def test_over_fitting_from_both_sides() -> None:
    assert kinds(validation_loss=rising(0.08)) == []
    assert kinds(validation_loss=rising(0.13)) == ["overfitted"]
    assert kinds(validation_loss=rising(0.13) * NOISE[1]) == ["overfitted"]
    # the training loss does not go on falling: something else is wrong
    assert kinds(validation_loss=rising(0.5), train_loss=np.maximum(going_on(0.1), going_on(0.1)[15])) == []
    assert kinds(validation_loss=rising(0.5), train_loss=np.maximum(going_on(0.1), 0.97 * going_on(0.1)[15])) == [
        "overfitted"]


def test_over_fitting_says_since_when_and_by_how_much() -> None:
    found = one("overfitted", validation_loss=rising(0.5, since=12), train_loss=going_on(0.3), best_epoch=12.0)
    assert found.sentence.values["epoch"] == pytest.approx(12, abs=1)
    assert found.sentence.values["rise"] == pytest.approx(0.4, abs=0.05)        # half way through the last fifth
    assert found.numbers["Epoch of the weights that were kept"] == 12
    assert "Since epoch 1" in found.told()
    assert f"rose by {found.sentence.values['rise']:.0%}, from 0.2" in found.told()


def test_a_rise_must_last_and_stand_out_from_the_noise() -> None:
    assert kinds(validation_loss=rising(1.5, since=31), train_loss=going_on(0.3)) == ["overfitted"]
    assert kinds(validation_loss=rising(1.5, since=34), train_loss=going_on(0.3)) == []     # begun in the last fifth
    rng = np.random.default_rng(2)
    for _ in range(20):
        noisy = np.where(EPOCHS < 5, 2.0, 0.2) * np.exp(0.3 * rng.normal(size=41))
        assert "overfitted" not in kinds(validation_loss=noisy, train_loss=going_on(0.1))
        assert "overfitted" in kinds(validation_loss=noisy * (1 + EPOCHS / 10), train_loss=going_on(0.1))


def test_what_is_known_by_heart_needs_little_rise_and_a_gap_to_the_validation_loss() -> None:
    heart = going_on(0.6)                           # a hundredth of the training loss is left
    assert "overfitted" in kinds(validation_loss=rising(0.05), train_loss=heart)
    assert "overfitted" not in kinds(validation_loss=rising(0.05), train_loss=going_on(0.3))
    assert "overfitted" not in kinds(validation_loss=rising(0.01), train_loss=heart)
    assert "overfitted" not in kinds(validation_loss=rising(0.05) / 100, train_loss=heart)      # as low as the training


def test_one_odd_evaluation_is_no_over_fitting() -> None:
    for at in (40, 20):
        odd = SETTLED.copy()
        odd[at] *= 3 if at == 40 else 0.3
        assert kinds(validation_loss=odd) == []


# ------------------------------------------------------------------------------------------------------------- learning


def test_still_learning_from_both_sides() -> None:
    assert kinds(validation_loss=going_on(0.04)) == []
    assert kinds(validation_loss=going_on(0.08)) == ["learning"]
    assert kinds(validation_loss=going_on(0.08) * NOISE[1]) == ["learning"]
    assert one("learning", validation_loss=going_on(0.2)).sentence.values["fell"] == pytest.approx(0.2, abs=0.04)


def test_without_a_validation_part_the_training_loss_tells() -> None:
    none = np.full(41, np.nan)
    assert kinds(validation_loss=none, train_loss=going_on(0.04)) == []
    found = one("learning", validation_loss=none, train_loss=going_on(0.08))
    assert "the training loss fell by" in found.told()
    assert "the validation loss fell by" in one("learning", validation_loss=going_on(0.08)).told()


def test_a_loss_that_has_turned_or_only_swings_is_not_still_learning() -> None:
    turned = np.where(EPOCHS < 37, going_on(0.3), going_on(0.3)[36] * 1.04 ** (EPOCHS - 36))
    assert kinds(validation_loss=turned) == []
    rng = np.random.default_rng(3)
    for _ in range(20):
        noisy = 0.2 * np.exp(0.3 * rng.normal(size=41) - 0.1 * (EPOCHS > 36))
        assert kinds(validation_loss=noisy) == []
    swings = 0.3 + 0.2 * np.cos(EPOCHS * np.pi / 8)             # the last trough, at 40, is no deeper than the others
    assert "learning" not in kinds(validation_loss=swings)


def test_a_few_evaluations_are_no_curve() -> None:
    for count, expected in ((14, []), (15, ["learning"])):
        cut = slice(0, count)
        assert kinds(updates=10 * EPOCHS[cut], epochs=EPOCHS[cut], train_loss=SETTLED[cut],
                     validation_loss=0.5 ** EPOCHS[cut]) == expected


# ---------------------------------------------------------------------------------------------------------- underfitted


def test_under_fitting_from_both_sides() -> None:
    assert kinds(training=of(1.0, skill=0.03, explained=0.9)) == []
    assert kinds(training=of(1.0, skill=0.01, explained=0.9)) == ["underfitted"]
    assert kinds(training=of(1.0, skill=0.3, explained=0.12)) == []
    assert kinds(training=of(1.0, skill=0.3, explained=0.08)) == ["underfitted"]
    assert "(skill -31.0%)" in one("underfitted", training=of(1.0, skill=-0.31, explained=0.9)).told()
    assert "only 8.0% of the variance" in one("underfitted", training=of(1.0, skill=0.3, explained=0.08)).told()


def test_only_a_run_that_has_settled_and_is_known_can_be_under_fitted() -> None:
    poor = of(1.0, skill=-1.0, explained=0.05)
    assert kinds(training=poor, validation_loss=going_on(0.2)) == ["learning"]
    assert kinds(training=poor, validation_loss=rising(0.5)) == ["overfitted"]
    assert kinds(training=None) == kinds(training=NOTHING) == []
    assert kinds(training=of(1.0, skill=-1.0, explained=0.9), horizon=0) == []      # persistence knows more there
    assert kinds(training=poor, horizon=0) == ["underfitted"]


def test_classes_are_under_fitted_when_no_more_are_right_than_naively() -> None:
    for share, expected in ((0.51, ["underfitted"]), (0.53, [])):
        right = np.arange(100) < 100 * share
        naive = np.where(np.arange(100) < 50, 0, 1)
        training = measure_classes(np.zeros(100, dtype=int), np.column_stack([right, ~right]).astype(float), naive)
        assert kinds(training=training) == expected


# --------------------------------------------------------------------------------------------------------------- lagged


def judged(predicted: np.ndarray, actual: np.ndarray, naive: np.ndarray, **facts: Any) -> dict[str, Any]:
    """Return the evidence of a forecast beside persistence, which cannot be told from it: that is not asked here."""
    found = measure_beside(actual, predicted, {"persistence": naive}, known=naive, horizon=1)
    return {"network": found.network, "baselines": found.baselines, "actual": actual, "predicted": predicted,
            "persistence": naive, **facts}


def but_ties(found: list[str]) -> list[str]:
    return [kind for kind in found if kind != "ties"]


def index(horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the last 300 closes of a real index, and the persistence forecast of them."""
    series = data.load(Prices(market="sp500")).values[:, 3]
    rows = np.arange(len(series) - 300, len(series))
    return series[rows], persistence(series, rows, horizon)


@pytest.mark.parametrize("horizon", [1, 3, 8])
def test_yesterdays_price_in_another_dress_is_a_late_copy(horizon: int) -> None:
    actual, naive = index(horizon)
    predicted = 0.97 * naive + 0.03 * naive.mean() - 5
    facts = judged(predicted, actual, naive, horizon=horizon, unit="points")
    found = one("lagged", **facts)
    assert found.numbers["Lag, time steps"] == horizon
    assert found.numbers["Correlation of changes at this lag"] == pytest.approx(1)
    assert f"at a lag of {horizon} (1.00), not at lag 0 (" in found.told()
    assert found.numbers["Mean distance from the last known value"] == pytest.approx(np.mean(np.abs(predicted - naive)))
    assert f"{facts['network'].mae:.3g} points from the real one" in found.told()
    assert "lagged" not in kinds(**facts | {"horizon": horizon + 1})          # the copy is not that old


def test_a_late_copy_from_both_sides() -> None:
    actual, naive = index(1)
    noise = np.random.default_rng(1).normal(size=300) * np.diff(actual).std()
    assert but_ties(kinds(**judged(naive + 0.9 * noise, actual, naive))) == ["lagged"]      # correlation 0.60
    assert but_ties(kinds(**judged(naive + 1.6 * noise, actual, naive))) == []              # 0.37
    knows = 0.6 * actual + 0.4 * naive                                            # it knows something of today
    assert measure(actual, knows, naive, naive).skill > CLEAR
    assert but_ties(kinds(**judged(knows, actual, naive))) == []
    older = np.concatenate([naive[:2], 0.6 * naive[2:] + 0.8 * naive[1:-1] - 0.4 * naive[:-2]])
    assert but_ties(kinds(**judged(older, actual, naive))) == []                  # most like the step before the last
    # changes in percent repeat nothing: a pale copy of the last one is better than the last one
    change = 100 * np.diff(actual) / actual[:-1]
    pale = 0.1 * change[:-1]
    assert but_ties(kinds(**judged(pale, change[1:], change[:-1]))) == []
    assert but_ties(kinds(**judged(pale + 5, change[1:], change[:-1]))) == ["lagged"]
    # changes that follow one another, as those of a wave do, are alike at every short lag
    wave = data.load(Waves(period=80)).values[:300, 0]
    assert but_ties(kinds(**judged(wave[:-1] * 0.98, wave[1:], wave[:-1]))) == []
    assert but_ties(kinds(**judged(naive, actual, naive, horizon=0))) == []
    assert but_ties(kinds(**judged(naive[:25], actual[:25], naive[:25]))) == []             # too few rows to tell


@pytest.mark.parametrize(("profile", "expected"), [
    ([0.49, 0.60, 0.3], ["lagged"]), ([0.51, 0.60, 0.3], []),           # more than LAG_MARGIN above lag 0
    ([0.1, 0.51, 0.3], ["lagged"]), ([0.1, 0.49, 0.3], []),             # LAG_LEAST
    ([0.1, 0.60, 0.61], []), ([0.1, 0.60, np.nan], ["lagged"])])        # the highest of all
def test_the_margins_of_a_late_copy(profile: list[float], expected: list[str],
                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "lag_profile", lambda *_rows: np.array(profile))
    rows = dict.fromkeys(("actual", "predicted", "persistence"), np.ones(3))
    assert but_ties(kinds(network=of(1.0), baselines={"persistence": of(1.0)}, **rows)) == expected
    better = {"persistence": of(1 / (1 - CLEAR - 0.001))}
    assert but_ties(kinds(network=of(1.0), baselines=better, **rows)) == []


def test_a_late_copy_is_not_called_under_fitted_too() -> None:
    actual, naive = index(1)
    poor = of(1.0, skill=-0.01, explained=0.98)
    assert but_ties(kinds(**judged(naive - 0.1, actual, naive), training=poor)) == ["lagged"]
    assert but_ties(kinds(**judged(naive - 0.1, actual, naive), training=replace(poor, explained=0.02))) == [
        "lagged", "underfitted"]


# ------------------------------------------------------------------------------------------------ beats, ties and loses


def told(network: Metrics, *, horizon: int = 1, unit: str = "", within: float = 0.001,
         **baselines: Metrics) -> list[tuple[str, str]]:
    """Return what is said beside baselines, when the share of the squared error saved is known as well as that."""
    saved = {}
    for name, other in baselines.items():
        middle = 1 - network.rmse**2 / other.rmse**2
        saved[name] = Interval(middle - within, middle, middle + within)
    return [(verdict.kind, verdict.told()) for verdict in verdicts(evidence(
        network=network, baselines=baselines, saved=saved, horizon=horizon, unit=unit))]


def said(*arguments: Any, **more: Any) -> list[str]:
    return [kind for kind, _sentence in told(*arguments, **more)]


def test_against_the_best_baseline_from_both_sides() -> None:
    worse = of(4.0)
    assert told(of(1.9), unit="USD", seasonal=of(2.0), mean=worse) == [
        ("beats", "The network beats every baseline. Its error (RMSE) is 1.9 USD, 5.0% below the 2 USD of the best of "
                  "them, the seasonal naive forecast; that is more than chance.")]
    for error in (1.97, 2.03):
        assert told(of(error), seasonal=of(2.0)) == [
            ("ties", f"The network is about as good as the seasonal naive forecast: error (RMSE) {error} against 2. "
                     "The difference is more than chance, but small.")]
    assert told(of(2.1), persistence=of(2.0), seasonal=worse)[0] == (
        "loses", "The network loses to persistence. Its error (RMSE) is 2.1, 5.0% above 2; that is more than chance.")
    assert "is 12,346, 311.5% above 3,000;" in told(of(12_345.6), persistence=of(3_000.0))[0][1]


@pytest.mark.parametrize("error", [1.5, 1.9, 2.0, 2.1, 3.0])
def test_what_may_be_chance_is_neither_better_nor_worse(error: float) -> None:
    assert told(of(error), persistence=of(2.0), within=9.0) == [
        ("ties", f"The network is not distinguishable from persistence: error (RMSE) {error:g} against 2. On 100 rows "
                 "a difference like that may be chance.")]


def test_it_must_beat_every_baseline_not_only_the_best() -> None:
    """The difference from the one with the larger error may be the less certain one."""
    saved = {"mean": Interval(0.1, 0.2, 0.3), "seasonal": Interval(-0.1, 0.3, 0.7)}
    found = verdicts(evidence(network=of(1.0), baselines={"mean": of(1.1), "seasonal": of(1.2)}, saved=saved))
    assert [verdict.kind for verdict in found] == ["ties"]
    assert "not distinguishable from the seasonal naive forecast" in found[0].told()
    assert (found[0].numbers["at least, with 99.5% confidence"], found[0].numbers["Rows"]) == (-0.1, 100)


def test_what_beats_persistence_alone_is_told_that_too() -> None:
    found = told(of(2.5), autoregression=of(2.0), persistence=of(4.0))
    assert found == [
        ("loses", "The network loses to the linear autoregression. Its error (RMSE) is 2.5, 25.0% above 2; that is "
                  "more than chance."),
        ("beats_persistence", "The network beats persistence. Its error (RMSE) is 2.5, 37.5% below 4; that is more "
                              "than chance.")]
    assert said(of(3.95), autoregression=of(2.0), persistence=of(4.0)) == ["loses"]
    assert said(of(2.0), mean=of(2.0), persistence=of(4.0)) == ["ties", "beats_persistence"]


def test_a_baseline_that_is_exact_or_is_told_more_is_not_put_in_percent() -> None:
    assert "practically exact here" in told(of(0.01), seasonal=of(1e-16, explained=1.0))[0][1]
    assert "practically exact" not in told(of(0.01), seasonal=of(1e-4, explained=0.99))[0][1]
    assert "which the network never sees" in told(of(0.2), persistence=of(0.02), horizon=0)[0][1]
    assert "above" in told(of(0.2), mean=of(0.1), horizon=0)[0][1]


def test_what_cannot_be_measured_is_not_compared() -> None:
    assert told(NOTHING, persistence=of(1.0)) == told(of(1.0)) == []
    assert said(of(1.0), persistence=of(2.0), seasonal=NOTHING) == ["beats"]
    assert "over too few rows" in verdicts(evidence(network=of(1.0), baselines={"mean": of(2.0)}))[0].told()


def test_classes_are_compared_by_the_rows_of_which_one_alone_is_right() -> None:
    actual = np.repeat([0, 1], 10)
    for alone, kind in ((9, "beats"), (8, "ties"), (0, "ties")):
        for naive in (0, 1):
            named = np.where(np.arange(20) % 10 < alone, actual, naive)
            found = verdicts(evidence(network=measure_classes(actual, np.eye(2)[named], naive), training=None))
            right = 10 + alone
            assert [verdict.kind for verdict in found] == [kind]
            assert found[0].told().startswith(f"The network names {right} of 20 right ({right / 20:.1%}); always")
            assert ("may be chance." in found[0].told()) == (kind == "ties")
            assert found[0].numbers["Right where that is wrong"] == alone
    lost = verdicts(evidence(network=measure_classes(actual[:10], np.eye(2)[np.ones(10, dtype=int)], 0), training=None))
    assert [verdict.kind for verdict in lost] == ["loses"]
    nothing = measure_classes(np.zeros(0, dtype=int), np.zeros((0, 3)), 0)
    assert kinds(network=nothing, training=None) == []


def test_classes_are_compared_with_the_best_of_the_simpler_models() -> None:
    actual, named = np.repeat([0, 1], 50), np.repeat([0, 1], 50)
    named[:10] = 1                                          # the network: 90 of 100, the most frequent class 50
    network = measure_classes(actual, np.eye(2)[named], 1)
    for wrong, kind in ((slice(10, 50), "beats"), (slice(10, 25), "ties"), (slice(0), "loses")):
        other = actual.copy()
        other[wrong] = 1
        best, worse = (measure_rival(actual, np.eye(2)[named], answers) for answers in (other, 1 - actual))
        found = verdicts(evidence(network=network, rivals={"words": worse, "pairs": best}, training=None))
        assert [verdict.kind for verdict in found] == [kind]
        assert (f"the best of the simpler models, logistic regression on words and word pairs, {best.right} ("
                in found[0].told())
        assert ("may be chance." in found[0].told()) == (kind == "ties")
        assert found[0].numbers["Right by the best simpler model"] == best.right
        assert found[0].numbers["Wrong where that is right"] == best.lost == 10
    frequent = verdicts(evidence(network=network, rivals={"words": worse}, training=None))
    assert "always naming the most frequent class" in frequent[0].told()


def test_rows_about_which_the_network_says_nothing_do_not_count_for_a_rival() -> None:
    probabilities = np.array([[1, 0], [np.nan, np.nan], [0, 1.0]])
    assert measure_rival(np.array([0, 0, 0]), probabilities, np.array([1, 0, 0])) == Rival(1, 1, 1)


@pytest.mark.parametrize("known", [False, True])
def test_the_simpler_models_are_rivals_also_when_nobody_hands_them_over(known: bool) -> None:
    digits = worker_cache.dataset(Digits(), "last")
    actual = digits.targets_of("test").actual
    perfect = {split: np.eye(10)[digits.targets_of(split).actual] for split in ("test", "train")}
    course = Course(outcome="done", updates=EPOCHS, epochs=EPOCHS, train_loss=EPOCHS, validation_loss=EPOCHS,
                    best_epoch=None)
    found = gather(course, digits, "test", perfect, {}, company={"neighbor": 0 * actual} if known else None)
    right = {name: rival.right for name, rival in found.rivals.items()}
    assert right == ({"neighbor": int((actual == 0).sum())} if known else {
        name: int((named == actual).sum()) for name, named in company(digits, "test").items()})


# ------------------------------------------------------------------------------------------------------------ saturated


def test_saturated_gates_from_both_sides() -> None:
    assert kinds(saturation={"f": 0.49, "i": 0.2, "o": 0.0}) == []
    found = one("saturated", saturation={"f": 0.2, "i": 0.62, "o": 0.0})
    assert found.told().startswith("The input gate is saturated: at 62% of its activations")
    assert found.numbers == {"forget gate": 0.2, "input gate": 0.62, "output gate": 0.0}


def test_the_share_of_saturated_activations_is_that_of_all_layers() -> None:
    low, high = {"f": np.array([[0.04, 0.06]]), "g": np.ones((1, 2))}, {"f": np.array([[0.94, 0.96], [0.5, 0.5]])}
    assert gate_saturation([low, high]) == {"f": 2 / 6}
    assert gate_saturation([{"h": np.ones((3, 2))}]) == {}


# --------------------------------------------------------------------------------------------------- order and language


def test_the_most_important_comes_first() -> None:
    actual, naive = index(1)
    late = judged(naive, actual, naive)
    found = kinds(**late | {"baselines": {**late["baselines"], "autoregression": of(1e-3)}},
                  saved={"autoregression": Interval(-9.0, -8.0, -7.0)}, training=of(1.0, explained=0.01),
                  saturation={"f": 0.9})
    assert found == ["lagged", "loses", "underfitted", "saturated"]
    assert found == sorted(found, key=get_args(Kind).index)


def test_names_within_a_sentence_are_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "input gate"\nmsgstr "porta"\n\n'
        'msgid "validation loss"\nmsgstr "perdita"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    monkeypatch.setattr(i18n, "_current", lambda: "xx")
    assert one("saturated", saturation={"i": 0.7}).told().startswith("The porta is saturated")
    assert "the perdita fell" in one("learning", validation_loss=going_on(0.2)).told()


def test_the_translators_tool_finds_every_sentence_and_name() -> None:
    actual, naive = index(1)
    some = {"training": NOTHING, "saturation": {"f": 0.9}}
    found = [verdict for facts in (
        {"outcome": "diverged"}, {**judged(naive, actual, naive), **some}, {"validation_loss": rising(0.5)},
        {"validation_loss": going_on(0.2)}, {"training": of(1.0, skill=0.0)}, {"training": of(1.0, explained=0.0)},
        *({"baselines": {"persistence": of(2.0 ** sign), "mean": of(9.0)}, "saved": {
            "persistence": Interval(low, 0.1, high)}} for sign, low, high in (
                (1, 0.1, 0.2), (-1, -0.2, -0.1), (1, -1.0, 1.0), (0, 0.1, 0.2))),
        {"baselines": {"mean": of(2.0)}, "saved": {"mean": Interval(0.1, 0.2, 0.3)}},
        {"baselines": {"mean": of(1.0)}}, {"network": measure_classes(np.zeros(9, dtype=int), np.eye(2)[[0] * 9], 1)},
        *({"network": measure_classes(np.zeros(9, dtype=int), np.eye(2)[[0] * 9], 0),
           "rivals": {"words": Rival(9, won, 9 - won)}} for won in (9, 4)),
    ) for verdict in verdicts(evidence(**facts))]
    known = {str(message.id) for message in sentences()}
    for verdict in found:
        assert {verdict.sentence.template, *verdict.numbers} <= known
    names = {*BASELINES.values(), *SIMPLER.values(), *GATES.values()}
    assert names | {N_("validation loss"), N_("training loss")} <= known


# ----------------------------------------------------------------------------------------------------------- whole runs


def trained(spec: RunSpec) -> Evidence:
    """Train a run and gather all evidence of it on its test part, as a page does."""
    run = measures.trained(spec)
    columns = {name: np.array([getattr(entry, name) for entry in run.evaluations])
               for name in ("update", "epoch", "train_loss", "validation_loss")}
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    course = Course(outcome=run.outcome, updates=columns["update"], epochs=columns["epoch"], best_epoch=None,
                    train_loss=columns["train_loss"], validation_loss=columns["validation_loss"])
    predicted = {split: forecast.one_step_predictions(spec, run.weights, split) for split in ("test", "train")}
    return gather(course, prepared, "test", predicted, saturation(spec.model, run.weights, prepared, "test"))


SMALL = ModelSpec(layers=(Layer(8),))


@pytest.mark.parametrize(("spec", "says"), [
    (RunSpec(data=Waves(length=400), train=TrainSpec(epochs=15, lr=0.001)), ["loses", "beats_persistence"]),
    (RunSpec(data=Prices(market="sp500", interval="1wk", end="2009-01-01", steps=8), model=SMALL,
             train=TrainSpec(epochs=40, lr=0.005)), ["lagged", "ties"]),
    (RunSpec(data=Prices(market="sp500", start="2002-01-01", end="2003-01-01", features=("change",), column="change",
                         scaler="zscore", steps=10),
             model=ModelSpec(layers=(Layer(32),)), train=TrainSpec(epochs=60, lr=0.02, keep_best=False)),
     ["ties", "overfitted"]),
    (RunSpec(data=Prices(market="sp500", start="2010-01-01", features=("change",), column="change", scaler="zscore",
                         steps=5),
             model=ModelSpec(layers=(Layer(1),)), train=TrainSpec(epochs=15, lr=0.005)),
     ["ties", "beats_persistence", "underfitted"]),
    (RunSpec(data=Waves(wave="sawtooth", length=400), model=ModelSpec(cell="rnn", layers=(Layer(8),)),
             train=TrainSpec(epochs=30, lr=10, optimizer="sgd", clip_norm=0)), ["diverged"]),
    (RunSpec(data=Letters(text="the cat sat on the mat " * 12, cycle=False), model=SMALL,
             train=TrainSpec(epochs=8, lr=0.01)), ["beats", "learning"]),
], ids=["sine", "index", "changes by heart", "changes", "broken", "letters"])
def test_a_run_that_was_really_trained(spec: RunSpec, says: list[str]) -> None:
    found = verdicts(trained(spec))
    assert [verdict.kind for verdict in found] == says
    for verdict in found:
        assert "{" not in verdict.told()
        assert all(isinstance(value, (int, float)) for value in verdict.numbers.values())
