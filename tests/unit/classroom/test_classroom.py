"""A class has one thing open at a time, brings all to a place, and is read back as it was."""

from dataclasses import replace

import pytest

from lstm_core.classroom import classroom as of_class
from lstm_core.classroom.classroom import Classroom, Place, from_json, to_json
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import of_card, own
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Choice
from lstm_core.spec import RunSpec

ONE, OWN, SEEDS = of_card("gates", "one"), own("Why?", Choice(("a", "b"))), Experiment(RunSpec())


def test_a_lesson_is_one_thing_after_the_other():
    room = Classroom().asking(ONE).closing().again().closing().showing().trying(SEEDS).closing().asking(OWN)
    assert room.items == (replace(ONE, vote=2, phase="shown"), SEEDS.closed(), OWN)
    assert room.now is room.items[-1]
    assert Classroom().now is None


@pytest.mark.parametrize(("step", "refusal"), [
    (lambda: Classroom().asking(ONE).asking(OWN), "Close the question that is open first."),
    (lambda: Classroom().asking(ONE).trying(SEEDS), "Close the question that is open first."),
    (lambda: Classroom().trying(SEEDS).asking(ONE), "Close the experiment that is open first."),
    (lambda: Classroom().closing(), "Nothing has been asked yet."), (lambda: Classroom().again(), "Nothing has been"),
    (lambda: Classroom().trying(SEEDS).showing(), "Nothing has been asked yet."),
    (lambda: Classroom((ONE.closed(),) * of_class.ITEMS).asking(OWN), "at most 60 questions and experiments"),
    (lambda: Classroom().bringing(Place("train", "x" * 2001)), "may have 2,000 characters; this one has 2,001.")])
def test_what_may_not_follow_is_refused(step, refusal):
    with pytest.raises(Refusal, match=refusal):
        step()


def test_all_are_brought_somewhere_and_set_free():
    room = Classroom(held=True).bringing(Place("learn", "lesson=gates")).bringing(Place("train"))
    assert (room.place, room.brought) == (Place("train"), 2)
    assert room.freeing() == Classroom(brought=2)


@pytest.mark.parametrize("room", [
    Classroom(), Classroom((ONE.closed(), SEEDS, OWN), Place("train", "preset=s5"), 3, held=True, named=True)])
def test_a_class_is_read_back_as_it_was(room):
    assert from_json(to_json(room)) == room


def test_what_is_no_longer_there_keeps_its_place():
    text = to_json(Classroom((ONE.closed(), OWN))).replace('"gates"', '"gone"')
    assert from_json(text).items == (None, OWN)
    assert from_json(to_json(from_json(text))).items == (None, OWN)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": 3}', "{"])
def test_what_is_no_class_is_refused(text):
    with pytest.raises(ValueError, match=r"no class|Expecting"):
        from_json(text)
