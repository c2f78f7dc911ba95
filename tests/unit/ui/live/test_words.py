"""What is said of a run in one line: how far it is, with whom it takes turns, how long it will take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lstm_core import i18n
from lstm_core.running.run import Run
from lstm_core.running.run_view import RunView
from lstm_core.spec import Recall, RunSpec
from lstm_core.storage.schema import EVALUATIONS
from lstm_core.storage.store import Store
from lstm_core.ui.live.words import LONG, advice, progress


@pytest.fixture
def view(store: Store) -> RunView:
    """A run that trains and takes turns with nobody."""
    stored = store.load(store.create("ada", RunSpec()).id)
    assert stored is not None
    return replace(Run(stored).to_view(0, 1), status="training", update=10, epoch=1.0, rate=50.0, seconds_left=37.4)


def test_runs_that_take_turns_say_with_how_many_and_not_where_in_a_queue(view: RunView) -> None:
    assert progress(view) == "In training · epoch 1 of 20 · 50 updates/s · about 37 s left"
    for status, place in (("training", 0), ("queued", 4), ("queued", 1)):
        shared = replace(view, status=status, place=place, waiting=5)
        assert progress(shared) == ("In training · epoch 1 of 20 · 50 updates/s · shared with 4 other runs · "
                                    "about 37 s left")
    assert "shared" not in progress(replace(view, waiting=0))
    assert "shared with one other run" in progress(replace(view, waiting=2))
    assert progress(replace(view, status="queued", update=0, epoch=0.0, rate=None, seconds_left=None, waiting=5)
                    ) == "Waiting for its turn · epoch 0 of 20 · shared with 4 other runs"


@pytest.mark.parametrize(("seconds", "english", "chinese"), [
    (0.4, "0 s", "0 秒"), (99.4, "99 s", "99 秒"), (100, "2 min", "2 分钟"), (3569, "59 min", "59 分钟"),
    (119_114, "33 h 5 min", "33 小时 5 分钟"), (7_200_000, "2,000 h 0 min", "2,000 小时 0 分钟")])
def test_long_times_are_told_in_minutes_and_hours(view: RunView, seconds: float, english: str, chinese: str) -> None:
    assert f"about {english} left" in progress(replace(view, seconds_left=seconds))
    with i18n.speaking("zh"):
        assert chinese in progress(replace(view, seconds_left=seconds))


def test_a_training_of_more_than_half_an_hour_is_told_what_shortens_it(view: RunView) -> None:
    assert advice(replace(view, seconds_left=LONG)) == ""
    assert "33 h 5 min" in advice(replace(view, seconds_left=119_114))
    assert advice(replace(view, status="paused", seconds_left=119_114)) == ""
    assert advice(replace(view, seconds_left=None)) == ""


def test_a_run_that_ended_early_says_how_much_is_correct(view: RunView) -> None:
    scores = np.zeros(2, EVALUATIONS)
    scores["score"] = 0.25, 0.995
    ended = replace(view, spec=RunSpec(data=Recall()), status="done", outcome="enough", evaluations=scores)
    assert progress(ended).startswith("Stopped early: 99.5% correct · ")
