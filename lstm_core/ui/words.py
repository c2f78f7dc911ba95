"""The words on the pages: language of this session, and the prose kept as one Markdown file per page and language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lstm_core import language

PROSE = Path(__file__).parent / "prose"


def choose_language() -> str:
    """Settle the session's language: from the address, else as before, else from the browser."""
    asked = st.query_params.get("lang", "")
    if asked in language.LANGUAGES:
        st.session_state["lang"] = asked
    elif "lang" not in st.session_state:
        st.session_state["lang"] = "zh" if (st.context.locale or "").lower().startswith("zh") else "en"
    language.follow(_of_session)
    return str(st.session_state["lang"])


def _of_session() -> str:
    return str(st.session_state.get("lang", "en"))


def prose(name: str) -> str:
    """Return a piece of prose in the session's language, as Markdown."""
    return _read(PROSE / language.current() / f"{name}.md")


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
