"""The page Train shows few settings at first; the others are there, keep their values, and say when they differ."""

from __future__ import annotations

import pytest

from lstm_core.presets import PRESETS
from lstm_core.spec import SOURCES, Prices, Waves
from lstm_core.spec.serialization import from_query
from lstm_core.ui.widgets import keys
from tests.app.conftest import Visit
from tests.app.visitor import LONG, SMALL, Visitor

HIDDEN = ("epochs", "batch", "seed", "layers", "dropout", "steps", "validation", "optimizer")


def shown(visitor: Visitor) -> set[str]:
    """Return the keys of the widgets beside the page."""
    return {str(widget.key) for widget in visitor.at.sidebar if getattr(widget, "key", None)}


def folded(visitor: Visitor) -> list[str]:
    return [caption.value for caption in visitor.at.caption if "from the usual" in caption.value]


def test_at_first_there_are_the_sequence_the_cell_its_units_and_the_learning_rate(visit: Visit) -> None:
    visitor = visit(all_settings=False)
    assert shown(visitor) - {"remember_all_settings"} == {"source", "cell", "hidden", "lr", keys.ALL_SETTINGS}
    assert [button.key for button in visitor.at.main.button] == ["train"]
    everything = shown(visitor.put(keys.ALL_SETTINGS, True))
    assert everything >= {"source", "cell", "hidden", "lr", *HIDDEN}


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_that_is_hidden_differs_from_what_a_source_begins_with(visit: Visit, source: str) -> None:
    visitor = visit(all_settings=False)
    assert folded(visitor) == []
    assert folded(visitor.put("source", source)) == []


def test_an_address_that_sets_hidden_ones_says_so_and_they_count(visit: Visit) -> None:
    query = SMALL | {"epochs": "3", "seed": "4", "layers": "2", "hidden2": "5", "dropout": "0.2", "shuffle": "false"}
    visitor = visit(all_settings=False, **query)
    assert folded(visitor) == ["8 more settings differ from the usual: Time steps, Length, Layers, Epochs, Batch, "
                               "Shuffle, Seed, Dropout."]
    before = dict(visitor.at.query_params)
    visitor.click("train").rest()
    assert visitor.view.spec == from_query(query)
    visitor.put(keys.ALL_SETTINGS, True)
    assert folded(visitor) == []
    assert (visitor.widget("epochs").value, visitor.widget("hidden2").value) == (3, 5)
    visitor.put("epochs", 7).put(keys.ALL_SETTINGS, False)
    assert dict(visitor.at.query_params) == before | {"epochs": "7", "run": visitor.run}
    assert visitor.click("train").rest().view.spec == from_query(query | {"epochs": "7"})


def test_only_what_means_something_beside_the_other_settings_counts(visit: Visit) -> None:
    visitor = visit(all_settings=False, source="waves", cell="rnn", chrono="50", forget_bias="3")
    assert folded(visitor) == []            # an RNN has no forget gate
    assert folded(visitor.put("cell", "lstm")) == [
        "2 more settings differ from the usual: Forget bias, Chrono initialisation."]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_its_settings_while_they_are_folded(visit: Visit, name: str) -> None:
    visitor = visit(all_settings=False, preset=name)
    assert from_query(visitor.at.query_params) == PRESETS[name].spec


def test_prices_and_letters_say_which_they_are_while_all_else_is_folded(visit: Visit) -> None:
    visitor = visit(all_settings=False).put("source", "prices")
    assert {"market"} <= shown(visitor)
    assert not {"features", "column", "start"} & shown(visitor)
    assert {"text", "cycle"} <= shown(visitor.put("source", "letters"))
    visitor.put("source", "prices").put("market", "sp500").click("train")
    assert visitor.view.spec.data == Prices(market="sp500")


def test_of_the_buttons_those_are_there_that_can_be_used(visit: Visit) -> None:
    visitor = visit(all_settings=False, **LONG).click("train").wait(lambda view: view.update > 0)
    assert [button.key for button in visitor.at.main.button] == ["train", "pause", "step_once", "stop"]
    assert visitor.offers("pace")
    visitor.click("stop").rest()
    assert [button.key for button in visitor.at.main.button] == ["train"]
    assert isinstance(visitor.view.spec.data, Waves)
