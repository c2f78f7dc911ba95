"""The charts made in these tests are valid: the app has plotly leave that check out, which takes most of the time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import settings

from lstm_core.charts import frame

settings.register_profile("tests", deadline=None)       # how long an example takes depends on what else runs here
settings.load_profile("tests")


@pytest.fixture(autouse=True)
def _valid_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    def validated(**given: Any) -> go.Figure:
        return go.Figure(**{**given, "_validate": True})

    monkeypatch.setattr(frame, "go", SimpleNamespace(Figure=validated))
