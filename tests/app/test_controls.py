"""The buttons that steer a run, and what the page says about settings, refusals and other people's runs."""

from __future__ import annotations

import time

import pytest

from lstm_core import limits
from lstm_core.spec.serialization import from_query
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import LONG, PATIENCE, SMALL, Visitor
from tests.unit.storage.sqlite_faults import every_connection

PER_EPOCH = 6           # updates


def training(visit: Visit, **settings: str) -> Visitor:
    return visit(**(LONG | settings)).click("train").wait(lambda view: view.update > 0)


def paused(visit: Visit, **settings: str) -> Visitor:
    return training(visit, **settings).click("pause").wait(resting)


def resting(view) -> bool:
    """Nothing comes any more: the slice that was in flight when the run was paused has landed as well."""
    return view.status not in ("queued", "training") and view.place is None


def assert_rests(visitor: Visitor) -> None:
    before = visitor.view.update
    time.sleep(0.3)
    assert visitor.view.update == before


# -- steering ----------------------------------------------------------------------------------------------


def test_pause_holds_a_run_and_resume_lets_it_go_on(visit: Visit) -> None:
    visitor = training(visit)
    assert visitor.widget("pause").label == "Pause"
    visitor.click("pause").wait(resting)
    assert visitor.progress.startswith("Paused")
    assert visitor.widget("pause").label == "Resume"
    assert_rests(visitor)
    before = visitor.view.update
    visitor.click("pause").wait(lambda view: view.update > before)
    assert visitor.progress.startswith("In training")


def test_one_update_is_one_update(visit: Visit) -> None:
    visitor = paused(visit)
    before = visitor.view.update
    for done in (1, 2, 3):
        visitor.click("step_once").wait(resting)
        assert visitor.view.update == before + done
        assert visitor.view.status == "paused"
    assert_rests(visitor)


def test_one_epoch_ends_where_the_epoch_ends(visit: Visit) -> None:
    visitor = paused(visit)
    visitor.click("step_once").wait(resting)
    before = visitor.view.update
    visitor.click("step_epoch").wait(resting)
    assert visitor.view.update == (before // PER_EPOCH + 1) * PER_EPOCH
    visitor.click("step_epoch").wait(resting)
    assert visitor.view.update == (before // PER_EPOCH + 2) * PER_EPOCH
    assert visitor.view.status == "paused"


@pytest.mark.parametrize(("button", "updates"), [("step_once", 1), ("step_epoch", PER_EPOCH)])
def test_a_step_with_nothing_trained_starts_a_run_and_pauses_it(visit: Visit, button: str, updates: int) -> None:
    visitor = visit(**LONG).click(button).wait(resting)
    assert (visitor.view.update, visitor.view.status) == (updates, "paused")
    assert visitor.numbers["Updates"] == str(updates)


def test_stop_ends_a_run(visit: Visit) -> None:
    visitor = training(visit).click("stop").wait(resting)
    assert visitor.progress.startswith("Stopped")
    assert not any(visitor.offers(key) for key in ("pause", "stop"))
    assert_rests(visitor)


def test_reset_takes_a_run_back_to_its_untrained_network(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest()
    losses = visitor.view.losses.tobytes()
    visitor.click("reset")
    assert (visitor.view.update, visitor.view.status, len(visitor.view.losses)) == (0, "paused", 0)
    assert visitor.numbers["Training loss"] == "–"
    assert not visitor.offers("reset")
    visitor.click("pause").rest()
    assert visitor.view.losses.tobytes() == losses


def test_train_begins_a_new_run_and_stops_the_one_before(visit: Visit) -> None:
    visitor = training(visit)
    before = visitor.run
    visitor.put("epochs", 2).click("train")
    assert visitor.run != before
    assert lab().view(before).status == "stopped"
    assert visitor.rest().progress.startswith("Done")


def test_the_pace_slows_a_run_and_full_speed_lets_it_go(visit: Visit) -> None:
    visitor = visit(pace="5", **LONG).click("train").wait(lambda view: view.update > 0)
    assert visitor.view.pace == 5
    before, started = visitor.view.update, time.monotonic()
    visitor.wait(lambda view: view.update >= before + 4)
    assert time.monotonic() - started > 0.5
    visitor.put("pace", "fast").wait(lambda view: view.update > before + 50)


def test_another_tab_shows_the_pace_of_the_run(visit: Visit) -> None:
    first = visit(pace="20", **LONG).click("train")
    assert visit(who=first.who, run=first.run).widget("pace").value == "20"


# -- settings that differ from the run's -------------------------------------------------------------------


def test_a_slider_moved_in_the_same_moment_as_another_setting_does_not_keep_the_page_from_following(visit: Visit
                                                                                                   ) -> None:
    visitor = visit(**SMALL)
    visitor.widget("dropout").set_value(0.2)
    visitor.put("layers", 2)
    assert visitor.widget("hidden2").value > 0          # the second layer has its settings
    assert visitor.at.session_state["dropout"] == 0.2


def test_settings_changed_after_training_are_listed_as_needing_a_new_run(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest()
    assert "Changed since" not in visitor.hints
    visitor.put("hidden", 9).put("epochs", 3).put("period", 30.0)
    assert "Changed since this run began: Period, Epochs, Hidden units." in visitor.hints
    visitor.put("hidden", 4).put("epochs", 2).put("period", 25.0)
    assert "Changed since" not in visitor.hints
    assert "began: Dropout." in visitor.put("dropout", 0.2).hints
    assert "began: Layers." in visitor.put("layers", 2).hints
    assert "began: Sequence." in visitor.put("source", "letters").hints


@pytest.mark.parametrize("state", ["training", "paused"])
def test_the_learning_rate_of_an_unfinished_run_changes_at_once(visit: Visit, state: str) -> None:
    visitor = (training if state == "training" else paused)(visit, lr="0.01")
    visitor.put("lr", 0.02)
    assert visitor.view.lr == 0.02
    assert visitor.numbers["Learning rate"] == "0.02"
    assert "Changed since" not in visitor.hints
    if state == "paused":
        visitor.click("step_once").wait(resting)
    else:
        visitor.wait(lambda view: len(view.spec.train.lr_changes) == 1)
    assert visitor.view.spec.train.lr_changes[-1][1] == 0.02
    assert visitor.view.spec.train.lr == 0.01


def test_the_learning_rate_of_a_finished_run_needs_a_new_run(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest().put("lr", 0.02)
    assert "began: Learning rate." in visitor.hints
    assert visitor.view.lr == 0.005


def test_another_source_does_not_change_the_learning_rate_of_a_run(visit: Visit) -> None:
    visitor = training(visit, lr="0.01").put("source", "letters")
    assert visitor.widget("lr").value == 0.02
    assert visitor.view.lr == 0.01


def test_two_tabs_do_not_fight_over_the_learning_rate(visit: Visit) -> None:
    first = training(visit, lr="0.01")
    second = visit(who=first.who, run=first.run).put("lr", 0.03)
    first.look()
    assert first.view.lr == second.view.lr == 0.03
    assert first.numbers["Learning rate"] == "0.03"


def test_reset_takes_the_learning_rate_back(visit: Visit) -> None:
    visitor = paused(visit, lr="0.01").put("lr", 0.02).click("step_once").wait(resting).click("reset")
    assert visitor.view.lr == visitor.widget("lr").value == 0.01


def test_the_rate_of_a_run_opened_in_a_tab_with_other_settings_stays(visit: Visit) -> None:
    held = paused(visit, lr="0.01")
    visitor = visit(who=held.who, **SMALL)
    visitor.at.query_params["run"] = held.run
    visitor.look()
    assert visitor.view.lr == visitor.widget("lr").value == 0.01


# -- runs of other people ----------------------------------------------------------------------------------


def test_the_run_of_someone_else_can_be_watched_and_not_commanded(visit: Visit) -> None:
    owner = paused(visit)
    before = owner.view
    watcher = visit(run=owner.run)
    assert "You are watching a run of another browser" in watcher.hints
    assert watcher.numbers == owner.look().numbers
    assert not any(watcher.offers(key) for key in ("pause", "stop", "reset"))
    watcher.put("pace", "5").put("lr", 0.5)
    after = owner.view
    assert (after.pace, after.lr, after.status, after.update) == (before.pace, before.lr, "paused", before.update)


def test_a_step_of_a_watcher_starts_a_run_of_their_own(visit: Visit) -> None:
    owner = paused(visit)
    update = owner.view.update
    watcher = visit(run=owner.run).click("step_once").wait(resting)
    assert watcher.run != owner.run
    assert (owner.view.update, owner.view.status) == (update, "paused")
    assert watcher.view.spec == owner.view.spec


def test_make_it_mine_gives_a_copy_that_can_be_trained_on(visit: Visit) -> None:
    owner = paused(visit)
    original = owner.view
    watcher = visit(run=owner.run).click("copy")
    assert watcher.run != owner.run
    assert (watcher.view.update, watcher.view.status, watcher.view.owner) == (original.update, "paused", watcher.who)
    assert watcher.view.losses.tobytes() == original.losses.tobytes()
    assert "another browser" not in watcher.hints
    watcher.click("step_once").wait(resting)
    assert watcher.view.update == original.update + 1
    assert owner.view.update == original.update


def test_an_address_from_before_a_click_does_not_take_it_back(visit: Visit) -> None:
    owner = paused(visit)
    watcher = visit(run=owner.run).click("copy")
    mine = watcher.run
    watcher.at.query_params["run"] = owner.run          # on its way when the click came
    assert watcher.look().run == mine
    watcher.look()                                      # the browser has the new address;
    watcher.at.query_params["run"] = owner.run          # what is asked for from now on is meant
    assert watcher.look().run == owner.run


def test_a_finished_run_made_mine_stays_finished(visit: Visit, finished: tuple[str, str]) -> None:
    visitor = visit(run=finished[0]).click("copy")
    assert visitor.run != finished[0]
    assert visitor.progress.startswith("Done")
    assert visitor.offers("reset")


# -- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("settings", "sentence"), [
    ({"steps": 200}, "The training part has 96 rows; windows of 200 steps"),
    ({"layers": 4, "hidden": 512, "hidden2": 512, "hidden3": 512, "hidden4": 512}, "at most 2,000,000 weights"),
    ({"epochs": 5000, "batch": 1, "length": 1000}, "at most 1,000,000 updates"),
    ({"stateful": "parallel", "output": "last"}, "A carried state needs an output at every step"),
    ({"horizon": 0}, "asks for the value that was just put in"),
    ({"source": "prices", "start": "2030-01-01"}, "none for the dates received: start '2030-01-01'"),
    ({"source": "prices", "start": "soon"}, "'soon'"),
    ({"source": "prices", "features": []}, "at least one feature column"),
    ({"source": "letters", "text": "zzz"}, "at least two different letters"),
    ({"source": "letters", "cycle": False, "text": "ab"}, "Choose fewer steps, or more data"),
])
def test_a_refusal_is_a_sentence_and_nothing_is_lost(visit: Visit, settings: dict[str, object], sentence: str) -> None:
    visitor = visit(**SMALL).click("train").rest()
    before, numbers = visitor.run, visitor.numbers
    for key, value in settings.items():
        visitor.put(key, value)
    visitor.click("train")
    assert sentence in visitor.refusals
    assert (visitor.run, visitor.numbers) == (before, numbers)
    assert {key: visitor.widget(key).value for key in settings} == settings
    assert sentence in visitor.click("step_once").refusals
    assert visitor.run == before


def test_a_run_that_cannot_be_saved_says_so_and_goes_on_by_itself(visit: Visit) -> None:
    visitor = training(visit)
    with every_connection(lab()._store, "query_only=ON"):
        visitor.wait(lambda view: view.held and view.place is None)
        held = visitor.updates
        assert visitor.errors.startswith("The database can only be read (attempt to write a readonly database).")
        assert visitor.hints == "The run goes on by itself as soon as it can be saved again."
        assert visitor.offers("stop")
    visitor.wait(lambda view: view.update > held)
    assert (visitor.view.status, visitor.errors, visitor.hints) == ("training", "", "")


def test_too_many_unfinished_runs_are_a_sentence(visit: Visit) -> None:
    visitor = visit(who="hoarder", **SMALL)
    spec = from_query(LONG)
    held = [lab().start(spec, "hoarder") for _ in range(limits.UNFINISHED_RUNS)]
    for run in held:
        lab().command(run, "hoarder", "pause")
    visitor.click("train")
    assert f"You have {limits.UNFINISHED_RUNS} unfinished runs" in visitor.errors
    assert "run" not in visitor.at.query_params
    lab().command(held[0], "hoarder", "stop")
    deadline = time.monotonic() + PATIENCE
    while "unfinished" in visitor.click("train").errors:        # until the store knows that one was stopped
        assert time.monotonic() < deadline
    assert visitor.rest().progress.startswith("Done")


def test_a_finished_network_can_be_trained_on(visit: Visit) -> None:
    tab = visit(**SMALL).click("train").rest()
    first, ended = tab.run, tab.view
    tab.put("epochs", 3).click("train_on").rest()
    assert tab.run != first
    assert tab.view.spec.train.epochs == 3
    assert tab.view.spec.data == ended.spec.data
    assert tab.view.evaluations[0]["validation_loss"] == pytest.approx(ended.best["validation_loss"], rel=1e-6)
    assert "weights that an earlier one has ended with" in tab.hints
    again = tab.click("new_weights").click("train").rest().view
    assert again.spec.train.checkpoint == ""
    assert again.evaluations[0]["validation_loss"] == ended.evaluations[0]["validation_loss"]


# -- one update, phase by phase ----------------------------------------------------------------------------


def test_the_phases_of_an_update_stand_there_until_the_run_trains_on(visit: Visit) -> None:
    visitor = visit(**LONG)
    assert visitor.one_update["phases"] is None
    visitor.click("step_once").wait(resting)
    told = visitor.one_update["phases"]
    assert (told["update"], visitor.one_update["update"]) == (1, 1)
    assert [phase["name"] for phase in told["phases"]] == ["Forward", "Loss", "Backward", "Step"]
    assert told["phases"][1]["value"] == visitor.numbers["Training loss"]
    visitor.click("step_once").wait(resting)
    assert visitor.one_update["phases"]["update"] == 2
    visitor.click("step_epoch").wait(resting)
    assert visitor.one_update["phases"] is None
    visitor.click("step_once").wait(resting)
    assert visitor.one_update["phases"]["update"] == PER_EPOCH + 1
    visitor.click("reset")
    assert visitor.one_update["phases"] is None


def test_somebody_who_watches_sees_the_phases_too(visit: Visit) -> None:
    visitor = visit(**LONG).click("step_once").wait(resting)
    assert visit(run=visitor.run, lang="zh").one_update["phases"]["title"] == "第 1 次更新的四个阶段"


def test_a_run_that_has_only_just_begun_can_be_reset_without_the_page_being_drawn_again(visit: Visit) -> None:
    visitor = visit("train", **LONG)
    assert not visitor.offers("reset")
    visitor.click("train")                  # the page is drawn before the first update, and not again while it trains
    assert visitor.offers("reset")
