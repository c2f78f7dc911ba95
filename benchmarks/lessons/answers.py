"""What the robot answers to each kind of question, and how it puts the answer into the widget."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Locator, expect

from benchmarks.lessons.report import Way
from benchmarks.lessons.tab import PATIENCE, Tab
from lstm_core.lessons.asks import TYPED, Ask, Choice, Curve, Number, Order, OwnWords

OWN_WORDS = {"en": "It is kept step by step.", "zh": "它一步一步地保留下来。"}


def chosen(ask: Ask, came: Any, way: Way, language: str) -> Any:
    """Return what the robot answers.

    Args:
        ask: what is asked.
        came: the right answer.
        way: how it takes the lesson.
        language: in which it writes words of its own.
    """
    right = way.answers == "right"
    match ask:
        case Choice(options):
            wrong = [option for option in options if option != came]
            return came if right else wrong[way.option % len(wrong)]
        case Number():
            if right:
                return float(format(came, ".4g"))
            return ask.low if abs(came - ask.low) > abs(came - ask.high) else ask.high
        case Order():
            return tuple(came) if right else tuple(reversed(came))
        case Curve():
            heights = np.asarray(came, dtype=float)
            return heights if right else ask.low + ask.high - heights
        case OwnWords():
            return OWN_WORDS[language]


def give(tab: Tab, place: Locator, ask: Ask, answer: Any, name: Callable[[str], str]) -> None:
    """Put an answer into the widget, as a person would.

    Args:
        tab: in which the card is open.
        place: the widget.
        ask: what is asked.
        answer: what is answered.
        name: what an option or a thing is called on the page.
    """
    match ask:
        case Choice(options):
            _choose(tab, place, options.index(answer))
        case Number():
            place.locator("input").first.fill(f"{answer:.10g}")
            tab.page.keyboard.press("Tab")
        case Order():
            _order(tab, place, [plain(name(item)) for item in answer])
        case Curve():
            places = np.linspace(0, ask.points - 1, TYPED)
            for number, height in enumerate(np.interp(places, np.arange(ask.points), answer)):
                place.locator("input").nth(number).fill(f"{height:.4g}")
                tab.page.keyboard.press("Tab")
        case OwnWords():
            place.locator("textarea").fill(answer)
            tab.page.keyboard.press("Tab")
    tab.still()


def plain(text: str) -> str:
    """Return words without the marks of Markdown, as they stand on the page."""
    return re.sub(r"[*`$]", "", text)


def _choose(tab: Tab, place: Locator, at: int) -> None:
    if not tab.keyboard:
        place.locator("label[data-baseweb=radio], label:has(input)").nth(at).click()
        return
    place.locator("input").first.focus()
    tab.page.keyboard.press("Space")
    for _step in range(at):
        tab.page.keyboard.press("ArrowDown")


def _order(tab: Tab, place: Locator, names: list[str]) -> None:
    box = place.locator("input").first
    for number, name in enumerate(names):
        option = tab.page.get_by_role("option", name=name, exact=True)
        if tab.keyboard:
            box.focus()
            for _step in range(len(names) - number + 1):
                tab.page.keyboard.press("ArrowDown")
                expect(tab.page.get_by_role("option").first).to_be_visible(timeout=PATIENCE)
                if option.get_attribute("data-focused"):
                    break
            tab.page.keyboard.press("Enter")
        else:
            box.click()
            option.click()
        tab.still()
    tab.page.keyboard.press("Escape")
