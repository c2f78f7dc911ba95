"""The baselines beside every forecast: fitted once for each data set, and measured on the same rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core import limits
from lstm_core.charts.frame import quantity
from lstm_core.charts.predict import baseline_name
from lstm_core.data import Windows
from lstm_core.evaluation.baselines import Baselines
from lstm_core.evaluation.beside import Beside
from lstm_core.evaluation.evidence import numbers
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.spec import DataSpec, Output, Split
from lstm_core.ui.widgets import session

STYLE = Path(__file__).parents[1] / "static" / "predict.css"
HUGE = 1e5              # from here on fixed digits tell nothing


@st.cache_data(max_entries=limits.SERIES_CACHED, show_spinner=False)
def fitted(spec: DataSpec, output: Output) -> Baselines:
    """Return the baselines for the data, the time steps and the horizon of a spec."""
    data = session.prepared(spec, output)
    assert isinstance(data, Windows)
    return Baselines.fit(data)


@st.cache_data(max_entries=500, show_spinner=False)
def best(spec: DataSpec, output: Output, split: Split) -> tuple[str, float]:
    """Return the best forecast without a network over a part, and its mean absolute error or its share right."""
    data = session.prepared(spec, output)
    if data.score_kind == "share" or not len(data.sample_ids[split]):
        return "frequent", data.naive_error(split)
    shown = data.targets_of(split)
    found = numbers(data, shown, shown.actual, fitted(spec, output) if isinstance(data, Windows) else None)
    return found.best, found.baselines[found.best].mae


def show(measured: Beside, found: Baselines, data: Windows) -> None:
    """Show the metrics as a table, a row for each forecast."""
    st.html(STYLE)
    with st.container(key="measures"):
        st.table(_table(measured, found, data), width="content")


def skill_explained(measured: Beside) -> str:
    """Return in a sentence what the skill in a table is against."""
    return _("Skill is against the best forecast without a network on these rows, {baseline}: 1 - RMSE / its "
             "RMSE.").format(baseline=baseline_name(measured.best)) if measured.best else ""


def _table(measured: Beside, found: Baselines, data: Windows) -> pd.DataFrame:
    order = len(found.linear.weights) if found.linear else 0
    names = {
        "network": _("This network"), "persistence": baseline_name("persistence"), "mean": baseline_name("mean"),
        "seasonal": (_("Seasonal, {season} steps").format(season=found.season) if found.season else
                     _("Seasonal: no season found")),
        "autoregression": (_("Linear autoregression of order {order}").format(order=order) if order else
                           _("Linear autoregression: too few rows")),
    }
    each = measured.each
    return pd.DataFrame({
        quantity(_("MAE"), data.unit): [number(one.mae) for one in each.values()],
        quantity(_("RMSE"), data.unit): [number(one.rmse) for one in each.values()],
        _("MAPE (%)"): [_fixed(one.mape, 2) for one in each.values()],
        _("Mean relative deviation"): [_fixed(one.deviation, 4) for one in each.values()],
        _("Direction right"): ["–" if math.isnan(one.direction) else _("{share:.1%} of {rows:,}").format(
            share=one.direction, rows=one.moving) for one in each.values()],
        _("Skill"): [signed(one.skill) for one in each.values()],
    }, index=[names[key] for key in each])


def columns(measured: Beside, unit: str) -> dict[str, Sequence[Any] | np.ndarray]:
    """Return the same numbers in full, as columns of a file; their names are those of the field, in English."""
    in_unit, each = f" ({unit})" if unit else "", measured.each
    return {
        "forecast": list(each), f"MAE{in_unit}": [one.mae for one in each.values()],
        f"RMSE{in_unit}": [one.rmse for one in each.values()],
        "MAPE (%)": [one.mape for one in each.values()],
        "mean relative deviation": [one.deviation for one in each.values()],
        "direction": [one.direction for one in each.values()],
        "direction rows": [float(one.moving) for one in each.values()],
        "skill": [one.skill for one in each.values()],
        "skill against": [measured.best] * len(each),
        "rows": [float(one.count) for one in each.values()]}


def number(value: float) -> str:
    """Return a number with four significant digits; what is none is a dash."""
    return "–" if math.isnan(value) else powers(f"{value:.4g}").replace("inf", "∞")


def _fixed(value: float, digits: int) -> str:
    if not abs(value) < HUGE:           # where real values come near to zero
        return number(value)
    return f"{value:,.{digits}f}"


def signed(skill: float) -> str:
    """Return a skill with its sign; huge and missing ones as numbers are written."""
    return number(skill) if not abs(skill) < HUGE else f"{skill:+.3f}"
