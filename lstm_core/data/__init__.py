"""From a spec to samples: a series is split by time, scaled and cut into windows; examples stand for themselves.

Where the data of each source come from stands in :mod:`lstm_core.data.sources` and :mod:`lstm_core.data.tasks`. What
reads from outside stands in modules of its own, because it imports pandas or yfinance:
:mod:`lstm_core.data.tables.table` and :mod:`lstm_core.data.sources.yahoo`.
"""

from __future__ import annotations

from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.examples import Examples
from lstm_core.data.generated import Generated, generated
from lstm_core.data.series import Missing, Note, Reading, Series, digest, kept
from lstm_core.data.sources import EXAMPLES, SERIES
from lstm_core.data.sources.indicators import with_indicators
from lstm_core.data.windows import Windows, prepare
from lstm_core.spec import DataSpec, Output, SeriesSpec, TaskSpec

__all__ = ["Dataset", "Examples", "Generated", "Missing", "Note", "Reading", "Series", "ShownRows", "Windows",
           "dataset", "digest", "load", "prepare"]


def dataset(spec: DataSpec, output: Output, blob: bytes | None = None) -> Dataset:
    """Return the samples a spec asks for (see :func:`load` for the blob and what may be raised)."""
    if isinstance(spec, SeriesSpec):
        return prepare(spec, output, load(spec, blob))
    return generated(spec) if isinstance(spec, TaskSpec) else EXAMPLES[type(spec)](spec)


def load(spec: SeriesSpec, blob: bytes | None = None) -> Series:
    """Return the series a spec asks for: computed, bundled, or from the bytes that were kept with the run.

    Raises :class:`Missing` when the spec's data come from outside and no bytes are given.
    """
    series = kept(spec.blob_digest, blob) if spec.from_outside else SERIES[type(spec)](spec)
    return with_indicators(series, (*spec.columns_read, spec.column_predicted)) if spec.indicators else series
