"""Challenges: a task, the rules a run must keep to, and what its network must then reach.

They are data; :mod:`lstm_core.challenges.judge` holds runs against them. ``python -m lstm_core.challenges`` trains the
solution of each over several seeds, and its start settings, which must not solve it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import (
    Adding,
    Counting,
    DataSpec,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Prices,
    Reber,
    Recall,
    Reviews,
    RunSpec,
    Split,
    TrainSpec,
    Waves,
)

Measure = Literal["skill", "right", "error"]
Quantity = Literal["parameters", "sequences_read"]

SEEDS, GOOD = 5, 4      # a solution must hold with so many of so many seeds


@dataclass(frozen=True)
class Rule:
    """One thing a run must keep to."""

    what: str                       # a Quantity, or the name of a setting
    kind: Literal["most", "least", "is"]
    value: float | str


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """One challenge. Its sequence is that of ``start``; only the settings in ``free`` may be changed there."""

    name: str                       # in the address
    difficulty: Literal[1, 2, 3]
    title: str
    task: str                       # one or two sentences
    hint: str
    learned: str                    # what the solution shows
    start: RunSpec                  # what it begins with; does not solve it
    free: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    measure: Measure
    bound: float                    # at least; an error: at most
    split: Split = "test"             # which judges
    solution: RunSpec
    quick: bool = True              # trained by the tests

    @property
    def data(self) -> DataSpec:
        """Return the sequence, but for what is free."""
        return self.start.data


def _most(what: str, value: float) -> Rule:
    return Rule(what, "most", value)


WINDOW = frozenset({"steps", "stride"})

SGD = RunSpec(model=ModelSpec(layers=(Layer(16),)), train=TrainSpec(optimizer="sgd"))

CYCLE = RunSpec(data=Letters(steps=1), model=ModelSpec(layers=(Layer(4),)), train=TrainSpec(epochs=200, lr=0.02))

PHASE = RunSpec(
    data=Waves(target="cosine", horizon=0, period=50, noise=0.1, steps=1),
    model=ModelSpec(cell="rnn", layers=(Layer(8),)), train=TrainSpec(epochs=20, lr=0.01))

VOLUME = RunSpec(
    data=Prices(column="volume", features=("open", "high", "low", "close", "volume"), scaler="zscore"),
    train=TrainSpec(epochs=12, lr=0.005, batch=64))

CLOSE = RunSpec(data=Prices(), train=TrainSpec(epochs=12, lr=0.002, batch=64))

GAP = RunSpec(data=Recall(distance=80), train=TrainSpec(epochs=5, target_score=0.995, keep_best=False))

IMAGES = RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(64),)), train=TrainSpec(epochs=30, lr=0.01))

MOODS = RunSpec(data=Reviews(), model=ModelSpec(layers=(Layer(24),)), train=TrainSpec(lr=0.01))

WORDS = RunSpec(
    data=Numerals(), model=ModelSpec(layers=(Layer(48),), output="every"),
    train=TrainSpec(epochs=60, batch=64, lr=0.01))

STRINGS = RunSpec(
    data=Reber(sequences=1600, validation=0.5, test=0.16), model=ModelSpec(layers=(Layer(24),), output="every"),
    train=TrainSpec(epochs=40, lr=0.01, target_score=1.0, keep_best=False))

SUM = RunSpec(
    data=Adding(sequences=5000, validation=0.1), train=TrainSpec(epochs=6, target_score=0.995, keep_best=False))

COUNT = RunSpec(
    data=Counting(sequences=1600), model=ModelSpec(cell="gru", layers=(Layer(8),), output="every"),
    train=TrainSpec(epochs=30, lr=0.01))

CHALLENGES: dict[str, Challenge] = {challenge.name: challenge for challenge in (
    Challenge(
        name="sgd", difficulty=1, title=N_("Plain gradient descent"),
        task=N_("Learn the sine with SGD instead of Adam, in at most 20 epochs: skill 0.9 against persistence "
                "on the test part."),
        hint=N_("The step of SGD is the learning rate times the gradient, however small that is; Adam scales its steps "
                "up by itself. A rate that suits Adam is far too small for SGD. Raise it tenfold, and again, until the "
                "loss begins to jump."),
        learned=N_("A learning rate belongs to its optimiser. Here SGD wants one about fifty times that of Adam, and "
                   "at 1 the network no longer learns."),
        start=SGD, rules=(Rule("optimizer", "is", "sgd"), _most("epochs", 20)), measure="skill", bound=0.9,
        solution=SGD.change(lr=0.3)),
    Challenge(
        name="letters", difficulty=1, title=N_("Five letters, forty numbers"),
        task=N_("Name every next letter of the cycle a b c d e right, with at most 40 weights and biases."),
        hint=N_("An LSTM has four blocks of weights where a plain RNN has one. And how many hidden units do five "
                "places on a circle need?"),
        learned=N_("A plain RNN with two units has 33 numbers, and that is enough. With patience even one unit can do "
                   "it: 18 numbers."),
        start=CYCLE, free=WINDOW, rules=(_most("parameters", 40),), measure="right", bound=1.0, split="train",
        solution=CYCLE.change(cell="rnn", layers=(Layer(2),))),
    Challenge(
        name="cosine", difficulty=1, title=N_("Where on the wave?"),
        task=N_("Read a noisy sine and name the cosine of the same moment with a plain RNN: mean error at most 0.05."),
        hint=N_("A single value of a sine belongs to two moments, one on the way up and one on the way down. How many "
                "values must be read to tell them apart, and how many until the noise averages out?"),
        learned=N_("The time steps of a window are all that the network knows. One value leaves the direction open, "
                   "two drown in the noise, thirty are plenty."),
        start=PHASE, free=WINDOW, rules=(Rule("cell", "is", "rnn"),), measure="error", bound=0.05,
        solution=PHASE.change(steps=30, epochs=40)),
    Challenge(
        name="volume", difficulty=2, title=N_("Small is enough"),
        task=N_("Forecast the next day's trading volume of the NASDAQ, real data, with at most 200 weights and biases: "
                "skill 0.05 against persistence."),
        hint=N_("More columns are not more knowledge: in the test part the prices are where they never were before. "
                "Volume has a habit that a handful of units can learn from volume alone."),
        learned=N_("Volume swings back towards its mean, so \"tomorrow as today\" is easy to beat: three plain "
                   "recurrent units, 22 numbers, reach a skill of {challenge_volume.skill.range}. Prices have no mean "
                   "to return to."),
        start=VOLUME, free=WINDOW | {"features", "scaler"}, rules=(_most("parameters", 200),), measure="skill",
        bound=0.05, solution=VOLUME.change(features=("volume",), cell="rnn", layers=(Layer(3),))),
    Challenge(
        name="recall", difficulty=2, title=N_("Remember 80 steps"),
        task=N_("Name a letter that was read before 80 steps of noise, or more: 99% of the test part right."),
        hint=N_("With a forget bias of 1 a cell begins by keeping 73% of its content at each step: after 80 steps "
                "nothing is left. Look under *More about the network* for gates that begin with a longer memory."),
        learned=N_("The chrono initialisation draws the biases so that some units remember as long as you ask for. So "
                   "the gradient finds its way back across the gap from the first update on."),
        start=GAP, free=frozenset({"distance"}), rules=(Rule("distance", "least", 80),), measure="right", bound=0.99,
        solution=GAP.change(chrono=80, epochs=20), quick=False),
    Challenge(
        name="digits", difficulty=2, title=N_("Ten digits, few numbers"),
        task=N_("Name 97% of the handwritten digits of the test part right, with at most 2,500 weights and biases."),
        hint=N_("The recurrent weights grow with the square of the hidden units. Which cell has fewer blocks of them? "
                "A small network may want more epochs."),
        learned=N_("A third of the units has a ninth of the recurrent weights, and a GRU has three blocks of them "
                   "where an LSTM has four: 22 units, 2,342 numbers, name "
                   "{challenge_digits.test_accuracy.spread} right; 64 LSTM units, 19,594 numbers, "
                   "{s1_digits.test_accuracy.spread}."),
        start=IMAGES, rules=(_most("parameters", 2500),), measure="right", bound=0.97,
        solution=IMAGES.change(cell="gru", layers=(Layer(22),), epochs=40), quick=False),
    Challenge(
        name="reviews", difficulty=2, title=N_("Where the weights are"),
        task=N_("Tell satisfied reviews from dissatisfied ones, 85% of the test part right, with at most 1,000 weights "
                "and biases."),
        hint=N_("One-hot, each of the 382 entries of the vocabulary has a column of its own in every gate. What would "
                "remain if a word were one or two learned numbers?"),
        learned=N_("Nearly all the weights stood in the first matrix. One learned number for each word, how content it "
                   "sounds, tells most of what there is to tell. These are the reviews of the first edition, whose "
                   "parts share clauses: on new reviews less would be reached."),
        start=MOODS, rules=(_most("parameters", 1000),), measure="right", bound=0.85,
        solution=MOODS.change(encoding="embedding", embedding=1, layers=(Layer(8, 0.2),), epochs=30), quick=False),
    Challenge(
        name="numerals", difficulty=2, title=N_("Say it briefly"),
        task=N_("Say numbers up to 999 in English: 99% of the words of the test part right, each after the right ones "
                "before it, with at most 8,000 weights and biases."),
        hint=N_("There are two networks here, an encoder and a decoder, and all 43 signs have a column of their own in "
                "each gate of both. What can be shared, and which cell has fewer gates?"),
        learned=N_("Encoder and decoder read from one table of signs. With eight learned numbers for each sign, and "
                   "three blocks of weights instead of four, 6,315 numbers do what 37,819 did."),
        start=WORDS, rules=(_most("parameters", 8000),), measure="right", bound=0.99,
        solution=WORDS.change(encoding="embedding", embedding=8, cell="gru", layers=(Layer(24),), batch=32),
        quick=False),
    Challenge(
        name="reber", difficulty=2, title=N_("A grammar in 400 numbers"),
        task=N_("Name the letters that may come next in every string of the embedded Reber grammar, with at most 400 "
                "weights and biases."),
        hint=N_("What has to be kept is a place in a small automaton, and one bit: T or P. The strings are "
                "short. A cell whose units need fewer weights has room for more of them."),
        learned=N_("Thirteen units of a plain RNN, 384 numbers, hold the grammar and the bit that decides the last "
                   "letter but one. Five LSTM units, 322 numbers, can do it as well, but fewer seeds get there."),
        start=STRINGS, rules=(_most("parameters", 400),), measure="right", bound=1.0,
        solution=STRINGS.change(cell="rnn", layers=(Layer(13),), epochs=60)),
    Challenge(
        name="price", difficulty=3, title=N_("Higher than ever before"),
        task=N_("In the test part the NASDAQ closes higher than on any day of the training part. Forecast the next "
                "close with a mean error of at most 100 points."),
        hint=N_("The output of a recurrent unit stays between -1 and 1, so that levels above those of the training "
                "part are squashed. Which part of a network hands a level on as it is? Look under *More about the "
                "network*."),
        learned=N_("A convolution beside the recurrent layers does not squash, so it follows the level. Now look at "
                   "the naive prediction: close to the price is not yet a forecast."),
        start=CLOSE, free=WINDOW | {"features", "scaler"}, measure="error", bound=100.0,
        solution=CLOSE.change(steps=10, conv=32, layers=(Layer(4),), lr=0.005, epochs=20), quick=False),
    Challenge(
        name="adding", difficulty=3, title=N_("A quick learner"),
        task=N_("Learn the adding problem across 100 steps from at most 30,000 sequences: 99% of the test part "
                "right."),
        hint=N_("Most of the time passes at the beginning, while no gradient comes through the 100 steps. Let the "
                "gates begin with a memory as long as that, and try a larger learning rate."),
        learned=N_("The LSTM of 1997 needed 74,000 sequences until the last 2,000 of them were right in a row. By that "
                   "rule the preset *Adding across 100 steps*, whose biases are drawn for the distance, needs "
                   "{adding_1997.sequences_needed.range}."),
        start=SUM, rules=(_most("sequences_read", 30_000),), measure="right", bound=0.99,
        solution=SUM.change(chrono=100, lr=0.01), quick=False),
    Challenge(
        name="counting", difficulty=3, title=N_("Count to twenty"),
        task=N_("Trained on one to ten a followed by as many b, be right with sixteen to twenty of each: all of the "
                "test part."),
        hint=N_("The state of a GRU is a mean of old and new, so it stays between -1 and 1. Which cell has a state "
                "without bounds? Let it begin by forgetting nothing."),
        learned=N_("A cell state adds up: something more for every a, something less for every b. What was learned "
                   "with ten then holds for twenty."),
        start=COUNT, measure="right", bound=1.0,
        solution=COUNT.change(cell="lstm", layers=(Layer(3),), forget_bias=5.0, epochs=60), quick=False),
)}
