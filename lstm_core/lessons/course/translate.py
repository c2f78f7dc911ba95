"""One sequence into another: an encoder reads the digits of a number, a decoder says it in words."""

from __future__ import annotations

import numpy as np

from lstm_core.data.sources import numerals
from lstm_core.data.sources.numerals import END
from lstm_core.inside import generation
from lstm_core.lessons.asks import Choice, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import Seen, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec.io import IGNORED

SAID = PRESETS["s5_numerals_en"].spec.change(epochs=10)
"""Ended early on purpose: most of its words are right, and many of its numbers are not."""

ASKED = 193
"""The number of the test part that is typed: this run says it wrong, but less so when it reads the right words."""

BEFORE = "156"          # what stands in the field until then
IN_CHINESE = 805        # the number of the other language


def _truth(moment: Moment, number: int) -> tuple[int, ...]:
    """Return the signs that are right to say, the end sign with them."""
    row = moment.data.y(np.array([number]))[0]
    return tuple(row[row != IGNORED].tolist())


def _digits(moment: Moment, numbers: np.ndarray) -> np.ndarray:
    """Return what the encoder reads, (B, S)."""
    digits: np.ndarray = moment.data.x(numbers)[:, :moment.data.encoder_steps]
    return digits


def _answers(moment: Moment) -> dict[int, tuple[int, ...]]:
    """Return what the network says to each number of the test part, when it reads its own words."""
    numbers = np.sort(moment.data.sample_ids["test"])
    said = generation.answers(moment.spec.model, moment.weights, _digits(moment, numbers), END)
    return dict(zip(map(int, numbers), said, strict=True))


def _whole(moment: Moment) -> float:
    """Return the percentage of the test part that is said right from the first word to the end sign."""
    return float(100 * np.mean([said == _truth(moment, number) for number, said in _answers(moment).items()]))


def _words(moment: Moment, said: tuple[int, ...]) -> str:
    return " ".join(moment.data.alphabet[sign] for sign in said if sign != END)


def _said(moment: Moment, number: int) -> str:
    return _words(moment, _answers(moment)[number])


def _forced(moment: Moment, number: int) -> str:
    """Return what the network says to a number when it reads the right word at each step."""
    found = generation.answer(moment.spec.model, moment.weights, _digits(moment, np.array([number])), END,
                              np.array([_truth(moment, number)]))
    return _words(moment, tuple(found.said[0].tolist()))


def _example(moment: Moment) -> int:
    """Return the number of the training part with the most words."""
    numbers = np.sort(moment.data.sample_ids["train"])
    return int(max(numbers, key=lambda number: len(_truth(moment, int(number)))))


def _steps(number: int) -> int:
    """Return how many signs a decoder says of a number in Chinese, the end sign with them."""
    return len(numerals.words(number, "zh")) + 1


def _typed(seen: Seen) -> bool:
    """Tell whether the learner has asked for the number that the card names."""
    held = str(seen.widgets.get("number") or "").strip()
    return held.isdecimal() and int(held) == ASKED


LESSON = Lesson(
    name="translate", number=13,
    cards=(
        Say(name="two", stage=Stage(page="train", spec=SAID)),
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        Predict(name="reads", ask=Choice(("given", "own", "digit")), truth=always("own"), meets=("forcing_at_test",)),
        Predict(name="whole", ask=Number(0, 100, within=10, near=20, unit="%", form=".0f"), truth=_whole, chance=True),
        Do(name="ask", waits=_typed, lights=("number", "free", "forced"), does=f"set number {ASKED}",
           stage=Stage(page="letters", spec=SAID, sets={"number": BEFORE})),
        See(name="reads_came", of="reads", lights=("free", "forced")),
        See(name="whole_came", of="whole"),
        Why(name="why", ask=Choice(("state", "outputs", "digits")), truth=always("state")),
        Transfer(name="chinese", ask=Number(0, 12, within=0, near=1, form=".0f", whole=True),
                 truth=always(_steps(IN_CHINESE))),
    ),
    facts={
        "number": _example,
        "number_words": lambda moment: _words(moment, _truth(moment, _example(moment))),
        "digits": lambda moment: moment.data.encoder_steps,
        "count": lambda moment: len(moment.data.sample_ids["train"]),
        "test": lambda moment: len(moment.data.sample_ids["test"]),
        "word_share": lambda moment: moment.score("test").value,
        "whole_share": lambda moment: _whole(moment) / 100,
        "signs": lambda moment: float(np.mean([len(_truth(moment, int(number)))
                                               for number in moment.data.sample_ids["test"]])),
        "chained": lambda moment: moment.score("test").value ** float(np.mean(
            [len(_truth(moment, int(number))) for number in moment.data.sample_ids["test"]])),
        "asked": always(ASKED),
        "asked_right": lambda moment: _words(moment, _truth(moment, ASKED)),
        "asked_said": lambda moment: _said(moment, ASKED),
        "asked_forced": lambda moment: _forced(moment, ASKED),
        "hidden": lambda moment: moment.spec.model.layers[0].hidden,
        "handed": lambda moment: 2 * moment.spec.model.layers[0].hidden,
        "chinese": lambda _moment: IN_CHINESE,
        "chinese_digits": lambda _moment: len(str(IN_CHINESE)),
        "chinese_words": lambda _moment: "".join(numerals.words(IN_CHINESE, "zh")),
        "chinese_count": lambda _moment: len(numerals.words(IN_CHINESE, "zh")),
        "chinese_steps": lambda _moment: _steps(IN_CHINESE),
    },
    presets=("s5_numerals_en", "s5_numerals_zh"), onward=("letters", ""))
