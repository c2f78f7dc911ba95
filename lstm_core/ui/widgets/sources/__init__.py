"""How each source is offered on the page, one module for each."""

from __future__ import annotations

from lstm_core.spec import (
    Adding,
    Amplitude,
    Brackets,
    Counting,
    DataSpec,
    Digits,
    Letters,
    Numerals,
    Order,
    Prices,
    Reber,
    Recall,
    Reviews,
    Table,
    Waves,
)
from lstm_core.ui.widgets.sources.adding import ADDING
from lstm_core.ui.widgets.sources.amplitude import AMPLITUDE
from lstm_core.ui.widgets.sources.brackets import BRACKETS
from lstm_core.ui.widgets.sources.counting import COUNTING
from lstm_core.ui.widgets.sources.digits import DIGITS
from lstm_core.ui.widgets.sources.form import SourceForm
from lstm_core.ui.widgets.sources.letters import LETTERS
from lstm_core.ui.widgets.sources.numerals import NUMERALS
from lstm_core.ui.widgets.sources.order import ORDER
from lstm_core.ui.widgets.sources.prices import PRICES
from lstm_core.ui.widgets.sources.reber import REBER
from lstm_core.ui.widgets.sources.recall import RECALL
from lstm_core.ui.widgets.sources.reviews import REVIEWS
from lstm_core.ui.widgets.sources.table import TABLE
from lstm_core.ui.widgets.sources.waves import WAVES

FORMS: dict[type[DataSpec], SourceForm] = {
    Waves: WAVES, Prices: PRICES, Letters: LETTERS, Table: TABLE, Digits: DIGITS, Reviews: REVIEWS,
    Numerals: NUMERALS, Amplitude: AMPLITUDE, Adding: ADDING, Order: ORDER, Recall: RECALL, Reber: REBER,
    Counting: COUNTING, Brackets: BRACKETS}
