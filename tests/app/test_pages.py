"""Every page in both languages: with nothing trained, and with a finished run."""

from __future__ import annotations

import re

import pytest

from lstm_core.i18n import LANGUAGES
from lstm_core.locale.catalogue import translations
from lstm_core.ui.base.examples import BEGINNING, example
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import SHELL, Visitor
from tests.chinese import half_width

ICON = re.compile(r":material/\w+:")
CHINESE = re.compile("[\u4e00-\u9fff]")
SECTIONS = [(page.name, section) for page in PAGES.values() for section in page.sections]


def translated(text: str, lang: str) -> str:
    """Return a text as the catalogue of a language has it; without an entry as it is."""
    message = translations(lang).get(text)
    return str(message.string) if message else text


def half_width_in(visitor: Visitor) -> list[str]:
    """Return where a page has half-width marks beside Chinese."""
    texts = visitor.texts
    assert len(texts) > 20
    return sorted({place for text in texts for place in half_width(ICON.sub("", text))})


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_nothing_trained_has_something_to_show(visit: Visit, page: str, lang: str) -> None:
    visitor = visit(page, lang=lang)
    prose = max((markdown.value for markdown in visitor.at.markdown), key=len)
    assert bool(CHINESE.search(prose)) == (lang == "zh")
    assert [title.value for title in visitor.at.title] == [translated(PAGES[page].heading or PAGES[page].title, lang)]
    assert "run" not in visitor.at.query_params
    assert visitor.at.query_params["lang"] == lang
    assert not visitor.errors
    assert half_width_in(visitor) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_a_finished_run(visit: Visit, finished: tuple[str, str], page: str, lang: str) -> None:
    run, who = finished
    visitor = visit("train", who=who, lang=lang, run=run)
    visitor.open(page)
    if page == "learn":                     # where a lesson decides which run is shown
        assert "run" not in visitor.at.query_params
    else:
        assert visitor.run == run
    assert visitor.at.query_params["lang"] == lang
    assert not visitor.refusals
    assert half_width_in(visitor) == []


@pytest.mark.parametrize("page", ["train", "cell"])
def test_what_stands_first_is_the_example_or_the_run_of_the_address(
        visit: Visit, finished: tuple[str, str], page: str) -> None:
    assert visit(page).updates == lab().view(example("recall" if page == "cell" else BEGINNING)).update
    run, who = finished
    assert visit(page, who=who, run=run).updates == 12


@pytest.mark.parametrize(("page", "section"), SECTIONS)
def test_a_link_leads_to_a_section(visit: Visit, page: str, section: str) -> None:
    visitor = visit(page, lang="zh", **{PAGES[page].section_key: section})
    assert visitor.widget(PAGES[page].section_key).value == section
    assert not visitor.errors
    assert half_width_in(visitor) == []


@pytest.mark.parametrize("page", [name for name, page in PAGES.items() if page.sections])
def test_an_unknown_section_is_the_first_one(visit: Visit, page: str) -> None:
    visitor = visit(page, **{PAGES[page].section_key: "nonsense"})
    assert visitor.widget(PAGES[page].section_key).value == next(iter(PAGES[page].sections))
    assert not visitor.errors


def test_the_table_has_each_page_once() -> None:
    assert {page.file for page in PAGES.values()} == {path.name for path in SHELL.parent.glob("[!_]*.py")}
    keys = [page.section_key for page in PAGES.values() if page.sections]
    assert all(keys)
    assert len(set(keys)) == len(keys)


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
