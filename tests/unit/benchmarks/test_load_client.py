"""The simulated browser of `make load` keeps to what Streamlit's own frontend does."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load.crowd import late, pause, rate
from benchmarks.load.page import Page
from benchmarks.load.session import Session

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


def address(page: Page, query: str) -> None:
    made = message()
    made.page_info_changed.query_string = query
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


def test_numbers_of_another_run_do_not_count_for_this_one(page: Page) -> None:
    made = message()
    made.delta.new_element.metric.label, made.delta.new_element.metric.body = "Updates", "1,234"
    page.receive(made.SerializeToString())
    assert page.updates == 1234
    address(page, "source=waves&run=abc")
    assert (page.run, page.updates) == ("abc", 0)
    page.receive(made.SerializeToString())
    address(page, "source=waves&run=abc&dropout=0.2")
    assert (page.run, page.updates) == ("abc", 1234)


def test_the_last_picture_of_another_run_is_no_advance_of_this_one() -> None:
    session = Session("http://127.0.0.1:1")
    made = message()
    for updates in ("1,234", "12", "24"):
        made.delta.new_element.metric.label, made.delta.new_element.metric.body = "Updates", updates
        session._receive(made.SerializeToString())
        if updates == "1,234":          # it arrives after the click, before the address of the new run
            changed = message()
            changed.page_info_changed.query_string = "source=waves&run=abc"
            session._receive(changed.SerializeToString())
    assert [updates for _moment, updates in session.advances] == [12, 24]


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
