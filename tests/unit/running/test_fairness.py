"""One person's questions and runs beside another's, with real workers: nobody stands still because of somebody else."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from lstm_core.errors import Refusal
from lstm_core.records import Budget, Unfinished, Weights
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.running.people import KNOWN_AFTER, People
from lstm_core.running.scheduling import SILENCE
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store
from lstm_core.ui.live import words
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import WAIT, Clock, ended, same, until

LARGE = RunSpec(data=Waves(length=12_000, steps=100), model=ModelSpec(layers=(Layer(256),)), train=TrainSpec(batch=16))


def weights(hidden: int) -> Weights:
    """Weights of a network that has learned nothing."""
    draw = np.random.default_rng(0)
    return {name: draw.normal(size=shape).astype(np.float32) / 16 for name, shape in {
        "layers.0.weight_ih_l0": (4 * hidden, 1), "layers.0.weight_hh_l0": (4 * hidden, hidden),
        "layers.0.bias_ih_l0": (4 * hidden,), "layers.0.bias_hh_l0": (4 * hidden,), "head.weight": (1, hidden),
        "head.bias": (1,)}.items()}


@pytest.fixture(scope="module")
def trainer() -> Iterator[LocalEngine]:
    """A worker that has torch."""
    engine = LocalEngine(1, prepare=jobs.prepare)
    engine.submit(jobs.advance, toy.spec(), None, Budget(updates=0)).result(60)
    yield engine
    engine.close()


@pytest.fixture
def people() -> People:
    """Ada at home and eve in a cellar, both known for long."""
    clock = Clock()
    people = People(clock)
    people.see("ada", "home")
    people.see("eve", "cellar")
    clock.ahead += KNOWN_AFTER
    return people


@pytest.fixture
def busy(store: Store, trainer: LocalEngine, people: People) -> Iterator[Lab]:
    lab = Lab(store, trainer, people=people)
    yield lab
    lab.close()


class Timed:
    """An engine that writes down how long each piece of work took."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine, self.took = engine, list[tuple[str, float]]()
        self.workers, self.abandon, self.close = engine.workers, engine.abandon, engine.close

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        began, future = time.monotonic(), self.engine.submit(work, *args)
        future.add_done_callback(lambda _done: self.took.append((work.__name__, time.monotonic() - began)))
        return future


def test_a_run_keeps_half_of_the_worker_while_somebody_compares_large_runs_four_times(
        store: Store, trainer: LocalEngine, people: People) -> None:
    timed = Timed(trainer)
    lab, left = Lab(store, timed, people=people), threading.Event()
    run = lab.start(RunSpec(data=Waves(length=3000)).change(epochs=5000), "ada")
    until(lambda: lab.view(run).update > 50)

    def leave(_share: float) -> None:
        if left.is_set():
            raise InterruptedError

    def compare() -> None:
        with contextlib.suppress(InterruptedError):
            for _run in range(8):
                lab.ask(jobs.score, LARGE, weights(256), "train", owner="eve", meanwhile=leave)

    tabs = [threading.Thread(target=compare) for _ in range(4)]
    for tab in tabs:
        tab.start()
    until(lambda: len(lab._dispatcher._questions) == 4)
    begin = len(timed.took)
    until(lambda: len(timed.took) > begin + 20, 60)
    took = timed.took[begin:]
    asked, trained = (sum(seconds for name, seconds in took if name == kind) for kind in ("answer", "advance"))
    longest, usual = max(seconds for _name, seconds in took), median(s for name, s in took if name == "advance")
    begin = len(timed.took)
    new = lab.start(RunSpec(), "bob")
    until(lambda: lab.view(new).update > 0, 60)
    turns = len(timed.took) - begin
    left.set()
    for tab in tabs:
        tab.join(WAIT)
    until(lambda: not lab._dispatcher._questions)
    time.sleep(0.5)
    begin = len(timed.took)
    time.sleep(1)
    lab.close()
    assert trained / (asked + trained) > 0.4, took
    assert turns <= 5                       # until the first loss of a new run
    assert longest < 20 * usual, took       # 2 times on a quiet machine, however busy; 40 in one go
    assert {name for name, _ in timed.took[begin:]} == {"advance"}      # nothing is computed for those who have left


def test_an_answer_in_pieces_is_told_how_far_it_is_and_is_that_of_one_go(busy: Lab, trainer: LocalEngine) -> None:
    told: list[float] = []
    spec = LARGE.change(length=20_000)
    answer = busy.ask(jobs.one_step_predictions, spec, weights(256), "validation", owner="eve", meanwhile=told.append)
    assert 0 < max(told) < 1
    assert told == sorted(told)
    whole = trainer.submit(jobs.one_step_predictions, spec, weights(256), "validation").result(60)
    assert isinstance(whole, np.ndarray)
    assert answer.tobytes() == whole.tobytes()


def forever(tried: Path) -> Unfinished:
    """A question that never comes to an end."""
    with tried.open("a") as file:
        file.write(".")
    time.sleep(0.02)
    return Unfinished(0.5, {})


def test_whoever_leaves_stops_asking(lab: Lab, tmp_path: Path) -> None:
    asked: list[float] = []

    def leave(share: float) -> None:
        asked.append(share)
        if (tmp_path / "tried").exists() and (tmp_path / "tried").stat().st_size > 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        lab.ask(forever, tmp_path / "tried", owner="eve", meanwhile=leave)
    time.sleep(0.2)
    tried = (tmp_path / "tried").stat().st_size
    time.sleep(0.3)
    assert (tmp_path / "tried").stat().st_size == tried
    assert asked[-1] == 0.5


def test_one_person_has_few_questions_waiting(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_core.limits.QUESTIONS", 2)
    left = threading.Event()

    def leave(_share: float) -> None:
        if left.is_set():
            raise InterruptedError

    def wait() -> None:
        with pytest.raises(InterruptedError):
            lab.ask(forever, tmp_path / "tried", owner="eve", meanwhile=leave)

    asking = [threading.Thread(target=wait) for _ in range(2)]
    for each in asking:
        each.start()
    until(lambda: len(lab._dispatcher._questions) == 2)
    with pytest.raises(Refusal, match="2 of your questions are waiting already"):
        lab.ask(forever, tmp_path / "tried", owner="eve")
    left.set()
    for each in asking:
        each.join(WAIT)
    until(lambda: not lab._dispatcher._questions)


def test_a_question_that_is_never_finished_is_given_up(lab: Lab, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_core.limits.ANSWER_SECONDS", 0.3)
    with pytest.raises(Refusal, match=r"^This took longer than 0\.3 seconds"):
        lab.ask(forever, tmp_path / "tried")


def test_one_update_of_a_large_network_is_measured_in_many_slices(store: Store, trainer: LocalEngine) -> None:
    """It rests after its update, but not before that is measured; nothing of it takes long."""
    timed = Timed(trainer)
    lab = Lab(store, timed)
    run = lab.start(LARGE.change(length=2_500, validation=0.3, batch=66, epochs=1), "ada", command="step")
    until(lambda: lab.view(run).status == "paused", 120)
    view = lab.view(run, ("validation",))
    assert (view.update, len(view.losses), len(view.evaluations)) == (1, 1, 2)
    until(lambda: "validation" in lab.view(run, ("validation",)).predictions, 60)
    assert len(timed.took) > 3          # uncut they are the update, what is measured, and what is drawn
    lab.command(run, "ada", "step")
    until(lambda: lab.view(run).update == 2 and lab.view(run).status == "paused", 120)
    view = lab.view(run)
    assert view.explained is not None
    assert (view.explained.update, len(view.evaluations)) == (2, 3)
    lab.close()


def test_a_worker_that_stands_still_is_said_and_the_run_goes_on_bit_identically(
        lab: Lab, store: Store, engine: LocalEngine, clock: Clock) -> None:
    spec = toy.spec(epochs=35, micros=2000)
    runs = [lab.start(spec, owner) for owner in ("ada", "bob")]
    until(lambda: all(lab.view(run).update > 40 for run in runs))
    assert "not answered" not in words.progress(lab.view(runs[0]))
    pid = engine.pids[0]
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(0.5)                         # the slice that was under way has come back
        assert "not answered" not in words.progress(lab.view(runs[0]))
        clock.ahead += SILENCE
        for run in runs:                        # the one that has the worker and the one that waits for it
            said = words.progress(lab.view(run))
            assert said.startswith("The training machine has not answered for "), said
            assert lab.view(run).silence >= SILENCE
    finally:
        os.kill(pid, signal.SIGCONT)
    for run in runs:
        same(store, ended(lab, run), toy.advance(spec, None, Budget()))
    assert engine.pids[0] == pid
