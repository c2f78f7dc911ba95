"""A sheet's code is made by the server alone; a sheet is read back from whatever a mail has made of it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_core import i18n
from lstm_core.classroom import hand_in, handed_in
from lstm_core.classroom.hand_in import LONGEST_NAME, LONGEST_WORDS, Result, Sheet
from lstm_core.classroom.handed_in import Handed, Marks, duplicates, read
from lstm_core.classroom.rules import Rules
from lstm_core.errors import Refusal
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
RESULT = Result("test", share=True, value=0.983, naive=0.12)
ERROR = Result("test", share=False, value=132.12, naive=140.0, unit="points")
LINK = "https://lab.example/deep/train?run=aB3_-xyz"


def sheet(name: str = "Ada Lovelace", words: str = "I tried it. It learned.", result: Result = RESULT) -> Sheet:
    return Sheet(name=name, words=words, run="aB3_-xyz", spec=RunSpec(), result=result, date="2026-11-28",
                 link=LINK).signed(KEY)


def written(of: Sheet, language: str = "en") -> str:
    with i18n.speaking(language):
        return hand_in.text(of, hand_in.told(of.result, "Always the same", "test part"), "LSTM; Epochs: 20")


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# -- the code ------------------------------------------------------------------------------------------------


def test_a_code_is_of_one_run_its_settings_its_result_and_one_name() -> None:
    known = sheet().code
    assert hand_in.is_code(known, hand_in.code(KEY, "aB3_-xyz", RunSpec(), RESULT, "Ada Lovelace"))
    others = [
        hand_in.code(OTHER_KEY, "aB3_-xyz", RunSpec(), RESULT, "Ada Lovelace"),
        hand_in.code(KEY, "another", RunSpec(), RESULT, "Ada Lovelace"),
        hand_in.code(KEY, "aB3_-xyz", RunSpec(train=TrainSpec(seed=1)), RESULT, "Ada Lovelace"),
        hand_in.code(KEY, "aB3_-xyz", RunSpec(), replace(RESULT, value=0.984), "Ada Lovelace"),
        hand_in.code(KEY, "aB3_-xyz", RunSpec(), replace(RESULT, split="train"), "Ada Lovelace"),
        hand_in.code(KEY, "aB3_-xyz", RunSpec(), RESULT, "Grace Hopper"),
    ]
    assert not any(hand_in.is_code(known, other) for other in others)
    assert len({known, *others}) == len(others) + 1


def test_how_a_code_and_a_name_are_typed_is_all_the_same() -> None:
    known = sheet().code
    assert len(known) == hand_in.LENGTH + 1
    assert hand_in.is_code(known, f" {known.lower().replace('-', ' ')}")
    assert hand_in.is_code("0011-AAAA", "OoIl aaaa")
    assert hand_in.code(KEY, "r", RunSpec(), RESULT, "Ada  LOVELACE") == hand_in.code(
        KEY, "r", RunSpec(), RESULT, "ada lovelace")
    assert not hand_in.is_code(known, "")


def test_numbers_that_differ_in_the_last_bits_have_the_same_code() -> None:
    assert sheet(result=replace(ERROR, value=132.12000001)).code == sheet(result=ERROR).code
    assert sheet(result=replace(ERROR, value=132.3)).code != sheet(result=ERROR).code


# -- what one may write ------------------------------------------------------------------------------------


def test_a_name_and_sentences_are_one_line_each_and_not_too_long() -> None:
    assert hand_in.checked_name("  Ada\n Love\u200blace ") == "Ada Lovelace"
    assert hand_in.checked_words("One.\r\n=== end ===\u2028Two.") == "One. === end === Two."
    for check, most in ((hand_in.checked_name, LONGEST_NAME), (hand_in.checked_words, LONGEST_WORDS)):
        assert check("字" * most) == "字" * most
        with pytest.raises(Refusal, match=str(most)):
            check("x" * (most + 1))
        with pytest.raises(Refusal):
            check(" \n\u200b")


# -- read back -----------------------------------------------------------------------------------------------

WHOLE = Handed("aB3_-xyz", "lab.example", "Ada Lovelace", sheet().code, "", "I tried it. It learned.", sheet=True)


def essence(handed: Handed) -> Handed:
    return replace(handed, result="")


@pytest.mark.parametrize("mail", [
    lambda text: text,
    lambda text: "Dear teacher,\n\nhere it is:\n" + text + "\nKind regards",
    lambda text: "".join(f"> > {line}\n" for line in text.splitlines()),
    lambda text: "".join(f"|  {line}\r\n" for line in text.splitlines()),
    lambda text: " ".join(text.splitlines()),
    lambda text: text.replace(LINK, f"{LINK} <{LINK}>"),
    lambda text: text.replace("Ada Lovelace", "Ada\n> Lovelace"),
    lambda text: text.replace("\n", "\n\n"),
    lambda text: "\ufeff" + text.replace(" ", "\u00a0"),
])
def test_a_sheet_is_read_as_it_was_written_whatever_a_mail_makes_of_it(mail: object, language: str) -> None:
    assert callable(mail)
    (found,) = read(mail(written(sheet(), language))).handed
    assert essence(found) == WHOLE
    assert found.result.startswith("98.3%")


def test_a_chinese_name_and_sentences_are_read(language: str) -> None:
    of = sheet(name="王小明", words="我把学习率调小了：损失下降得更稳。")
    (found,) = read(written(of, language)).handed
    assert (found.name, found.words, found.code) == ("王小明", "我把学习率调小了：损失下降得更稳。", of.code)


def test_many_sheets_and_links_in_any_order_and_language_are_kept_apart() -> None:
    text = "\n".join([
        "Grace Hopper, https://lab.example/train?lang=en&run=first", written(sheet(name="Ada")),
        "On Saturday Alan wrote:", "> " + written(sheet(name="王小明"), "zh").replace("\n", "\n> "),
        "Alan\t2\thttp://localhost:8501/predict?hidden=3&amp;run=second", written(sheet(name="Zoe")), "run=third"])
    assert [(found.name, found.run, found.sheet) for found in read(text).handed] == [
        ("Grace Hopper", "first", False), ("Ada", "aB3_-xyz", True), ("王小明", "aB3_-xyz", True),
        ("Alan", "second", False), ("Zoe", "aB3_-xyz", True), ("", "third", False)]


def test_a_sheet_whose_end_was_cut_off_takes_nothing_of_the_next() -> None:
    first, *_rest = written(sheet(name="Ada")).rpartition("\n")
    found = read(f"{first}\n{written(sheet(name='Bob'))}").handed
    assert [(one.name, one.words) for one in found] == [("Ada", WHOLE.words), ("Bob", WHOLE.words)]


def test_links_that_lead_to_no_run_are_told_apart() -> None:
    found = read("https://uni.example/course\nhttps://uni.example/b\nhttp://lab/train?source=waves&hidden=3\nno link\n"
                 "https://lab/compare?runs=one,two\nhttps://safe.example/?url=https%3A%2F%2Flab%2Ftrain%3Frun%3Dthree")
    assert [one.run for one in found.handed] == ["one", "two", "three"]
    assert found.others == ("uni.example", "lab")


def test_what_is_in_ones_own_words_is_no_line_of_the_sheet() -> None:
    words = "Name: Bob Check code: 0000-0000 Run: https://lab/train?run=other === Gatescope: Hand-in sheet === x"
    (found, *_more) = read(written(sheet(words=words))).handed
    assert (found.name, found.run, found.code) == (WHOLE.name, WHOLE.run, WHOLE.code)


@given(some.text() | some.text("= \n>:Gatescopruns%3D,https/&?;Nm"))
def test_any_text_can_be_read(text: str) -> None:
    found = read(text)
    assert all(len(one.name) <= LONGEST_NAME and len(one.run) <= 40 for one in found.handed)


@pytest.mark.parametrize("piece", ["=", "=== Gatescope", " ", "> ", "run=", "runs=a,", "https://", "Name: ",
                                   "=== Gatescope ===\n", "=== Gatescope === Name: Run: "])
def test_a_long_text_is_read_in_no_time(piece: str) -> None:
    began = time.perf_counter()
    read(piece * (200_000 // len(piece)))
    assert time.perf_counter() - began < 2


# -- duplicates, rules ---------------------------------------------------------------------------------------


def test_the_same_thing_twice_is_found_by_run_by_settings_and_by_weights() -> None:
    marks = [Marks("a", "S", "w"), None, Marks("b", "T", "v"), Marks("a", "S", "w"), Marks("c", "S", "w"),
             Marks("d", "U", "v"), None, Marks("e", "V", "u")]
    assert duplicates(marks) == [None, None, None, (0, "run"), (0, "settings"), (2, "weights"), None, None]


SPEC = RunSpec(model=ModelSpec(layers=(Layer(32), Layer(8))), train=TrainSpec(epochs=20))


@pytest.mark.parametrize(("rules", "result", "broken"), [
    (Rules(), RESULT, []),
    (Rules(hidden=32, epochs=20, share=0.983), RESULT, []),
    (Rules(hidden=31), RESULT, ["Its widest layer has 32 units; at most 31 are allowed."]),
    (Rules(epochs=19), RESULT, ["It was given 20 epochs; at most 19 are allowed."]),
    (Rules(share=0.99), RESULT, ["98.3% of its answers are correct; at least 99% is needed."]),
    (Rules(error=1.0), RESULT, ["It reaches 98.3% correct answers; asked for is a mean error."]),
    (Rules(error=132.12), ERROR, []),
    (Rules(error=100.0), ERROR, ["Its mean error is 132.1; at most 100 is needed."]),
    (Rules(share=0.5), ERROR, ["It has a mean error, 132.1; asked for are correct answers."]),
    (Rules(error=1.0), replace(ERROR, value=float("nan")), ["Its mean error is nan; at most 1 is needed."]),
])
def test_rules_that_a_teacher_types(rules: Rules, result: Result, broken: list[str]) -> None:
    assert list(map(str, rules.broken(SPEC, result))) == broken


def test_nothing_of_a_sheet_is_the_default_of_the_parser() -> None:
    assert read("").handed == ()
    assert handed_in.read(written(sheet())).handed[0].code == sheet().code
