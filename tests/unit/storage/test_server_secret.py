"""A server keeps a secret over restarts, and no two databases have the same one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lstm_core.storage import server_secret as of_server
from lstm_core.storage.server_secret import BYTES, server_secret
from lstm_core.storage.store import Store


def test_it_is_made_once_and_survives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    store = Store(url)
    made = server_secret(store, "sheets")
    assert len(made) == BYTES
    assert server_secret(store, "sheets") == made
    assert server_secret(store, "other") != made
    store.close()
    again = Store(url)
    assert server_secret(again, "sheets") == made
    again.close()


def test_another_database_has_another_one(tmp_path: Path) -> None:
    one, other = (Store(f"sqlite:///{tmp_path / name}.db") for name in ("one", "other"))
    assert server_secret(one, "sheets") != server_secret(other, "sheets")
    one.close()
    other.close()


def test_of_two_servers_that_make_it_at_once_the_first_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                                                  ) -> None:
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    store, other = Store(url), Store(url)
    made, read, looks = server_secret(other, "sheets"), of_server._read, iter([None])
    monkeypatch.setattr(of_server, "_read", lambda database, name: next(looks, read(database, name)))
    assert server_secret(store, "sheets") == made
    store.close()
    other.close()
