"""One person's questions and runs beside another's, with real workers: nobody stands still because of somebody else."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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


def updates(lab: Lab, run: str, seconds: float) -> float:
    """Return the updates per second of a run in the next so many seconds."""
    before, began = lab.view(run).update, time.monotonic()
    time.sleep(seconds)
    return (lab.view(run).update - before) / (time.monotonic() - began)


def test_a_run_keeps_half_its_updates_while_somebody_compares_large_runs_four_times(busy: Lab) -> None:
    run = busy.start(RunSpec(data=Waves(length=3000)).change(epochs=5000), "ada")
    until(lambda: busy.view(run).update > 100)
    alone, left = updates(busy, run, 2), threading.Event()

    def leave(_share: float) -> None:
        if left.is_set():
            raise InterruptedError

    def compare() -> None:
        for _run in range(8):
            try:
                busy.ask(jobs.score, LARGE, weights(256), "train", owner="eve", meanwhile=leave)
            except InterruptedError:
                return

    tabs = [threading.Thread(target=compare) for _ in range(4)]
    for tab in tabs:
        tab.start()
    time.sleep(0.5)
    beside = updates(busy, run, 4)
    new = busy.start(RunSpec(), "bob")
    began = time.monotonic()
    until(lambda: busy.view(new).update > 0)
    first = time.monotonic() - began
    left.set()
    for tab in tabs:
        tab.join(WAIT)
    time.sleep(0.5)
    assert not busy._dispatcher._questions      # nothing of it is left to be computed
    again = updates(busy, run, 2)
    assert beside > 0.4 * alone, (alone, beside, again)         # half, less what the machine itself varies by
    assert again > 0.7 * alone, (alone, beside, again)
    assert first < 2
    busy.command(run, "ada", "stop")


def test_an_answer_in_pieces_is_told_how_far_it_is_and_is_that_of_one_go(busy: Lab, trainer: LocalEngine) -> None:
    told: list[float] = []
    answer = busy.ask(jobs.one_step_predictions, LARGE, weights(256), "validation", owner="eve", meanwhile=told.append)
    assert 0 < max(told) < 1
    assert told == sorted(told)
    whole = trainer.submit(jobs.one_step_predictions, LARGE, weights(256), "validation").result(60)
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


def test_one_update_of_a_large_network_is_measured_in_many_slices(busy: Lab,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """It rests after its update, but not before that is measured; nothing of it takes long."""
    spec, longest = LARGE.change(validation=0.3), [0.0]
    send = busy._dispatcher._engine.submit

    def timed(work: Callable[..., object], *args: object) -> object:
        began, future = time.monotonic(), send(work, *args)
        future.add_done_callback(lambda _done: longest.append(time.monotonic() - began))
        return future

    monkeypatch.setattr(busy._dispatcher._engine, "submit", timed)
    run = busy.start(spec, "ada", command="step")
    until(lambda: busy.view(run).status == "paused", 120)
    view = busy.view(run, ("validation",))
    assert (view.update, len(view.losses), len(view.evaluations)) == (1, 1, 1)
    until(lambda: "validation" in busy.view(run, ("validation",)).predictions, 60)
    assert len(longest) > 5
    assert max(longest) < 2, longest            # 0.4 on a quiet machine
    busy.command(run, "ada", "step")
    until(lambda: busy.view(run).update == 2 and busy.view(run).status == "paused", 120)
    view = busy.view(run)
    assert view.explained is not None
    assert view.explained.update == 2


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
