"""A lab whose database has rows that cannot be read: all else goes on. And nobody fills it by copying."""

from __future__ import annotations

import logging
import time

import numpy as np
import pytest

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.running.dispatcher import IDLE
from lstm_core.running.lab import Lab
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage.reading import Unreadable
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, ended, until


def spoil(lab: Lab, store: Store, run: str, column: str = "spec", value: str = "'{'") -> None:
    """Spoil a run that is not in memory."""
    ended(lab, run)
    until(lambda: (facts := store.facts(run)) is not None and facts.status == "done")
    lab._dispatcher.runs.pop(run)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET {column} = {value} WHERE id = '{run}'")


@pytest.mark.parametrize(("column", "value"), [("spec", "'{'"), ("touched", "'never'"), ("status", "'asleep'"),
                                               ('"update"', "'many'"), ("created", "'never'")])
def test_everything_beside_an_unreadable_run_goes_on(lab: Lab, store: Store, clock: Clock,
                                                    caplog: pytest.LogCaptureFixture, column: str, value: str) -> None:
    bad, good = (lab.start(toy.spec(seed=seed), "ada") for seed in (1, 2))
    spoil(lab, store, bad, column, value)
    with caplog.at_level(logging.WARNING):
        clock.ahead += 601
        time.sleep(2 * IDLE)
    assert not [record for record in caplog.records if "after an error" in record.message or "deleted" in
                record.message]
    new = lab.start(toy.spec(seed=3), "ada")
    assert ended(lab, new).status == ended(lab, good).status == "done"
    assert {good, new} <= {facts.id for facts in lab.recent("ada")}
    if column != "touched":
        assert lab.unreadable("ada") == 1
        for use in (lab.view, lab.snapshots, lambda run: lab.copy(run, "bob"),
                    lambda run: lab.command(run, "ada", "reset")):
            with pytest.raises(Unreadable, match="cannot be read"):
                use(bad)


def test_unreadable_runs_take_nobody_s_places(lab: Lab, store: Store) -> None:
    runs = [lab.start(toy.spec(seed=seed), "ada") for seed in range(limits.UNFINISHED_RUNS)]
    for run in runs:
        spoil(lab, store, run)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET status = 'paused'")
    assert ended(lab, lab.start(toy.spec(seed=99), "ada")).status == "done"
    assert lab.unreadable("ada") == limits.UNFINISHED_RUNS


def test_a_sweep_with_an_unreadable_run_comes_to_its_end(lab: Lab, store: Store) -> None:
    name = lab.start_sweep(SweepSpec(toy.spec(epochs=500, micros=300), (Axis("hidden", (4, 8)),), seeds=1), "ada")
    until(lambda: all(run.run is not None for run in lab.sweep(name).runs))
    bad = lab.sweep(name).runs[0].run
    assert bad is not None
    until(lambda: store.facts(bad) is not None)
    with lab._dispatcher.lock:
        lab._dispatcher._agenda.drop(bad)
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE runs SET spec = '{{' WHERE id = '{bad}'")
    until(lambda: lab.sweep(name).runs[0].status == "failed")
    assert np.isnan(lab.sweep(name).runs[0].error)
    lab.cancel_sweep(name, "ada")
    until(lambda: lab.sweep(name).runs[1].status == "stopped")
    other = lab.start_sweep(SweepSpec(toy.spec(epochs=1), (Axis("hidden", (4, 8)),), seeds=1), "ada")
    until(lambda: lab.sweep(other).status == "done")


def test_a_person_s_runs_of_the_last_hour_may_take_so_much(lab: Lab, store: Store, monkeypatch: pytest.MonkeyPatch
                                                          ) -> None:
    monkeypatch.setattr(limits, "HOUR_RUN_BYTES", 20_000)
    first = lab.start(toy.spec(epochs=100), "ada")
    ended(lab, first)
    until(lambda: (facts := store.facts(first)) is not None and facts.status == "done")
    for again in (lambda: lab.start(toy.spec(), "ada"), lambda: lab.copy(first, "ada"),
                  lambda: lab.start_sweep(SweepSpec(toy.spec(epochs=1), (Axis("hidden", (4, 8)),), seeds=1), "ada")):
        with pytest.raises(Refusal, match=r"^Your runs of the last hour take 0 MB, which is as much"):
            again()
    lab.start(toy.spec(), "bob")
    def copies() -> None:
        for _ in range(30):                     # each costs its curves
            lab.copy(first, "eve")

    with pytest.raises(Refusal, match="Your runs of the last hour"):
        copies()
    assert len(lab.recent("eve", 99)) >= 1
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET created = created - 3700")
    lab.start(toy.spec(), "ada")
