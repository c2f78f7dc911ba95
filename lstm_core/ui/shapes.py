"""The page Shapes: the settings that decide the sizes, and the sections that show them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lstm_core import limits
from lstm_core.batches import Batches
from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.spec import (
    Adding,
    DataSpec,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Reviews,
    RunSpec,
    SeriesSpec,
    TaskSpec,
    TrainSpec,
)
from lstm_core.ui import current, knobs, shapes_cut, shapes_data, shapes_layers, shapes_way
from lstm_core.ui.shapes_way import Seen
from lstm_core.ui.words import told


def settings(source: type[DataSpec]) -> RunSpec | None:
    """Show the settings that decide the sizes; return the spec, or None after a refusal has been told."""
    with st.container(horizontal=True, key="shape_settings", vertical_alignment="bottom"):
        with st.container(width="content"):
            knobs.choice("cell", kind=ModelSpec)
        if source.output is None:
            with st.container(width="content"):
                knobs.choice("output", kind=ModelSpec)
        with st.container(width=120):
            st.number_input(_("Layers"), 1, limits.LAYERS, key="layers", persist_state="session",
                            help=_("Recurrent layers; each reads the hidden states of the one before."))
        for layer in range(1, st.session_state.get("layers", 1) + 1):
            with st.container(width=120):
                knobs.number("hidden" if layer == 1 else f"hidden{layer}", kind=Layer, name="hidden")
        if issubclass(source, SeriesSpec):
            with st.container(width=120):
                knobs.number("steps", kind=source)
        with st.container(width=120):
            knobs.number("batch", kind=TrainSpec)
    with st.expander(_("More about the network")):
        rule = issubclass(source, TaskSpec)
        _more(symbols=source in (Letters, Reviews, Numerals) or (rule and source is not Adding), rule=rule)
    try:
        return knobs.read()
    except Refusal as refusal:
        st.error(told(refusal))
        return None


def _more(*, symbols: bool, rule: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key in ("dense", "after", *(() if symbols or rule else ("conv",))):
            with st.container(width=170):
                knobs.number(key, kind=ModelSpec)
        if symbols:
            with st.container(width="content"):
                knobs.choice("encoding", kind=ModelSpec)
            if st.session_state.get("encoding") == "embedding":
                with st.container(width=170):
                    knobs.number("embedding", kind=ModelSpec)
    st.page_link("train.py", label=_("All other settings: Train"), icon=":material/model_training:",
                 query_params=current.address())


def show(spec: RunSpec) -> None:
    """Show the chosen section with the sizes of the settings."""
    try:
        current.check(spec)
        data = current.prepared(spec.data, spec.model.output)
        seen = Seen(spec, data, Batches(spec.train, data.ends["train"], data.steps))
    except Refusal as refusal:
        st.warning(told(refusal))
        return
    sections: dict[str, tuple[str, Callable[[], None]]] = {
        "way": (_("Way of the numbers"), lambda: shapes_way.way(seen)),
        "sequences": ("return_sequences", lambda: shapes_way.sequences(seen)),
        "weights": (_("Weights"), lambda: shapes_layers.weights(seen)),
        "graph": (_("Graph and time"), lambda: shapes_layers.graph(seen)),
        "windows": (_("Windows"), shapes_data.windows),
        "cut": (_("Truncated gradients"), lambda: shapes_cut.cut(spec.model.cell)),
        "lengths": (_("Different lengths"), lambda: shapes_data.lengths(seen)),
    }
    if st.session_state.get("shapes_section") not in sections:
        st.session_state["shapes_section"] = "way"
    st.segmented_control(_("What is shown"), list(sections), key="shapes_section", required=True,
                         format_func=lambda name: sections[name][0], label_visibility="collapsed", wrap=True,
                         persist_state="session")
    sections[st.session_state["shapes_section"]][1]()
