"""``python -m benchmarks.audit --seed n``: hold what the lab says against what is known; ends with 1 on a wrong word.

Each part is a function that takes a seed and a share of the cases, and yields rows of truth beside what was said. A
further part is a module beside ``verdicts`` and an entry in PARTS.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from benchmarks.audit import machines, verdicts
from benchmarks.audit.rows import Row

PARTS: dict[str, Callable[[int, float], Iterator[Row]]] = {"verdicts": verdicts.check, "machines": machines.check}

COLUMNS = "{:<14} {:<62} {:<44} {}"


def main(arguments: list[str]) -> int:
    """Return 0 when nothing wrong was said, 1 else."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(PARTS)}; all when none is given")
    parser.add_argument("--seed", type=int, default=0, help="other data, windows, cells and first weights")
    parser.add_argument("--share", type=float, default=1.0, help="share of the cases, for a quick look")
    chosen = parser.parse_args(arguments)
    for name in chosen.parts:
        if name not in PARTS:
            parser.error(f"{name!r} is no part; there are {', '.join(PARTS)}")
    rows: list[Row] = []
    for name in chosen.parts or PARTS:
        _print(COLUMNS.format("data", "truth", "said", ""))
        for row in PARTS[name](chosen.seed, chosen.share):
            rows.append(row)
            _print(COLUMNS.format(row.nature, row.truth, row.said, "WRONG: " + ", ".join(row.wrong) if row.wrong
                                  else "right"))
    _print("")
    for nature, count in Counter(row.nature for row in rows).items():
        mine = [row for row in rows if row.nature == nature]
        beats = sum("beats" in row.said.split(", ") for row in mine)
        _print(f"{nature:<14} beats {beats} of {count}, wrong {sum(bool(row.wrong) for row in mine)}")
    wrong = sum(bool(row.wrong) for row in rows)
    _print(f"seed {chosen.seed}: {len(rows) - wrong} of {len(rows)} right")
    return 1 if wrong else 0


def _print(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
