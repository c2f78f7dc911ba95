"""What enters and what leaves a network: the sizes that the data decide."""

from __future__ import annotations

from dataclasses import dataclass

START = 0
"""The symbol at which a decoder begins: always the first of an alphabet that an encoder and a decoder share."""

IGNORED = -100
"""The class of a step that counts in no loss and no error: padding (torch's own number for it)."""


@dataclass(frozen=True, kw_only=True)
class IOShape:
    """The sizes that a network takes from its data."""

    n_features: int = 0      # numbers that enter at each time step; 0: symbols enter
    n_symbols: int = 0    # letters or words that can enter; 0: numbers enter
    n_classes: int = 0    # classes that the output tells apart; 0: it is one number
    n_steps: int = 1      # time steps of a sequence, the longest where they differ
    encoder_steps: int = 0     # steps that an encoder reads before a decoder begins; 0: there is no decoder
