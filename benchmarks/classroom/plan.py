"""The lesson of ``docs/why-lstm.md``, step by step, and what the wall must show after each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, expect

from benchmarks.classroom.learner import Learner
from benchmarks.classroom.teacher import Teacher
from lstm_core.i18n import gettext as _
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.presets import PRESETS
from lstm_core.storage.classes import ClassStore
from lstm_core.storage.store import Store
from lstm_core.ui.classroom import words

TRAINED = 600_000       # milliseconds in which a class has trained
DRAWN = 1.5             # pixels by which a point of an experiment may lie beside its number
SPREAD = ".wall-bar-row, .wall-column, .wall-curve, .wall-judged"       # what shows how answers are spread


class Lesson:
    """A teacher and learners in one room, and what they have done so far."""

    def __init__(self, teacher: Teacher, learners: Sequence[Learner], database: str) -> None:
        self.teacher, self.learners = teacher, learners
        self.store = Store(database)
        self.classes = ClassStore(self.store)
        self.words = words.wall()
        self.asked = -1                 # number of the question or experiment that is on

    @property
    def people(self) -> int:
        """Return how many learners there are."""
        return len(self.learners)

    @property
    def code(self) -> str:
        """Return the code of the class, as it stands on the wall."""
        return self.wall(".wall-code-small").inner_text().replace(" ", "")

    def wall(self, what: str = ".wall") -> Locator:
        """Return a part of the wall."""
        return self.teacher.wall.locator(what)

    def says(self, name: str, **fields: object) -> None:
        """Wait until the wall says a sentence of its own."""
        expect(self.wall()).to_contain_text(self.words[name].format(**fields))

    def shows_no_spread(self) -> None:
        """Make sure that nobody sees yet what others have answered."""
        expect(self.wall(SPREAD)).to_have_count(0)

    def picture(self, folder: Path | None, name: str) -> None:
        """Keep a picture of the wall, of the teacher's page and of the first two learners."""
        if folder is None:
            return
        self.teacher.wall.wait_for_timeout(700)         # what glides has come to rest
        pages = {"wall": self.teacher.wall, "teacher": self.teacher.page, "phone": self.learners[0].page,
                 "laptop": self.learners[1].page}
        for who, page in pages.items():
            page.screenshot(path=folder / f"{name}_{who}.png")

    # -- questions -----------------------------------------------------------------------------------------

    def ask(self, lesson: str, number: int) -> None:
        """Ask a question of the course: the n-th of a lesson, from 1."""
        teacher = self.teacher
        teacher.turn(_("Ask"))
        teacher.pick("class_lesson", _("Lesson"), f"{LESSONS[lesson].number} · {lesson_words.words(lesson).title}")
        teacher.pick_number("class_card", _("Question"), number)
        teacher.press("class_ask", _("Ask it"))
        self.asked += 1
        self.says("answered", count=0, all=self.people)
        self.shows_no_spread()

    def vote(self, answer: Callable[[Learner, int], None]) -> None:
        """Have everybody answer; half way and at the end nothing is seen but how many have."""
        half = self.people // 2
        for at, learner in enumerate(self.learners):
            answer(learner, at)
            if at + 1 == half:
                self.says("answered", count=half, all=self.people)
                self.shows_no_spread()
        self.says("answered", count=self.people, all=self.people)
        self.shows_no_spread()

    def close(self, bars: str) -> None:
        """Close the question: the wall shows how the answers are spread, not what is right."""
        self.teacher.press("class_close", _("Close the question"))
        expect(self.wall(bars).first).to_be_visible()
        expect(self.wall(".wall-right, .wall-truth, .wall-judged, .wall-real")).to_have_count(0)

    def again(self) -> None:
        """Have the second vote opened: again nothing is seen but how many have answered."""
        self.teacher.press("class_again", _("Ask again, after talking"))
        self.says("answered", count=0, all=self.people)
        self.says("second")
        self.shows_no_spread()

    def show(self, before: int, after: int, to_right: int, from_right: int) -> None:
        """Show what came: how many were right in both votes, and how many changed."""
        self.teacher.press("class_show", _("Show what came"))
        self.says("rights_both", right=before, count=self.people, later=after, later_count=self.people)
        self.says("change", to=to_right, **{"from": from_right})

    def counts(self, what: str) -> list[int]:
        """Return the numbers that stand at bars or columns."""
        return [int(text) for text in self.wall(what).all_text_contents()]

    # -- the class as one experiment -----------------------------------------------------------------------

    def experiment(self, base: str, setting: str, values: str = "") -> None:
        """Begin an experiment, have everybody train, and close it; the wall then shows the runs' own numbers."""
        teacher = self.teacher
        teacher.turn(_("Experiment"))
        teacher.pick("class_base", _("What everybody trains"), base)
        teacher.pick("class_setting", _("What differs"), setting)
        if values:
            teacher.write("class_values_distance", values)
        teacher.press("class_try", _("Begin"))
        self.asked += 1
        self.says("runs_open", done=0, count=self.people)
        self.says("sum_none")
        expect(self.wall(".wall-dot")).to_have_count(1)         # that of the legend
        for learner in self.learners:
            learner.train()
        done = self.words["runs_open"].format(done=self.people, count=self.people)
        expect(self.wall()).to_contain_text(done, timeout=TRAINED)
        teacher.press("class_close_experiment", _("Close the experiment"))
        self.says("runs_closed", done=self.people, count=self.people)
        self.equals_the_store()

    def equals_the_store(self) -> None:
        """Hold each number of the experiment against the run that the database has of this learner."""
        self.teacher.wall.wait_for_timeout(1000)        # points glide to their places
        stored = self.results()
        titles = self.wall(".wall-tile > title").all_text_contents()
        shown = [float(re.split("[:：]", title)[-1]) for title in titles]
        assert shown == [float(f"{result:.3g}") for result in stored], f"the wall has {titles}, the store {stored}"
        heights = self.wall(".wall-point").evaluate_all(
            "points => points.map(point => point.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2)")
        assert len(heights) == self.people, f"{len(heights)} points for {self.people} runs"
        wanted, drawn = np.sort(stored)[::-1], np.sort(heights)         # the best lies highest
        if np.ptp(wanted) > 0:
            off = np.abs(np.polynomial.Polynomial.fit(wanted, drawn, 1)(wanted) - drawn).max()
            assert off < DRAWN, f"a point lies {off:.1f} pixels beside its number"

    def results(self) -> list[float]:
        """Return the share of right answers in percent that each learner's run has reached, in the order of joining."""
        answers = self.classes.answers(self.code, self.asked, 1)
        found = []
        for learner in self.classes.learners(self.code):
            kept = self.store.load(json.loads(answers[learner.owner]))
            assert kept is not None
            assert kept.facts.status == "done"
            found.append(100 * float(kept.evaluations["score"][-1]))
        return found


# -- the steps ----------------------------------------------------------------------------------------------


def open_class(lesson: Lesson) -> None:
    """The teacher opens a class, and its wall invites."""
    lesson.teacher.come()
    lesson.says("join")
    lesson.says("nobody")


def join(lesson: Lesson) -> None:
    """Half of all come by the link, the others type the code; one has chosen a name."""
    lesson.teacher.turn(_("More"))
    link = lesson.teacher.link()
    code = re.sub(r".*join=([A-Z]+)-.*", r"\1", link)
    for at, learner in enumerate(lesson.learners):
        if at % 2:
            learner.join_by_code(code)
        else:
            learner.join_by_link(link, "Ada" if at == 0 else "")
        if at:
            lesson.says("learners", count=at + 1)
    assert lesson.classes.learners(code)[0].name == "Ada"


def powers_first(lesson: Lesson) -> None:
    """0.9 to the power of 100: the first vote, in which most are wrong."""
    wrong = ("0.1", "0.01", "0.37", "0.9", "0.001")
    lesson.ask("forgetting", 1)
    lesson.vote(lambda learner, at: learner.say("3e-5" if at < 2 else wrong[at % len(wrong)]))
    lesson.close(".wall-column")
    assert sum(lesson.counts(".wall-column-count")) == lesson.people


def powers_second(lesson: Lesson) -> None:
    """After talking: the second vote, and what came."""
    lesson.again()
    lesson.vote(lambda learner, at: learner.say("2.5e-5" if _learned(lesson, at) else "0.001"))
    lesson.close(".wall-column")
    assert sum(lesson.counts(".wall-column-count")) == 2 * lesson.people
    lesson.show(2, lesson.people - 3, lesson.people - 4, 1)
    expect(lesson.wall(".wall-truth-name")).to_contain_text("3")


def curves(lesson: Lesson) -> None:
    """The gradient on its way back: everybody draws a curve, and all lie over each other."""
    lesson.ask("forgetting", 2)
    lesson.vote(_draw)
    lesson.close(".wall-curve")
    expect(lesson.wall(".wall-curves .wall-curve")).to_have_count(lesson.people)
    lesson.teacher.press("class_show", _("Show what came"))
    expect(lesson.wall(".wall-curves .wall-real")).to_have_count(1)
    expect(lesson.wall(".wall-curves .wall-middle")).to_have_count(1)


def lock(lesson: Lesson) -> None:
    """The controls are locked, so that nobody trains anything else while the class is one experiment."""
    lesson.teacher.turn(_("Bring"))
    lesson.teacher.switch("class_hold", _("Lock everybody's controls"))
    lesson.says("held")
    for learner in lesson.learners:
        expect(learner.bar.locator(".class-held")).to_be_visible()
    first = lesson.learners[1]
    first.page.goto(f"{first.address}/train")
    expect(first.page.locator(".st-key-train button")).to_be_disabled()
    first.page.goto(f"{first.address}/class")
    expect(first.bar.locator(".class-held")).to_be_visible()


def seeds(lesson: Lesson) -> None:
    """The class as one experiment: the same plain RNN, everybody has another seed."""
    lesson.experiment(_("As set on the page Train"), _("Seed"))


def distances_rnn(lesson: Lesson) -> None:
    """The same plain RNN across 20, 30, 40 and 60 steps."""
    lesson.experiment(_("As set on the page Train"), _("Distance"), "20, 30, 40, 60")


def unlock(lesson: Lesson) -> None:
    """The controls are opened again."""
    lesson.teacher.turn(_("Bring"))
    lesson.teacher.press("class_free", _("Let them go"))
    expect(lesson.wall(".wall-mark-of-class")).to_have_count(0)
    for learner in lesson.learners:
        expect(learner.bar.locator(".class-held")).to_be_hidden()


def gates_first(lesson: Lesson) -> None:
    """The forget gate at 1: the first vote, most believe that it forgets."""
    lesson.ask("gates", 1)
    lesson.vote(lambda learner, at: learner.choose(1 if at < 2 else 2 if at == 2 else 0))
    lesson.close(".wall-bar-row")
    assert lesson.counts(".wall-count b") == [lesson.people - 3, 2, 1]


def gates_second(lesson: Lesson) -> None:
    """After talking: the second vote, and what came."""
    lesson.again()
    lesson.vote(lambda learner, at: learner.choose(1 if _learned(lesson, at) else 0))
    lesson.close(".wall-bar-row")
    lesson.show(2, lesson.people - 3, lesson.people - 4, 1)
    expect(lesson.wall(".wall-right .wall-letter")).to_have_text("B")
    assert lesson.counts(".wall-count b") == [lesson.people - 3, 3, 2, lesson.people - 3, 1, 0]


def bring(lesson: Lesson) -> None:
    """All are brought to the card on which one holds the gate; two stay where they are, and are seen to."""
    teacher = lesson.teacher
    teacher.turn(_("Bring"))
    teacher.pick("class_goal_lesson", _("Lesson"), f"{LESSONS['gates'].number} · {lesson_words.words('gates').title}")
    teacher.pick_number("class_goal_card", _("Card"), 3)
    teacher.press("class_bring", _("Bring all here"))
    for learner in lesson.learners[-2:]:
        learner.decline()
    for learner in lesson.learners[:-2]:
        learner.page.wait_for_url(re.compile("/learn.*card=hold_one"))
    lesson.says("brought", title=_("Lessons"))
    for learner in lesson.learners[-2:]:
        assert "/class" in learner.page.url


def free(lesson: Lesson) -> None:
    """All may go where they like."""
    lesson.teacher.press("class_free", _("Let them go"))
    expect(lesson.wall(".wall-mark-of-class")).to_have_count(0)
    for learner in lesson.learners[:-2]:
        learner.page.goto(f"{learner.address}/class")


def distances_lstm(lesson: Lesson) -> None:
    """The LSTM across the same distances."""
    lesson.experiment(_(PRESETS["recall"].title), _("Distance"), "20, 30, 40, 60")
    assert min(lesson.results()) > 99, lesson.results()


def names(lesson: Lesson) -> None:
    """Names stand on the wall, and go again."""
    teacher = lesson.teacher
    teacher.turn(_("More"))
    teacher.switch("class_names", _("Names on the wall"))
    lesson.says("named")
    expect(lesson.wall(".wall-tile > title").first).to_contain_text("Ada")


def end(lesson: Lesson) -> None:
    """What was counted is taken along, the class ends, and names and answers are gone."""
    teacher, code = lesson.teacher, lesson.code
    rows = list(csv.reader(io.StringIO(Path(teacher.take_along().path()).read_text("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {str(number) for number in range(1, lesson.asked + 2)}, rows
    teacher.press("class_end", _("End the class"))
    teacher.press("class_end_now", _("Yes, end it and delete"))
    expect(lesson.wall(".wall-note")).to_contain_text(code)
    for learner in lesson.learners:
        expect(learner.bar).to_have_attribute("data-state", "gone")
    assert lesson.classes.load(code) is None
    assert lesson.classes.learners(code) == []


STEPS: tuple[Callable[[Lesson], None], ...] = (
    open_class, join, powers_first, powers_second, curves, lock, seeds, distances_rnn, unlock, gates_first,
    gates_second, bring, free, distances_lstm, names, end)


def _learned(lesson: Lesson, at: int) -> bool:
    """Tell whether somebody is right in the second vote: all but one who was before, and two who never are."""
    return at != 1 and at < lesson.people - 2


def _draw(learner: Learner, at: int) -> None:
    """Have somebody draw what they expect: straight down, as most do first; a cliff; next to nothing lost."""
    match at % 3:
        case 0:
            learner.draw(1, 0.75, 0.5, 0.25, 0.05)
        case 1:
            learner.draw(1, 0.95 - 0.01 * at, 0.85, 0.7, 0.55)
        case _:
            learner.draw(1, 0.4, 0.2 + 0.01 * at, 0.1, 0.05)
