"""The page Shapes: the settings that decide the sizes, and the sections that show them."""

from __future__ import annotations

import streamlit as st

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.learning.batches import Batches
from lstm_core.spec import DataSpec, Layer, ModelSpec, RunSpec, TrainSpec
from lstm_core.ui.shapes import data as shapes_data
from lstm_core.ui.shapes import layers, tensors, truncation
from lstm_core.ui.shapes.tensors import Seen
from lstm_core.ui.widgets import held, session, setting_boxes
from lstm_core.ui.widgets import settings as widgets_settings
from lstm_core.ui.widgets.navigation import page_link, show_section
from lstm_core.ui.widgets.text import localized


def settings(source: type[DataSpec]) -> RunSpec | None:
    """Show the settings that decide the sizes; return the spec, or None after a refusal has been told."""
    with st.container(horizontal=True, key="shape_settings", vertical_alignment="bottom"):
        with st.container(width="content"):
            setting_boxes.choice("cell", kind=ModelSpec)
        if source.output is None:
            with st.container(width="content"):
                setting_boxes.choice("output", kind=ModelSpec)
        with st.container(width=120):
            st.number_input(_("Layers"), 1, limits.LAYERS, key="layers", persist_state="session",
                            **held.box("layers", _("Recurrent layers; each reads the hidden states of the one "
                                                   "before.")))
        for layer in range(1, st.session_state.get("layers", 1) + 1):
            with st.container(width=120):
                setting_boxes.number("hidden" if layer == 1 else f"hidden{layer}", kind=Layer, name="hidden")
        if not source.own_sequences:
            with st.container(width=120):
                setting_boxes.number("steps", kind=source)
        with st.container(width=120):
            setting_boxes.number("batch", kind=TrainSpec)
    with st.expander(_("More about the network")):
        _more(source)
    try:
        return widgets_settings.read()
    except Refusal as refusal:
        st.error(localized(refusal))
        return None


def _more(source: type[DataSpec]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key in ("input_dense", "relu_head", *(("conv",) if not source.symbols and source.one_length else ())):
            with st.container(width=170):
                setting_boxes.number(key, kind=ModelSpec)
        if source.symbols:
            with st.container(width="content"):
                setting_boxes.choice("encoding", kind=ModelSpec)
            if st.session_state.get("encoding") == "embedding":
                with st.container(width=170):
                    setting_boxes.number("embedding", kind=ModelSpec)
    page_link("train", _("All other settings: Train"))


def show(spec: RunSpec) -> None:
    """Show the chosen section with the sizes of the settings."""
    try:
        session.check(spec)
        data = session.prepared(spec.data, spec.model.output)
        seen = Seen(spec, data, Batches(spec.train, data.sample_ids["train"], data.steps))
    except Refusal as refusal:
        st.warning(localized(refusal))
        return
    show_section("shapes", {
        "way": lambda: tensors.way(seen),
        "sequences": lambda: tensors.sequences(seen),
        "weights": lambda: layers.weights(seen),
        "graph": lambda: layers.graph(seen),
        "windows": shapes_data.windows,
        "cut": lambda: truncation.cut(spec.model),
        "lengths": lambda: shapes_data.lengths(seen),
    })
