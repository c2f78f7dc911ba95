"""Numbers as the pages show them."""

from __future__ import annotations


def read(text: str) -> float:
    """Return the number that a text shows: 1,230, 98.6% or 1.4 × 10⁻⁷."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return float(text.rstrip("%").replace(",", "").replace(" × 10", "e").translate(raised))
