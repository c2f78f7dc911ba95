"""Questions about a trained network are answered by a worker, between the slices of those that train."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lstm_core import limits
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


def fails_twice(flag: str) -> str:
    path = Path(flag)
    count = int(path.read_text()) if path.exists() else 0
    path.write_text(str(count + 1))
    if count < 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


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


def test_a_worker_that_dies_over_a_question_is_asked_again(lab: Lab, tmp_path: Path) -> None:
    assert lab.ask(fails_twice, str(tmp_path / "count")) == "answered"
    with pytest.raises(Refusal, match="3 times in a row"):
        lab.ask(os.abort)


def test_what_goes_wrong_or_takes_too_long_is_a_sentence(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal, match="This cannot be computed"):
        lab.ask(jobs.one_step_predictions, RunSpec(), {}, "test")
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.2)
    with pytest.raises(Refusal, match=r"longer than 0\.2 seconds"):
        lab.ask(time.sleep, 30)
