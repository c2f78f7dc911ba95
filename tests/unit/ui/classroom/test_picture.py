"""What a tab is told of a class: nobody sees an answer too soon, and every vote is counted and judged."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from lstm_core import i18n
from lstm_core.classroom import classroom
from lstm_core.classroom.classroom import Place
from lstm_core.classroom.questions import Question, number, of_card, own
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Ask, Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import Lesson, Predict, Say, Stage, always
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import CardWords
from lstm_core.spec import RunSpec
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.wire import pack
from tests.unit.ui.classroom.members import TEACHER, Members

Opens = Callable[..., Members]

WHICH = own("Which?", Choice(("this", "that")), "that")
HOW_MANY = own("How many?", number(0, 100, whole=False), 50)
DRAW = own("Draw it", Curve(x="time", y="loss", first="0", last="1", low=0, high=1))
POINTS = DRAW.asked.points                              # type: ignore[union-attr]
WORDS = {"en": CardWords("In which **order**?", {"a": "forget", "b": "write", "c": "read"}),
         "zh": CardWords("按什么**顺序**？", {"a": "遗忘", "b": "写入", "c": "读出"})}


@pytest.fixture(autouse=True)
def english() -> Any:
    with i18n.speaking("en"):
        yield


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Question]:
    """Returns the question of a card of a lesson that asks for this."""
    def asking(ask: Ask) -> Question:
        monkeypatch.setitem(LESSONS, "toy", Lesson(name="toy", number=99, cards=(
            Say(name="say", stage=Stage(page="train", spec=RunSpec())),
            Predict(name="what", ask=ask, truth=always(None)))))
        return of_card("toy", "what", WORDS)

    return asking


# -- who sees what, and when --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "said", "traces"), [
    ("choice", "b", ('"mine":"b"', '"bars"')), ("number", 73.25, ("73.25", '"bars"')),
    ("order", ["c", "b", "a"], ('["c","b","a"]', "read → write → forget")),
    ("curve", [0.625, *[0.375] * (POINTS - 1)], ("0.625", "0.375")), ("words", "zebrafish", ("zebrafish",))])
def test_nobody_sees_what_others_answer_before_it_is_closed_and_a_learner_never(
        members: Opens, card: Callable[..., Question], kind: str, said: Any, traces: tuple[str, ...]) -> None:
    asks = {"choice": Choice(("a", "b", "c")), "number": Number(0, 100, 1, 10), "order": Order(("a", "b", "c")),
            "curve": Curve(x="x", y="y", first="0", last="9", low=0, high=1), "words": OwnWords()}
    there = members("ada", "bob")
    there.step(lambda room: replace(room, named=True))
    there.ask(card(asks[kind]))

    def told(content: dict[str, Any]) -> list[str]:
        sent = pack(content).decode(errors="replace")
        return [trace for trace in (*traces, *(["bob"] if "wall" not in content else [])) if trace in sent]

    def unseen_by_ada() -> None:
        assert told(there.learner("ada")) == []
        assert there.learner("ada")["item"]["mine"] is None

    there.say(bob=said)
    for vote in (1, 2):
        there.say(bob=said)
        assert [one["counts"][-1] for one in (there.learner("ada")["item"], there.wall()["item"])] == [1, 1]
        assert there.wall()["item"]["votes"][-1] == {"count": 1}
        unseen_by_ada()
        there.close()
        unseen_by_ada()
        assert told(there.wall())
        if vote == 1:
            there.again()
    there.show()
    unseen_by_ada()
    assert there.learner("bob")["item"]["mine"] == said


def test_a_vote_that_is_open_again_is_only_counted_and_the_first_stays(members: Opens) -> None:
    there = members("ada", "bob")
    there.ask(WHICH)
    there.say(ada="this", bob="this")
    there.close()
    there.again()
    there.say(ada="that")
    first, second = there.wall()["item"]["votes"]
    assert [bar["count"] for bar in first["bars"]] == [2, 0]
    assert second == {"count": 1}
    assert there.learner("ada")["item"] | {"counts": [2, 1], "vote": 2, "mine": "that", "earlier": "this"} == \
        there.learner("ada")["item"]
    assert (there.learner("bob")["item"]["mine"], there.learner("bob")["item"]["earlier"]) == (None, "this")


def test_what_is_right_is_told_when_it_is_shown_and_not_before(members: Opens) -> None:
    there = members("ada", "bob")
    there.ask(WHICH)
    there.say(ada="that", bob="this")
    hidden = {"truth": None, "verdict": None}
    for step in (there.close, there.again, there.close):
        step()
        assert there.learner("ada")["item"] | hidden == there.learner("ada")["item"]
        wall = there.wall()["item"]
        assert (wall["truth"], wall["truth_text"], wall["change"]) == (None, None, None)
        assert {vote.get("right") for vote in wall["votes"]} == {None}
        assert {bar["right"] for vote in wall["votes"] for bar in vote.get("bars", ())} <= {None}
    there.show()
    assert (there.wall()["item"]["truth"], there.wall()["item"]["truth_text"]) == ("that", "that")
    assert there.learner("ada")["item"]["truth"] == "that"


def test_names_stand_on_the_wall_only_when_they_are_switched_on(members: Opens) -> None:
    there = members("ada", "bob")
    there.ask(WHICH)
    there.say(ada="this", bob="this")
    there.close()
    assert b"ada" not in pack(there.wall())
    there.step(lambda room: replace(room, named=True))
    assert [bar["names"] for bar in there.wall()["item"]["votes"][0]["bars"]] == [["ada", "bob"], []]
    assert there.wall()["named"]
    assert b"bob" not in pack(there.learner("ada"))


def test_a_stranger_is_told_nothing(members: Opens) -> None:
    there = members("ada")
    for who in (TEACHER, "stranger", ""):
        with pytest.raises(Refusal, match="You are not in this class"):
            there.learner(who)
    rooms().remove(there.code, TEACHER, 1)
    with pytest.raises(Refusal, match="You are not in this class"):
        there.learner("ada")
    rooms().end(there.code, TEACHER)
    for look in (partial(there.learner, "ada"), there.wall):
        with pytest.raises(Refusal, match="There is no class"):
            look()


def test_where_all_are_and_what_is_locked_is_told_to_all(members: Opens) -> None:
    there = members("ada")
    for told in (there.learner("ada"), there.wall()):
        assert (told["held"], told["brought"], told["place"], told["item"]) == (False, 0, None, None)
    there.step(lambda room: replace(room.bringing(Place("train", "preset=recall")), held=True))
    for told in (there.learner("ada"), there.wall()):
        assert (told["held"], told["brought"], told["code"]) == (True, 1, there.code)
        assert told["place"]["title"].startswith("Train: ")
        assert abs(told["ends"] - time.time() - 12 * 3600) < 60
    assert there.learner("ada")["me"] == {"number": 1, "name": "ada"}


# -- counted and judged -------------------------------------------------------------------------------------


def test_a_choice_is_counted_and_judged(members: Opens) -> None:
    there = members("ada", "bob", "cyd")
    there.ask(WHICH)
    there.say(ada="this", bob="that", cyd="this")
    there.close()
    there.again()
    there.say(ada="that", bob="that", cyd="this")
    there.close()
    there.show()
    item = there.wall()["item"]
    assert item["ask"] == {"kind": "choice", "options": [{"key": key, "text": key} for key in ("this", "that")]}
    assert [[(bar["key"], bar["count"], bar["right"]) for bar in vote["bars"]] for vote in item["votes"]] == [
        [("this", 2, False), ("that", 1, True)], [("this", 1, False), ("that", 2, True)]]
    assert [vote["right"] for vote in item["votes"]] == [1, 2]
    assert item["change"] == {"both": 3, "to_right": 1, "from_right": 0, "stayed_right": 1}
    assert [there.learner(who)["item"]["verdict"] for who in ("ada", "cyd")] == ["right", "off"]


def test_a_number_falls_into_the_part_of_the_scale_that_has_it(members: Opens) -> None:
    there = members("ada", "bob", "cyd", "dan")
    there.step(lambda room: replace(room, named=True))
    there.ask(HOW_MANY)
    assert there.learner("ada")["item"]["ask"] == {
        "kind": "number", "low": 0, "high": 100, "log": False, "whole": False, "unit": "", "ends": ["0", "100"]}
    there.say(ada=0, bob=10, cyd=100, dan=52.5)
    there.close()
    there.show()
    item = there.wall()["item"]
    bars = item["votes"][0]["bars"]
    assert len(bars) == 10
    assert [(bar["low"], bar["high"]) for bar in bars[:2]] == [(0, 10), (10, 20)]
    assert {at: bar["names"] for at, bar in enumerate(bars) if bar["count"]} == {
        0: ["ada"], 1: ["bob"], 5: ["dan"], 9: ["cyd"]}
    assert [at for at, bar in enumerate(bars) if bar["right"]] == [5]
    assert (item["truth"], item["truth_text"], item["votes"][0]["right"]) == (50, "50", 1)
    assert [there.learner(who)["item"]["verdict"] for who in ("dan", "bob")] == ["right", "off"]


def test_an_order_is_counted_by_what_its_things_are_called_the_most_frequent_first(
        members: Opens, card: Callable[..., Question]) -> None:
    there = members("ada", "bob", "cyd")
    there.ask(card(Order(("a", "b", "c"))))
    there.say(ada=["b", "a", "c"], bob=["a", "b", "c"], cyd=["a", "b", "c"])
    there.close()
    there.show(("a", "b", "c"))
    item = there.wall()["item"]
    assert [(bar["name"], bar["key"], bar["count"], bar["right"]) for bar in item["votes"][0]["bars"]] == [
        ("forget → write → read", None, 2, True), ("write → forget → read", None, 1, False)]
    assert (item["truth"], item["votes"][0]["right"]) == (["a", "b", "c"], 2)
    assert item["truth_text"] == "forget, write, read"
    assert there.learner("ada")["item"]["verdict"] == "close"


def test_curves_are_told_one_by_one_without_names_and_with_their_middle(members: Opens) -> None:
    there = members("ada", "bob", "cyd")
    there.step(lambda room: replace(room, named=True))
    there.ask(DRAW)
    frame = there.learner("ada")["item"]["ask"]["frame"]
    assert (frame["low"], frame["high"], frame["points"]) == (0, 1, POINTS)
    there.say(ada=[0.25] * POINTS, bob=[0.5] * POINTS, cyd=[1] + [None] * (POINTS - 2) + [1])
    there.close()
    there.show()
    vote = there.wall()["item"]["votes"][0]
    assert vote["curves"] == [[level] * POINTS for level in (0.25, 0.5, 1)]
    assert vote["middle"] == [0.5] * POINTS
    assert (vote["bars"], vote["said"], vote["right"]) == ([], [], None)
    assert b"ada" not in pack(there.wall())


def test_nobody_has_answered(members: Opens) -> None:
    there = members("ada")
    for question in (WHICH, HOW_MANY, DRAW):
        there.ask(question)
        there.close()
        vote = there.wall()["item"]["votes"][0]
        assert (vote["count"], sum(bar["count"] for bar in vote["bars"]), vote["curves"]) == (0, 0, [])
        there.show()
        assert there.learner("ada")["item"]["verdict"] is None


def test_where_nothing_is_right_nothing_is_judged(members: Opens) -> None:
    there = members("ada")
    there.ask(own("Tea?", Choice(("yes", "no"))))
    there.say(ada="yes")
    there.close()
    there.again()
    there.say(ada="no")
    there.close()
    there.show()
    item = there.wall()["item"]
    assert (item["truth"], item["truth_text"], item["change"]) == (None, None, None)
    assert [vote["right"] for vote in item["votes"]] == [None, None]
    assert {bar["right"] for vote in item["votes"] for bar in vote["bars"]} == {None}
    assert there.learner("ada")["item"]["verdict"] is None


def test_a_curve_that_is_not_known_everywhere_can_be_sent(members: Opens, card: Callable[..., Question]) -> None:
    there = members("ada")
    ask = Curve(x="x", y="y", first="0", last="9", low=0, high=1)
    there.ask(card(ask))
    there.say(ada=[0.5] * ask.points)
    there.close()
    there.show((float("nan"), *[0.5] * (ask.points - 1)))
    assert json.loads(json.dumps(there.wall()["item"]["truth"]))[:2] == [None, 0.5]
    assert there.learner("ada")["item"]["truth"][0] is None
    assert there.learner("ada")["item"]["verdict"] == "right"


def test_each_is_asked_in_their_own_language(members: Opens, card: Callable[..., Question]) -> None:
    there = members("ada", "bob")
    there.ask(card(Choice(("a", "b"))))
    there.say(ada="a")
    with i18n.speaking("zh"):
        there.say(bob="a")
        asked = there.learner("bob")["item"]
        assert (asked["text"], asked["ask"]["options"][0]["text"]) == ("按什么**顺序**？", "遗忘")
    there.close()
    there.show("a")
    for language, name in (("en", "forget"), ("zh", "遗忘")):
        with i18n.speaking(language):
            item = there.wall()["item"]
            bar = item["votes"][0]["bars"][0]
            assert (bar["name"], bar["key"], bar["count"]) == (name, "a", 2)
            assert item["ask"]["options"][0]["text"] == item["truth_text"] == name


def test_a_question_whose_lesson_has_gone_leaves_the_class_standing(
        members: Opens, card: Callable[..., Question], monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada")
    there.ask(card(Choice(("a", "b"))))
    there.close()
    monkeypatch.delitem(LESSONS, "toy")
    classroom.from_json.cache_clear()
    assert there.wall()["item"] is None
    assert there.learner("ada")["item"] is None
    there.ask(WHICH)
    there.say(ada="this")
    assert there.wall()["item"]["number"] == 1
