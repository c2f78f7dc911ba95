"""The phases of an update in words: the numbers are those of the update, and each is told once."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_core import i18n
from lstm_core.data import Dataset, dataset
from lstm_core.learning.training import advance
from lstm_core.running.run import Run
from lstm_core.running.run_view import RunView
from lstm_core.spec import Layer, Letters, ModelSpec, Numerals, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store
from lstm_core.ui.base.wire import pack
from lstm_core.ui.live.phases import phases
from lstm_core.ui.live.picture import Sent, picture

WAVE = RunSpec(data=Waves(length=120, steps=5), model=ModelSpec(layers=(Layer(3),)), train=TrainSpec(epochs=3000))
TEXT = RunSpec(data=Letters(), model=ModelSpec(encoding="embedding", layers=(Layer(5),), output="every"),
               train=TrainSpec(epochs=3000, optimizer="sgd", clip_norm=0))
DEEP = RunSpec(data=Numerals(largest=99), model=ModelSpec(output="every", layers=(Layer(4), Layer(3))),
               train=TrainSpec(epochs=30))


class Tab:
    """A run, and what a browser is told of it."""

    def __init__(self, store: Store, spec: RunSpec) -> None:
        stored = store.load(store.create("ada", spec).id)
        assert stored is not None
        self.run, self.sent = Run(stored), Sent()
        self.data: Dataset = dataset(spec.data, spec.model.output)

    def do(self, command: str) -> RunView:
        self.run.command(command)
        flight = self.run.dispatch(0.0, 0.01, 1)
        self.run.apply(flight, advance(flight.spec, flight.state, flight.budget), 0.0)
        return self.view

    @property
    def view(self) -> RunView:
        return self.run.to_view(None, 0)

    def told(self) -> dict[str, Any]:
        return picture(self.view, self.data, (), self.sent)


def names(phase: dict[str, Any]) -> dict[str, str]:
    return dict(phase["facts"])


def test_a_number_is_followed_from_its_prediction_to_the_new_weights(store: Store) -> None:
    tab = Tab(store, WAVE)
    view = tab.do("step")
    told = view.explained
    shown = phases(view, tab.data)
    assert told is not None
    assert shown is not None
    assert (shown["update"], shown["title"]) == (1, "Update 1 in four phases")
    forward, loss, backward, step = shown["phases"]
    assert names(forward) == {"Samples in the batch": "32", "Predicted": f"{told.predicted:.4g}",
                              "Real value": f"{told.actual:.4g}"}
    assert f"{told.predicted:.4g}" in forward["says"]
    assert names(loss)["Loss of the batch"] == loss["value"] == f"{view.losses[-1]:.3g}"
    assert names(loss)["Scaled and squared"] == f"{told.error:.3g}"
    assert backward["value"] == f"{told.gradient:.3g}"
    assert [row[0] for row in backward["layers"]["rows"]] == ["LSTM layer 1", "Output layer"]
    assert [row[1] for row in backward["layers"]["rows"]] == [f"{layer.gradient:.3g}" for layer in told.layers]
    assert max(row[-1] for row in backward["layers"]["rows"]) == 1
    assert [row[1] for row in step["layers"]["rows"]] == [f"{layer.change:.3g}" for layer in told.layers]
    total = [math.hypot(*(getattr(layer, part) for layer in told.layers)) for part in ("change", "weights")]
    assert step["value"] == f"{100 * total[0] / total[1]:.2g}%"
    assert names(step)["Changed most"].startswith(told.largest.name)


@pytest.mark.parametrize(("clip", "says"), [(0.0, "never clipped"), (0.001, "clipped to that"), (50, "not clipped")])
def test_it_is_said_whether_the_gradient_was_clipped(store: Store, clip: float, says: str) -> None:
    tab = Tab(store, WAVE.change(clip_norm=clip))
    shown = phases(tab.do("step"), tab.data)
    assert shown is not None
    assert says in shown["phases"][2]["says"]
    assert names(shown["phases"][2]).get("After clipping") == ("0.001" if clip == 0.001 else None)


def test_of_letters_the_probability_of_the_right_one_is_told(store: Store) -> None:
    tab = Tab(store, TEXT)
    view = tab.do("step")
    told, shown = view.explained, phases(view, tab.data)
    assert told is not None
    assert shown is not None
    forward, loss, _backward, step = shown["phases"]
    assert names(forward)["Right answer"] == tab.data.labels[int(told.actual)]
    assert forward["value"] == f"{told.predicted:.1%}"
    assert f"at step {told.answers} of {told.answers}" in forward["says"]
    assert names(loss)["−ln of the probability"] == f"{-math.log(told.predicted):.3g}"
    assert step["says"].startswith("SGD")


def test_what_stands_there_as_a_sum_is_right_as_it_stands(store: Store) -> None:
    tab = Tab(store, WAVE)
    for _ in range(5):
        shown = phases(tab.do("step"), tab.data)
        assert shown is not None
        words = shown["phases"][3]["says"].rpartition(": ")[2].rstrip(".").replace("−", "-").split()
        assert words[3] == "="
        assert float(words[0]) + float(words[1] + words[2]) == pytest.approx(float(words[4]), abs=1e-12)
        assert float(words[2]) != 0


def test_a_picture_has_the_phases_once_and_takes_them_back(store: Store) -> None:
    tab = Tab(store, WAVE)
    assert tab.told()["phases"] is None             # a browser that has seen other times knows that they are over
    tab.do("step")
    first = tab.told()
    assert first["phases"]["update"] == 1
    assert "losses" in first                        # with the very picture in which the update is seen
    assert "phases" not in tab.told()
    tab.do("step")
    assert tab.told()["phases"]["update"] == 2
    tab.do("resume")
    assert tab.told()["phases"] is None
    tab.run.command("pause")
    tab.do("step")
    assert tab.told()["phases"]["update"] > 2
    tab.run.reset(tab.run.as_new())
    assert tab.told()["phases"] is None


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_phases_of_a_deep_network_are_a_small_message(store: Store, language: str) -> None:
    tab = Tab(store, DEEP)
    view = tab.do("step")
    with i18n.speaking(language):
        shown = phases(view, tab.data)
        assert len(pack(shown)) <= 2_500
    assert shown is not None
    assert len(shown["phases"][3]["layers"]["rows"]) == 5


def test_numbers_that_are_none_are_told_all_the_same(store: Store) -> None:
    tab = Tab(store, WAVE)
    view = tab.do("step")
    told = view.explained
    assert told is not None
    nan = float("nan")
    lost = replace(told, loss=nan, gradient=nan, error=np.inf, layers=tuple(
        replace(layer, gradient=nan, change=nan) for layer in told.layers), largest=replace(told.largest, after=nan))
    shown = phases(replace(view, explained=lost), tab.data)
    assert shown is not None
    assert pack(shown)
    assert shown["phases"][3]["value"] == "–"
