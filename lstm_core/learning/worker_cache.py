"""What was sent to this process along with runs, by content hash, and the samples it made of that."""

from __future__ import annotations

from lstm_core import data, limits
from lstm_core.data import Dataset, Missing
from lstm_core.data.cache import SizedCache
from lstm_core.spec import DataSpec, Output

_blobs: dict[str, bytes] = {}


def put(blob: bytes) -> None:
    """Keep the bytes of a series or a checkpoint, and forget those that were sent longest ago."""
    digest = data.digest(blob)
    _blobs.pop(digest, None)
    _blobs[digest] = blob
    while len(_blobs) > 1 and (len(_blobs) > limits.SERIES_CACHED
                               or sum(map(len, _blobs.values())) > limits.CACHED_BYTES):
        _blobs.pop(next(iter(_blobs)))


def get(digest: str) -> bytes:
    """Return the bytes with this content hash.

    Raises:
        Missing: this process was not given them, or has forgotten them.
    """
    if digest not in _blobs:
        raise Missing(digest)
    return _blobs[digest]


@SizedCache
def dataset(spec: DataSpec, output: Output) -> Dataset:
    """Return the samples of a spec; this process keeps those it made last.

    Raises:
        Missing: they come from outside, and this process was not given them.
    """
    return data.dataset(spec, output, get(spec.blob_digest) if spec.blob_digest else None)
