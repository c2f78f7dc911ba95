"""The systems of the tutorials reach what they should."""

import math

import numpy as np
import pytest

from lstm_core import cells, given
from lstm_core.data import grammars
from lstm_core.notation import from_json, to_json
from lstm_core.presets import PRESETS, Goal, goals
from lstm_core.presets.__main__ import PICTURES, main
from lstm_core.presets.goals import MEASURES, Reached, check, counts_to, sequences_needed, sequences_right, trained
from lstm_core.presets.memory import MEMORY

QUICK = [name for name, preset in (PRESETS | MEMORY).items() if preset.quick]


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_preset_reaches_its_goals(name: str) -> None:
    for reached in check((PRESETS | MEMORY)[name]):
        assert reached.met, (name, reached.goal, reached.values)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_complete(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert from_json(to_json(preset.spec)) == preset.spec
    assert all(goal.measure in MEASURES for goal in preset.goals)
    assert preset.goals
    assert (PICTURES / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")
    if preset.ticker is not None:       # the same task on the tutorial's own prices
        assert (preset.ticker.features, preset.ticker.steps) == (preset.spec.data.features, preset.spec.data.steps)  # type: ignore[attr-defined]
    else:
        assert getattr(preset.spec.data, "market", "") != "ticker"


@pytest.mark.parametrize("name", MEMORY)
def test_a_memory_task_is_complete(name: str) -> None:
    preset = MEMORY[name]
    assert preset.name == name
    assert name not in PRESETS
    assert from_json(to_json(preset.spec)) == preset.spec
    assert preset.goals
    assert all(goal.measure in MEASURES for goal in preset.goals)
    if any(goal.measure == "sequences_needed" for goal in preset.goals):
        new = given.dataset(preset.spec.data, preset.spec.model.output).ends["test"]
        assert len(new) == 2560                                 # as many as in 1997


def test_the_sequences_needed_are_all_that_were_read() -> None:
    spec = MEMORY["adding"].spec.change(distance=20, chrono=20, sequences=1000, epochs=30)
    run = trained(spec)
    assert run.outcome == "enough"
    assert sequences_needed(run) == len(run.losses) / 32 * 1000     # 31 full batches in an epoch, and one of 8
    assert sequences_needed(run) <= 30_000
    assert sequences_right(run) > 0.98
    never = trained(spec.change(epochs=1))
    assert sequences_needed(never) == math.inf


def test_how_far_a_network_counts_ends_before_the_first_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(MEMORY["counting"].spec)
    reached = int(counts_to(run))
    assert reached >= 20
    scores = [cells.predict(run.spec.model, run.weights, grammars.counted(np.array([n])).x)[0].argmax(-1)
              for n in range(1, reached + 2)]
    right = [[grammars.COUNTING[symbol] for symbol in row[n + 1:]] == ["b"] * (n - 1) + ["■"]
             for n, row in enumerate(scores, start=1)]
    assert right == [True] * reached + [False]
    monkeypatch.setattr(goals, "COUNTED", reached - 3)
    assert counts_to(run) == reached - 3


def test_a_goal_counts_the_seeds_that_came_far_enough() -> None:
    most = Goal("all_right", 1.0, "above", seeds=3, least=2)
    assert Reached(most, (1.0, 0.0, 1.0), 0.1).met
    assert not Reached(most, (1.0, 0.0, 0.0), 0.1).met
    middle = Goal("tutorial_loss", 0.2, seeds=3, least="median")
    assert Reached(middle, (0.1, 0.2, 5.0), 0.1).met
    assert not Reached(middle, (0.1, 0.3, 0.4), 0.1).met


def test_the_command_prints_a_table_and_fails_when_a_goal_is_missed(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["s2_windows"]) == 0
    assert "reached" in capsys.readouterr().out.splitlines()[1]
    monkeypatch.setitem(MEASURES, "test_error", lambda _run: 9.0)
    assert main(["s2_windows"]) == 1
    assert "MISSED" in capsys.readouterr().out
