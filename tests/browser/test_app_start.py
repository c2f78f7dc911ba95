"""Start as a newcomer meets it: a network that plays, one click that trains, presets that do not fill ten screens."""

import re

import pytest
from playwright.sync_api import expect

from lstm_core.presets import PRESETS
from lstm_core.presets.cards import CARDS

AT = "() => Number(document.querySelector('.alive-rows').ariaValueNow)"
SCREENS = {"wide": ((1280, 900), 2), "phone": ((390, 844), 4)}


def finished(tab):
    """Open Start and wait until the example is there."""
    tab.open("")
    expect(tab.page.locator(".alive-says")).to_contain_text("Time step")
    return tab


def test_the_network_plays_along_time_until_it_is_stopped(visit):
    tab = finished(visit())
    tab.page.wait_for_function(f"({AT})() > 3")
    tab.page.get_by_role("button", name="Pause").click()
    here = tab.page.evaluate(AT)
    tab.page.wait_for_timeout(500)
    assert tab.page.evaluate(AT) == here
    tab.page.get_by_role("button", name="One time step on").click()
    assert tab.page.evaluate(AT) == here + 1
    rows = tab.page.get_by_role("slider", name="An LSTM reads")
    rows.press("Home")
    assert "comes in" in rows.get_attribute("aria-valuetext")
    rows.press("End")
    assert re.search(r"It says [A-H], \d+% sure: right", rows.get_attribute("aria-valuetext"))
    rows.press("Home")
    rows.press(" ")
    tab.page.wait_for_function(f"({AT})() > 1")


def test_nothing_moves_where_that_is_not_wanted(visit):
    tab = visit(reduced_motion="reduce")
    finished(tab)
    last = tab.page.evaluate("Number(document.querySelector('.alive-rows').ariaValueMax)")
    assert tab.page.evaluate(AT) == last
    tab.page.wait_for_timeout(3000)     # longer than the picture rests anywhere
    assert tab.page.evaluate(AT) == last
    expect(tab.page.locator(".alive-says")).to_contain_text("right")


def test_one_click_trains_a_network_there(visit, person):
    tab = visit(person()).open("")
    tab.button("train_here").click()
    expect(tab.page.locator(".alive-title")).to_contain_text("Your network")
    expect(tab.page.locator(".alive-says")).to_contain_text("Learning")
    run = tab.query["run"]
    values = "() => [...document.querySelectorAll('.alive-held i')].map(bar => bar.style.cssText).join()"
    before = tab.page.evaluate(values)
    tab.page.wait_for_function(f"before => ({values})() !== before", arg=before)
    expect(tab.page.locator(".alive-numbers dd").nth(1)).to_have_text("100.0%")
    expect(tab.page.locator(".alive-says")).to_contain_text("Time step")        # it has ended, and is played
    tab.page.get_by_role("link", name="Look inside it").click()
    tab.page.wait_for_url(re.compile("/cell"))
    tab.shows(run)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_presets_take_few_screens(visit, screen):
    (width, height), most = SCREENS[screen]
    tab = finished(visit(viewport={"width": width, "height": height})).still()
    begin, end = tab.page.evaluate("""() => {
        const heading = document.querySelector('#presets').getBoundingClientRect().top;
        return [heading, Math.max(...[...document.querySelectorAll('[class*=st-key-card_]')].map(
            card => card.getBoundingClientRect().bottom))];
    }""")
    assert 0 < end - begin <= most * height
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def test_all_of_a_card_is_its_link(visit):
    tab = finished(visit()).still()
    for card in CARDS[:2]:
        box = tab.page.locator(f".st-key-card_{card.first.name}")
        box.scroll_into_view_if_needed()
        hit = box.evaluate("""card => {
            const { left, top, width } = card.getBoundingClientRect();
            return document.elementFromPoint(left + width / 2, top + 20).closest('a')?.textContent ?? '';
        }""")
        assert hit.endswith(PRESETS[card.first.name].title)
        plain = box.get_by_role("link").last
        assert list(card.presets)[-1] in plain.get_attribute("href")
        assert plain.evaluate("""link => {
            const { left, top, width, height } = link.getBoundingClientRect();
            return link.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }""")
