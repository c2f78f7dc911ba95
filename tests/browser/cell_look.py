"""One tab on the cell view of a made-up network, and the true numbers it must show."""

import numpy as np
from playwright.sync_api import expect

from lstm_core.inside.interventions import apply
from tests.browser.conftest import listen
from tests.browser.parts import networks
from tests.shown_numbers import read


class Look:
    """One tab on the cell view."""

    def __init__(self, page, base):
        self.page, self.base, self.frames = page, base, []
        self.complaints: list[str] = []
        self.leave = listen(page, console=self._said, websocket=self._connected,
                            pageerror=lambda error: self.complaints.append(str(error)))

    def _said(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _connected(self, socket):
        for way in ("framereceived", "framesent"):
            socket.on(way, lambda frame: self.frames.append(len(frame)))

    def open(self, network, equations="All at once", **query):
        rest = "".join(f"&{name}={value}" for name, value in query.items())
        self.page.goto(f"{self.base}/?network={network}{rest}")
        expect(self.page.locator(".cv-panel").first).to_be_visible(timeout=30_000)
        self.page.get_by_role("button", name=equations, exact=True).click()
        self.slider("training").scroll_into_view_if_needed()
        self.page.mouse.move(2, 2)
        return self

    def rested(self):
        """Wait until the equations of the chosen place stand there."""
        expect(self.page.locator(".cv-hand:not(.cv-stale) .cv-card").first).to_be_visible()
        return self

    def press(self, *keys, on=".cv-maps"):
        self.page.locator(on).focus()
        for key in keys:
            self.page.keyboard.press(key)
        return self.drawn()

    def drawn(self):
        """Wait until what was done is drawn."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self

    @property
    def bubble(self):
        return self.page.locator(".cv-bubble")

    def slider(self, name):
        return self.page.locator(f".cv-line-{name} [role=slider]")

    def at(self, name):
        return int(self.slider(name).get_attribute("aria-valuenow"))

    @property
    def unit(self):
        return int(self.page.get_by_label("Unit", exact=True).input_value())

    def where(self, name):
        return self.page.locator(f".cv-line-{name} .cv-where").inner_text()

    def shown(self, quantity):
        """A number in the diagram, as it is written there."""
        return self.page.locator(f".cv-drawing [data-value='{quantity}']").first.text_content()

    def panel(self, heading):
        """The exact value a heat map tells of the chosen place."""
        head = self.page.locator(".cv-panel-head", has=self.page.get_by_text(heading, exact=True))
        return head.locator(".cv-value").inner_text().split(": ")[-1]

    def equation(self, name):
        return self.page.locator(f".cv-card[data-name='{name}'] .cv-result .cv-n").last.inner_text()

    def drag(self, name, shares, pause=16):
        box = self.slider(name).bounding_box()
        for number, share in enumerate(shares):
            self.page.mouse.move(box["x"] + 1 + (box["width"] - 2) * share, box["y"] + 40)
            if number == 0:
                self.page.mouse.down()
            self.page.wait_for_timeout(pause)
        self.page.mouse.up()


def truth(network, update=3000, which="changed"):
    inside = networks.inside(network)
    weights = networks.weights(network, update)
    return apply(inside.spec.model, weights, inside.x, inside.interventions if which == "changed" else ())


def close(text, value, digits):
    """Whether a text is this number, written with so many digits after the point."""
    if np.isnan(value):
        return text == "NaN"
    return abs(read(text) - value) <= 0.5001 * 10.0 ** -digits + 1e-6 * abs(value)
