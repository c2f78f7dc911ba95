"""The systems of the tutorials reach what they should."""

import pytest

from lstm_core.notation import from_json, to_json
from lstm_core.presets import PRESETS, Goal
from lstm_core.presets.__main__ import PICTURES, main
from lstm_core.presets.goals import MEASURES, Reached, check

QUICK = [name for name, preset in PRESETS.items() if preset.quick]


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_preset_reaches_its_goals(name: str) -> None:
    for reached in check(PRESETS[name]):
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
