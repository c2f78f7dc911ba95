"""What is quoted is measured: with enough seeds, with the settings of today, and once for everything."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from lstm_core import i18n
from lstm_core.challenges import CHALLENGES
from lstm_core.challenges.experiments import SOLUTIONS
from lstm_core.learning.success_1997 import Recent, train_until_recent_right
from lstm_core.learning.training import train
from lstm_core.presets import MEMORY, PRESETS, figures, measuring, tables
from lstm_core.presets.__main__ import DOCS, main
from lstm_core.presets.experiments import EXPERIMENTS, Experiment, chosen
from lstm_core.presets.figures import Measured, filled, known, number, read, write, written
from lstm_core.presets.kinds import KINDS, WORDS
from lstm_core.presets.measures import MEASURES, sequences_needed, trained, trained_as_in_1997
from lstm_core.presets.measuring import FEW, LONG, LONG_ASIDE, SEEDS, enough, measure, stale
from lstm_core.presets.memory import PAPER

ALL = EXPERIMENTS | SOLUTIONS


# -- what stands in the file -------------------------------------------------------------------------------


def test_everything_was_measured_with_the_settings_and_data_of_today() -> None:
    found = known()
    reasons = {name: stale(name, experiment, found) for name, experiment in ALL.items()}
    assert {name: why for name, why in reasons.items() if why} == {}, "run: make presets"
    assert found.keys() == ALL.keys()


def test_everything_was_measured_with_enough_seeds() -> None:
    for name, found in known().items():
        assert all(len(values) == found.seeds for values in found.values.values()), name
        assert found.seeds in (FEW, SEEDS), name
        assert found.seeds == SEEDS or max(found.values["seconds"]) > (LONG_ASIDE if ALL[name].aside else LONG), name


@pytest.mark.parametrize("name", PRESETS)
def test_what_was_measured_of_a_preset_reaches_its_goals(name: str) -> None:
    for goal in PRESETS[name].goals:
        assert goal.met(known()[name].values[goal.measure]), goal


def test_the_solutions_of_the_challenges_were_measured_to_solve_them() -> None:
    for name, experiment in SOLUTIONS.items():
        challenge, (measure,) = CHALLENGES[experiment.preset], experiment.measures
        values = known()[name].values[measure]
        good = [value <= challenge.bound if challenge.measure == "error" else value >= challenge.bound
                for value in values]
        assert np.mean(good) >= 0.8, name


def test_the_tables_of_the_docs_are_those_of_the_file() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert tables.inserted(page, known()) == page, "run: python -m lstm_core.presets --docs"
    changed = {**known(), "s5": replace(known()["s5"], values={**known()["s5"].values, "tutorial_loss": (7.0,) * 20})}
    assert tables.inserted(page, changed) != page


def test_every_measure_is_known_by_its_name() -> None:
    assert KINDS.keys() == MEASURES.keys()
    assert {goal.measure for preset in PRESETS.values() for goal in preset.goals} <= WORDS.keys()
    assert {name for name, _ in chosen(["s5"]).items()} == {"s5", "s5_keras", "s5_stateless", "s5_fast", "s5_rnn"}
    assert list(chosen(["s5_fast"])) == ["s5_fast"]


def test_what_prose_says_in_words_holds_for_what_was_measured() -> None:
    def of(name: str, measure: str) -> tuple[float, ...]:
        return known()[name].values[measure]

    for name in ("s4_rnn", "s4_lstm", "s4_lstm_all", "s2_stacked", "s3_ensemble"):      # "the naive forecast wins"
        assert min(of(name, "test_error")) > of(name, "naive_error")[0], name
    assert min(of("s1_table", "mean_relative_deviation")) > of("s1_table", "naive_deviation")[0]
    for name, sequences in PAPER.items():               # fewer than the paper, by its own rule
        assert max(of(f"{name}_1997", "sequences_needed")) < sequences
        assert max(of(name, "sequences_needed")) < sequences
    assert min(of("counting", "counts_to")) > max(of("counting_gru", "counts_to"))      # "counts on", "hardly more"
    assert max(of("adding_1000", "sequences_needed")) < 2 * median(of("adding", "sequences_needed"))   # "hardly more"
    assert min(of("s5_stateless", "final_loss")) > median(of("s5", "final_loss"))       # "stays far higher"
    assert median(of("s5_full", "final_loss")) > median(of("s5", "final_loss"))         # "the cut one is ahead"
    assert median(of("s5_full_long", "final_loss")) < median(of("s5_full", "final_loss"))     # "goes on falling"
    for name in ("adding_rnn", "recall_rnn", "order_rnn", "adding_forget_1"):           # "about the naive share"
        assert median(of(name, "sequences_right")) < 0.3, name
    assert median(of("s4a_two", "epochs_until_right")) > median(of("s4a", "epochs_until_right"))
    for language in ("en", "zh"):                                                       # "more to read helps"
        name = f"s2_reviews_{language}"
        assert median(of(f"{name}_both", "everyday_accuracy")) > median(of(name, "test_accuracy"))
    assert sum(of("s4b_line", "all_right")) < sum(of("s4b", "all_right")) < sum(of("s4a", "all_right"))


# -- measuring ---------------------------------------------------------------------------------------------


def test_what_has_changed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = Experiment("s3_scratch", PRESETS["s3_scratch"].spec, ("scratch_difference",))
    found = {"s3_scratch": known()["s3_scratch"]}
    write(found, tmp_path / "measured.json")
    assert read(tmp_path / "measured.json") == found
    assert stale("s3_scratch", experiment, found) == ""
    assert stale("s3_scratch", experiment, {}) == "not measured"
    assert stale("s3_scratch", replace(experiment, spec=experiment.spec.change(lr=0.02)), found) == "other settings"
    assert stale("s3_scratch", replace(experiment, rule="1997"), found) == "other settings"
    assert stale("s3_scratch", replace(experiment, measures=("skill",)), found) == "other measures"
    monkeypatch.setattr(measuring, "SAMPLES", 32)
    assert stale("s3_scratch", experiment, found) == "other data"


def test_what_takes_long_is_trained_with_fewer_seeds() -> None:
    experiment = EXPERIMENTS["s5"]
    assert enough(experiment, {0: {"seconds": LONG - 1}}, None) == SEEDS
    assert enough(experiment, {0: {"seconds": LONG + 1}}, None) == FEW
    assert enough(replace(experiment, aside=True), {0: {"seconds": LONG - 1}}, None) == FEW
    assert enough(experiment, {0: {"seconds": LONG + 1}}, 3) == 3


def test_seeds_are_trained_in_processes_of_their_own_and_kept_in_order() -> None:
    experiment = EXPERIMENTS["s4a_two"]
    ((name, found),) = measure({"s4a_two": experiment}, processes=1, seeds=3)
    assert name == "s4a_two"
    assert found.values["epochs_until_right"] == tuple(
        MEASURES["epochs_until_right"](trained(experiment.spec.change(seed=seed))) for seed in range(3))
    assert stale(name, experiment, {name: found}) == ""


def test_the_command_measures_what_is_named_and_keeps_the_rest(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(experiments: dict[str, Experiment], *_: object) -> Iterator[tuple[str, Measured]]:
        yield from ((name, known()[name]) for name in experiments)

    monkeypatch.setattr("lstm_core.presets.__main__.measure", measured)
    file, docs = tmp_path / "measured.json", tmp_path / "presets.md"
    docs.write_text(DOCS.read_text(encoding="utf-8"), encoding="utf-8")
    old = replace(known()["s5"], date="1997-11-15")
    write({"s5": old}, file)
    assert main(["s4a", "--seeds", "1"], file, docs) == 0
    assert read(file).keys() == {"s5"}                  # a try: nothing is written
    assert main(["s4a_one"], file, docs) == 0
    assert read(file) == {"s5": old, "s4a_one": known()["s4a_one"]}
    assert main(["s4a", "--stale"], file, docs) == 0
    assert read(file).keys() == {"s5", "s4a", "s4a_one", "s4a_two"}
    assert capsys.readouterr().out.count("s4a_one ") == len(known()["s4a_one"].values) * 2
    assert "`s5`" in docs.read_text(encoding="utf-8")
    assert "`s1_table`" not in docs.read_text(encoding="utf-8")
    missed = replace(PRESETS["s4a"], goals=(replace(PRESETS["s4a"].goals[0], bound=2.0),))
    monkeypatch.setitem(PRESETS, "s4a", missed)
    assert main(["s4a"], file, docs) == 1
    assert "MISSED" in capsys.readouterr().out


# -- how figures are written -------------------------------------------------------------------------------


@pytest.mark.parametrize(("values", "kind", "wanted", "text"), [
    ((0.98, 0.96, 1.0), "share", "median", "98%"),
    ((0.98, 0.964, 1.0), "share", "spread", "98% (96.4 to 100%)"),
    ((0.9997, 0.9997), "share", "range", "99.97%"),
    ((0.275, 0.149, 0.355), "points", "spread", "27.5 percentage points (14.9 to 35.5 percentage points)"),
    ((1.0, 0.0, 1.0), "yes", "yes", "2"),
    ((1.0, 0.0, 1.0), "yes", "spread", "2 of 3"),
    ((25600.0, 30720.0), "count", "spread", "25,600 (25,600 to 30,720)"),
    ((25600.0, 30720.0, math.inf), "count", "range", "25,600 to 30,720 (in 2 of 3 seeds)"),
    ((25600.0, 30720.0, 40960.0, math.inf), "count", "spread", "30,720 (25,600 to 40,960, in 3 of 4 seeds)"),
    ((25600.0, math.inf, math.inf), "count", "spread", "25,600 (in 1 of 3 seeds)"),
    ((25600.0, math.inf, math.inf), "count", "median", "never"),
    ((2.0, 11.2, 3.0), "seconds", "range", "2 to 11 s"),
    ((0.0152, 0.23, 1234.5), "number", "high", "1,234"),
    ((0.0152, 0.23, 1234.5), "number", "low", "0.015"),
    ((0.5, 0.5), "number", "spread", "0.5")])
def test_a_figure_is_written_with_its_spread(values: tuple[float, ...], kind: str, wanted: str, text: str) -> None:
    assert written(values, kind, wanted) == text


def test_a_sentence_takes_its_figures_from_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    found = known()["s5"]
    changed = Measured(found.spec, "own", "", "", "", "", {"tutorial_loss": (0.1, 0.2, 0.6), "seconds": (1, 1, 1)})
    monkeypatch.setattr(figures, "known", lambda: {"s5": changed})
    sentence = "With {s5.seeds} seeds {s5.tutorial_loss.spread}; {count:,} and f(x) = {x}."
    assert filled(sentence) == "With 3 seeds 0.2 (0.1 to 0.6); {count:,} and f(x) = {x}."
    assert filled("at 99 % of all") == "at 99% of all"
    monkeypatch.setattr(i18n, "_current", lambda: "zh")
    chinese = "实测 {s5.tutorial_loss.spread} 轮，{s5.tutorial_loss.median}轮"
    assert filled(chinese) == "实测 0.2（0.1 到 0.6）轮，0.2 轮"
    with pytest.raises(KeyError):
        filled("{s5.nothing.median}")
    assert number(math.inf, "count") != "never"


# -- the rule of 1997 --------------------------------------------------------------------------------------


def test_the_rule_of_1997_counts_sequences_in_a_row_across_batches() -> None:
    recent = Recent(count=4, error=0.01)
    recent.add(np.array([True, False, True]), np.array([0.0, 0.9, 0.005]))
    assert (recent.right, recent.enough) == (1, False)
    recent.add(np.array([True, True]), np.array([0.005, 0.005]))
    assert (recent.right, recent.enough) == (3, False)
    recent.add(np.array([True]), np.array([0.03]))
    assert (recent.right, recent.enough) == (4, False)          # all right, but on average 0.011 off
    recent.add(np.full(4, fill_value=True), np.full(4, 0.009))
    assert recent.enough
    recent.add(np.array([False]), np.array([0.05]))
    assert (recent.right, recent.enough) == (0, False)


def test_the_rule_of_1997_trains_like_any_run_and_judges_before_the_update() -> None:
    spec = MEMORY["adding"].spec.change(distance=20, chrono=20, sequences=320, epochs=2)
    judged = Recent(count=32)
    pieces, met = train_until_recent_right(spec, judged)
    losses = np.concatenate([piece.records.losses for piece in pieces])
    usual = np.concatenate([piece.records.losses for piece in train(spec.change(target_score=0.0))])
    assert not met
    np.testing.assert_array_equal(losses, usual)
    np.testing.assert_allclose(np.mean(judged.errors**2), losses[-1], rtol=1e-4)    # of the batch before its update
    pieces, met = train_until_recent_right(spec.change(epochs=20), Recent(count=2, error=1.0))
    assert met
    assert len(pieces) < 200
    assert pieces[-1].outcome == "training"


def test_a_run_that_the_rule_never_ends_needs_infinitely_many() -> None:
    run = trained_as_in_1997(MEMORY["adding"].spec.change(distance=20, chrono=20, sequences=64, epochs=1))
    assert run.outcome == "done"
    assert sequences_needed(run) == math.inf
