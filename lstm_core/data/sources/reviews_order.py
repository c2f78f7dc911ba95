"""Reviews in which order and distance decide: in every pattern both classes have the same words, in another order.

``corpus/order_<language>.txt`` holds words by field (``words``, field, ``good``, ``bad`` or ``noun``, the words) and
patterns (their kind, the fields they suit, the sentence). In a pattern {y} is what the writer means, and {x} what is
denied, past, expected or said by others; {x2} and {y2} are of the same mind as {x} and {y}. Each sentence has a twin in
which they are exchanged: the same words, the opposite mood. So words that are only counted tell nothing at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
TWINS = 12          # pairs of sentences made from each pattern


@dataclass(frozen=True)
class Sentence:
    """One review made from a pattern."""

    text: str
    content: bool               # whether its writer is content
    kind: str                   # of its pattern: "hearsay last" has hearsay first and what the writer means last
    pattern: int                # number of its pattern, from 0


def order_sentences(language: str) -> Iterator[Sentence]:
    """Yield the sentences of all patterns; each is followed by its twin."""
    words: dict[str, dict[str, list[str]]] = defaultdict(dict)          # field, role: words
    patterns: list[tuple[str, list[str], str]] = []
    for line in (CORPUS / f"order_{language}.txt").read_text(encoding="utf-8").splitlines():
        first, *rest = line.split("\t")
        if first == "words":
            of, role, listed = rest
            words[of][role] = listed.split()
        else:
            suited, text = rest
            patterns.append((first, suited.split(), text))
    for number, (kind, fields, text) in enumerate(patterns):
        for twin in range(TWINS):
            turn, place = divmod(twin, len(fields))
            field = words[fields[place]]
            # The steps are chosen so that no two pairs of a pattern are alike, and every word meets most others.
            good = _two(field["good"], number + turn)
            bad = _two(field["bad"], 2 * number + turn + turn // len(field["good"]))
            noun = field["noun"][(3 * number + turn) % len(field["noun"])]
            for content, meant, other in ((True, good, bad), (False, bad, good)):
                yield Sentence(text.format(n=noun, y=meant[0], y2=meant[1], x=other[0], x2=other[1]), content,
                               kind, number)


def _two(words: list[str], place: int) -> tuple[str, str]:
    """Return the word at a place, counted round and round, and the one two places further on."""
    return words[place % len(words)], words[(place + 2) % len(words)]
