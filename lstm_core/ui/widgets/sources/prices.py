"""Daily prices; their widgets stand in ``ui/train/prices.py``."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import SourceForm

PRICES = SourceForm(
    name=N_("Prices"),
    suggested={"epochs": 12, "lr": 0.002, "hidden": 32, "batch": 64},
    first=("market", "ticker"),
    labels={
        "market": (N_("Prices of"), N_("NASDAQ and S&P 500 are real daily prices 1999-2018 and need no network.")),
        "ticker": (N_("Ticker"), N_("Yahoo's symbol, such as AAPL, 600519.SS or ^GSPC.")),
        "start": (N_("From"), N_("First day, as YYYY-MM-DD; empty: as far back as there is.")),
        "end": (N_("Until"), N_("The day after the last, as YYYY-MM-DD; empty: up to the newest.")),
        "interval": (N_("Interval"), N_("Time from one row to the next.")),
    },
    options={
        "nasdaq": "NASDAQ", "sp500": "S&P 500", "ticker": N_("Download"), "1d": N_("Daily"), "1wk": N_("Weekly"),
        "1mo": N_("Monthly"),
    },
    columns={"open": N_("open"), "high": N_("high"), "low": N_("low"), "close": N_("close"), "volume": N_("volume")})
