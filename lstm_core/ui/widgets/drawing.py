"""Drawings that take their colours from the page they stand on (see :mod:`lstm_core.charts.shapes.svg`)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from lstm_core.charts.shapes.svg import Pen, markup
from lstm_core.ui.base.static_files import address

# As in live.py: only a pointer to the file, with a line end in it.
_SCRIPT = f"export default c=>import(new URL('{address('shapes.js')}',document.baseURI)).then(m=>m.default(c))\n//"

_component = st.components.v2.component("shapes_drawing", js=_SCRIPT, isolate_styles=False)


def drawing(*parts: Element | Pen, key: str) -> None:
    """Show drawings and the HTML around them, one below the other."""
    _component(key=key, data={"markup": markup([item.root if isinstance(item, Pen) else item for item in parts])},
               height="content")
