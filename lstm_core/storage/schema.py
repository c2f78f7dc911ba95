"""The tables in which runs, sweeps, courses and classes are kept, and what is written into their columns."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import sqlalchemy as sql
from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from lstm_core import codec
from lstm_core.errors import Refusal
from lstm_core.records import Evaluation, Outcome, TrainedOn, View
from lstm_core.spec import RunSpec, Split, serialization
from lstm_core.spec.sweep import SweepSpec

Status = Literal["queued", "training", "paused", "done", "stopped", "failed"]
ACTIVE: tuple[Status, ...] = ("queued", "training")
UNFINISHED: tuple[Status, ...] = (*ACTIVE, "paused")

EXAMPLE_OWNER = "example"       # of the runs that everybody sees and nobody may change

EVALUATIONS = np.dtype([("update", "i8"), ("epoch", "f8"), ("train_loss", "f8"), ("validation_loss", "f8"),
                        ("score", "f8")])
"""The curve of a run: one entry for each ``records.Evaluation``, under its field names."""

metadata = sql.MetaData()

runs = Table(
    "runs", metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("spec", Text, nullable=False),                # serialization.to_json
    Column("status", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text),                              # a refusal: [template, values], so that it can be translated
    Column("created", Float, nullable=False),            # seconds since 1970
    Column("touched", Float, nullable=False),
    Column("update", Integer, nullable=False),
    Column("epoch", Float, nullable=False),
    Column("seconds", Float, nullable=False),            # spent on updates
    Column("pace", Float),                               # updates per second; null: as fast as possible
    Column("revision", Integer, nullable=False),         # number of saves: each builds on the one before
    Index("runs_of_owner", "owner", "created"),
    Index("runs_in_use", "owner", "touched", "status", "id"),    # all that pruning reads
)


def _run() -> Column[str]:
    return Column("run", String(40), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


states = Table(
    "states", metadata, _run(),
    Column("state", LargeBinary),
    Column("view", LargeBinary),
    Column("content", String(100)),                      # where the state stands among ``contents``, instead of here
    Index("states_by_content", "content"),
)

history = Table(
    "history", metadata, _run(),
    Column("revision", Integer, primary_key=True),
    Column("losses", LargeBinary, nullable=False),       # float32, one for each update
    Column("evaluations", LargeBinary, nullable=False),  # of dtype EVALUATIONS
)

snapshots = Table(
    "snapshots", metadata, _run(),
    Column("update", Integer, primary_key=True),
    Column("regular", Integer, nullable=False),          # 1: stays; 0: stays only while it is the best
    Column("best", Integer, nullable=False),
    Column("weights", LargeBinary, nullable=False),      # empty when ``contents`` has them
    Column("content", String(100)),
    Index("snapshots_by_content", "content"),
)

contents = Table(       # what several runs share: states and weights of a run that was copied, under their hash
    "contents", metadata,
    Column("digest", String(100), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),            # or shared last: seconds since 1970
)

machines = Table(       # on which a run was trained; older runs have none
    "machines", metadata, _run(),
    Column("since", Integer, primary_key=True),          # the update from which on
    Column("processor", Text, nullable=False),
    Column("torch", String(100), nullable=False),        # versions
    Column("numpy", String(100), nullable=False),
    Column("version", String(100), nullable=False),
)

blobs = Table(          # a series or a checkpoint; the names in the database are older
    "tables", metadata,
    Column("digest", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("series", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
)

sweep_table = Table(
    "sweeps", metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("spec", Text, nullable=False),                # sweep.to_json
    Column("status", String(20), nullable=False),        # SweepStatus
    Column("created", Float, nullable=False),            # seconds since 1970
    Index("sweeps_of_owner", "owner", "created"),
)

sweep_runs = Table(
    "sweep_runs", metadata,
    Column("sweep", String(40), ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),         # of the point of its spec
    Column("updates", Integer, nullable=False),          # at most, all epochs
    Column("parameters", Integer, nullable=False),
    Column("run", String(40), ForeignKey("runs.id")),    # null: not begun yet
    Column("status", String(20)),                        # with which it has ended; null: not yet
    Column("outcome", String(20)),
    Column("error", Float),                              # of the network it keeps; null: it has none
    Column("seconds", Float),                            # spent on updates
    Index("sweep_runs_by_run", "run"),                   # asked for whenever a run is deleted
)

courses = Table(
    "courses", metadata,
    Column("owner", String(200), primary_key=True),
    Column("touched", Float, nullable=False),            # kept or looked at: seconds since 1970
    Column("revision", Integer, nullable=False),         # number of times it was kept: each builds on the one before
    Column("progress", Text, nullable=False),            # JSON
    Index("courses_by_age", "touched", "owner"),         # all that pruning reads
)

classes = Table(
    "classes", metadata,
    Column("code", String(10), primary_key=True),
    Column("teacher", String(100), nullable=False),      # hash of the secret that makes one its teacher
    Column("key", String(40), nullable=False),           # what a link has besides the code, which may be guessed
    Column("created", Float, nullable=False),            # seconds since 1970
    Column("revision", Integer, nullable=False),         # number of changes: each builds on the one before
    Column("state", Text, nullable=False),               # JSON
    Index("classes_by_age", "created", "code"),
)


def _class() -> Column[str]:
    return Column("code", String(10), ForeignKey("classes.code", ondelete="CASCADE"), primary_key=True)


teachers = Table(       # browsers that may do what a teacher does
    "class_teachers", metadata, _class(),
    Column("owner", String(200), primary_key=True),
    Index("classes_of_teacher", "owner", "code"),
)

learners = Table(
    "class_learners", metadata, _class(),
    Column("owner", String(200), primary_key=True),
    Column("number", Integer, nullable=False),           # in the order of joining, from 1
    Column("name", String(100), nullable=False),
    Column("joined", Float, nullable=False),             # seconds since 1970
    Column("seen", Float, nullable=False),
    Column("place", Text, nullable=False),               # page of the lab, and its query
    Index("class_names", "code", "name", unique=True),
    Index("class_numbers", "code", "number", unique=True),
    Index("classes_of_learner", "owner", "joined", "code"),
)

answers = Table(        # to a question, for each vote; of an experiment the id of the run
    "class_answers", metadata, _class(),
    Column("item", Integer, primary_key=True),           # number of the question or experiment, from 0
    Column("vote", Integer, primary_key=True),
    Column("owner", String(200), primary_key=True),
    Column("answer", Text, nullable=False),              # JSON
    Column("given", Float, nullable=False),              # seconds since 1970
)

secrets = Table(        # of this server: made when first needed, never shown and never changed
    "secrets", metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

version = Table("version", metadata, Column("number", Integer, primary_key=True))   # of these tables: one row


@dataclass(frozen=True)
class RunFacts:
    """One line about a run: what it is and where it stands."""

    id: str
    owner: str
    spec: RunSpec
    status: Status
    outcome: Outcome
    reason: Refusal | None
    created: float                  # seconds since 1970
    update: int
    epoch: float
    seconds: float                  # spent on updates
    pace: float | None              # updates per second; None: as fast as possible
    revision: int                   # number of saves

    @property
    def active(self) -> bool:
        """Tell whether the run goes on by itself: it trains, or waits for its turn."""
        return self.status in ACTIVE


@dataclass(frozen=True)
class StoredRun:
    """A run with all it needs to be shown; its state and its snapshots stay where they are until they are asked for."""

    facts: RunFacts
    begun: bool                     # it has a state to go on from
    view: View | None
    losses: np.ndarray              # (updates,) float32
    evaluations: np.ndarray         # (n,) of dtype EVALUATIONS
    snapshots: np.ndarray           # (n,) int64: updates of which there is a snapshot
    trained_on: tuple[TrainedOn, ...] = ()
    state: bytes | None = None      # where it is about to be written


SweepStatus = Literal["running", "cancelled", "done"]


@dataclass(frozen=True)
class SweepFacts:
    """One line about a sweep."""

    id: str
    owner: str
    spec: SweepSpec
    status: SweepStatus
    created: float                  # seconds since 1970


@dataclass(frozen=True)
class Measures:
    """What is known of a run before it begins."""

    updates: int                    # at most
    parameters: int


@dataclass(frozen=True)
class SweptRun:
    """One run of a sweep as it is kept."""

    number: int                     # of the point of its spec
    measures: Measures
    run: str | None                 # None: not begun yet
    status: Status | None           # with which it has ended; None: not yet
    outcome: Outcome | None
    error: float                    # of the network it keeps, on the validation part, as Evaluation.error; nan: none
    seconds: float                  # spent on updates


def to_row(facts: RunFacts) -> dict[str, Any]:
    """Return the values of a row of ``runs``, touched now."""
    row = vars(facts) | {"touched": time.time()}
    row["spec"] = serialization.to_json(facts.spec)
    if facts.reason is not None:
        row["reason"] = json.dumps([facts.reason.template, facts.reason.values], default=str)
    return row


def curve(evaluations: Sequence[Evaluation]) -> np.ndarray:
    """Return evaluations as an array of dtype EVALUATIONS."""
    return np.array([tuple(getattr(e, name) for name in EVALUATIONS.names or ()) for e in evaluations], EVALUATIONS)


def pack_view(view: View) -> bytes:
    """Return predictions as bytes."""
    return codec.pack({str(split): rows for split, rows in view.predictions.items()}, {"update": view.update})


def unpack_view(data: bytes) -> View:
    """Return what :func:`pack_view` was given."""
    predictions, facts = codec.unpack(data)
    return View(facts["update"], cast(dict[Split, np.ndarray], predictions))
