"""``python -m lstm_core.presets [name ...]``: measure the presets, and everything else whose results are quoted.

Each is trained with several seeds; what they reach is written to ``measured.json``, from which pages and docs take
their figures, and printed beside what a preset should reach.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lstm_core.presets import PRESETS, tables
from lstm_core.presets.experiments import EXPERIMENTS, chosen
from lstm_core.presets.figures import FILE, Measured, read, write, written
from lstm_core.presets.kinds import KINDS
from lstm_core.presets.measuring import measure, stale
from lstm_core.presets.pictures import picture

PICTURES = Path(__file__).parents[1] / "ui" / "static" / "presets"
DOCS = Path(__file__).parents[2] / "docs" / "presets.md"

COLUMNS = "{:<20} {:<32} {:>5} {:>34} {:>22}  {}"


def main(arguments: list[str], file: Path = FILE, docs: Path = DOCS) -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m lstm_core.presets", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="a preset (with its variants) or a variant; all when "
                        "none is given, and what was measured of the others stays")
    parser.add_argument("--stale", action="store_true", help="only what is not yet measured, or with other settings")
    parser.add_argument("--seeds", type=int, help="only try so many seeds, and write nothing")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="that train at the same time")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures of the start page anew instead")
    parser.add_argument("--docs", action="store_true", help="write the tables of the docs anew instead")
    asked = parser.parse_args(arguments)
    for name in asked.names:
        if name not in EXPERIMENTS:
            parser.error(f"{name!r} is no preset; there are {', '.join(EXPERIMENTS)}")
    if asked.pictures:
        for name in asked.names or PRESETS:
            (PICTURES / f"{name}.svg").write_text(picture(PRESETS[name]), encoding="utf-8")
        return 0
    met = True
    if not asked.docs:
        known = read(file)
        experiments = chosen(asked.names or list(PRESETS))
        if asked.stale:
            experiments = {name: each for name, each in experiments.items() if stale(name, each, known)}
        _print(COLUMNS.format("name", "measure", "seeds", "median (lowest to highest)", "expected", ""))
        for name, result in measure(experiments, asked.processes, asked.seeds):
            met &= _report(name, result)
            if not asked.seeds:
                write(known := {**known, name: result}, file)
    if not asked.seeds:
        docs.write_text(tables.inserted(docs.read_text(encoding="utf-8"), read(file)), encoding="utf-8")
    return 0 if met else 1


def _report(name: str, result: Measured) -> bool:
    """Print what an experiment reached; tell whether a preset has reached its goals."""
    goals = {goal.measure: goal for goal in PRESETS[name].goals} if name in PRESETS else {}
    met = True
    for measured, values in result.values.items():
        goal = goals.get(measured)
        fine = goal is None or goal.met(values)
        met &= fine
        _print(COLUMNS.format(name, measured, len(values), written(values, KINDS[measured], "spread"),
                              tables.expected(goal) if goal else "", "" if fine else "MISSED"))
    return met


def _print(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
