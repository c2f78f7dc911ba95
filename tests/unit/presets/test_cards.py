"""The cards of the presets: each preset stands on one of them, beside what it belongs to."""

from __future__ import annotations

from collections import Counter

from lstm_core.presets import PRESETS
from lstm_core.presets.cards import CARDS, LESSONS, QUESTIONS


def test_every_preset_stands_on_one_card() -> None:
    assert Counter(name for card in CARDS for name in card.presets) == Counter(list(PRESETS))


def test_the_questions_stand_in_their_order_and_why_lstm_first() -> None:
    assert list(dict.fromkeys(card.question for card in CARDS)) == list(QUESTIONS)
    assert CARDS[0].first.name == "recall"
    assert next(iter(QUESTIONS)) == "memory"


def test_what_stands_on_one_card_differs_in_name_and_comes_from_one_place() -> None:
    for card in CARDS:
        assert {PRESETS[name].group for name in card.presets} == {card.group}
        assert len(set(card.presets.values())) == len(card.presets)
    for card in CARDS:
        for name, called in card.presets.items():
            cell = PRESETS[name].spec.model.cell
            assert called not in ("LSTM", "GRU", "plain RNN") or called.removeprefix("plain ").lower() == cell


def test_every_tutorial_is_explained() -> None:
    assert list(LESSONS) == sorted({preset.group for preset in PRESETS.values()} - {"memory"})
