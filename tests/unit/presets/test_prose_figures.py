"""No figure stands in prose that is neither measured (lstm_core/presets/measured.json) nor a known fact.

What was measured is asked for with a place such as ``{s5.tutorial_loss.spread}``. A number that stands there as a
number must be a setting of the preset on whose page it is, or one of FACTS with its source. Benchmarks say
themselves how they were measured (docs/benchmarks.md, and docs/deploying.md, which quotes them).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lstm_core.locale.catalogue import sentences, translations
from lstm_core.presets.experiments import EXPERIMENTS
from lstm_core.presets.figures import PLACE, filled, known
from lstm_core.spec.serialization import to_json
from lstm_core.ui.widgets.text import PROSE
from tests.unit.presets.facts import FACTS, IN_SENTENCES

ROOT = Path(__file__).parents[3]
NUMBER = re.compile(r"(?<![A-Za-z_.\d])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![A-Za-z_\d])")
RESULT = re.compile(r"(?<![A-Za-z_.\d-])(?:\d+(?:\.\d+)? ?%|\d+\.\d+(?![.\d])|\d+(?:,\d{3})+)")  # looks like one
SEEDS = re.compile(r"\b(?:two|three|four|five|ten|twenty|\d+)(?: of \w+)? seeds?\b|"
                   r"(?:[二两三四五十]|\d+ ?)个(?:随机)?种子|[Mm]easured with (?:one )?seed\b|种子 \d 实测")
NOT_PROSE = re.compile(r"`[^`]*`|\$[^$]*\$|<!-- \w+: .*?<!-- end -->|<!--.*?-->|^```.*?^```|\]\([^)]*\)",
                       re.DOTALL | re.MULTILINE)
SMALL = 3               # up to here a number counts things in the sentence itself
PAGES = sorted(PROSE.rglob("*.md"))
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "presets.md", ROOT / "docs" / "architecture.md",
        ROOT / "docs" / "glossary.md"]


def numbers(value: Any) -> Iterator[float]:
    """Return all numbers in a spec."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def settings(page: str) -> set[float]:
    """Return the numbers that are settings of a preset and of the variants that its page suggests."""
    return {number for each in EXPERIMENTS.values() if each.preset == page
            for number in numbers(json.loads(to_json(each.spec)))}


def unknown(text: str, known: Iterable[str], allowed: set[float] = frozenset(),     # type: ignore[assignment]
            pattern: re.Pattern[str] = NUMBER) -> list[str]:
    """Return the figures of a text that are not measured, no settings, no years and no facts."""
    found = []
    for match in pattern.finditer(NOT_PROSE.sub("", PLACE.sub("", text))):
        written = match[0].rstrip(",").replace(" ", "")
        value = float(written.replace(",", "").rstrip("%"))
        year = re.fullmatch(r"(?:19|20)\d\d", written)
        if not (written in known or value in allowed or year or value in range(SMALL + 1)):
            found.append(written)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_of_prose_has_only_figures_that_were_measured_and_facts(page: Path) -> None:
    text, allowed = page.read_text(encoding="utf-8"), set()
    if page.parent.name == "presets":
        allowed = settings(page.stem)
    assert unknown(text, FACTS.get(page.stem, {}), allowed) == []
    if page.stem != "challenges":           # four of five seeds: lstm_core.challenges.GOOD, SEEDS
        assert SEEDS.findall(PLACE.sub("", text)) == []
    filled(text)                            # every place is one of the file


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_relative_to(PROSE / "en")],
                         ids=lambda page: page.stem)
def test_every_language_quotes_the_same_figures(page: Path) -> None:
    other = PROSE / "zh" / page.relative_to(PROSE / "en")
    here, there = (sorted(match[0].rstrip() for match in PLACE.finditer(each.read_text(encoding="utf-8")))
                   for each in (page, other))
    assert here == there


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_the_docs_have_only_figures_that_are_facts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert unknown(text, FACTS.get(page.name, {}), pattern=RESULT) == []


def test_sentences_have_only_figures_that_were_measured_and_facts() -> None:
    told = {str(message.id): [str(message.id), str(message.string)] for message in translations("zh") if message.id}
    assert len(told) == len([message for message in sentences() if message.id])
    plain = {key: [re.sub(r"\{[^}]*\}", "", text) for text in texts] for key, texts in told.items()}
    found = {key: wrong for key, texts in plain.items()
             if (wrong := [*unknown(" ".join(texts), IN_SENTENCES, pattern=RESULT), *SEEDS.findall(" ".join(texts))])}
    assert found == {}
    for texts in told.values():
        for text in texts:
            filled(text)


def test_the_runs_by_the_rule_of_1997_have_equally_many_seeds() -> None:
    """A sentence on the page Memory says how many there are of each."""
    assert len({known()[f"{name}_1997"].seeds for name in ("adding", "adding_500", "adding_1000")}) == 1


def test_every_fact_is_used() -> None:
    text = {page.stem: "" for page in PAGES} | {page.name: "" for page in DOCS}
    for page in [*PAGES, *DOCS]:
        text[page.name if page in DOCS else page.stem] += page.read_text(encoding="utf-8").replace(" %", "%")
    assert [(page, number) for page, facts in FACTS.items() for number in facts if number not in text[page]] == []
    said = " ".join(f"{message.id} {message.string}" for message in translations("zh")).replace(" %", "%")
    assert [number for number in IN_SENTENCES if number not in said] == []


@pytest.mark.parametrize("text", [
    "Measured: 83 % with 4 units.", "off by 40 to 50 points", "a median of 0.015", "after 25,600 sequences",
    "实测：97 % 正确"])
def test_a_figure_that_nobody_knows_is_found(text: str) -> None:
    assert unknown(text, {}) != []
    assert SEEDS.findall("Measured with five seeds; 17 of 20 seeds; none of five seeds; 用五个种子实测") != []
    assert unknown("After {s5.seeds} seeds, in 1997, as `x[12]`, with 20 units", {}, {20.0}) == []
