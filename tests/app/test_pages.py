"""Every page in both languages: with nothing trained, and with a finished run."""

from __future__ import annotations

import re

import pytest

from tests.app.conftest import Visit

PAGES = ("start", "train", "cell")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_nothing_trained_shows_the_finished_example(visit: Visit, page: str, lang: str) -> None:
    visitor = visit(page, lang=lang)
    prose = max((markdown.value for markdown in visitor.at.markdown), key=len)
    assert bool(CHINESE.search(prose)) == (lang == "zh")
    assert visitor.updates == 500
    assert "run" not in visitor.at.query_params
    assert visitor.at.query_params["lang"] == lang
    assert not visitor.errors


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_a_finished_run(visit: Visit, finished: tuple[str, str], page: str, lang: str) -> None:
    run, who = finished
    visitor = visit(page, who=who, lang=lang, run=run)
    assert visitor.run == run
    assert visitor.updates == 12
    assert not visitor.errors


def test_the_language_can_be_changed_and_stays(visit: Visit) -> None:
    visitor = visit("train", lang="en").put("chosen_lang", "zh")
    assert visitor.at.query_params["lang"] == "zh"
    assert visitor.open("cell").at.query_params["lang"] == "zh"


def test_the_language_of_the_browser_is_the_first_choice(visit: Visit) -> None:
    visitor = visit("start")
    assert visitor.at.query_params["lang"] == "en"
    visitor.at.context["locale"] = "zh-CN"
    del visitor.at.session_state["lang"]
    visitor.at.query_params.clear()
    assert visitor.look().at.query_params["lang"] == "zh"


def test_an_unknown_language_is_english(visit: Visit) -> None:
    assert visit("start", lang="tlh").at.query_params["lang"] == "en"


def test_start_lists_the_runs_of_this_browser(visit: Visit, finished: tuple[str, str]) -> None:
    links = [link.proto.query_string for link in visit("start", who=finished[1]).at.get("page_link")]
    assert any(finished[0] in link for link in links)
    assert not any(finished[0] in link.proto.query_string for link in visit("start").at.get("page_link"))
