"""Everything whose results are quoted on the pages and in the docs: the presets, and variants of them.

``python -m lstm_core.presets`` trains each with several seeds and writes what it measures to ``measured.json``
(:mod:`lstm_core.presets.figures` reads it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lstm_core.presets.memory import MEMORY
from lstm_core.presets.preset import Preset
from lstm_core.presets.tutorials import TUTORIALS
from lstm_core.spec import Layer, RunSpec


@dataclass(frozen=True)
class Experiment:
    """Settings that are trained with several seeds, and what is measured of each."""

    preset: str                         # it belongs to
    spec: RunSpec
    measures: tuple[str, ...]           # names of lstm_core.presets.measures.MEASURES
    rule: Literal["own", "1997"] = "own"    # what ends the training: the spec, or the paper's rule
    aside: bool = True                  # a variant, of which fewer seeds are enough


MORE: dict[str, tuple[str, ...]] = {
    "s5": ("final_loss", "first_cost"), "s5_full": ("final_loss",), "s4a": ("epochs_until_right",),
    "s4_rnn": ("test_error", "naive_error"), "s4_lstm": ("test_error", "naive_error"),
    "s1_table": ("naive_deviation",), "s2_stacked": ("test_error", "naive_error", "naive_deviation"),
    "s2_reviews_order_en": ("test_accuracy",), "s2_reviews_order_zh": ("test_accuracy",),
    "s2_windows": ("naive_error",), "s3_scratch": ("test_error",),
    "s3_ensemble": ("epochs", "test_error", "naive_error"),
    "adding_rnn": ("naive_share",), "order": ("sequences_needed",), "recall": ("sequences_needed",),
    "recall_rnn": ("naive_share",), "reber": ("sequences_needed",), "reber_rnn": ("sequences_needed",),
    "brackets": ("sequences_needed",)}
"""What is quoted of a preset beside what its goals measure."""

PRESET_SPECS: dict[str, Preset] = TUTORIALS | MEMORY


def _variant(preset: str, *measures: str, rule: Literal["own", "1997"] = "own", **settings: Any) -> Experiment:
    return Experiment(preset, PRESET_SPECS[preset].spec.change(**settings), measures, rule)


def _paper(preset: str) -> Experiment:
    return _variant(preset, "sequences_needed", "sequences_right", rule="1997")


VARIANTS: dict[str, Experiment] = {
    "s5_keras": _variant("s5", "first_cost", "tutorial_loss", initial="keras"),
    "s5_stateless": _variant("s5", "final_loss", stateful="off", shuffle=True, epochs=8),
    "s5_fast": _variant("s5", "final_loss", lr=0.06),
    "s5_rnn": _variant("s5", "final_loss", cell="rnn"),
    "s5_full_long": _variant("s5_full", "final_loss", epochs=99),
    "s5_amplitude_4": _variant("s5_amplitude", "test_error", layers=(Layer(4),)),
    "s5_amplitude_rnn": _variant("s5_amplitude", "test_error", cell="rnn"),
    "s5_numerals_en_half": _variant("s5_numerals_en", "exact_match", test=0.5),
    "s5_numerals_en_99": _variant("s5_numerals_en", "exact_match", largest=99),
    "s5_numerals_zh_half": _variant("s5_numerals_zh", "exact_match", test=0.5),
    "s4a_two": _variant("s4a", "epochs_until_right", layers=(Layer(2),), epochs=400),
    "s4a_one": _variant("s4a", "best_share", layers=(Layer(1),)),
    "s4b_long": _variant("s4b", "all_right", epochs=300),
    "s4b_line": _variant("s4b", "all_right", embedding=1),
    "s4_rnn_all": _variant("s4_rnn", "test_error", "below_highest", start="", end=""),
    "s4_lstm_all": _variant("s4_lstm", "test_error", "naive_error", start="", end=""),
    "s1_table_all": _variant("s1_table", "mean_relative_deviation", end="", epochs=60),
    "s1_digits_16": _variant("s1_digits", "test_accuracy", layers=(Layer(16),)),
    "s1_digits_4": _variant("s1_digits", "test_accuracy", layers=(Layer(4),)),
    "s2_reviews_en_first": _variant("s2_reviews_en", "test_accuracy", corpus="first"),
    "s2_reviews_zh_first": _variant("s2_reviews_zh", "test_accuracy", corpus="first"),
    "s2_reviews_en_both": _variant("s2_reviews_en", "everyday_accuracy", corpus="both"),
    "s2_reviews_zh_both": _variant("s2_reviews_zh", "everyday_accuracy", corpus="both"),
    "s2_windows_1": _variant("s2_windows", "test_error", steps=1),
    "s2_windows_3": _variant("s2_windows", "test_error", steps=3),
    "s3_scratch_1": _variant("s3_scratch", "test_error", "naive_error", steps=1),
    "adding_1997": _paper("adding"),
    "adding_500_1997": _paper("adding_500"),
    "adding_1000_1997": _paper("adding_1000"),
    "adding_forget_1": _variant("adding", "sequences_right", chrono=0),
    "adding_4": _variant("adding", "sequences_needed", layers=(Layer(4),)),
    "adding_rnn_20": _variant("adding_rnn", "sequences_right", distance=20),
    "order_rnn": _variant("order", "sequences_right", cell="rnn", chrono=0),
    "recall_200": _variant("recall", "sequences_right", distance=200),
    "recall_forget_1": _variant("recall", "sequences_right", chrono=0),
    "recall_rnn_20": _variant("recall_rnn", "sequences_right", distance=20),
    "reber_6": _variant("reber", "sequences_needed", layers=(Layer(6),)),
    "reber_rnn_sgd": _variant("reber_rnn", "sequences_needed", optimizer="sgd", lr=0.1),
    "counting_1": _variant("counting", "counts_to", layers=(Layer(1),)),
    "counting_forget_1": _variant("counting", "counts_to", forget_bias=1.0),
    "counting_gru_8": _variant("counting_gru", "counts_to", layers=(Layer(8),)),
    "counting_gru_16": _variant("counting_gru", "counts_to", layers=(Layer(16),)),
    "brackets_8": _variant("brackets", "sequences_right", depth=8),
    "brackets_gru": _variant("brackets", "sequences_right", "sequences_needed", cell="gru"),
}
"""What the prose of a preset suggests to try, where it says what comes out."""


def _experiment(preset: Preset) -> Experiment:
    measures = dict.fromkeys([*(goal.measure for goal in preset.goals), *MORE.get(preset.name, ())])
    return Experiment(preset.name, preset.spec, tuple(measures), aside=False)


EXPERIMENTS: dict[str, Experiment] = {
    **{name: _experiment(preset) for name, preset in PRESET_SPECS.items()}, **VARIANTS}
"""All of them, under the name with which a sentence asks for their figures."""


def chosen(names: list[str]) -> dict[str, Experiment]:
    """Return the experiments with these names; with that of a preset its variants, too."""
    return {name: each for name, each in EXPERIMENTS.items() if name in names or each.preset in names}
