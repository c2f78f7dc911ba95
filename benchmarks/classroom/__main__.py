# ruff: noqa: T201 (printing is what it is for)
"""A class in one room, in the real app: ``python -m benchmarks.classroom`` (or ``make class``).

One teacher with a wall of 1920 by 1080 and ten learners, each in a browser context of their own, on phones and laptops,
light and dark, in English and Chinese, take the lesson of ``docs/why-lstm.md`` step by step. After each step it is
checked that the wall shows what it must, and nothing that it must not; prints a line per step with its seconds, and
fails at the first thing that is otherwise. ``--people 20`` lets more come, ``--language zh`` is that of the teacher,
``--pictures FOLDER`` keeps a picture of the wall, of the teacher's page and of two learners after each step. Needs
requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.classroom.learner import LOOKS, Learner
from benchmarks.classroom.plan import STEPS, Lesson
from benchmarks.classroom.teacher import Teacher
from benchmarks.lessons.tab import PATIENCE
from benchmarks.load.__main__ import served
from lstm_core import i18n
from tests.browser.conftest import QUIET, Server

FEWEST = 6              # people who can give all the answers of the plan


def main() -> None:
    """Take the lesson, and print how long each step of it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description="A class in one room")
    parser.add_argument("--people", type=int, default=10, metavar="N", help="learners")
    parser.add_argument("--language", choices=tuple(i18n.LANGUAGES), default=i18n.SOURCE, help="of the teacher")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep pictures of each step there")
    asked = parser.parse_args()
    if asked.people < FEWEST:
        parser.error(f"at least {FEWEST} people")
    expect.set_options(timeout=PATIENCE)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright, served() as (server, _folder):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        with i18n.speaking(asked.language):
            taken(browser, server, asked.language, asked.people, asked.pictures)


def taken(browser: Browser, server: Server, language: str, people: int, pictures: Path | None) -> None:
    """Take all steps of the lesson, and stop at the first that goes wrong."""
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    learners = [Learner(browser, server.address, *LOOKS[at % len(LOOKS)]) for at in range(people)]
    lesson = Lesson(Teacher(browser, server.address, language), learners, server.database)
    began = time.monotonic()
    for number, step in enumerate(STEPS, 1):
        begun = time.monotonic()
        try:
            step(lesson)
        except Exception as error:
            lesson.picture(pictures, f"{number:02}_{step.__name__}_failed")
            sys.exit(f"{step.__name__}: {type(error).__name__}: {error}")
        seconds = time.monotonic() - begun
        print(f"{number:2} {step.__name__:16} {seconds:6.1f} s  {(step.__doc__ or '').splitlines()[0]}", flush=True)
        lesson.picture(pictures, f"{number:02}_{step.__name__}")
    complaints = [*lesson.teacher.complaints, *lesson.teacher.complaints_of_wall,
                  *(said for learner in learners for said in learner.complaints)]
    if complaints:
        sys.exit("\n".join(["The browsers have complained:", *complaints]))
    print(f"{people} learners, {len(STEPS)} steps, {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
