"""The page Class: the ways in, the teacher's steps, what learners then see, and what is refused."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lstm_core import limits
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import OPTIONS, Question
from lstm_core.lessons.asks import Choice
from lstm_core.ui.base.server import lab, rooms
from lstm_core.ui.classroom import keys, membership, picture
from lstm_core.ui.classroom.experiment import Runs
from tests.app.conftest import Visit
from tests.app.test_outage import said, taken_away
from tests.app.test_pages import half_width_in
from tests.app.visitor import SMALL, Visitor, rested
from tests.unit.hostile_corpus import MARKUP


class Class:
    """A class: the tab of its teacher, and the tabs of learners."""

    def __init__(self, visit: Visit, **query: str) -> None:
        self.visit = visit
        self.teacher = visit("class", who=secrets.token_hex(8), **query).click("class_open")
        (self.code, teaches), = rooms().of(self.teacher.who)
        assert teaches
        self.key = rooms().standing(self.code).key

    def shows(self, part: str) -> Visitor:
        """Open a part of the teacher's controls."""
        return self.teacher.put(keys.SHOWS, part)

    def join(self, name: str = "", **query: str) -> Visitor:
        """Return the tab of somebody who has joined with the link."""
        visitor = self.visit("class", who=secrets.token_hex(8), join=f"{self.code}-{self.key}", **query)
        return visitor.put(keys.NAME, name).click("class_join")

    def ask(self, text: str = "Which?", options: str = "this\nthat", right: str | None = "that") -> None:
        """Ask a question of one's own."""
        self.shows("ask")
        self.teacher.put(keys.TEXT, text).put(keys.OPTIONS, options).put(keys.RIGHT_OPTION, right)
        self.teacher.click("class_ask_own")

    def answer(self, visitor: Visitor, answer: Any) -> None:
        rooms().answer(self.code, visitor.who, len(self.room.items) - 1, answer)

    @property
    def room(self) -> Any:
        return rooms().standing(self.code).room

    @property
    def wall(self) -> dict[str, Any]:
        return picture.of_wall(self.code, Runs())


@pytest.fixture(autouse=True)
def no_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests together are more people than one network has."""
    for name in ("_typing", "_typing_all", "_joining"):
        buckets = getattr(membership, name)
        monkeypatch.setattr(membership, name, type(buckets)(buckets._rate, buckets._room))


@pytest.fixture
def opened(visit: Visit) -> Class:
    return Class(visit, lang="en")


def bar(visitor: Visitor) -> dict[str, Any]:
    """Return what the bar at the foot of a page is told."""
    return dict(json.loads(visitor.widget(keys.BAR).proto.json))


def wall(visitor: Visitor) -> dict[str, Any]:
    """Return what the wall is told."""
    return dict(json.loads(visitor.widget(keys.WALL).proto.json))


def shown(visitor: Visitor) -> str:
    return "\n".join(visitor.texts)


# -- ways in ------------------------------------------------------------------------------------------------


def test_a_class_is_opened_with_one_click_and_its_wall_stands_there(opened: Class) -> None:
    told = wall(opened.teacher)
    assert (told["room"]["code"], told["room"]["as"], told["full"]) == (opened.code, "wall", False)
    assert told["link"].endswith(f"/class?join={opened.code}-{opened.key}")
    assert f"join%3D{opened.code}-{opened.key}" in told["qr"]
    assert opened.key not in told["short"]
    with pytest.raises(KeyError):
        bar(opened.teacher)
    assert opened.visit("class", who=opened.teacher.who).offers(keys.SHOWS)        # after a reload, too


def test_the_wall_alone_has_nothing_else_on_its_page_and_is_the_teachers(opened: Class) -> None:
    alone = opened.visit("class", who=opened.teacher.who, look="wall")
    assert wall(alone)["full"]
    assert len(alone.at.title) == 0
    assert not alone.offers(keys.SHOWS)
    stranger = opened.visit("class", look="wall")
    assert stranger.offers("class_join")
    with pytest.raises(KeyError):
        wall(stranger)


def test_a_link_leads_in_with_a_name_that_is_drawn_or_chosen(opened: Class) -> None:
    for name in ("", " Ada "):
        visitor = opened.visit("class", join=f"{opened.code}-{opened.key}", lang="en")
        assert f"Join class {opened.code}" in shown(visitor)
        assert "join" not in visitor.at.query_params
        visitor.put(keys.NAME, name).click("class_join")
        assert f"You are in class {opened.code}" in shown(visitor)
        assert bar(visitor)["room"] == {"code": opened.code, "as": "learner", "lang": "en",
                                        "address": bar(visitor)["room"]["address"]}
        assert bar(visitor.open("train"))["here"].startswith("train?")
    first, second = rooms().learners(opened.code)
    assert second.name == "Ada"
    assert first.name


def test_a_link_that_is_not_complete_is_told_so_and_can_be_dropped(opened: Class) -> None:
    visitor = opened.visit("class", join=f"{opened.code}-wrong", lang="en").click("class_join")
    assert "This link opens no class" in visitor.refusals
    visitor.click("class_not")
    assert visitor.offers(keys.TYPED)
    for nonsense in ("x", "-", f"{opened.code}", f"{opened.code}-", "-x"):
        assert opened.visit("class", join=nonsense).offers("class_join")


def test_a_code_is_typed_as_people_type_it(opened: Class) -> None:
    visitor = opened.visit("class", lang="en").put(keys.TYPED, f" {opened.code[:2].lower()}-{opened.code[2:]}")
    visitor.click("class_join")
    assert f"You are in class {opened.code}" in shown(visitor)


@pytest.mark.parametrize(("typed", "sentence"), [
    ("", "A code has 5 letters; these are 0."), ("AB1DE", "no I or O; '1' is in none."),
    ("ABCDEFG", "A code has 5 letters; these are 7."), ("ZZZZZ", "There is no class ZZZZZ"),
    ("<b>x</b>", "A code has letters from A to Z only"), ("![x](//evil)", "A code has letters")])
def test_a_wrong_code_is_told_in_a_sentence_and_stays_there(visit: Visit, typed: str, sentence: str) -> None:
    visitor = visit("class", lang="en").put(keys.NAME, "Ada").put(keys.TYPED, typed).click("class_join")
    assert sentence in visitor.refusals
    assert (visitor.widget(keys.TYPED).value, visitor.widget(keys.NAME).value) == (typed, "Ada")
    assert not visitor.look().refusals          # told once


@pytest.mark.parametrize("name", [
    *MARKUP, "![x](http://evil.example)", "**a**", ":red[a]", "$a$", "a\u202eb\u0301", "`a`"])
def test_a_name_is_plain_text_or_refused(opened: Class, name: str) -> None:
    visitor = opened.join(name, lang="en")
    if visitor.refusals:
        assert "A name has at most 20 characters" in visitor.refusals or "Give a name with" in visitor.refusals
        assert visitor.widget(keys.NAME).value == name
        return
    learner = rooms().learners(opened.code)[0]
    assert len(learner.name) <= 20
    page = "\n".join(element.value for element in visitor.at.markdown)
    assert not re.search(r"(?<!\\)(<[a-z]|!\[|\]\(|:red\[)", page)
    assert learner.name in "".join(str(frame.value) for frame in opened.shows("people").at.dataframe)


@pytest.mark.parametrize(("name", "sentence"), [
    ("a" * 1_000_000, "A name has at most 20 characters; this one has"), ("🎉🎉", "Give a name with"),
    ("\u200b", "Give a name with"), ("x" * 21, "at most 20 characters; this one has 21")])
def test_a_name_that_cannot_be_is_refused_in_a_sentence(opened: Class, name: str, sentence: str) -> None:
    assert sentence in opened.join(name, lang="en").refusals
    assert rooms().learners(opened.code) == []


def test_a_name_that_is_taken_and_a_class_that_is_full_or_shut_are_told(
        opened: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.join("Ada")
    late = opened.join("Ada", lang="en")
    assert "Ada is taken in this class. Choose another name." in late.refusals
    assert late.widget(keys.NAME).value == "Ada"
    opened.shows("class").put(keys.FULL, True)
    assert "The teacher lets nobody else into this class" in late.put(keys.NAME, "Bob").click("class_join").refusals
    opened.teacher.put(keys.FULL, False)
    monkeypatch.setattr(limits, "CLASS_LEARNERS", 1)
    assert "This class has 1 learners, which is as many as may be." in late.click("class_join").refusals
    monkeypatch.undo()
    assert f"You are in class {opened.code}" in shown(late.click("class_join"))


def test_as_many_classes_as_may_be_are_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLASSES", 0)
    visitor = visit("class", lang="en").click("class_open")
    assert "There are 0 classes on this server now" in visitor.refusals
    assert visitor.offers("class_open")


# -- a question ---------------------------------------------------------------------------------------------


def test_a_question_of_the_course_goes_through_its_steps(opened: Class) -> None:
    ada = opened.join("Ada", lang="en")
    opened.teacher.put(keys.LESSON, "gates").put(keys.CARD, "one").click("class_ask")
    asked = picture.of_learner(opened.code, ada.who)["item"]
    assert (asked["phase"], [option["key"] for option in asked["ask"]["options"]]) == (
        "open", ["forgets", "keeps", "same"])
    assert not opened.teacher.offers("class_ask")
    opened.answer(ada, "forgets")
    opened.teacher.click("class_close")
    assert opened.wall["item"]["votes"][0]["bars"][0]["count"] == 1
    opened.teacher.click("class_again")
    opened.answer(ada, "keeps")
    assert not opened.teacher.offers("class_again")
    opened.teacher.click("class_close")
    assert not opened.teacher.offers("class_again")
    opened.teacher.click("class_show")
    item = opened.wall["item"]
    assert (item["phase"], item["truth"], item["change"]["to_right"]) == ("shown", "keeps", 1)
    assert not opened.teacher.offers("class_show")
    assert opened.teacher.offers("class_ask")
    assert not opened.teacher.refusals


def test_what_came_is_told_as_unknown_until_its_network_is_trained(opened: Class) -> None:
    opened.teacher.put(keys.LESSON, "window").put(keys.CARD, "one").click("class_ask")
    opened.teacher.click("class_close").click("class_show")
    assert "What came is not known yet" in opened.teacher.hints
    assert opened.teacher.offers("class_show")
    assert opened.teacher.offers("class_ask")


def test_a_question_that_tells_numbers_of_a_network_needs_it(opened: Class) -> None:
    opened.teacher.put(keys.LESSON, "by_hand").put(keys.CARD, "value").click("class_ask")
    assert "Train it in the lesson, then ask it." in opened.teacher.refusals
    assert opened.room.items == ()


def test_two_tabs_of_a_teacher_do_not_trip_over_each_other(opened: Class) -> None:
    second = opened.visit("class", who=opened.teacher.who, lang="en")
    opened.ask()
    second.click("class_ask")                   # it still shows how to ask
    assert "Close the question that is open first." in second.refusals
    second.look().click("class_close")
    opened.teacher.click("class_close")
    assert "This question is closed already." in opened.teacher.refusals
    assert len(opened.room.items) == 1


def test_a_choice_of_ones_own_is_asked_and_then_gone_from_the_fields(opened: Class) -> None:
    opened.ask("Tea\nor **coffee**?", " tea \n\ncoffee\ntea", "coffee")
    question = opened.room.now
    assert isinstance(question, Question)
    assert (question.text, question.asked, question.truth) == (
        "Tea or **coffee**?", Choice(("tea", "coffee")), "coffee")
    opened.teacher.click("class_close")
    assert (opened.teacher.widget(keys.TEXT).value, opened.teacher.widget(keys.OPTIONS).value) == ("", "")


def test_a_number_and_a_curve_of_ones_own_are_asked(opened: Class) -> None:
    teacher = opened.teacher.put(keys.TEXT, "How many?").put(keys.KIND, "number")
    teacher.put(keys.LOW, 10.0).put(keys.HIGH, 20.0).put(keys.WHOLE, True).put(keys.RIGHT_NUMBER, 15.0)
    teacher.click("class_ask_own")
    question = opened.room.now
    assert (question.asked.low, question.asked.high, question.asked.whole, question.truth) == (10, 20, True, 15)
    teacher.click("class_close").put(keys.TEXT, "Draw").put(keys.KIND, "curve")
    teacher.put(keys.X_NAME, "time").put(keys.Y_NAME, "loss").put(keys.LOW, 0.0).put(keys.HIGH, 1.0)
    teacher.click("class_ask_own")
    assert (opened.room.now.asked.x, opened.room.now.asked.y) == ("time", "loss")
    assert not teacher.refusals
    assert teacher.click("class_close").put(keys.KIND, "number").widget(keys.RIGHT_NUMBER).value is None


@pytest.mark.parametrize(("given", "sentence"), [
    ({keys.TEXT: "", keys.OPTIONS: "a\nb"}, "Write the question first."),
    ({keys.TEXT: " \u200b ", keys.OPTIONS: "a\nb"}, "Write the question first."),
    ({keys.TEXT: "", keys.OPTIONS: "a\nb", keys.RIGHT_OPTION: "b"}, "Write the question first."),
    ({keys.TEXT: "Which?", keys.OPTIONS: "only one"}, "A question has from 2 to 6 answers; these are 1."),
    ({keys.TEXT: "Which?", keys.OPTIONS: "\n".join("abcdefg")}, "these are 7."),
    ({keys.TEXT: "Which?", keys.OPTIONS: "a\n" + "b" * 81}, "At most 80 characters fit here; these are 81."),
    ({keys.TEXT: "Which?", keys.OPTIONS: "a\na\u200b"}, "Each answer needs words of its own."),
    ({keys.KIND: "number", keys.TEXT: "How many?", keys.LOW: 5.0, keys.HIGH: 5.0}, "The scale has to go from"),
    ({keys.KIND: "number", keys.TEXT: "How many?", keys.RIGHT_NUMBER: 500.0}, "500 lies beyond it"),
    ({keys.KIND: "curve", keys.TEXT: "Draw", keys.LOW: 9.0, keys.HIGH: 1.0}, "The scale has to go from a smaller"),
    ({keys.KIND: "number", keys.TEXT: "", keys.RIGHT_NUMBER: 7.0}, "Write the question first.")])
def test_of_what_cannot_be_asked_nothing_that_was_typed_is_lost(
        opened: Class, given: dict[str, Any], sentence: str) -> None:
    assert OPTIONS == 6
    for key, value in given.items():
        opened.teacher.put(key, value)
    opened.teacher.click("class_ask_own")
    assert sentence in opened.teacher.refusals
    assert opened.room.items == ()
    assert {key: opened.teacher.widget(key).value for key in given} == given
    opened.shows("people")
    opened.shows("ask")
    assert {key: opened.teacher.widget(key).value for key in given} == given


# -- an experiment ------------------------------------------------------------------------------------------


def wants(visitor: Visitor, what: str, turn: int) -> Visitor:
    """Ask for what the bar at the foot of a page asks for."""
    visitor.at.session_state[keys.WANTED] = {"what": what, "turn": turn}
    return visitor.look()


def begin(opened: Class, setting: str = "hidden", values: str = "2, 4") -> None:
    """Begin an experiment with what is set on the page Train."""
    opened.teacher = opened.visit("class", who=opened.teacher.who, lang="en", **SMALL)
    opened.shows("try").put(keys.BASE, "own").put(keys.SETTING, setting)
    if setting != "seed":
        opened.teacher.put(f"{keys.VALUES}_{setting}", values)
    opened.teacher.click("class_try")


def test_an_experiment_is_begun_trained_and_closed(opened: Class) -> None:
    ada, bob = opened.join("Ada", lang="en"), opened.join("Bob", lang="zh")
    begin(opened)
    assert not opened.teacher.refusals
    tried = opened.room.now
    assert isinstance(tried, Experiment)
    assert (tried.setting, tried.values, tried.base.train.epochs) == ("hidden", (2, 4), 2)
    wants(ada, "train", 1)
    assert ada.view.spec == tried.spec_of(1)
    assert ada.view.spec.model.layers[0].hidden == 2
    run = ada.run
    rested(run)
    wants(ada, "train", 1)                          # the same request once more is none
    wants(ada, "train", 2)                          # and there is one run for each
    assert ada.run == run
    assert [facts.id for facts in lab().recent(ada.who)] == [run]
    assert picture.of_learner(opened.code, bob.who)["item"]["mine"]["status"] is None
    item = opened.wall["item"]
    assert [(one["status"], one["value"]) for one in item["runs"]] == [("done", 2), (None, 4)]
    assert item["runs"][0]["result"] > 0
    opened.teacher.click("class_close_experiment")
    wants(bob, "train", 1)
    assert not lab().recent(bob.who)
    assert "实验" in bob.refusals
    opened.shows("try")
    assert opened.teacher.offers("class_try")


@pytest.mark.parametrize(("setting", "values", "sentence"), [
    ("hidden", "2", "An experiment has from 2 to 40 values; these are 1."), ("hidden", "", "values"),
    ("hidden", "2, x", "x"), ("hidden", "0, 4", "0"), ("hidden", "2, 2", "2"), ("hidden", "4, 1e9", ""),
    ("lr", "0.1, " * 50, "")])
def test_an_experiment_that_cannot_be_is_refused_and_what_was_typed_stays(
        opened: Class, setting: str, values: str, sentence: str) -> None:
    begin(opened, setting, values)
    assert sentence in opened.teacher.refusals
    assert opened.teacher.refusals
    assert opened.room.items == ()
    assert opened.teacher.widget(f"{keys.VALUES}_{setting}").value == values
    opened.shows("people")
    opened.shows("try")
    assert opened.teacher.widget(f"{keys.VALUES}_{setting}").value == values


def test_an_experiment_needs_a_part_that_judges_it(opened: Class) -> None:
    opened.teacher = opened.visit("class", who=opened.teacher.who, lang="en", **SMALL, validation="0")
    opened.shows("try").put(keys.BASE, "own").put(keys.SETTING, "seed").click("class_try")
    assert "An experiment is judged on the validation part" in opened.teacher.refusals


# -- where all are, and what they may do --------------------------------------------------------------------


def test_all_are_brought_to_a_card_which_is_open_for_them(opened: Class) -> None:
    ada = opened.join("Ada", lang="zh")
    opened.shows("bring").put(keys.GOAL, "lesson").put(keys.GOAL_LESSON, "gates").put(keys.GOAL_CARD, "zero")
    opened.teacher.click("class_bring")
    place = picture.of_learner(opened.code, ada.who)["place"]
    assert (place["page"], place["query"]) == ("learn", "lesson=gates&card=zero")
    assert "Brought last: Lessons: The cell, gate by gate, card 5" in opened.teacher.captions
    wants(ada, "follow", 1)
    assert (ada.at.query_params["lesson"], ada.at.query_params["card"]) == ("gates", "zero")
    assert ada.at.query_params["lang"] == "zh"
    assert ada.offers("answer_gates_zero")
    opened.shows("bring").put(keys.GOAL_CARD, "one")        # and back: what was open stays so
    opened.teacher.click("class_bring")
    wants(ada, "follow", 2)
    assert ada.offers("answer_gates_one")
    assert opened.visit("learn", who=ada.who, lesson="gates", card="zero").offers("answer_gates_zero")
    opened.teacher.click("class_free")
    assert opened.room.place is None
    assert opened.room.brought == 2


@pytest.mark.parametrize(("goal", "page", "query"), [
    ("preset", "train", "preset="), ("page", "start", ""), ("run", "train", "run=")])
def test_all_are_brought_elsewhere(opened: Class, goal: str, page: str, query: str) -> None:
    opened.shows("bring").put(keys.GOAL, goal)
    if goal == "run":
        assert "You have no run yet" in opened.teacher.captions
        assert not opened.teacher.offers("class_bring")
        opened.visit("train", who=opened.teacher.who, **SMALL).click("train").rest()
        opened.teacher.look()
    opened.teacher.click("class_bring")
    assert (opened.room.place.page, opened.room.place.query.startswith(query)) == (page, True)
    ada = wants(opened.join("Ada"), "follow", 1)
    assert not ada.refusals
    if goal == "run":
        assert ada.run == lab().recent(opened.teacher.who)[0].id


def test_locked_controls_are_those_of_learners_and_open_again(opened: Class) -> None:
    ada = opened.join("Ada", lang="en").open("train")
    teacher_trains = opened.visit("train", who=opened.teacher.who)
    stranger = opened.visit("train")
    assert ada.offers("train")
    opened.shows("bring").put(keys.HOLD, True)
    ada.look()
    assert (ada.widget("hidden").disabled, ada.offers("train"), bar(ada)["held"]) == (True, False, True)
    before = ada.at.session_state["hidden"]
    ada.widget("hidden").proto.disabled = False             # a browser that has not heard of it yet
    ada.put("hidden", before + 1).look()
    assert ada.at.session_state["hidden"] == before
    for other in (teacher_trains, stranger):
        assert other.look().offers("train")
        assert not other.widget("hidden").disabled
    opened.teacher.click("class_free")
    assert not opened.teacher.widget(keys.HOLD).value
    assert ada.look().offers("train")
    opened.teacher.put(keys.HOLD, True)
    rooms().end(opened.code, opened.teacher.who)
    assert ada.look().offers("train")


# -- who is there -------------------------------------------------------------------------------------------


def test_who_leaves_is_gone_with_their_answers_and_may_come_back(opened: Class) -> None:
    ada = opened.join("Ada", lang="en")
    opened.ask()
    opened.answer(ada, "this")
    ada.open("class").click("class_leave")
    assert ada.offers("class_join")
    assert (rooms().learners(opened.code), opened.wall["item"]["counts"]) == ([], [0])
    with pytest.raises(KeyError):
        bar(ada)
    ada.put(keys.TYPED, opened.code).put(keys.NAME, "Ada").click("class_join")
    assert f"You are in class {opened.code}" in shown(ada)


def test_a_name_is_replaced_and_somebody_let_go(opened: Class) -> None:
    ada, bob = opened.join("rude <b>", lang="en"), opened.join("Bob", lang="en")
    opened.shows("people")
    assert "2 have joined, 2 are here now." in shown(opened.teacher)
    opened.teacher.put(keys.SOMEBODY, 1).click("class_rename")
    assert rooms().learners(opened.code)[0].name != "rude <b>"
    assert "rude" not in shown(ada.look())
    opened.teacher.put(keys.SOMEBODY, 1).click("class_remove")
    assert [one.owner for one in rooms().learners(opened.code)] == [bob.who]
    assert "You are not in this class any more. Join it again." in ada.look().errors
    assert ada.look().offers("class_join")
    opened.teacher.click("class_remove").look()             # the last one: the box is then gone
    assert not opened.teacher.offers("class_remove")


def test_a_class_ends_when_its_teacher_says_so_twice(opened: Class) -> None:
    ada = opened.join("Ada", lang="en").open("train")
    opened.ask()
    opened.teacher.click("class_close")
    opened.shows("class").click("class_end").click("class_end_not")
    assert rooms().standing(opened.code)
    opened.teacher.click("class_end").click("class_end_now")
    assert opened.teacher.offers("class_open")
    assert rooms().of(opened.teacher.who) == rooms().of(ada.who) == []
    ada.look()                                              # any page goes on
    assert ada.offers("train")
    with pytest.raises(KeyError):
        bar(ada.look())
    assert ada.open("class").offers("class_join")


def test_a_tab_whose_class_has_ended_says_so_and_goes_on(opened: Class) -> None:
    ada, second = opened.join("Ada", lang="en"), opened.visit("class", who=opened.teacher.who, lang="en")
    rooms().end(opened.code, opened.teacher.who)
    for tab in (opened.teacher, second.put(keys.SHOWS, "people"), ada):
        tab.look()
        assert not tab.refusals
        tab.look()
        assert tab.offers("class_join")


def test_what_was_counted_is_taken_along(opened: Class) -> None:
    opened.shows("class")
    assert not opened.teacher.offers("class_csv")
    opened.ask()
    opened.shows("class")
    assert opened.teacher.offers("class_csv")


def test_names_stand_on_the_wall_when_they_are_switched_on(opened: Class) -> None:
    ada = opened.join("Ada")
    opened.ask()
    opened.answer(ada, "that")
    opened.teacher.click("class_close")
    assert not opened.wall["named"]
    opened.shows("class").put(keys.NAMES, True)
    assert opened.wall["item"]["votes"][0]["bars"][1]["names"] == ["Ada"]
    assert opened.visit("class", who=opened.teacher.who, lang="en").put(keys.SHOWS, "class").widget(keys.NAMES).value


# -- the teacher elsewhere ----------------------------------------------------------------------------------


def private_link(visitor: Visitor) -> str:
    """Return what the private link of a class has, as it stands on the page."""
    links = [code.value for code in visitor.at.code if "teach=" in code.value]
    assert len(links) == 1
    return parse_qs(urlsplit(links[0]).query)["teach"][0]


def test_the_private_link_opens_the_class_in_another_browser_until_there_is_a_newer_one(opened: Class) -> None:
    opened.shows("class")
    first = private_link(opened.teacher)
    laptop = opened.visit("class", teach=first, lang="en")
    assert "teach" not in laptop.at.query_params
    assert wall(laptop)["room"]["code"] == opened.code
    laptop.put(keys.SHOWS, "class")
    assert not [code for code in laptop.at.code if "teach=" in code.value]
    laptop.click("class_secret_new")
    second = private_link(laptop)
    assert second != first
    for link in (first, f"{opened.code}-guess", "ZZZZZ-guess", f"{opened.code}-{opened.key}"):
        late = opened.visit("class", teach=link, lang="en")
        assert "This private link opens no class" in late.refusals
        assert late.offers("class_open")
        with pytest.raises(KeyError):
            wall(late)
    assert wall(opened.visit("class", teach=second))["room"]["code"] == opened.code
    assert opened.teacher.look().offers(keys.SHOWS)         # who teaches already goes on


def test_a_learner_who_opens_the_teachers_page_sees_their_own(opened: Class) -> None:
    ada = opened.join("Ada", lang="en")
    for query in ({"look": "wall"}, {"teach": f"{opened.code}-x"}, {"class_section": "class"}):
        again = opened.visit("class", who=ada.who, lang="en", **query)
        assert f"You are in class {opened.code}" in shown(again)
        for part in (keys.SHOWS, "class_close", "class_end"):
            assert not again.offers(part)


# -- language and database ----------------------------------------------------------------------------------


def test_a_switch_of_language_in_mid_class_keeps_everything(opened: Class) -> None:
    ada = opened.join("Ada", lang="en")
    typed = {keys.TEXT: "Which?", keys.OPTIONS: "this\nthat", keys.RIGHT_OPTION: "that", keys.LESSON: "gates",
             keys.CARD: "zero"}
    for key, value in typed.items():
        opened.teacher.put(key, value)
    opened.teacher.put("chosen_lang", "zh")
    assert {key: opened.teacher.widget(key).value for key in typed} == typed
    assert wall(opened.teacher)["room"]["lang"] == "zh"
    opened.teacher.click("class_ask_own")
    ada.put("chosen_lang", "zh")
    assert f"课堂 {opened.code}" in shown(ada) or opened.code in shown(ada)
    assert bar(ada)["room"]["lang"] == "zh"
    opened.answer(ada, "that")
    opened.teacher.put("chosen_lang", "en").click("class_close")
    assert opened.wall["item"]["votes"][0]["bars"][1]["count"] == 1
    assert rooms().learners(opened.code)[0].name == "Ada"


@pytest.mark.parametrize("who", ["teacher", "learner", "stranger"])
def test_a_database_that_is_away_is_told_in_a_sentence_and_nothing_is_lost(opened: Class, who: str) -> None:
    opened.ask()
    tab = {"teacher": opened.teacher, "learner": opened.join("Ada", lang="en"),
           "stranger": opened.visit("class", lang="en").put(keys.TYPED, opened.code)}[who]
    button = {"teacher": "class_close", "learner": "class_leave", "stranger": "class_join"}[who]
    with taken_away():
        tab.widget(button).click()
        tab.at.run()
        assert said(tab) == 1
        assert all("taken away" in error.message for error in tab.at.exception)
        tab.at.run()
        assert said(tab) == 1
    tab.look().look()           # that the click was lost may be told once more
    assert said(tab) == 0
    if who == "stranger":
        assert tab.widget(keys.TYPED).value == opened.code
    tab.click(button)
    assert not tab.refusals
    assert {"teacher": lambda: opened.room.now.phase == "closed", "learner": lambda: tab.offers("class_join"),
            "stranger": lambda: f"You are in class {opened.code}" in shown(tab)}[who]()


@pytest.mark.parametrize("page", ["train", "learn"])
def test_a_page_that_is_opened_while_the_database_is_away_goes_on_without_the_bar(opened: Class, page: str) -> None:
    ada = opened.join("Ada", lang="en")
    with taken_away():
        tab = opened.visit(page, who=ada.who, lang="en")
        assert said(tab) == 1
        assert len(tab.at.title) == 1
        with pytest.raises(KeyError):
            bar(tab)
    assert bar(tab.look())["room"]["code"] == opened.code


@pytest.mark.parametrize("page", ["train", "start", "learn"])
def test_any_page_of_a_learner_stands_while_the_database_is_away(opened: Class, page: str) -> None:
    ada = opened.join("Ada", lang="en").open(page)
    with taken_away():
        ada.at.run()
        assert said(ada) == 1
        assert all("taken away" in error.message for error in ada.at.exception)
    assert said(ada.look()) == 0
    assert bar(ada)["room"]["code"] == opened.code


ENGLISH = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){2,}")


def test_the_page_in_chinese_has_no_english_left(visit: Visit) -> None:
    there = Class(visit, lang="zh")
    pages = [lambda part=part: there.shows(part) for part in ("ask", "try", "bring", "people", "class")]
    pages += [lambda kind=kind: there.shows("ask").put(keys.KIND, kind) for kind in ("number", "curve", "choice")]
    pages += [lambda: there.teacher.click("class_ask_own"), lambda: there.teacher.click("class_ask")]
    pages += [lambda: there.teacher.click("class_close"), lambda: there.teacher.click("class_show")]
    goals = ("lesson", "preset", "page", "run")
    pages += [lambda goal=goal: there.shows("bring").put(keys.GOAL, goal) for goal in goals]
    pages += [lambda: there.join("小明", lang="zh"), lambda: visit("class", lang="zh"), lambda: there.shows("people")]
    for page in pages:
        visitor = page()
        assert words_left(visitor) == []
        assert half_width_in(visitor) == []


def words_left(visitor: Visitor) -> list[str]:
    """Return what still stands there in English, in what browsers are told as well."""
    return sorted({found for text in visitor.texts if "{--" not in text and "; }" not in text
                   for found in ENGLISH.findall(text)})
