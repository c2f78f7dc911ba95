"""The words: every sentence a person may read exists in every language, with the same fields."""

import ast
import re
from string import Formatter

import pytest

from lstm_core import i18n
from lstm_core.errors import Refusal
from lstm_core.i18n import LANGUAGES, SOURCE
from lstm_core.locale.catalogue import FOLDERS, ROOT, sentences, translations
from lstm_core.spec import SOURCES, Layer, setting_names
from lstm_core.ui.widgets.labels import LABELS
from lstm_core.ui.widgets.text import PROSE, localized

OTHERS = [name for name in LANGUAGES if name != SOURCE]
SENTENCES = sorted(str(message.id) for message in sentences() if message.id)


def fields(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Return the named fields of a template with their formats."""
    return sorted((name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None)


def test_the_translators_tool_finds_the_sentences() -> None:
    assert len(SENTENCES) > 250
    assert "Train" in SENTENCES


def test_no_sentence_hides_where_the_translators_tool_does_not_look() -> None:
    """It does not look into the braces of an f-string."""
    for path in (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")):
        told = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"))
        for call in told:
            if isinstance(call.args[0], ast.Constant) and call.args[0].value:
                assert call.args[0].value in SENTENCES, (path, call.lineno)


@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(name: str) -> None:
    catalogue = translations(name)
    told = {str(message.id): str(message.string) for message in catalogue if message.id}
    assert set(told) == set(SENTENCES), "run: make words"
    assert not [message for message, string in told.items() if not string]
    assert not [message for message, string in told.items() if fields(message) != fields(string)]


@pytest.mark.parametrize("name", OTHERS)
def test_markup_survives_translation(name: str) -> None:
    for message in translations(name):
        if message.id:
            for mark in ("**", "<b>", "`"):
                assert str(message.id).count(mark) == str(message.string).count(mark), message.id


@pytest.mark.parametrize("name", OTHERS)
def test_every_page_of_prose_has_the_same_parts_in_every_language(name: str) -> None:
    english = {path.name: path.read_text(encoding="utf-8") for path in (PROSE / SOURCE).rglob("*.md")}
    other = {path.name: path.read_text(encoding="utf-8") for path in (PROSE / name).rglob("*.md")}
    assert english.keys() == other.keys()
    for page, text in english.items():
        for part in (r"^#+ ", r"^- ", r"^\d\. "):
            assert len(re.findall(part, text, re.M)) == len(re.findall(part, other[page], re.M)), page


def test_every_setting_has_a_label() -> None:
    hidden = {"layers", "digest", "lr_changes", "checkpoint"}
    for kind in SOURCES.values():
        assert {*setting_names(kind), *Layer.__dataclass_fields__} - hidden <= LABELS.keys()


def test_a_refusal_is_told_in_the_language_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Refusal("{setting} must be between {low:g} and {high:g}; received {value:g}.", setting="epochs", low=1,
                      high=5, value=9)
    assert localized(refusal) == "Epochs must be between 1 and 5; received 9."
    monkeypatch.setattr(i18n, "_current", lambda: "zh")
    assert "9" in localized(refusal)
    assert "must" not in localized(refusal)
