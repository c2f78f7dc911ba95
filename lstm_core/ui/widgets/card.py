"""A card: one of many things to choose from, such as a preset or a challenge."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

WIDTH = 275             # pixels


def card(key: str) -> DeltaGenerator:
    """Return the container of a card; ``key`` is unique on its page."""
    return st.container(border=True, width=WIDTH, key=key)
