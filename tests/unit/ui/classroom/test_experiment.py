"""The class as one experiment: everybody's run and result, what all of them say together, and what is looked up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_core import i18n
from lstm_core.classroom.experiments import Experiment
from lstm_core.errors import Refusal
from lstm_core.presets import PRESETS
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.running.sweeps import result
from lstm_core.spec import RunSpec
from lstm_core.storage.store import Store
from lstm_core.ui.base import server
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import experiment
from lstm_core.ui.classroom.experiment import POINTS, Runs
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import ended, until
from tests.unit.ui.classroom.members import Members, advance

Opens = Callable[..., Members]
HIDDEN = Experiment(toy.spec(epochs=4), "hidden", (2, 4))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


@pytest.fixture
def lab(store: Store, engine: LocalEngine) -> Iterator[Lab]:
    lab = Lab(store, engine, advance)
    yield lab
    lab.close()


@pytest.fixture
def members(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Opens a class beside a lab that trains toys."""
    monkeypatch.setattr(server, "_lab", lambda: lab)
    return Members


def train(there: Members, lab: Lab, *names: str) -> dict[str, str]:
    """Have learners train their part and hand it in; return their runs."""
    items = rooms().standing(there.code).room.items
    tried = items[-1]
    assert isinstance(tried, Experiment)
    runs = {}
    for name in names:
        me = rooms().learner(there.code, name)
        assert me is not None
        runs[name] = lab.start(tried.spec_of(me.number), name)
        rooms().answer(there.code, name, len(items) - 1, runs[name])
    return runs


def score(lab: Lab, run: str) -> float:
    view = ended(lab, run)
    return result(view, view.evaluations)


def test_everybody_has_a_part_and_sees_their_own_run_alone(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob", "cyd")
    there.attempt(HIDDEN)
    parts = [there.learner(who)["item"]["mine"] for who in ("ada", "bob", "cyd")]
    assert [part["value"] for part in parts] == ["Hidden units: 2", "Hidden units: 4", "Hidden units: 2"]
    assert all(part == {"value": part["value"], "run": None, "status": None, "progress": 0, "result": None}
               for part in parts)
    runs = train(there, lab, "ada")
    error = score(lab, runs["ada"])
    item = there.learner("ada")["item"]
    assert item["mine"] | {"run": runs["ada"], "status": "done", "progress": 1.0} == item["mine"]
    assert float(item["mine"]["result"].split()[0]) == float(f"{error:.3g}")
    assert there.learner("bob")["item"]["mine"] == parts[1]
    assert runs["ada"] not in repr(there.learner("bob"))
    assert (item["kind"], item["number"], item["open"], item["setting"]) == ("experiment", 0, True, "hidden")
    assert item["title"] == "Hidden units"


def test_the_wall_has_all_runs_with_their_results_and_groups(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob", "cyd", "dan")
    there.attempt(HIDDEN)
    runs = train(there, lab, "ada", "bob", "cyd")
    errors = {name: score(lab, run) for name, run in runs.items()}
    item = there.wall()["item"]
    assert [(run["number"], run["name"], run["value"], run["status"]) for run in item["runs"]] == [
        (1, None, 2, "done"), (2, None, 4, "done"), (3, None, 2, "done"), (4, None, 4, None)]
    assert [run["result"] for run in item["runs"]] == [*errors.values(), None]
    assert [run["progress"] for run in item["runs"]] == [1, 1, 1, 0]
    assert all(0 < len(run["losses"]) <= POINTS for run in item["runs"][:3])
    small, large = item["groups"]
    pair = (errors["ada"], errors["cyd"])
    assert (small["value"], small["count"], small["mean"]) == (2, 2, pytest.approx(np.mean(pair)))
    assert small["deviation"] == pytest.approx(np.std(pair, ddof=1))
    assert large == {"value": 4, "count": 1, "mean": errors["bob"], "deviation": None}
    assert (item["lower"], item["order"], item["measure"]) == (True, None, "Mean absolute error in the validation part")
    assert item["naive"] > 0
    assert item["naive_name"]
    assert set(runs.values()).isdisjoint(repr(item).replace("'", " ").split())      # nobody's link is on the wall
    there.step(lambda room: replace(room, named=True))
    assert [run["name"] for run in there.wall()["item"]["runs"]] == ["ada", "bob", "cyd", "dan"]


def test_what_has_ended_is_looked_up_once_and_what_goes_on_each_time(
        members: Opens, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada", "bob")
    there.attempt(Experiment(toy.spec(micros=1000), "epochs", (2, 2000)))
    runs = train(there, lab, "ada", "bob")
    ended(lab, runs["ada"])
    looked: list[str] = []

    def view(run: str, _part: RunSpec) -> Any:
        looked.append(run)
        return lab.view(run)

    monkeypatch.setattr(experiment, "_view", view)
    wall = Runs()
    for _time in range(3):
        there.wall(wall)
        assert wall.moving
    assert sorted(looked) == sorted([runs["ada"], *[runs["bob"]] * 3])
    shown = there.wall(wall)["item"]["runs"][1]
    until(lambda: there.wall(wall)["item"]["runs"][1]["progress"] > shown["progress"])
    assert there.wall(wall)["item"]["runs"][1]["losses"].tolist() != shown["losses"].tolist()
    looked.clear()
    lab.command(runs["bob"], "bob", "stop")
    until(lambda: not lab.view(runs["bob"]).active)
    for _time in range(2):
        item = there.wall(wall)["item"]
        assert not wall.moving
    assert (len(looked), item["runs"][1]["status"], item["runs"][1]["result"]) == (1, "stopped", None)
    assert [group["count"] for group in item["groups"]] == [1]


def test_a_run_that_trains_shows_how_far_it_is(members: Opens, lab: Lab) -> None:
    there = members("ada")
    there.attempt(Experiment(toy.spec(epochs=50, micros=2000)))
    run = train(there, lab, "ada")["ada"]
    until(lambda: lab.view(run).update > 20)
    told = there.wall()["item"]["runs"][0]
    assert told["status"] == "training"
    assert 0 < told["progress"] < 1
    assert told["result"] is None
    assert there.learner("ada")["item"]["mine"]["result"] is None
    lab.command(run, "ada", "stop")


def test_seeds_are_one_group_and_a_run_that_fails_counts_nowhere(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob", "cyd")
    there.attempt(Experiment(toy.spec(epochs=2, seed=toy.CURSED_SEED - 2)))
    runs = train(there, lab, "ada", "cyd")                 # the seeds 665 and 667; nobody gives out the deadly one
    good = score(lab, runs["ada"])
    ended(lab, runs["cyd"], "failed")
    item = there.wall()["item"]
    assert [(run["value"], run["status"], run["result"]) for run in item["runs"]] == [
        (665, "done", good), (666, None, None), (667, "failed", None)]
    assert item["groups"] == [{"value": None, "count": 1, "mean": good, "deviation": None}]
    assert there.learner("cyd")["item"]["mine"]["result"] is None
    assert there.learner("ada")["item"]["mine"]["value"] == "Seed: 665"


def test_a_run_that_is_no_longer_there_or_never_was_hides_nothing(members: Opens) -> None:
    there = members("ada", "bob")
    there.attempt(HIDDEN)
    there.say(ada="../../etc/passwd", bob="\ud800")
    wall = Runs()
    assert [run["status"] for run in there.wall(wall)["item"]["runs"]] == ["failed", "failed"]
    assert not wall.moving
    assert there.learner("ada")["item"]["mine"]["run"] is None
    for nothing in ("", "x" * 41, None, 7, ["a"], {"run": "a"}):
        with pytest.raises(Refusal, match="This is no run"):
            there.say(ada=nothing)


def test_only_the_run_of_ones_own_part_counts(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob")
    there.attempt(HIDDEN)
    another = lab.start(HIDDEN.spec_of(2).change(epochs=3), "bob")
    ended(lab, another)
    there.say(ada=train(there, lab, "bob")["bob"], bob=another)        # the part of bob, and nobody's
    item = there.wall()["item"]
    assert [(run["status"], run["result"]) for run in item["runs"]] == [("failed", None)] * 2
    assert (item["groups"], experiment.results(there.code, 0, HIDDEN)) == ([], {})
    assert there.learner("ada")["item"]["mine"]["run"] is None
    slower = lab.start(HIDDEN.spec_of(2), "bob", command="step")
    ended(lab, slower, "paused")
    lab.set_rate(slower, "bob", 0.001)              # which everybody may do while it trains
    lab.command(slower, "bob", "resume")
    ended(lab, slower)
    assert lab.view(slower).spec != HIDDEN.spec_of(2)
    there.say(bob=slower)
    assert [run["status"] for run in there.wall()["item"]["runs"]] == ["failed", "done"]


def test_shares_are_told_in_percent_and_more_is_better(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob")
    tried = Experiment(PRESETS["recall"].spec.change(epochs=1, distance=20), "cell", ("lstm", "rnn"))
    there.attempt(tried)
    run = train(there, lab, "ada")["ada"]
    share = score(lab, run)
    item = there.wall()["item"]
    assert item["runs"][0]["result"] == item["groups"][0]["mean"] == 100 * share
    assert (item["lower"], item["log"], item["measure"]) == (False, False, "Right in the validation part, %")
    assert item["order"] == ["LSTM", "RNN"]
    assert [run["value"] for run in item["runs"]] == item["order"]
    assert 0 < item["naive"] < 100
    assert experiment.results(there.code, 0, tried) == {1: 100 * share}
    assert there.learner("ada")["item"]["mine"]["result"] == f"{100 * share:.4g}%"
    assert there.learner("ada")["item"]["mine"]["value"] == "Cell: LSTM"


def test_results_far_apart_stand_on_a_logarithmic_axis(
        members: Opens, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada", "bob")
    there.attempt(HIDDEN)
    for run in train(there, lab, "ada", "bob").values():
        ended(lab, run)
    assert not there.wall()["item"]["log"]
    far = iter([1.0, 21.0, math.inf, math.nan])
    monkeypatch.setattr(experiment, "result", lambda _view, _evaluations: next(far))
    assert there.wall()["item"]["log"]
    item = there.wall()["item"]
    assert ([run["result"] for run in item["runs"]], item["groups"], item["log"]) == ([None, None], [], False)


def test_a_closed_experiment_takes_no_more_runs_and_keeps_its_own(members: Opens, lab: Lab) -> None:
    there = members("ada", "bob")
    there.attempt(HIDDEN)
    run = train(there, lab, "ada")["ada"]
    there.close()
    with pytest.raises(Refusal, match="This experiment has been closed"):
        there.say(bob=run)
    error = score(lab, run)
    item = there.wall()["item"]
    assert (item["open"], [one["result"] for one in item["runs"]]) == (False, [error, None])
    assert not there.learner("bob")["item"]["open"]


def test_a_small_curve_is_the_means_of_neighbouring_losses() -> None:
    losses = np.arange(3 * POINTS, dtype=np.float32)
    assert experiment._curve(losses).tolist() == [3 * place + 1 for place in range(POINTS)]
    losses[::3] = np.nan, *np.full(POINTS - 1, np.inf)          # what is not finite is left out
    assert experiment._curve(losses).tolist() == [3 * place + 1.5 for place in range(POINTS)]
    assert experiment._curve(np.array([4, 2], dtype=np.float32)).tolist() == [4, 2]
    assert experiment._curve(np.array([], dtype=np.float32)).tolist() == []
