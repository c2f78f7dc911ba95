"""A class on a database of its own, in the place of the server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lstm_core.running.lab import Lab
from lstm_core.storage.store import Store
from lstm_core.ui.base import server
from tests.unit.running import toy_training as toy
from tests.unit.running.instant import InstantEngine
from tests.unit.ui.classroom.members import Members


@pytest.fixture
def quiet_lab(store: Store) -> Iterator[Lab]:
    """A lab that need not train anything."""
    lab = Lab(store, InstantEngine(), toy.advance)
    yield lab
    lab.close()


@pytest.fixture
def members(quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Members]:
    """Opens a class that learners of these names join."""
    monkeypatch.setattr(server, "_lab", lambda: quiet_lab)
    return Members
