"""The page Train shows few settings at first; the others are there, keep their values, and say when they differ."""

from __future__ import annotations

import pytest

from lstm_core.presets import PRESETS
from lstm_core.spec import SOURCES, Prices, Waves
from lstm_core.spec.serialization import from_query
from lstm_core.ui.widgets import keys
from lstm_core.ui.widgets.settings import BEGIN
from tests.app.conftest import Visit
from tests.app.visitor import LONG, SMALL, Visitor

RECALL = {"source": "recall", "hidden": "32", "epochs": "20", "lr": "0.005", "batch": "32", "chrono": "60",
          "target_score": "0.995", "keep_best": "false"}
"""The settings with which a source begins, as an address has them."""
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
    assert folded(visitor.put("source", "waves")) == []
    assert from_query(visitor.at.query_params).data == BEGIN.data


def test_an_address_that_sets_hidden_ones_says_so_and_they_count(visit: Visit) -> None:
    query = RECALL | {"distance": "20", "sequences": "100", "epochs": "3", "seed": "4", "layers": "2", "hidden2": "5",
                      "dropout": "0.2", "shuffle": "false"}
    visitor = visit(all_settings=False, **query)
    assert folded(visitor) == ["7 more settings differ from the usual: Sequences, Distance, Layers, Epochs, Shuffle, "
                               "Seed, Dropout."]
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
    visitor = visit(all_settings=False, **RECALL | {"cell": "rnn", "chrono": "50", "forget_bias": "3"})
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
    assert [button.key for button in visitor.at.main.button] == ["train", "hand_in"]
    assert isinstance(visitor.view.spec.data, Waves)


def test_a_run_of_ones_own_that_has_ended_leads_on(visit: Visit, finished: tuple[str, str]) -> None:
    def links(visitor: Visitor) -> list[tuple[str, str]]:
        return [(link.proto.page, link.proto.label) for link in visitor.at.get("page_link")
                if link.proto.page != "learn"]          # the lessons about a page stand on it always

    visitor = visit(**SMALL)
    assert links(visitor) == []             # an example is not one's own
    assert links(visitor.click("train").rest()) == [
        ("cell", "See what its gates do"), ("predict", "Judge its forecast"),
        ("compare", "Compare it with another run")]
    assert links(visit(run=finished[0])) == []
    letters = visit(source="letters", epochs="1").click("train").rest()
    assert ("letters", "Let it write") in links(letters)
    recall = visit(source="recall", epochs="1", sequences="100").click("train").rest()
    assert ("memory", "See how far back it remembers") in links(recall)


def test_a_preset_gives_nothing_away_before_it_was_trained(visit: Visit) -> None:
    visitor = visit(preset="s4a")
    (box,) = (box for box in visitor.at.expander if box.label == "What comes out")
    assert not box.proto.expanded
    assert PRESETS["s4a"].shows in [markdown.value for markdown in box.markdown]
    visitor.click("train").rest()
    (box,) = (box for box in visitor.at.expander if box.label == "What came out")
    assert box.proto.expanded


def test_a_preset_stays_open_with_its_run_and_changed_settings_stay(visit: Visit) -> None:
    visitor = visit(preset="s4a").put("hidden", 5).click("train").rest()
    run = visitor.run
    visitor.open("predict")
    query = dict(visitor.at.query_params)
    assert query == {"preset": "s4a", "run": run, "lang": "en"}
    again = visit("predict", who=visitor.who, **query).open("train")
    assert (again.at.query_params["preset"], again.widget("hidden").value) == ("s4a", 5)
    visitor.open("train")
    assert visitor.widget("hidden").value == 5


def test_a_text_that_is_too_long_is_refused_with_a_way_on(visit: Visit) -> None:
    visitor = visit(source="letters").put("text", "abcd" * 6_000)
    assert visitor.refusals == "The text may have at most 20000 letters; received 24000."
    visitor.click("cut_text")
    assert visitor.refusals == ""
    assert len(visitor.widget("text").value) == 20_000
    assert visitor.at.query_params["kept"] == "text"


def test_letters_longer_than_an_address_come_with_the_run_that_has_learned_them(visit: Visit) -> None:
    text = "abcde" * 400
    visitor = visit(source="letters", epochs="1").put("text", text).click("train").rest()
    assert dict(visitor.at.query_params) == {"run": visitor.run, "lang": "en"}
    assert visit(run=visitor.run).widget("text").value == text
    visitor.put("text", text + "f")         # which no run has learned: the browser keeps it
    assert visitor.at.query_params["kept"] == "text"


@pytest.mark.parametrize(("query", "words"), [
    ({}, "LSTM on a sum of two sine waves with noise, not yours"),
    ({"lang": "zh"}, "用带噪声的两个正弦波之和训练的 LSTM，不是你的训练")])
def test_an_example_says_what_it_is(visit: Visit, query: dict[str, str], words: str) -> None:
    assert words in visit(**query).hints


def test_prices_have_their_unit_in_every_language(visit: Visit) -> None:
    visitor = visit(source="prices", end="2001-01-01", epochs="1").click("train").rest()
    assert visitor.numbers["Mean absolute error"].endswith(" points")
    visitor.put("chosen_lang", "zh")
    assert visitor.numbers["平均绝对误差"].endswith(" 点")


def test_no_tool_tip_lies_over_the_title(visit: Visit) -> None:
    assert visit().widget("train").help == ""
