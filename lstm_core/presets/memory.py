"""The memory tasks as presets: what a network with a memory must reach, and what one without does not.

A run ends after the first epoch with nearly all validation sequences right; what is then measured is the test part.
The bounds on the training sequences of the adding problem are those that the LSTM of Hochreiter & Schmidhuber 1997
needed (table 7) by a stricter rule (:mod:`lstm_core.learning.success_1997`). As there, 2,560 new
sequences decide; 99% of them must be right. Counting goes on to its last epoch and keeps those weights: the best ones
would be chosen by strings that are longer than those of the training.
"""

from __future__ import annotations

from typing import Literal

from lstm_core.i18n import gettext_noop as N_
from lstm_core.presets.preset import Goal, Preset
from lstm_core.spec import (
    Adding,
    Brackets,
    Counting,
    Layer,
    ModelSpec,
    Order,
    Reber,
    Recall,
    RunSpec,
    TrainSpec,
)

SUM = RunSpec(
    data=Adding(sequences=5120, validation=0.1), model=ModelSpec(layers=(Layer(32),), chrono=100),
    train=TrainSpec(epochs=14, batch=32, lr=0.005, target_score=0.995, keep_best=False))

RECALL = RunSpec(
    data=Recall(), model=ModelSpec(layers=(Layer(32),), chrono=60),
    train=TrainSpec(epochs=20, batch=32, lr=0.005, target_score=0.995, keep_best=False))

ORDER = RunSpec(data=Order(), model=ModelSpec(layers=(Layer(32),), chrono=100), train=RECALL.train)

STRINGS = RunSpec(
    data=Reber(sequences=1600, validation=0.5, test=0.16), model=ModelSpec(layers=(Layer(24),), output="every"),
    train=TrainSpec(epochs=40, batch=32, lr=0.01, target_score=1.0, keep_best=False))

COUNT = RunSpec(
    data=Counting(sequences=3200), model=ModelSpec(layers=(Layer(4),), output="every", forget_bias=5.0),
    train=TrainSpec(epochs=40, batch=32, lr=0.01, keep_best=False))

NESTED = RunSpec(
    data=Brackets(), model=ModelSpec(layers=(Layer(32),), output="every"),
    train=TrainSpec(epochs=60, batch=32, lr=0.005, target_score=0.995, keep_best=False))


PAPER = {"adding": 74_000, "adding_500": 209_000, "adding_1000": 853_000}
"""Training sequences until success, means of 10 trials, by our preset of the same distance (Hochreiter & Schmidhuber
1997, table 7)."""


def _most(measure: str, bound: float, better: Literal["below", "above"] = "above", least: float = 0.8) -> Goal:
    return Goal(measure, bound, better, least)


IN_TIME = _most("seconds", 180, "below")
RIGHT = _most("sequences_right", 0.99)

MEMORY: dict[str, Preset] = {preset.name: preset for preset in (
    Preset(
        "adding", "memory", N_("Adding across 100 steps"),
        N_("Two of 100 numbers are marked, and their sum is asked for at the end."),
        SUM, (_most("sequences_needed", PAPER["adding"], "below"), RIGHT, IN_TIME), page="predict", quick=False),
    Preset(
        "adding_rnn", "memory", N_("Adding across 100 steps, plain RNN"),
        N_("After as many sequences the plain RNN still says the mean."),
        SUM.change(cell="rnn", chrono=0), (_most("sequences_right", 0.5, "below", 1.0),), page="predict", quick=False),
    Preset(
        "adding_500", "memory", N_("Adding across 500 steps"),
        N_("Five times the distance: the gates begin with a memory as long as that."),
        SUM.change(distance=500, chrono=500, epochs=40),
        (_most("sequences_needed", PAPER["adding_500"], "below"), RIGHT, IN_TIME), page="memory", section="adding",
        quick=False),
    Preset(
        "adding_1000", "memory", N_("Adding across 1,000 steps"),
        N_("Ten times the distance, with hardly more sequences."),
        SUM.change(distance=1000, chrono=1000, epochs=166),
        (_most("sequences_needed", PAPER["adding_1000"], "below"), RIGHT, IN_TIME), page="memory", section="adding",
        quick=False),
    Preset(
        "order", "memory", N_("Which sign came first?"),
        N_("Two signs far apart among noise; the class is their order."),
        ORDER, (RIGHT, IN_TIME), page="predict"),
    Preset(
        "recall", "memory", N_("A letter after a gap of 60"),
        N_("One letter, 60 steps of noise, and the letter is asked for."),
        RECALL, (RIGHT, IN_TIME), page="predict"),
    Preset(
        "recall_rnn", "memory", N_("A letter after a gap of 60, plain RNN"),
        N_("The plain RNN has forgotten the letter long before it is asked for."),
        RECALL.change(cell="rnn", chrono=0), (_most("sequences_right", 0.5, "below", 1.0),), page="predict",
        quick=False),
    Preset(
        "reber", "memory", N_("The embedded Reber grammar"),
        N_("Which letters may come next? The second letter decides the last but one."),
        STRINGS, (_most("sequences_right", 1.0), _most("seconds", 30, "below")), page="predict"),
    Preset(
        "reber_rnn", "memory", N_("The embedded Reber grammar, plain RNN"),
        N_("With today's optimiser the plain RNN learns this one, too: the strings are short."),
        STRINGS.change(cell="rnn"), (RIGHT,), page="predict", quick=False),
    Preset(
        "counting", "memory", N_("Counting: as many b as a"),
        N_("Learned with up to ten of each letter, right with twenty: a cell state counts up and down."),
        COUNT, (_most("counts_to", 20, least=0.6), IN_TIME), page="predict", quick=False),
    Preset(
        "counting_gru", "memory", N_("Counting, GRU"),
        N_("The GRU's state is bounded, so it learns the strings it was shown, and not to count."),
        COUNT.change(cell="gru"), (_most("counts_to", 10), _most("counts_to", 19, "below", 1.0)), page="predict",
        quick=False),
    Preset(
        "brackets", "memory", N_("Brackets in brackets"),
        N_("Which bracket may be closed now? That asks for the order of all that are open."),
        NESTED, (RIGHT, IN_TIME), page="predict", quick=False),
)}
