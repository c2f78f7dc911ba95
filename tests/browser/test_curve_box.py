"""The box in which a curve is drawn, in a real browser: by pointer and by keyboard, kept over reruns, then compared."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import listen

POINTS = 33


@pytest.fixture
def open_box(new_page, parts):
    """Open boxes on pages whose consoles must stay empty."""
    said, leaves = [], []

    def make(name="loss", **settings):
        page = new_page(**settings)
        leaves.append(listen(
            page, console=lambda message: message.type in ("error", "warning") and said.append(message.text),
            pageerror=lambda error: said.append(str(error))))
        page.goto(f"{parts.address}/?curve={name}")
        expect(page.locator(".curve-box-hint")).to_be_visible()
        return page

    yield make
    for leave in leaves:
        leave()
    assert said == []


def told(page):
    """Return what the server knows of the curve."""
    return json.loads(page.locator("#told").inner_text().replace("None", "null"))


def runs(page):
    return int(page.locator("#runs").inner_text())


def wait_for_run(page, count):
    page.wait_for_function(f"document.querySelector('#runs').innerText === '{count}'")


def fields(page):
    return page.locator(".curve-box-field")


def place(page, across, up):
    """Return where a share of the box lies on the screen."""
    box = page.locator(".curve-box-edge").bounding_box()
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def test_a_stroke_is_sent_once_when_it_ends_and_a_rerun_in_between_loses_nothing(open_box):
    page = open_box()
    page.mouse.move(*place(page, 0, 1))
    page.mouse.down()
    page.mouse.move(*place(page, 0.5, 0.5), steps=8)
    page.evaluate("[...document.querySelectorAll('button')].find(one => one.innerText === 'Again').click()")
    wait_for_run(page, 2)
    assert told(page) == []
    page.mouse.move(*place(page, 1, 0), steps=8)
    page.mouse.up()
    wait_for_run(page, 3)
    assert told(page) == pytest.approx([1 - point / (POINTS - 1) for point in range(POINTS)], abs=0.02)
    assert float(fields(page).nth(2).input_value()) == pytest.approx(0.5, abs=0.02)

    page.mouse.move(*place(page, 0.5, 0.9))             # over a part, and backwards
    page.mouse.down()
    page.mouse.move(*place(page, 0.25, 0.9))
    page.mouse.up()
    page.get_by_role("button", name="Again").click()    # before the pause is over: the stroke goes first
    page.wait_for_timeout(600)
    curve = told(page)
    assert curve[8:17] == pytest.approx([0.9] * 9, abs=0.02)
    assert curve[20] == pytest.approx(1 - 20 / 32, abs=0.02)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("document.querySelector('#told').innerText === '[]'")
    expect(page.locator(".curve-box-hint")).to_be_visible()


def test_by_keyboard_five_numbers_are_a_curve_and_what_came_is_told_in_words(open_box):
    page = open_box(reduced_motion="reduce")
    fields(page).first.focus()
    for value in ("0.9", "0.5", "0.3", "0.2"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    expect(page.get_by_label("Training loss (squared error); Update: 100")).to_be_focused()
    page.keyboard.type("0.15")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")                        # on Commit, at once
    expect(page.locator(".curve-box-locked")).to_be_visible()
    curve = told(page)
    assert [curve[at] for at in (0, 4, 8, 16, 24, 32)] == [0.9, 0.7, 0.5, 0.3, 0.2, 0.2]
    expect(fields(page).first).to_be_hidden()
    expect(page.get_by_role("img", name="Update 26: yours 0.5, what came 0.28")).to_be_visible()
    assert [page.get_by_text(name, exact=True).is_visible() for name in ("your curve", "what came")] == [True, True]


def test_it_fits_a_narrow_page_and_leaves_the_scrolling_around_it_alone(open_box):
    page = open_box("log", viewport={"width": 320, "height": 700}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".curve-box-pad").evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert page.locator(".curve-box").evaluate("node => getComputedStyle(node).touchAction") == "auto"
    page.mouse.click(*place(page, 0.5, 0.5))            # one point: sent as it is
    wait_for_run(page, 2)
    assert told(page) == [None] * 16 + [pytest.approx(1e-4, rel=0.2)] + [None] * 16
    widths = fields(page).evaluate_all("all => all.map(one => one.scrollWidth <= one.clientWidth)")
    assert all(widths)
