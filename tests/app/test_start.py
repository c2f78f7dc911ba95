"""Start: a network that is alive, one click that trains another one there, this browser's runs, and the presets."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from lstm_core import cells, data
from lstm_core.data.sequence import probe
from lstm_core.inside.probe import shown_steps
from lstm_core.presets import PRESETS
from lstm_core.presets.cards import CARDS, LESSONS, QUESTIONS
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.ui.base import examples
from lstm_core.ui.base.server import lab
from lstm_core.ui.start import alive, keys
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor, rested


def picture(visitor: Visitor) -> dict[str, Any]:
    """Return what the picture of the network is told."""
    return dict(json.loads(visitor.widget("alive").proto.json))


def links(visitor: Visitor) -> dict[str, str]:
    """Return where each link leads, by its label."""
    return {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in visitor.at.get("page_link")}


@pytest.fixture(scope="module")
def example() -> str:
    return rested(examples.example(alive.EXAMPLE)).id


def test_the_picture_shows_the_numbers_of_the_finished_example(visit: Visit, example: str) -> None:
    told = picture(visit("start"))
    view = lab().view(example)
    assert (told["live"]["run"], told["moving"], view.owner) == (example, False, EXAMPLE_OWNER)
    prepared = data.dataset(view.spec.data, view.spec.model.output)
    sequence = probe(view.spec.data, prepared)
    trace = cells.trace(view.spec.model, lab().snapshot(example, view.update).weights, sequence.x)
    steps = shown_steps(len(sequence.x), 1)
    assert told["steps"] == steps.tolist() == list(range(told["length"]))       # what is kept is multiplied over all
    values = np.array(told["now"]["values"]).reshape(len(told["parts"]), len(steps))
    gates = trace.layers[0].gates
    for gate in ("f", "i"):
        np.testing.assert_allclose(values[told["parts"].index(gate)], gates[gate][:, told["unit"]], atol=1e-6)
    left = gates["i"][0] * gates["g"][0] * gates["f"][1:].prod(axis=0)
    assert told["unit"] == np.abs(left).argmax()
    right = told["labels"].index(told["letter"])
    np.testing.assert_allclose(told["now"]["output"], cells.softmax(trace.output)[steps, right], atol=1e-6)
    assert told["marks"][0] == told["letter"]
    assert told["marks"][-1] == "?"
    assert told["now"]["output"][-1] > 0.9


def test_one_click_trains_a_network_there(visit: Visit, example: str) -> None:
    visitor = visit("start")
    assert not {"Look inside it", "Train with other settings"} & links(visitor).keys()
    visitor.click("train_here")
    run = visitor.run
    assert run != example
    assert (visitor.view.spec, visitor.view.owner, visitor.view.pace) == (alive.SPEC, visitor.who, alive.PACE)
    assert picture(visitor)["live"]["run"] == run
    assert picture(visitor)["moving"]
    lab().set_pace(run, visitor.who, None)
    told = picture(visitor.rest())
    assert not told["moving"]
    assert told["now"]["update"] == visitor.view.update
    assert told["numbers"][3] == "100.0%"
    leads = links(visitor)
    assert all(run in leads[label] for label in ("Look inside it", "Train with other settings", "Why it remembers"))
    assert parse_qs(leads["Look inside it"].partition("?")[2])["unit"] == [f"{told['unit'] + 1}"]
    train = visitor.open("train")
    assert train.widget("source").value == "recall"
    assert "Changed since" not in train.hints


def test_another_click_stops_what_trains_here_and_nothing_else(visit: Visit) -> None:
    visitor = visit(**SMALL | {"epochs": "5000"}).click("train")
    other = visitor.run
    visitor.open("start").click("train_here")
    first = visitor.run
    assert lab().view(other).active
    visitor.click("train_here")
    assert rested(first).status == "stopped"
    assert visitor.run != first


def test_a_click_that_is_refused_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_core.limits.UNFINISHED_RUNS", 0)
    visitor = visit("start").click("train_here")
    assert "unfinished runs" in visitor.refusals
    assert "run" not in visitor.at.query_params
    assert visitor.look().refusals == ""


def test_the_last_run_stands_in_a_line_and_those_before_it_are_folded(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest()
    first = visitor.run
    visitor.click("train").rest()
    start = visit("start", who=visitor.who)
    (line,) = (label for label in links(start) if label.startswith("Your last run"))
    assert visitor.run in links(start)[line]
    assert [expander.label for expander in start.at.expander] == ["Runs before it: 1"]
    assert any(first in link.proto.query_string for link in start.at.expander[0].get("page_link"))
    assert not any("last run" in label for label in links(visit("start")))


def test_a_run_that_rests_can_be_gone_on_with(visit: Visit) -> None:
    visitor = visit(**SMALL | {"epochs": "5000"}).click("train").click("pause")
    assert any(label.startswith("Go on with your last run") for label in links(visitor.open("start")))


def test_every_preset_has_a_link_with_its_own_address(visit: Visit) -> None:
    start = visit("start")
    queries = [parse_qs(link.proto.query_string).get("preset", [""])[0] for link in start.at.get("page_link")]
    assert set(PRESETS) <= set(queries)
    titles = links(start)
    assert all(PRESETS[next(iter(card.presets))].title in titles for card in CARDS)
    assert "Open" not in titles
    headings = [text.value for text in start.at.markdown if text.value.strip("*") in QUESTIONS.values()]
    assert headings == [f"**{title}**" for title in QUESTIONS.values()]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_shows_its_presets_only(visit: Visit, question: str) -> None:
    start = visit("start").put(keys.QUESTION, question)
    shown = {parse_qs(leads.partition("?")[2]).get("preset", [""])[0] for leads in links(start).values()} - {""}
    assert shown <= {name for card in CARDS if card.question == question for name in card.presets}
    assert shown


@pytest.mark.parametrize("tutorial", LESSONS)
def test_a_tutorial_shows_its_systems_and_what_it_is_about(visit: Visit, tutorial: str) -> None:
    start = visit("start").put(keys.QUESTION, "memory").put(keys.TUTORIAL, tutorial)
    assert start.widget(keys.QUESTION).value is None
    assert LESSONS[tutorial][1] in start.captions
    shown = {parse_qs(leads.partition("?")[2]).get("preset", [""])[0] for leads in links(start).values()} - {""}
    assert shown <= {name for name, preset in PRESETS.items() if preset.group == tutorial}
    assert shown


def test_no_link_leads_nowhere(visit: Visit) -> None:
    assert {"Explore freely", "Solve a challenge"} <= links(visit("start")).keys()
