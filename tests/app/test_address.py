"""Settings travel in the address: pasted elsewhere they give the same run, down to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core import codec
from lstm_core.spec import Layer, Letters, ModelSpec, Prices, RunSpec, TrainSpec, Waves
from lstm_core.spec.serialization import from_query, to_query
from lstm_core.storage.store import Store
from lstm_core.ui.base.examples import BEGINNING, example
from lstm_core.ui.base.pages import PAGES, Page
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor

SPECS = {
    "waves": RunSpec(data=Waves(wave="sum", noise=0.1, noise_seed=7, length=150, steps=9, horizon=2, validation=0.2),
                     model=ModelSpec(cell="gru", layers=(Layer(6, 0.2), Layer(5)), input_dense=3),
                     train=TrainSpec(epochs=2, lr=0.02, seed=11, patience=3)),
    "cosine": RunSpec(data=Waves(target="cosine", horizon=0, length=150, steps=10),
                      model=ModelSpec(cell="rnn", layers=(Layer(5),), output="every"),
                      train=TrainSpec(epochs=2, batch=4, stateful="parallel", shuffle=False, optimizer="sgd",
                                      clip_norm=0.0)),
    "prices": RunSpec(data=Prices(market="sp500", interval="1mo", features=("open", "volume"), column="high", steps=6,
                             start="2003-01-01", scaler="zscore"), model=ModelSpec(layers=(Layer(4), Layer(3, 0.5))),
                      train=TrainSpec(epochs=2, batch=16, keep_best=False)),
    "letters": RunSpec(data=Letters(text="the cat, the hat\nand the bat", cycle=False, steps=4),
                       model=ModelSpec(encoding="embedding", embedding=3, forget_bias=2.0, layers=(Layer(7),)),
                       train=TrainSpec(epochs=2, seed=3)),
}


def weights(visitor: Visitor) -> dict[str, bytes]:
    """All arrays of the run's last state in the database."""
    store = Store()
    try:
        facts = store.facts(visitor.run)
        assert facts is not None
        state = store.state(facts)
    finally:
        store.close()
    assert state is not None
    return {name: array.tobytes() for name, array in codec.unpack(state)[0].items()}


def test_settings_in_the_address_fill_the_widgets(visit: Visit) -> None:
    visitor = visit(source="prices", market="sp500", features="open,volume", column="high", cell="gru", layers="2",
                    hidden="48", hidden2="7", dropout2="0.25", lr="0.0125", epochs="3", shuffle="false")
    shown = {key: visitor.widget(key).value for key in (
        "source", "market", "features", "column", "cell", "layers", "hidden", "hidden2", "dropout2", "lr", "epochs",
        "shuffle")}
    assert shown == {"source": "prices", "market": "sp500", "features": ["open", "volume"], "column": "high",
                     "cell": "gru", "layers": 2, "hidden": 48, "hidden2": 7, "dropout2": 0.25, "lr": 0.0125,
                     "epochs": 3, "shuffle": False}


@pytest.mark.parametrize("name", SPECS)
def test_an_address_says_exactly_what_it_was_opened_with(visit: Visit, name: str) -> None:
    query = to_query(SPECS[name])
    assert visit(**query).at.query_params == query | {"lang": "en"}


@pytest.mark.parametrize("name", SPECS)
def test_the_same_address_gives_bit_identical_weights(visit: Visit, name: str) -> None:
    first = visit(**to_query(SPECS[name])).click("train").rest()
    assert (first.errors, first.view.spec) == ("", SPECS[name])
    pasted = {key: value for key, value in first.at.query_params.items() if key != "run"}
    second = visit(**pasted).click("train").rest()
    assert second.run != first.run
    assert second.view.spec == SPECS[name]
    assert weights(second) == weights(first)
    assert second.view.losses.tobytes() == first.view.losses.tobytes()


def test_another_seed_gives_other_weights(visit: Visit) -> None:
    first, second = visit(**SMALL).click("train").rest(), visit(**SMALL, seed="1").click("train").rest()
    assert weights(first).keys() == weights(second).keys()
    assert weights(first) != weights(second)


def test_what_is_set_by_hand_is_in_the_address(visit: Visit) -> None:
    visitor = visit(source="waves").put("cell", "rnn").put("layers", 2).put("hidden2", 9).put("epochs", 2).put(
        "length", 100).put("lr", 0.03).put("steps", 5)
    query = dict(visitor.at.query_params)
    del query["lang"]
    assert from_query(query) == RunSpec(data=Waves(length=100, steps=5),
                                        model=ModelSpec(cell="rnn", layers=(Layer(), Layer(9))),
                                        train=TrainSpec(epochs=2, lr=0.03))


@pytest.mark.parametrize(("query", "sentence"), [
    ({"source": "moon"}, "Sequence 'moon' is not known"),
    ({"cell": "lstn"}, "Did you mean 'lstm'?"),
    ({"hidden": "0"}, "Hidden units must be between 1 and 512; received 0."),
    ({"hidden": "many"}, "Hidden units cannot be read from 'many'."),
    ({"layers": "9"}, "1 to 4 recurrent layers; received 9"),
    ({"lr": "nan"}, "Learning rate must be between"),
    ({"source": "letters", "text": "aaa"}, "at least two different letters"),
    ({"stateful": "parallel"}, "switch shuffle off"),
])
def test_a_setting_that_cannot_be_used_is_a_sentence_and_the_defaults_are_used(
        visit: Visit, query: dict[str, str], sentence: str) -> None:
    visitor = visit(**({"source": "waves"} | query))
    assert "The address has a setting that cannot be used" in visitor.errors
    assert sentence in visitor.errors
    assert visitor.at.query_params == {"source": "waves", "lang": "en"}
    assert np.allclose([visitor.widget("lr").value, visitor.widget("hidden").value], [0.005, 32])
    assert visitor.look().errors == ""


@pytest.mark.parametrize("page", ["start", "train", "cell"])
def test_a_run_that_does_not_exist_is_a_sentence_and_the_example_is_shown(visit: Visit, page: str) -> None:
    visitor = visit("start")
    if page != "start":
        visitor.open(page)
    visitor.at.query_params["run"] = "gone"
    assert visitor.look().errors == "There is no run 'gone' (any more). Below is the example instead."
    assert page == "start" or visitor.updates == lab().view(
        example("recall" if page == "cell" else BEGINNING)).update
    assert "run" not in visitor.at.query_params
    assert visitor.open("train").errors == ""


def test_a_first_visit_to_a_run_that_does_not_exist_says_so_once(visit: Visit) -> None:
    visitor = visit("start", run="gone")
    assert visitor.errors == "There is no run 'gone' (any more). Below is the example instead."
    assert visitor.open("train").errors == ""


def test_a_run_brings_its_settings_along(visit: Visit) -> None:
    run = visit(**to_query(SPECS["letters"])).click("train").rest().run
    visitor = visit(run=run)
    assert (visitor.widget("text").value, visitor.widget("hidden").value) == ("the cat, the hat\nand the bat", 7)
    assert "Changed since" not in visitor.hints


def test_a_text_too_long_for_an_address_comes_with_its_run(visit: Visit) -> None:
    text = "the cat sat on the mat, " * 100
    first = visit(source="letters", epochs="1", hidden="4").put("cycle", False).put("text", text)
    assert "text" not in first.at.query_params
    first.click("train").rest()
    again = visit(who=first.who, **first.at.query_params)
    assert (again.widget("text").value, again.widget("hidden").value) == (text, 4)
    assert "Changed since" not in again.hints


def test_a_run_opened_later_in_the_same_tab_brings_its_settings_along_too(visit: Visit) -> None:
    old = visit(**to_query(SPECS["letters"])).click("train").rest()
    visitor = visit(who=old.who, **SMALL).click("train").rest()
    assert visitor.run != old.run
    visitor.at.query_params.clear()
    visitor.at.query_params["run"] = old.run
    visitor.look()
    assert (visitor.run, visitor.widget("source").value, visitor.widget("hidden").value) == (old.run, "letters", 7)
    assert "Changed since" not in visitor.hints


def test_an_address_may_leave_the_source_to_its_default(visit: Visit) -> None:
    visitor = visit("train", epochs="12")
    assert (visitor.widget("source").value, visitor.widget("epochs").value) == ("waves", 12)


@pytest.mark.parametrize("page", [page for page in PAGES.values() if page.sections], ids=lambda page: page.name)
def test_the_address_leads_to_the_section_that_is_shown(visit: Visit, page: Page) -> None:
    first, *others = page.sections
    visitor = visit(source="letters", epochs="1").click("train").rest().open(page.name)
    assert page.section_key not in visitor.at.query_params
    for section in others:
        before = visitor.at.query_params.get(page.section_key)
        assert visitor.put(page.section_key, section).at.query_params[page.section_key] == section
        if before:      # which the browser may still send with what is clicked next
            visitor.at.query_params[page.section_key] = before
            visitor.look()
        assert visitor.widget(page.section_key).value == section
    assert visit(page.name, **visitor.at.query_params).widget(page.section_key).value == others[-1]
    assert visitor.put(page.section_key, first).widget(page.section_key).value == first
    assert page.section_key not in visitor.at.query_params
