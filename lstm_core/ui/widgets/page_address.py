"""The whole address of a page, as people open it in a browser: for links that are given to others."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from lstm_core.ui.base.pages import PAGES


def page_address(page: str, query: Mapping[str, str]) -> str:
    """Return the address of a page as this browser reaches the server; where that is not known, without the server."""
    here = (st.context.url or "").partition("?")[0].rstrip("/")
    paths = [f"/{each.url_path}" for each in PAGES.values() if each.url_path]
    base = next((here.removesuffix(path) for path in paths if here.endswith(path)), here)
    return f"{base}/{PAGES[page].url_path}" + (f"?{urlencode(query)}" if query else "")
