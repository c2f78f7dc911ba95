"""One learner of a class: a browser context of their own, on a phone or a laptop."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Browser, Locator, expect

from benchmarks.classroom.listening import listening
from benchmarks.lessons.tab import PATIENCE

Look = tuple[int, int, Literal["light", "dark"], str]
PHONE, LAPTOP = (390, 844), (1280, 800)
LOOKS: tuple[Look, ...] = (
    (*PHONE, "light", "en"), (*LAPTOP, "light", "zh"), (*LAPTOP, "dark", "en"), (*PHONE, "dark", "zh"),
    (*LAPTOP, "light", "en"), (*PHONE, "light", "zh"), (*PHONE, "dark", "en"), (*LAPTOP, "dark", "zh"))
"""Width, height, colours and language of each device, in the order in which people come."""


class Learner:
    """Somebody in a class."""

    def __init__(self, browser: Browser, address: str, width: int, height: int, scheme: Literal["light", "dark"],
                 language: str) -> None:
        """Take a device that nobody knows yet."""
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme,
                                      locale=language, has_touch=width < 600)
        self.page, self.address = context.new_page(), address
        self.complaints = listening(self.page)

    @property
    def bar(self) -> Locator:
        """Return the bar at the foot of the page."""
        return self.page.locator(".class-bar")

    # -- joining -------------------------------------------------------------------------------------------

    def join_by_link(self, link: str, name: str = "") -> None:
        """Open the link of a class, and join it."""
        self.page.goto(link)
        self._join(name)

    def join_by_code(self, code: str) -> None:
        """Type the code of a class, as one does who reads it from the wall."""
        self.page.goto(f"{self.address}/class")
        field = self.page.locator(".st-key-class_typed input")
        field.fill(code.lower())
        field.press("Tab")
        self._join("")

    def _join(self, name: str) -> None:
        if name:
            field = self.page.locator(".st-key-class_name input")
            field.fill(name)
            field.press("Tab")
        self.page.locator(".st-key-class_join button").click()
        expect(self.page.locator(".st-key-class_me")).to_be_visible()
        expect(self.bar).to_have_attribute("data-state", "nothing")

    # -- answering -----------------------------------------------------------------------------------------

    def choose(self, option: int) -> None:
        """Choose one of the answers, by its place."""
        self.bar.locator(".class-option").nth(option).click()
        self._send()

    def say(self, number: str) -> None:
        """Type a number."""
        self.bar.locator(".class-number").fill(number)
        self._send()

    def draw(self, *heights: float) -> None:
        """Draw a curve with the pointer through these heights, from 0 (at the bottom) to 1, from left to right."""
        pad = self.bar.locator(".curve-box-pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        for at, height in enumerate(heights):
            mouse.move(box["x"] + 1 + (box["width"] - 2) * at / (len(heights) - 1),
                       box["y"] + box["height"] * (0.98 - 0.96 * height), steps=6 if at else 1)
            if not at:
                mouse.down()
        mouse.up()
        self._send()

    def _send(self) -> None:
        self.bar.locator(".class-foot .class-main").click()
        expect(self.bar.locator(".class-note")).to_have_attribute("data-note", "arrived")

    # -- training ------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Train one's own part of the experiment, and go back to a page where little is drawn."""
        self.bar.locator(".class-foot .class-main").click()
        self.page.wait_for_url(re.compile(r"/train\?.*run="), timeout=PATIENCE)
        self.page.goto(f"{self.address}/class")
        expect(self.bar).to_have_attribute("data-state", re.compile("run_(queued|training|done)"))

    # -- being brought -------------------------------------------------------------------------------------

    def decline(self) -> None:
        """Stay where one is while all others are brought somewhere."""
        self.bar.locator(".class-notice .class-plain").click()
        expect(self.bar.locator(".class-notice")).to_be_hidden()
