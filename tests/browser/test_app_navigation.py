"""All pages are in sight, and the look for a room gives the whole width to large words and thick lines."""

import pytest
from playwright.sync_api import expect

from lstm_core.ui.base.pages import GROUPS, PAGES

LABELS = "[data-testid=stTopNavLink]"
NAMES = """() => [...document.querySelectorAll('.rc-overflow-item')].map(
    node => getComputedStyle(node, '::before').content.replaceAll('"', '')).filter(name => name)"""
WORDS = """() => [...document.querySelectorAll('.js-plotly-plot .xtick text, .js-plotly-plot .legendtext')].map(
    node => parseFloat(getComputedStyle(node).fontSize))"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 1366])
def test_no_page_is_hidden_beside_the_settings(visit, width, lang):
    tab = visit(viewport={"width": width, "height": 800}).open("train", lang=lang)
    expect(tab.page.locator("[data-testid=stSidebar]")).to_be_visible()
    expect(tab.page.locator(LABELS).locator("visible=true")).to_have_count(len(PAGES))
    expect(tab.page.locator("[data-testid=stTopNavSection]").locator("visible=true")).to_have_count(0)
    tab.page.wait_for_function(f"({NAMES})().length === {len(GROUPS)}")
    names = tab.page.evaluate(NAMES)
    assert (names == list(GROUPS.values())) == (lang == "en")


def test_for_a_room_words_are_large_and_nothing_stands_at_the_side(visit):
    tab = visit(viewport={"width": 1920, "height": 1080}).open("train")
    chart = tab.page.locator(".st-key-loss .js-plotly-plot")
    expect(chart).to_be_visible()
    low = chart.bounding_box()["height"]
    assert max(tab.page.evaluate(WORDS)) == 12
    tab.page.locator(".st-key-chosen_view label").click()
    expect(tab.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    expect(tab.page.locator(".beside-panel")).to_be_hidden()
    tab.settled().still()
    tab.page.wait_for_function(f"Math.min(...({WORDS})()) >= 24")
    assert chart.bounding_box()["height"] > 1.3 * low
    assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 1920
    assert tab.query["view"] == "projector"
    tab.page.reload()
    expect(tab.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    tab.page.locator(".st-key-chosen_view label").click()
    expect(tab.page.locator("[data-testid=stSidebar]")).to_be_visible()


def test_what_every_page_has_stands_at_the_same_place_on_a_phone(visit):
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open("compare")
    places = []
    for path in ("compare", "cell", ""):
        tab.turn_to(path)
        places.append([tab.page.locator(f".st-key-chosen_{name}").bounding_box() for name in ("view", "lang")])
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in places[-1])
    assert places[0] == places[1] == places[2]
    tab.page.locator(".st-key-chosen_lang").get_by_text("中文").tap()
    expect(tab.page.locator(".st-key-chosen_view")).to_contain_text("投影")
