"""One measured figure, beside what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured: it may be at most, or must be at least, so much; or it is only told."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def good(self) -> bool:
        """Tell whether it is as wanted."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def __str__(self) -> str:
        """Return one line."""
        wanted = [f"at most {self.most:g}"] if self.most is not None else []
        wanted += [f"at least {self.least:g}"] if self.least is not None else []
        told = f"wanted: {', '.join(wanted)}{'' if self.good else '  <- MISSED'}" if wanted else ""
        value = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"  {self.name:<74}{value:>9} {self.unit:<12}{told}".rstrip()
