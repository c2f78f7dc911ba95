"""A series: named columns over time, the one form in which every source hands its data on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from lstm_core.codec import pack, unpack
from lstm_core.errors import Refusal


@dataclass(frozen=True, eq=False)
class Series:
    """T rows in the order of time, C columns."""

    columns: tuple[str, ...]
    values: np.ndarray              # (T, C) float64, finite; letters: (T, 1) letter ids
    index: np.ndarray               # (T,) datetime64[ns] dates, or int64 positions
    unit: str = ""                  # of the values, e.g. "USD"
    name: str = ""                  # a market, a ticker, a file
    alphabet: tuple[str, ...] = ()  # the letter of each id; empty for numbers

    def to_bytes(self) -> bytes:
        """Return the series as bytes: the same series, the same bytes, in every process."""
        dated = self.index.dtype.kind == "M"
        index = self.index.astype("datetime64[ns]") if dated else self.index
        return pack({"values": self.values.astype(np.float64, copy=False), "index": index.astype(np.int64)},
                    {"columns": self.columns, "dated": dated, "unit": self.unit, "name": self.name,
                     "alphabet": self.alphabet})

    @staticmethod
    def from_bytes(data: bytes) -> Series:
        """Return the series that :meth:`to_bytes` wrote, bit-equal. Other bytes are refused."""
        arrays, facts = unpack(data)
        try:
            index = arrays["index"].view("datetime64[ns]") if facts["dated"] else arrays["index"]
            return Series(tuple(facts["columns"]), arrays["values"], index, facts["unit"], facts["name"],
                          tuple(facts["alphabet"]))
        except (KeyError, TypeError) as error:
            raise Refusal("These bytes are a Gatescope record, but not a series: {error}.", error=error) from error

    def digest(self) -> str:
        """Return the content hash under which the series is kept with a run: 32 hexadecimal digits."""
        return digest(self.to_bytes())


def digest(data: bytes) -> str:
    """Return the first 32 hexadecimal digits of the bytes' SHA-256."""
    return hashlib.sha256(data).hexdigest()[:32]


class Missing(LookupError):
    """The run needs data from outside, kept under ``digest``, and they were not handed in."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        super().__init__(digest)


def kept(wanted: str, blob: bytes | None) -> Series:
    """Return the series that is kept under a content hash.

    Raises:
        Missing: no bytes are given.
        Refusal: the bytes are others.
    """
    if blob is None:
        raise Missing(wanted)
    received = digest(blob)
    if received != wanted:
        raise Refusal("These are not the data of this run: their content hash is {received}, "
                      "the run's is {wanted}.", received=received, wanted=wanted or "-")
    return Series.from_bytes(blob)


class Note:
    """Something that was done to data on the way in, told as a sentence.

    Like a refusal it is a template with named fields, so that an interface can translate the template first.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __repr__(self) -> str:
        return f"Note({str(self)!r})"


@dataclass(frozen=True, eq=False)
class Reading:
    """A series from outside, with what had to be done to it."""

    series: Series
    notes: tuple[Note, ...] = ()
