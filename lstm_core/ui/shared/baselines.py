"""The baselines beside every forecast of numbers: fitted once for each data set, and measured on the same rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core import limits
from lstm_core.charts.frame import quantity
from lstm_core.charts.predict import baseline_name
from lstm_core.data import Windows
from lstm_core.errors import Refusal
from lstm_core.evaluation import baselines
from lstm_core.evaluation.metrics import Metrics
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.spec import DataSpec, Output
from lstm_core.ui.widgets import session

STYLE = Path(__file__).parents[1] / "static" / "predict.css"
HUGE = 1e5              # from here on fixed digits tell nothing


@dataclass(frozen=True, eq=False)
class Baselines:
    """The forecasts without a network, fitted on the training part."""

    season: int | None                                      # rows in a season; None: there is no clear one
    linear: baselines.LinearAutoregression | None           # None: too few training rows for so many time steps


def fitted(spec: DataSpec, output: Output) -> Baselines:
    """Return the baselines for the data, the time steps and the horizon of a spec."""
    return _fitted(spec, output)


@st.cache_data(max_entries=limits.SERIES_CACHED, show_spinner=False)
def _fitted(spec: DataSpec, output: Output) -> Baselines:
    data = session.prepared(spec, output)
    assert isinstance(data, Windows)
    train = data.rows["train"]
    linear = None
    try:
        rows = np.arange(train.start, train.stop)
        linear = baselines.LinearAutoregression.fit(data.actual, rows, data.steps, data.horizon)
    except Refusal:
        pass
    return Baselines(baselines.season(data.actual[train.start:train.stop]), linear)


def one_ahead(data: Windows, found: Baselines, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each baseline says about target rows from what was known before them, (n,) in real units."""
    nothing = np.full(len(rows), np.nan)
    return {"persistence": baselines.persistence(data.actual, rows, data.horizon),
            "seasonal": baselines.seasonal(data.actual, rows, data.horizon, found.season) if found.season else nothing,
            "autoregression": found.linear.predict(data.actual, rows) if found.linear else nothing}


def free_running(data: Windows, found: Baselines, start: int, count: int) -> dict[str, np.ndarray]:
    """Return what each baseline says about the rows after ``start``, the last one it knows: (count,) in real units."""
    nothing = np.full(count, np.nan)
    ahead = np.arange(1, count + 1)
    repeated = nothing
    if found.season:
        rows = start + ahead - found.season * -(-ahead // found.season)     # the same place in the last known season
        repeated = np.where(rows >= 0, data.actual[np.maximum(rows, 0)], np.nan)
    history = data.actual[max(0, start - data.steps + 1):start + 1]
    linear = found.linear.run(history, count) if found.linear and len(history) == data.steps else nothing
    return {"persistence": np.full(count, data.actual[start]), "seasonal": repeated, "autoregression": linear}


def show(measured: Mapping[str, Metrics], found: Baselines, data: Windows) -> None:
    """Show the metrics as a table, a row for each forecast."""
    st.html(STYLE)
    with st.container(key="measures"):
        st.table(_table(measured, found, data), width="content")


def _table(measured: Mapping[str, Metrics], found: Baselines, data: Windows) -> pd.DataFrame:
    names = {
        "network": _("This network"), "persistence": baseline_name("persistence"),
        "seasonal": (_("Seasonal, {season} steps").format(season=found.season) if found.season else
                     _("Seasonal: no season found")),
        "autoregression": _("Linear autoregression, {steps} steps").format(steps=data.steps),
    }
    return pd.DataFrame({
        quantity(_("MAE"), data.unit): [number(one.mae) for one in measured.values()],
        quantity(_("RMSE"), data.unit): [number(one.rmse) for one in measured.values()],
        _("MAPE (%)"): [_fixed(one.mape, 2) for one in measured.values()],
        _("Mean relative deviation"): [_fixed(one.deviation, 4) for one in measured.values()],
        _("Direction right"): [_percent(one.direction) for one in measured.values()],
        _("Skill against persistence"): [_signed(one.skill) for one in measured.values()],
    }, index=[names[key] for key in measured])


def columns(measured: Mapping[str, Metrics], unit: str) -> dict[str, Sequence[Any] | np.ndarray]:
    """Return the same numbers in full, as columns of a file; their names are those of the field, in English."""
    in_unit = f" ({unit})" if unit else ""
    return {
        "forecast": list(measured), f"MAE{in_unit}": [one.mae for one in measured.values()],
        f"RMSE{in_unit}": [one.rmse for one in measured.values()],
        "MAPE (%)": [one.mape for one in measured.values()],
        "mean relative deviation": [one.deviation for one in measured.values()],
        "direction": [one.direction for one in measured.values()],
        "skill against persistence": [one.skill for one in measured.values()],
        "rows": [float(one.count) for one in measured.values()]}


def number(value: float) -> str:
    """Return a number with four significant digits; what is none is a dash."""
    return "–" if math.isnan(value) else powers(f"{value:.4g}").replace("inf", "∞")


def _fixed(value: float, digits: int) -> str:
    if not abs(value) < HUGE:           # where real values come near to zero
        return number(value)
    return f"{value:,.{digits}f}"


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"


def _signed(value: float) -> str:
    return number(value) if not abs(value) < HUGE else f"{value:+.3f}"
