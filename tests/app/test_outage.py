"""What the pages say about a database whose file was taken away, and about rows that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lstm_core.ui.base import server
from lstm_core.ui.base.pages import PAGES
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor

GONE = "The file of the database has been taken away"


@contextmanager
def taken_away() -> Iterator[None]:
    """The file of the database is elsewhere for a while."""
    path = server.lab()._store._path
    assert path is not None
    away = path.with_name("away.db")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)
        assert server.lab().trouble() is None


def said(visitor: Visitor) -> int:
    """Return how often a page says it: on top, or, where that has not been said, in the place of what is missing."""
    on_top = sum(GONE in error.value for error in visitor.at.error)
    return on_top or min(1, sum(error.message.startswith(GONE) for error in visitor.at.exception))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_once_that_the_file_is_gone(visit: Visit, page: str) -> None:
    visitor = visit(page, lang="en")
    assert said(visitor) == 0
    with taken_away():
        visitor.at.run()
        assert said(visitor) == 1
        # What keeps the rest of some pages from being drawn is that, too, and is not said a second time.
        assert all(error.message.startswith(GONE) for error in visitor.at.exception)
    assert said(visitor.look()) == 0


def test_a_page_shows_what_is_in_memory_all_the_same(visit: Visit, finished: tuple[str, str]) -> None:
    run, who = finished
    tab = visit("train", who=who, run=run, lang="en")
    with taken_away():
        assert said(tab.look()) == 1
        assert tab.progress.startswith("Done")
        assert "数据库文件" in visit("train", who=who, run=run, lang="zh").at.error[0].value
    assert said(tab.look()) == 0
    assert tab.progress.startswith("Done")


@pytest.mark.parametrize("page", ["start", "compare", "challenges", "train"])
def test_a_run_that_cannot_be_read_is_counted_and_hides_nothing(visit: Visit, page: str) -> None:
    tab = visit("train", **SMALL)
    tab.click("train").rest()
    good = tab.run
    tab.click("train").rest()
    bad, who = tab.run, tab.who
    store = server.lab()._store
    server.lab()._dispatcher.runs.pop(bad, None)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET spec = '{{' WHERE id = '{bad}'")
    try:
        visitor = visit(page, who=who, lang="en", **({"runs": f"{good},{bad}"} if page == "compare" else {}))
        assert not visitor.at.exception
        counted = [caption.value for caption in visitor.at.caption if "cannot be read" in caption.value]
        assert len(counted) == (page in ("start", "compare"))
        assert all(": 1. " in caption for caption in counted)
        if page == "compare":
            assert any("cannot be read" in warning.value for warning in visitor.at.warning)
        shown = visit("train", who=who, lang="en", run=bad)
        assert any("cannot be read" in warning.value for warning in shown.at.warning)
        assert not shown.at.exception
    finally:
        with store.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM runs WHERE id = '{bad}'")
