"""Prices of any ticker, downloaded from Yahoo Finance through yfinance.

Shared servers are limited soon, so: one request at a time, answers kept, silence for a while after a rate limit.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_core.data import installed
from lstm_core.data.series import Note, Reading, Series
from lstm_core.data.sources import tickers
from lstm_core.data.sources.dates import between
from lstm_core.errors import Refusal, listed, unknown
from lstm_core.spec import PRICE_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

INTERVALS = ("1d", "1wk", "1mo")
KEPT = 64                           # downloads kept in memory
KEPT_SECONDS = 12 * 3600.0
COOL_DOWN_SECONDS = 60.0

OFFERED = 4                         # tickers that are offered at most where one is not known
LONGEST_NAME = 60                   # letters of a name that is looked for

# What may be the name of something: two letters side by side, and no address of a machine.
_NAME = re.compile(rf"(?=.*[^\W\d_]{{2}})(?!.*\w\w\.\w\w)[\w .,&'()-]{{2,{LONGEST_NAME}}}")
_UNIT = re.compile(r"[A-Za-z]{3}")      # a currency; anything else that is answered is no unit

_client_lock = threading.Lock()     # yfinance has one session and one cache for the whole process

_Request = tuple[str, date | None, date | None, str]


class Unavailable(Refusal):
    """Prices that cannot be had; the bundled series are the way on."""


class NotFound(Unavailable):
    """There is no such ticker; ``values["found"]`` has those that may be meant, with what they stand for, if known."""


class RateLimited(Unavailable):
    """Yahoo answers no more requests for a while; ``values["seconds"]`` are left."""


class Downloader:
    """Fetches prices, for all threads of a process.

    ``folder`` receives yfinance's own small cache of time zones and cookies. Without a ``session`` yfinance makes
    its own; ``timeout`` (seconds) holds for the request for prices.
    """

    def __init__(self, folder: Path, session: Any = None, timeout: float = 10.0,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._session = session
        self._timeout = timeout
        self._clock = clock
        self._kept: dict[_Request, tuple[float, Reading]] = {}
        self._silent_until = -np.inf

    def fetch(self, ticker: str, start: str = "", end: str = "", interval: str = "1d") -> Reading:
        """Return the prices of a ticker from the start date up to the day before the end date, (T, 5).

        Empty dates leave that side open. Prices are adjusted for splits and dividends. Every failure raises
        :class:`Unavailable`, except for dates that cannot be read, which are refused as such.
        """
        if interval not in INTERVALS:
            raise unknown("interval", interval, INTERVALS)
        if not tickers.WRITTEN.fullmatch(ticker.strip()):
            with _client_lock:
                raise _no_ticker(ticker.strip(), self._meant(ticker))
        request = (ticker.strip().upper(), *between(start, end), interval)
        reading = self._recall(request)
        if reading is None:
            with _client_lock:
                reading = self._recall(request)     # another thread may have fetched it in the meantime
                if reading is None:
                    reading = self._download(request)
                    self._keep(request, reading)
        return reading

    def _recall(self, request: _Request) -> Reading | None:
        kept = self._kept.get(request)
        return kept[1] if kept and self._clock() - kept[0] < KEPT_SECONDS else None

    def _keep(self, request: _Request, reading: Reading) -> None:
        self._kept.pop(request, None)
        self._kept[request] = (self._clock(), reading)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]          # the oldest

    def _download(self, request: _Request) -> Reading:
        ticker = request[0]
        left = self._silent_until - self._clock()
        if left > 0:
            raise _limited(ticker, left)
        try:
            table, unit = self._ask(request)
        except Refusal:
            raise
        except Exception as error:      # yfinance lets through whatever its parsing of a foreign answer runs into
            failure = _told(error, request)
            if isinstance(failure, RateLimited):
                self._silent_until = self._clock() + COOL_DOWN_SECONDS
            if isinstance(failure, NotFound):
                failure = _unknown(ticker, self._meant(ticker))
            raise failure from error
        return _reading(request, table, unit)

    def _ask(self, request: _Request) -> tuple[pd.DataFrame, str]:
        """Return yfinance's table of prices, and their currency."""
        ticker, first, stop, interval = request
        yf = _yfinance(self._folder)
        yf.data.YfData.cache_get.cache_clear()      # it also keeps failures, for as long as the process lives
        try:
            client = yf.Ticker(ticker, session=self._session)
        except ValueError as error:     # only of an ISIN, which yfinance looks up first
            raise _unknown(ticker, {}) from error
        table = client.history(period=None if first else "max", start=first, end=stop, interval=interval,
                               auto_adjust=True, actions=False, keepna=True, timeout=self._timeout)
        unit = str(client.get_history_metadata().get("currency"))
        return table, unit if _UNIT.fullmatch(unit) else ""

    def _meant(self, text: str) -> dict[str, str]:
        """Return the tickers that may be meant, with the names of what they stand for, of those that Yahoo finds."""
        written = tickers.offers(text)
        return dict.fromkeys(written[:OFFERED], "") or self._search(text.strip())

    def _search(self, name: str) -> dict[str, str]:
        """Return what Yahoo finds for a name; nothing while it answers nothing."""
        if not _NAME.fullmatch(name) or self._silent_until > self._clock():
            return {}
        yf = _yfinance(self._folder)
        try:
            found = yf.Search(name, max_results=OFFERED, news_count=0, lists_count=0, include_cb=False, recommended=0,
                              enable_fuzzy_query=True, session=self._session, timeout=self._timeout).quotes
            return {quote["symbol"]: _plain(str(quote.get("longname") or quote.get("shortname") or ""))
                    for quote in found[:OFFERED] if tickers.WRITTEN.fullmatch(str(quote["symbol"]))}
        except Exception as error:      # as in _download; that there is no offer is not worth a sentence of its own
            if isinstance(_told(error, (name, None, None, "1d")), RateLimited):
                self._silent_until = self._clock() + COOL_DOWN_SECONDS
            return {}


@cache
def _yfinance(folder: Path) -> Any:
    """Return the client, told to raise its errors and to keep its files in the folder (the first one counts)."""
    installed.folder("yfinance", "yfinance")
    import yfinance  # takes 0.6 s, and only a person who downloads needs it

    folder.mkdir(parents=True, exist_ok=True)
    yfinance.set_tz_cache_location(str(folder))
    yfinance.config.debug.hide_exceptions = False
    return yfinance


def _reading(request: _Request, table: pd.DataFrame, unit: str) -> Reading:
    """Return the table as a series, without the rows in which a price is missing."""
    values = table[[name.capitalize() for name in PRICE_COLUMNS]].to_numpy(np.float64)
    whole = np.isfinite(values).all(axis=1) & (values[:, :4] > 0).any(axis=1)   # Yahoo also writes gaps as zeros
    if not whole.any():
        raise _empty(request[0])
    days = table.index.tz_localize(None).to_numpy().astype("datetime64[D]").astype("datetime64[ns]")
    notes = () if whole.all() else (
        Note("Rows of {ticker} without complete prices, left out: {count} of {total}.",
             count=int((~whole).sum()), total=len(whole), ticker=request[0]),)
    return Reading(Series(PRICE_COLUMNS, values[whole], days[whole], unit, request[0]), notes)


def _told(error: Exception, request: _Request) -> Unavailable:
    """Return the refusal that says what an exception of yfinance means."""
    from curl_cffi.requests.exceptions import HTTPError, RequestException, Timeout
    from yfinance.exceptions import YFPricesMissingError, YFRateLimitError, YFTickerMissingError

    ticker = request[0]
    match error:
        case YFRateLimitError():
            return _limited(ticker, COOL_DOWN_SECONDS)
        case YFPricesMissingError() if error.yahoo_reason is None:
            return _empty(ticker)
        case YFPricesMissingError() if "Data doesn't exist" in error.yahoo_reason:
            return _no_dates(request)
        case YFTickerMissingError():
            return _unknown(ticker, {})
        case HTTPError() if error.response is not None and error.response.status_code < 500:
            return _unknown(ticker, {})     # the way yfinance ends its search for a ticker that Yahoo does not know
        case Timeout():
            return Unavailable("Yahoo Finance took too long to answer for {ticker}. Try again in a while. "
                               "The bundled NASDAQ and S&P 500 need no network.", ticker=ticker)
        case RequestException() if not isinstance(error, HTTPError | json.JSONDecodeError):
            return Unavailable("Yahoo Finance cannot be reached to ask for {ticker}: this server seems to have no "
                               "network. The bundled NASDAQ and S&P 500 need no network.", ticker=ticker)
        case _:
            return Unavailable("Yahoo Finance answered for {ticker} with something that is not prices ({error}). "
                               "Try again in a while. The bundled NASDAQ and S&P 500 need no network.",
                               ticker=ticker, error=type(error).__name__)


def _limited(ticker: str, seconds: float) -> RateLimited:
    return RateLimited("Yahoo Finance has had too many requests from this server. {ticker} can be asked for again in "
                       "{seconds} seconds. The bundled NASDAQ and S&P 500 need no network.",
                       ticker=ticker, seconds=int(np.ceil(seconds)))


def _plain(name: str) -> str:
    """Return a name that a foreign server tells, without what could be markup."""
    return " ".join(re.sub(r"[^\w .,&'-]", " ", name).split())[:40]


def _listed(found: dict[str, str]) -> object:
    return listed(f"{ticker} ({name})" if name else ticker for ticker, name in found.items())


def _no_ticker(text: str, found: dict[str, str]) -> NotFound:
    if found:
        return NotFound("{ticker!r} is not a ticker as Yahoo Finance writes it. Do you mean {offers}?",
                        ticker=text, offers=_listed(found), found=found)
    return NotFound("{ticker!r} is not a ticker. A ticker is made of at most 25 letters, digits and . - ^ = &, for "
                    "example AAPL, BRK-B, ^GSPC, M&M.NS or 600519.SS. The bundled NASDAQ and S&P 500 need no network.",
                    ticker=text, found=found)


def _unknown(ticker: str, found: dict[str, str]) -> NotFound:
    if found:
        return NotFound("Yahoo Finance knows no ticker {ticker!r}. Do you mean {offers}?",
                        ticker=ticker, offers=_listed(found), found=found)
    return NotFound("Yahoo Finance knows no ticker {ticker!r}. Look at its spelling and at the ending for its "
                    "exchange, as in 600519.SS. The bundled NASDAQ and S&P 500 need no network.",
                    ticker=ticker, found=found)


def _empty(ticker: str) -> Unavailable:
    return Unavailable("Yahoo Finance answered for {ticker} without a single price. Choose other dates or another "
                       "ticker. The bundled NASDAQ and S&P 500 need no network.", ticker=ticker)


def _no_dates(request: _Request) -> Unavailable:
    ticker, first, stop, _ = request
    last = (stop or date.today() + timedelta(days=1)) - timedelta(days=1)
    return Unavailable("{ticker} has no prices from {first} to {last}. Choose other dates. "
                       "The bundled NASDAQ and S&P 500 need no network.",
                       ticker=ticker, first=first or "1900-01-01", last=last)
