"""How a source is offered on the page: its name, its settings in words, its widgets, and what it starts with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Control:
    """The widget of one setting; what kind of widget follows from the setting's type."""

    setting: str
    step: float | None = None       # between two values of a number
    slider: bool = False            # a number is chosen with a slider
    shown: Callable[[Mapping[Any, Any]], bool] | None = None    # whether it is shown beside the other settings


Row = Control | tuple[tuple[Control, ...], tuple[Control, ...]]
"""A widget over the whole width, or those of a left and a right column."""


@dataclass(frozen=True, kw_only=True)
class SourceForm:
    """What the page needs of a source. All words are marked for translation, and translated when they are shown."""

    name: str
    suggested: Mapping[str, Any]    # settings it starts with, so that the first click on Train shows something
    first: tuple[str, ...] = ()     # settings that are shown also where only few are: they say which sequence it is
    controls: tuple[Row, ...] = ()  # empty where there are no own settings, or the page Train has widgets of its own
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)     # setting: name and explanation
    options: Mapping[str, str] = field(default_factory=dict)                # value of a setting: name
    columns: Mapping[str, str] = field(default_factory=dict)                # column of the data: name
    classes: Mapping[str, str] = field(default_factory=dict)                # class to choose from: name
    steps_only: bool = False        # of the settings of windows and parts only the time steps can be chosen
