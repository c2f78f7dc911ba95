from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

import pytest
import streamlit as st

from lstm_core.ui.base import server
from lstm_core.ui.base.examples import AT_ONCE, example
from tests.app.visitor import SMALL, Visitor, rested

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session", autouse=True)
def a_lab_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The real lab with its real worker, on a database of its own; the first examples are trained, as in a server."""
    st.config.set_option("client.showErrorDetails", "full")
    os.environ["GATESCOPE_DATABASE"] = f"sqlite:///{tmp_path_factory.mktemp('lab')}/lab.db"
    try:
        for name in AT_ONCE:
            rested(example(name), patience=120)     # with all that starts before
        yield
    finally:
        server.stop()
        del os.environ["GATESCOPE_DATABASE"]


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Opens a tab: ``visit(page, who=..., **settings in the address)``. What then still trains is stopped.

    The page Train shows all settings there, unless it is asked for those that it shows first.
    """
    owners: set[str] = set()

    def open_tab(page: str = "train", *, who: str = "", pace: str = "fast", all_settings: bool = True,
                 **query: str) -> Visitor:
        owners.add(who or (who := secrets.token_hex(8)))
        return Visitor(page, who, pace, query, all_settings=all_settings)

    yield open_tab
    for owner in owners:
        for facts in server.lab().recent(owner):
            server.lab().command(facts.id, owner, "stop")


@pytest.fixture(scope="session")
def finished() -> tuple[str, str]:
    """A finished run and whose it is."""
    visitor = Visitor("train", "grace", "fast", SMALL)
    visitor.click("train").rest()
    return visitor.run, visitor.who
