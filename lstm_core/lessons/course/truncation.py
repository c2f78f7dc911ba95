"""Cutting time: where the gradient ends, where the state begins, and what shuffling does and does not destroy."""

from __future__ import annotations

import numpy as np

from lstm_core import cells
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext_noop as N_
from lstm_core.inside import tensor_shapes
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import setting, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS

CARRIED = PRESETS["s5"].spec
SHUFFLED = CARRIED.change(stateful="off", shuffle=True, epochs=4)
RECALL = PRESETS["recall"].spec

PIECE = 20              # steps of a piece into which a sequence of the recall is cut
LOOKED_AT = 500         # windows over which an error is the mean
CLEARLY = 2.0           # times as large, from which one error is clearly larger than another
LEARNED = 0.8           # share of the error of saying 0, below which something has been learned

BACK = Curve(x=N_("input"), y=N_("gradient, % of the largest"), first="1", last=str(len(tensor_shapes.READ)), low=0,
             high=100, within=0.12, near=0.25, form=".0f")


def _felt() -> tuple[float, ...]:
    """Return how much the loss would change with each input when the sequence is cut, in percent of the largest."""
    inputs = tensor_shapes.reach(CARRIED.model.cell)[1].inputs
    return BACK.resampled(100 * inputs / inputs.max())


def _lost() -> float:
    """Return the share of the whole gradient that lies before the cut."""
    inputs = tensor_shapes.reach(CARRIED.model.cell)[0].inputs
    return float(inputs[:tensor_shapes.PIECE].sum() / inputs.sum())


def _by_step(moment: Moment) -> np.ndarray:
    """Return the mean error at each step of a window, over windows spread evenly over the training part, (S,)."""
    run = moment.other(SHUFFLED)
    ends = run.data.sample_ids["train"]
    ends = ends[evenly(len(ends), LOOKED_AT)]
    outputs = cells.predict(SHUFFLED.model, run.weights, run.data.x(ends))[..., 0]
    error: np.ndarray = np.abs(outputs - run.data.y(ends)).mean(axis=0)
    return error


def _first(moment: Moment) -> float:
    return float(_by_step(moment)[0])


def _later(moment: Moment) -> float:
    """Return the error of the second half of a window."""
    return float(_by_step(moment)[SHUFFLED.data.usual_steps // 2:].mean())


def _silent(moment: Moment) -> float:
    """Return the error of saying 0 always."""
    data = moment.prepared(SHUFFLED)
    return float(np.abs(data.y(data.sample_ids["train"])).mean())


def _where(moment: Moment) -> str:
    """Return which of the answers the errors bear out."""
    if _first(moment) > CLEARLY * _later(moment):
        return "first"
    return "even" if _later(moment) < LEARNED * _silent(moment) else "nothing"


def _reached(moment: Moment) -> int:
    """Return how many steps of the recall stand in the same piece as its answer."""
    return (moment.prepared(RECALL).steps - 1) % PIECE + 1


LESSON = Lesson(
    name="truncation", number=12,
    cards=(
        Say(name="pieces", lights=("drawn_way",), stage=Stage(page="shapes", section="way", spec=CARRIED)),
        Predict(name="back", ask=BACK, truth=lambda _moment: _felt()),
        Do(name="open_cut", waits=setting("shapes_section", "cut"), lights=("shapes_section",),
           does="set shapes_section cut"),
        See(name="back_came", of="back", lights=("drawn_cut",),
            stage=Stage(page="shapes", section="cut", spec=CARRIED)),
        Predict(name="begin", ask=Choice(("even", "nothing", "first")), truth=_where,
                meets=("state_survives", "shuffle_destroys"), chance=True,
                stage=Stage(page="train", spec=SHUFFLED)),
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        See(name="begin_came", of="begin", lights=("update_and_strip",)),
        Why(name="why", ask=Choice(("inside", "rows", "gradient")), truth=always("rows")),
        Transfer(name="recall", ask=Number(0, 100, within=0, near=1, form=".0f", whole=True), truth=_reached),
    ),
    facts={
        "length": always(CARRIED.data.length),        # type: ignore[attr-defined]
        "steps": always(CARRIED.data.usual_steps),
        "numbers": always(len(tensor_shapes.READ)),
        "cut": always(tensor_shapes.PIECE),
        "after": always(tensor_shapes.PIECE + 1),
        "lost": lambda _moment: _lost(),
        "first": _first,
        "later": _later,
        "silent": _silent,
        "gap": lambda moment: moment.prepared(RECALL).steps - 2,      # all but the letter and the question
        "all": lambda moment: moment.prepared(RECALL).steps,
        "piece": always(PIECE),
        "whole": lambda moment: moment.prepared(RECALL).steps // PIECE,
        "before": lambda moment: moment.prepared(RECALL).steps // PIECE * PIECE,
        "reached": _reached,
    },
    presets=("s5_full", "s5"), pages=("train",), onward=("shapes", "cut"))
