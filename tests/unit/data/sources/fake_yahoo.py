"""A loopback server that speaks Yahoo's chart format, and a session that sends the real yfinance client to it.

What it answers depends on how the ticker begins; any other ticker is a share with 500 days of prices from 2022-01-03.

BAD     404, no such ticker                   GAPS    one day without prices
RATE    429                                   EMPTY   an answer without prices
DOWN    500                                   NULLS   days, all without prices
HTML    200 with a page instead of JSON       HANG    no answer to the request for prices
ODD     200 with JSON of another shape        STALL   no answer to any request, not even for the time zone

Who searches for Apple finds it, and what begins with RATE is answered with 429 here as well; all else is not found.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from curl_cffi import requests

DAY = 86_400
FIRST = int(datetime(2022, 1, 3, 14, 30, tzinfo=UTC).timestamp())     # a Monday, 9:30 in New York
DAYS = 500
HANG_SECONDS = 2.0
WEEKDAYS = [stamp for stamp in range(FIRST, FIRST + 2 * DAYS * DAY, DAY)
            if datetime.fromtimestamp(stamp, UTC).weekday() < 5][:DAYS]

FOUND = [{"symbol": "AAPL", "longname": "Apple Inc.", "quoteType": "EQUITY"},
         {"symbol": "APC.DE", "shortname": "<img src=x> :red[Apple] **Inc**"}, {"symbol": "../../etc"}, {"name": "?"}]


def close(day: int) -> float:
    return 100 + 10 * math.sin(day / 15) + day * 0.05


class FakeYahoo(ThreadingHTTPServer):
    """``paths`` lists the requests received, oldest first; ``healthy`` answers every ticker with prices.

    What begins as one of ``unknown`` is no ticker, besides what begins with BAD.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: list[str] = []
        self.healthy = False
        self.unknown: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def charts(self) -> int:
        return sum("/chart/" in path for path in self.paths)


class LoopSession(requests.Session):
    """The real curl_cffi session; only the origin of yahoo.com addresses is replaced, and long timeouts are cut."""

    def __init__(self, address: str, longest: float = 10.0) -> None:
        super().__init__(impersonate="chrome", trust_env=False)
        self.origin = urlsplit(address)
        self.longest = longest      # yfinance waits a fixed 10 s for the time zone

    def request(self, method: Any, url: str, **options: Any) -> Any:       # type: ignore[override]
        parts = urlsplit(url)
        assert (parts.hostname or "").endswith("yahoo.com"), f"a test may not reach {url}"
        options["timeout"] = min(options.get("timeout") or self.longest, self.longest)
        return super().request(
            method, urlunsplit((self.origin.scheme, self.origin.netloc, parts.path, parts.query, "")), **options)


@contextmanager
def serving() -> Iterator[FakeYahoo]:
    server = FakeYahoo()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: FakeYahoo
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.paths.append(self.path)
        if parts.path == "/v1/test/getcrumb":
            self._send(200, "CRUMB", "text/plain")
        elif parts.path.startswith("/v8/finance/chart/"):
            self._chart(parts.path.rsplit("/", 1)[1], {name: value[0] for name, value in parse_qs(parts.query).items()})
        elif parts.path == "/v1/finance/search":
            self._search(parse_qs(parts.query)["q"][0])
        else:
            self._send(404, "", "text/plain")

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _chart(self, ticker: str, query: dict[str, str]) -> None:
        if self.server.healthy:
            ticker = "FINE"
        if ticker.startswith("STALL") or (ticker.startswith("HANG") and "period1" in query):
            time.sleep(HANG_SECONDS)
        if ticker.startswith(("BAD", *self.server.unknown)):
            self._send(404, _error("Not Found", "No data found, symbol may be delisted"))
        elif ticker.startswith("RATE"):
            self._send(429, "Too Many Requests\r\n", "text/plain")
        elif ticker.startswith("DOWN"):
            self._send(500, "oops", "text/plain")
        elif ticker.startswith("HTML"):
            self._send(200, "<html>Will be right back</html>", "text/html")
        elif ticker.startswith("ODD"):
            self._send(200, json.dumps({"chart": {"result": [{"meta": {"exchangeTimezoneName": "America/New_York"},
                                                             "indicators": {"quote": [{"open": 1}]}}]}}))
        else:
            days = [day for day, stamp in enumerate(WEEKDAYS)
                    if int(query.get("period1", 0)) <= stamp < int(query.get("period2", 2**40))]
            self._send(*((200, _prices(ticker, days)) if days else
                         (400, _error("Bad Request", "Data doesn't exist for startDate = 1, endDate = 2"))))

    def _search(self, name: str) -> None:
        if name.startswith("RATE"):
            self._send(429, "Too Many Requests\r\n", "text/plain")
        else:
            self._send(200, json.dumps({"quotes": FOUND if name.lower() == "apple" else []}))

    def _send(self, status: int, body: str, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body.encode())
        except BrokenPipeError:         # the client of a hanging request has left
            self.close_connection = True


def _error(code: str, description: str) -> str:
    return json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}})


def _prices(ticker: str, days: list[int]) -> str:
    stamps = [WEEKDAYS[day] for day in days]
    closes: list[float | None] = [close(day) for day in days]
    if ticker.startswith("GAPS"):
        closes[10] = None
    if ticker.startswith("NULLS"):
        closes = [None] * len(days)
    quote = {name: [None if value is None else value + distance for value in closes]
             for name, distance in {"open": -0.5, "high": 1.0, "low": -1.0, "close": 0.0}.items()}
    quote["volume"] = [None if value is None else 1_000_000.0 + day for day, value in zip(days, closes, strict=True)]
    result: dict[str, Any] = {
        "meta": _meta(ticker, stamps[-1]), "timestamp": stamps,
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": closes}]}}
    if ticker.startswith("EMPTY"):
        del result["timestamp"]
        result["indicators"] = {"quote": [{}], "adjclose": [{}]}
    return json.dumps({"chart": {"result": [result], "error": None}})


def _meta(ticker: str, last: int) -> dict[str, Any]:
    session = {"timezone": "EST", "start": last, "end": last + 23_400, "gmtoffset": -18_000}
    return {
        "currency": "<img src=x onerror=alert(1)>" if ticker.startswith("MARKUP") else "USD",
        "symbol": "=cmd()<b>" if ticker.startswith("MARKUP") else ticker,
        "exchangeName": "NMS", "fullExchangeName": "NasdaqGS",
        "instrumentType": "EQUITY", "firstTradeDate": FIRST, "regularMarketTime": last, "hasPrePostMarketData": True,
        "gmtoffset": -18_000, "timezone": "EST", "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": close(DAYS - 1), "chartPreviousClose": 100.0, "priceHint": 2,
        "currentTradingPeriod": dict.fromkeys(("pre", "regular", "post"), session), "dataGranularity": "1d",
        "range": "", "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]}
