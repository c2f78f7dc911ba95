"""The examples are trained by the server alone, in their order, and go on where a server before it has stopped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from lstm_core import limits
from lstm_core.running.lab import Lab
from lstm_core.running.scheduling import LEASE
from lstm_core.spec import RunSpec
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.storage.store import Store
from lstm_core.ui.base import examples
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, ended, until

SPECS = {"first": toy.spec(epochs=3), "second": toy.spec(epochs=4), "third": toy.spec(epochs=5)}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, lab: Lab) -> Iterator[Lab]:
    """A lab whose examples are toys, of which the first is trained at once."""
    monkeypatch.setattr(examples, "lab", lambda: lab)
    monkeypatch.setattr(examples, "EXAMPLES", SPECS)
    monkeypatch.setattr(examples, "AT_ONCE", ("first",))
    monkeypatch.setattr(examples, "LATER", 0.0)
    monkeypatch.setattr(examples, "LOOK", 0.01)
    monkeypatch.setattr(examples, "PACE", limits.PACE.high)
    yield lab
    examples.stop()


def done(store: Store) -> list[RunSpec]:
    """Return the examples in the database, all of them finished, the oldest first."""
    found = store.recent(EXAMPLE_OWNER, 10)
    assert all(facts.status == "done" for facts in found)
    return [facts.spec for facts in reversed(found)]


@pytest.mark.usefixtures("few")
def test_all_are_trained_one_after_the_other_though_nobody_looks(store: Store) -> None:
    examples.start()
    until(lambda: len(store.recent(EXAMPLE_OWNER, 10)) == 3
          and all(facts.status == "done" for facts in store.recent(EXAMPLE_OWNER, 10)))
    assert done(store) == list(SPECS.values())
    paces = [facts.pace for facts in reversed(store.recent(EXAMPLE_OWNER, 10))]
    assert paces == [None, limits.PACE.high, limits.PACE.high]
    created = [facts.created for facts in reversed(store.recent(EXAMPLE_OWNER, 10))]
    assert all(before < after for before, after in pairwise(created))
    assert [examples.example(name) for name in SPECS] == [
        facts.id for facts in reversed(store.recent(EXAMPLE_OWNER, 10))]      # none was trained twice


def test_one_that_is_looked_at_is_trained_as_fast_as_possible(
        few: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "PACE", limits.PACE.low)
    examples.start()
    run = examples.example("first")
    ended(few, run)
    until(lambda: any(facts.spec == SPECS["second"] for facts in few.recent(EXAMPLE_OWNER)))
    slow = next(facts.id for facts in few.recent(EXAMPLE_OWNER) if facts.spec == SPECS["second"])
    assert few.view(slow).pace == limits.PACE.low           # 80 updates take 800 seconds
    assert examples.example("second") == slow
    ended(few, slow)


@pytest.mark.usefixtures("few")
def test_the_first_minute_belongs_to_whoever_comes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "LATER", 60.0)
    examples.start()
    until(lambda: len(store.recent(EXAMPLE_OWNER, 10)) == 1 and store.recent(EXAMPLE_OWNER, 10)[0].status == "done")
    examples._stopping.wait(0.2)
    assert done(store) == [SPECS["first"]]
    examples.stop()             # does not wait for the minute's end
    assert not examples._training


@pytest.mark.parametrize("command", ["pause", "stop"])
def test_a_server_goes_on_with_what_another_has_left(few: Lab, clock: Clock, command: str) -> None:
    run = few.start(SPECS["first"], EXAMPLE_OWNER, command="step")
    until(lambda: few.view(run).update == 1)
    few.command(run, EXAMPLE_OWNER, command)
    clock.ahead += 2 * LEASE                                # nobody has looked for long
    examples.start()
    until(lambda: few.view(run).status == "done")
    assert examples.example("first") == run


@pytest.mark.usefixtures("few")
def test_an_example_is_found_by_its_settings() -> None:
    assert examples.matching(SPECS["second"]) == examples.example("second")
    assert examples.matching(toy.spec(epochs=6)) is None


def test_that_many_examples_are_not_finished_is_in_nobodys_way(few: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNFINISHED_RUNS", 1)
    runs = {examples.example(name) for name in SPECS}
    assert len(runs) == 3
    for run in runs:
        ended(few, run)


def test_nobody_waits_in_a_queue_with_examples(few: Lab) -> None:
    slow = few.start(toy.spec(epochs=500, micros=1000), EXAMPLE_OWNER)
    mine = few.start(toy.spec(epochs=500, micros=1000), "ada")
    until(lambda: few.view(mine).update > 0)
    assert few.view(mine).waiting == 1
    for run, owner in ((slow, EXAMPLE_OWNER), (mine, "ada")):
        few.command(run, owner, "stop")


def test_the_page_train_begins_with_its_example_and_the_presets_with_theirs() -> None:
    from lstm_core.presets import PRESETS

    known = list(examples.EXAMPLES.values())
    assert tuple(examples.EXAMPLES)[:len(examples.AT_ONCE)] == examples.AT_ONCE
    assert RunSpec() in known
    assert all(PRESETS[name].spec in known for name in ("recall", "recall_rnn"))
