# ruff: noqa: T201 (printing is what it is for)
"""A robot takes the course: ``python -m benchmarks.lessons`` (or ``make lessons``).

Goes through every lesson in both languages in the real app: with right answers, with each wrong one, leaving in
mid-lesson, by keyboard alone. Compares each number on the cards with the stored run; prints cards, predictions, words,
minutes; fails when anything is not as it should be. ``--lessons gates prices`` takes these, ``--languages zh``,
``--ways right keyboard`` likewise. Needs requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.lessons.robot import Report, Robot, Way
from benchmarks.load.__main__ import served
from lstm_core.i18n import LANGUAGES
from lstm_core.lessons.asks import Choice
from lstm_core.lessons.cards import Lesson, Predict, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from tests.browser.conftest import QUIET, Server

WAYS = ("right", "wrong", "leaving", "keyboard")
SCREEN: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}     # of the one who leaves: a phone is put away more often


def main() -> None:
    """Take the lessons that are asked for, print what they are like, and fail when something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lessons", description="A robot takes the course")
    parser.add_argument("--lessons", nargs="*", choices=tuple(LESSONS), default=list(LESSONS))
    parser.add_argument("--languages", nargs="*", choices=tuple(LANGUAGES), default=list(LANGUAGES))
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    problems = []
    print(f"{'lesson':13} {'':3} {'way':12} cards predictions words numbers training minutes")
    with sync_playwright() as playwright, served() as (server, _folder):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for lesson in (LESSONS[name] for name in asked.lessons):
            for language in asked.languages:
                for way in ways(lesson, asked.ways):
                    report = taken(browser, server, lesson, language, way)
                    print(f"{lesson.name:13} {language:3} {way.name:12} {report.cards:5} {report.predictions:11} "
                          f"{report.words:5} {report.numbers:7} {report.training:7.0f}s {report.minutes:7.1f}",
                          flush=True)
                    for problem in report.problems:
                        print(f"    {problem}", flush=True)
                    problems += [f"{lesson.name} {language} {way.name}: {problem}" for problem in report.problems]
    if problems:
        sys.exit("\n".join(["", f"{len(problems)} problems:", *problems]))


def ways(lesson: Lesson, wanted: list[str]) -> Iterator[Way]:
    """Yield the ways in which a lesson is to be taken; each wrong option of any of its cards comes once."""
    if "right" in wanted:
        yield Way()
    if "wrong" in wanted:
        asks = [card.ask for card in lesson.cards if isinstance(card, Predict | Why | Transfer)]
        most = max((len(ask.options) - 1 for ask in asks if isinstance(ask, Choice)), default=1)
        yield from (Way("wrong", option) for option in range(most))
    if "leaving" in wanted:
        yield Way(leaves=True)
    if "keyboard" in wanted:
        yield Way(keyboard=True)


def taken(browser: Browser, server: Server, lesson: Lesson, language: str, way: Way) -> Report:
    """Take a lesson with a browser of its own, which nobody knows yet."""
    context = browser.new_context(viewport=NARROW if way.leaves else SCREEN, locale=language)
    try:
        return Robot(context.new_page(), server, lesson, language, way).take()
    finally:
        context.close()


if __name__ == "__main__":
    main()
