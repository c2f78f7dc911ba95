"""Texts put together from pieces: each language has its own marks for it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lstm_core import i18n
from lstm_core.errors import Refusal, unknown
from lstm_core.ui.widgets import text
from lstm_core.ui.widgets.text import localized


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_current", lambda: "zh")


def joined() -> list[str]:
    return [i18n.listing("abc"), i18n.phrases(["a 1", "b 2"]), i18n.clauses(["a", "b"]), i18n.pair("a", "1"),
            i18n.aside("a", "1"), i18n.sentences("A.", "", "B.")]


def test_english_joins_with_a_space() -> None:
    assert joined() == ["a, b, c", "a 1, b 2", "a; b", "a: 1", "a (1)", "A. B."]


@pytest.mark.usefixtures("chinese")
def test_chinese_joins_with_its_own_marks() -> None:
    assert joined() == ["a、b、c", "a 1，b 2", "a；b", "a：1", "a（1）", "A.B."]


@pytest.mark.parametrize(("value", "form", "written"), [
    (1.38e-7, ".3g", "1.38 × 10⁻⁷"), (-2e-12, ".3g", "-2 × 10⁻¹²"), (1234.0, ".3g", "1,230"),
    (2.5e21, ".3g", "2.5 × 10²¹"),
    (0.0, ".1e", "0.0"), (0.0123, ".3g", "0.0123"), (float("nan"), ".3g", "nan")])
def test_powers_of_ten_are_written_one_way(value: float, form: str, written: str) -> None:
    assert i18n.powers(f"{value:{form}}") == written


def test_what_could_have_been_is_called_as_on_the_pages_and_as_in_an_address() -> None:
    refusal = unknown("source", "foo", ["waves", "table"])
    assert str(refusal) == "source 'foo' is not known. Allowed: waves, table."
    assert localized(refusal) == "Sequence 'foo' is not known. Allowed: Waves, Own table (table)."


@pytest.mark.usefixtures("chinese")
def test_names_in_a_refusal_are_chinese() -> None:
    assert localized(unknown("source", "foo", ["waves", "table"])) == (
        "没有这样的“序列”：'foo'。可以用：波形（waves）、自己的表格（table）。")
    stored = Refusal("{setting} changes nothing in these runs. Allowed: {allowed}.", setting="lr",
                     allowed=["hidden", "seed"])     # as JSON gives a list back
    assert localized(stored) == "“学习率”对这些训练没有影响。可以用：隐藏单元数、随机种子。"


@pytest.mark.parametrize(("zone", "shown"), [
    ("Asia/Shanghai", "2026-01-02 07:04"), ("America/New_York", "2026-01-01 18:04"), (None, "2026-01-01 23:04 UTC"),
    ("Nowhere/Land", "2026-01-01 23:04 UTC"), ("../etc", "2026-01-01 23:04 UTC")])
def test_a_moment_is_told_where_the_browser_is(monkeypatch: pytest.MonkeyPatch, zone: str | None, shown: str) -> None:
    monkeypatch.setattr("streamlit.context", SimpleNamespace(timezone=zone))
    assert text.moment(1767308640.0) == shown
