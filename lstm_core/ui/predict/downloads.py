"""What a person can take along: tables, the picture, the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lstm_core.export import csv_file
from lstm_core.i18n import gettext as _
from lstm_core.learning import checkpoints
from lstm_core.ui.base.static_files import address
from lstm_core.ui.shared.query import PredictQuery

# As in live.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('picture_button.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_picture_button = st.components.v2.component("picture_button", js=_SCRIPT, isolate_styles=False)

Columns = dict[str, Sequence[Any] | np.ndarray]


def show(asked: PredictQuery, tables: Mapping[str, tuple[str, Columns]], figure: str) -> None:
    """Offer tables as CSV, a figure as PNG, the weights as text and as a checkpoint.

    ``tables``: the end of the file's name -> (label, columns); ``figure``: the key of the live figure.
    """
    stem, weights = f"gatescope_{asked.view.id}_{asked.update}", asked.weights
    with st.container(horizontal=True, key="downloads", vertical_alignment="center"):
        for name, (label, columns) in tables.items():
            _button(label, csv_file(columns), f"{stem}_{name}.csv", "text/csv", f"save_{name}")
        _picture_button(key="save_picture", width="content",
                        data={"label": _("Picture (PNG)"), "figure": figure, "file": f"{stem}_{figure}"})
        _button(_("Weights as text"), lambda: checkpoints.text(weights), f"{stem}.txt", "text/plain", "save_text")
        _button(_("Weights as a checkpoint"), lambda: checkpoints.write(weights), f"{stem}.safetensors",
                "application/octet-stream", "save_checkpoint",
                _("A file from which training can be taken up again, here or in another program."))


def _button(label: str, data: Any, name: str, mime: str, key: str, explanation: str | None = None) -> None:
    st.download_button(label, data, name, mime, key=key, on_click="ignore", help=explanation,
                       icon=":material/download:")
