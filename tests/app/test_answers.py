"""While a worker answers a page says how far it is; once it has, nothing of that is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lstm_core.running import jobs
from lstm_core.running.lab import Lab
from lstm_core.ui.shared import answers
from tests.app.conftest import Visit


def test_a_bar_says_how_much_is_computed_and_goes(visit: Visit, finished: tuple[str, str],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[answers._Waiting] = []
    ask = Lab.ask

    def slowly(self: Lab, question: Callable[..., Any], *args: Any, owner: str, meanwhile: Callable[[float], None]
               ) -> Any:
        assert owner
        assert isinstance(meanwhile, answers._Waiting)
        for share in (0.0, 0.25, 0.5):
            meanwhile(share)
        assert meanwhile._place is not None
        bars.append(meanwhile)
        return ask(self, question, *args, owner=owner, meanwhile=meanwhile)

    monkeypatch.setattr(Lab, "ask", slowly)
    run, who = finished
    tab = visit("predict", who=who, run=run)
    for _ in range(2):                          # the second time from what the server keeps
        assert not tab.at.get("progress")
        assert bars
        tab.look()
    assert jobs.one_step_predictions in jobs.IN_PIECES
