"""A sequence, a window, a sample: a series is cut into windows, and how much a network must read is tried out."""

from __future__ import annotations

from lstm_core.lessons.asks import Choice, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import trained, widget
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec

LONG = PRESETS["s2_windows"].spec
ONE = LONG.change(steps=1)
SMALL = LONG.change(length=60, validation=0.0, test=0.0)        # as the page Shapes cuts it
LETTERS = PRESETS["s4c"].spec

SMALL_ERROR = 0.5       # share of the error of the last value said again, below which a network has learned more


def _shared(moment: Moment) -> int:
    """Return how many values the second window has in common with the first."""
    first, second = (set(range(end - moment.data.steps + 1, end + 1)) for end in moment.data.sample_ids["train"][:2])
    return len(first & second)


def _error(moment: Moment, spec: RunSpec) -> float:
    """Return the mean distance from the real value on the test part."""
    return moment.other(spec).score("test").value


def _again(moment: Moment) -> float:
    """Return the same distance for the last value said once more."""
    return moment.prepared(ONE).naive_error("test")


def _with_one(moment: Moment) -> str:
    """Return which of the answers a window of one value bears out."""
    if _error(moment, ONE) > SMALL_ERROR * _again(moment):
        return "again"
    return "formula"


def _letters(moment: Moment) -> int:
    """Return how many samples the letters make."""
    return len(moment.prepared(LETTERS).sample_ids["train"])


LESSON = Lesson(
    name="window", number=1,
    cards=(
        Predict(name="shared", ask=Number(0, 20, within=0, near=1, form=".0f", whole=True), truth=_shared,
                lights=("sliding",),
                stage=Stage(page="shapes", section="windows", spec=SMALL, sets={"shapes_window": 1})),
        Do(name="slide", waits=widget("shapes_window", lambda at: at > 1), lights=("shapes_window", "sliding"),
           does="set shapes_window 2"),
        See(name="shared_came", of="shared", lights=("sliding",)),
        Predict(name="one", ask=Choice(("formula", "again", "period")), truth=_with_one,
                lights=("windows",), stage=Stage(page="train", spec=LONG)),
        Do(name="train_long", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        Do(name="train_one", waits=trained(), lights=("lesson_train",), does="press lesson_train",
           stage=Stage(page="train", spec=ONE)),
        See(name="one_came", of="one", lights=("prediction",)),
        Why(name="why", ask=Choice(("units", "twice", "updates")), truth=always("twice")),
        Transfer(name="letters", ask=Number(1, 33, within=0, near=1, form=".0f", whole=True), truth=_letters),
    ),
    facts={
        "length": lambda moment: len(moment.prepared(SMALL).inputs),       # type: ignore[attr-defined]
        "steps": always(LONG.data.usual_steps),
        "units": always(LONG.model.layers[0].hidden),
        "period": always(LONG.data.period),        # type: ignore[attr-defined]
        "updates": lambda moment: len(moment.other(ONE).losses),
        "error_one": lambda moment: _error(moment, ONE),
        "error_long": lambda moment: _error(moment, LONG),
        "again": _again,
        "better": lambda moment: _again(moment) / _error(moment, LONG),
        "text": always(LETTERS.data.text),        # type: ignore[attr-defined]
        "letters": always(len(LETTERS.data.text)),        # type: ignore[attr-defined]
        "read": always(LETTERS.data.usual_steps),
        "samples": _letters,
    },
    presets=("s2_windows", "s4c"), pages=("shapes",), onward=("shapes", "windows"))
