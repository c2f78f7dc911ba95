"""Simpler classifiers: equal to scikit-learn's, blind for what they are said not to read."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import KNeighborsClassifier

from lstm_core import data
from lstm_core.evaluation.classifiers import (
    LogisticRegression,
    company,
    nearest_neighbor,
    word_counts,
)
from lstm_core.spec import Digits, ExamplesSpec, Reviews, Split


def made(spec: ExamplesSpec) -> data.Examples:
    found = data.dataset(spec, "last")
    assert isinstance(found, data.Examples)
    return found


def flat(found: data.Examples, split: Split) -> tuple[np.ndarray, np.ndarray]:
    numbers = found.sample_ids[split]
    return found.x(numbers).reshape(len(numbers), -1).astype(float), found.y(numbers)


@pytest.mark.parametrize("pairs", [False, True])
def test_words_and_pairs_are_weighed_as_scikit_learn_weighs_them(pairs: bool) -> None:
    found = made(Reviews(corpus="plain"))
    train, test = (found.sample_ids[split] for split in ("train", "test"))
    texts = {name: [" ".join(f"w{word}" for word in found.sample(int(number))) for number in numbers]
             for name, numbers in (("train", train), ("test", test))}
    counter = CountVectorizer(ngram_range=(1, 2 if pairs else 1), token_pattern=r"\S+")
    theirs = linear_model.LogisticRegression(max_iter=5000, tol=1e-8)
    theirs.fit(counter.fit_transform(texts["train"]), found.y(train))
    known, asked = word_counts([found.sample(int(number)) for number in train],
                               [found.sample(int(number)) for number in test], len(found.alphabet), pairs=pairs)
    ours = LogisticRegression.fit(known, found.y(train), 2)
    np.testing.assert_allclose((asked @ ours.weights)[:, 0] + ours.intercepts,
                               theirs.decision_function(counter.transform(texts["test"])), atol=0.02)
    named = theirs.predict(counter.transform(texts["test"]))
    assert np.mean(company(found, "test")["pairs" if pairs else "words"] == named) >= 0.995


def test_digits_are_named_as_scikit_learn_names_them() -> None:
    found = made(Digits())
    (x, y), (asked, _y) = flat(found, "train"), flat(found, "test")
    theirs = linear_model.LogisticRegression(max_iter=5000, tol=1e-8).fit(x, y)
    ours = LogisticRegression.fit(x, y, 10)
    np.testing.assert_allclose(ours.weights, theirs.coef_.T, atol=0.02)
    named = company(found, "test")
    assert np.mean(named["logistic"] == theirs.predict(asked)) >= 0.995
    neighbor = KNeighborsClassifier(n_neighbors=1).fit(x, y).predict(asked)
    np.testing.assert_array_equal(named["neighbor"], neighbor)


def test_counts_are_those_of_the_text() -> None:
    known, asked = word_counts([np.array([2, 3, 2]), np.array([3])], [np.array([3, 2, 2, 3, 3])], 4, pairs=True)
    assert known.shape == (2, 6)                                # four words, and the pairs 2 3 and 3 2
    np.testing.assert_array_equal(known.toarray(), [[0, 0, 2, 1, 1, 1], [0, 0, 0, 1, 0, 0]])
    np.testing.assert_array_equal(asked.toarray(), [[0, 0, 2, 3, 1, 1]])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_order_decides_words_alone_are_right_half_the_time(language: str) -> None:
    found = made(Reviews(corpus="order", language=language))
    y = found.y(found.sample_ids["test"])
    assert np.mean(company(found, "test")["words"] == y) == 0.5


def test_nothing_of_the_held_out_parts_is_learned() -> None:
    found = made(Digits())
    numbers = found.sample_ids["test"]
    targets = found.targets.copy()
    targets[numbers] = (targets[numbers] + 1) % 10
    other = data.Examples(**{**found.__dict__, "targets": targets})
    for name, named in company(found, "test").items():
        np.testing.assert_array_equal(company(other, "test")[name], named)


def test_the_nearest_of_many_rows_is_found_in_pieces() -> None:
    known = np.arange(500.0)[:, None]
    np.testing.assert_array_equal(nearest_neighbor(known, np.arange(500), known + 0.4), np.arange(500))


def test_what_separates_the_classes_is_found_from_one_feature() -> None:
    rows = np.arange(20)
    x = (rows >= 10).astype(float)[:, None]
    model = LogisticRegression.fit(x, (rows >= 10).astype(np.int64), 2)
    np.testing.assert_array_equal(model.predict(x), rows >= 10)
