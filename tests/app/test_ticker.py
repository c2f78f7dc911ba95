"""A ticker is downloaded by the real yfinance client from a loopback server that answers as Yahoo does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_core.data.sources.yahoo import Downloader
from lstm_core.spec import Prices
from lstm_core.ui.train import prices
from tests.app.conftest import Visit
from tests.app.visitor import Visitor
from tests.unit.data.sources.fake_yahoo import FakeYahoo, LoopSession, serving

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

DATES = {"start": "2022-02-01", "end": "2023-09-01"}


@pytest.fixture
def yahoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYahoo]:
    with serving() as server:
        downloader = Downloader(tmp_path / "yahoo", LoopSession(server.address, longest=1.0), timeout=0.5)
        monkeypatch.setattr(prices, "downloader", lambda: downloader)
        yield server


def asked_for(visit: Visit, ticker: str, **dates: str) -> Visitor:
    visitor = visit().put("source", "prices").put("market", "ticker").put("ticker", ticker)
    for key, day in (DATES | dates).items():
        visitor.put(key, day)
    return visitor.put("features", ["close", "high"]).put("column", "high").click("download")


@pytest.mark.usefixtures("yahoo")
def test_a_ticker_trains_on_what_was_downloaded(visit: Visit) -> None:
    visitor = asked_for(visit, "fine")
    assert visitor.errors == ""
    visitor.put("steps", 8).put("epochs", 2).click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Prices)
    assert (data.ticker, data.start, data.end) == ("fine", *DATES.values())
    assert (data.features, data.column, len(data.digest)) == (("close", "high"), "high", 32)
    assert visitor.progress.startswith("Done")
    assert "USD" in visitor.numbers["Mean absolute error"]


def test_another_tab_needs_no_second_download(visit: Visit, yahoo: FakeYahoo) -> None:
    first = asked_for(visit, "FINE").put("steps", 8).put("epochs", 2).click("train").rest()
    asked = len(yahoo.paths)
    again = visit(who=first.who, **first.at.query_params)
    assert again.errors == ""
    again.click("train").rest()
    assert again.run != first.run
    assert again.view.losses.tobytes() == first.view.losses.tobytes()
    assert len(yahoo.paths) == asked


@pytest.mark.usefixtures("yahoo")
def test_rows_without_prices_are_reported(visit: Visit) -> None:
    assert "without complete prices, left out: 1 of" in asked_for(visit, "GAPS").captions


@pytest.mark.parametrize(("ticker", "dates", "sentence"), [
    ("BADX", {}, "knows no ticker 'BADX'"),
    ("RATE", {}, "too many requests"),
    ("EMPTY", {}, "EMPTY without a single price"),
    ("DOWN", {}, "something that is not prices"),
    ("HANG", {}, "took too long to answer for HANG"),
    ("FINE", {"start": "1990-01-01", "end": "1990-06-01"}, "FINE has no prices from 1990-01-01 to 1990-05-31"),
    ("FINE", {"start": "2023-09-01", "end": "2022-02-01"}, "must be before"),
    ("A/B", {}, "is not a ticker"),
])
@pytest.mark.usefixtures("yahoo")
def test_a_download_that_fails_says_why_and_keeps_the_choices(
        visit: Visit, ticker: str, dates: dict[str, str], sentence: str) -> None:
    visitor = asked_for(visit, ticker, **dates)
    assert sentence in visitor.errors
    shown = {key: visitor.widget(key).value for key in ("ticker", "start", "end", "features", "column")}
    assert shown == DATES | dates | {"ticker": ticker, "features": ["close", "high"], "column": "high"}


def test_without_a_network_the_page_says_so(visit: Visit, yahoo: FakeYahoo) -> None:
    yahoo.shutdown()
    yahoo.server_close()
    assert "cannot be reached" in asked_for(visit, "FINE").errors


@pytest.mark.usefixtures("yahoo")
def test_the_offline_series_leads_on_after_a_failure(visit: Visit) -> None:
    visitor = asked_for(visit, "RATE").click("use_offline")
    assert visitor.errors == ""
    visitor.put("epochs", 1).put("interval", "1mo").click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Prices)
    assert (data.market, data.features, data.column) == ("nasdaq", ("close", "high"), "high")
    assert visitor.errors == ""


def test_the_same_ticker_can_be_asked_for_again_after_a_failure(visit: Visit, yahoo: FakeYahoo) -> None:
    visitor = asked_for(visit, "DOWN")
    yahoo.healthy = True
    visitor.click("download")
    assert visitor.errors == ""
    assert len(visitor.at.session_state["digest"]) == 32


@pytest.mark.usefixtures("yahoo")
def test_other_dates_need_another_download(visit: Visit) -> None:
    visitor = asked_for(visit, "FINE").put("start", "2022-03-01")
    assert "Press **Download prices**" in visitor.captions
    visitor.click("train")
    assert "no data to train on yet" in visitor.errors
    assert "Press **Download prices**" not in visitor.put("start", DATES["start"]).captions


def test_a_ticker_that_was_meant_is_offered_and_one_click_away(visit: Visit, yahoo: FakeYahoo) -> None:
    yahoo.unknown = ("APPLE",)
    visitor = asked_for(visit, "Apple")
    assert "knows no ticker 'APPLE'" in visitor.errors
    assert visitor.at.button(key="ticker_offer0").label == "AAPL: Apple Inc."
    assert [button.key for button in visitor.at.button if button.key.startswith("ticker_offer")] == [
        "ticker_offer0", "ticker_offer1"]
    visitor.click("ticker_offer0")
    assert visitor.errors == ""
    assert visitor.at.session_state["ticker"] == "AAPL"
    visitor.put("steps", 8).put("epochs", 2).click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Prices)
    assert data.ticker == "AAPL"
    assert "Do you mean MSFT?" in asked_for(visit, "NASDAQ:MSFT").errors
