"""Where the data of a source come from, one module for each; a series from outside is kept with its run instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_core.data.examples import Examples
from lstm_core.data.series import Series
from lstm_core.data.sources.amplitude import amplitude_examples
from lstm_core.data.sources.bundled_prices import bundled
from lstm_core.data.sources.digits import digit_examples
from lstm_core.data.sources.letters import letters
from lstm_core.data.sources.numerals import numeral_examples
from lstm_core.data.sources.reviews import review_examples
from lstm_core.data.sources.waves import wave
from lstm_core.spec import Amplitude, DataSpec, Digits, Letters, Numerals, Prices, Reviews, Waves

SERIES: dict[type[DataSpec], Callable[[Any], Series]] = {Waves: wave, Prices: bundled, Letters: letters}

EXAMPLES: dict[type[DataSpec], Callable[[Any], Examples]] = {
    Digits: digit_examples, Reviews: review_examples, Numerals: numeral_examples, Amplitude: amplitude_examples}
