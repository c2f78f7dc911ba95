"""Letters: how one enters a network, what comes out for the next one, and what the temperature does to it."""

from __future__ import annotations

import numpy as np

from lstm_core import i18n
from lstm_core.cells.forward import encode
from lstm_core.cells.head import softmax
from lstm_core.data import Dataset
from lstm_core.i18n import gettext_noop as N_
from lstm_core.inside import generation
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import trained, widget
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS

CYCLE = PRESETS["s4a"].spec
COLDEST, HOTTEST = 0.02, 2.0    # temperatures of the curve; below, the likeliest letter has all
HOT = 1.5                       # from where on a learner has made it hot

SURE = Curve(x=N_("temperature"), y=N_("probability of the likeliest letter"), first="0", last="2", low=0.0, high=1.0,
             form=".2f")


def _scores(moment: Moment) -> np.ndarray:
    """Return the logarithms of the probabilities after the first letter of the text, (K,): scores up to a constant."""
    first = moment.data.alphabet.index(moment.spec.data.text[0])    # type: ignore[attr-defined]
    scores: np.ndarray = np.log(generation.next_letter(moment.spec.model, moment.weights, np.array([first])))
    return scores


def _likeliest(moment: Moment, temperature: float = 1.0) -> float:
    """Return how probable the likeliest letter is when the scores are divided by a temperature."""
    return float(softmax(_scores(moment), temperature).max())


def _apart(moment: Moment) -> float:
    """Return the distance between the first two letters as they enter the network."""
    entered = encode(moment.weights, np.arange(2))
    return float(np.linalg.norm(entered[0] - entered[1]))


def _row(moment: Moment, letter: int) -> str:
    """Return a letter one-hot, as it is written, in one line."""
    return "\N{NO-BREAK SPACE}".join("1" if place == letter else "0" for place in range(moment.data.classes))


def _reviews(moment: Moment) -> Dataset:
    """Return the reviews in the language of the page, whose words are to be embedded."""
    return moment.prepared(PRESETS[f"s2_reviews_{i18n.current()}"].spec)


READER = PRESETS["s2_reviews_en"].spec.model     # the same in both languages
WIDTH, HIDDEN = READER.embedding, READER.layers[0].hidden


LESSON = Lesson(
    name="letters", number=5,
    cards=(
        Say(name="meet", stage=Stage(page="train", spec=CYCLE)),
        Predict(name="far", ask=Choice(("neighbours", "ends", "equal")), truth=always("equal")),
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        See(name="far_came", of="far", lights=("apart",), stage=Stage(page="letters", section="places", spec=CYCLE)),
        Predict(name="temperature", ask=SURE, lights=("next",), chance=True,
                stage=Stage(page="letters", section="write", spec=CYCLE, sets={"typed": "a", "temperature": 0.0}),
                truth=lambda moment: SURE.resampled([_likeliest(moment, temperature) for temperature
                                                     in np.linspace(COLDEST, HOTTEST, SURE.points)])),
        Do(name="hot", waits=widget("temperature", lambda held: held >= HOT), lights=("temperature", "written_text"),
           does="set temperature 2.0"),
        See(name="temperature_came", of="temperature", lights=("written_text",)),
        Why(name="why", ask=Choice(("learned", "alphabet", "state")), truth=always("learned")),
        Transfer(name="words", ask=Number(100, 1_000_000, within=1.02, near=1.5, form=",.0f", log=True, whole=True),
                 truth=lambda moment: len(_reviews(moment).alphabet) * WIDTH),
    ),
    facts={
        "count": lambda moment: moment.data.classes,
        "text": lambda moment: " ".join(moment.data.alphabet),
        "first": lambda moment: moment.data.alphabet[0],
        "second": lambda moment: moment.data.alphabet[1],
        "last": lambda moment: moment.data.alphabet[-1],
        "row_first": lambda moment: _row(moment, 0),
        "row_second": lambda moment: _row(moment, 1),
        "even": lambda moment: float(np.log(moment.data.classes)),
        "equally": lambda moment: 1 / moment.data.classes,
        "apart": _apart,
        "loss": lambda moment: float(moment.losses[-1]),
        "likeliest": lambda moment: moment.data.alphabet[int(_scores(moment).argmax())],
        "sure": _likeliest,
        "hottest": lambda _moment: HOTTEST,
        "sure_hot": lambda moment: _likeliest(moment, HOTTEST),
        "vocabulary": lambda moment: len(_reviews(moment).alphabet),
        "width": lambda _moment: WIDTH,
        "hidden": lambda _moment: HIDDEN,
        "table": lambda moment: len(_reviews(moment).alphabet) * WIDTH,
        "onehot_weights": lambda moment: 4 * HIDDEN * len(_reviews(moment).alphabet),
        "embedded_weights": lambda moment: 4 * HIDDEN * WIDTH + len(_reviews(moment).alphabet) * WIDTH,
    },
    presets=("s4a", "s4b", "s4c"), onward=("letters", "beside"))
