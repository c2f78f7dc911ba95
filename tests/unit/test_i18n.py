"""Which language words are in where no session asks for them."""

from __future__ import annotations

import asyncio

from lstm_core import i18n


async def spoken(language: str, *pauses: int) -> list[str]:
    with i18n.speaking(language):
        found = []
        for _ in pauses:
            await asyncio.sleep(0)
            found.append(i18n.gettext("Validation loss"))
        return found


def test_two_streams_side_by_side_speak_their_own_languages() -> None:
    async def both() -> list[list[str]]:
        return list(await asyncio.gather(spoken("zh", 1, 2, 3), spoken("en", 1, 2, 3)))

    assert asyncio.run(both()) == [["验证损失"] * 3, ["Validation loss"] * 3]
    assert i18n.current() == i18n.SOURCE
