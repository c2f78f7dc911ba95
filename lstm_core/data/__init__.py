"""From a spec to samples: a series is split by time, scaled and cut into windows; examples stand for themselves.

What reads from outside stands in modules of its own, because it imports pandas or yfinance:
:mod:`lstm_core.data.tables.table` and :mod:`lstm_core.data.sources.yahoo`.
"""

from __future__ import annotations

from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.examples import Examples, examples
from lstm_core.data.generated import Generated, generated
from lstm_core.data.series import Note, Reading, Series, digest
from lstm_core.data.sources.bundled_prices import bundled
from lstm_core.data.sources.indicators import with_indicators
from lstm_core.data.sources.letters import letters
from lstm_core.data.sources.waves import wave
from lstm_core.data.windows import Windows, prepare
from lstm_core.errors import Refusal
from lstm_core.spec import DataSpec, ExamplesSpec, Letters, Output, Prices, SeriesSpec, Table, TaskSpec, Waves

__all__ = ["Dataset", "Examples", "Generated", "Missing", "Note", "Reading", "Series", "ShownRows", "Windows",
           "dataset", "digest", "load", "prepare"]


class Missing(LookupError):
    """The run needs data from outside, kept under ``digest``, and they were not handed in."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        super().__init__(digest)


def dataset(spec: DataSpec, output: Output, blob: bytes | None = None) -> Dataset:
    """Return the samples a spec asks for (see :func:`load` for the blob and what may be raised)."""
    if isinstance(spec, TaskSpec):
        return generated(spec)
    if isinstance(spec, ExamplesSpec):
        return examples(spec)
    if not isinstance(spec, SeriesSpec):
        raise TypeError(f"no data for {type(spec).__name__}")
    return prepare(spec, output, load(spec, blob))


def load(spec: SeriesSpec, blob: bytes | None = None) -> Series:
    """Return the series a spec asks for: computed, bundled, or from the bytes that were kept with the run.

    Raises :class:`Missing` when the spec's data come from outside and no bytes are given.
    """
    match spec:
        case Waves():
            return wave(spec)
        case Letters():
            return letters(spec)
        case Prices():
            prices = _kept(spec.digest, blob) if spec.market == "ticker" else bundled(spec)
            return with_indicators(prices, (*spec.features, spec.column))
        case Table():
            return _kept(spec.digest, blob)
        case _:
            raise TypeError(f"no series for {type(spec).__name__}")


def _kept(wanted: str, blob: bytes | None) -> Series:
    if blob is None:
        raise Missing(wanted)
    received = digest(blob)
    if received != wanted:
        raise Refusal("These are not the data of this run: their content hash is {received}, "
                      "the run's is {wanted}.", received=received, wanted=wanted or "-")
    return Series.from_bytes(blob)
