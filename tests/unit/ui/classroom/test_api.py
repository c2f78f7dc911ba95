"""The stream of a class: who may follow it, as what, what it takes, and what it says to whatever it cannot take."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from benchmarks.streamed import unpacked
from lstm_core import limits
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.questions import number, own
from lstm_core.lessons.asks import Choice
from lstm_core.storage.database import Unavailable
from lstm_core.ui.base.browser_cookie import COOKIE, _owner
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.static_files import folder
from lstm_core.ui.base.token_bucket import TokenBuckets
from lstm_core.ui.classroom import api, picture
from tests.unit.ui.classroom.members import TEACHER, Members

Opens = Callable[..., Members]

WHICH = own("Which?", Choice(("this", "that")))
ADA, BOB, EVE, TAUGHT = ("a" * 32, "b" * 32, "e" * 32, "t" * 32)        # cookies


class Tab:
    """A tab that follows a class."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    def say(self, **message: Any) -> None:
        self.socket.send_text(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        return unpacked(self.socket.receive_bytes())

    def next(self) -> dict[str, Any]:
        self.say(next="")
        return self.hear()

    def until(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask for picture after picture until something is true of one."""
        for _time in range(20):
            if true(told := self.next()):
                return told
        raise AssertionError(told)


@pytest.fixture
def class_of(members: Opens, monkeypatch: pytest.MonkeyPatch) -> Members:
    """A class with the browsers of its teacher and of Ada and Bob, whose streams hurry."""
    monkeypatch.setattr(api, "WALL_GAP", 0.0)
    monkeypatch.setattr(api, "LEARNER_GAP", 0.0)
    monkeypatch.setattr(api, "_saying", TokenBuckets(api.SAYS, api.SAYS_AT_ONCE))
    there = members()
    for name, cookie in (("Ada", ADA), ("Bob", BOB)):
        rooms().join(there.code, _owner(cookie), "en", name)
    rooms()._store.let_teach(there.code, _owner(TAUGHT))
    return there


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=api.routes())) as found:
        yield found


Follow = Callable[..., Any]


@pytest.fixture
def follow(client: TestClient, class_of: Members) -> Follow:
    """Opens a tab of a browser: with its cookie, and as what it follows the class."""
    @contextmanager
    def following(cookie: str = ADA, seen_as: str = "learner", *, code: str = "", lang: str = "en") -> Iterator[Tab]:
        headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
        with client.websocket_connect(f"{folder()}/{api.PATH}?code={code or class_of.code}&as={seen_as}&lang={lang}",
                                      headers=headers) as socket:
            yield Tab(socket)

    return following


def refused(tab: Tab) -> str:
    """Return why a stream has ended; one that goes on is told that it should send a picture, so that nobody waits."""
    tab.say(next="")
    told = tab.hear()
    assert told.keys() == {"refused"}
    with pytest.raises(WebSocketDisconnect):
        tab.hear()
    return str(told["refused"])


# -- who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cookie", "seen_as", "sentence"), [
    (EVE, "learner", "You are not in this class any more."), (EVE, "wall", "Only the teacher of a class may do this."),
    (ADA, "wall", "Only the teacher of a class may do this."), (TAUGHT, "learner", "You are not in this class"),
    ("", "learner", "A class needs a cookie"), ("", "wall", "A class needs a cookie"),
    ("short", "learner", "A class needs a cookie"), (ADA, "nonsense", "")])
def test_who_has_no_part_in_a_class_is_told_so(follow: Follow, cookie: str, seen_as: str, sentence: str) -> None:
    with follow(cookie, seen_as) as tab:
        if sentence:
            assert refused(tab).startswith(sentence)
        else:                           # anything but a wall is a learner
            assert tab.next()["me"]["name"] == "Ada"


@pytest.mark.parametrize("seen_as", ["learner", "wall"])
def test_whether_there_is_a_class_cannot_be_tried_out(follow: Follow, class_of: Members, seen_as: str) -> None:
    said = set()
    for code in (class_of.code, "ZZZZZ", "%00", "x" * 5000):
        with follow(EVE, seen_as, code=code) as tab:
            said.add(refused(tab))
    assert len(said) == 1


def test_a_stream_speaks_the_language_of_its_page(follow: Follow) -> None:
    with follow(EVE, lang="zh") as tab:
        assert refused(tab)[0] > "\u4e00"
    with follow(EVE, lang="nonsense") as tab:
        assert refused(tab).startswith("You are not in this class")



def test_so_many_tabs_of_one_browser_and_of_one_network_are_followed(
        follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STREAMS", 1)
    monkeypatch.setattr(api, "_open", Places(1))
    with follow() as tab:
        tab.next()
        with follow() as second:
            assert refused(second).startswith("1 of your tabs follow a class already")
        monkeypatch.setattr(api, "_there", Places(0))
        with follow(BOB) as third:
            assert "tabs of your network follow a class already" in refused(third)
    with follow() as again:
        assert "network" in refused(again)


# -- pictures -----------------------------------------------------------------------------------------------


def test_there_is_a_picture_as_soon_as_something_has_changed(follow: Follow, class_of: Members) -> None:
    with follow() as ada, follow(TAUGHT, "wall") as wall:
        assert ada.next()["item"] is None
        assert wall.next()["item"] is None
        ada.say(next="")
        wall.say(next="")
        began = time.monotonic()
        class_of.ask(WHICH)
        assert ada.hear()["item"]["text"] == "Which?"
        assert wall.hear()["item"]["votes"] == [{"count": 0}]
        assert time.monotonic() - began < 5


def test_an_answer_reaches_the_wall_as_one_more_and_nobody_else(follow: Follow, class_of: Members) -> None:
    class_of.ask(WHICH)
    with follow() as ada, follow(BOB) as bob, follow(TAUGHT, "wall") as wall:
        for tab in (ada, bob, wall):
            tab.next()
        wall.say(next="")
        ada.say(answer="this", item=0)
        assert wall.hear()["item"]["votes"] == [{"count": 1}]
        assert ada.until(lambda told: told["item"]["mine"])["item"]["mine"] == "this"
        class_of.close()
        assert wall.until(lambda told: "bars" in told["item"]["votes"][0])["item"]["votes"][0]["bars"][0]["count"] == 1
        assert bob.until(lambda told: told["item"]["phase"] == "closed")["item"]["mine"] is None


def test_a_learner_is_told_nothing_of_others(follow: Follow, class_of: Members) -> None:
    class_of.ask(WHICH)
    with follow() as ada:
        told = ada.next()
        assert {"learners", "named"}.isdisjoint(told)
        assert "Bob" not in repr(told)


def test_where_a_learner_is_is_known_and_a_wall_is_nowhere(follow: Follow, class_of: Members) -> None:
    with follow() as ada:
        ada.say(place="learn?lesson=gates&card=one")
        ada.next()
        assert [learner.place for learner in rooms().learners(class_of.code)] == ["learn?lesson=gates&card=one", ""]
    with follow(TAUGHT, "wall") as wall:
        wall.say(place="train")
        assert refused(wall).startswith("This question cannot be understood")


def test_who_is_let_go_and_a_class_that_ends_end_the_stream(follow: Follow, class_of: Members) -> None:
    with follow() as ada, follow(TAUGHT, "wall") as wall:
        ada.next()
        wall.next()
        ada.say(next="")
        rooms().remove(class_of.code, TEACHER, 1)
        assert refused(ada).startswith("You are not in this class any more")
        wall.next()
        wall.say(next="")
        rooms().end(class_of.code, TEACHER)
        assert refused(wall).startswith(f"There is no class {class_of.code}")
    assert not rooms()._listeners


# -- what cannot be taken -----------------------------------------------------------------------------------


def test_an_answer_that_comes_too_late_is_refused_and_the_stream_stays(follow: Follow, class_of: Members) -> None:
    class_of.ask(WHICH)
    with follow() as ada:
        ada.next()
        class_of.close()
        ada.say(answer="this", item=0)
        assert ada.hear() == {"refused": "This question has been closed: answers are no longer taken.",
                              "what": "answer"}
        assert ada.next()["item"]["mine"] is None
        class_of.step(Classroom.again)
        ada.say(answer="that", item=0)
        assert ada.until(lambda told: told["item"]["mine"])["item"]["vote"] == 2


@pytest.mark.parametrize("answer", [
    "other", "", None, 1, ["this"], {"this": 1}, "\ud800", "this\0", True, "x" * 15_000])
def test_an_answer_that_is_none_is_refused_and_the_stream_stays(
        follow: Follow, class_of: Members, answer: Any) -> None:
    class_of.ask(WHICH)
    with follow() as ada:
        ada.say(answer=answer, item=0)
        told = ada.hear()
        assert told["what"] == "answer"
        assert len(told["refused"]) < 300
        assert ada.next()["item"]["counts"] == [0]


@pytest.mark.parametrize("answer", ["NaN", "Infinity", "1e999", "-1e999", "101", '"5"', "[5]", "true", "1" * 400])
def test_a_number_that_is_none_is_refused(follow: Follow, class_of: Members, answer: str) -> None:
    class_of.ask(own("How many?", number(0, 100, whole=False)))
    with follow() as ada:
        ada.socket.send_text(f'{{"answer": {answer}, "item": 0}}')
        assert ada.hear()["what"] == "answer"
        assert ada.next()["item"]["counts"] == [0]


@pytest.mark.parametrize("item", [-1, 1, 10**30, True])
def test_an_answer_to_nothing_is_refused(follow: Follow, class_of: Members, item: Any) -> None:
    class_of.ask(WHICH)
    with follow() as ada:
        ada.say(answer="this", item=item)
        assert ada.hear() == {"refused": "This has not been asked in this class.", "what": "answer"}


def test_answers_that_come_too_fast_are_refused_and_the_stream_stays(follow: Follow, class_of: Members) -> None:
    class_of.ask(WHICH)
    with follow() as ada, follow(BOB) as bob:
        for _time in range(int(api.SAYS_AT_ONCE) + 5):
            ada.say(answer="this", item=0)
        told = ada.next()
        assert (told["refused"][:26], told["what"]) == ("That was too much at once.", "answer")
        bob.say(answer="that", item=0)          # who is not held up by it
        assert bob.until(lambda told: told["item"]["mine"])["item"]["mine"] == "that"


@pytest.mark.parametrize("message", [
    "", "{", "[1]", "null", '"next"', '{"next": 5}', '{"answer": 1}', '{"item": 0}', '{"answer": 1, "item": "0"}',
    '{"place": 3}', "[" * 10_000, json.dumps({"place": "x" * 30_000}), json.dumps({"answer": "x" * 30_000, "item": 0}),
    "\0", '{"next": "", "next": null}', "1" * 10_000])
def test_what_is_no_message_ends_the_stream_with_a_sentence(follow: Follow, message: str) -> None:
    with follow() as ada:
        ada.socket.send_text(message)
        why = refused(ada)
        assert why.startswith("This question cannot be understood; received ")
        assert len(why) < 300


def test_bytes_end_the_stream_and_no_more(follow: Follow) -> None:
    with follow() as ada:
        ada.socket.send_bytes(b"\xff\xfe")
        assert refused(ada).startswith("This question cannot be understood")


@pytest.mark.parametrize("place", ["\ud800", "x" * 15_000, "\0", "train?run=<b>", "学习", ""])
def test_a_place_may_be_anything(follow: Follow, class_of: Members, place: str) -> None:
    with follow() as ada, follow(TAUGHT, "wall") as wall:
        ada.say(place=place)
        ada.next()
        assert len(rooms().learners(class_of.code)[0].place) <= 2000
        assert wall.next()["learners"] == 2


def test_a_database_that_is_away_ends_the_stream_with_a_sentence(
        follow: Follow, class_of: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> None:
        raise Unavailable("The file of the database has been taken away.")

    with follow() as ada:
        ada.next()
        monkeypatch.setattr(rooms()._store, "see", away)
        ada.say(place="train")
        assert ada.hear() == {"refused": "The file of the database has been taken away.", "what": "place"}
        monkeypatch.setattr(rooms()._store, "load", away)
        rooms()._kept.forget(class_of.code, "room")
        ada.say(next="")
        assert "taken away" in refused(ada)


def test_pictures_of_learners_wait_for_each_other(follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing: list[int] = []
    most = 0

    def slow(_code: str, _owner: str) -> dict[str, Any]:
        nonlocal most
        drawing.append(1)
        most = max(most, len(drawing))
        time.sleep(0.05)
        drawing.pop()
        return {"item": None}

    monkeypatch.setattr(picture, "of_learner", slow)
    with ExitStack() as open_now:
        tabs = [open_now.enter_context(follow(ADA)) for _tab in range(6)]
        for tab in tabs:
            tab.say(next="")
        assert [tab.hear() for tab in tabs] == [{"item": None}] * 6
    assert most == api.DRAWN
