# ruff: noqa: T201 (printing is what it is for)
"""A robot takes the course: ``python -m benchmarks.lessons`` (or ``make lessons``).

Goes through every lesson in both languages in the real app: with right answers, with each wrong one, leaving in
mid-lesson, by keyboard alone. Compares each number on the cards with the stored run; prints cards, predictions, words,
minutes; fails when anything is not as it should be. ``--lessons gates prices`` takes these, ``--languages zh``,
``--ways right keyboard`` likewise; ``--pictures FOLDER`` keeps a picture of each card, on a wide or a narrow screen,
light or dark, as ``LOOKS`` says for each way. Needs requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from benchmarks.lessons.report import Report, Way
from benchmarks.lessons.robot import Robot
from benchmarks.load.__main__ import served
from lstm_core.i18n import LANGUAGES
from lstm_core.lessons.asks import Choice
from lstm_core.lessons.cards import Lesson, Predict, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from tests.browser.conftest import QUIET, Server

WAYS = ("right", "wrong", "leaving", "keyboard")
Look = tuple[int, int, Literal["light", "dark"]]
WIDE: Look = (1280, 900, "light")
LOOKS: dict[tuple[str, str], Look] = {      # by way and language; who leaves does so with a phone, as people do
    ("right", "en"): WIDE, ("right", "zh"): (1280, 900, "dark"),
    ("right leaving", "en"): (390, 844, "dark"), ("right leaving", "zh"): (390, 844, "light"),
    ("right keyboard", "en"): (1920, 1080, "dark"), ("right keyboard", "zh"): (1920, 1080, "light")}


def main() -> None:
    """Take the lessons that are asked for, print what they are like, and fail when something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lessons", description="A robot takes the course")
    parser.add_argument("--lessons", nargs="*", choices=tuple(LESSONS), default=list(LESSONS))
    parser.add_argument("--languages", nargs="*", choices=tuple(LANGUAGES), default=list(LANGUAGES))
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep a picture of each card there")
    asked = parser.parse_args()
    if asked.pictures is not None:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    problems = []
    print(f"{'lesson':13} {'':3} {'way':12} cards predictions words numbers training minutes, words of each card")
    with sync_playwright() as playwright, served() as (server, _folder):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for lesson in (LESSONS[name] for name in asked.lessons):
            for language in asked.languages:
                for way in ways(lesson, asked.ways):
                    report = taken(browser, server, lesson, language, way, asked.pictures)
                    print(f"{lesson.name:13} {language:3} {way.name:12} {report.cards:5} {report.predictions:11} "
                          f"{report.words:5} {report.numbers:7} {report.training:7.0f}s {report.minutes:7.1f} ",
                          *report.of_cards, flush=True)
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


def taken(browser: Browser, server: Server, lesson: Lesson, language: str, way: Way, pictures: Path | None) -> Report:
    """Take a lesson with a browser of its own, which nobody knows yet."""
    width, height, scheme = LOOKS.get((way.name, language), WIDE)
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale=language)
    try:
        return Robot(context.new_page(), server, lesson, language, way, pictures).take()
    finally:
        context.close()


if __name__ == "__main__":
    main()
