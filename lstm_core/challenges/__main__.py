"""``python -m lstm_core.challenges [name ...]``: train the solutions, and the start settings that must not be ones."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median

from lstm_core.challenges import CHALLENGES, GOOD, SEEDS, Challenge
from lstm_core.challenges.experiments import SOLUTIONS
from lstm_core.challenges.judge import Attempt, checks, measured, result, written
from lstm_core.learning import forecast, worker_cache
from lstm_core.presets import figures
from lstm_core.presets.kinds import KINDS
from lstm_core.presets.measures import trained
from lstm_core.presets.measuring import measure
from lstm_core.spec import RunSpec, parameters

COLUMNS = "{:<12} {:<9} {:>7} {:>36} {:>10} {:>8} {:>18}  {}"


def tried(challenge: Challenge, spec: RunSpec) -> tuple[float, bool]:
    """Train a run and return what it reached, and whether it solves the challenge."""
    run = trained(spec)
    score = forecast.score(spec, run.weights, challenge.split)
    io_shape = worker_cache.dataset(spec.data, spec.model.output).io_shape
    attempt = Attempt(spec=spec, parameters=sum(parameters.parameters(spec.model, io_shape).values()),
                      epoch=run.evaluations[-1].epoch, ended=True, outcome=run.outcome)
    held = [*checks(challenge, attempt), result(challenge, score)]
    return measured(challenge, score), all(check.met for check in held)


def main(arguments: list[str], file: Path = figures.FILE) -> int:
    """Return 0 when enough seeds of every solution solve it and its start settings do not, 1 else."""
    parser = argparse.ArgumentParser(prog="python -m lstm_core.challenges", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(CHALLENGES)}; all when none")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="so many seeds of each solution")
    parser.add_argument("--measure", action="store_true", help="write what the solutions reach to the file from which "
                        "pages and docs take their figures, instead of holding them against the rules")
    chosen = parser.parse_args(arguments)
    for name in chosen.names:
        if name not in CHALLENGES:
            parser.error(f"{name!r} is no challenge; there are {', '.join(CHALLENGES)}")
    if chosen.measure:
        experiments = {key: each for key, each in SOLUTIONS.items() if each.preset in (chosen.names or CHALLENGES)}
        known = figures.read(file)
        for key, found in measure(experiments, os.cpu_count() or 1):
            figures.write(known := {**known, key: found}, file)
            _print(f"{key}: " + ", ".join(f"{name} {figures.written(values, KINDS[name], 'spread')}"
                                          for name, values in found.values.items()))
        return 0
    _print(COLUMNS.format("challenge", "measure", "seeds", "reached", "bound", "seconds", "start", ""))
    met = True
    for name in chosen.names or CHALLENGES:
        challenge = CHALLENGES[name]
        began = time.perf_counter()
        runs = [tried(challenge, challenge.solution.change(seed=seed)) for seed in range(chosen.seeds)]
        seconds = (time.perf_counter() - began) / len(runs)
        good = sum(solved for _, solved in runs)
        first, start_solves = tried(challenge, challenge.start)
        fine = good >= min(GOOD, len(runs)) and not start_solves
        met &= fine
        values = sorted(value for value, _ in runs)
        spread = [written(challenge, value) for value in (median(values), values[0], values[-1])]
        _print(COLUMNS.format(name, challenge.measure, f"{good}/{len(runs)}", "{} ({} to {})".format(*spread),
                              written(challenge, challenge.bound), f"{seconds:.1f}",
                              written(challenge, first) + (" SOLVES" if start_solves else ""),
                              "reached" if fine else "MISSED"))
    return 0 if met else 1


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
