"""Takes one lesson as a learner does, in a real browser, and compares each number on its cards with the stored run."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page, expect

from benchmarks.lessons import truth
from lstm_core import i18n
from lstm_core.lessons import chance
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import TYPED, Ask, Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.moment import Moment
from lstm_core.storage.courses import CourseStore
from lstm_core.storage.store import Store
from lstm_core.ui.base.browser_cookie import COOKIE
from lstm_core.ui.learn.lesson import END
from tests.browser.conftest import Server

PATIENCE = 30_000               # milliseconds until a card must have answered
TRAINING = 300_000              # and until what it waits for must have been trained
WORDS_A_MINUTE = 200
LEFT_AFTER = 3                  # cards after which one leaves, in the way that does

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Way:
    """How the robot takes a lesson."""

    answers: Literal["right", "wrong"] = "right"
    option: int = 0                 # of several wrong ones which
    keyboard: bool = False          # nothing but the keyboard is used
    leaves: bool = False            # in mid-lesson the page is left, and opened again in a new tab

    @property
    def name(self) -> str:
        """Return what it is called in the report."""
        return " ".join(filter(None, (self.answers, f"#{self.option + 1}" if self.answers == "wrong" else "",
                                      "keyboard" if self.keyboard else "", "leaving" if self.leaves else "")))


@dataclass
class Report:
    """What a lesson was like."""

    cards: int = 0
    predictions: int = 0
    words: int = 0
    training: float = 0.0           # seconds
    numbers: int = 0                # that were compared
    problems: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """Return how long it takes a learner."""
        return self.words / WORDS_A_MINUTE + self.training / 60


class Robot:
    """A learner in one tab of a browser."""

    def __init__(self, page: Page, server: Server, lesson: Lesson, language: str, way: Way) -> None:
        self.page, self.server, self.lesson, self.language, self.way = page, server, lesson, language, way
        self.words = lesson_words.read(lesson_words.FOLDER / language / f"{lesson.name}.md")
        self.report = Report()
        self.store = Store(server.database)
        self.moments: dict[str, Moment] = {}

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
                self.report.problems.append(f"{self._at()}: {type(error).__name__}: {str(error)[:600]}")
            finally:
                self.store.close()
        return self.report

    # -- moving about --------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.page.goto(f"{self.server.address}/learn?lesson={self.lesson.name}&lang={self.language}")
        expect(self._key("card")).to_be_visible(timeout=PATIENCE)
        expect(self._key("card_on")).to_be_visible(timeout=PATIENCE)

    def _leave(self) -> None:
        """Leave for another page, and open the lesson anew without naming a card: it goes on where one was."""
        before = self._at()
        self.page.goto(f"{self.server.address}/challenges")
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE)
        self._open()
        if self._at() != before:
            self.report.problems.append(f"came back to {self._at()} instead of {before}")

    def _at(self) -> str:
        return parse_qs(urlsplit(self.page.url).query).get("card", [""])[0]

    def _key(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}").locator("visible=true").first

    def _press(self, key: str) -> None:
        button = self._key(key).locator("button").locator("visible=true").first
        expect(button).to_be_enabled(timeout=PATIENCE)
        self._hit(button)

    def _hit(self, control: Locator, key: str = "Enter") -> None:
        if self.way.keyboard:
            control.focus()
            self.page.keyboard.press(key)
        else:
            control.click()

    def _on(self, card: AnyCard) -> None:
        """Go on to the next card, or to the end."""
        names = [other.name for other in self.lesson.cards] + [END]
        self._press("card_on")
        self.page.wait_for_function("card => new URLSearchParams(location.search).get('card') === card",
                                    arg=names[names.index(card.name) + 1], timeout=PATIENCE)
        self._still()

    # -- one card ------------------------------------------------------------------------------------------

    def _card(self, card: AnyCard) -> None:
        if self._at() not in ("", card.name):
            self.report.problems.append(f"{card.name}: the page stands at {self._at()}")
        self.report.cards += 1
        told = self.words.cards[card.name]
        self._shows(card, told.text)
        self.report.words += sum(counted(text) for text in told.options.values())
        match card:
            case Predict():
                self.report.predictions += 1
                self._answer(card)
                expect(self._key("card_on").locator("button")).to_be_enabled(timeout=PATIENCE)
            case Do():
                self._do(card)
            case See():
                self._see(card)
            case Why() | Transfer():
                self._reason(card)
        self._on(card)

    def _moment(self, card: AnyCard) -> Moment:
        """Return the run that the stage of a card shows, as it is stored."""
        return truth.stored(self.store, self._owner(), self.lesson.stage(card.name))

    def _owner(self) -> str:
        cookie = next(cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == COOKIE)
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
            shown = self._key("card").inner_text(timeout=PATIENCE)
            wanted = self._filled(card, template)
            missing = Counter(_NUMBER.findall(wanted)) - Counter(_NUMBER.findall(shown))
            if not missing or time.monotonic() > end:
                break
            self.page.wait_for_timeout(500)
        self.report.numbers += len(_NUMBER.findall(wanted))
        self.report.words += counted(wanted)
        if missing:
            self.report.problems.append(f"{card.name}: {dict(missing)} is not on the card: {shown!r}")

    def _filled(self, card: AnyCard, template: str) -> str:
        moment = self._moment(card)
        return lesson_words.filled(template, self.lesson.facts_of(moment))

    # -- answering -----------------------------------------------------------------------------------------

    def _answer(self, card: Predict | Why | Transfer) -> None:
        came = self._truth(card)
        self._give(card, self._said(card.ask, came))
        if isinstance(card, Predict) and isinstance(card.ask, Choice):
            self._hit(self._key("confidence").locator("button").nth(self.way.option % 3))
            self._still()
        self._press("commit")
        self._still()

    def _said(self, ask: Ask, came: Any) -> Any:
        """Return what the robot answers."""
        right = self.way.answers == "right"
        match ask:
            case Choice(options):
                wrong = [option for option in options if option != came]
                return came if right else wrong[self.way.option % len(wrong)]
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
                return {"en": "It is kept step by step.", "zh": "它一步一步地保留下来。"}[self.language]

    def _give(self, card: Predict | Why | Transfer, said: Any) -> None:
        """Put the answer into the widget, as a person would."""
        place = self._key(f"answer_{self.lesson.name}_{card.name}")
        expect(place).to_be_visible(timeout=PATIENCE)
        match card.ask:
            case Choice(options):
                at = options.index(said)
                if self.way.keyboard:
                    place.locator("input").first.focus()
                    self.page.keyboard.press("Space")
                    for _step in range(at):
                        self.page.keyboard.press("ArrowDown")
                else:
                    place.locator("label[data-baseweb=radio], label:has(input)").nth(at).click()
            case Number():
                place.locator("input").first.fill(f"{said:.10g}")
                self.page.keyboard.press("Tab")
            case Order(items):
                names = self.words.cards[card.name].options
                left = list(items)
                for item in said:
                    place.locator("input").first.click()
                    if self.way.keyboard:
                        for _step in range(left.index(item)):
                            self.page.keyboard.press("ArrowDown")
                        self.page.keyboard.press("Enter")
                    else:
                        name = _plain(self._filled(card, names[item]))
                        self.page.get_by_role("option", name=name, exact=True).click()
                    left.remove(item)
                    self._still()
                self.page.keyboard.press("Escape")
            case Curve():
                places = np.linspace(0, card.ask.points - 1, TYPED)
                for number, height in enumerate(np.interp(places, np.arange(card.ask.points), said)):
                    place.locator("input").nth(number).fill(f"{height:.4g}")
                    self.page.keyboard.press("Tab")
            case OwnWords():
                place.locator("textarea").fill(said)
                self.page.keyboard.press("Tab")
        self._still()

    def _still(self) -> None:
        """Wait until the server has answered what was done last; a run in training goes on meanwhile."""
        self.page.wait_for_timeout(400)
        self.page.locator("[data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
        self.page.wait_for_timeout(200)

    # -- doing, seeing, saying why -------------------------------------------------------------------------

    def _do(self, card: Do) -> None:
        began = time.monotonic()
        on = self._key("card_on").locator("button")
        presses = [part.strip().removeprefix("press ") for part in card.does.split(",") if "press " in part]
        if card.does and all(part.strip().startswith("press") for part in card.does.split(",")) and on.is_disabled():
            for key in presses:
                self._press(key)
        elif on.is_disabled():          # what is set by hand on this page the robot has shown to it
            shown = self._key("show_me").locator("button")
            expect(shown).to_be_visible(timeout=PATIENCE)
            self._hit(shown)
        expect(on).to_be_enabled(timeout=TRAINING)
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
        on = self._key("card_on").locator("button")
        self._answer(card)
        replies = self.words.cards[card.name].replies
        if isinstance(card.ask, OwnWords):
            expect(on).to_be_enabled(timeout=PATIENCE)
            self._shows(card, replies["ours"])
            return
        if self.way.answers == "wrong":
            came = self._truth(card)
            said = self._said(card.ask, came)
            if isinstance(said, str) and said in replies:
                self._shows(card, replies[said])
            if on.is_disabled():
                for _again in range(2):         # a click may only close an open list of options
                    if not self._key("show_me").is_visible():
                        self._press("commit")
                        self._still()
                shown = self._key("show_me").locator("button")
                expect(shown).to_be_visible(timeout=PATIENCE)
                self._hit(shown)
        expect(on).to_be_enabled(timeout=PATIENCE)

    def _ended(self) -> None:
        if self._at() != END:
            self.report.problems.append(f"the lesson ended at {self._at()!r}")
        expect(self._key("card")).to_contain_text(_plain(self.words.showed)[:20], timeout=PATIENCE)
        self.report.words += counted(self.words.showed)


def counted(text: str) -> int:
    """Return how many words a text has; of Chinese two characters count as one."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(re.findall(r"[A-Za-z0-9.,%]+", text)) + chinese // 2


def _plain(text: str) -> str:
    return re.sub(r"[*`$]", "", text)
