"""The presets as a person chooses among them: by the question they answer, those that belong together on one card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_core.i18n import gettext_noop as N_
from lstm_core.presets.memory import MEMORY
from lstm_core.presets.preset import Group, Preset
from lstm_core.presets.tutorials import TUTORIALS

QUESTIONS: dict[str, str] = {
    "memory": N_("Memory: why LSTM"),
    "waves": N_("Waves: what comes next"),
    "prices": N_("Prices: can they be predicted"),
    "letters": N_("Letters and numbers: what follows"),
    "meaning": N_("Reviews and images: what is meant"),
    "computed": N_("How it is computed"),
}
"""In the order in which they are shown."""

LESSONS: dict[str, tuple[str, str]] = {
    "S1": (N_("many features"),
           N_("LSTM explained, with many features: a table of prices, and images read row by row.")),
    "S2": (N_("the principle"),
           N_("The principle of the LSTM: windows, stacked layers, and reviews read word by word.")),
    "S3": (N_("by hand"), N_("The cell by hand, and prices: every equation written out, and a convolution beside it.")),
    "S4": (N_("step by step"), N_("Recurrent networks step by step: letters, then share prices.")),
    "S5": (N_("watched live"), N_("Sine and cosine, watched live: a state carried on, one to many, many to many.")),
}
"""The five tutorials that the lab was built from: what each is about in two words, and in a sentence."""


@dataclass(frozen=True)
class Card:
    """Presets that show one thing: the first is the one to begin with, the others stand beside it."""

    question: str                       # one of QUESTIONS
    presets: Mapping[str, str]          # names, and what each is called beside the others

    @property
    def first(self) -> Preset:
        """Return the preset whose title and picture the card has."""
        return (TUTORIALS | MEMORY)[next(iter(self.presets))]

    @property
    def group(self) -> Group:
        """Return the tutorial that its presets are from, or that they are memory tasks."""
        return self.first.group


ENGLISH, CHINESE = "English", "中文"    # as in the choice of the language: each in its own

CARDS: tuple[Card, ...] = (
    Card("memory", {"recall": "LSTM", "recall_rnn": N_("plain RNN")}),
    Card("memory", {"adding": "LSTM", "adding_rnn": N_("plain RNN"), "adding_500": N_("500 steps"),
                    "adding_1000": N_("1,000 steps")}),
    Card("memory", {"reber": "LSTM", "reber_rnn": N_("plain RNN")}),
    Card("memory", {"counting": "LSTM", "counting_gru": "GRU"}),
    Card("memory", {"order": "LSTM"}),
    Card("memory", {"brackets": "LSTM"}),
    Card("waves", {"s5": "LSTM"}),
    Card("waves", {"s5_amplitude": "LSTM"}),
    Card("prices", {"s4_lstm": "LSTM", "s4_rnn": N_("plain RNN")}),
    Card("prices", {"s1_table": "LSTM"}),
    Card("prices", {"s2_stacked": "LSTM"}),
    Card("prices", {"s3_ensemble": "LSTM"}),
    Card("letters", {"s4a": N_("one-hot"), "s4b": N_("embedded")}),
    Card("letters", {"s4c": N_("plain RNN")}),
    Card("letters", {"s5_numerals_en": ENGLISH, "s5_numerals_zh": CHINESE}),
    Card("meaning", {"s2_reviews_en": ENGLISH, "s2_reviews_zh": CHINESE}),
    Card("meaning", {"s2_reviews_order_en": ENGLISH, "s2_reviews_order_zh": CHINESE}),
    Card("meaning", {"s1_digits": "LSTM"}),
    Card("computed", {"s2_windows": "LSTM"}),
    Card("computed", {"s3_scratch": "LSTM"}),
    Card("computed", {"s5_full": "LSTM"}),
)
"""All presets, each once."""
