"""What every part of the audit yields."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Truth beside what was said, of one case."""

    nature: str
    truth: str
    said: str
    wrong: tuple[str, ...]
