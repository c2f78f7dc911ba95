"""Tickers as people write them become what Yahoo calls them, as offers; what Yahoo knows is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.data.sources.tickers import WRITTEN, offers


@pytest.mark.parametrize("ticker", [
    "AAPL", "M&M.NS", "L&TFH.NS", "BRK-B", "^GSPC", "EURUSD=X", "ES=F", "0P0000UF8O.TO", "IE000GUOATN7.SG", "600519.SS",
    "BTC-USD", "AAPL240621C00100000", "^RIYWCT", "1INCH-USD"])
def test_every_ticker_of_yahoo_may_be_asked_for(ticker: str) -> None:
    assert WRITTEN.fullmatch(ticker)


@pytest.mark.parametrize("text", ["", "..", "../x", "A/B", "$AAPL", "A B", "=1+1", "-A", "A\n", "ＡＡＰＬ", "苹果",
                                  "A" * 26, "a?b", "a%2f", "www.evil.example", "eve@evil.example", "A."])
def test_nothing_else_may(text: str) -> None:
    assert not WRITTEN.fullmatch(text)


@pytest.mark.parametrize(("text", "meant"), [
    ("$AAPL", ["AAPL"]), ("ＡＡＰＬ", ["AAPL"]), ("NASDAQ:AAPL", ["AAPL"]), ("nasdaq: aapl", ["AAPL"]),
    ("AAPL US Equity", ["AAPL"]), ("VOD LN", ["VOD.L"]), ("NYSE:BRK.B", ["BRK-B"]), ("NSE:M&M", ["M&M.NS"]),
    ("HKG:0700", ["0700.HK"]), ("700.HK", ["0700.HK"]), ("00700.hk", ["0700.HK"]), ("600519", ["600519.SS"]),
    ("sh600519", ["600519.SS"]),
    ("600519.XSHG", ["600519.SS"]), ("600519.SH", ["600519.SS"]), ("sz000001", ["000001.SZ"]),
    ("000001", ["000001.SZ", "000001.SS"]), ("300750", ["300750.SZ"]), ("BRK.B", ["BRK-B"]), ("BRK/A", ["BRK-A"]),
    ("EUR/USD", ["EURUSD=X"]), ("eurusd", ["EURUSD=X"]), ("BTC/USD", ["BTC-USD"]), ("BTCUSDT", ["BTC-USD"]),
    ("S&P 500", ["^GSPC"]), (".INX", ["^GSPC"]), ("上证指数", ["000001.SS"]), ("恒生指数", ["^HSI"]),
    ("Apple Inc", []), ("贵州茅台", []), ("../../etc", []), ("", []), ("M&M.NS", []), ("AAPL", []), (" tsla ", [])])
def test_a_ticker_that_is_written_as_elsewhere_has_an_offer(text: str, meant: list[str]) -> None:
    assert list(offers(text)) == meant


@given(st.text(max_size=40))
def test_whatever_is_typed_every_offer_may_be_asked_for_and_is_something_else(text: str) -> None:
    for ticker in offers(text):
        assert WRITTEN.fullmatch(ticker)
        assert ticker != text.strip().upper()
