"""The rule of each task, and how its sequences are judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_core.data.tasks.grammars import brackets, counting, reber
from lstm_core.data.tasks.sequences import Task, adding, order, recall
from lstm_core.spec import Adding, Brackets, Counting, DataSpec, Order, Reber, Recall

RULES: dict[type[DataSpec], Callable[[Any], Task]] = {
    Adding: adding, Order: order, Recall: recall, Reber: reber, Counting: counting, Brackets: brackets}
