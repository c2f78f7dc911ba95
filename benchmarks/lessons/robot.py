"""Takes one lesson as a learner does, in a real browser, and compares each number on its cards with the stored run."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from benchmarks.lessons import answers, truth
from benchmarks.lessons.report import Report, Way, counted
from benchmarks.lessons.tab import PATIENCE, Tab
from lstm_core import i18n
from lstm_core.lessons import chance
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Choice, Curve, OwnWords
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.moment import Moment
from lstm_core.storage.courses import CourseStore
from lstm_core.storage.store import Store
from lstm_core.ui.base.browser_cookie import COOKIE
from lstm_core.ui.learn.lesson import END
from tests.browser.conftest import Server

TRAINING = 300_000              # milliseconds until what a card waits for must have been trained
LEFT_AFTER = 3                  # cards after which one leaves, in the way that does

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Robot:
    """A learner in one tab of a browser."""

    def __init__(self, page: Page, server: Server, lesson: Lesson, language: str, way: Way,
                 pictures: Path | None = None) -> None:
        """Prepare to take a lesson.

        Args:
            page: of a browser that nobody knows yet.
            server: at which it is taken.
            lesson: which is taken.
            language: in which.
            way: how.
            pictures: folder for a picture of each card; None: none are wanted.
        """
        begin = None if pictures is None else pictures / f"{lesson.name}_{language}_{way.name.replace(' ', '_')}"
        self.tab = Tab(page, keyboard=way.keyboard, pictures=begin)
        self.server, self.lesson, self.language, self.way = server, lesson, language, way
        self.words = lesson_words.read(lesson_words.FOLDER / language / f"{lesson.name}.md")
        self.report = Report()
        self.store = Store(server.database)

    def take(self) -> Report:
        """Take the lesson from its first card to its end."""
        with i18n.speaking(self.language):
            try:
                self._open()
                for number, card in enumerate(self.lesson.cards):
                    if self.way.leaves and number == LEFT_AFTER:
                        self._leave()
                    self._card(card)
                self._ended()
            except Exception as error:
                self.report.problems.append(f"{self.tab.card}: {type(error).__name__}: {str(error)[:600]}")
            finally:
                self.store.close()
        return self.report

    # -- moving about --------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.tab.page.goto(f"{self.server.address}/learn?lesson={self.lesson.name}&lang={self.language}")
        expect(self.tab.key("card")).to_be_visible(timeout=PATIENCE)
        expect(self.tab.key("card_on")).to_be_visible(timeout=PATIENCE)

    def _leave(self) -> None:
        """Leave for another page, and open the lesson anew without naming a card: it goes on where one was."""
        before = self.tab.card
        self.tab.page.goto(f"{self.server.address}/challenges")
        expect(self.tab.page.locator("h1")).to_be_visible(timeout=PATIENCE)
        self._open()
        self.tab.page.wait_for_function("new URLSearchParams(location.search).get('card')", timeout=PATIENCE)
        if self.tab.card != before:
            self.report.problems.append(f"came back to {self.tab.card} instead of {before}")

    def _on(self, card: AnyCard) -> None:
        """Go on to the next card, or to the end."""
        names = [other.name for other in self.lesson.cards] + [END]
        self.tab.press("card_on")
        self.tab.page.wait_for_function("card => new URLSearchParams(location.search).get('card') === card",
                                        arg=names[names.index(card.name) + 1], timeout=PATIENCE)
        self.tab.still()

    # -- one card ------------------------------------------------------------------------------------------

    def _card(self, card: AnyCard) -> None:
        if self.tab.card not in ("", card.name):
            self.report.problems.append(f"{card.name}: the page stands at {self.tab.card}")
        self.report.cards += 1
        told = self.words.cards[card.name]
        self.report.of_cards.append(0)
        self._shows(card, told.text)
        self.report.of_cards[-1] += sum(counted(text) for text in told.options.values())
        match card:
            case Predict():
                self.report.predictions += 1
                self._answer(card)
                expect(self.tab.button("card_on")).to_be_enabled(timeout=PATIENCE)
            case Do():
                self.tab.picture(card.name)
                self._do(card)
            case See():
                self._see(card)
            case Why() | Transfer():
                self._reason(card)
        if not isinstance(card, Do):
            self.tab.picture(card.name)
        self._on(card)

    def _moment(self, card: AnyCard) -> Moment:
        """Return the run that the stage of a card shows, as it is stored."""
        return truth.stored(self.store, self._owner(), self.lesson.stage(card.name))

    def _owner(self) -> str:
        cookie = next(cookie["value"] for cookie in self.tab.page.context.cookies() if cookie["name"] == COOKIE)
        return hashlib.sha256(cookie.encode()).hexdigest()[:32]

    def _truth(self, card: Predict | Why | Transfer) -> Any:
        moment = self._moment(truth.deciding(self.lesson, card))
        if not moment.ended:
            moment = truth.beforehand(self.lesson, card)
        return card.truth(moment)

    def _shows(self, card: AnyCard, template: str) -> None:
        """Compare the words of a card with what they must be, number by number, until the run has been saved."""
        end = time.monotonic() + 15
        while True:
            shown = self.tab.key("card").inner_text(timeout=PATIENCE)
            wanted = self._filled(card, template)
            missing = Counter(_NUMBER.findall(wanted)) - Counter(_NUMBER.findall(shown))
            if not missing or time.monotonic() > end:
                break
            self.tab.page.wait_for_timeout(500)
        self.report.numbers += len(_NUMBER.findall(wanted))
        self.report.of_cards[-1] += counted(wanted)
        if missing:
            self.report.problems.append(f"{card.name}: {dict(missing)} is not on the card: {shown!r}")

    def _filled(self, card: AnyCard, template: str) -> str:
        moment = self._moment(card)
        return lesson_words.filled(template, self.lesson.facts_of(moment))

    # -- answering -----------------------------------------------------------------------------------------

    def _answer(self, card: Predict | Why | Transfer) -> None:
        came = self._truth(card)
        place = self.tab.key(f"answer_{self.lesson.name}_{card.name}")
        expect(place).to_be_visible(timeout=PATIENCE)
        options = self.words.cards[card.name].options
        answers.give(self.tab, place, card.ask, answers.chosen(card.ask, came, self.way, self.language),
                     name=lambda item: self._filled(card, options[item]))
        if isinstance(card, Predict) and isinstance(card.ask, Choice):
            self.tab.hit(self.tab.key("confidence").locator("button").nth(self.way.option % 3))
            self.tab.still()
        self.tab.press("commit")
        self.tab.still()

    # -- doing, seeing, saying why -------------------------------------------------------------------------

    def _do(self, card: Do) -> None:
        began = time.monotonic()
        on = self.tab.button("card_on")
        presses = [part.strip().removeprefix("press ") for part in card.does.split(",") if "press " in part]
        if card.does and all(part.strip().startswith("press") for part in card.does.split(",")) and on.is_disabled():
            for key in presses:
                self.tab.press(key)
        elif on.is_disabled():          # what is set by hand on this page the robot has shown to it
            shown = self.tab.button("show_me")
            expect(shown).to_be_visible(timeout=PATIENCE)
            self.tab.hit(shown)
        expect(on).to_be_enabled(timeout=TRAINING)
        if not self._kept(card.name).get("done"):
            self.report.problems.append(f"{card.name}: Show me has not brought about what it waits for")
        if presses == ["lesson_train"]:
            self.report.training += time.monotonic() - began

    def _see(self, card: See) -> None:
        asked = self.lesson.card(card.of)
        assert isinstance(asked, Predict)
        came = asked.truth(self._moment(card))
        said = self._kept(asked.name).get("answer")
        answer: Any = tuple(said) if isinstance(said, list) else said
        verdict = chance.judge(self.lesson, asked, answer, came).verdict
        replies = self.words.cards[card.name].replies
        key = said if isinstance(said, str) and verdict != "right" and said in replies else verdict
        if verdict == "off" and self.way.answers == "right" and not isinstance(asked.ask, Curve):
            self.report.problems.append(f"{card.name}: {said!r} was to be right, and {came!r} came")
        if reply := replies.get(key) or (replies.get(said) if isinstance(said, str) else None) or replies.get("off"):
            self._shows(card, reply)

    def _kept(self, card: str) -> dict[str, Any]:
        """Return what the server keeps of a card."""
        kept = json.loads(CourseStore(self.store).load(self._owner()).progress)
        found: dict[str, Any] = kept["lessons"][self.lesson.name]["cards"][card]
        return found

    def _reason(self, card: Why | Transfer) -> None:
        on = self.tab.button("card_on")
        self._answer(card)
        replies = self.words.cards[card.name].replies
        if isinstance(card.ask, OwnWords):
            expect(on).to_be_enabled(timeout=PATIENCE)
            self._shows(card, replies["ours"])
            return
        if self.way.answers == "wrong":
            came = self._truth(card)
            said = answers.chosen(card.ask, came, self.way, self.language)
            if isinstance(said, str) and said in replies:
                self._shows(card, replies[said])
            if on.is_disabled():
                for _again in range(2):         # a click may only close an open list of options
                    if not self.tab.key("show_me").is_visible():
                        self.tab.press("commit")
                        self.tab.still()
                shown = self.tab.button("show_me")
                expect(shown).to_be_visible(timeout=PATIENCE)
                self.tab.hit(shown)
        expect(on).to_be_enabled(timeout=PATIENCE)

    def _ended(self) -> None:
        if self.tab.card != END:
            self.report.problems.append(f"the lesson ended at {self.tab.card!r}")
        expect(self.tab.key("card")).to_contain_text(answers.plain(self.words.showed)[:20], timeout=PATIENCE)
        self.tab.picture(END)
        self.report.of_cards.append(counted(self.words.showed))
