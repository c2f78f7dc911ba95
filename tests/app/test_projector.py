"""The look for a room: asked for by an address or by its switch, carried by every link, and taken back."""

from __future__ import annotations

from tests.app.conftest import Visit


def test_an_address_asks_for_it_and_every_address_keeps_it(visit: Visit) -> None:
    visitor = visit("predict", view="projector")
    assert visitor.widget("chosen_view").value
    assert visitor.at.query_params["view"] == "projector"
    visitor.open("memory")
    assert visitor.widget("chosen_view").value
    assert visitor.at.query_params["view"] == "projector"
    links = [str(link.proto) for link in visitor.at.get("page_link")]
    assert links
    assert all("view=projector" in link for link in links)


def test_the_switch_turns_it_on_and_off_whatever_address_is_still_on_its_way(visit: Visit) -> None:
    visitor = visit("predict")
    assert not visitor.widget("chosen_view").value
    assert "view" not in visitor.at.query_params
    assert visitor.put("chosen_view", True).at.query_params["view"] == "projector"
    visitor.put("chosen_view", False)
    assert "view" not in visitor.at.query_params
    visitor.at.query_params["view"] = "projector"       # left the browser before the click
    assert not visitor.look().widget("chosen_view").value
    assert "view" not in visitor.at.query_params


def test_an_address_asks_for_no_other_look(visit: Visit) -> None:
    visitor = visit("predict", view="nonsense")
    assert not visitor.widget("chosen_view").value
    assert "view" not in visitor.at.query_params
