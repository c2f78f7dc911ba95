"""Presets: the systems of the five tutorials and the memory tasks, each with what it should reach.

``python -m lstm_core.presets`` trains them and compares (:mod:`lstm_core.presets.measures` says how each is measured).
"""

from __future__ import annotations

from lstm_core.presets.memory import MEMORY
from lstm_core.presets.preset import Goal, Preset
from lstm_core.presets.tutorials import TUTORIALS

__all__ = ["MEMORY", "PRESETS", "TUTORIALS", "Goal", "Preset"]

PRESETS: dict[str, Preset] = TUTORIALS | MEMORY
"""All presets under the name they have in the address."""
