"""The teacher of a class: a page with the controls, a wall on the projector, and the names of all buttons."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Download, Locator, expect

from benchmarks.classroom.listening import listening
from lstm_core.i18n import gettext as _

WALL = (1920, 1080)
BEFORE = "/train?source=recall&cell=rnn&distance=20&target_score=0.995&keep_best=false"
"""What the teacher opens before the class, as the plan says: a plain RNN that is to remember a letter for 20 steps."""


class Teacher:
    """Whoever teaches a class."""

    def __init__(self, browser: Browser, address: str, language: str) -> None:
        """Take a laptop, and a projector beside it."""
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale=language)
        self.page, self.wall = context.new_page(), context.new_page()
        self.wall.set_viewport_size({"width": WALL[0], "height": WALL[1]})
        self.address = address
        self.complaints, self.complaints_of_wall = listening(self.page), listening(self.wall)

    def come(self) -> None:
        """Set on the page Train what all will train, go on to the classroom, open a class and put up its wall."""
        self.page.goto(self.address + BEFORE)
        expect(self.page.locator(".st-key-train button, .st-key-start button").first).to_be_visible()
        self.page.get_by_role("link", name=_("Classroom"), exact=True).click()
        self.press("class_open", _("Open a class"))
        expect(self.page.locator(".st-key-class_shows")).to_be_visible()
        self.wall.goto(f"{self.address}/class?look=wall")
        expect(self.wall.locator(".wall-code").first).to_be_visible()

    def turn(self, part: str) -> None:
        """Open a part of the controls: its name as it stands on the page."""
        button = self._side(".st-key-class_shows button").filter(has_text=part)
        button.click()
        expect(button).to_have_attribute("aria-checked", "true")

    def press(self, key: str, name: str) -> None:
        """Press a button, which must be called so."""
        button = self.page.locator(f".st-key-{key} button").locator("visible=true").first
        expect(button).to_contain_text(name)
        expect(button).to_be_enabled()
        button.click()

    def switch(self, key: str, name: str) -> None:
        """Switch something on or off, which must be called so."""
        switch = self._side(f".st-key-{key} label").first
        expect(switch).to_contain_text(name)
        switch.click()

    def pick(self, key: str, label: str, option: str) -> None:
        """Choose from a list, which must be called so."""
        options = self._options(key, label)
        self.page.keyboard.type(option)         # of a long list only a part is there
        options.filter(has_text=re.compile(f"^{re.escape(option)}$")).click()
        self.still()

    def pick_number(self, key: str, label: str, number: int) -> None:
        """Choose the n-th from a list, from 1, which must be called so."""
        option = self._options(key, label).nth(number - 1)
        expect(option).to_contain_text(f"{number} · ")
        option.click()
        self.still()

    def _options(self, key: str, label: str) -> Locator:
        box = self._side(f".st-key-{key}")
        expect(box).to_contain_text(label)
        box.locator("input").click()
        return self.page.get_by_role("option")

    def write(self, key: str, text: str) -> None:
        """Write into a field."""
        field = self._side(f".st-key-{key} input")
        field.fill(text)
        field.press("Tab")
        self.still()

    def says(self, text: str) -> None:
        """Wait until the controls say something."""
        expect(self._side(".st-key-class_controls")).to_contain_text(text)

    def link(self) -> str:
        """Return the link for learners, from the part *More*."""
        return self._side(".st-key-class_controls [data-testid=stCode]").first.inner_text().strip()

    def take_along(self) -> Download:
        """Press what saves the counts of a class as a file."""
        with self.page.expect_download() as found:
            self.press("class_csv", _("Take along (CSV)"))
        return found.value

    def still(self) -> None:
        """Wait until the server has answered what was done last."""
        self.page.wait_for_timeout(300)
        self.page.locator("[data-test-script-state=notRunning]").wait_for()

    def _side(self, what: str) -> Locator:
        return self.page.locator(f"[data-testid=stSidebar] {what}")
