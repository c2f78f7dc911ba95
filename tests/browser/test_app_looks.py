"""What everybody must be able to read and reach: languages, themes, a phone, a keyboard, a screen reader."""

import re

import pytest
from playwright.sync_api import expect

from lstm_core.ui.base.pages import PAGES

PATHS = tuple(page.url_path for page in PAGES.values())
CHINESE = re.compile("[一-鿿]")
ABSENT = {("challenges", "[data-testid=stWidgetLabel]"), ("learn", "[data-testid=stWidgetLabel]"),      # cards only
          ("", ".beside-handle"), ("learn", ".beside-handle"), ("class", ".beside-handle")}             # no steps

# The names that a screen reader tells of all charts, "" for one without.
CHARTS = """() => [...document.querySelectorAll(
    '.js-plotly-plot, canvas, .cv-drawing svg, .sh-drawing, .alive-rows')].filter(
    node => !node.parentElement.closest('.js-plotly-plot') && node.checkVisibility()).map(
    node => node.closest('[role=img], [role=slider], [aria-label]')?.ariaLabel ?? '')"""

# The contrast of WCAG 2.2 (1.4.3) of every text that is shown, against what is painted behind it.
CONTRAST = """() => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const painted = (colours) => {      // colours from the back to the front, each over those before
        pen.globalAlpha = 1; pen.clearRect(0, 0, 1, 1);
        for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map(value => value / 255).map(
            value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    for (const node of document.querySelectorAll(
        'h1, h2, h3, p, label, li, summary, td, th, strong, .legendtext, .st-key-cell_view :not(svg *, option)')) {
        const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
        if (!own || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (node.closest('[disabled], [aria-disabled=true]')) continue;      // exempt: cannot be used now
        const backs = [], style = getComputedStyle(node);
        for (let at = node; at; at = at.parentElement)      // the value above a slider's knob lies outside the knob
            if (!node.closest('[data-testid=stSliderThumbValue]') || at.offsetWidth > 40)
                backs.unshift(getComputedStyle(at).backgroundColor);
        const behind = painted(backs), ink = painted([...backs, node instanceof SVGElement ? style.fill : style.color]);
        const [dark, light] = [luminance(behind), luminance(ink)].sort((a, b) => a - b);
        found.push([(light + 0.05) / (dark + 0.05), node.textContent.trim().slice(0, 60), style.color, behind.join()]);
    }
    return found;
}"""


@pytest.mark.parametrize("how", ["address", "browser"])
def test_chinese_is_spoken_on_every_page(visit, how):
    tab = visit(locale="zh-CN") if how == "browser" else visit()
    tab.open(**({"lang": "zh"} if how == "address" else {}))
    for path in PATHS if how == "address" else ("", "cell"):    # which language it is, the shell of all pages decides
        tab.turn_to(path)
        for place in ("[data-testid=stTopNavLink]", ".beside-handle", "[data-testid=stMarkdown] p",
                      "[data-testid=stWidgetLabel]"):
            shown = tab.page.locator(place).locator("visible=true")
            if "stMarkdown" not in place and (path, place) not in ABSENT:
                expect(shown.first).to_be_visible()
            words = shown.all_inner_texts()
            assert not words or any(CHINESE.search(text) for text in words), (path, place, words)
        for words in tab.page.evaluate(CHARTS):
            assert CHINESE.search(words), (path, words)
        assert tab.query["lang"] == "zh"


def test_the_language_chosen_on_the_page_stays_when_pages_change(visit):
    tab = visit().open("train", preset="recall_rnn")
    tab.choose("pace", "20 updates/s")
    run = tab.still().start()
    for language, source, pace in (("中文", "间隔之后的回忆", "每秒 20 次更新"),
                                   ("English", "Recall after a gap", "20 updates/s")) * 2:
        tab.page.locator(".st-key-chosen_lang").get_by_text(language).click()       # while it is trained
        expect(tab.page.locator(".st-key-source input")).to_have_value(source)
        expect(tab.page.locator(".st-key-pace input")).to_have_value(pace)
        assert tab.query["run"] == run
    tab.button("stop").click()
    tab.page.locator(".st-key-chosen_lang").get_by_text("中文").click()
    expect(tab.button("train")).to_have_text(re.compile("训练"))
    for at in (4, 0, 3):
        tab.page.locator("[data-testid=stTopNavLink]").nth(at).click()
        tab.settled().still()
        assert CHINESE.search(tab.page.locator("[data-testid=stTopNavLink]").nth(at).inner_text())
        assert tab.query["lang"] == "zh"
    tab.page.locator(".st-key-chosen_lang").get_by_text("English").click()
    expect(tab.button("train")).to_have_text(re.compile("Train"))
    assert tab.query["lang"] == "en"


def test_every_text_can_be_read_in_both_themes_and_every_chart_says_what_it_shows(visit):
    tab = visit().open()
    tab.page.add_style_tag(content="* { transition: none !important }")     # no colour is half faded over
    for path in PATHS:
        tab.turn_to(path)
        names = tab.page.evaluate(CHARTS)
        assert names or path in ("learn", "class", "challenges")
        for name in names:
            assert len(name) >= 7
            assert " ." not in name
        for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(16, 22, 29)")):
            tab.page.emulate_media(color_scheme=scheme)
            tab.page.wait_for_function(
                "colour => getComputedStyle(document.querySelector('.stApp')).backgroundColor === colour", arg=ground)
            tab.still()
            texts = tab.page.evaluate(CONTRAST)
            assert len(texts) > 10
            assert [text for text in texts if text[0] < 4.5] == [], (path, scheme)
        tab.page.emulate_media(color_scheme="light")
    assert tab.server.address in tab.hosts      # which the end of every test looks at


def test_a_phone_needs_no_sideways_scrolling_and_can_train(visit):
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open()
    for path in PATHS:
        tab.turn_to(path)
        assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 390
        # Streamlit's main part scrolls by itself; what is wider than the screen shows there.
        wide = tab.page.evaluate("""() => {
            const main = document.querySelector('[data-testid=stMain]');
            return main.scrollWidth <= main.clientWidth ? [] : [...main.querySelectorAll('*')].filter(
                node => node.getBoundingClientRect().right > 391).map(node => node.className).slice(0, 5);
        }""")
        assert wide == [], path
        cut = tab.page.evaluate("""() => [...document.querySelectorAll(
            '[data-testid=stMain] button, [data-testid=stMain] .live-figure, [data-testid=stMain] p')].filter(node =>
                node.checkVisibility() && !node.closest('[data-testid=stTable]') &&     // which scrolls by itself
                node.getBoundingClientRect().right > 391).map(node => node.textContent)""")
        assert cut == [], path
    tab.turn_to("train").button("train").tap()
    tab.wait_until("In training")
    tab.button("stop").tap()
    tab.wait_until("Stopped")


def test_training_can_be_started_from_the_keyboard(visit):
    tab = visit().open().still()
    for _key in range(120):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("Boolean(document.activeElement.closest('.st-key-train'))"):
            break
    else:
        pytest.fail("Tab never reached the button Train")
    ring = tab.page.evaluate("(() => { const s = getComputedStyle(document.activeElement);"
                             " return s.boxShadow + s.outlineStyle + s.outlineWidth; })()")
    assert ring != "nonenone0px", "nobody sees where the focus is"
    tab.page.keyboard.press("Enter")
    tab.wait_until("In training")
    tab.button("stop").click()
    tab.wait_until("Stopped")
