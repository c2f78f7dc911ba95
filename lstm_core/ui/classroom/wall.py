"""The wall of a class: what a room looks at, drawn by the browser from the stream."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from lstm_core.charts.palette import NAIVE, PREDICTED, RIGHT, SPLITS
from lstm_core.ui.base import qr_code
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.static_files import PREFIX, address
from lstm_core.ui.classroom import keys, words
from lstm_core.ui.classroom.bar import room
from lstm_core.ui.widgets.page_address import page_address

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('class/wall.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("class_wall", js=_SCRIPT, isolate_styles=False)


def show(code: str, *, full: bool) -> None:
    """Show the wall; ``full``: there is nothing else on the page."""
    link = way_in(code)
    where = urlsplit(page_address("class", {}))
    _component(key=keys.WALL, height="content", data={
        "room": room(code, "wall"), "link": link, "short": f"{where.netloc}{where.path}", "full": full,
        "colours": {"answers": PREDICTED, "right": RIGHT, "naive": NAIVE, "loss": SPLITS["train"]},
        "qr": f"{PREFIX}/{qr_code.NAME}?to={quote(link, safe='')}", "words": words.wall()})


def way_in(code: str) -> str:
    """Return the link with which learners join: its key makes that nobody need type, or can guess, a code."""
    return page_address("class", {"join": f"{code}-{rooms().standing(code).key}"})
