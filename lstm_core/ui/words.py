"""The words on the pages: language of this session, and the prose kept as one Markdown file per page and language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lstm_core import language
from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.ui.settings import LABELS, label

PROSE = Path(__file__).parent / "prose"
STYLE = Path(__file__).parent / "static" / "page.css"
ICON = Path(__file__).parent / "static" / "icon.svg"


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


def told(refusal: Refusal) -> str:
    """Return a refusal's sentence in the session's language, with settings called as they are on the page."""
    values = dict(refusal.values)
    for field in ("setting", "kind"):
        if isinstance(name := values.get(field), str) and name:
            values[field] = label(name) if name in LABELS else _(name)
    return _(refusal.template).format(**values)


def title(text: str) -> None:
    """Begin a page: its title, and the choice of language beside it."""
    st.html(STYLE)
    st.session_state["chosen_lang"] = st.session_state["lang"]
    with st.container(horizontal=True, key="page_title", vertical_alignment="center"):
        st.title(text, anchor=False, width="content")
        st.segmented_control("Language / 语言", list(language.LANGUAGES), key="chosen_lang", required=True,
                             on_change=_choose, format_func=language.LANGUAGES.__getitem__,
                             label_visibility="collapsed")


def _choose() -> None:
    st.session_state["lang"] = st.query_params["lang"] = st.session_state["chosen_lang"]
