"""The real yfinance client against a loopback server: every answer Yahoo may give has a sentence of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from curl_cffi.requests.exceptions import DNSError

from lstm_core.data.sources.yahoo import (
    COOL_DOWN_SECONDS,
    KEPT,
    KEPT_SECONDS,
    Downloader,
    NotFound,
    RateLimited,
    Unavailable,
)
from lstm_core.errors import Refusal
from tests.unit.data.sources.fake_yahoo import DAYS, FakeYahoo, LoopSession, close, serving

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def yahoo() -> Iterator[FakeYahoo]:
    with serving() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def downloader(yahoo: FakeYahoo, clock: Clock, tmp_path: Path) -> Downloader:
    return Downloader(tmp_path / "yahoo", LoopSession(yahoo.address, longest=1.0), timeout=0.3, clock=clock)


def refused(fetch: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        fetch()
    return caught.value


def test_prices_arrive_as_sent(downloader: Downloader) -> None:
    reading = downloader.fetch("fine")
    series = reading.series
    assert series.columns == ("open", "high", "low", "close", "volume")
    assert series.values.shape == (DAYS, 5)
    assert (series.name, series.unit, reading.notes) == ("FINE", "USD", ())
    assert series.index.dtype == np.dtype("datetime64[ns]")
    assert str(series.index[0])[:10] == "2022-01-03"
    expected = np.array([close(day) for day in range(DAYS)])
    np.testing.assert_allclose(series.values[:, 3], expected, rtol=1e-12)
    np.testing.assert_allclose(series.values[:, 0], expected - 0.5, rtol=1e-12)
    np.testing.assert_array_equal(series.values[:, 4], 1_000_000 + np.arange(DAYS))


def test_markup_that_yahoo_answers_is_not_taken_over(downloader: Downloader) -> None:
    series = downloader.fetch("MARKUP").series
    assert (series.name, series.unit, len(series.values)) == ("MARKUP", "", DAYS)


@pytest.mark.parametrize(("start", "end", "first", "last"), [
    ("2022-03-01", "2022-04-01", "2022-03-01", "2022-03-31"),
    ("2022-03-01", "", "2022-03-01", "2023-12-01"),
    ("", "2022-04-01", "2022-01-03", "2022-03-31"),
])
def test_dates_cut_the_prices(downloader: Downloader, start: str, end: str, first: str, last: str) -> None:
    index = downloader.fetch("FINE", start, end).series.index
    assert (str(index[0])[:10], str(index[-1])[:10]) == (first, last)


def test_rows_without_prices_are_dropped_and_reported(downloader: Downloader) -> None:
    reading = downloader.fetch("GAPS")
    assert reading.series.values.shape == (DAYS - 1, 5)
    assert np.isfinite(reading.series.values).all()
    assert np.datetime64("2022-01-17") not in reading.series.index
    assert [str(note) for note in reading.notes] == [
        "Rows of GAPS without complete prices, left out: 1 of 500."]


@pytest.mark.parametrize(("ticker", "words"), [
    ("BADX", "knows no ticker 'BADX'"),
    ("RATE", "RATE can be asked for again in 60 seconds"),
    ("DOWN", "something that is not prices"),
    ("HTML", "something that is not prices"),
    ("ODD", "something that is not prices"),
    ("EMPTY", "EMPTY without a single price"),
    ("NULLS", "NULLS without a single price"),
    ("STALL", "took too long to answer for STALL"),
])
def test_each_failure_has_its_sentence(downloader: Downloader, ticker: str, words: str) -> None:
    refusal = refused(lambda: downloader.fetch(ticker, "2022-02-01", "2022-06-01"))
    assert isinstance(refusal, Unavailable)
    assert words in str(refusal)
    assert str(refusal).endswith("The bundled NASDAQ and S&P 500 need no network.")


def test_the_timeout_holds_for_the_request_for_prices(yahoo: FakeYahoo, tmp_path: Path) -> None:
    hasty = Downloader(tmp_path, LoopSession(yahoo.address), timeout=0.3)
    start = time.monotonic()
    assert "took too long to answer for HANG" in str(refused(lambda: hasty.fetch("HANG", "2022-02-01")))
    assert time.monotonic() - start < 1.5


def test_a_ticker_stays_unknown_when_asked_often(downloader: Downloader) -> None:
    """yfinance raises an HTTPError for the first misses of a process, another error later."""
    for _ in range(4):
        assert "knows no ticker" in str(refused(lambda: downloader.fetch("BADX")))


def test_an_unknown_isin_is_an_unknown_ticker(downloader: Downloader) -> None:
    assert "knows no ticker 'US0000000000'" in str(refused(lambda: downloader.fetch("US0000000000")))


@pytest.mark.parametrize(("start", "end", "words"), [
    ("1990-01-01", "1990-06-01", "FINE has no prices from 1990-01-01 to 1990-05-31"),
    ("", "1990-06-01", "FINE has no prices from 1900-01-01 to 1990-05-31"),
    ("2100-01-01", "", "FINE has no prices from 2100-01-01"),
])
def test_dates_without_data(downloader: Downloader, start: str, end: str, words: str) -> None:
    refusal = refused(lambda: downloader.fetch("FINE", start, end))
    assert words in str(refusal)
    assert "need no network" in str(refusal)


@pytest.mark.parametrize(("ticker", "offers"), [
    ("Apple", "Do you mean AAPL (Apple Inc.), APC.DE (img src x red Apple Inc)?"),
    ("BADX", "Look at its spelling"), ("BAD.A", "Do you mean BAD-A?")])
def test_an_unknown_ticker_has_offers_of_what_yahoo_finds(
        downloader: Downloader, yahoo: FakeYahoo, monkeypatch: pytest.MonkeyPatch, ticker: str, offers: str) -> None:
    monkeypatch.setattr(yahoo, "unknown", ("APPLE",))
    refusal = refused(lambda: downloader.fetch(ticker))
    assert isinstance(refusal, NotFound)
    assert offers in str(refusal)
    assert f"{ticker.upper()!r}" in str(refusal)
    again = pickle.loads(pickle.dumps(refusal))
    assert (again.values, str(again)) == (refusal.values, str(refusal))


def test_a_name_that_is_no_ticker_is_looked_for_without_asking_for_prices(
        downloader: Downloader, yahoo: FakeYahoo) -> None:
    assert refused(lambda: downloader.fetch("$AAPL")).values["found"] == {"AAPL": ""}
    assert yahoo.paths == []                # what it means is known here
    assert refused(lambda: downloader.fetch(" Rate of Oslo")).values["found"] == {}
    assert refused(lambda: downloader.fetch("苹果公司")).values["found"] == {}
    assert (yahoo.charts, sum("/search" in path for path in yahoo.paths)) == (0, 2)


def test_a_search_that_is_limited_ends_all_questions_for_a_while(
        downloader: Downloader, yahoo: FakeYahoo, clock: Clock) -> None:
    assert "is not a ticker" in str(refused(lambda: downloader.fetch("RATE of exchange")))
    asked = len(yahoo.paths)
    assert isinstance(refused(lambda: downloader.fetch("FINE")), RateLimited)
    assert refused(lambda: downloader.fetch("苹果公司")).values["found"] == {}
    assert len(yahoo.paths) == asked
    clock.now += COOL_DOWN_SECONDS
    assert len(downloader.fetch("FINE").series.values) == DAYS


@pytest.mark.parametrize("ticker", ["", " ", "..", "A/2", "A?x=1", "1" * 26, "Ä 4", "^", "A\nB", "<b>", "A 2"])
def test_a_malformed_ticker_sends_nothing(downloader: Downloader, yahoo: FakeYahoo, ticker: str) -> None:
    refusal = refused(lambda: downloader.fetch(ticker))
    assert isinstance(refusal, Unavailable)
    assert "is not a ticker" in str(refusal)
    assert str(refusal).endswith("need no network.")
    assert yahoo.paths == []


@pytest.mark.parametrize("ticker", ["BRK-B", "^GSPC", "600519.SS", "EURUSD=X", "0700.HK", " aapl "])
def test_tickers_of_all_kinds_are_let_through(downloader: Downloader, ticker: str) -> None:
    assert downloader.fetch(ticker).series.name == ticker.strip().upper()


@pytest.mark.parametrize(("start", "end", "words"), [
    ("2022-04-01", "2022-03-01", "must be before"),
    ("2022-04-01", "2022-04-01", "must be before"),
    ("2022-4-1", "", "year-month-day"),
    ("20220401", "", "year-month-day"),
    ("", "2022-02-30", "year-month-day"),
    ("yesterday", "", "'yesterday'"),
])
def test_bad_dates_send_nothing(downloader: Downloader, yahoo: FakeYahoo, start: str, end: str, words: str) -> None:
    refusal = refused(lambda: downloader.fetch("FINE", start, end))
    assert words in str(refusal)
    assert "need no network" in str(refusal)
    assert yahoo.paths == []


def test_an_unknown_interval_sends_nothing(downloader: Downloader, yahoo: FakeYahoo) -> None:
    assert "1d, 1wk, 1mo" in str(refused(lambda: downloader.fetch("FINE", interval="5m")))
    assert yahoo.paths == []


def test_no_network(tmp_path: Path) -> None:
    with serving() as server:
        address = server.address
    refusal = refused(lambda: Downloader(tmp_path, LoopSession(address)).fetch("FINE"))
    assert "no network" in str(refusal)
    assert "cannot be reached" in str(refusal)


def test_no_name_service(tmp_path: Path) -> None:
    class Nameless(LoopSession):
        def request(self, *_: object, **__: object) -> object:
            raise DNSError("Could not resolve host: query2.finance.yahoo.com", 6)

    refusal = refused(lambda: Downloader(tmp_path, Nameless("http://127.0.0.1:9")).fetch("FINE"))
    assert "cannot be reached" in str(refusal)


def test_answers_are_kept_for_twelve_hours(downloader: Downloader, yahoo: FakeYahoo, clock: Clock) -> None:
    first = downloader.fetch("FINE", "2022-02-01")
    asked = yahoo.charts
    clock.now += KEPT_SECONDS - 1
    assert downloader.fetch("fine ", "2022-02-01") is first
    assert yahoo.charts == asked
    downloader.fetch("FINE", "2022-02-02")
    assert yahoo.charts > asked
    asked = yahoo.charts
    clock.now += 2
    assert downloader.fetch("FINE", "2022-02-01") is not first
    assert yahoo.charts > asked


def test_only_so_many_answers_are_kept(downloader: Downloader, yahoo: FakeYahoo, monkeypatch: pytest.MonkeyPatch
                                       ) -> None:
    assert KEPT <= 100
    monkeypatch.setattr("lstm_core.data.sources.yahoo.KEPT", 2)
    first = downloader.fetch("ONE")
    second = downloader.fetch("TWO")
    downloader.fetch("THREE")
    asked = yahoo.charts
    assert downloader.fetch("TWO") is second
    assert yahoo.charts == asked
    assert downloader.fetch("ONE") is not first


def test_a_failure_is_not_kept(downloader: Downloader, yahoo: FakeYahoo) -> None:
    """yfinance itself keeps failed answers in memory."""
    for ticker in ("DOWN", "BADX", "EMPTY"):
        refused(lambda ticker=ticker: downloader.fetch(ticker, "2022-02-01", "2022-06-01"))
    yahoo.healthy = True
    for ticker in ("DOWN", "BADX", "EMPTY"):
        assert len(downloader.fetch(ticker, "2022-02-01", "2022-06-01").series.values)


def test_after_a_rate_limit_nothing_is_sent_for_a_while(downloader: Downloader, yahoo: FakeYahoo, clock: Clock
                                                        ) -> None:
    kept = downloader.fetch("FINE")
    refused(lambda: downloader.fetch("RATE"))
    asked = len(yahoo.paths)
    clock.now += 18.5
    refusal = refused(lambda: downloader.fetch("OTHER"))
    assert isinstance(refusal, RateLimited)
    assert refusal.values["seconds"] == 42
    assert "42 seconds" in str(refusal)
    assert len(yahoo.paths) == asked
    assert downloader.fetch("FINE") is kept
    clock.now += COOL_DOWN_SECONDS - 18.5
    assert downloader.fetch("OTHER").series.name == "OTHER"


def test_one_request_at_a_time(downloader: Downloader, yahoo: FakeYahoo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four threads that want two tickers: two downloads, never two at once."""
    busy, most, lock = [0], [0], threading.Lock()
    original = LoopSession.request

    def scored_mask(self: LoopSession, *arguments: object, **options: object) -> object:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        try:
            return original(self, *arguments, **options)
        finally:
            with lock:
                busy[0] -= 1

    monkeypatch.setattr(LoopSession, "request", scored_mask)
    threads = [threading.Thread(target=downloader.fetch, args=(ticker,)) for ticker in ("ONE", "TWO", "ONE", "TWO")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
    prices = [path for path in yahoo.paths if "/chart/" in path and "period1" in path]
    assert len(prices) == 2


def test_the_client_keeps_its_files_in_the_folder(yahoo: FakeYahoo, tmp_path: Path) -> None:
    """In a process of its own: yfinance opens its files once and stays with them."""
    script = ("import sys\nfrom pathlib import Path\nfrom lstm_core.data.sources.yahoo import Downloader\n"
              "from tests.unit.data.sources.fake_yahoo import LoopSession\n"
              "Downloader(Path(sys.argv[1]) / 'ours', LoopSession(sys.argv[2])).fetch('FINE')\n")
    home = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", script, str(tmp_path), yahoo.address], check=True, timeout=60,
                   cwd=Path(__file__).parents[4], env=home)
    assert [path.name for path in (tmp_path / "ours").iterdir() if path.name == "tkr-tz.db"] == ["tkr-tz.db"]
    assert not list(tmp_path.glob("home/**/*.db"))


def test_a_refusal_crosses_process_borders(downloader: Downloader) -> None:
    refusal = pickle.loads(pickle.dumps(refused(lambda: downloader.fetch("RATE"))))
    assert isinstance(refusal, RateLimited)
    assert refusal.values["ticker"] == "RATE"
