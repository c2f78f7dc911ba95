"""The steps beside the page: every *Show me* does on the page what it says, and a person finds the way through them."""

import re

import pytest
from playwright.sync_api import TimeoutError, expect

from lstm_core.presets import PRESETS
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.shared.beside import parsed
from lstm_core.ui.widgets.labels import OPTIONS
from lstm_core.ui.widgets.text import PROSE

WIDE = {"viewport": {"width": 1600, "height": 900}}     # where the steps are open at first
PAGES_WITH_STEPS = ("train", "cell", "predict", "letters", "memory", "shapes", "compare")
NAMED = {"run": "This run", "cells": "RNN, GRU and LSTM side by side", "free": "Running freely",
         "ahead": "One step ahead", "window": "Last 3 only", "gate": "Hold a gate", "f": "Forget gate f",
         "seconds": "Seconds", "fast": "full speed", "wrong": "Wrong ones", "change": "Change, %", **OPTIONS}
VALUE = """key => {
    const box = document.querySelector(`.st-key-${key}`);
    if (!box) return null;
    const slider = box.querySelector('[role=slider]');
    if (slider) return slider.ariaValueText || slider.ariaValueNow;
    const checked = box.querySelector('input[type=checkbox]');
    if (checked) return String(checked.checked);
    const chosen = [...box.querySelectorAll('[aria-checked=true], [data-testid$=Active]')].map(one => one.textContent);
    if (chosen.length) return chosen.join();
    const typed = box.querySelector('input, textarea');
    const tags = [...box.querySelectorAll('[data-tag]')].map(one => one.textContent.trim());
    return tags.length ? tags.join() : typed?.value ?? null;
}"""

HAS = f"""([key, wanted]) => {{
    const found = ({VALUE})(key);
    return found === wanted || (found !== null && wanted !== '' && Number(found) === Number(wanted));
}}"""


def steps_of(name):
    return parsed((PROSE / "en" / f"{name}.md").read_text(encoding="utf-8"))[0]


def spoken(action):
    """Return how a control shows the value that an action gives it."""
    if action.target in {page.section_key for page in PAGES.values()}:
        return next(page.sections[action.value] for page in PAGES.values() if action.target == page.section_key)
    return NAMED.get(action.value, action.value)


def opened(tab):
    """Open the steps where this browser remembers that they were closed."""
    handle = tab.page.locator(".beside-handle")
    expect(tab.page.locator(".beside")).to_be_attached()
    if handle.is_visible():
        handle.click()
    expect(tab.page.locator(".beside-panel")).to_be_visible()


def show_me(tab, number):
    """Go to a step and have it shown; wait until it was."""
    panel = tab.page.locator(".beside")
    tab.page.evaluate("""number => {
        const where = () => Number(document.querySelector('.beside-where').textContent.match(/[0-9]+/)[0]) - 1;
        const [back, forward] = document.querySelectorAll('.beside-foot .beside-icon');
        while (where() !== number) (where() < number ? forward : back).click();
    }""", number)
    before = panel.get_attribute("data-shown") or "0"
    tab.page.locator(".beside-show").click()
    expect(panel).not_to_have_attribute("data-shown", before)
    expect(tab.page.locator(".beside-said")).to_have_text(re.compile("^Done"))


def follow(tab, name, open_page):
    """Have all steps of a piece of prose shown, but for those that only lead to another page."""
    for number, step in enumerate(steps_of(name)):
        if not step.does or step.does[-1].kind == "go":
            continue
        run = tab.query.get("run")
        show_me(tab, number)
        for action in step.does:
            if action.kind == "set":
                try:
                    tab.page.wait_for_function(HAS, arg=[action.target, spoken(action)], timeout=10_000)
                except TimeoutError:
                    pytest.fail(f"{name}, step {number + 1}: {action} left {tab.page.evaluate(VALUE, action.target)!r}")
            elif action == step.does[-1] and action.target == "train":
                tab.page.wait_for_function("before => new URLSearchParams(location.search).get('run') !== before",
                                           arg=run)
                # Only so many may be unfinished, and none takes the next one's time; it may end at any moment.
                tab.page.wait_for_function("""() => {
                    document.querySelector('.st-key-stop button:not(:disabled)')?.click();
                    const status = document.querySelector('.run-status');
                    return status?.dataset.run === new URLSearchParams(location.search).get('run')
                        && /^\\s*(Stopped|Done)/.test(status.querySelector('.run-line').textContent);
                }""", polling=500)
        if step.does[-1].target == "train":
            open_page()


@pytest.mark.parametrize("page", PAGES_WITH_STEPS)
def test_what_a_page_says_is_shown_on_it(visit, page):
    tab = visit(**WIDE).open(page)
    opened(tab.still())
    follow(tab, page, lambda: tab.turn_to(page))


def test_what_a_preset_says_is_shown_on_it(visit):
    tab = visit(**WIDE).open("train")
    for name in PRESETS:
        def open_page(preset=name):
            tab.turn_to("train", preset=preset)
            expect(tab.page.locator(".st-key-preset_box")).to_be_visible()
            opened(tab)

        open_page()
        follow(tab, f"presets/{name}", open_page)


def test_what_a_preset_says_does_not_open_before_a_run_of_ones_own_has_come_to_its_end(visit):
    tab = visit(**WIDE).open("train", preset="s4a", epochs="2", source="letters", steps="1", cell="rnn", hidden="3")
    expect(tab.page.locator(".st-key-preset_box")).to_be_visible()
    expect(tab.page.locator(".beside-handle")).to_be_visible()
    expect(tab.page.locator(".beside-panel")).not_to_be_visible()
    tab.page.locator(".st-key-train button").click()
    expect(tab.page.locator(".beside-panel")).to_be_visible(timeout=30_000)
    tab.page.locator(".st-key-train button").click()        # and what is being read stays
    tab.page.wait_for_timeout(1_500)
    expect(tab.page.locator(".beside-panel")).to_be_visible()


def test_steps_are_walked_by_keys_light_what_they_speak_of_and_are_remembered(visit, person):
    tab = visit(person(locale="en-US", viewport={"width": 1280, "height": 900})).open("train")
    handle, panel = tab.page.locator(".beside-handle"), tab.page.locator(".beside-panel")
    expect(handle).to_have_text("What to see and try here")
    expect(panel).to_be_hidden()
    handle.press("Enter")
    expect(panel).to_be_visible()
    steps = steps_of("train")
    for number in (1, 2, 3):
        expect(tab.page.locator(".beside-where")).to_have_text(f"{number} of {len(steps)}")
        tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("ArrowLeft")
    expect(tab.page.locator(".st-key-prediction")).to_have_css("outline-style", "solid")
    expect(tab.page.locator(".st-key-loss")).to_have_css("outline-style", "none")
    tab.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tab.page.locator(".st-key-prediction")).to_have_css("outline-style", "none")
    expect(handle).to_be_focused()
    tab.page.reload()
    tab.settled()
    expect(handle).to_have_text("Steps")        # no longer new
    handle.click()
    expect(tab.page.locator(".beside-where")).to_have_text(f"5 of {len(steps)}")     # four were read


def test_on_a_phone_the_steps_are_a_sheet_that_is_pulled_up_and_closed(visit):
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open("train")
    panel, grip = tab.page.locator(".beside-panel"), tab.page.locator(".beside-head")
    tab.page.locator(".beside-handle").tap()
    expect(panel).to_be_visible()
    low = panel.bounding_box()["height"]
    assert low < 0.46 * 844

    def pull(by):
        tab.page.wait_for_timeout(300)
        box = grip.bounding_box()
        tab.page.mouse.move(box["x"] + 100, box["y"] + 8)
        tab.page.mouse.down()
        tab.page.mouse.move(box["x"] + 100, box["y"] + 8 + by, steps=4)
        tab.page.mouse.up()

    pull(-150)
    expect(tab.page.locator(".beside")).to_have_class(re.compile("beside-tall"))
    pull(150)
    expect(tab.page.locator(".beside")).not_to_have_class(re.compile("beside-tall"))
    expect(panel).to_be_visible()
    pull(150)
    expect(panel).to_be_hidden()
