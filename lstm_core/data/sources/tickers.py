"""What people write for a ticker, and what Yahoo calls it.

Endings and signs are Yahoo's own (its help page "Exchanges and data providers"). Where several may be meant, all are
offered; nothing is ever exchanged without being asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# An index starts with ^, everything else with a letter or digit; one point at most, before the exchange: no ticker is a
# path such as "..", or the name of a machine.
WRITTEN = re.compile(r"(?=.{1,25}\Z)\^?[A-Za-z0-9][A-Za-z0-9=&_-]*(?:\.[A-Za-z0-9=&_-]+)?")

_ENDINGS = {            # how others call an exchange -> how Yahoo ends a ticker that is traded there
    "NASDAQ": "", "NYSE": "", "AMEX": "", "NYSEARCA": "", "NYSEAMERICAN": "", "BATS": "", "OTCMKTS": "", "US": "",
    "SHA": ".SS", "SSE": ".SS", "SH": ".SS", "XSHG": ".SS", "SHE": ".SZ", "SZSE": ".SZ", "SZ": ".SZ", "XSHE": ".SZ",
    "HKG": ".HK", "HKEX": ".HK", "HK": ".HK", "TPE": ".TW", "TWSE": ".TW", "TYO": ".T", "JP": ".T", "KRX": ".KS",
    "NSE": ".NS", "BSE": ".BO", "BOM": ".BO", "SGX": ".SI", "ASX": ".AX", "TSX": ".TO", "TSE": ".TO",
    "LON": ".L", "LSE": ".L", "LN": ".L", "XETRA": ".DE", "XETR": ".DE", "ETR": ".DE", "GR": ".DE", "FRA": ".F",
    "EPA": ".PA", "FP": ".PA", "AMS": ".AS", "BIT": ".MI", "BME": ".MC", "SWX": ".SW", "STO": ".ST", "CPH": ".CO"}
_INDEXES = {
    "SPX": "^GSPC", "SP500": "^GSPC", "S&P500": "^GSPC", "S&P 500": "^GSPC", "INX": "^GSPC", "标普500": "^GSPC",
    "NASDAQ": "^IXIC", "IXIC": "^IXIC", "COMP": "^IXIC", "纳斯达克": "^IXIC", "NDX": "^NDX", "NASDAQ 100": "^NDX",
    "DJI": "^DJI", "DJIA": "^DJI", "DOW JONES": "^DJI", "道琼斯": "^DJI", "VIX": "^VIX", "RUT": "^RUT",
    "DAX": "^GDAXI", "FTSE": "^FTSE", "CAC": "^FCHI", "STOXX": "^STOXX50E", "N225": "^N225", "NIKKEI": "^N225",
    "日经225": "^N225", "HSI": "^HSI", "HANG SENG": "^HSI", "恒生指数": "^HSI", "SENSEX": "^BSESN", "NIFTY": "^NSEI",
    "上证指数": "000001.SS", "上证综指": "000001.SS", "沪深300": "000300.SS", "深证成指": "399001.SZ",
    "创业板指": "399006.SZ"}
_MONEY = frozenset((
    "USD", "EUR", "JPY", "GBP", "CHF", "CNY", "CNH", "HKD", "TWD", "AUD", "NZD", "CAD", "INR", "KRW", "SGD", "SEK",
    "NOK", "DKK", "PLN", "BRL", "MXN", "ZAR", "TRY"))


def offers(text: str) -> tuple[str, ...]:
    """Return the tickers that may be meant by a text that Yahoo does not know; empty: none that is known here."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("$#\"'()").strip().upper()
    meant = dict.fromkeys((*_indexes(plain), *_elsewhere(plain), *_chinese(plain), *_money(plain), *_shares(plain),
                           plain))
    return tuple(ticker for ticker in meant if WRITTEN.fullmatch(ticker) and ticker != text.strip().upper())


def _indexes(text: str) -> Iterator[str]:
    if (index := _INDEXES.get(text.lstrip("."))) is not None:
        yield index


def _elsewhere(text: str) -> Iterator[str]:
    """NASDAQ:AAPL, 600519.XSHG, AAPL US, 700.HK: the exchange is named, and not as Yahoo names it."""
    before = re.fullmatch(r"([A-Z]+) ?[:.] ?([A-Z0-9.&-]+)", text)
    after = re.fullmatch(r"([A-Z0-9.&-]+?)(?:[:.]| +)([A-Z]+)(?: EQUITY)?", text)
    named = [(before[1], before[2])] if before else []
    for exchange, share in (*named, *([(after[2], after[1])] if after else [])):
        if exchange in _ENDINGS:
            ending = _ENDINGS[exchange]
            share = share.lstrip("0").zfill(4) if ending == ".HK" else share
            yield share.replace(".", "-") + ending


def _chinese(text: str) -> Iterator[str]:
    """Six digits, alone or behind SH and SZ; 000 and 399 begin shares in Shenzhen and indexes of either."""
    found = re.fullmatch(r"(SH|SZ|)\.?([0-9]{6})", text)
    if found:
        named, code = found.groups()
        shanghai = named == "SH" or (not named and code[0] in "569")
        if shanghai or code[0] in "0123":
            yield code + (".SS" if shanghai else ".SZ")
        if not named and code.startswith("000"):
            yield code + ".SS"


def _money(text: str) -> Iterator[str]:
    """EUR/USD is EURUSD=X, BTC/USD is BTC-USD."""
    found = re.fullmatch(r"([A-Z0-9]{2,6}?)[/ -]?(USDT|[A-Z]{3})", text)
    if found:
        first, second = found[1], found[2].removesuffix("T") if found[2] == "USDT" else found[2]
        if second in _MONEY:
            yield f"{first}{second}=X" if first in _MONEY else f"{first}-{second}"


def _shares(text: str) -> Iterator[str]:
    """Classes of shares, BRK.B, have a hyphen."""
    if found := re.fullmatch(r"([A-Z]{1,5})[./ ]([A-Z])", text):
        yield f"{found[1]}-{found[2]}"
