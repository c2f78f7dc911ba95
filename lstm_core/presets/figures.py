"""What was measured, read from ``measured.json`` and written into sentences.

A sentence asks for a figure by the name of the experiment, of the measure and of what is wanted of its seeds:
``{s5.tutorial_loss.median}``. Wanted may be ``median``, ``low``, ``high``, ``range`` (low to high), ``spread`` (median
and range) and, of what is true or not, ``yes`` (how many seeds). ``{s5.seeds}`` is how many seeds there were.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, median_low
from typing import Any

from lstm_core.i18n import aside, powers
from lstm_core.i18n import gettext as _
from lstm_core.presets.kinds import KINDS
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import from_json, to_json

FILE = Path(__file__).with_name("measured.json")
PLACE = re.compile(r"\{(?P<name>\w+)\.(?P<measure>\w+)(?:\.(?P<wanted>\w+))?\}(?P<space> ?)")

SPACED_PERCENT = re.compile(r"(?<=\d) %")        # as some sentences write it; figures on the pages have no space


@dataclass(frozen=True)
class Measured:
    """What the seeds 0, 1, 2 ... of one experiment reached, and on what they were trained."""

    spec: RunSpec
    rule: str                               # what ended the training
    data: str                               # digest of the samples
    date: str                               # year-month-day
    torch: str                              # its version
    processor: str                          # kind of processor (lstm_core.records.Machine)
    values: Mapping[str, tuple[float, ...]]     # by measure; inf: never

    @property
    def seeds(self) -> int:
        """Return how many seeds were trained."""
        return len(self.values["seconds"])


def read(path: Path = FILE) -> dict[str, Measured]:
    """Return everything that was measured, by the name of the experiment."""
    entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Measured(
        spec=from_json(json.dumps(entry.pop("spec"))),
        values={measure: tuple(math.inf if value is None else float(value) for value in values)
                for measure, values in entry.pop("values").items()}, **entry) for name, entry in entries.items()}


def write(measured: Mapping[str, Measured], path: Path = FILE) -> None:
    """Write everything that was measured, one line for each measure."""
    entries = [f" {json.dumps(name)}: {_entry(measured[name])}" for name in sorted(measured)]
    path.write_text("{\n" + ",\n".join(entries) + "\n}\n", encoding="utf-8")


def _entry(entry: Measured) -> str:
    facts: dict[str, Any] = {"date": entry.date, "torch": entry.torch, "processor": entry.processor, "data": entry.data,
                             "rule": entry.rule, "spec": json.loads(to_json(entry.spec))}
    values = [f"   {json.dumps(measure)}: " + json.dumps([
        None if math.isinf(value) else float(f"{value:.6g}") for value in reached])
        for measure, reached in entry.values.items()]
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    return "{\n" + ",\n".join([*lines, '  "values": {\n' + ",\n".join(values) + "}"]) + "}"


known = cache(read)
"""Like :func:`read`, once for each process."""


def filled(sentence: str) -> str:
    """Return a sentence with the figures it asks for, written in the language in use.

    Raises:
        KeyError: it asks for what was not measured.
    """
    return SPACED_PERCENT.sub("%", PLACE.sub(_filled, sentence))


def _filled(place: re.Match[str]) -> str:
    """Return the figure of a place and the space after it: none after a full-width bracket, one before a character."""
    figure, space = _figure(place["name"], place["measure"], place["wanted"]), place["space"]
    if figure.endswith("）"):
        return figure
    return figure + (space or (" " if re.match("[\u4e00-\u9fff]", place.string[place.end():]) else ""))


def _figure(name: str, measure: str, wanted: str | None) -> str:
    entry = known()[name]
    if measure == "seeds" and wanted is None:
        return str(entry.seeds)
    return written(entry.values[measure], KINDS[measure], wanted or "median")


def written(values: tuple[float, ...], kind: str, wanted: str) -> str:
    """Return one statistic of the seeds' values as text; where some never came so far, it says how many did."""
    yes = sum(value == 1.0 for value in values)
    if wanted == "yes":
        return str(yes)
    if kind == "yes":
        return _("{some} of {all}").format(some=yes, all=len(values))
    middle = number((median_low if kind == "count" else median)(values), kind)
    if wanted == "median":
        return middle
    known = [value for value in values if math.isfinite(value)] or list(values)
    if wanted in ("low", "high"):
        return number(min(known) if wanted == "low" else max(known), kind)
    between, some = _range(min(known), max(known), kind), {"some": len(known), "all": len(values)}
    if len(known) == len(values):
        return between if wanted == "range" or between == middle else aside(middle, between)
    if wanted == "range" or math.isinf(median(values)):
        return _("{range} (in {some} of {all} seeds)").format(range=between, **some)
    return _("{median} ({range}, in {some} of {all} seeds)").format(median=middle, range=between, **some)


def _range(low: float, high: float, kind: str) -> str:
    first, last = number(low, kind), number(high, kind)
    if first == last:
        return last
    unit = re.search(r"\D+$", last) if kind in ("share", "points", "seconds") else None
    return _("{low} to {high}").format(low=first.removesuffix(unit[0]) if unit else first, high=last)


def number(value: float, kind: str) -> str:
    """Return a value as text, with its unit."""
    if math.isinf(value):
        return _("never")
    if kind == "points":
        return _("{number} percentage points").format(number=f"{100 * value:.1f}".removesuffix(".0"))
    if kind == "share":
        text = f"{100 * value:.1f}".removesuffix(".0")
        return f"{100 * value:.2f}%" if text == "100" and value < 1 else f"{text}%"
    if kind == "count":
        return f"{value:,.0f}"
    text = f"{value:,.0f}" if abs(value) >= 99.5 else f"{value:.2g}"
    return _("{number} s").format(number=text) if kind == "seconds" else powers(text)
