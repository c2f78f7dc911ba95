"""The reviews: what a corpus must be, that its parts share nothing, and words of other people's reviews."""

from __future__ import annotations

import re
import string
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from lstm_core import data
from lstm_core.data.sources.reviews import (
    CORPUS,
    LANGUAGES,
    PADDING,
    UNKNOWN,
    reviews,
    symbols,
    tokenize,
    vocabulary,
)
from lstm_core.data.sources.reviews_order import TWINS, order_sentences
from lstm_core.errors import Refusal
from lstm_core.spec import SPLITS, Reviews

WRITTEN = ("plain", "first")
CLAUSE = re.compile(r"[,.!?，。！？]")


def lines(language: str, corpus: str) -> list[str]:
    """Return the reviews as they are written, in the order of the examples."""
    if corpus == "both":
        return lines(language, "plain") + lines(language, "order")
    if corpus == "order":
        return [sentence.text for sentence in order_sentences(language)]
    text = (CORPUS / f"{corpus}_{language}.txt").read_text(encoding="utf-8")
    return [line.partition("\t")[2] for line in text.splitlines()]


def clauses(text: str) -> set[str]:
    return {" ".join(clause.lower().split()) for clause in CLAUSE.split(text)} - {""}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("corpus", WRITTEN)
def test_the_corpus_is_balanced_short_and_without_duplicates(language: str, corpus: str) -> None:
    texts, content = reviews(language, corpus)
    assert len(texts) == len(content) >= 1000
    assert content.dtype == np.int64
    assert sorted(Counter(content.tolist()).values()) == [len(texts) // 2] * 2
    assert len({tuple(words) for words in texts}) == len(texts)
    assert all(1 <= len(words) <= 17 for words in texts)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("corpus", ["plain", "order", "both"])
def test_no_clause_of_a_held_out_review_stands_in_one_that_is_trained_on(corpus: str, language: str, seed: int) -> None:
    found = data.dataset(Reviews(language=language, corpus=corpus, split_seed=seed), "last")
    texts = lines(language, corpus)
    met = {split: set().union(*(clauses(texts[number]) for number in found.sample_ids[split])) for split in SPLITS}
    assert all(map(len, met.values()))
    for first, second in (("train", "validation"), ("train", "test"), ("validation", "test")):
        assert not met[first] & met[second]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clause_stands_in_two_everyday_reviews(language: str) -> None:
    """So nothing depends on which reviews are drawn; the check above would find clauses that are shared."""
    once = Counter(clause for text in lines(language, "plain") for clause in clauses(text))
    assert set(once.values()) == {1}
    shared = Counter(clause for text in lines(language, "first") for clause in clauses(text))
    assert max(shared.values()) > 5


@pytest.mark.parametrize("corpus", ["plain", "order", "both"])
def test_the_vocabulary_is_that_of_the_training_part(corpus: str) -> None:
    found = data.dataset(Reviews(corpus=corpus), "last")
    texts, _content = reviews("en", corpus)
    known = vocabulary([texts[number] for number in found.sample_ids["train"]])
    assert found.alphabet == known
    held_out = {word for number in found.sample_ids["test"] for word in texts[number]}
    learned = Counter(word for number in found.sample_ids["train"] for word in texts[number])
    strange = sorted(held_out - learned.keys())
    if corpus != "order":
        assert strange
        number = next(number for number in found.sample_ids["test"] if strange[0] in texts[number])
        assert found.sample(int(number))[texts[number].index(strange[0])] == UNKNOWN


def test_old_runs_read_what_they_always_read() -> None:
    """Runs stored before there was a choice know all words of the first corpus, in the same places."""
    found = data.dataset(Reviews(), "last")
    texts, _content = reviews("en", "first")
    assert (len(texts), len(found.alphabet)) == (1320, 382)
    assert found.alphabet == vocabulary(texts)
    assert [found.alphabet[number] for number in found.sample(0)] == texts[0]


@pytest.mark.parametrize(("language", "fillers"), [
    ("en", ["the", "it", "not", "never", "but", "very"]), ("zh", ["很", "了", "不", "没有", "都", "一点"])])
def test_filler_and_negation_stand_on_both_sides(language: str, fillers: list[str]) -> None:
    """None of these words may decide alone: what stands beside it does."""
    texts, content = reviews(language, "plain")
    for word in fillers:
        share = np.mean([mood for words, mood in zip(texts, content, strict=True) if word in words])
        assert 0.2 < share < 0.8, f"{word}: {share:.2f}"


def test_the_vocabulary_holds_the_words_that_recur() -> None:
    known = vocabulary([["b", "a", "once"], ["a", "b", "c"], ["c"]])
    assert known == ("·", "?", "a", "b", "c")
    assert (known[PADDING], known[UNKNOWN]) == ("·", "?")
    assert symbols(["a", "once", "c", "·", "?"], known) == [2, UNKNOWN, 4, UNKNOWN, UNKNOWN]


def test_english_words() -> None:
    assert tokenize("  Don’t BUY it -- 10 of 10, it's 'broken'!", "en", "plain") == [
        "don't", "buy", "it", "of", "it's", "broken"]
    assert tokenize("...", "en", "plain") == []


@pytest.mark.parametrize("corpus", ["plain", "order", "first"])
def test_english_reviews_are_plain_sentences(corpus: str) -> None:
    allowed = set(string.ascii_letters + " ,.?!'")
    for text in lines("en", corpus):
        assert set(text) <= allowed
        assert text[0].isupper()
        assert text[-1] in ".?!"
        assert "  " not in text


@pytest.mark.parametrize("corpus", ["plain", "order", "both", "first"])
def test_chinese_words_are_found_without_spaces(corpus: str) -> None:
    """A text as people write it, without spaces, is cut into the very words the corpus was cut into."""
    texts = lines("zh", corpus)
    for text, words in zip(texts, reviews("zh", corpus)[0], strict=True):
        assert text.split(" ") == text.split(), "single spaces only"
        assert tokenize(text, "zh", corpus) == words
        assert tokenize(text.replace(" ", ""), "zh", corpus) == words
    assert corpus == "first" or {"。", "！", "，"} <= {text[-1] for text in texts} | {"，"}


def test_chinese_unknown_characters_stand_alone() -> None:
    assert tokenize("手机壳龘龘很好看！", "zh", "plain") == ["手机壳", "龘", "龘", "很", "好看"]
    assert tokenize("鞋子很舒服 会再买", "zh", "plain") == ["鞋子", "很", "舒服", "会", "再", "买"]


# -- where order decides -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_has_a_twin_of_the_same_words_and_the_other_mood(language: str) -> None:
    sentences = list(order_sentences(language))
    texts, content = reviews(language, "order")
    assert len({sentence.text for sentence in sentences}) == len(sentences) == len(texts)
    for place in range(0, len(texts), 2):
        assert Counter(texts[place]) == Counter(texts[place + 1])
        assert texts[place] != texts[place + 1]
        assert [content[place], content[place + 1]] == [1, 0]
        assert sentences[place].pattern == sentences[place + 1].pattern


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_patterns_of_every_kind_are_held_back(language: str) -> None:
    sentences = list(order_sentences(language))
    found = data.dataset(Reviews(language=language, corpus="order"), "last")
    parts = [{(sentences[number].kind, sentences[number].pattern) for number in found.sample_ids[split]}
             for split in SPLITS]
    assert all(first.isdisjoint(second) for first, second in pairwise([*parts, parts[0]]))
    assert all(len(found.sample_ids[split]) == 2 * TWINS * len(part) for split, part in zip(SPLITS, parts, strict=True))
    assert len(found.sample_ids["test"]) >= 300
    for part in parts:
        assert {kind for kind, _pattern in part} == {
            f"{what} {place}" for what in ("hearsay", "time", "look", "denial") for place in ("first", "last")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_held_out_pattern_speaks_with_words_that_training_knows(language: str) -> None:
    """Or it would test a vocabulary, and not what became of the order."""
    found = data.dataset(Reviews(language=language, corpus="order"), "last")
    x = np.concatenate([found.sample(int(number)) for number in found.sample_ids["test"]])
    assert np.mean(x == UNKNOWN) < 0.04


def test_what_the_writer_means_decides_and_not_what_is_said_first() -> None:
    found = {sentence.text: sentence.content for sentence in order_sentences("en")}
    assert found["Everyone said the kettle was fragile, but I find it reliable."]
    assert not found["Everyone said the kettle was reliable, but I find it fragile."]
    kinds = Counter((sentence.kind.split()[1]) for sentence in order_sentences("en"))
    assert 0.4 < kinds["first"] / kinds.total() < 0.6


def test_other_languages_are_refused() -> None:
    for corpus in WRITTEN:
        with pytest.raises(Refusal, match="'fr' is not known"):
            reviews("fr", corpus)


def test_callers_cannot_change_the_corpus() -> None:
    reviews("en", "plain")[0][0].append("changed")
    assert "changed" not in reviews("en", "plain")[0][0]
