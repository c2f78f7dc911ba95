"""Rows read back: one that cannot be read is set aside and named in the log, and hides no other."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar, get_args

import sqlalchemy as sql

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Outcome
from lstm_core.spec import serialization
from lstm_core.spec import sweep as spec_sweep
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import RunFacts, Status, SweepFacts, SweepStatus

T = TypeVar("T")

NUMBERS = {"created", "epoch", "seconds", "pace"}
COUNTS = {"update", "revision"}
EMPTY = {"pace", "reason"}          # may be null

_named: set[str] = set()            # what has been named in the log: once is enough

log = logging.getLogger(__name__)


class Unreadable(Refusal):
    """What is kept under an id cannot be read; it stays where it is."""


def from_row(row: sql.Row[Any]) -> RunFacts:
    """Return what :func:`lstm_core.storage.schema.to_row` was given; further columns are left alone."""
    values = _checked(row, [item.name for item in fields(RunFacts)], status=Status, outcome=Outcome)
    values["spec"] = serialization.from_json(values["spec"])
    if values["reason"] is not None:
        template, filled = json.loads(values["reason"])
        values["reason"] = Refusal(template, **filled)
    return RunFacts(**values)


def sweep_from_row(row: sql.Row[Any]) -> SweepFacts:
    """Return one line about a sweep."""
    values = _checked(row, [item.name for item in fields(SweepFacts)], status=SweepStatus)
    return SweepFacts(**values | {"spec": spec_sweep.from_json(values["spec"])})


def read(name: str, parse: Callable[[], T]) -> T:
    """Return what ``parse`` returns for the run or sweep of this name.

    Raises:
        Unreadable: it fails, whatever the reason.
        Unavailable: the database does not answer.
    """
    try:
        return parse()
    except Unavailable:                 # which says nothing about this row
        raise
    except Exception as error:          # a row may hold anything: another program may have written it
        why = error if isinstance(error, Refusal) else Refusal("{kind}: {message}.", kind=type(error).__name__,
                                                               message=error)
        if name not in _named:
            _named.add(name)
            log.warning("%s is set aside, as it cannot be read: %s", name, why)
        raise Unreadable(N_("What is kept under {name!r} cannot be read: {why} It stays as it is; whoever runs this "
                            "server finds it named in the log."), name=name, why=why) from error


def readable(rows: Iterable[sql.Row[Any]], parse: Callable[[sql.Row[Any]], T]) -> tuple[list[T], int]:
    """Return what can be read of rows with an id, in order, and how many cannot."""
    found, aside = [], 0
    for row in rows:
        try:
            found.append(read(str(row.id), lambda row=row: parse(row)))  # type: ignore[misc]
        except Unreadable:
            aside += 1
    return found, aside


def moment(value: Any) -> float | None:
    """Return a number of seconds, None for what is none."""
    return float(value) if type(value) in (int, float) and math.isfinite(value) else None


def _checked(row: sql.Row[Any], names: Iterable[str], **choices: Any) -> dict[str, Any]:
    """Return the values of a row by column.

    SQLite keeps a word in a column of numbers without a murmur; the pages would stumble over it much later.
    """
    values = {name: getattr(row, name) for name in names}
    for name, value in values.items():
        if value is None:
            good = name in EMPTY
        elif name in choices:
            good = value in get_args(choices[name])
        elif name in COUNTS:
            good = type(value) is int and value >= 0
        else:
            good = moment(value) is not None if name in NUMBERS else isinstance(value, str)
        if not good:
            raise Refusal("The column {column} holds {value!r}.", column=name, value=value)
    return values
