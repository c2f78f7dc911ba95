"""One tab of a real browser: what the robot sees there, and how it presses and types."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

PATIENCE = 30_000               # milliseconds until a page must have answered
TALLEST = 6_000                 # pixels of a picture


class Tab:
    """A tab in which a lesson is open."""

    def __init__(self, page: Page, *, keyboard: bool, pictures: Path | None = None) -> None:
        """Take over a page.

        Args:
            page: of a browser.
            keyboard: whether nothing but the keyboard is used.
            pictures: how the files begin in which it is pictured; None: it is not.
        """
        self.page, self.keyboard, self.pictures = page, keyboard, pictures

    @property
    def card(self) -> str:
        """Return the name of the card that the address names."""
        return parse_qs(urlsplit(self.page.url).query).get("card", [""])[0]

    def key(self, key: str) -> Locator:
        """Return what is in sight of a widget or a container."""
        return self.page.locator(f".st-key-{key}").locator("visible=true").first

    def button(self, key: str) -> Locator:
        """Return a button that is in sight."""
        return self.key(key).locator("button").locator("visible=true").first

    def press(self, key: str) -> None:
        """Press a button as soon as it can be pressed."""
        button = self.button(key)
        expect(button).to_be_enabled(timeout=PATIENCE)
        self.hit(button)

    def hit(self, control: Locator) -> None:
        """Click a control, or press Enter on it."""
        if self.keyboard:
            control.focus()
            self.page.keyboard.press("Enter")
        else:
            control.click()

    def still(self) -> None:
        """Wait until the server has answered what was done last; a run in training goes on meanwhile."""
        self.page.wait_for_timeout(400)
        self.page.locator("[data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)
        self.page.wait_for_timeout(200)

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, where pictures are wanted."""
        size = self.page.viewport_size
        if self.pictures is None or size is None:
            return
        self.still()
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(height, TALLEST))})
        self.still()
        self.page.screenshot(path=f"{self.pictures}_{name}.png")
        self.page.set_viewport_size(size)
