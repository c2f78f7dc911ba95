"""Memory: every number on the page is that of the network of the chosen moment, on the chosen sequences."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pytest

from lstm_core.cells import trace
from lstm_core.data import Windows
from lstm_core.inside import gradient_flow
from lstm_core.running.run_view import RunView
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.serialization import to_query
from lstm_core.ui.base import examples, server
from lstm_core.ui.base.examples import EXAMPLES, example
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.memory import cells_beside, clipping, endless, forget_bias
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory import reach as memory_reach
from lstm_core.ui.memory.measure import plainly
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import Visitor, rested

TINY = RunSpec(data=Waves(length=120, steps=8), model=ModelSpec(layers=(Layer(4),)),
               train=TrainSpec(epochs=3, batch=16))
LETTERS = RunSpec(data=Letters(steps=4), model=ModelSpec(cell="gru", layers=(Layer(5), Layer(4))),
                  train=TrainSpec(epochs=10, batch=8, lr=0.01))
WILD = TINY.change(cell="rnn", relu_head=64, optimizer="sgd", lr=10.0, epochs=8)


def trained(visit: Visit, spec: RunSpec, section: str) -> Visitor:
    return visit(**to_query(spec)).click("train").rest().open("memory").put("memory_section", section)


def said(visitor: Visitor) -> str:
    return "\n".join(markdown.value for markdown in visitor.at.markdown)


def side_by_side(visitor: Visitor, key: str, specs: dict[str, RunSpec]) -> dict[str, RunView]:
    """Train them on the page, wait, and return the runs."""
    visitor.click(f"{key}_train")
    mine = [facts for facts in server.lab().recent(visitor.who, session.REMEMBERED) if facts.spec in specs.values()]
    newest = {facts.spec: facts.id for facts in reversed(mine)}
    views = {name: rested(newest[spec]) for name, spec in specs.items()}
    visitor.look()
    return views


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_section_opens_with_nothing_trained(visit: Visit, lang: str) -> None:
    visitor = visit("memory", lang=lang)
    assert visitor.hints
    for section in PAGES["memory"].sections:
        assert visitor.put("memory_section", section).errors == ""


def test_a_link_leads_to_a_section_and_an_unknown_one_to_the_first(visit: Visit) -> None:
    assert "memory_nudges" in str(visit("memory", memory_section="reach").widget("memory_nudges"))
    visitor = visit("memory", memory_section="nonsense")
    assert visitor.widget("memory_section").value == "arithmetic"
    visitor.put("memory_factor", 0.9).put("memory_n", 100)
    assert "= 0.000027**: of a gradient of 1 nothing useful arrives. After 22 steps" in said(visitor)
    assert "= 14,000" in said(visitor.put("memory_factor", 1.1)).replace("13,781", "14,000")
    assert "**1 to the power of 100 = 1**" in said(visitor.put("memory_factor", 1.0))


def expected(spec: RunSpec, view: RunView, update: int, split: str, number: int) -> tuple[gradient_flow.GradientReach,
                                                                                           ...]:
    data = session.prepared(spec.data, spec.model.output)
    given = gradient_flow.sequences(data, data.sample_ids[split][number - 1:number])
    return gradient_flow.reach(spec.model, server.lab().snapshot(view.id, update).weights, given)


def test_the_gradients_of_one_sequence_are_those_of_the_weights_of_that_moment(visit: Visit) -> None:
    visitor = trained(visit, TINY, "gradients").put("memory_single", True)
    for update, number in ((0, 3), (int(visitor.view.snapshots[-1]), 1)):
        visitor.put("moment", update).put("memory_at", number)
        (layer,) = expected(TINY, visitor.view, update, "test", number)
        for name, values in (("dL/dh", layer.dh[0]), ("dL/dc", layer.dc[0])):
            assert f"**{name}**: 7 steps back its norm is **{plainly(values[-1] / values[0])}**" in said(visitor)
        assert f"multiply to **{plainly(layer.kept[0, -1])}**" in said(visitor)
        assert f"to **{plainly(layer.longest[0, -1])}**" in said(visitor)
    names = [trace["name"] for trace in visitor.figure("memory_run_lstm")["data"]]
    assert names == ["dL/dh", "dL/dc", "through f alone"]


def test_letters_and_several_layers(visit: Visit) -> None:
    visitor = trained(visit, LETTERS, "gradients").put("memory_single", True).put("memory_at", 2)
    layers = expected(LETTERS, visitor.view, session.final_update(visitor.view), "train", 2)
    for number, layer in enumerate(layers, start=1):
        visitor.put("memory_layer", number)
        assert f"**{plainly(layer.dh[0, -1] / layer.dh[0, 0])}** of that at the loss" in said(visitor)
        assert f"to **{plainly(layer.longest[0, -1])}**: on the way along the state itself" in said(visitor)
    visitor.put("memory_section", "reach")
    assert "percentage points of probability" in said(visitor)
    assert "; 5 are tried" in visitor.captions


def test_three_cells_side_by_side(visit: Visit) -> None:
    visitor = trained(visit, TINY, "gradients").put("memory_whose", "cells").put("memory_task", "run")
    specs = cells_beside.specs_beside(TINY)
    assert specs["LSTM"] == TINY
    views = side_by_side(visitor, "memory_cells", specs)
    for share in (0, 100):
        visitor.put("memory_share", share)
        for name, view in views.items():
            update = measured.nearest(view, share / 100)
            dh = measured.felt(view, update, measured.Chosen("test"))[0].dh
            row = visitor.at.table[1].value.loc[name].tolist()
            assert row[:3] == [str(update), plainly(dh[0]), plainly(dh[-1])]
    assert [trace["name"] for trace in visitor.figure("memory_beside")["data"]] == [
        "RNN dL/dh", "GRU dL/dh", "LSTM dL/dh", "LSTM dL/dc"]
    assert len(visitor.figure("memory_kept_beside")["data"]) == 4


def test_the_side_by_side_opens_on_the_task_that_the_rnn_forgets(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "_known", WeakKeyDictionary())
    for name, known in EXAMPLES.items():
        if name.startswith("recall"):
            monkeypatch.setitem(EXAMPLES, name, known.change(sequences=60, epochs=2))
    names = {"RNN": "recall_rnn", "GRU": "recall_gru", "LSTM": "recall_short", "LSTM, chrono 60": "recall"}
    for each in names.values():
        rested(example(each))
    visitor = visit("memory", memory_section="gradients")
    assert "Here memory decides" in said(visitor)
    settings, numbers = (table.value for table in visitor.at.table)
    assert settings.loc["Chrono initialisation"].tolist() == [
        "–", "–", ":orange-background[**0**]", ":orange-background[**60**]"]
    assert numbers.index.tolist() == list(names)
    for name, each in names.items():
        view = server.lab().view(example(each))
        assert visitor.numbers[name] == f"{view.evaluations['score'][-1]:.1%}"
    data = session.prepared(EXAMPLES["recall"].data, "last")
    assert f"always guessing the same: {data.naive_error('validation'):.1%}" in visitor.captions
    assert "run" not in visitor.widget("memory_task").options
    visitor.put("memory_task", "sine")
    assert "nothing has to be remembered" in said(visitor)
    assert visitor.errors == ""


def test_a_run_of_a_cell_without_help_is_compared_with_a_long_memory() -> None:
    plain = EXAMPLES["recall_rnn"]
    assert cells_beside.specs_beside(plain) == cells_beside.specs_beside(EXAMPLES["recall"])
    assert list(cells_beside.specs_beside(TINY)) == ["RNN", "GRU", "LSTM"]
    assert cells_beside.specs_beside(TINY.change(forget_bias=3.0))["LSTM, forget bias 3"].model.forget_bias == 3


def test_what_clipping_did_is_told_of_both_runs(visit: Visit) -> None:
    visitor = trained(visit, WILD, "exploding").put("memory_exploding", "run")
    views = side_by_side(visitor, "memory_clip_run", {"Not clipped": WILD.change(clip_norm=0.0), "Clipped at 1": WILD})
    free, clipped = views.values()
    assert free.outcome == "diverged"
    assert f"**Not clipped**: diverged at update {free.update}" in said(visitor)
    updates = measured.moments(clipped, clipping.MOMENTS)
    norms = measured.norms(clipped, updates[updates < clipped.update])
    assert f"was at most {plainly(norms.max())} (update {updates[norms.argmax()]})" in said(visitor)
    assert f"above 1 at {(norms > 1).mean():.0%} of the moments" in said(visitor)
    visitor.at.query_params["run"] = free.id
    visitor.look().put("memory_section", "gradients").put("moment", int(free.snapshots[-1]))
    assert "training diverged" in visitor.errors
    assert "training diverged" in visitor.put("memory_section", "reach").errors


def test_the_norm_is_that_of_the_batch_that_comes_next(visit: Visit) -> None:
    view = trained(visit, TINY, "arithmetic").view
    data = session.prepared(TINY.data, "last")
    order = np.random.default_rng([TINY.train.seed, 1]).permutation(data.sample_ids["train"])
    per_epoch = view.update // TINY.train.epochs
    weights = server.lab().snapshot(view.id, per_epoch + 2).weights
    (got,) = measured.norms(view, np.array([per_epoch + 2]))
    assert got == pytest.approx(gradient_flow.gradient_norm(TINY.model, weights, data, order[32:48]), rel=1e-12)


def test_three_forget_biases_side_by_side(visit: Visit) -> None:
    visitor = trained(visit, TINY.change(cell="gru"), "forget_bias")
    assert "another cell" in visitor.captions
    views = side_by_side(visitor, "memory_bias", forget_bias.specs_beside(TINY))
    for bias, view in zip(forget_bias.BIASES, views.values(), strict=True):
        update = int(view.snapshots[-1])
        gate = measured.mean_gate(view, view.snapshots[[0, -1]], measured.Chosen("test"), 0)
        dc = measured.felt(view, update, measured.Chosen("test"))[0].dc
        assert visitor.at.table[1].value.loc[f"Bias {bias:g}"].tolist() == [
            str(update), f"{gate[0]:.2f}", f"{gate[1]:.2f}", plainly(dc[0]), plainly(dc[-1]), plainly(dc[-1] / dc[0]),
            plainly(view.losses[-1])]


def test_how_far_back_matters_in_real_units(visit: Visit) -> None:
    spec = TINY.change(scaler="zscore", noise=0.2)
    visitor = trained(visit, spec, "reach").put("memory_single", True).put("memory_at", 4)
    data, view = session.prepared(spec.data, "last"), visitor.view
    given = gradient_flow.sequences(data, data.sample_ids["test"][3:4])
    weights = server.lab().snapshot(view.id, session.final_update(view)).weights
    nudge = memory_reach.nudge(data, "wave")
    changes = gradient_flow.nudged(spec.model, weights, given, np.arange(8), np.stack([nudge, -nudge]))[0]
    actual = changes * (data.unscale(np.array([1.0])) - data.unscale(np.array([0.0])))
    reach = int(np.flatnonzero(np.cumsum(actual) >= 0.9 * actual.sum())[0]) + 1
    assert f"from the last {reach} of 8 time steps" in said(visitor)
    assert f"moves the prediction by {plainly(actual.max())} on average" in said(visitor)
    assert "one standard deviation" in visitor.captions


def test_numbers_are_written_as_people_do() -> None:
    assert [plainly(value) for value in (0.0, 0.9**100, 1.1**100, 0.5, 3.25, 1.5**200, 0.5**200)] == [
        "0", "0.000027", "13,781", "0.50", "3.2", "1.7 × 10³⁵", "6.2 × 10⁻⁶¹"]


def test_the_missing_forget_gate_on_a_stream_without_a_reset(visit: Visit) -> None:
    visitor = trained(visit, TINY, "endless")
    views = side_by_side(visitor, "memory_endless", endless.specs_beside())
    found = {}
    for name, view in views.items():
        data = session.prepared(view.spec.data, "every")
        assert isinstance(data, Windows)
        update = session.final_update(view)
        traced = trace(view.spec.model, server.lab().snapshot(view.id, update).weights, data.inputs[:-1])
        c = traced.layers[0].c
        assert c is not None
        found[name] = np.abs(c).mean(axis=1), np.abs(traced.output[:, 0] - data.targets[1:])[100:].mean()
        row = visitor.at.table[1].value.loc[name].tolist()
        assert row[:3] == [f"{update:,}", plainly(found[name][0][99]), plainly(found[name][0][-1])]
        assert row[4] == plainly(found[name][1])
    today, first = found.values()
    assert today[0].max() < 10 < first[0][-1]                   # grows without bound, but for the forget gate
    assert f"**{first[0][-1] / first[0][99]:.0f} times** as large at the end" in said(visitor)
    assert f"the error is **{first[1] / today[1]:.1f} times**" in said(visitor)
    assert [line["name"] for line in visitor.figure("memory_endless_sizes")["data"]] == list(views)
