"""Train the experiments with several seeds, in processes side by side, and keep what they reach."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime
from multiprocessing import get_context
from statistics import median

import numpy as np

from lstm_core.learning import machine, worker_cache
from lstm_core.presets.experiments import Experiment
from lstm_core.presets.figures import Measured
from lstm_core.presets.measures import MEASURES, trained, trained_as_in_1997
from lstm_core.spec import RunSpec

SEEDS, FEW = 20, 5          # of each experiment; of one whose training takes long
LONG, LONG_ASIDE = 8.0, 4.0    # seconds of processor time above which a training takes long; a variant's
SAMPLES = 64                # of each part, which the digest of the data goes over


def measure(experiments: Mapping[str, Experiment], processes: int,
            seeds: int | None = None) -> Iterator[tuple[str, Measured]]:
    """Train the experiments and yield each as soon as all its seeds are there.

    Args:
        experiments: by name.
        processes: which train at the same time, each on one core.
        seeds: so many of each; None: SEEDS, or FEW where a training takes long.
    """
    found: dict[str, dict[int, dict[str, float]]] = {name: {} for name in experiments}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        first = min(seeds or FEW, FEW)
        open_jobs: dict[Future[dict[str, float]], tuple[str, int]] = {
            pool.submit(reached, experiments[name], seed): (name, seed)
            for name in experiments for seed in range(first)}
        wanted = dict.fromkeys(experiments, first)
        while open_jobs:
            done, _others = wait(open_jobs, return_when=FIRST_COMPLETED)
            for job in done:
                name, seed = open_jobs.pop(job)
                found[name][seed] = job.result()
                if len(found[name]) < wanted[name]:
                    continue
                more = range(wanted[name], enough(experiments[name], found[name], seeds))
                wanted[name] += len(more)
                open_jobs |= {pool.submit(reached, experiments[name], seed): (name, seed) for seed in more}
                if not more:
                    yield name, _measured(experiments[name], found[name])


def enough(experiment: Experiment, found: Mapping[int, Mapping[str, float]], seeds: int | None) -> int:
    """Return how many seeds an experiment is trained with, once the first ones are there."""
    long = median(one["seconds"] for one in found.values()) > (LONG_ASIDE if experiment.aside else LONG)
    return seeds or (FEW if long else SEEDS)


def reached(experiment: Experiment, seed: int) -> dict[str, float]:
    """Train one seed and return what it reaches, by measure."""
    train = trained_as_in_1997 if experiment.rule == "1997" else trained
    run = train(experiment.spec.change(seed=seed))
    return {name: MEASURES[name](run) for name in (*experiment.measures, "seconds")}


def _measured(experiment: Experiment, found: Mapping[int, Mapping[str, float]]) -> Measured:
    return Measured(
        spec=experiment.spec, rule=experiment.rule, data=data_digest(experiment.spec),
        date=datetime.now(UTC).date().isoformat(), torch=machine.this().torch, processor=machine.this().processor,
        values={name: tuple(found[seed][name] for seed in sorted(found))
                for name in (*experiment.measures, "seconds")})


def data_digest(spec: RunSpec) -> str:
    """Return a digest of samples of each part: 12 hexadecimal digits that change when the source makes others."""
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    made = hashlib.sha256()
    for sample_ids in prepared.sample_ids.values():
        some = sample_ids[::max(1, len(sample_ids) // SAMPLES)][:SAMPLES]
        for array in (prepared.x(some), prepared.y(some)) if len(some) else ():
            made.update(np.round(array, 4).tobytes())
        made.update(str(len(sample_ids)).encode())
    return made.hexdigest()[:12]


def stale(name: str, experiment: Experiment, measured: Mapping[str, Measured]) -> str:
    """Return why what is known of an experiment no longer holds; "" when it does."""
    if name not in measured:
        return "not measured"
    known = measured[name]
    if known.spec != experiment.spec or known.rule != experiment.rule:
        return "other settings"
    if not {*experiment.measures, "seconds"} <= known.values.keys():
        return "other measures"
    if known.data != data_digest(experiment.spec):
        return "other data"
    return ""
