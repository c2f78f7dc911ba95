"""A question is open, closed and shown in this order, asked twice at most, and kept as text."""

import pytest

from lstm_core.classroom import questions
from lstm_core.classroom.questions import Question, from_plain, of_card, own, to_plain
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Predict
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import CardWords

WHICH = own("Which?", Choice(("this", "that")), "that")
CURVE = Curve(x="update", y="loss", first="1", last="200", low=0, high=1)


def test_a_question_is_asked_closed_asked_again_and_shown():
    first = WHICH.closed()
    second = first.again()
    assert [(one.vote, one.phase) for one in (WHICH, first, second, second.closed(), second.closed().shown())] == [
        (1, "open"), (1, "closed"), (2, "open"), (2, "closed"), (2, "shown")]


@pytest.mark.parametrize(("step", "refusal"), [
    (lambda: WHICH.closed().closed(), "closed already"), (WHICH.again, "Close the question first: a second vote"),
    (WHICH.shown, "as long as it is open, nobody sees"),
    (lambda: WHICH.closed().shown().again(), "a second vote comes before the answer is shown"),
    (lambda: WHICH.closed().again().closed().again(), "2 votes at most")])
def test_what_may_not_follow_is_refused(step, refusal):
    with pytest.raises(Refusal, match=refusal):
        step()


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_predict_card_can_be_asked(lesson):
    for card in LESSONS[lesson].cards:
        if isinstance(card, Predict):
            words = {"en": CardWords("What comes?", {"a": "one"}), "zh": CardWords("会怎样?")}
            question = of_card(lesson, card.name, words, (0.5, 1.0))
            assert question.asked == card.ask
            assert from_plain(to_plain(question.closed())) == question.closed()
        else:
            with pytest.raises(Refusal, match="There is no question"):
                of_card(lesson, card.name)


@pytest.mark.parametrize("question", [
    WHICH, own("How many?", questions.number(0, 10, whole=True), 4),
    own("How many?", questions.number(0, 1, whole=False)), own("Draw it", CURVE),
], ids=["choice", "number", "without truth", "curve"])
def test_an_own_question_is_kept_as_text(question):
    asked = question.closed().again()
    assert from_plain(to_plain(asked)) == asked
    assert asked.asked is asked.ask


def test_its_words_become_one_line_of_plain_text():
    asked = own(" Which\none?\u202e ", Choice((" a\tb", "c")))
    assert (asked.text, asked.ask) == ("Which one?", Choice(("ab", "c")))


@pytest.mark.parametrize(("text", "ask", "truth", "refusal"), [
    (" \n", Choice(("a", "b")), None, "Write the question first."),
    ("x" * 301, Choice(("a", "b")), None, "At most 300 characters fit here; these are 301."),
    ("x", Choice(("a",)), None, "from 2 to 6 answers; these are 1"),
    ("x", Choice(tuple("abcdefg")), None, "from 2 to 6 answers; these are 7"),
    ("x", Choice(("a", " a ")), None, "words of its own"), ("x", Choice(("a", "")), None, "words of its own"),
    ("x", Choice(("a", "b" * 81)), None, "At most 80 characters"), ("x", Choice(("a", "b")), "c", "answer"),
    ("x", questions.number(1, 1, whole=False), None, "from a smaller to a larger number; it goes from 1 to 1."),
    ("x", questions.number(0, 1, whole=False), 2, "lies beyond it")])
def test_an_own_question_that_cannot_be_asked_is_refused(text, ask, truth, refusal):
    with pytest.raises(Refusal, match=refusal):
        own(text, ask, truth)


@pytest.mark.parametrize("change", [
    {"lesson": "gone"}, {"card": "gone"}, {"vote": 3}, {"vote": None}, {"phase": "half"}, {"text": 1},
    {"text": "Why?", "number": ["a", 1, True]}, {"text": "Why?"}])
def test_what_cannot_be_read_any_more_is_left_out(change):
    assert from_plain(to_plain(of_card("gates", "one")) | change) is None


def test_numbers_of_an_own_question_are_right_within_a_twentieth_of_the_scale():
    ask = questions.number(0, 100, whole=False)
    assert isinstance(ask, Number)
    assert [ask.judge(value, 50).verdict for value in (54, 59, 61)] == ["right", "close", "off"]


def test_of_a_card_what_came_is_said_when_its_answers_are_shown_and_judges_them():
    question = of_card("gates", "one")
    assert question == Question("gates", "one")
    assert isinstance(question.asked, Choice)
    right, wrong = question.asked.options[:2]
    assert question.judge(right) is None
    shown = question.closed().shown(right)
    assert [shown.judge(answer).verdict for answer in (right, wrong)] == ["right", "off"]
    assert from_plain(to_plain(shown)) == shown
    assert question.closed().shown().judge(right) is None
