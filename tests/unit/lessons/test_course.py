"""Each lesson of the course: its cards in their order, all that they name is there, and each truth fits what is asked.

The lessons that are trained quickly are walked through with their own runs, the others with shorter ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_core import i18n
from lstm_core.errors import Refusal
from lstm_core.lessons import chance, course, offline
from lstm_core.lessons.asks import Curve
from lstm_core.lessons.cards import Card, Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.catalogue import LESSONS, meeting, of_page
from lstm_core.lessons.conditions import Seen
from lstm_core.lessons.moment import Moment
from lstm_core.lessons.progress import CardRecord, LessonRecord, Progress, from_json
from lstm_core.lessons.words import FOLDER, fields, filled, read
from lstm_core.presets import PRESETS, TUTORIALS
from lstm_core.spec import Layer, Numerals, RunSpec, setting_names
from lstm_core.spec.serialization import from_query, to_query
from lstm_core.ui import letters
from lstm_core.ui.base.examples import EXAMPLES
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.shared import beside
from tests.unit.lessons.test_words import EACH, LANGUAGES, replying
from tests.unit.ui.shared.test_beside import exists

SHORTER: dict[str, dict[str, Any]] = {
    "shapes": {"epochs": 1}, "forgetting": {"epochs": 1, "sequences": 640}, "scratch": {"epochs": 2},
    "review": {"epochs": 2}, "overfitting": {"epochs": 8}, "truncation": {"epochs": 1},
    "race": {"epochs": 1, "sequences": 1280}}
"""What is changed in the runs of the lessons whose own take longer than some seconds."""

TRAINS = "press lesson_train"
NUMERALS = Path(letters.__file__).with_name("numerals.py")     # which gives its figures keys in a loop
STATIC = Path(letters.__file__).parents[1] / "static"
ON_A_PAGE = {"train", "cell", "predict", "letters", "memory", "shapes"}     # which pages/learn.py can draw


def named(lesson: Lesson) -> list[str]:
    return [card.name for card in lesson.cards]


# -- the course ---------------------------------------------------------------------------------------------


def test_there_are_fourteen_in_their_order() -> None:
    assert [lesson.number for lesson in LESSONS.values()] == list(range(1, 15))
    assert [lesson.name for lesson in LESSONS.values()] == list(LESSONS)


def test_they_lead_to_every_system_of_the_tutorials_and_to_no_other() -> None:
    reached = {preset for lesson in LESSONS.values() for preset in lesson.presets}
    assert set(TUTORIALS) - reached == set()
    assert reached - set(PRESETS) == set()


@EACH
def test_its_files_have_its_name(lesson: Lesson) -> None:
    assert (FOLDER / f"{lesson.name}.py").is_file()
    assert course.__path__ == [str(FOLDER)]


@EACH
def test_it_leads_on_to_pages_that_there_are(lesson: Lesson) -> None:
    page, section = lesson.onward
    assert not section or section in PAGES[page].sections
    assert set(lesson.pages) <= set(PAGES)
    assert len(set(lesson.presets)) == len(lesson.presets)


def test_a_page_has_the_lessons_that_show_or_explain_it() -> None:
    for page in PAGES:
        assert of_page(page) == [lesson for lesson in LESSONS.values() if page in lesson.pages or page in {
            stage.page for stage in lesson.stages()}]
    assert [lesson.name for lesson in of_page("memory")] == ["forgetting"]


def test_what_meets_a_misconception_says_so() -> None:
    assert [(lesson.name, card.name) for lesson, card in meeting("f_one_forgets")] == [("gates", "one")]
    assert meeting("none") == []


# -- cards in their order -----------------------------------------------------------------------------------


@EACH
def test_it_has_five_to_nine_cards_of_all_kinds_with_names_of_their_own(lesson: Lesson) -> None:
    assert 5 <= len(lesson.cards) <= 9
    assert {card.kind for card in lesson.cards} >= {"predict", "do", "see", "why", "transfer"}
    assert len(set(named(lesson))) == len(lesson.cards)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in named(lesson))
    assert not {"end", "mine", "showed"} & set(named(lesson))       # which stand for something else


@EACH
def test_each_prediction_is_seen_once_and_something_is_done_before(lesson: Lesson) -> None:
    seen = [card.of for card in lesson.cards if isinstance(card, See)]
    assert sorted(seen) == sorted(card.name for card in lesson.cards if isinstance(card, Predict))
    for at, card in enumerate(lesson.cards):
        if isinstance(card, See):
            begun = named(lesson).index(card.of)
            assert begun < at
            assert any(isinstance(between, Do) for between in lesson.cards[begun:at]), card.name


@EACH
def test_the_reason_comes_after_what_came_and_another_sequence_last(lesson: Lesson) -> None:
    kinds = [card.kind for card in lesson.cards]
    assert "see" in kinds[:kinds.index("why")]
    assert kinds.index("transfer") == len(kinds) - 1


@EACH
def test_its_first_card_has_a_stage_and_each_other_that_of_the_one_before(lesson: Lesson) -> None:
    assert lesson.cards[0].stage is not None
    for before, card in zip(lesson.cards, lesson.cards[1:], strict=False):
        if card.stage is None:
            assert lesson.stage(card.name) is lesson.stage(before.name)


# -- what its cards name ------------------------------------------------------------------------------------


@EACH
@LANGUAGES
def test_each_stage_is_a_page_that_the_lab_can_show(lesson: Lesson, language: str) -> None:
    with i18n.speaking(language):
        for stage in lesson.stages():
            assert stage.page in ON_A_PAGE
            page = PAGES[stage.page]
            assert stage.section in page.sections or (not stage.section and not sections_of(stage))
            assert from_query(to_query(stage.spec)) == stage.spec, "an address can carry it"
            stage.spec.check_new()
            assert stage.fits(stage.spec)
            assert all(map(exists, stage.sets))
            for name in stage.free:
                assert name in {*setting_names(type(stage.spec.data)), "hidden", "dropout"}


def sections_of(stage: Stage) -> Mapping[str, str]:
    """Return the sections that a page has with the data of a stage: numbers in words are shown in one piece."""
    return {} if isinstance(stage.spec.data, Numerals) else PAGES[stage.page].sections


def there(target: str) -> bool:
    """Tell whether a page has what is lit."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js"))
    classes = re.findall(r"\.([\w-]+)", target)
    drawn = all(name in scripts or f"{name.rpartition('-')[0]}-${{" in scripts for name in classes)
    return drawn and (exists(target) or f', "{target}", ' in NUMERALS.read_text(encoding="utf-8"))


@EACH
def test_what_it_lights_is_there(lesson: Lesson) -> None:
    for card in lesson.cards:
        assert all(map(there, card.lights)), (card.name, card.lights)


@EACH
def test_what_show_me_does_can_be_done(lesson: Lesson) -> None:
    for card in lesson.cards:
        if isinstance(card, Do):
            actions = beside.actions(card.does)
            assert actions, card.name
            assert all(exists(action.target) for action in actions), card.does
            order = [("set", "press", "drag").index(action.kind) for action in actions]
            assert order == sorted(order), "what is set is done first"


@EACH
@LANGUAGES
def test_what_it_waits_for_is_what_show_me_does(lesson: Lesson, language: str) -> None:
    """Where it only sets something. What it presses is pressed in a browser."""
    with i18n.speaking(language):
        for card in lesson.cards:
            if isinstance(card, Do) and "press" not in card.does:
                stage = lesson.stage(card.name)
                page = PAGES[stage.page]
                before = {page.section_key: stage.section, **dict(stage.sets)}
                now = {action.target: beside.typed(action.value, before.get(action.target))
                       for action in beside.actions(card.does)}
                moment = untrained(stage.spec)
                assert not card.waits(Seen(moment, {})), card.name
                assert not card.waits(Seen(moment, before)), card.name
                assert card.waits(Seen(moment, before | now)), card.name


@EACH
def test_a_card_that_has_one_train_waits_for_a_run_of_ones_own(lesson: Lesson) -> None:
    for card in lesson.cards:
        if isinstance(card, Do) and card.does == TRAINS:
            stage = lesson.stage(card.name)
            assert stage.page == "train"
            done = replace(untrained(stage.spec), own=True, ended=True)
            assert card.waits(Seen(done, {})), card.name
            assert not card.waits(Seen(replace(done, own=False), {})), card.name
            assert not card.waits(Seen(replace(done, ended=False), {})), card.name


# -- truths and texts ---------------------------------------------------------------------------------------


def untrained(spec: RunSpec) -> Moment:
    """Return settings that nobody has trained, where nothing else is trained either."""
    return replace(offline.untrained(spec), others=untrained)


@lru_cache(maxsize=16)
def trained(name: str, spec: RunSpec) -> Moment:
    """Return the run of a lesson, or a shorter one."""
    return offline.trained(spec.change(**SHORTER.get(name, {})))


def walk(lesson: Lesson) -> list[tuple[Card, Moment]]:
    """Return each card with the run on its page: trained where it is an example, or a card has had it trained."""
    done = {*EXAMPLES.values()}
    found: list[tuple[Card, Moment]] = []

    def at(spec: RunSpec) -> Moment:
        return replace(trained(lesson.name, spec), others=at) if spec in done else untrained(spec)

    for card in lesson.cards:
        spec = lesson.stage(card.name).spec
        found.append((card, at(spec)))
        if isinstance(card, Do) and card.does == TRAINS:
            done.add(spec)
    return found


@EACH
@LANGUAGES
def test_every_text_can_be_filled_when_its_card_is_reached(lesson: Lesson, language: str) -> None:
    with i18n.speaking(language):
        told, names = read(FOLDER / language / f"{lesson.name}.md"), named(lesson)
        for card, moment in walk(lesson):
            shown = list(told.cards[card.name].all())
            if isinstance(card, See):
                shown += told.cards[card.of].options.values()
            for template in shown:
                text = filled(template, lesson.facts_of(moment))
                assert not re.search(r"\bnan\b|\binf\b|<|\bnp\.", text), text
        assert names == [card.name for card, _moment in walk(lesson)]


@EACH
@LANGUAGES
def test_each_truth_fits_what_is_asked(lesson: Lesson, language: str) -> None:
    with i18n.speaking(language):
        moments = {card.name: moment for card, moment in walk(lesson)}
        for card in lesson.cards:
            if isinstance(card, Predict | Transfer | Why):
                truth = card.truth(moments[replying(lesson, card)])
                if card.ask.checked(truth if truth is not None else "It keeps it.") != truth:
                    assert truth is None        # nobody judges own words
                    continue
                assert card.ask.judge(truth, truth).verdict == "right"
                chance.unusual(lesson.name, card.name, card.ask, truth)
                known = Progress({lesson.name: LessonRecord(card.name, {
                    card.name: CardRecord(answer=truth, truth=truth, verdict="right", tries=1)})})
                assert json.loads(known.to_json())
                assert from_json(known.to_json(), LESSONS) == known


KNOWN = [(lesson, card) for lesson in LESSONS.values() for card in lesson.cards
         if isinstance(card, Predict | Transfer) and card.known is not None]


@pytest.mark.parametrize(("lesson", "card"), KNOWN, ids=[f"{lesson.name} {card.name}" for lesson, card in KNOWN])
def test_what_is_known_before_a_curve_stands_in_its_box_without_a_network(
        lesson: Lesson, card: Predict | Transfer) -> None:
    assert isinstance(card.ask, Curve)
    assert card.known is not None
    known = card.known(untrained(lesson.stage(card.name).spec))
    assert len(known) > 1
    assert all(card.ask.low < value < card.ask.high for value in known)


@EACH
@LANGUAGES
def test_what_cannot_be_told_before_there_is_a_network_is_refused_in_a_sentence(
        lesson: Lesson, language: str) -> None:
    """One who had a card shown may go on before the run has begun; the card that comes then says so."""
    with i18n.speaking(language):
        told = read(FOLDER / language / f"{lesson.name}.md")
        for card in lesson.cards:
            facts = lesson.facts_of(untrained(lesson.stage(card.name).spec))
            for template in told.cards[card.name].all():
                for field in fields(template):
                    told_or_refused(facts[field])
            if isinstance(card, Predict | Transfer | Why):
                stage = lesson.stage(replying(lesson, card))
                told_or_refused(lambda card=card, stage=stage: card.truth(untrained(stage.spec)))


def told_or_refused(work: Callable[[], object]) -> None:
    with suppress(Refusal):
        work()


# -- a stage, and a lesson ----------------------------------------------------------------------------------


SPEC = RunSpec()
FREE = Stage(page="train", spec=SPEC, free=("steps", "hidden", "epochs"))


@pytest.mark.parametrize(("change", "wanted"), [
    ({}, True), ({"steps": 7}, True), ({"epochs": 3}, True), ({"layers": (Layer(5),)}, True),
    ({"steps": 7, "layers": (Layer(5),)}, True), ({"lr": 0.5}, False), ({"cell": "gru"}, False), ({"seed": 4}, False),
    ({"layers": (Layer(8), Layer(8))}, False), ({"layers": (Layer(5, 0.5),)}, False), ({"length": 700}, False),
    ({"steps": 7, "length": 700}, False)])
def test_a_run_is_of_a_stage_where_only_what_is_free_differs(change: dict[str, Any], wanted: bool) -> None:
    assert FREE.fits(SPEC.change(**change)) is wanted
    assert Stage(page="train", spec=SPEC).fits(SPEC.change(**change)) is (not change)


def test_another_rate_on_the_way_is_the_same_run() -> None:
    changed = SPEC.change(lr_changes=((3, 0.5),))
    assert changed != SPEC
    assert FREE.fits(changed)


def test_a_run_on_other_data_is_of_no_stage() -> None:
    assert not FREE.fits(PRESETS["s4a"].spec)
    assert not Stage(page="train", spec=PRESETS["s4a"].spec).fits(SPEC)


LESSON = Lesson(name="x", number=1, facts={"twice": lambda moment: 2 * moment.spec.train.epochs}, cards=(
    Say(name="a", stage=FREE), Say(name="b"), Say(name="c", stage={"en": FREE, "zh": Stage(page="cell", spec=SPEC)}),
    Say(name="d")))


@pytest.mark.parametrize(("card", "language", "page"), [
    ("a", "zh", "train"), ("b", "zh", "train"), ("c", "en", "train"), ("c", "zh", "cell"), ("d", "zh", "cell")])
def test_a_card_stands_beside_its_stage_or_the_last_before_in_the_language_in_use(
        card: str, language: str, page: str) -> None:
    with i18n.speaking(language):
        assert LESSON.stage(card).page == page
        assert len(LESSON.stages()) == 2
    assert LESSON.card(card).name == card


def test_facts_are_worked_out_of_the_run_when_they_are_called() -> None:
    (twice,) = LESSON.facts_of(untrained(SPEC.change(epochs=21))).values()
    assert twice() == 42
    assert always(("a",))(untrained(SPEC)) == ("a",)


# -- a moment -----------------------------------------------------------------------------------------------


NEEDS_A_NETWORK: dict[str, Callable[[Moment], Any]] = {
    "weights": lambda moment: moment.weights, "weights_at": lambda moment: moment.weights_at(3),
    "trace": Moment.trace, "predictions": lambda moment: moment.predictions("test"),
    "score": lambda moment: moment.score("test"),
    "free_running": lambda moment: moment.free_running(np.array([5]), 2)}


@pytest.mark.parametrize("name", NEEDS_A_NETWORK)
def test_what_needs_a_network_is_refused_in_a_sentence_while_there_is_none(name: str) -> None:
    moment = untrained(SPEC)
    assert not moment.trained
    with pytest.raises(Refusal, match=r"^There is no trained network yet: press Train first\.$"):
        NEEDS_A_NETWORK[name](moment)


def test_a_run_trained_here_is_like_one_of_the_lab() -> None:
    spec = SPEC.change(epochs=3, length=120, steps=8, layers=(Layer(4),))
    moment = offline.trained(spec)
    assert (moment.trained, moment.own, moment.ended, moment.outcome) == (True, True, True, "done")
    assert moment.update == len(moment.losses) > 0
    assert moment.final in moment.snapshots
    assert moment.trace().output.shape[-1] == 1
    assert moment.predictions("test").shape == moment.data.sample_ids["test"].shape
    assert np.array_equal(moment.predictions("test"), moment.predicted(moment.final, "test"))
    assert not np.array_equal(moment.predictions("test"), moment.predicted(int(moment.snapshots[0]), "test"))
    assert moment.free_running(np.array([20, 30]), 5).shape == (2, 5)
    assert moment.score("test").value > 0
    assert moment.other(spec.change(epochs=1)).update == moment.update // 3
