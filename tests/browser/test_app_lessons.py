"""The quick part of ``make lessons``: a robot takes a lesson in the real app, and a finger draws a curve."""

import pytest
from playwright.sync_api import expect

from benchmarks.lessons.report import Way
from benchmarks.lessons.robot import Robot
from lstm_core.lessons.catalogue import LESSONS


@pytest.mark.parametrize(("lesson", "language", "way"), [
    ("letters", "en", Way(keyboard=True, leaves=True)), ("letters", "zh", Way("wrong"))],
    ids=["by keyboard, leaving", "wrong in Chinese"])
def test_a_robot_takes_a_lesson_and_finds_every_number_of_the_run_on_its_cards(app, person, lesson, language, way):
    page = person(viewport={"width": 1280, "height": 900}, locale=language).new_page()
    report = Robot(page, app, LESSONS[lesson], language, way).take()
    assert report.problems == []
    assert report.cards == len(LESSONS[lesson].cards)
    assert report.numbers > 20


def test_a_curve_is_drawn_by_finger_and_comes_back_with_what_came(visit):
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open("learn", lesson="watch")
    box = tab.page.locator(".st-key-answer_watch_curve svg, .st-key-answer_watch_curve canvas").first
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    tab.page.mouse.move(place["x"] + 0.2 * place["width"], place["y"] + 0.2 * place["height"])
    tab.page.mouse.down()
    tab.page.mouse.move(place["x"] + 0.95 * place["width"], place["y"] + 0.8 * place["height"], steps=8)
    tab.page.mouse.up()
    expect(tab.page.locator(".st-key-answer_watch_curve input").nth(2)).not_to_have_value("")
    tab.button("commit").click()
    tab.button("card_on").click()
    tab.button("lesson_train").click()
    tab.button("card_on").click()
    expect(tab.page.locator(".st-key-came_curve")).to_be_visible()
    assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    expect(tab.page.locator(".strip-moment")).to_have_text("after update 200")
    tab.button("card_on").click()
    expect(tab.page.locator(".st-key-answer_watch_alone")).to_be_visible()
    expect(tab.page.locator(".strip-moment")).to_have_text("")     # of the next network nothing is known yet
