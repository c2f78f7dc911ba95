"""Names in a class: given ones, drawn from words of the learner's language, or chosen ones, cleaned."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection

from lstm_core.errors import Refusal

LONGEST = 20            # characters of a name

WORDS = {
    "en": (("amber", "bold", "brisk", "calm", "clever", "early", "gentle", "golden", "keen", "lively", "lucky", "quick",
            "quiet", "silver", "steady", "sunny"),
           ("badger", "beaver", "crane", "dolphin", "falcon", "fox", "hare", "heron", "lynx", "otter", "owl", "panda",
            "raven", "robin", "salmon", "swift")),
    "zh": (("安静的", "聪明的", "沉着的", "从容的", "淡定的", "好奇的", "欢快的", "机灵的",
            "开朗的", "灵巧的", "认真的", "爽快的", "踏实的", "温和的", "细心的", "勇敢的"),
           ("白鹭", "刺猬", "海豚", "狐狸", "画眉", "锦鲤", "麻雀", "梅花鹿",
            "猫头鹰", "松鼠", "水獭", "天鹅", "小熊猫", "燕子", "云雀", "啄木鸟")),
}
"""By language: what somebody is like, and what they are."""

BETWEEN = {"en": " ", "zh": ""}


def drawn(language: str, taken: Collection[str]) -> str:
    """Return a name that nobody in the class has: where all are taken, with a number."""
    kinds, animals = WORDS[language]
    free = [name for kind in kinds for animal in animals
            if (name := f"{kind}{BETWEEN[language]}{animal}") not in taken]
    if free:
        return secrets.choice(free)
    name = f"{secrets.choice(kinds)}{BETWEEN[language]}{secrets.choice(animals)}"
    return next(f"{name} {number}" for number in range(2, len(taken) + 3) if f"{name} {number}" not in taken)


def checked(typed: str) -> str:
    """Return a name as it may stand on the wall: one line of plain text, without what cannot be seen.

    Raises:
        Refusal: nothing is left of it, or it is too long.
    """
    if len(typed) > 10 * LONGEST:
        raise _too_long(len(typed))
    seen = "".join(" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", typed)
                   if letter.isspace() or unicodedata.category(letter)[0] not in "CM")     # nor what stacks up
    name = " ".join(seen.split())
    if not any(letter.isalnum() for letter in name):
        raise Refusal("Give a name with at least one letter or digit, or take the one that is offered.")
    if len(name) > LONGEST:
        raise _too_long(len(name))
    return name


def _too_long(given: int) -> Refusal:
    return Refusal("A name has at most {limit} characters; this one has {given:,}.", limit=LONGEST, given=given)
