"""The line, the bar and the numbers that say how a run is going, kept up to date by the stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from lstm_core import i18n
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.running.scheduling import LEASE
from lstm_core.ui.base.static_files import PREFIX, address
from lstm_core.ui.live import api, words
from lstm_core.ui.live.picture import structure

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('live/status.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

STREAM = f"{PREFIX}/{api.PATH}"     # relative to the page's base address

_component = st.components.v2.component("run_status", js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True)
class Number:
    """One number of a run: its place among :func:`.words.numbers`, and what stands around it."""

    at: int
    label: str
    below: str = ""
    help: str = ""


def followed(run: str) -> dict[str, Any]:
    """Return what a component in the browser needs to follow a run."""
    return {"run": run, "lang": i18n.current(), "address": STREAM}


def run_status(view: RunView, data: Dataset, numbers: Sequence[Number], *, key: str) -> None:
    """Show how the run is going; when that changes what else is on the page, the fragment around it is rerun."""
    now = {"update": view.update, "woken": view.woken, "progress": min(1.0, view.epoch / view.spec.train.epochs),
           "says": words.progress(view), "advice": words.advice(view),
           "numbers": words.numbers(view, share=data.score_kind == "share", unit=data.unit)}
    _component(key=key, height="content", on_changed_change=_changed, data={
        "live": followed(view.id), "structure": structure(view), "numbers": [asdict(number) for number in numbers],
        "now": now, "bar": _("How much of the training is done"), "woken": _(
            "For more than {seconds:.0f} seconds nobody looked: the training stood still, and goes on now.").format(
                seconds=LEASE)})


def _changed() -> None:
    """Nothing to do: the fragment runs again."""
