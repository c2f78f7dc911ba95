"""The box in which a curve is drawn: what it keeps, what it takes from a browser, what its points are called."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from lstm_core.lessons.asks import TYPED
from lstm_core.ui.shared import curve_box as module
from lstm_core.ui.shared.curve_box import CurveFrame, curve_box, drawn_now, place_names

FRAME = CurveFrame("Update", "Loss", "1", "100", low=0.0, high=1.0, points=5)
EMPTY = (None,) * 5
CURVE = (0.1, 0.2, None, 0.4, 0.5)


class Browser:
    """Stands for the component: what it was shown last, and what it sends."""

    def __init__(self) -> None:
        self.sends: Any = None
        self.data: dict[str, Any] = {}

    def __call__(self, *, data: dict[str, Any], **_settings: Any) -> dict[str, Any]:
        self.data = data
        return {} if self.sends is None else {"curve": self.sends}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr(module, "_component", made)
    monkeypatch.setattr(st, "session_state", {})
    return made


def shown(drawn: module.Drawn = EMPTY) -> module.Drawn | None:
    return curve_box("curve", FRAME, drawn, truth=None, locked=False)


def test_what_is_drawn_is_returned_and_stays_when_one_comes_back(browser: Browser) -> None:
    assert shown() is None
    browser.sends = {"values": list(CURVE), "turn": 1}
    assert shown() == CURVE
    browser.sends = None                    # another page was shown: the component is a new one
    assert shown() == CURVE
    assert (browser.data["drawn"], browser.data["turn"]) == (list(CURVE), 1)


def test_a_button_pressed_before_the_box_is_drawn_anew_finds_what_was_just_sent(browser: Browser) -> None:
    browser.sends = {"values": list(CURVE), "turn": 1}
    shown()
    assert drawn_now("curve", 5) == CURVE
    newer = (0.9, *CURVE[1:])
    st.session_state["curve"] = {"curve": {"values": list(newer), "turn": 2}}
    assert drawn_now("curve", 5) == newer
    st.session_state["curve"] = {"curve": {"values": "no curve", "turn": 3}}
    assert drawn_now("curve", 5) == CURVE


def test_cleared_is_nothing_even_where_something_was_answered_before(browser: Browser) -> None:
    assert shown(CURVE) == CURVE
    browser.sends = {"values": list(EMPTY), "turn": 1}
    assert shown(CURVE) is None


def test_another_beginning_begins_anew_whatever_was_sent_before(browser: Browser) -> None:
    browser.sends = {"values": list(CURVE), "turn": 3}
    assert shown() == CURVE
    other = (1.0,) * 5
    assert shown(other) == other            # the component still has its last message
    assert browser.data["turn"] == 3        # so that the browser takes it over


@pytest.mark.parametrize("sent", [
    7, "curve", [], {}, {"values": list(CURVE)}, {"values": list(CURVE[:4]), "turn": 1}, {"values": 5, "turn": 1},
    {"values": list(CURVE), "turn": 0}, {"values": list(CURVE), "turn": 2**53}, {"values": list(CURVE), "turn": 1.5},
    {"values": [0.1, 0.2, float("nan"), 0.4, 0.5], "turn": 1}, {"values": [True, *CURVE[1:]], "turn": 1},
    {"values": [float("inf"), *CURVE[1:]], "turn": 1}, {"values": [10**400, *CURVE[1:]], "turn": 1},
    {"values": ["0.1", *CURVE[1:]], "turn": 1}], ids=str)
def test_what_the_box_does_not_send_is_not_taken(browser: Browser, sent: object) -> None:
    browser.sends = sent
    assert shown() is None


def test_a_number_beyond_the_box_is_handed_on_for_the_ask_to_refuse(browser: Browser) -> None:
    browser.sends = {"values": [7, None, None, None, 0.5], "turn": 1}
    assert shown() == (7.0, None, None, None, 0.5)


def test_what_is_not_finite_leaves_no_trace_in_the_message(browser: Browser) -> None:
    curve_box("curve", FRAME, CURVE, truth=(0.1, float("nan"), float("inf"), 0.2, 0.3), locked=True)
    assert browser.data["truth"] == [0.1, None, None, 0.2, 0.3]


@pytest.mark.parametrize(("first", "last", "names"), [
    ("1", "100", ["1", "26", "50", "75", "100"]),
    ("0", "1", ["0", "0.25", "0.5", "0.75", "1"]),
    ("-20", "0", ["-20", "-15", "-10", "-5", "0"]),
    ("now", "20 steps on", ["now", "25%", "50%", "75%", "20 steps on"])])
def test_points_are_called_by_numbers_where_the_ends_are(first: str, last: str, names: list[str]) -> None:
    assert place_names(first, last) == names
    assert len(names) == TYPED
