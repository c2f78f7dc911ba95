"""The first and last day a person asks for, read strictly."""

from __future__ import annotations

import re
from datetime import date

from lstm_core.errors import Refusal


def between(start: str, end: str) -> tuple[date | None, date | None]:
    """Return the first day and the day after the last; None where the text is empty, which leaves that side open."""
    first, stop = _day(start), _day(end)
    if first and stop and first >= stop:
        raise Refusal(
            "The start date must be before the end date; received {start} and {end}. "
            "The bundled NASDAQ and S&P 500 series, which need no network, run from 1999-01-04 to 2018-12-31.",
            start=start, end=end)
    return first, stop


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if not re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            "A date is written as year-month-day, for example 2015-03-31; received {text!r}. "
            "The bundled NASDAQ and S&P 500 series, which need no network, run from 1999-01-04 to 2018-12-31.",
            text=text) from error
