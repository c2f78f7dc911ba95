"""What a trained cell keeps: words of a review, in the language of the page."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from lstm_core.cells.head import predicted
from lstm_core.data.sequence import Sequence, read
from lstm_core.data.sources.reviews import UNKNOWN, reviews
from lstm_core.i18n import gettext_noop as N_
from lstm_core.inside.interventions import EditLetter
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import Seen, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS

EXAMPLE = {"en": 179, "zh": 85}             # which review of the test part is read, from 1
WORDS = {"en": (2, 3, 7), "zh": (1, 4, 8)}  # which of its words may be the one that decides, from 0
PLACES = ("first", "middle", "last")        # what these are called in the words of the card

SATISFIED = Curve(x=N_("words read"), y=N_("probability of a satisfied writer"), first=N_("first word"),
                  last=N_("last word"), low=0.0, high=1.0, form=".2f")


READERS = {language: PRESETS[f"s2_reviews_{language}"].spec for language in EXAMPLE}
INSIDE = {language: {"from_part": "test", "at": EXAMPLE[language], "change": "input", "if_step": WORDS[language][1] + 1,
                     "if_letter": UNKNOWN} for language in EXAMPLE}


def _language(moment: Moment) -> str:
    return str(getattr(moment.spec.data, "language"))  # noqa: B009 - only these data have one


def _review(moment: Moment) -> Sequence:
    """Return the review that is looked into."""
    data = moment.data
    return read(moment.spec.data, data, "test", int(data.sample_ids["test"][EXAMPLE[_language(moment)] - 1]))


def _satisfied(moment: Moment, x: np.ndarray) -> np.ndarray:
    """Return how likely the network finds the writer satisfied after each word, (T,)."""
    satisfied: np.ndarray = predicted(moment.trace(x).output)[:, moment.data.labels.index("positive")]
    return satisfied


def _moved(moment: Moment, step: int) -> float:
    """Return how far the answer moves when one word is read as one that the network does not know."""
    x = _review(moment).x
    changed = x.copy()
    changed[step] = UNKNOWN
    return float(abs(_satisfied(moment, changed)[-1] - _satisfied(moment, x)[-1]))


def _decides(moment: Moment) -> str:
    """Return which of the three words moves the answer most."""
    moved = [_moved(moment, step) for step in WORDS[_language(moment)]]
    return PLACES[int(np.argmax(moved))]


def _word(moment: Moment, place: str) -> str:
    return str(_review(moment).marks[WORDS[_language(moment)][PLACES.index(place)]])


def _met(moment: Moment, place: str, label: int) -> int:
    """Return how many reviews of the training part have one of the three words and this label."""
    data, symbol = moment.data, _review(moment).x[WORDS[_language(moment)][PLACES.index(place)]]
    known = data.sample_ids["train"]
    return int(((data.x(known) == symbol).any(axis=1) & (data.y(known) == label)).sum())


def _chosen(moment: Moment) -> int:
    """Return the step of the word that moves the answer most."""
    return WORDS[_language(moment)][PLACES.index(_decides(moment))]


def _kept(moment: Moment) -> tuple[int, float]:
    """Return the unit with most of what it wrote at the middle word left at the end, and the share that is left."""
    gates, step = moment.trace(_review(moment).x).layers[0].gates, WORDS[_language(moment)][1]
    left = gates["f"][step + 1:].prod(axis=0)           # (H,)
    unit = int(np.abs(gates["i"][step] * gates["g"][step] * left).argmax())
    return unit, float(left[unit])


def _said(moment: Moment, words: list[str]) -> str:
    """Return words as a sentence."""
    return ("" if _language(moment) == "zh" else " ").join(words)


def _apart(moment: Moment, words: list[str]) -> str:
    """Return words so that one sees where each ends, also where they are written without gaps."""
    return (" / " if _language(moment) == "zh" else " ").join(words)


def _twins(moment: Moment) -> dict[tuple[str, ...], list[tuple[list[str], int]]]:
    """Return the sentences in which order decides, with their labels, by the words that they are made of."""
    found: dict[tuple[str, ...], list[tuple[list[str], int]]] = defaultdict(list)
    for words, content in zip(*reviews(_language(moment), "order"), strict=True):
        found[tuple(sorted(words))].append((words, int(content)))
    return found


def _twin(moment: Moment, content: int) -> str:
    """Return the sentence of the first pair whose writer is content, or is not."""
    pair = next(iter(_twins(moment).values()))
    return _said(moment, next(words for words, label in pair if label == content))


def _counting(moment: Moment) -> float:
    """Return the largest share, in percent, of these sentences that one can judge right by counting words alone."""
    groups = [[label for _words, label in pair] for pair in _twins(moment).values()]
    return 100 * sum(max(labels.count(0), labels.count(1)) for labels in groups) / sum(map(len, groups))


def _reads_another(seen: Seen) -> bool:
    return any(isinstance(change, EditLetter) for change in seen.changes)


LESSON = Lesson(
    name="review", number=9,
    cards=(
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train",
           stage={language: Stage(page="train", spec=spec) for language, spec in READERS.items()}),
        Predict(name="word_by_word", ask=SATISFIED,
                truth=lambda moment: SATISFIED.resampled(_satisfied(moment, _review(moment).x))),
        Predict(name="decides", ask=Choice(PLACES), truth=_decides, chance=True),
        Do(name="replace", waits=_reads_another, lights=("what_if",), does="press apply",
           stage={language: Stage(page="cell", section="what_if", spec=spec, sets=INSIDE[language])
                  for language, spec in READERS.items()}),
        See(name="words_came", of="word_by_word", lights=(".cv-line-sequence",)),
        See(name="decides_came", of="decides", lights=("before_after",)),
        Why(name="why", ask=Choice(("cell", "again", "output")), truth=always("cell"), lights=(".cv-diagram",)),
        Transfer(name="order", ask=Number(0, 100, within=2, near=10, unit="%", form=".0f"), truth=_counting),
    ),
    facts={
        "count": lambda moment: len(moment.data.sample_ids["train"]),
        "test": lambda moment: len(moment.data.sample_ids["test"]),
        "hidden": lambda moment: moment.spec.model.layers[0].hidden,
        "score": lambda moment: moment.score("test").value,
        "guess": lambda moment: moment.score("test").naive,
        "review": lambda moment: _apart(moment, list(_review(moment).marks)),
        "words": lambda moment: len(_review(moment).x),
        "first": lambda moment: _word(moment, "first"),
        "middle": lambda moment: _word(moment, "middle"),
        "last": lambda moment: _word(moment, "last"),
        "first_step": lambda moment: WORDS[_language(moment)][0] + 1,
        "middle_step": lambda moment: WORDS[_language(moment)][1] + 1,
        "last_step": lambda moment: WORDS[_language(moment)][2] + 1,
        "first_moved": lambda moment: _moved(moment, WORDS[_language(moment)][0]),
        "middle_moved": lambda moment: _moved(moment, WORDS[_language(moment)][1]),
        "last_moved": lambda moment: _moved(moment, WORDS[_language(moment)][2]),
        "first_good": lambda moment: _met(moment, "first", 1),
        "first_bad": lambda moment: _met(moment, "first", 0),
        "middle_good": lambda moment: _met(moment, "middle", 1),
        "middle_bad": lambda moment: _met(moment, "middle", 0),
        "chosen": lambda moment: _word(moment, _decides(moment)),
        "chosen_before": lambda moment: float(_satisfied(moment, _review(moment).x)[_chosen(moment) - 1]),
        "chosen_after": lambda moment: float(_satisfied(moment, _review(moment).x)[_chosen(moment)]),
        "end": lambda moment: float(_satisfied(moment, _review(moment).x)[-1]),
        "unit": lambda moment: _kept(moment)[0] + 1,
        "kept": lambda moment: _kept(moment)[1],
        "follow": lambda moment: len(_review(moment).x) - WORDS[_language(moment)][1] - 1,
        "good_twin": lambda moment: _twin(moment, 1),
        "bad_twin": lambda moment: _twin(moment, 0),
        "sentences": lambda moment: sum(map(len, _twins(moment).values())),
        "counting": lambda moment: _counting(moment) / 100,
    },
    presets=("s2_reviews_en", "s2_reviews_zh", "s2_reviews_order_en", "s2_reviews_order_zh"),
    onward=("cell", "units"))
