"""What is looked for in Chinese texts, wherever they stand: in the catalogue, in the prose and on the pages."""

from __future__ import annotations

import re

_CALL = re.compile(r"[A-Za-z]\w*\([^()\u4e00-\u9fff]*\)|[(\[{][^()\u4e00-\u9fff]*[)\]}]")     # h(t-1), (20, 8, 1)
_CHINESE = "[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_CHINESE}[)”]? ?[,:;?!()](?!//|\w*:)|[,:;?!()] ?[(“]?{_CHINESE}|{_CHINESE}\.(?!\w)")


def half_width(text: str) -> list[str]:
    """Return the places where a mark beside a Chinese character is not the full-width one."""
    text = _CALL.sub("x", text)
    return [text[max(0, found.start() - 8):found.end() + 8] for found in _HALF_WIDTH.finditer(text)]
