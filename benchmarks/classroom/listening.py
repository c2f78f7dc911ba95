"""What a browser complains about on its console."""

from __future__ import annotations

from playwright.sync_api import Page


def listening(page: Page) -> list[str]:
    """Return a list that grows by each error of a page from now on."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("console", lambda said: heard.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    return heard
