"""Handing in: one's own finished run becomes a sheet; the teacher's table believes nothing that is on one."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core import i18n
from lstm_core.challenges import CHALLENGES
from lstm_core.classroom import handed_in
from lstm_core.classroom.hand_in import Result
from lstm_core.errors import Refusal
from lstm_core.spec.serialization import from_query
from lstm_core.ui.base.examples import BEGINNING, example
from lstm_core.ui.base.server import lab
from lstm_core.ui.classroom import hand_ins
from lstm_core.ui.shared import hand_in
from tests.app.conftest import Visit
from tests.app.visitor import LONG, PATIENCE, SMALL, Visitor, rested

WORDS = "I tried four units. <b>It</b> learned; =SUM(A1) did not."


def dialog(visitor: Visitor) -> Any:
    return visitor.at._tree[2]


def codes(visitor: Visitor) -> list[str]:
    return [block.value for block in dialog(visitor).get("code")]


def opened(visit: Visit, finished: tuple[str, str], **query: str) -> Visitor:
    run, who = finished
    return visit("train", who=who, run=run, **query).click("hand_in")


def written(visit: Visit, finished: tuple[str, str], name: str = "Ada", **query: str) -> str:
    """Return the sheet of a run as text."""
    visitor = opened(visit, finished, **query)
    dialog(visitor).get_by_key("hand_in_name").set_value(name)
    dialog(visitor).get_by_key("hand_in_words").set_value(WORDS)
    (text,) = codes(visitor.click("hand_in"))
    return str(text)


# -- the sheet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_finished_run_of_ones_own_becomes_a_sheet(visit: Visit, finished: tuple[str, str], lang: str) -> None:
    text = written(visit, finished, "王小明", lang=lang)
    (found,) = handed_in.read(text).handed
    assert (found.name, found.run, found.words) == ("王小明", finished[0], WORDS)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", found.code)
    with i18n.speaking(lang):
        result = hand_in.reached(lab().view(finished[0])).result
        assert hand_in.told(result) in text
    assert found.result.startswith(result.reached)
    assert "{" not in text


def test_a_sheet_without_name_or_sentences_is_none_yet(visit: Visit, finished: tuple[str, str]) -> None:
    visitor = opened(visit, finished)
    assert not any("Gatescope" in text for text in codes(visitor))
    assert "Write your name" in dialog(visitor).get("info")[0].value
    with pytest.raises(KeyError):
        dialog(visitor).get_by_key("save_sheet")


def test_what_is_not_ones_own_or_not_at_its_end_is_refused(visit: Visit, finished: tuple[str, str]) -> None:
    assert not visit("train", run=finished[0]).offers("hand_in")
    training = visit("train", **LONG).click("train")
    assert not training.offers("hand_in")
    with pytest.raises(Refusal, match="not come to its end"):
        hand_in.finished(lab().view(training.run))
    stopped = training.wait(lambda view: view.update > 0).click("stop").rest()
    assert stopped.offers("hand_in")
    hand_in.finished(lab().view(stopped.run))


def test_a_solved_challenge_can_be_handed_in(visit: Visit) -> None:
    visitor = visit("challenges", challenge="letters")
    assert not visitor.offers("hand_in")
    run = rested(lab().start(CHALLENGES["letters"].solution, visitor.who)).id
    text = codes(visitor.look().click("hand_in"))
    assert text
    assert lab().view(run).status == "done"


# -- the table -----------------------------------------------------------------------------------------------


def page() -> None:
    from lstm_core.ui.classroom import hand_ins
    from lstm_core.ui.widgets.text import choose_language

    choose_language()
    hand_ins.show()


def table(text: str = "", lang: str = "en", **chosen: Any) -> AppTest:
    at = AppTest.from_function(page, default_timeout=PATIENCE)
    at.session_state["owner"] = "teacher"
    at.query_params["lang"] = lang
    i18n.follow(lambda: lang)
    at.session_state["handed_in"] = text
    for key, value in chosen.items():
        at.session_state[key] = value
    at.run()
    assert not at.exception, [error.message for error in at.exception]
    return at


def cells(at: AppTest) -> dict[str, list[Any]]:
    return {str(name): list(values) for name, values in at.dataframe[0].value.items()}


def test_a_sheet_is_valid_under_its_name_only(visit: Visit, finished: tuple[str, str]) -> None:
    text = written(visit, finished)
    other = text.replace("Name: Ada", "Name: Bob")
    better = re.sub(r"Result: \S+", "Result: 0.0001", text)
    found = cells(table("\n".join([text, other, better, f"Eve https://lab/train?run={finished[0]}"])))
    assert found["Name"] == ["Ada", "Bob", "Ada", "Eve"]
    assert found["Check code"] == ["✓ valid", "✗ wrong", "✓ valid", "– missing"]
    assert found["Duplicate"] == ["", *["same run as row 1"] * 3]
    result = hand_in.reached(lab().view(finished[0])).result
    assert found["Result"] == [result.value] * 4
    assert found["Problem"] == ["", "", f"The sheet says 0.0001; this run reaches {result.reached}.", ""]
    assert found["In my own words"][0] == WORDS


def test_a_sheet_in_chinese_is_valid_for_a_teacher_who_reads_english(visit: Visit, finished: tuple[str, str]) -> None:
    text = written(visit, finished, lang="zh")
    found = cells(table(text))
    assert (found["Check code"], found["Problem"]) == (["✓ valid"], [""])
    assert "✓ 有效" in [value for values in cells(table(text, "zh")).values() for value in values]


def test_what_cannot_be_looked_up_is_said_in_a_sentence(visit: Visit) -> None:
    training = visit("train", **LONG).click("train").run
    found = table(f"https://lab/train?run=nobody\nrun=gone\nhttps://lab/x?run={training}\nrun={example(BEGINNING)}\n"
                  "=== Gatescope: Hand-in sheet ===\nName: Zoe\nhttps://uni.example/a*b*")
    problems = cells(found)["Problem"]
    assert "leads to lab" in problems[0]
    assert "no run 'gone'" in problems[1]
    assert "not come to its end" in problems[2]
    assert "finished example" in problems[3]
    assert "no link to a run" in problems[4]
    assert "5" in found.markdown[-1].value


def test_runs_with_the_same_settings_are_duplicates_and_others_are_not(finished: tuple[str, str]) -> None:
    again, other = (rested(lab().start(from_query(SMALL | {"seed": seed}), "alan")).id for seed in ("0", "1"))
    copied = lab().copy(finished[0], "alan")
    found = cells(table("\n".join(f"run={run}" for run in (finished[0], again, other, copied))))
    assert found["Duplicate"] == ["", "same settings and seed as row 1", "", "same settings and seed as row 1"]
    assert found["Seed"] == [0, 0, 1, 0]


def test_rules_are_held_against_the_runs_themselves(finished: tuple[str, str]) -> None:
    text = f"run={finished[0]}\nrun=gone"
    kept = cells(table(text, hand_in_rules="own", rule_hidden=4, rule_epochs=2))["Rules"]
    assert kept == ["✓ met", ""]
    (broken, _gone) = cells(table(text, hand_in_rules="own", rule_hidden=3, rule_share=90.0))["Rules"]
    assert "4 units; at most 3" in broken
    assert "asked for are correct answers" in broken
    (broken, _gone) = cells(table(text, hand_in_rules="sgd"))["Rules"]
    assert "It was trained on another sequence" in broken or "must be" in broken
    assert "Rules" not in cells(table(text))


def test_a_solution_keeps_the_rules_of_its_challenge() -> None:
    run = rested(lab().start(CHALLENGES["letters"].solution, "alan")).id
    start = rested(lab().start(CHALLENGES["letters"].start.change(epochs=1), "alan")).id
    solved, failed = cells(table(f"run={run}\nrun={start}", hand_in_rules="letters"))["Rules"]
    assert solved == "✓ met"
    assert "at most 40" in failed


def test_the_table_as_a_file_holds_no_formula(finished: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[bytes] = []

    def keep(_label: str, data: bytes, *_rest: object, **_more: object) -> None:
        files.append(data)

    monkeypatch.setattr("streamlit.download_button", keep)
    at = table(f"=HYPERLINK(1) run={finished[0]}\n@SUM run=gone\n+A1 run=gone2")
    assert cells(at)["Name"][0] == "'=HYPERLINK(1)"        # Streamlit has a button of its own for such a file
    rows = list(csv.DictReader(io.StringIO(files[0].decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["'=HYPERLINK(1)", "'@SUM", "'+A1"]
    assert [row["Seed"] for row in rows] == ["0", "", ""]


def test_more_than_can_be_looked_at_is_said(finished: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_ins, "ROWS", 2)
    at = table("\n".join([f"run={finished[0]}"] * 3))
    assert len(cells(at)["Row"]) == 2
    assert "There are 3" in at.warning[0].value
    assert "no sheet in this text" in table("Dear teacher, hello").warning[0].value
    assert not table().dataframe


def test_an_uploaded_file_is_read_like_what_is_pasted(finished: tuple[str, str]) -> None:
    at = table()
    at.file_uploader(key="handed_in_file").set_value(
        ("list.csv", f"姓名,链接\n王小明,https://lab/train?run={finished[0]}\n".encode("gb18030"), "text/csv"))
    assert cells(at.run())["Name"] == ["王小明"]


def test_a_result_that_is_no_number_is_written_all_the_same() -> None:
    assert Result("test", share=False, value=float("nan"), naive=1.0).reached == "nan"
