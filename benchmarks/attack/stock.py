"""Runs that are in the database before the server starts: attacks need large ones, which take long to train."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace

import numpy as np

from lstm_core.data import Series, digest
from lstm_core.records import Budget, Evaluation, Slice
from lstm_core.spec import Layer, ModelSpec, RunSpec, Table, TrainSpec, Waves
from lstm_core.storage.store import Store

Runs = dict[str, list[str]]

OWNER = "somebody"
LONG = 100_000                  # time steps of the series of a long run: as many as are allowed
WIDE = 512                      # hidden units of a wide run
RECORDED = 300_000              # updates that a wide run has recorded
FORMULA = "=cmd|' /C calc'!A0"  # what a spreadsheet would take for a formula


def fill(kinds: Set[str], store: Store) -> Runs:
    """Put into a store what attacks of these kinds need; return the ids of the runs by what they are."""
    return {name: runs for kind in sorted(kinds & FILLS.keys()) for name, runs in FILLS[kind](store).items()}


def _questions(store: Store) -> Runs:
    """Long ones to be asked about, deep ones to be looked into, and some that wait to be trained."""
    network = ModelSpec(layers=(Layer(128),))
    few = _first(RunSpec(model=network))
    long = [_rests(store, RunSpec(data=Waves(length=LONG), model=network, train=TrainSpec(seed=seed)), few)
            for seed in range(8)]
    deep = RunSpec(data=Waves(steps=400), model=ModelSpec(layers=(Layer(256), Layer(256))), train=TrainSpec(batch=4))
    waiting = RunSpec(model=network, train=TrainSpec(epochs=5_000))
    return {"long": long, "deep": [_rests(store, deep, _first(deep))],
            "waiting": [store.create(f"person {number % 15}", waiting).id for number in range(120)]}


def _wide(store: Store, count: int) -> list[str]:
    """Runs of the widest network that have recorded a great deal."""
    spec = RunSpec(model=ModelSpec(layers=(Layer(WIDE),)), train=TrainSpec(batch=4, epochs=5_000))
    first = _first(spec)
    noise = np.random.default_rng(0).random(RECORDED).astype(np.float32)
    evaluations = tuple(Evaluation(update, update / 1000, 0.1, 0.2, 0.3) for update in range(0, RECORDED, 100))
    shots = tuple(replace(first.records.snapshots[0], update=update) for update in range(4))
    recorded = replace(first, update=RECORDED, epoch=float(RECORDED) / 1000, records=replace(
        first.records, losses=noise, evaluations=evaluations, snapshots=shots))
    return [_rests(store, replace(spec, train=replace(spec.train, seed=seed)), recorded) for seed in range(count)]


def _formulas(store: Store) -> Runs:
    """Keep a run on a table whose columns are called like formulas."""
    rows = np.arange(300)
    table = Series(columns=(FORMULA, "@sum"), values=np.stack([np.sin(rows), np.cos(rows)], 1), index=rows, unit="=1+1",
                   name="+cmd")
    blob = table.to_bytes()
    store.keep_blob(digest(blob), table.name, blob)
    spec = RunSpec(data=Table(digest=digest(blob), features=(FORMULA, "@sum"), column=FORMULA))
    return {"formulas": [_rests(store, spec, _first(spec, blob))]}


def _first(spec: RunSpec, blob: bytes | None = None) -> Slice:
    from lstm_core.learning.training import advance  # torch takes seconds, and attackers need none

    return advance(spec, None, Budget(updates=1), blob)


def _rests(store: Store, spec: RunSpec, done: Slice) -> str:
    """Put a run that has been stopped; what it has done may be that of another with the same network."""
    facts = store.create(OWNER, spec)
    store.save(replace(facts, status="stopped", update=done.update, epoch=done.epoch), [done])
    return facts.id


FILLS: dict[str, Callable[[Store], Runs]] = {
    "questions": _questions, "memory": lambda store: {"wide": _wide(store, 32), "deep": _questions(store)["deep"]},
    "storage": lambda store: {"wide": _wide(store, 1)}, "uploads": _formulas}
"""What the attacks of a kind need."""
