"""The page Train as somebody sees it who opens it for the first time: few things, and none that gets in the way."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import IN_VIEW

CONTROLS, WORDS = 22, 120        # eleven of the controls are the pages


@pytest.fixture
def newcomer(visit, person):
    """Open a tab of somebody whose browser remembers nothing."""
    def make(**settings):
        context = person(**settings)
        context.clear_cookies()
        return visit(context)

    return make


def entries(tab):
    return tab.page.evaluate("history.length")


def test_at_first_few_things_are_in_view(newcomer):
    tab = newcomer(viewport={"width": 1440, "height": 900}).open().still()
    found = tab.page.evaluate(IN_VIEW)
    print(len(found["controls"]), "controls:", found["controls"])
    print(len(found["words"]), "words:", " ".join(found["words"]))
    assert len(found["controls"]) <= CONTROLS
    assert len(found["words"]) <= WORDS


def test_all_settings_are_one_click_away_and_the_browser_remembers_it(newcomer):
    tab = newcomer().open(source="letters", hidden="16", lr="0.02", epochs="7").still()
    assert tab.page.locator(".st-key-epochs").count() == 0
    unusual = tab.page.locator(".st-key-unusual_settings")
    expect(unusual).to_have_text("One more setting differs from the usual: Epochs.")
    tab.page.locator(".st-key-all_settings label").click()
    expect(tab.page.locator(".st-key-epochs input")).to_have_value("7")
    expect(unusual).to_have_count(0)
    tab.page.wait_for_function("document.cookie.includes('gatescope_all_settings=1')")
    tab.open().still().page.locator(".st-key-epochs").wait_for()
    tab.page.locator(".st-key-all_settings label").click()
    expect(tab.page.locator(".st-key-epochs")).to_have_count(0)
    tab.page.wait_for_function("document.cookie.includes('gatescope_all_settings=0')")


def test_a_decimal_comma_is_a_decimal_point(visit):
    tab = visit().open().still()
    field = tab.page.locator(".st-key-lr input")
    field.click(click_count=3)
    tab.page.keyboard.type("0,002")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**lr=0.002**")
    expect(field).to_have_value("0.002")
    tab.page.locator(".st-key-lr input").click(click_count=3)
    tab.page.evaluate("document.execCommand('insertText', false, '')")
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.evaluate("navigator.clipboard.writeText('0,03')")
    tab.page.keyboard.press("Control+V")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**lr=0.03**")
    field = tab.page.locator(".st-key-hidden input")
    field.click(click_count=3)
    tab.page.keyboard.type("1,0")             # a whole number has no decimal point: the key is ignored, as seen
    expect(field).to_have_value("10")


def test_no_number_shows_another_value_while_the_page_loads(visit):
    tab = visit()
    tab.page.add_init_script("""
        window.shown = [];
        new MutationObserver(() => {
            for (const field of document.querySelectorAll('.st-key-hidden input, .st-key-period input'))
                if (!window.shown.includes(field.value)) window.shown.push(field.value);
        }).observe(document, { childList: true, subtree: true, attributes: true });""")
    tab.open(hidden="48", period="31").still()
    assert sorted(tab.page.evaluate("shown")) == ["31", "48"]


def test_back_leads_to_the_page_before_and_to_the_run_before(visit, person):
    tab = visit(person()).open("cell").still()      # a tab of its own: a browser counts fifty entries and no more
    before = entries(tab)
    tab.turn_to("train")
    tab.choose("pace", "full speed")
    for key, value in (("epochs", 2), ("hidden", 5), ("batch", 16)):
        tab.write(key, value)
        tab.page.wait_for_url(f"**{key}={value}**")
    assert entries(tab) == before + 1
    first = tab.start()
    tab.wait_until("Done")
    tab.write("hidden", 6)
    tab.page.wait_for_url("**hidden=6**")
    second = tab.start()
    tab.wait_until("Done")
    assert entries(tab) == before + 2
    tab.page.go_back()
    tab.shows(first)
    expect(tab.page.locator(".run-status")).to_have_attribute("data-run", first)
    expect(tab.page.locator(".st-key-hidden input")).to_have_value("5")
    tab.page.go_forward()
    tab.shows(second)
    expect(tab.page.locator(".st-key-hidden input")).to_have_value("6")
    tab.page.go_back()
    tab.shows(first)
    tab.page.go_back()
    tab.page.wait_for_url("**/cell?**")
    tab.page.locator(".st-key-cell_view").first.wait_for()


def test_back_is_obeyed_at_once_after_train_was_pressed(visit):
    tab = visit().open(source="waves", epochs="5000").still()
    first = tab.start()
    second = tab.start()
    tab.page.go_back()
    tab.shows(first)
    expect(tab.page.locator(".run-status")).to_have_attribute("data-run", first)
    tab.still()
    tab.shows(first)
    assert first != second


def test_a_preset_stays_open_after_a_reload_also_on_another_page(visit):
    tab = visit()
    run = tab.train_preset("s2_windows")
    box = tab.page.locator(".st-key-preset_box")
    tab.page.reload()
    tab.settled().still()
    expect(box).to_be_visible()
    tab.turn_to("predict").page.wait_for_url("**preset=s2_windows**")
    tab.page.reload()
    tab.settled().still().shows(run)
    tab.turn_to("train")
    expect(box).to_be_visible()
    assert tab.query["preset"] == "s2_windows"
    assert tab.value("hidden") == "16"


def test_letters_pasted_before_train_are_there_after_a_reload(visit):
    long = "".join(chr(97 + number * number % 26) for number in range(2_000))
    tab = visit().open().still()
    tab.choose("source", "Letters")
    field = tab.page.locator(".st-key-text textarea")
    field.fill(long)
    field.press("Control+Enter")
    tab.page.wait_for_url("**kept=text**")
    tab.still().page.reload()       # what the browser is to keep comes right behind the address
    tab.settled()
    expect(field).to_have_value(long)
    field.fill("abcabd")
    field.press("Control+Enter")
    tab.page.wait_for_url("**text=abcabd**")
    tab.page.reload()
    tab.settled().still()
    expect(field).to_have_value("abcabd")


def test_a_text_that_is_too_long_is_told_and_can_be_cut(visit):
    tab = visit().open().still()
    tab.choose("source", "Letters")
    field = tab.page.locator(".st-key-text textarea")
    field.click()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.evaluate("navigator.clipboard.writeText('to be or not to be, '.repeat(20000))")
    tab.page.keyboard.press("Control+A")
    tab.page.keyboard.press("Control+V")
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.get_by_role("alert").filter(has_text="at most 20000 letters")).to_be_visible()
    tab.button("cut_text").click()
    expect(tab.page.get_by_role("alert").filter(has_text="at most")).to_have_count(0)
    expect(field).to_have_value(re.compile(r"^[\s\S]{20000}$"))


def test_on_a_phone_the_prediction_is_in_view_while_it_trains_and_no_toolbar_lies_over_its_legend(newcomer):
    tab = newcomer(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open().still()
    tab.button("train").tap()
    tab.wait_until("In training")
    tab.page.locator(".st-key-prediction .main-svg").first.wait_for()
    box = tab.page.locator(".st-key-prediction .live-figure").bounding_box()
    assert box["y"] + box["height"] <= 844
    assert tab.page.locator(".modebar").locator("visible=true").count() == 0
    tab.button("stop").tap()
    tab.wait_until("Stopped")


def test_nothing_lies_over_the_title_after_train_was_pressed(visit):
    tab = visit().open().still()
    tab.button("train").hover()
    tab.button("train").click()
    tab.wait_until("In training")
    time.sleep(1)                           # a tool tip comes after a moment
    assert tab.page.get_by_role("tooltip").count() == 0
    tab.button("stop").click()
    tab.wait_until("Stopped")
