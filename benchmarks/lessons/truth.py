"""What the robot knows: the run that the server has stored, as a lesson sees it, worked out in this process."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_core.learning import forecast, worker_cache
from lstm_core.lessons import offline
from lstm_core.lessons.cards import AnyCard, Lesson, Predict, See, Stage
from lstm_core.lessons.moment import Moment
from lstm_core.records import Weights
from lstm_core.spec import RunSpec
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.storage.store import Store
from lstm_core.ui.base.examples import EXAMPLES

LOOKED = 200            # newest runs of a person, and of the examples, among which the stage's is looked for


def deciding(lesson: Lesson, card: AnyCard) -> AnyCard:
    """Return the card beside whose stage the truth of a card is worked out: of a prediction, where it is shown."""
    if isinstance(card, Predict):
        return next(other for other in lesson.cards if isinstance(other, See) and other.of == card.name)
    return card


def beforehand(lesson: Lesson, card: AnyCard) -> Moment:
    """Return the run that a card will be judged by, trained here: equal settings give the same run."""
    return offline.trained(lesson.stage(deciding(lesson, card).name).spec)


def stored(store: Store, owner: str, stage: Stage) -> Moment:
    """Return the run that a stage shows now: the person's newest that fits, else the example, else an untrained one."""
    return _fitting(store, owner, stage.fits, stage.spec)


def _fitting(store: Store, owner: str, fits: Callable[[RunSpec], bool], spec: RunSpec) -> Moment:
    own = [facts.id for facts in store.recent(owner, LOOKED) if facts.status != "failed" and fits(facts.spec)]
    example = [facts.id for facts in store.recent(EXAMPLE_OWNER, LOOKED)
               if facts.spec == spec and spec in EXAMPLES.values()]
    found = next(iter([*own, *example]), None)
    return offline.untrained(spec) if found is None else _moment(store, owner, found)


def _moment(store: Store, owner: str, run: str) -> Moment:
    kept = store.load(run)
    assert kept is not None
    facts, spec = kept.facts, kept.facts.spec
    updates = np.asarray(kept.snapshots, dtype=np.int64)

    def weights(update: int) -> Weights:
        found = store.snapshot(run, update)
        assert found is not None
        return found.weights

    best = [int(update) for update in updates if (shot := store.snapshot(run, int(update))) and shot.best]
    final = best[-1] if spec.train.keep_best and best else int(updates[-1]) if len(updates) else 0
    return Moment(
        spec=spec, run=run, own=facts.owner == owner, update=facts.update, ended=facts.status == "done",
        outcome=facts.outcome, known_losses=kept.losses,
        known_evaluations=kept.evaluations, snapshots=updates, final=final,
        prepared=lambda asked: worker_cache.dataset(asked.data, asked.model.output), weights_of=weights,
        scored=lambda update, split: forecast.score(spec, weights(update), split),
        predicted=lambda update, split: forecast.one_step_predictions(spec, weights(update), split),
        free=lambda update, starts, count: forecast.free_running(spec, weights(update), starts, count),
        others=lambda other: _fitting(store, owner, lambda theirs: theirs.change(lr_changes=()) == other, other))
