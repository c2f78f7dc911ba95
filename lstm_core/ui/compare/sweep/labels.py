"""What the settings and values of a sweep are called."""

from __future__ import annotations

from lstm_core.charts.sweep import spread
from lstm_core.i18n import aside, phrases
from lstm_core.spec.sweep import Outcomes, SweepSpec, Value
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets.labels import option_label


def value_of(value: Value) -> str:
    """Return a value in words."""
    return option_label(value) if isinstance(value, str) else f"{value:g}"


def combination(sweep: SweepSpec, number: int) -> str:
    """Return a combination of values in words: ``Hidden units 32, Dropout 0.2``."""
    return phrases(f"{name_of(axis.setting)} {value_of(value)}"
                     for axis, value in zip(sweep.axes, sweep.settings[number], strict=True))


def with_spread(sweep: SweepSpec, found: Outcomes, *, right: bool) -> str:
    """Return a combination of values with what its seeds reached."""
    return aside(f"**{combination(sweep, found.setting)}**", spread(found, right=right))
