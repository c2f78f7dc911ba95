from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.records import MEAN, Budget, Slice, View
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.running.flights import InFlightSlice
from lstm_core.running.lab import Lab
from lstm_core.running.run import Run
from lstm_core.running.scheduling import (
    ALL_PACED_SLICES,
    LEASE,
    RISE,
    SAVE_SHARE,
    DrawSchedule,
    Pacer,
    rising_pace,
    slice_seconds,
)
from lstm_core.spec import Layer, ModelSpec, RunSpec, Table, Waves
from lstm_core.spec.serialization import from_json, to_json
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage.schema import RunFacts
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import WAIT, Clock, ended, kept, kill, same, until

# -- a run from its start to its end ---------------------------------------------------------------------------------


def test_a_run_ends_as_in_one_go_and_can_be_read_while_it_trains(lab: Lab, store: Store) -> None:
    spec = toy.spec(micros=2000)
    run = lab.start(spec, "ada")
    assert lab.view(run).status in ("queued", "training")
    until(lambda: lab.view(run).update > 0)
    before = lab.view(run, ["train", "test"])
    copy = before.losses.copy()
    assert (before.status, before.place, before.outcome, before.lr) == ("training", 0, "training", 0.005)
    with pytest.raises(ValueError, match="read-only"):
        before.losses[0] = 1
    until(lambda: lab.view(run).rate is not None)
    view = lab.view(run)
    assert view.rate is not None
    assert 5 < view.rate < 500          # 2 ms each, on a machine that may have other things to do
    assert view.seconds_left is not None
    assert 0 < view.seconds_left < 4
    view = ended(lab, run)
    assert (view.outcome, view.update, view.epoch, view.rate, view.waiting) == ("done", 200, 10.0, None, 0)
    assert before.losses.tobytes() == copy.tobytes()
    assert view.predictions_update == 200
    assert set(view.predictions) == {"train", "test"}
    assert view.best is not None
    assert view.best["validation_loss"] == min(view.evaluations["validation_loss"])
    same(store, view, toy.advance(spec, None, Budget()))


def test_the_first_slice_is_short_and_all_start_training_soon(lab: Lab) -> None:
    started = time.perf_counter()
    run = lab.start(toy.spec(epochs=100, micros=1000), "ada")
    until(lambda: lab.view(run).update > 0)
    assert time.perf_counter() - started < 1       # measured: 0.05 s; the bound allows for a busy machine
    assert lab.view(run).update <= 60


def test_snapshots_are_found_before_and_after_they_are_stored(lab: Lab) -> None:
    run = lab.start(toy.spec(micros=2000), "ada")
    with pytest.raises(Refusal, match="no snapshot at or before update 19"):
        lab.snapshot(run, 19)
    while lab.view(run).status != "done":
        for update in lab.snapshots(run):
            assert lab.snapshot(run, update).update == update
        time.sleep(0.02)
    assert lab.snapshots(run).tolist() == list(range(20, 201, 20))
    assert lab.snapshot(run, 59).update == 40
    np.testing.assert_array_equal(lab.snapshot(run, 200).weights["w"],
                                  toy.advance(toy.spec(), None, Budget()).records.snapshots[-1].weights["w"])


def test_two_views_of_one_run_follow_and_change_nothing(lab: Lab, store: Store) -> None:
    run = lab.start(toy.spec(micros=2000), "ada")
    for _ in range(20):
        one, other = lab.view(run, ["train"]), lab.view(run, ["test"])
        assert 0 <= other.update - one.update <= 200
        time.sleep(0.01)
    view = ended(lab, run)
    assert set(view.predictions) == {"train", "test"}
    kept(store, run, 200)
    before = store.facts(run)
    for _ in range(50):
        lab.view(run, ["train"])
    time.sleep(0.1)
    assert store.facts(run) == before


# -- commands --------------------------------------------------------------------------------------------------------


def test_pause_step_epoch_resume_stop_reset(lab: Lab, store: Store) -> None:
    spec = toy.spec(micros=2000)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 0)
    lab.command(run, "ada", "pause")
    paused = ended(lab, run, "paused")
    time.sleep(0.1)
    assert lab.view(run).update == paused.update

    for n in (1, 2):
        lab.command(run, "ada", "step")
        stepped = ended(lab, run, "paused")
        assert stepped.update == paused.update + n

    lab.command(run, "ada", "epoch")
    view = ended(lab, run, "paused")
    assert view.epoch == stepped.epoch // 1 + 1
    lab.command(run, "ada", "epoch")
    assert ended(lab, run, "paused").epoch == view.epoch + 1

    lab.command(run, "ada", "stop")
    assert ended(lab, run, "stopped").update == view.update + 20
    lab.command(run, "ada", "pause")        # too late, no harm
    lab.command(run, "ada", "resume")
    view = ended(lab, run)
    same(store, view, toy.advance(spec, None, Budget()))
    with pytest.raises(Refusal, match="trained to its end"):
        lab.command(run, "ada", "step")

    lab.command(run, "ada", "reset")
    view = lab.view(run)
    assert (view.status, view.outcome, view.update, view.epoch, view.seconds) == ("paused", "training", 0, 0.0, 0.0)
    assert (len(view.losses), len(view.evaluations), len(view.snapshots), len(view.predictions)) == (0, 0, 0, 0)
    lab.command(run, "ada", "resume")
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))


@pytest.mark.parametrize(("command", "updates"), [("step", 1), ("epoch", 20 - 7)])
def test_a_step_ordered_while_a_slice_is_under_way_is_done_after_it(store: Store, command: str, updates: int) -> None:
    stored = store.load(store.create("ada", toy.spec()).id)
    assert stored is not None
    run = Run(stored)
    run.lease.renew(0, [])

    def slice_of(flight: InFlightSlice, budget: Budget) -> Slice:
        return toy.advance(flight.spec, flight.state, budget)

    under_way = run.dispatch(0, 0.2, 1)
    run.command(command)
    run.apply(under_way, slice_of(under_way, Budget(updates=7)), 0)
    assert run.active
    flight = run.dispatch(0, 10, 1)
    run.apply(flight, slice_of(flight, replace(flight.budget, seconds=None)), 0)
    assert (run.facts.status, run.facts.update) == ("paused", 7 + updates)
    assert not run.wants(0)


@pytest.mark.parametrize("command", ["step", "epoch"])
def test_a_run_may_begin_with_a_single_step(lab: Lab, command: str) -> None:
    view = ended(lab, lab.start(toy.spec(), "ann", command=command), "paused")
    assert view.update == (1 if command == "step" else round(view.update / view.epoch))


def test_a_pace_holds_from_the_very_first_update(lab: Lab) -> None:
    run = lab.start(toy.spec(), "ann", pace=2)
    until(lambda: lab.view(run).update > 0)
    assert lab.view(run).update == 1


def test_reset_while_a_slice_is_under_way_leaves_nothing_of_it(lab: Lab, store: Store) -> None:
    spec = toy.spec(micros=2000)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 0)
    lab.command(run, "ada", "reset")
    time.sleep(0.3)
    assert (lab.view(run).update, len(lab.view(run).losses)) == (0, 0)
    lab.command(run, "ada", "resume")
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))


def test_only_the_owner_may_command(lab: Lab) -> None:
    run = lab.start(toy.spec(), "ada")
    ended(lab, run)
    for attempt in (lambda: lab.command(run, "bob", "reset"), lambda: lab.set_rate(run, "bob", 0.1),
                    lambda: lab.set_pace(run, "bob", 1.0)):
        with pytest.raises(Refusal, match="belongs to someone else"):
            attempt()
    assert lab.view(run).status == "done"
    with pytest.raises(Refusal, match=r"There is no run 'nothing' \(any more\)"):
        lab.view("nothing")
    with pytest.raises(Refusal, match=r"command 'pauze' is not known\. Did you mean 'pause'"):
        lab.command(run, "ada", "pauze")


def test_make_it_mine(lab: Lab, store: Store) -> None:
    spec = toy.spec(micros=2000)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 30)
    copy = lab.copy(run, "bob")
    view = lab.view(copy)
    assert (view.owner, view.status) == ("bob", "paused")
    assert view.update > 30
    assert len(view.losses) == view.update
    lab.command(copy, "bob", "resume")
    same(store, ended(lab, copy), toy.advance(spec, None, Budget()))
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))
    assert lab.view(lab.copy(run, "bob")).status == "done"
    assert [facts.id for facts in lab.recent("ada")] == [run]
    assert [facts.status for facts in lab.recent("bob")] == ["done", "done"]


def test_one_person_may_have_so_many_unfinished_runs(lab: Lab) -> None:
    runs = [lab.start(toy.spec(epochs=500, micros=5000), "ada") for _ in range(limits.UNFINISHED_RUNS)]
    with pytest.raises(Refusal, match="You have 8 unfinished runs"):
        lab.start(toy.spec(), "ada")
    with pytest.raises(Refusal, match="You have 8 unfinished runs"):
        lab.copy(runs[0], "ada")
    lab.start(toy.spec(), "bob")
    for run in runs:
        lab.command(run, "ada", "stop")
    until(lambda: all(facts.status == "stopped" for facts in lab._store.recent("ada", 20)))
    ended(lab, lab.start(toy.spec(), "ada"))


def test_who_asks_for_many_at_once_gets_no_more(lab: Lab) -> None:
    many = 4 * limits.UNFINISHED_RUNS

    def at_once(ask: Callable[[int], str]) -> list[str]:
        gate, answers = threading.Barrier(many), []

        def one(number: int) -> None:
            gate.wait()
            with suppress(Refusal):
                answers.append(ask(number))

        threads = [threading.Thread(target=one, args=(number,)) for number in range(many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def start(number: int) -> str:
        return lab.start(toy.spec(epochs=500, micros=5000, seed=number), "eve")

    started = [run for _ in range(3) for run in at_once(start) if lab.command(run, "eve", "stop") is None]
    assert len(started) == 3 * limits.UNFINISHED_RUNS

    def resume(number: int) -> str:
        lab.command(started[number % len(started)], "eve", "resume")
        return started[number % len(started)]

    assert len(set(at_once(resume))) == limits.UNFINISHED_RUNS
    sweep = SweepSpec(toy.spec(epochs=500, micros=5000), (Axis("hidden", (4, 8)),), seeds=1)      # not over meanwhile
    assert len(at_once(lambda _number: lab.start_sweep(sweep, "eve"))) == limits.UNFINISHED_SWEEPS
    for run in started:
        lab.command(run, "eve", "stop")


# -- learning rate and pace ------------------------------------------------------------------------------------------


def test_a_changed_learning_rate_is_part_of_the_spec_and_its_replay_is_bit_equal(lab: Lab, store: Store) -> None:
    run = lab.start(toy.spec(epochs=35, micros=1500), "ada")
    lab.set_rate(run, "ada", 0.01)
    for rate in (0.1, 0.02, 0.3):
        update = lab.view(run).update
        until(lambda update=update: lab.view(run).update > update)
        lab.set_rate(run, "ada", rate)
        assert lab.view(run).lr == rate
    until(lambda: lab.view(run).spec.train.lr_changes[-1][1] == 0.3)
    update = lab.view(run).update
    until(lambda: lab.view(run).update > update)
    lab.command(run, "ada", "pause")
    ended(lab, run, "paused")
    lab.set_rate(run, "ada", 0.04)
    lab.set_rate(run, "ada", 0.05)          # twice between two updates: the last one counts
    lab.command(run, "ada", "resume")
    view = ended(lab, run)
    changes = view.spec.train.lr_changes
    assert [rate for _, rate in changes][-4:] == [0.1, 0.02, 0.3, 0.05]
    whole = toy.advance(from_json(to_json(view.spec)), None, Budget())
    same(store, view, whole)
    assert whole.state != toy.advance(view.spec.change(lr_changes=changes[:-1]), None, Budget()).state
    stored = store.facts(run)
    assert stored is not None
    assert stored.spec == view.spec
    with pytest.raises(Refusal, match="lr must be between"):
        lab.set_rate(run, "ada", 1e9)
    lab.command(run, "ada", "reset")
    assert lab.view(run).spec.train.lr_changes == ()


def test_before_the_first_update_the_learning_rate_itself_changes(lab: Lab) -> None:
    run = lab.start(toy.spec(), "ada")
    ended(lab, run)
    lab.command(run, "ada", "reset")
    lab.set_rate(run, "ada", 0.07)
    assert lab.view(run).spec == toy.spec(lr=0.07)


@pytest.mark.parametrize(("pace", "seconds"), [(5.0, 1.2), (37.0, 1.0)])
def test_a_paced_run_does_so_many_updates_per_second(lab: Lab, pace: float, seconds: float) -> None:
    run = lab.start(toy.spec(epochs=100), "ada")
    lab.command(run, "ada", "reset")
    for _epoch in range(3):             # its first updates are slower
        lab.command(run, "ada", "epoch")
        ended(lab, run, "paused")
    lab.set_pace(run, "ada", pace)
    lab.command(run, "ada", "resume")
    until(lambda: lab.view(run).update > 60)
    for _try in range(5):                       # slower only where the machine is busy, faster never
        start, first, seen = time.monotonic(), lab.view(run).update, set()
        while time.monotonic() - start < seconds:
            seen.add(lab.view(run).update)
            time.sleep(0.005)
        done, took = lab.view(run).update - first, time.monotonic() - start
        assert done <= 1.1 * pace * took + 2
        if enough := done >= 0.6 * pace * seconds and len(seen) >= min(pace, 10) * seconds * 0.6:
            break                               # spread out, not in one burst
    assert enough, (done, seen)
    for wrong in (0.0, -1.0, 1e9, float("nan")):
        with pytest.raises(Refusal, match=r"pace must be between 0\.1 and 1000"):
            lab.set_pace(run, "ada", wrong)
    lab.set_pace(run, "ada", None)
    assert ended(lab, run).update == 2000


# -- many runs -------------------------------------------------------------------------------------------------------


class Witness:
    """An engine that writes down whose slices it is sent."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine, self.seeds = engine, list[int]()
        self.workers, self.abandon, self.close = engine.workers, engine.abandon, engine.close

    def submit(self, work: Callable[..., Slice], *args: Any) -> Future[Slice]:
        self.seeds.append(args[0].train.seed)
        return self.engine.submit(work, *args)


def test_five_runs_take_turns(store: Store, engine: LocalEngine) -> None:
    witness = Witness(engine)
    lab = Lab(store, witness, toy.advance)
    runs = [lab.start(toy.spec(epochs=500, micros=1000, seed=seed), f"person {seed}") for seed in range(5)]
    until(lambda: set(witness.seeds) == set(range(5)))
    places = [sorted(view.place for run in runs if (view := lab.view(run)).place is not None) for _ in range(5)]
    assert all(place[0] == 0 and max(place) <= 4 for place in places)
    assert lab.view(runs[0]).waiting == 5
    begin = len(witness.seeds)
    until(lambda: len(witness.seeds) >= begin + 25)
    turns = Counter(witness.seeds[begin:begin + 25])        # shared by what they cost, which is about the same
    assert all(3 <= turns[seed] <= 8 for seed in range(5)), turns
    begin = len(witness.seeds)
    late = lab.start(toy.spec(epochs=500, micros=1000, seed=9), "late")
    until(lambda: lab.view(late).update > 0)
    assert witness.seeds.index(9) - begin <= 2          # a first loss does not wait for a round of the others
    lab.close()


@pytest.mark.parametrize(("workers", "waiting", "seconds"), [
    (1, 1, 0.18), (1, 12, 0.18), (1, 20, 0.11), (1, 44, 0.05), (1, 500, 0.03), (4, 40, 0.18), (4, 0, 0.18),
])
def test_slices_shrink_as_runs_wait(workers: int, waiting: int, seconds: float) -> None:
    assert slice_seconds(workers, waiting) == pytest.approx(seconds)


@pytest.mark.parametrize(("pace", "waiting", "updates", "seconds"), [
    (5.0, 1, 1, 0.2), (50.0, 0, 5, 0.1), (50.0, 1, 5, 0.1), (50.0, 4, 5, 0.1), (50.0, 30, 38, 0.75), (5.0, 30, 4, 0.75),
    (50.0, 60, 75, 1.5), (50.0, 400, 75, 1.5),
])
def test_slices_of_paced_runs_are_fewer_and_longer_as_runs_wait(pace: float, waiting: int, updates: int,
                                                                seconds: float) -> None:
    metronome = Pacer()
    assert metronome.beat(100.0, pace, waiting, RISE) == updates
    assert metronome.due == pytest.approx(100.0 + seconds, rel=0.07)


@pytest.mark.parametrize(("pace", "updates", "expected"), [
    (50.0, (0, 25, 49, 50, 1000), (5.0, 15.81, 47.75, 50.0, 50.0)),
    (20.0, (0, 25, 50), (5.0, 10.0, 20.0)),
    (5.0, (0, 25, 50), (5.0, 5.0, 5.0)),
    (1.0, (0, 25, 50), (1.0, 1.0, 1.0)),
])
def test_the_pace_rises_to_the_chosen_one(pace: float, updates: tuple[int, ...], expected: tuple[float, ...]) -> None:
    assert [rising_pace(pace, update) for update in updates] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("pace", "waiting", "seconds", "longest"), [
    (50.0, 1, 4.0, 1), (1000.0, 1, 2.0, 1), (20.0, 1, 5.5, 1), (50.0, 2, 4.0, 2), (50.0, 30, 5.3, 34),
    (2.0, 1, 25, 1),
])
def test_the_first_updates_are_done_one_by_one_unless_others_wait(pace: float, waiting: int, seconds: float,
                                                                  longest: int) -> None:
    metronome, now, update, slices = Pacer(), 100.0, 0, list[int]()
    while update < RISE:
        slices.append(metronome.beat(now, pace, waiting, update))
        update += slices[-1]
        now = metronome.due
    assert max(slices) <= longest
    assert now - 100 == pytest.approx(seconds, rel=0.05)
    assert len(slices) == RISE or len(slices) <= 1.1 * (now - 100) * ALL_PACED_SLICES / waiting


@pytest.mark.parametrize(("pace", "one_by_one"), [(400.0, True), (None, False)])
def test_a_run_with_a_pace_begins_slowly_and_ends_the_same(lab: Lab, store: Store, pace: float | None, one_by_one: bool
                                                           ) -> None:
    seen, run = set[int](), lab.start(spec := toy.spec(), "ada", pace=pace)
    lab.listen(run, lambda: seen.add(lab._dispatcher.runs[run].facts.update))
    started = time.monotonic()
    until(lambda: lab.view(run).update >= RISE)
    assert (time.monotonic() - started > 1.5) is one_by_one
    assert (len(seen & set(range(RISE + 1))) > 40) is one_by_one        # one that came very early may be missed
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))


def test_a_run_that_has_begun_is_not_slowed_and_its_speed_is_that_which_will_hold(store: Store) -> None:
    stored = store.load(store.create("ada", toy.spec()).id)
    assert stored is not None
    run, now = Run(stored), 100.0
    run.lease.renew(now, [])
    run.set_pace(50.0)
    while run.facts.update < 180:
        if run.facts.update == RISE:
            assert run.to_view(None, 1).rate is None        # what was slower is forgotten
        flight = run.dispatch(now, 0.2, 1)
        run.apply(flight, toy.advance(flight.spec, flight.state, replace(flight.budget, seconds=None)), now)
        now = run.pacer.due
    assert run.to_view(None, 1).rate == pytest.approx(50.0, rel=0.05)
    run.set_pace(20.0)
    flight = run.dispatch(now, 0.2, 1)
    assert (flight.budget.updates, run.pacer.due) == (2, pytest.approx(now + 0.1))


def test_predictions_take_a_twentieth_of_the_time_of_a_run_that_trains() -> None:
    pencil = DrawSchedule()
    assert pencil.looks(100.0, ("validation",)) == ("validation",)
    pencil.drew(100.0, View(7, {}, seconds=0.1))
    pencil.drew(100.2, None)                                # a slice that was not to predict
    assert pencil.looks(101.8, ("validation",)) == ()
    assert pencil.looks(102.0, ("validation", "test")) == ("validation", "test")


def test_a_run_that_trains_predicts_only_when_that_is_worth_its_time(store: Store) -> None:
    stored = store.load(store.create("ada", toy.spec()).id)
    assert stored is not None
    run = Run(stored)
    run.lease.renew(0, ["validation"])
    asked = []
    for now in (0.0, 1.0, 18.9, 19.0):
        flight = run.dispatch(now, 0.2, 1)
        asked.append(flight.budget.view)
        piece = toy.advance(flight.spec, flight.state, replace(flight.budget, seconds=None, updates=2))
        view = piece.records.view and replace(piece.records.view, seconds=1.0)
        run.apply(flight, replace(piece, records=replace(piece.records, view=view)), now)
    assert asked == [("validation",), (), (), ("validation",)]


class SlowStore(Store):
    """A disk that takes a tenth of a second."""

    def save(self, facts: RunFacts, slices: Sequence[Slice] = ()) -> np.ndarray | None:
        time.sleep(0.1)
        return super().save(facts, slices)


def test_saves_of_all_runs_together_leave_time_for_slices(tmp_path: Path, engine: LocalEngine, clock: Clock) -> None:
    store = SlowStore(f"sqlite:///{tmp_path / 'slow.db'}")
    lab = Lab(store, engine, toy.advance, clock)
    runs = [lab.start(toy.spec(epochs=500, micros=500, seed=seed), f"person {seed}") for seed in range(3)]
    until(lambda: all(lab.view(run).update for run in runs))
    until(lambda: any(run.saving.due for run in lab._dispatcher.runs.values()))
    saved = [run.saving.due - clock() for run in lab._dispatcher.runs.values()]
    assert max(saved) > SAVE_SHARE * 0.1 * 2            # for each of the others as well, not only for itself
    lab.close()
    store.close()


# -- nobody looks ----------------------------------------------------------------------------------------------------


def test_nobody_looks_and_the_run_rests_until_somebody_does(lab: Lab, store: Store, clock: Clock) -> None:
    spec = toy.spec(epochs=20, micros=2000)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 0)
    assert lab.view(run).woken == 0.0
    clock.ahead += LEASE + 1
    until(lambda: not lab._dispatcher.runs)         # out of memory as well
    resting = store.facts(run)
    assert resting is not None
    assert (resting.status, resting.outcome) == ("training", "training")
    time.sleep(0.3)
    assert store.facts(run) == resting
    before = time.time()
    view = lab.view(run)
    assert (view.update, len(view.losses), view.status) == (resting.update, resting.update, "training")
    assert before <= view.woken <= time.time()      # which the page says
    assert lab.view(run).woken == view.woken
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))


def test_what_is_newly_looked_at_is_drawn_though_the_run_rests(lab: Lab) -> None:
    run = lab.start(toy.spec(), "ada")
    done = ended(lab, run)
    assert not done.predictions
    until(lambda: "validation" in lab.view(run, ["validation"]).predictions)
    until(lambda: "test" in lab.view(run, ["test"]).predictions)
    until(lambda: MEAN in lab.view(run, [MEAN]).inside)
    until(lambda: 3 in lab.view(run, ["validation", 3]).inside)
    after = ended(lab, run)
    for name in ("spec", "status", "outcome", "reason", "update", "epoch", "seconds"):
        assert getattr(after, name) == getattr(done, name)
    assert after.losses.tobytes() == done.losses.tobytes()
    assert (after.predictions_update, set(after.predictions), set(after.inside)) == (
        200, {"validation", "test"}, {MEAN, 3})


# -- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_worker_killed_in_mid_slice_changes_nothing(lab: Lab, store: Store, engine: LocalEngine) -> None:
    spec = toy.spec(epochs=40, micros=1000)
    run = lab.start(spec, "ada")
    for _ in range(4):
        update = lab.view(run).update
        until(lambda update=update: (view := lab.view(run)).update > update and view.place == 0)
        kill(engine)
    same(store, ended(lab, run), toy.advance(replace(spec, data=Waves()), None, Budget()))


def test_a_slice_that_kills_its_worker_three_times_fails_the_run(lab: Lab, store: Store) -> None:
    spec = toy.spec(seed=toy.DEADLY_SEED)
    other = lab.start(toy.spec(epochs=5), "bob")
    run = lab.start(spec, "ada")
    lab.command(run, "ada", "pause")
    ended(lab, run, "paused")
    lab.set_pace(run, "ada", 100.0)
    lab.command(run, "ada", "resume")
    view = ended(lab, run, "failed")
    assert view.reason is not None
    assert "ended 3 times in a row" in str(view.reason)
    assert 20 <= view.update <= 30              # what had been done is kept
    until(lambda: (facts := store.facts(run)) is not None and facts.status == "failed")
    stored = store.facts(run)
    assert stored is not None
    assert str(stored.reason) == str(view.reason)
    ended(lab, other)
    lab.command(run, "ada", "resume")           # one may try again
    assert lab.view(run).reason is None
    assert ended(lab, run, "failed").update == view.update


@pytest.mark.parametrize(("seed", "sentence"), [
    (toy.CURSED_SEED, "The seed 667 is cursed."),
    (toy.BUGGY_SEED, "Training failed: ZeroDivisionError: one over nothing."),
])
def test_an_error_in_the_worker_fails_the_run_with_a_sentence(lab: Lab, seed: int, sentence: str) -> None:
    run = lab.start(toy.spec(seed=seed), "ada")
    assert str(ended(lab, run, "failed").reason) == sentence
    ended(lab, lab.start(toy.spec(), "ada"))


def test_a_slice_that_never_ends_is_given_up(lab: Lab, clock: Clock, engine: LocalEngine) -> None:
    run = lab.start(toy.spec(epochs=1, micros=60_000_000), "ada")
    for _ in range(3):
        until(lambda: lab.view(run).place == 0)
        pid = engine.pids[0]
        clock.ahead += limits.SLICE_TIMEOUT + 1
        lab.view(run)
        until(lambda pid=pid: engine.pids[0] not in (pid, None) or lab.view(run).status == "failed")
    assert "ended 3 times in a row" in str(ended(lab, run, "failed").reason)
    ended(lab, lab.start(toy.spec(), "ada"))


def test_the_server_stopped_in_mid_run_goes_on_where_it_was(store: Store, engine: LocalEngine) -> None:
    spec = toy.spec(epochs=40, micros=1000)
    lab = Lab(store, engine, toy.advance)
    run = lab.start(spec, "ada")
    waiting = lab.start(spec, "bob")
    lab.command(waiting, "bob", "pause")
    until(lambda: lab.view(run).update > 100)
    lab.close()
    stopped = store.facts(run)
    assert stopped is not None
    update = stopped.update
    assert 100 < update < 800
    again = Lab(store, engine, toy.advance)
    view = again.view(run)
    assert (view.update, view.status) == (update, "training")
    same(store, ended(again, run), toy.advance(replace(spec, data=Waves()), None, Budget()))
    assert again.view(waiting).status == "paused"
    assert {facts.id for facts in again.recent("ada") + again.recent("bob")} == {run, waiting}
    again.close()


def test_a_run_that_cannot_be_saved_is_paused_and_loses_nothing(lab: Lab, store: Store, clock: Clock,
                                                               tmp_path: Path) -> None:
    spec = toy.spec(epochs=35, micros=2000)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 0)
    tmp_path.rename(away := tmp_path.with_name(f"{tmp_path.name}_away"))    # a disk that has gone
    store._database.dispose()
    view = ended(lab, run, "paused")
    assert "cannot be opened" in str(view.reason)
    away.rename(tmp_path)
    clock.ahead += 3
    until(lambda: lab.view(run).status != "paused")     # it goes on by itself
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))


def test_two_servers_on_one_store_do_each_other_no_harm(store: Store, engine: LocalEngine) -> None:
    spec = toy.spec(epochs=40, micros=1000)
    one, other = Lab(store, engine, toy.advance), Lab(store, engine, toy.advance)
    run = one.start(spec, "ada")
    until(lambda: {one.view(run).status, other.view(run).status} == {"done"})
    until(lambda: one.view(run).seconds == other.view(run).seconds)     # both show what is in the store
    one.close()
    other.close()
    stored = store.load(run)
    whole = toy.advance(replace(spec, data=Waves()), None, Budget())
    assert stored is not None
    assert store.state(stored.facts) == whole.state
    assert stored.losses.tobytes() == whole.records.losses.tobytes()


# -- data kept by content hash ---------------------------------------------------------------------------------------


def test_data_kept_with_a_run_reach_the_worker(lab: Lab) -> None:
    blob, data = toy.table()
    assert lab.keep_blob(blob, "x.csv") == data.digest
    assert lab.blob(data.digest) == blob
    run = lab.start(replace(toy.spec(), data=data), "ada")
    ended(lab, run)
    other_blob, other = toy.table(120)
    ended(lab, lab.start(replace(toy.spec(), data=other), "ada", other_blob))
    unknown = lab.start(replace(toy.spec(), data=replace(data, digest="f" * 32)), "ada")
    assert f"The data of this run (content hash '{'f' * 32}')" in str(ended(lab, unknown, "failed").reason)
    with pytest.raises(Refusal, match="are not kept here"):
        lab.blob("f" * 32)


# -- the real thing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [Waves(noise=0.1), toy.table(600)[1]], ids=["wave", "table"])
def test_real_training_killed_and_restarted_is_bit_identical(store: Store, data: Waves | Table) -> None:
    blob = toy.table(600)[0] if isinstance(data, Table) else None
    spec = RunSpec(data=data, model=ModelSpec(layers=(Layer(hidden=24, dropout=0.2), Layer(hidden=16))))
    spec = spec.change(epochs=12, batch=16, steps=10)
    engine = LocalEngine(1, prepare=jobs.prepare)
    undisturbed = engine.submit(jobs.advance, spec, None, Budget(view=("test",)), blob)
    lab = Lab(store, engine)
    run = lab.start(spec, "ada", blob)
    until(lambda: (view := lab.view(run, ["test"])).update > 0 and view.place == 0)
    kill(engine)
    lab.set_pace(run, "ada", 20.0)      # so that it is not done before the server is
    update = lab.view(run).update
    until(lambda: lab.view(run).update > update)
    lab.close()
    stopped = store.facts(run)
    assert stopped is not None
    assert stopped.outcome == "training"
    lab = Lab(store, engine)
    lab.set_pace(run, "ada", None)
    view = ended(lab, run)
    whole = undisturbed.result(WAIT)
    assert view.snapshots.tolist() == sorted(set(view.snapshots.tolist()))
    assert view.losses.tobytes() == whole.records.losses.tobytes()
    assert kept(store, run, whole.update) == whole.state
    until(lambda: lab.view(run, ["test"]).predictions_update == whole.update)
    seen = lab.view(run)
    assert whole.records.view is not None
    assert seen.predictions["test"].tobytes() == whole.records.view.predictions["test"].tobytes()
    last = lab.snapshot(run, whole.update).weights
    expected = max(whole.records.snapshots, key=lambda s: s.update).weights
    assert {name: w.tobytes() for name, w in last.items()} == {name: w.tobytes() for name, w in expected.items()}
    lab.close()
    engine.close()
