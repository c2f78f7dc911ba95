"""Questions about a trained network are answered by a worker, between the slices of those that train.

Workers that die over a question or never answer it: test_faults.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from lstm_core.data import Series
from lstm_core.errors import Refusal
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.spec import Layer, ModelSpec, RunSpec, Table, TrainSpec
from lstm_core.storage.store import Store


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    engine, store = LocalEngine(1), Store(f"sqlite:///{tmp_path_factory.mktemp('ask') / 'lab.db'}")
    lab = Lab(store, engine)
    yield lab
    lab.close()
    engine.close()
    store.close()


def test_data_from_outside_reach_the_worker_that_answers(lab: Lab) -> None:
    values = np.sin(np.arange(200.0))[:, None]
    kept = lab.keep_blob(Series(("a",), values, np.arange(200)).to_bytes(), "sine")
    spec = RunSpec(data=Table(digest=kept, features=("a",), column="a", steps=5), model=ModelSpec(layers=(Layer(3),)),
                   train=TrainSpec(epochs=1))
    run = lab.start(spec, "ada")
    deadline = time.monotonic() + 20
    while lab.view(run).status != "done":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    weights = lab.snapshot(run, lab.view(run).update).weights
    assert lab.ask(jobs.one_step_predictions, spec, weights, "test").shape == (20,)
    missing = spec.change(digest="0" * 32)
    with pytest.raises(Refusal, match="not kept here"):
        lab.ask(jobs.one_step_predictions, missing, weights, "test")


def test_what_goes_wrong_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(Refusal, match="This cannot be computed"):
        lab.ask(jobs.one_step_predictions, RunSpec(), {}, "test")
