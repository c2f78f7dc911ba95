"""Attacks on a real server while honest people are on it; `make attack` makes all of them, and watches for longer.

How long people wait is left to it as well: other tests run beside these.
"""

from concurrent.futures import ThreadPoolExecutor

from benchmarks.attack.harness import Spans, attacks, judge
from benchmarks.attack.server import Outside

HELD = ("paths_out", "foreign_commands", "clock_jump", "other_addresses", "huge_headers", "formulas")
WAITED = ("slider", "first loss", "cell view", "updates")        # of which a test beside this one may be to blame
SPANS = Spans(before=1, least=1.5, most=6, settling=0.5, after=1)


def problems():
    outside = Outside()
    chosen = [attack for attack in attacks() if attack.name in HELD]
    assert len(chosen) == len(HELD)
    try:
        return {result.attack.name: [problem for problem in result.problems if not problem.startswith(WAITED)]
                for result in judge(chosen, outside, SPANS, apart=False)}
    finally:
        outside.close()


def test_honest_people_are_told_nothing_of_an_attack():
    with ThreadPoolExecutor(1) as thread:       # where Playwright is in use, its loop runs in this one
        assert thread.submit(problems).result() == {name: [] for name in HELD}
