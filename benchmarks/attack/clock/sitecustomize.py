"""In a server under attack, by way of PYTHONPATH: a clock that an attack can set, by eight bytes in a file."""

from __future__ import annotations

import mmap
import os
import struct
import time

_real = time.time
with open(os.environ["ATTACKED_CLOCK"], "r+b") as _file:
    _ahead = mmap.mmap(_file.fileno(), 8)


def _shifted() -> float:
    """Return the seconds since 1970, as the attack wants them."""
    return _real() + float(struct.unpack("d", _ahead)[0])


time.time = _shifted
