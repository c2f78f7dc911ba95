"""What decides a run: the data, the network, the training and the seed. Equal specs give equal results.

Every setting has one name, its field name here: the same name is its key on the page, in the address
bar and in a saved file. Names are unique over all specs, so a run can be written as one flat query.
"""

from lstm_core.spec.model import Layer, ModelSpec
from lstm_core.spec.run import RunSpec, setting_names
from lstm_core.spec.sources import (
    PRICE_COLUMNS,
    SPLITS,
    Amplitude,
    DataSpec,
    Digits,
    ExamplesSpec,
    Letters,
    Numerals,
    Output,
    Prices,
    Reviews,
    SeriesSpec,
    Split,
    Table,
    Waves,
)
from lstm_core.spec.tasks import Adding, Brackets, Counting, Order, Reber, Recall, TaskSpec
from lstm_core.spec.training import TrainSpec

SOURCES: dict[str, type[DataSpec]] = {
    kind.source: kind for kind in (Waves, Prices, Letters, Table, Digits, Reviews, Numerals, Amplitude, Adding, Order,
                                   Recall, Reber, Counting, Brackets)}

__all__ = [
    "PRICE_COLUMNS",
    "SOURCES",
    "SPLITS",
    "Adding",
    "Amplitude",
    "Brackets",
    "Counting",
    "DataSpec",
    "Digits",
    "ExamplesSpec",
    "Layer",
    "Letters",
    "ModelSpec",
    "Numerals",
    "Order",
    "Output",
    "Prices",
    "Reber",
    "Recall",
    "Reviews",
    "RunSpec",
    "SeriesSpec",
    "Split",
    "Table",
    "TaskSpec",
    "TrainSpec",
    "Waves",
    "setting_names",
]
