"""The simulated browser of `make load` keeps to what Streamlit's own frontend does."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load.class_hour import PROMISES, Hour
from benchmarks.load.classroom import is_here
from benchmarks.load.crowd import Crowd, late, pause, rate
from benchmarks.load.machine import Use
from benchmarks.load.page import Page
from benchmarks.load.session import Session
from benchmarks.streamed import Follower

MOVED = "$$ID-1a-dropout"


def message(fragment: str = "", cached: str = "") -> ForwardMsg:
    made = ForwardMsg(hash=cached)
    made.metadata.cacheable = bool(cached)
    made.metadata.run.fragment_ids.extend([fragment] if fragment else [])
    return made


def begin(page: Page, fragment: str = "") -> None:
    made = message(fragment)
    made.new_session.config.max_cached_message_age = 2
    page.receive(made.SerializeToString())


def end(page: Page, fragment: str = "") -> None:
    made = message(fragment)
    made.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY if fragment else (
        ForwardMsg.FINISHED_SUCCESSFULLY)
    page.receive(made.SerializeToString())


def slider(page: Page, default: float, told: float | None = None, fragment: str = "", cached: str = "") -> None:
    made = message(fragment, cached)
    made.delta.fragment_id = fragment
    part = made.delta.new_element.slider
    part.id, part.set_value = MOVED, told is not None
    part.default.append(default)
    part.value.extend([] if told is None else [told])
    page.receive(made.SerializeToString())


def clock(page: Page, seconds: float) -> None:
    made = message()
    made.auto_rerun.fragment_id, made.auto_rerun.interval = "live", seconds
    page.receive(made.SerializeToString())


def asked(content: bytes) -> BackMsg:
    back = BackMsg()
    back.ParseFromString(content)
    return back.rerun_script


def values(page: Page) -> dict[str, list[float]]:
    return {state.id: list(state.double_array_value.data) for state in asked(page.rerun()).widget_states.widgets}


@pytest.fixture
def page() -> Page:
    page = Page("http://127.0.0.1:1/train", "train", "source=waves")
    begin(page)
    return page


def test_a_widget_sends_its_default_until_it_is_moved_or_the_app_sets_it(page: Page) -> None:
    slider(page, default=0.1)
    assert values(page) == {MOVED: [0.1]}
    page.put("dropout", [0.5])
    slider(page, default=0.1)
    assert values(page) == {MOVED: [0.5]}
    slider(page, default=0.1, told=0.3)
    assert values(page) == {MOVED: [0.3]}


def test_a_widget_that_is_no_longer_drawn_is_forgotten_only_after_a_rerun_of_the_whole_page(page: Page) -> None:
    slider(page, default=0.1)
    end(page)
    begin(page, "live")
    end(page, "live")
    assert values(page) == {MOVED: [0.1]}
    begin(page)
    end(page)
    assert values(page) == {}


def test_a_field_that_is_empty_has_no_value_and_buttons_are_called_with_their_icons(page: Page) -> None:
    made = message()
    made.delta.new_element.number_input.id = "$$ID-3c-right"
    page.receive(made.SerializeToString())
    (state,) = asked(page.rerun()).widget_states.widgets
    assert (state.id, state.WhichOneof("value")) == ("$$ID-3c-right", None)
    made = message()
    group = made.delta.new_element.button_group
    group.id = "$$ID-4d-shows"
    group.default.append(1)
    group.options.add(content="Ask")
    group.options.add(content="Bring", content_icon=":material/groups:")
    page.receive(made.SerializeToString())
    assert page.options["shows"] == ["Ask", ":material/groups: Bring"]
    assert page.value("shows") == [":material/groups: Bring"]


def test_a_widget_in_a_fragment_has_only_that_rerun(page: Page) -> None:
    slider(page, default=0.1, fragment="f1")
    assert asked(page.rerun("dropout")).fragment_id == "f1"
    assert not asked(page.rerun("dropout")).is_auto_rerun
    assert asked(page.rerun(tick="live")).fragment_id == "live"
    assert asked(page.rerun(tick="live")).is_auto_rerun
    assert asked(page.rerun()).fragment_id == ""


def test_the_clock_of_a_fragment_ends_with_the_next_rerun_of_the_whole_page_only(page: Page) -> None:
    clock(page, 0.25)
    begin(page, "live")
    assert page.fragments == {"live": 0.25}
    begin(page)
    assert page.fragments == {}


def test_a_message_that_is_kept_need_not_be_sent_again_for_two_reruns(page: Page) -> None:
    slider(page, default=0.1, cached="hash")
    for kept in (["hash"], ["hash"], ["hash"], []):
        assert list(asked(page.rerun()).cached_message_hashes) == kept
        end(page)
        begin(page)


def status(page: Page, run: str, update: int, state: str = "moving") -> None:
    made = message("live")
    made.delta.fragment_id = "live"
    part = made.delta.new_element.bidi_component
    part.id, part.component_name = "$$ID-2b-status", "run_status"
    part.json = json.dumps({"live": {"run": run}, "structure": f"{run} {state}", "now": now(update)})
    page.receive(made.SerializeToString())


def now(update: int) -> dict[str, Any]:
    return {"update": update, "says": "In training", "numbers": [f"{update:,}", "0.1"]}


def picture(run: str, update: int, state: str = "moving") -> dict[str, Any]:
    return now(update) | {"run": run, "structure": f"{run} {state}"}


def test_the_stream_tells_how_far_the_run_is_and_the_page_does_not_take_it_back(page: Page) -> None:
    status(page, "abc", 12)
    assert (page.followed, page.updates, page.loss) == ("abc", 12, "0.1")
    assert page.tell(picture("abc", 1234)) is None
    status(page, "abc", 24)
    assert (page.updates, page.pictures) == (1234, 1)
    status(page, "xyz", 1)
    assert (page.followed, page.updates) == ("xyz", 1)
    page.tell(picture("abc", 5678))         # one that was under way
    assert page.updates == 1


def test_a_picture_that_other_controls_belong_to_has_the_page_drawn_anew_once(page: Page) -> None:
    status(page, "abc", 12)
    content = page.tell(picture("abc", 24, "paused"))
    assert content is not None
    assert asked(content).fragment_id == "live"
    trigger = asked(content).widget_states.widgets[-1]
    assert trigger.id == "$$STREAMLIT_INTERNAL_KEY_$$ID-2b-status__events"
    assert json.loads(trigger.json_trigger_value) == [{"event": "changed", "value": "abc paused"}]
    assert page.tell(picture("abc", 24, "paused")) is None
    status(page, "abc", 24, "paused")
    assert page.tell(picture("abc", 24, "moving")) is not None


def test_a_page_without_a_run_follows_none(page: Page) -> None:
    status(page, "abc", 12)
    end(page, "live")
    end(page)
    assert page.followed == "abc"
    begin(page)
    end(page)
    assert (page.followed, page.updates) == ("", 0)


def test_the_bar_of_a_class_asks_by_what_happens_in_it(page: Page) -> None:
    made = message()
    part = made.delta.new_element.bidi_component
    part.id, part.component_name, part.json = "$$ID-5e-bar", "class_bar", json.dumps({"here": "train"})
    page.receive(made.SerializeToString())
    assert page.bar == {"here": "train"}
    (trigger,) = asked(page.do("follow", 3)).widget_states.widgets
    assert trigger.id == "$$STREAMLIT_INTERNAL_KEY_$$ID-5e-bar__events"
    assert json.loads(trigger.json_trigger_value) == [{"event": "do", "value": {"what": "follow", "turn": 3}}]


def test_who_is_brought_is_there_whatever_the_page_writes_into_its_address() -> None:
    place = {"page": "learn", "query": "lesson=gates&card=zero"}
    assert is_here(place, "learn?card=zero&lesson=gates&hidden=8")
    assert not any(is_here(place, here) for here in ("learn", "cell?lesson=gates&card=zero", "learn?lesson=gates"))
    assert is_here({"page": "train", "query": ""}, "train?source=waves")


def test_a_stream_that_is_refused_is_noticed(page: Page) -> None:
    assert page.tell({"refused": "too many"}) is None
    assert page.errors == ["too many"]


def test_the_numbers_of_another_run_are_no_advance_of_this_one() -> None:
    session = Session("http://127.0.0.1:1")
    followed: list[str] = []
    session._follower = cast(Follower, SimpleNamespace(follow=followed.append))
    for run, update in (("xyz", 1234), ("abc", 12), ("abc", 24)):
        made = message()
        part = made.delta.new_element.bidi_component
        part.component_name, part.json = "run_status", json.dumps(
            {"live": {"run": run}, "structure": "", "now": now(update)})
        session._receive(made.SerializeToString())
    assert [updates for _moment, updates in session.advances] == [12, 24]
    assert followed == ["xyz", "abc"]


def test_errors_on_the_page_are_noticed(page: Page) -> None:
    made = message()
    made.delta.new_element.exception.message = "oh"
    page.receive(made.SerializeToString())
    assert page.errors == ["oh"]


def test_what_a_run_got_and_how_long_it_stood_still() -> None:
    advances = [(0.5, 10), (2.0, 20), (9.0, 80), (20.0, 300)]
    assert rate(advances, 1.0, 11.0) == pytest.approx(7.0)
    assert pause(advances, 1.0, 11.0) == pytest.approx(7.0)
    assert pause([], 1.0, 11.0) == pytest.approx(10.0)
    assert late([0.1] * 19 + [2.0]) == "0.10/0.20/2.00"


def test_what_a_class_waits_for_too_long_is_said() -> None:
    idle = Use(server=300, workers=350, server_seconds=1, worker_seconds=0, threads=1, files=1, children=1, database=0)
    fine = Crowd(60, "50 updates/s", [1.0], [1.0], [0.03] * 20, [50.0], [3.0], 60, 10.0, idle,
                 replace(idle, server_seconds=4), 1.0, 1000, 0.5, [])
    assert fine.server == pytest.approx(30)
    assert fine.problems == []
    slow = replace(fine, moves=[0.06] * 20, pauses=[3.0, 4.5], after=replace(idle, server_seconds=6, workers=400),
                   errors=["oh", "oh"])
    assert [said.split(":")[-2].strip() for said in slow.problems[1:]] == ["60 ms; wanted", "4.5 s; wanted",
                                                                     "50 % of a core; wanted", "700 MB; wanted"]
    assert slow.problems[0] == "oh"
    assert replace(slow, people=10, errors=[]).problems == []


def test_a_promise_to_a_full_class_that_is_not_kept_is_said() -> None:
    idle = Use(server=300, workers=350, server_seconds=1, worker_seconds=0, threads=1, files=1, children=1, database=0)
    times = {promise.what: [promise.most] * 20 for promise in PROMISES}
    fine = Hour(60, times, {"voting": (10.0, idle, idle)}, points=60, grouped=60)
    assert fine.problems == []
    assert "50/50/50 ms" in str(fine)
    slow = replace(fine, times={what: [2 * seconds for seconds in waited] for what, waited in times.items()},
                   uses={"voting": (10.0, idle, replace(idle, workers=400))}, grouped=59, errors=["oh", "oh"])
    assert [said.split(":")[-1].strip() for said in slow.problems if "wanted" in said] == [
        *(f"at most {promise.most:g}" for promise in PROMISES), "at most 690"]
    assert slow.problems[:2] == ["oh", "60 people: the experiment has 60 points, 59 in groups"]
    assert replace(slow, people=6, points=6, grouped=6, errors=[]).problems == []
