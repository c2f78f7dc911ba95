"""What is said of an upload that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from lstm_core.ui.train import keys, table


def test_a_file_that_the_server_has_let_go_of_is_asked_for_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {keys.UPLOAD: DeletedFile("1")}
    monkeypatch.setattr(st, "session_state", state)
    table._read_upload()
    assert str(state[keys.UPLOAD_REFUSAL]) == "The server no longer has this file. Upload it once more."
