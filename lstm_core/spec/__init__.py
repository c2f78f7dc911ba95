"""What decides a run: the data, the network, the training and the seed. Equal specs give equal results.

Every setting has one name, its field name here: the same name is its key on the page, in the address
bar and in a saved file. Names are unique over all specs, so a run can be written as one flat query.
"""

from lstm_core.spec import sources, tasks
from lstm_core.spec.data import SPLITS, DataSpec, ExamplesSpec, Output, ScoreKind, SeriesSpec, Split, TaskSpec
from lstm_core.spec.model import Layer, ModelSpec
from lstm_core.spec.run import RunSpec, setting_names
from lstm_core.spec.sources import PRICE_COLUMNS, Amplitude, Digits, Letters, Numerals, Prices, Reviews, Table, Waves
from lstm_core.spec.tasks import Adding, Brackets, Counting, Order, Reber, Recall
from lstm_core.spec.training import TrainSpec

SOURCES: dict[str, type[DataSpec]] = {kind.source: kind for kind in (*sources.ALL, *tasks.ALL)}

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
    "ScoreKind",
    "SeriesSpec",
    "Split",
    "Table",
    "TaskSpec",
    "TrainSpec",
    "Waves",
    "setting_names",
]
