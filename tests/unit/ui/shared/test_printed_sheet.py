"""A sheet on paper: one page that needs nothing else, runs no script, and shows words as they were written."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lstm_core import i18n
from lstm_core.classroom.hand_in import Result, Sheet
from lstm_core.spec import Letters, RunSpec
from lstm_core.ui.shared import printed_sheet

SHEET = Sheet(name="<b>Ada</b> & co", words="</p><script>alert(1)</script> \"quoted\"", run="abc",
              spec=RunSpec(data=Letters(text="<i>abc</i>")), result=Result("test", share=True, value=0.9, naive=0.2),
              date="2026-11-28", link="https://lab.example/train?run=abc&x=\"><script>", code="AAAA-BBBB")


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(("language", "settings"), [("en", "Hidden units"), ("zh", "隐藏单元数")])
def test_it_shows_what_was_written_and_runs_nothing(language: str, settings: str) -> None:
    with i18n.speaking(language):
        seen = Seen(printed_sheet.page(SHEET, "90% (right)"))
    for text in (SHEET.name, SHEET.words, SHEET.link, SHEET.code, SHEET.date, "90% (right)", settings, "<i>abc</i>"):
        assert text in seen.words
    assert not {"script", "b", "i"} & set(seen.tags)
    assert seen.links == [SHEET.link]


def test_an_address_that_is_none_of_a_page_is_no_link() -> None:
    seen = Seen(printed_sheet.page(replace(SHEET, link="javascript:alert(1)"), ""))
    assert seen.links == []
    assert "javascript:alert(1)" in seen.words
