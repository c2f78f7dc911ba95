"""The palette: one meaning per colour, seen by everybody, and one home for every colour of the project."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from lstm_core.charts import palette
from tests.unit.charts.colours import MACHADO, contrast, lab, linear

ROOT = Path(__file__).parents[3]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\brgba?\([\d.]+,[^)]*\)")     # shadows are written otherwise

SIGNED = {"positive": palette.POSITIVE, "negative": palette.NEGATIVE}
SAID = {"real": palette.REAL, "predicted": palette.PREDICTED}
JUDGED = {"right": palette.RIGHT, "wrong": palette.WRONG, "marked": palette.MARKED}


def gates(names: str) -> dict[str, str]:
    return {name: palette.GATES[name] for name in names}


PICTURES: dict[str, dict[str, str]] = {
    "inside an LSTM": gates("figoch") | SIGNED | SAID,
    "inside a GRU": gates("rznh") | SIGNED | SAID,
    "forecasts": SAID | palette.BASELINES,
    "parts of a series": SAID | {"marked": palette.MARKED} | palette.SPLITS,
    "losses": {"train": palette.SPLITS["train"], "validation": palette.SPLITS["validation"], "score": palette.SCORE,
               "quiet": palette.QUIET},
    "answers": SAID | JUDGED | {"quiet": palette.QUIET},
    "counting": gates("ch") | JUDGED | {"quiet": palette.QUIET},
    "networks": {f"network {place}": colour for place, colour in enumerate(palette.NETWORKS)} | {"real": palette.REAL},
    "gradients": gates("fch"),
}
"""What can stand in one picture, beside the page's own colours."""

APART = 14          # in CIELAB, where 2 or 3 can just be seen side by side


def drawn(colour: str, theme: str) -> str:
    """Return what the browser draws on the pages of a theme."""
    return str(THEME[theme]["textColor"]) if colour == palette.INK else colour


def distance(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(MACHADO[sight] @ linear(one)) - lab(MACHADO[sight] @ linear(other))))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("picture", PICTURES)
def test_every_mark_stands_out_from_the_page(picture: str, theme: str) -> None:
    for name, colour in PICTURES[picture].items():
        assert contrast(drawn(colour, theme), THEME[theme]["backgroundColor"]) >= 3, name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", MACHADO)
@pytest.mark.parametrize("picture", PICTURES)
def test_what_stands_in_one_picture_stays_apart_for_everybody(picture: str, sight: str, theme: str) -> None:
    for (name, one), (other, another) in combinations(PICTURES[picture].items(), 2):
        assert distance(drawn(one, theme), drawn(another, theme), sight) > APART, f"{name} and {other}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_ink_can_be_read_on_every_cell_of_a_map(theme: str) -> None:
    ground, ink = THEME[theme]["backgroundColor"], drawn(palette.INK, theme)
    under = mixed(palette.PREDICTED, ground, 0.6)
    assert palette.under_words(palette.PREDICTED)[-1] == (1.0, palette.faded(palette.PREDICTED, 0.6))
    assert contrast(ink, under) >= 4.5


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour of an opacity over a ground, as a browser mixes them."""
    values = [round(share * int(colour[at:at + 2], 16) + (1 - share) * int(ground[at:at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{value:02X}" for value in values)


def own_colours(path: Path) -> set[str]:
    return {found.lower() for found in COLOUR.findall(path.read_text(encoding="utf-8"))}


ELSEWHERE = {
    "lstm_core/charts/palette.py": None,                                            # the home of them all
    "lstm_core/ui/static/unconnected.js": None,                                     # shown where no theme has arrived
    "lstm_core/ui/static/look.js": {palette.INK},
    "lstm_core/ui/static/live_figure.js": {palette.CLEAR},
    "lstm_core/ui/static/page.css": {THEME[theme]["backgroundColor"].lower() for theme in ("light", "dark")},
}
"""Files that name colours, and which ones; None: any."""


def test_no_other_file_has_colours_of_its_own() -> None:
    files = [path for folder in ("lstm_core", "pages") for end in ("py", "js", "css")
             for path in (ROOT / folder).rglob(f"*.{end}")]
    assert len(files) > 100
    for path in files:
        allowed = ELSEWHERE.get(path.relative_to(ROOT).as_posix(), set())
        assert allowed is None or own_colours(path) <= allowed, path


def test_the_pictures_of_the_presets_have_the_colours_of_the_palette() -> None:
    known = own_colours(Path(palette.__file__)) - {palette.INK}
    known |= {palette.faded(palette.QUIET, opacity) for opacity in (0.5, 0.7, 0.8)}
    pictures = sorted((ROOT / "lstm_core" / "ui" / "static" / "presets").glob("*.svg"))
    assert pictures
    for path in pictures:
        assert own_colours(path) <= known, path


def test_the_docs_name_every_colour_with_its_meaning() -> None:
    page = (ROOT / "docs" / "palette.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) +\| `(#[0-9A-F]{6})` ", page, re.MULTILINE))
    meanings = {f"gate `{name}`": colour for name, colour in palette.GATES.items()} | {
        "predicted": palette.PREDICTED, "naive": palette.NAIVE, "positive": palette.POSITIVE,
        "negative": palette.NEGATIVE, "right": palette.RIGHT, "wrong": palette.WRONG, "marked": palette.MARKED,
        "beside the point": palette.QUIET, "score": palette.SCORE} | {
        f"{split} part": colour for split, colour in palette.SPLITS.items()} | {
        f"network {place}": colour for place, colour in enumerate(palette.NETWORKS, start=1)} | {
        f"{name} (baseline)": colour for name, colour in palette.BASELINES.items()}
    assert rows == meanings
