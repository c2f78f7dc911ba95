"""What decides a run: the data, the network, the training and the seed. Equal specs give equal results.

Every setting has one name, its field name here: the same name is its key on the page, in the address
bar and in a saved file. Names are unique over all specs, so a run can be written as one flat query.
"""

from lstm_core.spec.network import Layer, ModelSpec
from lstm_core.spec.run import RunSpec, setting_names
from lstm_core.spec.sources import (
    PARTS,
    PRICE_COLUMNS,
    SOURCES,
    Amplitude,
    DataSpec,
    Digits,
    ExamplesSpec,
    Letters,
    Numerals,
    Output,
    Part,
    Prices,
    Reviews,
    SeriesSpec,
    Table,
    Waves,
)
from lstm_core.spec.training import TrainSpec

__all__ = ["PARTS", "PRICE_COLUMNS", "SOURCES", "Amplitude", "DataSpec", "Digits", "ExamplesSpec", "Layer", "Letters",
           "ModelSpec", "Numerals", "Output", "Part", "Prices", "Reviews", "RunSpec", "SeriesSpec", "Table",
           "TrainSpec", "Waves", "setting_names"]
