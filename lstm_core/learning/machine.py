"""Which kind of machine this process trains on."""

from __future__ import annotations

import platform
from contextlib import suppress
from functools import cache

import numpy as np
import torch

from lstm_core import __version__
from lstm_core.records import Machine


@cache
def this() -> Machine:
    """Return the machine of this process: what its libraries have chosen when they were loaded, not what it could do.

    A processor with AVX-512 on which the environment asks for AVX2 is one with AVX2.
    """
    uses = [platform.machine(), torch.backends.cpu.get_cpu_capability(), *_blas()]
    return Machine(" ".join(uses), str(torch.__version__), np.__version__, __version__)


def _blas() -> list[str]:
    """Return the kernels that NumPy's BLAS has chosen; none where nothing can tell them."""
    with suppress(ImportError):
        from threadpoolctl import threadpool_info

        return list(dict.fromkeys(str(library["architecture"]) for library in threadpool_info()
                                  if "architecture" in library))
    return []
