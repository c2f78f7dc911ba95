"""``python -m lstm_core.presets [name ...]``: train the presets and print what they reached beside what they should."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lstm_core.presets import PRESETS
from lstm_core.presets.measures import Reached, check
from lstm_core.presets.pictures import picture

PICTURES = Path(__file__).parents[1] / "ui" / "static" / "presets"

COLUMNS = "{:<16} {:<32} {:>7} {:>30} {:>18} {:>9}  {}"


def main(arguments: list[str]) -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m lstm_core.presets", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(PRESETS)}; all when none is given")
    parser.add_argument("--quick", action="store_true", help="only those that take seconds")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures of the start page anew instead")
    parser.add_argument("--seeds", type=int, help="at most so many seeds of each")
    chosen = parser.parse_args(arguments)
    for name in chosen.names:
        if name not in PRESETS:
            parser.error(f"{name!r} is no preset; there are {', '.join(PRESETS)}")
    names = chosen.names or [name for name, preset in PRESETS.items() if preset.quick or not chosen.quick]
    if chosen.pictures:
        for name in names:
            (PICTURES / f"{name}.svg").write_text(picture(PRESETS[name]), encoding="utf-8")
        return 0
    _print(COLUMNS.format("preset", "measure", "seeds", "reached", "expected", "seconds", ""))
    met = True
    for name in names:
        for reached in check(PRESETS[name], chosen.seeds):
            met &= reached.met
            _print(_line(name, reached))
    return 0 if met else 1


def _line(name: str, reached: Reached) -> str:
    goal, values = reached.goal, sorted(reached.values)
    spread = f"{values[len(values) // 2]:.4g}" + (
        f" ({values[0]:.3g} to {values[-1]:.3g})" if len(values) > 1 else "")
    sign = "<=" if goal.better == "below" else ">="
    wanted = "median" if goal.least == "median" else f"{goal.least} of {goal.seeds}"
    expected = f"{sign} {goal.bound:g}" + (f", {wanted}" if goal.seeds > 1 else "")
    return COLUMNS.format(name, goal.measure, f"{reached.good}/{len(values)}", spread, expected,
                          f"{reached.seconds:.1f}", "reached" if reached.met else "MISSED")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
