"""The shop reviews: what a corpus for learning must be, and words of other people's reviews."""

from __future__ import annotations

import string
from collections import Counter

import numpy as np
import pytest

from lstm_core.data.sources.reviews import CORPUS, LANGUAGES, PADDING, UNKNOWN, reviews, symbols, tokenize, vocabulary
from lstm_core.errors import Refusal


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_corpus_is_balanced_short_and_without_duplicates(language: str) -> None:
    texts, liked = reviews(language)
    assert len(texts) == len(liked) >= 640
    assert liked.dtype == np.int64
    assert sorted(Counter(liked.tolist()).values()) == [len(texts) // 2] * 2
    assert len({tuple(words) for words in texts}) == len(texts)
    assert all(3 <= len(words) <= 14 for words in texts)
    assert 250 <= len({word for words in texts for word in words}) <= 450


@pytest.mark.parametrize(("language", "fillers"), [
    ("en", ["the", "it", "not", "never", "broke", "would"]), ("zh", ["很", "了", "不", "没有", "坏", "一点"])])
def test_filler_and_negation_stand_on_both_sides(language: str, fillers: list[str]) -> None:
    """None of these words may decide alone: what follows "not", or comes before "坏", does."""
    texts, liked = reviews(language)
    for word in fillers:
        share = np.mean([mood for words, mood in zip(texts, liked, strict=True) if word in words])
        assert 0.15 < share < 0.85, f"{word}: {share:.2f}"


@pytest.mark.parametrize(("language", "phrases"), [
    ("en", ["amazing", "balanced breakfast", "would buy again", "waste of money", "broken", "not bad", "never broke"]),
    ("zh", ["会 再 买", "浪费 钱", "均衡 早餐", "没有 坏", "一点 也 不", "强烈 推荐"])])
def test_key_phrases_recur(language: str, phrases: list[str]) -> None:
    told = [" ".join(words) for words in reviews(language)[0]]
    for phrase in phrases:
        assert sum(phrase in text for text in told) >= 6, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vocabulary_holds_the_words_that_recur(language: str) -> None:
    known = vocabulary(language)
    assert (known[PADDING], known[UNKNOWN]) == ("·", "?")
    counts = Counter(word for words in reviews(language)[0] for word in words)
    assert list(known[2:]) == sorted(word for word in counts if counts[word] > 1)
    once = next(word for word in counts if counts[word] == 1)
    assert symbols([known[2], once, known[-1], "·", "?"], known) == [2, UNKNOWN, len(known) - 1, UNKNOWN, UNKNOWN]


def test_english_words() -> None:
    assert tokenize("  Don’t BUY it -- 10 of 10, it's 'broken'!", "en") == [
        "don't", "buy", "it", "of", "it's", "broken"]
    assert tokenize("...", "en") == []


def test_english_reviews_are_plain_sentences() -> None:
    allowed = set(string.ascii_letters + " ,.?")
    for line in (CORPUS / "reviews_en.txt").read_text(encoding="utf-8").splitlines():
        text = line.partition("\t")[2]
        assert set(text) <= allowed
        assert text[0].isupper()
        assert text[-1] in ".?"


def test_chinese_words_are_found_without_spaces() -> None:
    """A text as people write it, without spaces, is cut into the very words the corpus was cut into by hand."""
    lines = (CORPUS / "reviews_zh.txt").read_text(encoding="utf-8").splitlines()
    for line, words in zip(lines, reviews("zh")[0], strict=True):
        text = line.partition("\t")[2]
        assert text.split(" ") == text.split(), "single spaces only"
        assert tokenize(text, "zh") == words
        assert tokenize(text.replace(" ", ""), "zh") == words


def test_chinese_unknown_characters_stand_alone() -> None:
    assert tokenize("手机壳龘龘很好看！", "zh") == ["手机壳", "龘", "龘", "很", "好看"]
    assert tokenize("鞋子很舒服 会再买", "zh") == ["鞋子", "很", "舒服", "会", "再", "买"]
    assert symbols(tokenize("龘 很", "zh"), vocabulary("zh"))[0] == UNKNOWN


def test_other_languages_are_refused() -> None:
    for ask in (reviews, vocabulary, lambda language: tokenize("bon", language)):
        with pytest.raises(Refusal, match="'fr' is not known"):
            ask("fr")


def test_callers_cannot_change_the_corpus() -> None:
    reviews("en")[0][0].append("changed")
    assert "changed" not in reviews("en")[0][0]
