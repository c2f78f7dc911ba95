"""What the documentation says is there: files, links, presets, limits, terms, and what its example prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from lstm_core import limits
from lstm_core.challenges import CHALLENGES
from lstm_core.locale.catalogue import translations
from lstm_core.presets import PRESETS
from lstm_core.ui.widgets.text import PROSE

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.glob("*.md")])
TOPS = ("lstm_core", "pages", "tests", "benchmarks", "docs")
PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b")      # NAME, LANGUAGE ... : there must be some such file


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the addresses of a page's headings, as Git hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def paths(page: Path) -> list[str]:
    """Return what stands in backticks and looks like a file, a folder or a module of this project."""
    found = []
    for code in re.findall(r"`([^`\n]+)`", prose_of(page)):
        ours = re.split(r"[/.]", code)[0] in TOPS and re.fullmatch(r"[\w./-]+", code)
        if ours or re.fullmatch(r"[\w-]+\.(py|md|toml|txt|js|sh|png)", code):
            found.append(code)
    return found


def exists(code: str, page: Path) -> bool:
    """Tell whether a file, a folder or a dotted module, with or without a name in it, is there."""
    if any((folder / code).exists() for folder in (ROOT, page.parent)) or any(ROOT.glob(PLACEHOLDER.sub("*", code))):
        return True
    parts = code.split(".")
    modules = [ROOT.joinpath(*parts[:count]) for count in (len(parts), len(parts) - 1)]
    return "/" not in code and len(parts) > 1 and any(
        path.is_dir() or path.with_suffix(".py").exists() for path in modules if path != ROOT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    assert [code for code in paths(page) if not exists(code, page)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_files_are_found_and_missed() -> None:
    """The test above would be worth nothing if it found nothing, or if everything existed for it."""
    assert len(paths(DOCS / "architecture.md")) > 25
    assert exists("lstm_core/cells/", DOCS / "architecture.md")
    assert exists("lstm_core.challenges", ROOT / "README.md")
    assert exists("lstm_core.presets.measures.test_error", ROOT / "README.md")
    assert exists("lstm_core/ui/prose/en/presets/NAME.md", ROOT / "CONTRIBUTING.md")
    for gone in ("lstm_core/training.py", "lstm_core.training.train", "lstm_core/nothing/NAME.md", "nothing.md"):
        assert not exists(gone, ROOT / "README.md"), gone


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the tables below a heading, by the name in backticks with which each begins."""
    _, _, rest = text_of(DOCS / page).partition(f"\n{heading}\n")
    assert rest, heading
    part = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return {found[1]: [cell.strip() for cell in found[2].split("|")]
            for found in re.finditer(r"^\| `(\w+)` \|(.*)\|$", part, re.MULTILINE)}


def test_every_preset_and_every_challenge_has_its_row() -> None:
    named = rows("presets.md", "## The systems of the tutorials") | rows("presets.md", "## Memory tasks")
    assert named.keys() == PRESETS.keys()
    for name, preset in PRESETS.items():
        assert preset.group == "memory" or named[name][0] == preset.group
    listed = rows("presets.md", "## Challenges")
    assert {name: cells[0] for name, cells in listed.items()} == {
        name: str(challenge.difficulty) for name, challenge in CHALLENGES.items()}


def test_the_limits_are_those_of_the_code() -> None:
    told = {name: cells[0] for name, cells in rows("deploying.md", "## Limits").items()}
    assert len(told) > 10
    assert told == {name: f"{getattr(limits, name):,}" for name in told}


def test_the_glossary_has_the_words_of_the_pages() -> None:
    words = [str(message.string) for message in translations("zh")]
    shown = "\n".join([*words, *(text_of(path) for path in sorted((PROSE / "zh").rglob("*.md")))])
    terms = [term for line in re.findall(r"^\| (?!English|---).*\|$", text_of(DOCS / "glossary.md"), re.MULTILINE)
             for term in line.split("|")[2].strip().split(" / ")]
    assert len(terms) > 80
    assert [term for term in terms if term not in shown] == []


def test_the_example_prints_what_the_readme_says() -> None:
    found = re.search(r"^```python\n(.*?)^```.*?^```text\n(.*?)^```", text_of(ROOT / "README.md"), re.DOTALL | re.M)
    assert found is not None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(found[1], "README.md", "exec"), {})
    assert printed.getvalue() == found[2]


def test_the_readme_stays_one_screen_or_two() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) <= 100
