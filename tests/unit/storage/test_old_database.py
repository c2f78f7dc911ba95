"""A database written by version 0.1.0 still serves: every run is read, shown and trained on to the same numbers.

``version_0_1_0.sql`` was written by that version itself, so that nothing of today's code decides what is old.
"""

from __future__ import annotations

import base64
import json
import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch

from lstm_core.learning import machine, training, worker_cache
from lstm_core.learning.network import Network
from lstm_core.records import Budget
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.spec import SOURCES
from lstm_core.spec.serialization import from_json, from_query, to_json
from lstm_core.spec.sweep import Axis
from lstm_core.storage.schema import EVALUATIONS, StoredRun
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore
from tests.unit.running.waiting import ended, until

DUMP = Path(__file__).with_name("version_0_1_0.sql")


def written(file: str) -> sqlite3.Connection:
    """Write the old database into a file."""
    connection = sqlite3.connect(file)
    connection.create_function("unpacked", 1, lambda text: lzma.decompress(base64.b64decode(text)))
    connection.executescript(DUMP.read_text("utf-8"))
    return connection


def told() -> dict[str, dict[str, Any]]:
    """Return what version 0.1.0 said of each run, by the name of the run."""
    found: dict[str, dict[str, Any]] = {}
    with closing(written(":memory:")) as connection:
        for name, run, what, value in connection.execute("SELECT name, run, what, value FROM expected"):
            found.setdefault(name, {"run": run})[what] = json.loads(value)
    return found


def opened(folder: Path) -> Store:
    """Open a copy of the old database."""
    written(str(folder / "old.db")).close()
    return Store(f"sqlite:///{folder / 'old.db'}")


EXPECTED = told()
PAUSED = [name for name, about in EXPECTED.items() if "continued losses" in about]
FINISHED = [name for name, about in EXPECTED.items() if "predictions" in about]
COUNTED_ANEW = ("cosine", "letters")        # an error over each row once, by the window before it; losses as ever
SAME_PROCESSOR = torch.backends.cpu.get_cpu_capability() == EXPECTED["processor"]["capability"]


def assert_same(got: Any, expected: Any) -> None:
    """Compare to the last bit on the kind of processor that the old version ran on, else as far as rounding allows."""
    expected = np.array(expected, np.asarray(got).dtype)
    if SAME_PROCESSOR:
        np.testing.assert_array_equal(got, expected)
    else:
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


def rows(evaluations: np.ndarray) -> np.ndarray:
    """Return evaluations as an array (n, 5) float64."""
    return np.array([list(entry) for entry in evaluations.tolist()])


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The old database as it is, for tests that only read it."""
    store = opened(tmp_path_factory.mktemp("old"))
    yield store
    store.close()


def loaded(store: Store, name: str) -> StoredRun:
    stored = store.load(EXPECTED[name]["run"])
    assert stored is not None
    return stored


def test_the_old_database_has_runs_of_every_source(old: Store) -> None:
    assert {loaded(old, name).facts.spec.data.source for name in PAUSED} == SOURCES.keys()
    assert {facts.id for owner in ("ada", "bob", "cy", "dee") for facts in old.recent(owner, 50)} == {
        about["run"] for name, about in EXPECTED.items() if name not in ("sweep", "processor")}


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"sweep", "processor"}))
def test_every_run_is_read_as_its_old_address_says(old: Store, name: str) -> None:
    about, stored = EXPECTED[name], loaded(old, name)
    assert stored.facts.spec == from_query(dict(parse_qsl(about["address"], keep_blank_values=True)))
    assert from_json(to_json(stored.facts.spec)) == stored.facts.spec
    status = name if name in ("failed", "stopped") else "paused" if name in PAUSED else "done"
    assert (stored.facts.status, stored.facts.update) == (status, len(stored.losses))
    losses, curve = (about.get(f"continued {what}", about.get(what)) for what in ("losses", "evaluations"))
    assert stored.losses.tolist() == np.array(losses[:len(stored.losses)], np.float32).tolist()
    evaluations = rows(stored.evaluations)
    assert stored.evaluations.dtype == EVALUATIONS
    np.testing.assert_array_equal(evaluations, np.array(curve[:len(evaluations)], float).reshape(evaluations.shape))
    assert len(evaluations) >= (name != "failed")


def test_settings_have_their_new_names(old: Store) -> None:
    specs = {name: loaded(old, name).facts.spec for name in PAUSED}
    assert (specs["waves"].model.input_dense, specs["waves"].model.relu_head, specs["waves"].train.clip_norm
            ) == (2, 3, 0.5)
    assert (specs["cosine"].train.stateful, specs["cosine"].train.clip_norm) == ("parallel", 0.0)
    assert (specs["letters"].train.stateful, specs["enough"].train.target_score) == ("staggered", 0.58)
    assert specs["table"].data.features == ("price", "a \\, b")     # type: ignore[attr-defined]
    assert specs["table"].train.lr_changes == ((2, 0.01), (4, 0.02))


def test_a_refusal_is_read_with_its_words(old: Store) -> None:
    reason = loaded(old, "failed").facts.reason
    assert str(reason) == EXPECTED["failed"]["reason"]
    assert "has no column 'nothing'" in str(reason)


@pytest.mark.parametrize("name", ["waves", "letters"])
def test_snapshots_are_read(old: Store, name: str) -> None:
    stored = loaded(old, name)
    assert stored.snapshots.tolist() == EXPECTED[name]["snapshots"]
    network = Network(stored.facts.spec.model, worker_cache.dataset(
        stored.facts.spec.data, stored.facts.spec.model.output).io_shape)
    for update in stored.snapshots:
        snapshot = old.snapshot(stored.facts.id, int(update))
        assert snapshot is not None
        assert {key: array.shape for key, array in snapshot.weights.items()} == {
            key: array.shape for key, array in network.weights().items()}


@pytest.mark.parametrize("name", FINISHED)
def test_predictions_are_shown(old: Store, engine: LocalEngine, name: str) -> None:
    lab = Lab(old, engine)
    try:
        run, expected = EXPECTED[name]["run"], EXPECTED[name]["predictions"]
        until(lambda: lab.view(run, expected).predictions_update == lab.view(run).update)
        view = lab.view(run)
        assert view.status == "done"
        for split, values in expected.items():
            assert_same(view.predictions[split], values)
    finally:
        lab.close()


def test_a_sweep_is_read_with_its_runs(old: Store) -> None:
    found = SweepStore(old).load(EXPECTED["sweep"]["run"])
    assert found is not None
    facts, runs = found
    assert facts.spec.axes == (Axis("clip_norm", (0.1, 1.0)), Axis("hidden", (2, 3)))
    points = facts.spec.points
    assert [[points[run.number].setting, points[run.number].seed, run.status, run.outcome, run.error]
            for run in runs] == EXPECTED["sweep"]["sweep"]
    for run in runs:
        assert run.run is not None
        stored = old.load(run.run)
        assert stored is not None
        assert stored.facts.spec == points[run.number].spec


@pytest.mark.parametrize("name", PAUSED)
def test_a_paused_run_goes_on_to_the_numbers_of_the_old_version(old: Store, name: str) -> None:
    stored, about = loaded(old, name), EXPECTED[name]
    for key in (getattr(stored.facts.spec.data, "digest", ""), stored.facts.spec.train.checkpoint):
        if key:
            blob = old.blob(key)
            assert blob is not None
            worker_cache.put(blob)
    piece = training.advance(stored.facts.spec, old.state(stored.facts), Budget())
    assert piece.outcome == about["continued outcome"]
    assert_same(piece.records.losses, about["continued losses"][stored.facts.update:])
    evaluations = np.array([list(vars(entry).values()) for entry in piece.records.evaluations], float)
    expected = np.array(about["continued evaluations"][-len(evaluations):], float)
    told = 4 if name in COUNTED_ANEW else 5
    assert_same(evaluations[:, :told], expected[:, :told])


def test_a_paused_run_is_resumed_in_the_lab_with_its_table(tmp_path: Path, engine: LocalEngine) -> None:
    about = EXPECTED["table"]
    store = opened(tmp_path)
    lab = Lab(store, engine)
    try:
        before = lab.view(about["run"])
        assert before.trained_on == ()                  # nobody kept it then
        lab.command(about["run"], "bob", "resume")
        view = ended(lab, about["run"])
        (part,) = view.trained_on
        assert (part.since, part.machine) == (before.update, machine.this())
        assert_same(view.losses, about["continued losses"])
        assert_same(rows(view.evaluations), about["continued evaluations"])
    finally:
        lab.close()
        store.close()
