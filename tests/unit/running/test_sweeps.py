"""Sweeps in the real lab: fair, watched, interrupted, and equal to direct training."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_core import data, limits
from lstm_core.errors import Refusal
from lstm_core.records import Budget, Evaluation
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.running.scheduling import LEASE
from lstm_core.running.sweeps import SweepView, measured, result
from lstm_core.spec import RunSpec, Waves
from lstm_core.spec.parameters import parameters
from lstm_core.spec.sweep import Axis, Impossible, SweepSpec
from lstm_core.storage.schema import UNFINISHED, curve
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import owner_of_runs
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, until


def sweep(seeds: int = 2, **settings: object) -> SweepSpec:
    """Four settings of a toy run, 40 updates each."""
    base = toy.spec(epochs=2, **{"micros": 1000} | settings)
    return SweepSpec(base, (Axis("hidden", (4, 8)), Axis("lr", (0.1, 0.01))), seeds)


def over(lab: Lab, name: str, status: str = "done") -> SweepView:
    until(lambda: not lab.sweep(name).moving)
    view = lab.sweep(name)
    assert view.status == status
    return view


def unfinished(store: Store, name: str) -> int:
    return len(store.unfinished(owner_of_runs(name)))


def test_a_sweep_trains_all_its_runs_and_never_more_than_two_at_a_time(lab: Lab, store: Store) -> None:
    name = lab.start_sweep(sweep(), "ada")
    began, most, shares = time.monotonic(), 0, [0.0]
    while (view := lab.sweep(name)).moving:
        most = max(most, unfinished(store, name), sum(run.status in UNFINISHED for run in view.runs))
        shares.append(view.progress)
        assert time.monotonic() - began < 20
        time.sleep(0.01)
    assert most == limits.SWEEP_TOGETHER
    assert shares == sorted(shares)
    view = over(lab, name)
    assert (view.ended, view.progress, view.others) == (8, 1.0, 0)
    assert [(run.setting, run.seed, run.status, run.outcome) for run in view.runs] == [
        (setting, seed, "done", "done") for seed in (0, 1) for setting in range(4)]
    for run, point in zip(view.runs, view.spec.points, strict=True):
        assert run.run is not None
        seen = lab.view(run.run)
        assert (seen.spec, seen.update) == (point.spec, 40)
        assert seen.losses.tobytes() == toy.advance(point.spec, None, Budget()).records.losses.tobytes()
        assert run.seconds == seen.seconds
    assert lab.recent("ada") == []
    assert [facts.id for facts in lab.sweeps("ada")] == [name]
    assert lab.sweeps("bob") == []


def test_the_time_left_follows_the_pace(lab: Lab) -> None:
    name = lab.start_sweep(sweep(seeds=5, micros=2000), "ada")
    until(lambda: lab.sweep(name).ended >= 4)
    view = lab.sweep(name)
    assert view.seconds_left is not None
    assert 0.5 < view.seconds_left < 6      # 16 runs of 40 updates of 2 ms are 1.3 s at least
    lab.cancel_sweep(name, "ada")


def test_a_sweep_takes_turns_with_everybody_else(lab: Lab) -> None:
    other = lab.start(toy.spec(epochs=500, micros=1000), "bob")
    name = lab.start_sweep(sweep(seeds=10, micros=2000), "ada")
    until(lambda: lab.sweep(name).ended >= 1)
    assert lab.sweep(name).others == 1
    before, began = lab.view(other).update, lab.sweep(name).ended
    until(lambda: lab.sweep(name).ended >= began + 6)
    assert lab.view(other).update > before + 80     # a third of the time, in runs of 40 updates of twice the length
    lab.command(other, "bob", "stop")
    lab.cancel_sweep(name, "ada")


def test_a_sweep_leaves_the_room_for_ones_own_runs(lab: Lab) -> None:
    name = lab.start_sweep(sweep(seeds=10, micros=5000), "ada")
    runs = [lab.start(toy.spec(epochs=500, micros=5000), "ada") for _ in range(limits.UNFINISHED_RUNS)]
    with pytest.raises(Refusal, match="You have a sweep that is not finished"):
        lab.start_sweep(sweep(), "ada")
    for run in runs:
        lab.command(run, "ada", "stop")
    lab.cancel_sweep(name, "ada")
    lab.cancel_sweep(lab.start_sweep(sweep(), "ada"), "ada")


def test_cancel_stops_what_trains_and_keeps_what_has_ended(lab: Lab, store: Store) -> None:
    name = lab.start_sweep(sweep(seeds=5, micros=3000), "ada")
    until(lambda: lab.sweep(name).ended >= 3)
    with pytest.raises(Refusal, match="belongs to someone else"):
        lab.cancel_sweep(name, "bob")
    assert lab.sweep(name).status == "running"
    lab.cancel_sweep(name, "ada")
    view = over(lab, name, "cancelled")
    statuses = [run.status for run in view.runs]
    assert statuses.count("done") >= 3
    assert statuses.count("stopped") <= limits.SWEEP_TOGETHER
    assert statuses.count(None) == 20 - statuses.count("done") - statuses.count("stopped") > 10
    until(lambda: unfinished(store, name) == 0)
    time.sleep(0.2)
    later = lab.sweep(name)         # a slice in hand may have ended its run after all; none has begun
    assert [run.run for run in later.runs] == [run.run for run in view.runs]
    assert (later.moving, later.seconds_left) == (False, None)
    lab.cancel_sweep(name, "ada")           # too late, no harm
    assert lab.sweep(name).status == "cancelled"


def test_nobody_may_command_the_runs_of_a_sweep_and_a_copy_is_ones_own(lab: Lab) -> None:
    name = lab.start_sweep(sweep(seeds=1), "ada")
    run = over(lab, name).runs[0].run
    assert run is not None
    with pytest.raises(Refusal, match="belongs to someone else"):
        lab.command(run, "ada", "reset")
    copy = lab.copy(run, "ada")
    lab.command(copy, "ada", "reset")
    assert lab.view(run).update == 40


def test_nobody_looks_and_the_sweep_rests_until_somebody_does(lab: Lab, clock: Clock) -> None:
    name = lab.start_sweep(sweep(seeds=3, micros=3000), "ada")
    until(lambda: lab.sweep(name).ended >= 1)
    clock.ahead += LEASE + 1
    until(lambda: not lab._dispatcher.runs)
    time.sleep(0.2)
    resting = lab._sweeping._store.load(name)
    time.sleep(0.4)
    assert lab._sweeping._store.load(name) == resting
    view = lab.sweep(name)
    assert view.status == "running"
    assert 1 <= view.ended < 12
    assert over(lab, name).ended == 12


def test_a_sweep_survives_its_server(store: Store, engine: LocalEngine) -> None:
    first = Lab(store, engine, toy.advance)
    name = first.start_sweep(sweep(micros=2000), "ada")
    until(lambda: first.sweep(name).ended >= 2)
    first.close()
    again = Lab(store, engine, toy.advance)
    view = again.sweep(name)
    assert view.status == "running"
    assert 2 <= view.ended < 8
    done = over(again, name)
    assert done.ended == 8
    for before, after in zip(view.runs, done.runs, strict=True):
        assert before.run in (None, after.run)
        assert after.run is not None
        seen = again.view(after.run)
        assert seen.losses.tobytes() == toy.advance(seen.spec, None, Budget()).records.losses.tobytes()
    again.close()


def test_failed_runs_end_and_the_others_go_on(lab: Lab) -> None:
    base = toy.spec(epochs=2, seed=toy.CURSED_SEED)     # is refused, the next one has a bug
    name = lab.start_sweep(SweepSpec(base, (Axis("hidden", (4, 8)),), seeds=3), "ada")
    view = over(lab, name)
    assert [run.status for run in view.runs] == ["failed"] * 4 + ["done"] * 2
    assert all(math.isnan(run.error) for run in view.runs)
    assert view.progress == 1.0


def test_a_disk_that_has_gone_for_a_while_only_delays_the_sweep(lab: Lab, store: Store, clock: Clock,
                                                               tmp_path: Path) -> None:
    name = lab.start_sweep(sweep(micros=2000), "ada")
    until(lambda: lab.sweep(name).ended >= 1)
    tmp_path.rename(away := tmp_path.with_name(f"{tmp_path.name}_away"))
    store._database.dispose()
    with pytest.raises(Refusal, match="cannot be opened"):
        lab.sweep(name)
    time.sleep(0.5)
    away.rename(tmp_path)
    clock.ahead += 3
    assert [run.status for run in over(lab, name).runs] == ["done"] * 8


def test_what_is_too_large_or_impossible_is_refused_before_it_begins(lab: Lab) -> None:
    with pytest.raises(Refusal, match=r"16 runs with 1,176,000 updates of the weights in all; at most 300,000"):
        lab.start_sweep(SweepSpec(RunSpec().change(epochs=1000),
                                  (Axis("hidden", (4, 8)), Axis("batch", (8, 16))), seeds=4), "ada")
    with pytest.raises(Impossible, match=r"steps 499 cannot be combined: .*[Ww]indow"):
        lab.start_sweep(SweepSpec(RunSpec(data=Waves(length=300)), (Axis("steps", (10, 499)),), seeds=1), "ada")
    with pytest.raises(Impossible, match=r"hidden 512, layers 4 cannot be combined: .*at most 2,000,000"):
        lab.start_sweep(SweepSpec(RunSpec(), (Axis("hidden", (8, 512)), Axis("layers", (1, 4))), seeds=1), "ada")
    assert lab.sweeps("ada") == []
    with pytest.raises(Refusal, match=r"There is no sweep 'nothing' \(any more\)"):
        lab.sweep("nothing")


# -- the real thing --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trainer() -> Iterator[LocalEngine]:
    trainer = LocalEngine(1, prepare=jobs.prepare)
    yield trainer
    trainer.close()


@pytest.mark.parametrize("keep_best", [True, False])
def test_the_results_are_those_of_direct_training(store: Store, trainer: LocalEngine, keep_best: bool) -> None:
    base = RunSpec(data=Waves(length=150, noise=0.1)).change(epochs=4, lr=0.05, keep_best=keep_best)
    spec = SweepSpec(base, (Axis("hidden", (4, 8)), Axis("steps", (5, 12))), seeds=2)
    lab = Lab(store, trainer)
    name = lab.start_sweep(spec, "ada")
    view = over(lab, name)
    for run, point in zip(view.runs, spec.points, strict=True):
        assert run.run is not None
        whole = trainer.submit(jobs.advance, point.spec, None, Budget()).result(20)
        kept = lab.view(run.run)
        assert kept.losses.tobytes() == whole.records.losses.tobytes()
        shot = max((s for s in whole.records.snapshots if s.best or not keep_best), key=lambda s: s.update)
        weights = lab.snapshot(run.run, shot.update).weights
        assert {key: w.tobytes() for key, w in weights.items()} == {key: w.tobytes() for key, w in shot.weights.items()}
        best = max((s.update for s in whole.records.snapshots if s.best), default=whole.update)
        assert len(whole.records.snapshots) > 5
        assert kept.snapshots.tolist() == sorted({0, best, whole.update})       # the others would fill the disk
        assert run.error == next(e.score for e in whole.records.evaluations if e.update == shot.update)
        samples = data.dataset(point.spec.data, "last")
        assert run.parameters == sum(parameters(point.spec.model, samples.io_shape).values())
        assert run.updates == whole.update
    lab.close()


def test_a_run_that_diverged_has_no_result(store: Store, trainer: LocalEngine) -> None:
    base = RunSpec(data=Waves(length=150)).change(epochs=8, optimizer="sgd", clip_norm=0.0, cell="rnn")
    lab = Lab(store, trainer)
    view = over(lab, lab.start_sweep(SweepSpec(base, (Axis("lr", (0.01, 10.0)),), seeds=1), "ada"))
    assert [(run.status, run.outcome) for run in view.runs] == [("done", "done"), ("done", "diverged")]
    assert [math.isfinite(run.error) for run in view.runs] == [True, False]
    lab.close()


def test_a_result_is_that_of_the_network_that_is_kept(store: Store) -> None:
    facts = store.create("ada", RunSpec())
    done = replace(facts, status="done", outcome="done")
    last = replace(done, spec=RunSpec().change(keep_best=False))
    evaluations = curve([Evaluation(0, 0.0, math.nan, 0.1, 0.9), Evaluation(10, 1.0, 0.4, 0.2, 0.3),
                         Evaluation(20, 2.0, 0.3, 0.4, 0.1)])
    assert (result(done, evaluations), result(last, evaluations)) == (0.3, 0.1)
    assert math.isnan(result(facts, evaluations))
    assert math.isnan(result(done, evaluations[:0]))


def test_what_is_known_before_costs_one_look_at_each_data_set() -> None:
    asked = []

    def prepared(spec, output):
        asked.append(spec.steps)
        return data.dataset(spec, output)

    found = measured(SweepSpec(RunSpec(), (Axis("hidden", (4, 8)), Axis("steps", (5, 12))), seeds=3), prepared)
    assert len(found) == 12
    assert asked == [5, 12]
