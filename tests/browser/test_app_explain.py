"""Charts explain themselves: by pointing, by tapping and by keyboard, in the language of the page."""

import re

import pytest
from playwright.sync_api import expect

UNSAID = """() => [...document.querySelectorAll('.live-figure')].flatMap(figure => {
    figure.querySelector('.live-figure-explain').click();
    const words = figure.querySelector('.live-figure-words');
    const named = [...words.querySelectorAll('b')].map(name => name.textContent);
    const drawn = [...figure.querySelectorAll('.legendtext, .xtitle, .ytitle')].map(
        name => name.dataset.unformatted ?? name.textContent);
    return [...drawn.filter(name => !named.includes(name)),
            ...[...words.querySelectorAll('dd')].filter(sentence => sentence.textContent.length < 5)];
})"""


PAGES = [("train", {}), ("predict", {}), ("cell", {"section": "weights"}), ("cell", {"section": "training"}),
         ("letters", {"about": "transitions"}), ("memory", {"memory_section": "arithmetic"}),
         ("memory", {"memory_section": "gradients"}), ("compare", {})]


def point_at(chart, name, sentence):
    """Point at a name of a chart; again where the page moved it away from under the pointer meanwhile."""
    bubble = chart.get_by_role("tooltip")
    for _attempt in range(5):
        chart.locator(".live-figure-title").hover()
        chart.locator(name).hover(force=True)
        try:
            expect(bubble).to_contain_text(sentence, timeout=3_000)
            return bubble
        except AssertionError:
            continue
    return pytest.fail(f"{name} does not say {sentence!r}")


def test_a_name_that_is_pointed_at_says_what_it_is_with_its_number(visit):
    tab = visit().open().still()
    chart = tab.page.locator(".st-key-prediction")
    expect(chart.locator(".legendtext").nth(1)).to_have_text("Predicted")
    bubble = point_at(chart, ".legend .traces >> nth=1", "What the network answers")
    expect(bubble.locator(".live-figure-number")).to_have_text(re.compile(r"^-?[0-9.]+$"))
    bubble = point_at(chart, ".xtitle", "The place in the sequence")
    chart.locator(".live-figure-title").hover()
    expect(bubble).to_be_hidden()


def test_the_list_opens_and_closes_by_keyboard(visit):
    tab = visit().open()
    chart = tab.page.locator(".st-key-loss")
    button = chart.get_by_role("button", name="What the lines and axes are")
    button.press("Enter")
    expect(chart.locator(".live-figure-words")).to_contain_text("never learns from")
    tab.page.keyboard.press("Escape")
    expect(chart.locator(".live-figure-words")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_in_a_chart_has_no_sentence(visit, lang):
    tab, seen = visit(), 0
    for path, query in PAGES:
        tab.open(path, lang=lang, **query)
        tab.page.locator(".live-figure .main-svg .infolayer > *").first.wait_for(state="attached")
        tab.still()
        seen += tab.page.locator(".live-figure-explain").count()
        assert tab.page.evaluate(UNSAID) == [], (path, query)
    assert seen >= 10
