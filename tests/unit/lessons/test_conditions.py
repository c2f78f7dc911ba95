"""What a card waits for: it is there when the lab says so, and not a moment before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lstm_core.inside.interventions import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    EditNumber,
    Intervention,
    SetState,
    ZeroUnit,
)
from lstm_core.lessons import offline
from lstm_core.lessons.conditions import Condition, Seen, changed, holds, setting, trained, untouched, widget
from lstm_core.spec import RunSpec

NONE = offline.untrained(RunSpec())
CHANGES: tuple[Intervention, ...] = (
    ClampGate(0, "f", 1.0), ClampGate(1, "o", 0.0, unit=2, step=3), ZeroUnit(0, 1), SetState(0, "h", 1.0),
    EditNumber(0, 0, 0.5), EditLetter(0, 1), ChangeWeight("head.bias", (0,), 0.0))


def seen(*changes: Intervention, widgets: dict[str, Any] | None = None, **run: Any) -> Seen:
    return Seen(replace(NONE, **run), widgets or {}, changes)


@pytest.mark.parametrize(("run", "ended", "five"), [
    ({}, False, False), ({"own": True}, False, False), ({"own": True, "update": 4}, False, False),
    ({"own": True, "update": 5}, False, True), ({"own": True, "update": 9, "ended": True}, True, True),
    ({"own": False, "update": 9, "ended": True}, False, False)])
def test_a_run_is_waited_for_until_ones_own_has_ended_or_got_far_enough(
        run: dict[str, Any], ended: bool, five: bool) -> None:
    assert trained()(seen(**run)) is ended
    assert trained(5)(seen(**run)) is five


@pytest.mark.parametrize(("change", "wanted"), [
    (ClampGate(0, "f", 1.0), True), (ClampGate(0, "f", 1.0 - 1e-12), True), (ClampGate(1, "f", 1.0), True),
    (ClampGate(0, "f", 0.99), False), (ClampGate(0, "f", 0.0), False), (ClampGate(0, "i", 1.0), False),
    (ClampGate(0, "f", 1.0, unit=0), False), (SetState(0, "h", 1.0), False), (ZeroUnit(0, 0), False)])
def test_a_gate_is_held_at_its_value_in_all_units(change: Intervention, wanted: bool) -> None:
    assert holds("f", 1.0)(seen(change)) is wanted
    assert holds("f", 1.0)(seen(EditLetter(0, 1), change)) is wanted


def test_a_gate_that_nobody_holds_is_waited_for() -> None:
    assert not holds("f", 1.0)(seen())


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_one(change: Intervention) -> None:
    assert changed()(seen(change))
    assert not untouched()(seen(change))


def test_without_a_change_all_is_untouched() -> None:
    assert not changed()(seen())
    assert untouched()(seen())


@pytest.mark.parametrize(("held", "wanted"), [
    ({"at": 2}, True), ({"at": 1}, False), ({"at": 1.5}, True), ({"at": None}, False), ({}, False),
    ({"other": 2}, False)])
def test_a_widget_holds_what_fits(held: dict[str, Any], wanted: bool) -> None:
    """What is not there yet, or is empty, is never asked whether it fits."""
    assert widget("at", lambda value: value > 1)(seen(widgets=held)) is wanted


@pytest.mark.parametrize(("value", "held", "wanted"), [
    ("free", {"way": "free"}, True), ("free", {"way": "ahead"}, False), ("free", {}, False),
    (True, {"way": True}, True), (True, {"way": False}, False),
    (40, {"way": 40}, True), (40, {"way": "40"}, False), (None, {"way": None}, False)])
def test_a_widget_holds_a_value(value: object, held: dict[str, Any], wanted: bool) -> None:
    assert setting("way", value)(seen(widgets=held)) is wanted


@pytest.mark.parametrize("condition", [
    trained(), trained(1), holds("f", 0.0), changed(), widget("x", bool), setting("x", 1)])
def test_nobody_has_done_anything_at_first(condition: Condition) -> None:
    assert condition(seen()) is False
