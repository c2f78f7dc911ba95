"""The page Learn: the list, a lesson from its first card to its end, what is refused, and what is kept of it."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest

from lstm_core import i18n
from lstm_core.lessons import offline
from lstm_core.lessons.asks import Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import CardRecord, LessonRecord, Progress, from_json
from lstm_core.lessons.words import FOLDER, LessonWords, filled, read, without_praise
from lstm_core.running.run_view import RunView
from lstm_core.ui.base import examples
from lstm_core.ui.base.server import lab
from lstm_core.ui.learn import card as card_view
from lstm_core.ui.learn import keys
from lstm_core.ui.shared import lesson_moment
from lstm_core.ui.shared.curve_box import _Kept
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.test_outage import GONE, taken_away
from tests.app.visitor import Visitor, _texts, rested
from tests.unit.lessons.test_words import replying

LETTERS = LESSONS["letters"]
EACH = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS.keys())


def told(lesson: Lesson, language: str = "en") -> LessonWords:
    return read(FOLDER / language / f"{lesson.name}.md")


def place(visitor: Visitor) -> tuple[str, str]:
    """Return lesson and card of the address; empty where it has none."""
    query = visitor.at.query_params
    return str(query.get("lesson", "")), str(query.get("card", ""))


def marked(visitor: Visitor) -> str:
    """Return all that the card says, as Markdown."""
    return "\n".join(element.value for element in visitor.at.markdown)


def progress(who: str) -> Progress:
    """Return what the server keeps of a person's course."""
    text = lab().course(who).progress
    return from_json(text, LESSONS) if text else Progress()


def kept(who: str, lesson: Lesson, **cards: CardRecord) -> str:
    """Have the server keep some of a lesson, as if the person had done it; return the person."""
    known = Progress({lesson.name: LessonRecord("", cards)})
    assert lab().keep_course(who, known.to_json(), lab().course(who).revision)
    return who


def until(lesson: Lesson, card: str, **more: CardRecord) -> str:
    """Return a new person for whom a card is open, because all before it is done."""
    names = [one.name for one in lesson.cards]
    passing = {one.name: CardRecord(
        answer=any_answer(one), truth=any_answer(one), confidence=2, tries=1, done=isinstance(one, Do),
        verdict="right" if isinstance(one, Why | Transfer) else "", when=1.0)
        for one in lesson.cards[:names.index(card)]}
    return kept(secrets.token_hex(8), lesson, **(passing | more))


def any_answer(card: AnyCard) -> Any:
    """Return something that the ask of a card takes, if it asks."""
    match getattr(card, "ask", None):
        case Choice(options):
            return options[-1]
        case Number(low=low):
            return low
        case Curve(low=low, high=high, points=points):
            return (low, *(high,) * (points - 1))
        case Order(items):
            return items
        case OwnWords():
            return "It keeps it."
    return None


def give(visitor: Visitor, lesson: Lesson, card: AnyCard, said: Any) -> None:
    """Put an answer into the widget of a card. A curve is put where the box has it, as AppTest has no canvas."""
    assert isinstance(card, Predict | Why | Transfer)
    key = f"answer_{lesson.name}_{card.name}"
    if isinstance(card.ask, Curve):
        visitor.at.session_state[f"{key}_kept"] = _Kept((None,) * card.ask.points, said, 1)
        visitor.look()
    else:
        visitor.put(key, said)


def train(visitor: Visitor) -> None:
    """Press Train, and wait for the run, which need not be watched here."""
    visitor.click("lesson_train")
    run = str(visitor.at.session_state["run"])
    lab().set_pace(run, visitor.who, None)
    rested(run)
    visitor.look()


def row(visitor: Visitor, lesson: Lesson) -> str:
    """Return all that the list says of a lesson."""
    return "\n".join(_texts(visitor.widget(f"lesson_{lesson.name}")))


# -- the list -----------------------------------------------------------------------------------------------


def test_the_list_has_all_lessons_and_begins_with_the_first(visit: Visit) -> None:
    visitor = visit("learn", lang="en")
    for lesson in LESSONS.values():
        assert visitor.widget(f"open_lesson_{lesson.name}").label == f"{lesson.number} · {told(lesson).title}"
        assert told(lesson).about in visitor.captions
        assert ":material/radio_button_unchecked:" in row(visitor, lesson)
    first = next(iter(LESSONS.values()))
    assert visitor.widget("begin_course").label == f"Begin with lesson 1: {told(first).title}"
    visitor.click("begin_course")
    assert place(visitor) == (first.name, first.cards[0].name)
    assert not visitor.errors


def test_the_list_tells_how_far_one_is_and_goes_on_with_what_has_not_ended(visit: Visit) -> None:
    first, second, third = list(LESSONS.values())[:3]
    who = secrets.token_hex(8)
    known = Progress({first.name: LessonRecord("end", {}, 5.0),
                      second.name: LessonRecord(second.cards[1].name, {second.cards[0].name: CardRecord()})})
    assert lab().keep_course(who, known.to_json(), 0)
    visitor = visit("learn", who=who, lang="en")
    assert ":material/check_circle:" in row(visitor, first)
    assert ":material/clock_loader_40:" in row(visitor, second)
    assert ":material/radio_button_unchecked:" in row(visitor, third)
    assert visitor.widget("begin_course").label == f"Go on with lesson 2: {told(second).title}"
    assert place(visitor.click("begin_course")) == (second.name, second.cards[1].name)
    assert place(visitor.click("all_lessons")) == ("", "")
    assert place(visitor.click(f"open_lesson_{first.name}")) == (first.name, first.cards[0].name), "it begins anew"


@EACH
def test_a_row_opens_its_lesson_at_its_first_card(visit: Visit, lesson: Lesson) -> None:
    visitor = visit("learn", lang="en").click(f"open_lesson_{lesson.name}")
    assert place(visitor) == (lesson.name, lesson.cards[0].name)
    assert f"**{lesson.number} · {told(lesson).title}**" in marked(visitor)
    assert f"1 of {len(lesson.cards)}" in visitor.captions
    assert not visitor.offers("card_back")
    assert not visitor.errors
    assert visitor.at.session_state["owner"] == visitor.who


# -- from the first card to the end -------------------------------------------------------------------------


def test_a_lesson_with_right_answers_from_its_first_card_to_its_end(visit: Visit) -> None:
    visitor = visit("learn", lang="en", lesson=LETTERS.name)
    said = told(LETTERS)
    for number, card in enumerate(LETTERS.cards):
        moment = offline.trained(LETTERS.stage(replying(LETTERS, card) if isinstance(
            card, Predict | Why | Transfer) else card.name).spec)
        assert place(visitor) == (LETTERS.name, card.name)
        assert f"{number + 1} of {len(LETTERS.cards)}" in visitor.captions
        assert card_view.KINDS[card.kind][0] in visitor.captions
        assert visitor.offers("card_on") is (card.kind in ("say", "see"))
        match card:
            case Predict():
                give(visitor, LETTERS, card, card.truth(moment))
                if isinstance(card.ask, Choice):
                    visitor.put("confidence", 3)
                visitor.click("commit")
                assert "Your answer is kept" in visitor.at.success[0].value
                assert not visitor.offers("commit"), "it is given once"
            case Do(does="press lesson_train"):
                assert "Waiting for you to do it ..." in visitor.captions
                train(visitor)
                assert "Done." in [success.value for success in visitor.at.success]
            case Do():
                visitor.put("temperature", 2.0).look()
                assert "Done." in [success.value for success in visitor.at.success]
            case See():
                assert filled(said.cards[card.name].text, LETTERS.facts_of(moment)) in marked(visitor)
                replies = said.cards[card.name].replies
                assert visitor.at.success[0].value == filled(
                    replies.get("right", replies.get("equal", "")), LETTERS.facts_of(moment))
            case Why() | Transfer():
                give(visitor, LETTERS, card, card.truth(moment))
                visitor.click("commit")
                assert len(visitor.at.success) == 1
        assert not visitor.errors
        assert visitor.offers("card_on")
        visitor.click("card_on")
    assert place(visitor) == (LETTERS.name, "end")
    assert said.showed in marked(visitor)
    assert "Of your 2 predictions 2 came about, or nearly." in visitor.captions
    assert not visitor.offers("card_on")
    record = progress(visitor.who).lesson(LETTERS.name)
    assert record.at == "end"
    assert abs(record.ended - time.time()) < 600
    assert {card.name: record.cards[card.name].verdict for card in LETTERS.cards if isinstance(
        card, Predict | Why | Transfer)} == dict.fromkeys(("far", "temperature", "why", "words"), "right")
    assert record.cards["far"].run == visitor.at.session_state["run"]

    after = next(lesson for lesson in LESSONS.values() if lesson.number == LETTERS.number + 1)
    assert place(visitor.click("next_lesson")) == (after.name, after.cards[0].name)


def test_back_leads_to_the_card_before_with_what_one_answered(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "train"), lang="en", lesson=LETTERS.name, card="train")
    visitor.click("card_back")
    assert place(visitor) == (LETTERS.name, "far")
    assert f"> {told(LETTERS).cards['far'].options['equal']}" in marked(visitor)
    assert not visitor.offers("commit")


def test_the_end_offers_the_lesson_again_and_forgets_the_answers(visit: Visit) -> None:
    who = until(LETTERS, "words", words=CardRecord(answer=100, tries=2, truth=17792, shown=True))
    visitor = visit("learn", who=who, lang="en", lesson=LETTERS.name, card="words").click("card_on")
    ended = progress(who).lesson(LETTERS.name).ended
    assert ended > 0
    assert place(visitor.click("again")) == (LETTERS.name, "meet")
    assert not visitor.click("card_on").offers("card_on")
    record = progress(who).lesson(LETTERS.name)
    assert record.ended == ended
    assert all(kept == CardRecord(when=kept.when) for kept in record.cards.values())
    assert record.cards["words"].when > ended, "newer than what another tab may still have"


# -- addresses ----------------------------------------------------------------------------------------------


def test_a_locked_card_says_so_and_the_open_one_is_shown(visit: Visit) -> None:
    visitor = visit("learn", lang="en", lesson=LETTERS.name, card="why")
    assert "That card is not open yet: first comes the one below." in visitor.hints
    assert place(visitor) == (LETTERS.name, "far")
    visitor.look()
    assert "not open yet" not in visitor.hints


def test_the_end_is_locked_like_any_card(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "hot"), lang="en", lesson=LETTERS.name, card="end")
    assert "That card is not open yet" in visitor.hints
    assert place(visitor) == (LETTERS.name, "hot")
    assert told(LETTERS).showed not in marked(visitor)


@pytest.mark.parametrize("card", ["gone", "Why", "<img src=x>", "mine"])
def test_an_unknown_card_says_so_and_leads_to_where_one_was(visit: Visit, card: str) -> None:
    who = until(LETTERS, "train")
    visit("learn", who=who, lang="en", lesson=LETTERS.name, card="far").click("card_on")
    visitor = visit("learn", who=who, lang="en", lesson=LETTERS.name, card=card)
    assert visitor.errors == "This lesson has no such card. Here is the one where you were."
    assert place(visitor) == (LETTERS.name, "train")
    assert visitor.look().errors == ""


@pytest.mark.parametrize("lesson", ["gone", "Letters", "<script>alert(1)</script>", "../window"])
def test_an_unknown_lesson_says_so_and_shows_the_list(visit: Visit, lesson: str) -> None:
    visitor = visit("learn", lang="en", lesson=lesson, card="far")
    assert visitor.errors == "There is no such lesson. These are all there are:"
    assert place(visitor) == ("", "")
    assert place(visitor.click("open_lesson_letters")) == (LETTERS.name, "meet")
    assert visitor.errors == ""


def test_my_course_has_a_way_back(visit: Visit) -> None:
    visitor = visit("learn", lang="en").click("my_course")
    assert place(visitor) == ("mine", "")
    assert place(visitor.click("all_lessons")) == ("", "")


# -- answers that are refused -------------------------------------------------------------------------------


def test_no_choice_is_refused_and_so_is_one_without_how_sure_one_is(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "far"), lang="en", lesson=LETTERS.name, card="far").click("commit")
    assert visitor.refusals == "Choose one of the answers first."
    visitor.put("answer_letters_far", "ends").click("commit")
    assert visitor.refusals == "Say how sure you are, too: a wrong answer one was sure of teaches most."
    assert visitor.widget("answer_letters_far").value == "ends", "what was given stays"
    assert progress(visitor.who).card("letters", "far").answer is None
    assert not visitor.offers("card_on")
    assert visitor.look().refusals == ""
    visitor.put("confidence", 1).click("commit")
    record = progress(visitor.who).card("letters", "far")
    assert (record.answer, record.confidence, record.tries, record.verdict) == ("ends", 1, 1, "")


@pytest.mark.parametrize(("typed", "refusal"), [
    (None, "Give a number from 0 to 20 first."), (21, "The scale goes from 0 to 20; 21 lies beyond it."),
    (-1, "The scale goes from 0 to 20; -1 lies beyond it."),
    (100001, "The scale goes from 0 to 20; 100001 lies beyond it.")])
def test_a_number_off_the_scale_is_refused_and_stays_as_it_was_typed(
        visit: Visit, typed: int | None, refusal: str) -> None:
    visitor = visit("learn", lang="en", lesson="window", card="shared")
    visitor.put("answer_window_shared", typed).click("commit")
    assert visitor.refusals == refusal
    assert visitor.widget("answer_window_shared").value == typed
    assert not visitor.offers("card_on")
    assert progress(visitor.who) == Progress()


@pytest.mark.parametrize(("drawn", "refusal"), [
    (None, "0 of its 33 points are there."), ((0.5, *(None,) * 32), "1 of its 33 points are there."),
    ((0.5, 11.5, *(None,) * 31), "The box goes from 0.001 to 10; 11.5 lies beyond it.")])
def test_a_curve_of_one_point_or_beyond_its_box_is_refused(
        visit: Visit, drawn: tuple[float | None, ...] | None, refusal: str) -> None:
    watch = LESSONS["watch"]
    visitor = visit("learn", lang="en", lesson="watch", card="curve")
    if drawn is not None:
        give(visitor, watch, watch.cards[0], drawn)
    visitor.click("commit")
    assert visitor.refusals.endswith(refusal)
    if drawn is not None:
        assert visitor.at.session_state["answer_watch_curve_kept"].drawn == drawn
    assert progress(visitor.who) == Progress()


def test_a_curve_that_one_has_committed_to_stays_in_sight(visit: Visit) -> None:
    watch = LESSONS["watch"]
    visitor = visit("learn", lang="en", lesson="watch", card="curve")
    drawn = any_answer(watch.cards[0])
    give(visitor, watch, watch.cards[0], drawn)
    visitor.click("commit")
    assert visitor.at.session_state["said_curve_kept"].drawn == drawn


def test_a_curve_that_is_right_stands_beside_what_came(visit: Visit) -> None:
    gates = LESSONS["gates"]
    card = gates.card("fading")
    assert isinstance(card, Transfer)
    visitor = visit("learn", who=until(gates, "fading"), lang="en", lesson="gates", card="fading")
    came = tuple(float(value) for value in card.truth(offline.untrained(gates.stage("fading").spec)))
    give(visitor, gates, card, came)
    visitor.click("commit")
    assert visitor.at.session_state["came_fading_kept"].drawn == came
    assert visitor.offers("card_on")


@pytest.mark.parametrize("typed", ["", "  \n"])
def test_empty_words_are_refused(visit: Visit, typed: str) -> None:
    gates = LESSONS["gates"]
    visitor = visit("learn", who=until(gates, "why"), lang="en", lesson="gates", card="why")
    visitor.put("answer_gates_why", typed).click("commit")
    assert visitor.refusals == "Write a sentence of your own first: it need not be right."
    assert progress(visitor.who).card("gates", "why").tries == 0
    assert "**Ours**" not in marked(visitor)
    visitor.put("answer_gates_why", "It <b>keeps</b> *it*.").click("commit")
    assert visitor.refusals == ""
    assert "**Ours**" in marked(visitor)
    assert "> It \\<b\\>keeps\\</b\\> \\*it\\*." in marked(visitor), "words of people are no Markdown"
    assert visitor.offers("card_on")


# -- answers that are wrong ---------------------------------------------------------------------------------


def test_a_wrong_reason_is_answered_and_after_two_it_may_be_shown(visit: Visit) -> None:
    why, said = LETTERS.card("why"), told(LETTERS).cards["why"]
    assert isinstance(why, Why)
    who = until(LETTERS, "why")
    visitor = visit("learn", who=who, lang="en", lesson=LETTERS.name, card="why")
    for tries, wrong in enumerate(("alphabet", "state"), start=1):
        assert not visitor.offers("show_me")
        give(visitor, LETTERS, why, wrong)
        visitor.click("commit")
        assert said.replies[wrong] in visitor.hints
        assert progress(who).card("letters", "why").tries == tries
        assert not visitor.offers("card_on")
    visitor.click("show_me")
    assert said.options["learned"] in marked(visitor)
    assert visitor.at.success.values == [], "what was shown is not praised"
    assert said.replies["state"] in visitor.hints
    assert without_praise(said.replies["learned"]) in visitor.hints
    assert marked(visitor).count(said.options["state"]) == 1
    assert visitor.offers("card_on")
    assert not visitor.offers("commit")
    record = progress(who).card("letters", "why")
    assert (record.shown, record.answer, record.truth, record.verdict) == (True, "state", "learned", "off")


def test_nothing_is_refused_as_a_try(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "why"), lang="en", lesson=LETTERS.name, card="why")
    for _time in range(3):
        visitor.click("commit")
    assert visitor.refusals == "Choose one of the answers first."
    assert not visitor.offers("show_me")


def test_a_wrong_prediction_is_held_against_what_came(visit: Visit) -> None:
    who = until(LETTERS, "far_came", far=CardRecord(answer="ends", confidence=3, tries=1, when=1.0))
    visitor = visit("learn", who=who, lang="en", lesson=LETTERS.name, card="train")
    train(visitor)
    visitor.click("card_on")
    said = told(LETTERS).cards
    facts = LETTERS.facts_of(offline.trained(LETTERS.stage("far_came").spec))
    assert f"**You said**: {filled(said['far'].options['ends'], facts)} · sure" in marked(visitor)
    assert f"**What came**: {said['far'].options['equal']}" in marked(visitor)
    assert said["far_came"].replies["ends"] in visitor.hints
    record = progress(who).card("letters", "far")
    assert (record.truth, record.verdict, record.run) == ("equal", "off", visitor.at.session_state["run"])


# -- what is kept -------------------------------------------------------------------------------------------


def test_a_new_session_goes_on_where_one_was(visit: Visit) -> None:
    first = visit("learn", who=until(LETTERS, "far"), lang="en", lesson=LETTERS.name, card="far")
    first.put("answer_letters_far", "neighbours").put("confidence", 2).click("commit").click("card_on")
    second = visit("learn", who=first.who, lang="en", lesson=LETTERS.name)
    assert place(second) == (LETTERS.name, "train")
    second.click("card_back")
    option = filled(told(LETTERS).cards["far"].options["neighbours"], {"first": lambda: "a", "second": lambda: "b"})
    assert f"> {option}" in marked(second)
    assert place(visit("learn", lang="en", lesson=LETTERS.name)) == (LETTERS.name, "meet"), "somebody else begins"


def test_two_tabs_of_one_person_keep_both_their_answers(visit: Visit) -> None:
    who = until(LETTERS, "far")
    tabs = [visit("learn", who=who, lang="en", lesson=lesson) for lesson in (LETTERS.name, "window")]
    tabs[0].click("card_on").put("answer_letters_far", "equal").put("confidence", 2).click("commit")
    tabs[1].put("answer_window_shared", 18).click("commit")
    assert progress(who).card("letters", "far").answer == "equal"
    assert progress(who).card("window", "shared").answer == 18


def test_a_course_that_cannot_be_read_keeps_nobody_out(visit: Visit) -> None:
    who = secrets.token_hex(8)
    assert lab().keep_course(who, '{"gatescope_course": 99, "lessons": {}}', 0)
    visitor = visit("learn", who=who, lang="en", lesson="window")
    visitor.put("answer_window_shared", 18).click("commit")
    assert progress(who).card("window", "shared").answer == 18


@pytest.mark.parametrize(("card", "record"), [
    ("why", CardRecord(shown=True)), ("why", CardRecord(answer="state", tries=2, shown=True)),
    ("words", CardRecord(answer=100, tries=1, verdict="off")), ("words", CardRecord(shown=True))])
def test_a_file_made_by_hand_without_what_came_keeps_nobody_out(visit: Visit, card: str, record: CardRecord) -> None:
    """It is read, as what came is left out of any record where the ask of the card would not take it."""
    who = until(LETTERS, card, **{card: record})
    visitor = visit("learn", who=who, lang="en", lesson=LETTERS.name, card=card)
    assert place(visitor) == (LETTERS.name, card)
    assert visitor.offers("card_back")


def test_while_the_database_is_gone_one_goes_on_and_it_is_kept_later(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "far"), lang="en", lesson=LETTERS.name, card="far")
    before = lab().course(visitor.who).progress
    visitor.put("answer_letters_far", "equal").put("confidence", 3)
    with taken_away():
        visitor.click("commit")
        assert "Your answer is kept" in visitor.at.success[0].value
        assert visitor.refusals.count(GONE) == len(visitor.at.error) == 1, "it is said on top of the page, and once"
        assert visitor.offers("card_on")
        visitor.click("card_on")
        assert place(visitor) == (LETTERS.name, "train")
    assert lab().course(visitor.who).progress == before
    train(visitor)
    visitor.click("card_on")
    record = progress(visitor.who).lesson(LETTERS.name)
    assert record.cards["far"].answer == "equal"
    assert record.cards["train"].done


def test_who_comes_while_the_database_is_gone_begins_and_finds_the_rest_later(visit: Visit) -> None:
    who = until(LETTERS, "train")
    visitor = visit("learn", who=who, lang="en")
    other = None
    with taken_away():
        other = visit("learn", who=who, lang="en", lesson="window")
        other.put("answer_window_shared", 18).click("commit")
        assert other.offers("card_on")
    other.look()
    assert place(visitor.look().click("open_lesson_letters")) == (LETTERS.name, "meet")
    other.click("card_on")
    found = progress(who)
    assert found.card("window", "shared").answer == 18
    assert found.card("letters", "far").answer == "equal"


# -- the language -------------------------------------------------------------------------------------------


def test_a_switch_of_language_keeps_place_and_answer(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "far"), lang="en", lesson=LETTERS.name, card="far")
    visitor.put("answer_letters_far", "ends").put("confidence", 2)
    for language in ("zh", "en", "zh"):
        visitor.put("chosen_lang", language)
        assert place(visitor) == (LETTERS.name, "far")
        assert told(LETTERS, language).title in marked(visitor)
        assert visitor.widget("answer_letters_far").value == "ends"
        assert visitor.widget("confidence").value == 2
    visitor.click("commit")
    option = filled(told(LETTERS, "zh").cards["far"].options["ends"], {"first": lambda: "a", "last": lambda: "e"})
    assert f"> {option}" in marked(visitor)
    assert progress(visitor.who).card("letters", "far").answer == "ends"


def test_a_refusal_is_told_in_the_language_of_the_page(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "far"), lang="zh", lesson=LETTERS.name, card="far").click("commit")
    with i18n.speaking("zh"):
        wanted = i18n.gettext("Choose one of the answers first.")
    assert "Choose" not in wanted
    assert visitor.refusals == wanted


# -- whose run it is ----------------------------------------------------------------------------------------


def test_the_run_of_somebody_else_is_not_ones_own(visit: Visit) -> None:
    somebody = visit("learn", who=until(LETTERS, "train"), lang="en", lesson=LETTERS.name, card="train")
    train(somebody)
    theirs = str(somebody.at.session_state["run"])
    me = visit("learn", who=until(LETTERS, "train"), lang="en", lesson=LETTERS.name, card="train", run=theirs)
    assert "Waiting for you to do it ..." in me.captions
    assert not me.offers("card_on")
    me.at.session_state["run"] = theirs             # as after a look at it on another page
    me.look()
    assert "run" not in me.at.session_state
    assert not me.offers("card_on")
    assert me.widget("lesson_train").label == "Train"


def test_an_example_is_not_ones_own(visit: Visit) -> None:
    example = rested(examples.example("recall"))
    assert example.spec == LESSONS["gates"].stage("meet").spec
    visitor = visit("learn", lang="en", lesson="gates")
    assert visitor.at.session_state["run"] == example.id, "it is shown as long as one has none"
    assert visitor.cell["updates"]
    mine = rested(lab().start(example.spec, visitor.who), patience=60)
    assert visitor.look().at.session_state["run"] == mine.id


def test_only_a_run_of_ones_own_counts_as_own(monkeypatch: pytest.MonkeyPatch, visit: Visit) -> None:
    mine = visit("learn", who=until(LETTERS, "train"), lang="en", lesson=LETTERS.name, card="train")
    train(mine)
    view = lab().view(str(mine.at.session_state["run"]))
    owners = {view.id: mine.who}
    monkeypatch.setattr(session, "is_mine", lambda run: owners.get(run.id) == mine.who)
    assert lesson_moment.moment(view).own
    owners[view.id] = "somebody"
    assert not lesson_moment.moment(view).own
    assert not lesson_moment.moment(RunView.untrained(view.spec)).own


# -- what a card lights --------------------------------------------------------------------------------------


TRAINED_SLOWLY = {"forgetting", "review", "overfitting", "truncation", "race"}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS.keys())
def test_what_a_card_lights_is_on_the_page(visit: Visit, lesson: Lesson) -> None:
    """Where the page can show it: not what needs a network that trains slowly."""
    who = until(lesson, lesson.cards[-1].name)
    if lesson.name not in TRAINED_SLOWLY:
        for spec in {stage.spec for stage in lesson.stages()}:
            rested(lab().start(spec, who), patience=60)
    looked = 0
    for card in lesson.cards:
        if lesson.name in TRAINED_SLOWLY and (card.kind == "see" or lesson.stage(card.name).page != "train"):
            continue
        visitor = visit("learn", who=who, lang="en", lesson=lesson.name, card=card.name)
        assert place(visitor) == (lesson.name, card.name)
        for key in card.lights:
            if key.isidentifier():
                visitor.widget(key)
                looked += 1
    assert looked > 0


@EACH
def test_who_goes_on_before_the_run_has_begun_is_told_what_is_missing(visit: Visit, lesson: Lesson) -> None:
    """One may have had the card shown that waits for the run."""
    names = [card.name for card in lesson.cards if isinstance(card, See | Why)]
    who = until(lesson, lesson.cards[-1].name)
    for name in names:
        visitor = visit("learn", who=who, lang="en", lesson=lesson.name, card=name)
        assert place(visitor) == (lesson.name, name)
        assert visitor.offers("card_back")


# -- coming back ---------------------------------------------------------------------------------------------


def test_who_comes_back_finds_what_they_had_set_and_the_browser_is_told_to_press_it_again(visit: Visit) -> None:
    """The card that waited for it stands before the one that is open, on the same stage."""
    visitor = visit("learn", who=until(LETTERS, "temperature_came"), lang="en", lesson=LETTERS.name,
                    card="temperature_came")
    assert visitor.at.session_state["temperature"] == 2.0
    assert keys.ACTING not in visitor.at.session_state, "nothing is pressed on this card"
    gates = LESSONS["gates"]
    visitor = visit("learn", who=until(gates, "one_came"), lang="en", lesson="gates", card="one_came")
    assert visitor.at.session_state["if_value"] == 1.0
    card, _when, actions = visitor.at.session_state[keys.ACTING]
    assert card == ("gates", "one_came")
    assert [action.target for action in actions if action.kind == "press"] == ["apply"]


def test_a_stage_opens_the_view_of_the_cell_at_its_time_step(visit: Visit) -> None:
    by_hand = LESSONS["by_hand"]
    assert by_hand.stage("value").step == 1
    visitor = visit("learn", who=until(by_hand, "value"), lang="en", lesson="by_hand", card="value")
    assert visitor.at.session_state["select"].step == 0
    scratch = LESSONS["scratch"]
    rested(examples.example("sine"))        # trained: else the page has no place of its own to prefer
    visitor = visit("learn", who=until(scratch, "shut"), lang="en", lesson="scratch", card="shut")
    chosen = visitor.at.session_state["select"]
    assert (chosen.unit, chosen.step) == (0, scratch.stage("shut").spec.data.usual_steps - 1)


def test_who_comes_back_has_nothing_trained_anew(visit: Visit) -> None:
    visitor = visit("learn", who=until(LETTERS, "far_came"), lang="en", lesson=LETTERS.name, card="far_came")
    visitor.click("card_back")
    assert place(visitor) == (LETTERS.name, "train")
    assert keys.ACTING not in visitor.at.session_state


# -- what is shown before it is done ------------------------------------------------------------------------


def test_what_a_card_waits_for_may_be_shown_after_a_while(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit("learn", who=until(LETTERS, "hot"), lang="en", lesson=LETTERS.name, card="hot")
    assert not visitor.offers("show_me")
    monkeypatch.setattr(card_view, "PATIENCE", 0.0)
    visitor.look().click("show_me")
    assert visitor.at.session_state["temperature"] == 2.0
    assert "Done." in [success.value for success in visitor.at.success]
    assert visitor.offers("card_on")
    record = progress(visitor.who).card("letters", "hot")
    assert (record.done, record.shown, record.tries) == (True, False, 1)


def test_where_showing_it_brings_nothing_about_one_may_go_on_all_the_same(
        visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is pressed is pressed in a browser, of which there is none here."""
    monkeypatch.setattr(card_view, "PATIENCE", 0.0)
    visitor = visit("learn", who=until(LETTERS, "train"), lang="en", lesson=LETTERS.name, card="train")
    visitor.click("show_me")
    assert not visitor.offers("card_on"), "it may still come about"
    monkeypatch.setattr(card_view, "SHOWING", 0.0)
    visitor.look()
    assert "Shown to you: you may go on." in visitor.hints
    assert visitor.offers("card_on")
    record = progress(visitor.who).card("letters", "train")
    assert (record.done, record.shown) == (False, True)
