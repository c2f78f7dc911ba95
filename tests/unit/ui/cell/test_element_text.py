"""What the drawing of a cell says of itself: whatever it lights has a sentence, filled from numbers of this cell."""

import re
from pathlib import Path

import pytest

from lstm_core.i18n import LANGUAGES, speaking
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.ui.cell.element_text import element_texts, told_steps

SHAPES = (Path(__file__).parents[4] / "lstm_core/ui/static/cell/shapes.js").read_text()
QUANTITIES = set(re.findall(r'["]?(\w+)["]?: \(layer, at\)', SHAPES))


def filled(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", CELL_TYPES)
def test_every_sentence_is_filled_from_quantities_of_this_cell(cell: str, language: str) -> None:
    kind = CELL_TYPES[cell]
    foreign = {gate for other in CELL_TYPES.values() for gate in other.names} - set(kind.names)
    assert {"f", "c0", "1z", "zn", "tc"} <= QUANTITIES
    with speaking(language):
        texts = [text for _name, text in element_texts(kind, cell).values()]
        texts += [step["text"] for step in told_steps(kind, cell)]
    for text in texts:
        assert text[-1] == (".", "。")[language == "zh"]
        assert filled(text) <= (QUANTITIES | {"unit"}) - foreign
    assert any(filled(text) for text in texts)


@pytest.mark.parametrize("cell", CELL_TYPES)
def test_what_a_step_lights_is_something_that_is_drawn_and_speaks(cell: str) -> None:
    elements = element_texts(CELL_TYPES[cell], cell)
    for step in told_steps(CELL_TYPES[cell], cell):
        assert step["lit"]
        assert set(step["lit"]) <= set(elements)
