"""The tables of ``docs/presets.md``: what each preset shows, what its seeds reached, what they should reach."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lstm_core.presets.figures import Measured, number, written
from lstm_core.presets.kinds import KINDS, WORDS
from lstm_core.presets.memory import MEMORY, PAPER
from lstm_core.presets.preset import Goal, Preset
from lstm_core.presets.tutorials import TUTORIALS

BESIDE = {"test_error": WORDS["test_error"], "naive_error": "of the naive forecast",
          "naive_share": "always the same said", "naive_deviation": "of the naive forecast"}
"""What stands below the goals where it was measured."""


def inserted(page: str, measured: Mapping[str, Measured]) -> str:
    """Return the page with its tables written anew, each between the comments that name it and end it."""
    tables = {
        "tutorials": _presets(TUTORIALS, measured), "memory": _presets(MEMORY, measured),
        "1997": _paper(measured), "solutions": _solutions(measured)}
    for name, rows in tables.items():
        page, count = re.subn(rf"(<!-- {name}: .*? -->\n).*?(<!-- end -->)",
                              lambda found, rows=rows: "\n".join([found[1].rstrip(), *rows, found[2]]),  # type: ignore[misc]
                              page, flags=re.DOTALL)
        assert count == 1, f"the page has no place for the table {name}"
    return page


def _table(*heads: str) -> list[str]:
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]


def _presets(presets: Mapping[str, Preset], measured: Mapping[str, Measured]) -> list[str]:
    rows = _table("preset", "from", "what it shows", "reached; expected", "seeds", "seconds of one training")
    for preset in sorted(presets.values(), key=lambda preset: preset.group):
        if preset.name in measured:
            found = measured[preset.name]
            goals = {measure: "; ".join(expected(goal) for goal in preset.goals if goal.measure == measure)
                     for measure in dict.fromkeys(goal.measure for goal in preset.goals)}
            time = written(found.values["seconds"], "seconds", "range")
            limit = goals.pop("seconds", "")
            reached = [f"{WORDS[measure]}: **{_spread(found, measure)}**; {wanted}"
                       for measure, wanted in goals.items()]
            reached += [f"{words}: {_spread(found, name)}" for name, words in BESIDE.items()
                        if name in found.values and name not in goals]
            rows.append(f"| `{preset.name}` | {preset.group} | **{preset.title}** {preset.shows} | "
                        f"{'<br>'.join(reached)} | {found.seeds} | {time}{limit and f'; {limit}'} |")
    return rows


def _spread(found: Measured, measure: str) -> str:
    return written(found.values[measure], KINDS[measure], "spread")


def _paper(measured: Mapping[str, Measured]) -> list[str]:
    rows = _table("T", "1997, mean of 10 trials", "here by the rule of 1997", "new sequences right",
                  "here by the rule of the lab", "new sequences right")
    for name, sequences in PAPER.items():
        theirs, ours = measured.get(f"{name}_1997"), measured.get(name)
        if theirs and ours:
            rows.append(f"| {MEMORY[name].spec.data.distance:,} | {sequences:,} | "      # type: ignore[attr-defined]
                        + " | ".join(_spread(found, measure) for found in (theirs, ours)
                                     for measure in ("sequences_needed", "sequences_right")) + " |")
    return rows


def _solutions(measured: Mapping[str, Measured]) -> list[str]:
    rows = _table("solution of", "reached", "seeds", "seconds of one training")
    for name, found in measured.items():
        if name.startswith("challenge_"):
            (measure,) = found.values.keys() - {"seconds"}
            rows.append(f"| `{name.removeprefix('challenge_')}` | {WORDS[measure]}: {_spread(found, measure)} | "
                        f"{found.seeds} | {written(found.values['seconds'], 'seconds', 'range')} |")
    return rows


def expected(goal: Goal) -> str:
    """Return what a goal asks for."""
    share = "the median" if goal.least == "median" else f"{100 * goal.least:.0f}% of seeds"
    if KINDS[goal.measure] == "yes":
        return f"at least {share}"
    bound = f"at {'most' if goal.better == 'below' else 'least'} {number(goal.bound, KINDS[goal.measure])}"
    return bound if goal.least == 1 else f"{bound}, {share}"
