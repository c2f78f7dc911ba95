"""What a link hides and fixes: names of controls, in an address and back."""

from __future__ import annotations

import pytest

from lstm_core.spec import SOURCES, setting_names
from lstm_core.spec.serialization import RENAMED
from lstm_core.ui.widgets import held, settings
from lstm_core.ui.widgets.held import MOST, NAMES, Held, read


def test_names_come_from_an_address_and_go_back_into_it() -> None:
    said, refusals = read({"hide": "epochs, batch,,epochs", "fixed": "lr,cell", "lr": "0.1"})
    assert said == Held(hidden=frozenset({"batch", "epochs"}), fixed=frozenset({"cell", "lr"}))
    assert refusals == []
    assert read(said.query) == (said, [])
    assert said.query == {"hide": "epochs,batch", "fixed": "cell,lr"}


@pytest.mark.parametrize("query", [{}, {"hide": ""}, {"fixed": ""}, {"hide": " , "}])
def test_an_empty_one_holds_nothing(query: dict[str, str]) -> None:
    assert read(query) == (Held(), [])
    assert Held().query == {}


def test_what_is_named_twice_is_hidden() -> None:
    assert read({"hide": "lr", "fixed": "lr,cell"})[0] == Held(frozenset({"lr"}), frozenset({"cell"}))


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_names_of_older_versions_are_known(old: str, new: str) -> None:
    assert read({"fixed": old})[0].fixed == {new}


def test_an_unknown_name_is_told_with_the_nearest_and_the_rest_holds() -> None:
    said, (refusal,) = read({"hide": "hiden,epochs", "fixed": "digest,cell"})
    assert said == Held(frozenset({"epochs"}), frozenset({"cell"}))
    assert refusal.values["received"] == ("'hiden'", "'digest'")
    assert "hidden" in tuple(refusal.values["near"])
    assert "digest" not in tuple(refusal.values["near"])


def test_an_unknown_name_without_a_near_one_is_told_what_names_are_like() -> None:
    _, (refusal,) = read({"hide": "x" * 10_000})
    assert refusal.values["near"] == NAMES[:3]
    assert len(str(refusal)) < 300


def test_so_many_names_and_no_more() -> None:
    said, (refusal,) = read({"hide": "lr," * (MOST - 1), "fixed": "cell,seed"})
    assert said == Held(frozenset({"lr"}), frozenset({"cell"}))
    assert refusal.values == {"limit": MOST, "received": MOST + 1}
    assert read({"hide": ",".join(NAMES)}) == (Held(hidden=frozenset(NAMES)), [])


@pytest.mark.parametrize("kind", SOURCES.values(), ids=SOURCES)
def test_every_control_of_every_source_has_a_name(kind: type) -> None:
    assert set(NAMES) >= set(setting_names(kind)) - {*held.WITHOUT_WIDGET}
    assert not {*held.WITHOUT_WIDGET} & set(NAMES)
    assert settings.usual(kind).keys() >= set(setting_names(kind)) - {*held.WITHOUT_WIDGET, "layers"}
