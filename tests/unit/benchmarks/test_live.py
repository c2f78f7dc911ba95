"""`make live` says what is not as wanted, and its made-up runs are such as training leaves behind."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.live import runs
from benchmarks.live.figure import Figure
from benchmarks.live.server import in_process
from benchmarks.streamed import head, unpacked
from lstm_core.learning.training import advance
from lstm_core.records import Budget
from lstm_core.storage.store import Store
from lstm_core.ui.base.wire import pack


@pytest.mark.parametrize(("figure", "good"), [
    (Figure("bytes", 3000, "bytes", most=3000), True), (Figure("bytes", 3001, "bytes", most=3000), False),
    (Figure("frames", 25, "a second", least=25), True), (Figure("frames", 24.9, "a second", least=25), False),
    (Figure("memory", 1e9, "MB"), True)])
def test_a_figure_says_whether_it_is_as_wanted(figure: Figure, good: bool) -> None:
    assert figure.good is good
    assert str(figure).endswith("MISSED") is not good


@pytest.mark.parametrize("kind", runs.KINDS)
def test_a_made_up_run_goes_on_where_it_says_it_is(kind: str, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'lab.db'}")
    kept = store.load(runs.put(store, runs.KINDS[kind], 5_000))
    assert kept is not None
    state = store.state(kept.facts)
    store.close()
    assert (kept.facts.update, len(kept.losses), kept.facts.active) == (5_000, 5_000, True)
    assert kept.view is not None
    assert kept.view.predictions.keys() == {"validation"}
    piece = advance(kept.facts.spec, state, Budget(updates=3))
    assert (piece.records.first, piece.update, piece.outcome) == (5_000, 5_003, "training")
    assert piece.epoch == pytest.approx(kept.facts.epoch, rel=0.001)
    assert len(kept.evaluations) > 100
    assert len(kept.snapshots) > 150


def test_a_picture_costs_about_the_same_however_long_the_run() -> None:
    short, *_between, long = in_process()
    assert long.value < 3 * short.value


def test_what_is_packed_is_read_as_in_the_browser() -> None:
    message = pack({"run": "a", "mean": np.float32([1.5, 2.5]), "rows": np.uint8([[1, 2], [3, 4]])})
    assert head(message)["run"] == "a"
    told = unpacked(message)
    assert told["mean"].tolist() == [1.5, 2.5]
    assert told["rows"].tolist() == [[1, 2], [3, 4]]
