"""What a run was trained on stands on the page, and where kinds of machine differ, what follows from it."""

from __future__ import annotations

from dataclasses import replace

from lstm_core.records import TrainedOn
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor


def elsewhere(run: str, *, since: int) -> None:
    """Let a run have been trained on another kind of machine from an update on."""
    live = lab()._dispatcher.find(run)
    (first,) = live.trained_on
    other = TrainedOn(since, replace(first.machine, processor="x86_64 AVX2 Haswell"))
    live.trained_on = (first, other) if since else (other,)


def beside(visit: Visit, one: str, other: str) -> Visitor:
    visitor = visit("start")
    visitor.at.query_params["runs"] = f"{one},{other}"
    return visitor.open("compare")


def test_a_run_says_what_it_was_trained_on_and_when_that_has_changed(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest()
    (part,) = visitor.view.trained_on
    assert f"Trained on: {part.machine.processor}, torch {part.machine.torch}" in visitor.captions
    assert "another kind of machine" not in visitor.hints
    elsewhere(visitor.run, since=7)
    visitor.look()
    assert "continued on another kind of machine, from update 7 on" in visitor.hints
    assert "from update 7 on x86_64 AVX2 Haswell" in visitor.captions


def test_equal_settings_give_the_same_bits_on_the_same_kind_only(visit: Visit) -> None:
    one, other = (visit(**SMALL).click("train").rest() for _ in range(2))
    assert (one.view.losses == other.view.losses).all()
    compared = beside(visit, one.run, other.run)
    assert any("same result to the last bit" in text.value for text in compared.at.markdown)
    shared = next(found.value for found in compared.at.table if "Value" in found.value.columns)
    assert one.view.trained_on[0].machine.processor in shared.loc["Trained on", "Value"].replace("\\", "")
    elsewhere(other.run, since=0)
    compared.look()
    (said,) = (text.value for text in compared.at.markdown if "different kinds of machine" in text.value)
    assert "B x86\\_64 AVX2 Haswell" in said
    changed = visit(**SMALL | {"seed": "3"}).click("train").rest()
    table = beside(visit, other.run, changed.run).at.table[0].value
    assert table.index.tolist() == ["Seed", "Trained on"]
    for known in ((), (replace(one.view.trained_on[0], since=3),)):     # older than what is kept, all or its start
        lab()._dispatcher.find(other.run).trained_on = known
        assert any("so on the same kind of machine" in text.value for text in compared.look().at.markdown)
    assert "from update 3 on x86_64" in visit("train", run=other.run).captions
    assert "before that: not recorded" in visit("train", run=other.run).captions
