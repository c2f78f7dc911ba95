"""Recurrent networks trained and looked into, without a browser: ``from lstm_core import RunSpec, train``.

What is named here is imported when it is first asked for: the server of the lab must never import torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_core import cells, data
    from lstm_core.errors import Refusal
    from lstm_core.learning.training import advance, train
    from lstm_core.records import Budget
    from lstm_core.spec import (
        Adding,
        Amplitude,
        Brackets,
        Counting,
        Digits,
        Layer,
        Letters,
        ModelSpec,
        Numerals,
        Order,
        Prices,
        Reber,
        Recall,
        Reviews,
        RunSpec,
        Table,
        TrainSpec,
        Waves,
    )
    from lstm_core.spec.serialization import from_json, to_json

__all__ = ["Adding", "Amplitude", "Brackets", "Budget", "Counting", "Digits", "Layer", "Letters", "ModelSpec",
           "Numerals", "Order", "Prices", "Reber", "Recall", "Refusal", "Reviews", "RunSpec", "Table", "TrainSpec",
           "Waves", "advance", "cells", "data", "from_json", "to_json", "train"]

# Where the names above live: in lstm_core.spec, but for these and the packages of that name
_HOMES = {"Budget": "records", "Refusal": "errors", "advance": "learning.training", "train": "learning.training",
          "from_json": "spec.serialization", "to_json": "spec.serialization"}
_PACKAGES = ("cells", "data")

__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _PACKAGES:
        return import_module(f"lstm_core.{name}")
    return getattr(import_module(f"lstm_core.{_HOMES.get(name, 'spec')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
