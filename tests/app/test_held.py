"""What a link hides and fixes on the page Train and beside a card, the lock over all, the link made for learners."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lstm_core.lessons.catalogue import LESSONS
from lstm_core.spec import SOURCES
from lstm_core.spec.serialization import from_query
from lstm_core.ui.base.qr_code import LONGEST
from lstm_core.ui.classroom import bar
from lstm_core.ui.widgets import held, keys
from tests.app.conftest import Visit
from tests.app.test_learn import until
from tests.app.visitor import LONG, SMALL, Visitor


def boxes(visitor: Visitor) -> dict[str, Any]:
    """Return the controls of the page by name: its settings and the pace."""
    found = [widget for split in (visitor.at.sidebar, visitor.at.main) for widget in split
             if str(getattr(widget, "key", "")).rstrip("234") in held.NAMES]
    return {str(widget.key): widget for widget in found}


def value(visitor: Visitor, key: str) -> Any:
    return visitor.at.session_state[key]


def send(visitor: Visitor, key: str, other: Any) -> Visitor:
    """Send what a browser sends that has not yet heard that a control is fixed."""
    visitor.widget(key).proto.disabled = False
    return visitor.put(key, other)


def summary(visitor: Visitor) -> list[str]:
    """Return what the expander about hidden controls says: its title and its lines."""
    return [text for box in visitor.at.sidebar.expander if "hidden by the link" in box.label
            for text in (box.label, *(words.value for words in box.markdown))]


@pytest.mark.parametrize("source", SOURCES)
def test_every_control_of_the_page_can_be_hidden_and_fixed_and_results_stay(visit: Visit, source: str) -> None:
    free = visit(source=source)
    fixed = visit(source=source, fixed=",".join(held.NAMES))
    assert boxes(fixed).keys() == boxes(free).keys()
    assert all(box.disabled for box in boxes(fixed).values())
    hidden = visit(source=source, hide=",".join(held.NAMES))
    assert boxes(hidden) == {}
    assert [one.value for one in hidden.at.sidebar.subheader] == []
    assert len(hidden.at.sidebar.expander) == 1     # which says what is hidden
    with_a_file = 4 if source == "table" else 0     # boxes that come with it
    assert summary(hidden)[0] == f"{len(boxes(free)) + with_a_file} controls are hidden by the link you opened"
    assert from_query(hidden.at.query_params) == from_query(free.at.query_params)
    for other in (fixed, hidden):
        assert {one.key for one in other.at.main.button} == {one.key for one in free.at.main.button}
        assert other.numbers.keys() == free.numbers.keys()
        assert [one.value for one in other.at.main.subheader] == [one.value for one in free.at.main.subheader]


def test_what_is_hidden_keeps_the_value_of_the_link_and_is_told(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="hidden,epochs", all_settings=False)
    assert "hidden" not in boxes(visitor)
    assert visitor.offers("lr")
    title, lines = summary(visitor)
    assert title == "2 controls are hidden by the link you opened"
    assert lines == "- Hidden units: **4**\n- Epochs: **2**"
    assert "epochs" not in visitor.put(keys.ALL_SETTINGS, True).captions.lower()
    visitor.click("train").rest()
    assert (visitor.view.spec.model.layers[0].hidden, visitor.view.spec.train.epochs) == (4, 2)


def test_what_is_fixed_is_seen_and_says_why(visit: Visit) -> None:
    visitor = visit(**SMALL, fixed="hidden,cell", all_settings=False)
    assert (visitor.widget("hidden").disabled, visitor.widget("hidden").value) == (True, 4)
    assert visitor.widget("hidden").help == visitor.widget("cell").help == "Fixed by the link you opened."
    assert not visitor.widget("lr").help
    assert "Fixed by the link you opened: Cell, Hidden units." in visitor.captions
    assert summary(visitor) == []
    visitor.put(keys.ALL_SETTINGS, True)
    assert visitor.widget("hidden").help == "Width of the layer's memory. Fixed by the link you opened."
    assert visitor.offers("source")
    assert visitor.offers("period")


@pytest.mark.parametrize(("key", "other"), [
    ("hidden", 9), ("hidden2", 9), ("lr", 0.5), ("cell", "gru"), ("dropout", 0.5), ("keep_best", False), ("layers", 3),
    ("source", "letters"), ("pace", "1"), ("steps", 20), ("noise", 0.5), ("seed", 5)])
def test_a_message_changes_nothing_that_is_fixed(visit: Visit, key: str, other: Any) -> None:
    visitor = visit(**SMALL, layers="2", hidden2="5", fixed=key.rstrip("2"))
    before, address = value(visitor, key), dict(visitor.at.query_params)
    assert before != other
    send(visitor, key, other).look()
    assert value(visitor, key) == before
    assert dict(visitor.at.query_params) == address
    assert keys.NEW_RATE not in visitor.at.session_state


def test_another_sequence_leaves_what_is_held_and_a_preset_gives_its_own(visit: Visit) -> None:
    visitor = visit(**SMALL, fixed="hidden,batch,output,features", hide="lr")
    visitor.put("source", "counting")
    assert (value(visitor, "hidden"), value(visitor, "batch"), value(visitor, "lr")) == (4, 16, 0.005)
    assert value(visitor, "epochs") == 40                       # which is not held
    visitor.put("source", "prices")
    assert visitor.refusals == ""
    opened = visit(preset="counting", fixed="hidden", hide="lr")
    assert opened.widget("hidden").disabled
    assert value(opened, "hidden") == 4
    assert value(opened, "lr") == 0.01


def test_columns_that_are_held_are_those_of_their_own_source(visit: Visit) -> None:
    visitor = visit(source="table", fixed="features,column").upload(b"day,a,b\n" + b"1,2,3\n" * 60)
    assert (value(visitor, "column"), visitor.widget("column").disabled) == ("b", True)
    visitor.put("source", "prices").look()
    assert visitor.refusals == ""
    assert value(visitor, "features")
    assert value(visitor.put("source", "table").look(), "column") == "b"


def test_unknown_names_are_told_as_long_as_the_page_is_open_and_the_rest_holds(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="epoch,lr", fixed="cells")
    assert visitor.errors == ("The link hides or fixes controls that do not exist: 'epoch', 'cells'. Allowed are the "
                              "names of settings, such as epochs, depth, cell. The rest of the link holds.")
    assert "lr" not in boxes(visitor)
    assert visitor.offers("cell")
    assert (visitor.at.query_params["hide"], "fixed" in visitor.at.query_params) == ("lr", False)
    assert "'epoch'" in visitor.look().put("hidden", 5).errors
    assert "do not exist" not in visitor.open("memory").errors


def test_too_many_names_are_told(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="lr," * 70)
    assert "at most 60 controls; received 70." in visitor.errors
    assert "lr" not in boxes(visitor)


def test_all_pages_carry_it_and_an_empty_one_lifts_it(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="lr", fixed="cell,batch")
    for page in ("memory", "learn", "challenges", "compare", "start", "train"):
        visitor.at.query_params.clear()
        visitor.open(page)
        assert (visitor.at.query_params["hide"], visitor.at.query_params["fixed"]) == ("lr", "cell,batch"), page
        links = [str(link.proto) for link in visitor.at.get("page_link")]
        assert all("hide=lr" in link and "fixed=cell" in link for link in links), page
    assert "lr" not in boxes(visitor)
    assert visitor.widget("cell").disabled
    visitor.at.query_params["hide"] = ""
    del visitor.at.query_params["fixed"]
    visitor.look()
    assert visitor.offers("lr")
    assert visitor.offers("cell")
    assert not {"hide", "fixed"} & set(visitor.at.query_params)


def test_a_link_that_says_one_of_both_says_all(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="lr", fixed="cell")
    del visitor.at.query_params["hide"]
    visitor.at.query_params["fixed"] = "lr"
    visitor.look()
    assert visitor.widget("lr").disabled
    assert visitor.offers("cell")


def test_shapes_has_no_way_around_it(visit: Visit) -> None:
    visitor = visit("shapes", hide="hidden", fixed="cell")
    assert visitor.widget("cell").disabled
    with pytest.raises(KeyError):
        visitor.widget("hidden")


def test_it_is_told_in_both_languages(visit: Visit) -> None:
    visitor = visit(**SMALL, hide="lr,epochs", fixed="cell")
    visitor.put("chosen_lang", "zh")
    assert visitor.widget("cell").disabled
    assert "lr" not in boxes(visitor)
    assert any("隐藏" in box.label for box in visitor.at.sidebar.expander)
    assert not any("link you opened" in text for text in visitor.texts)


# -- the lock ------------------------------------------------------------------------------------------------


Lock = Callable[[Visitor, bool], Visitor]


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Lock:
    """Has the teacher of a class lock the controls, or open them again, and looks at the page."""
    def turn(visitor: Visitor, on: bool) -> Visitor:
        monkeypatch.setattr(bar, "settle", lambda: held.lock(on))
        return visitor.look()
    return turn


def test_a_lock_holds_all_controls_but_stop(visit: Visit, lock: Lock) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: view.update > 0)
    lock(visitor, True)
    assert all(box.disabled for box in boxes(visitor).values())
    assert len(boxes(visitor)) > 20
    assert visitor.captions.count("Your teacher has locked the controls.") == 1
    assert [button.key for button in visitor.at.main.button if not button.disabled] == ["stop"]
    assert send(visitor, "hidden", 9).look().at.session_state["hidden"] == 4
    visitor.click("stop").rest()
    assert not any(visitor.offers(key) for key in ("train", "step_once", "train_on", "reset", "learner_link"))
    lock(visitor, False)
    assert visitor.offers("train")
    assert visitor.put("hidden", 9).look().at.session_state["hidden"] == 9
    assert "locked" not in visitor.captions


def test_a_lock_leaves_what_a_link_holds(visit: Visit, lock: Lock) -> None:
    visitor = lock(lock(visit(**SMALL, fixed="cell"), True), False)
    assert visitor.widget("cell").disabled
    assert visitor.offers("lr")


# -- a lesson ------------------------------------------------------------------------------------------------


def test_a_card_of_a_lesson_has_the_controls_that_a_link_leaves(visit: Visit, lock: Lock) -> None:
    card = {"lesson": "shapes", "card": "axes"}
    free = visit("learn", **card)
    assert free.offers("steps")
    assert free.offers("lesson_train")
    fixed = visit("learn", **card, fixed="steps")
    assert (fixed.widget("steps").disabled, fixed.widget("steps").value) == (True, free.widget("steps").value)
    hidden = visit("learn", **card, hide="steps,lr")
    with pytest.raises(KeyError):
        hidden.widget("steps")
    assert "Hidden by the link you opened: Time steps." in hidden.captions
    assert value(hidden, "steps") == free.widget("steps").value
    for other in (fixed, hidden):
        assert other.offers("lesson_train")
        assert [one.value for one in other.at.main.subheader] == [one.value for one in free.at.main.subheader]
    lock(free, True)
    assert free.widget("steps").disabled
    assert not free.offers("lesson_train")
    assert "Your teacher has locked the controls." in free.captions


def test_a_stage_gives_held_controls_its_own_values(visit: Visit) -> None:
    who = until(LESSONS["scratch"], "switch")
    visitor = visit("learn", who=who, lesson="scratch", card="switch", fixed="cell").look()
    assert value(visitor, "cell") == "rnn"      # which the card sets, and the settings of its network do not
    assert visitor.widget("cell").disabled


# -- the link for learners -----------------------------------------------------------------------------------


def made(visitor: Visitor) -> dict[str, Any]:
    """Return what the box with the link is told."""
    return dict(json.loads(visitor.at._tree[2].get_by_key("learner_link_box").proto.json))


def preview(visitor: Visitor) -> list[str]:
    texts = [text.value for text in visitor.at._tree[2].markdown]
    return next(text.split("\n") for text in texts if text.startswith("|  | Control |"))


def test_the_link_that_is_made_does_what_its_preview_says(visit: Visit) -> None:
    visitor = visit(**SMALL).click("learner_link")
    assert from_query(made(visitor)["query"]) == from_query(visitor.at.query_params)
    assert not {"hide", "fixed", "run"} & made(visitor)["query"].keys()
    visitor.at.session_state["link_fixed"], visitor.at.session_state["link_hidden"] = ["cell"], ["lr", "batch"]
    visitor.click("learner_link")
    query = made(visitor)["query"]
    assert (query["hide"], query["fixed"]) == ("lr,batch", "cell")
    assert made(visitor)["longest"] == LONGEST
    rows = preview(visitor)
    assert "| :orange[:material/lock: fixed] | Cell: **LSTM** |" in rows
    assert "| :gray[:material/visibility_off: hidden] | Batch: **16** |" in rows
    assert "| :green[:material/edit: free] | Epochs: **2** |" in rows
    learner = visit(**query)
    assert learner.widget("cell").disabled
    assert not {"lr", "batch"} & boxes(learner).keys()
    assert from_query(learner.at.query_params) == from_query(visitor.at.query_params)
    assert not learner.offers("learner_link")       # who has come by a link needs none



def test_another_sequence_has_other_controls_to_hold(visit: Visit) -> None:
    visitor = visit(source="counting")
    visitor.at.session_state["link_hidden"] = ["noise", "largest_count"]
    assert made(visitor.click("learner_link"))["query"]["hide"] == "largest_count"
    assert all("Noise" not in row for row in preview(visitor))


def test_a_text_that_no_link_can_hold_is_refused(visit: Visit) -> None:
    visitor = visit(source="letters").put("text", "ab" * 800).click("learner_link")
    alerts = [alert.value for alert in visitor.at._tree[2].error]
    assert alerts == ["The text is too long for a link: at most 1,500 letters; received 1,600."]
