"""The memory tasks: each sequence keeps to the definition of its task."""

import re
from collections import defaultdict

import numpy as np
import pytest

from lstm_core.data.generated import task
from lstm_core.data.tasks.grammars import ARROWS, BRACKETS, COUNTING, LONGEST, REBER, REBER_STEPS
from lstm_core.data.tasks.random_draws import uniform, whole
from lstm_core.data.tasks.sequences import NOISE, ORDER, PAIRS, RECALL, TEST, VALIDATION, Made
from lstm_core.spec import Adding, Brackets, Counting, Order, Reber, Recall, TaskSpec
from lstm_core.spec.io import IGNORED

ALL: list[TaskSpec] = [Adding(distance=30), Order(distance=30), Recall(distance=30), Reber(), Counting(), Brackets()]


def texts(made: Made, alphabet: tuple[str, ...]) -> list[str]:
    """Return what each sequence reads, without its padding."""
    return ["".join(alphabet[symbol] for symbol in row[:length])
            for row, length in zip(made.x, made.lengths, strict=True)]


def strings(made: Made, alphabet: tuple[str, ...]) -> list[str]:
    """Return whole strings: what each sequence reads, and the last symbol to be named."""
    return [text + alphabet[row[length - 1]]
            for text, row, length in zip(texts(made, alphabet), made.y, made.lengths, strict=True)]


# -- random numbers ----------------------------------------------------------------------------------------


def test_random_numbers_belong_to_a_sequence_and_a_seed() -> None:
    together = uniform(3, np.array([7, 2**41, 0]), 50)
    for row, number in zip(together, (7, 2**41, 0), strict=True):
        fresh = np.random.Generator(np.random.Philox(key=(3 << 64) + number)).random(50)
        assert row.tobytes() == fresh.tobytes() == uniform(3, np.array([number]), 60)[0, :50].tobytes()
    assert not (uniform(4, np.array([7]), 50) == together[0]).any()
    many = uniform(0, np.arange(2000), 10)
    assert np.abs(np.corrcoef(many.T) - np.eye(10)).max() < 0.1
    assert np.histogram(many, 10, (0, 1))[0] == pytest.approx(2000, rel=0.1)


def test_whole_numbers_reach_both_ends() -> None:
    drawn = np.array([0, 0.24, 0.26, 0.5, 1 - 2**-53])
    assert whole(drawn, 5, 8).tolist() == [5, 5, 6, 7, 8]


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.source)
def test_a_sequence_is_the_same_alone_and_among_others(spec: TaskSpec) -> None:
    rule = task(spec)
    numbers = np.array([VALIDATION + 1, 5, 17, TEST, 3])
    together = rule.make(numbers)
    assert together.x.shape[1] == together.lengths.max() <= rule.steps
    for place, number in enumerate(numbers):
        alone, length = rule.make(np.array([number])), together.lengths[place]
        assert alone.lengths.tolist() == [length] == [alone.x.shape[1]]
        assert (alone.x[0] == together.x[place, :length]).all()
        assert not together.x[place, length:].any()
        if together.permitted is None or alone.permitted is None:
            assert alone.y[0] == together.y[place]
        else:
            assert (alone.y[0] == together.y[place, :length]).all()
            assert (together.y[place, length:] == IGNORED).all()
            assert (alone.permitted[0] == together.permitted[place, :length]).all()
            assert not together.permitted[place, length:].any()


# -- one question at the end -------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", [20, 100, 1000])
def test_adding_is_that_of_1997(distance: int) -> None:
    made = task(Adding(distance=distance)).make(np.arange(1500))
    assert {made.lengths.min(), made.lengths.max()} <= set(range(distance, distance + distance // 10 + 1))
    if distance == 100:
        assert set(made.lengths) == set(range(100, 111))
    firsts: set[int] = set()
    others: set[int] = set()
    for x, y, length in zip(made.x, made.y, made.lengths, strict=True):
        numbers, markers = x[:length].T
        assert np.abs(numbers).max() <= 1
        assert markers[0] == markers[-1] == -1
        assert set(markers[1:-1]) <= {0, 1}
        marked = np.flatnonzero(markers == 1)
        assert len(marked) in (1, 2)                    # one where the first pair was chosen: it keeps its -1
        assert marked.max() < max(10, distance // 2)
        assert y == pytest.approx(0.5 + numbers[marked].sum() / 4)
        if len(marked) == 2:
            assert marked.min() < 10
            firsts.add(int(marked[0]))
            others.add(int(marked[1]))
    assert firsts >= set(range(1, 9))
    assert max(others) == distance // 2 - 1 or distance == 1000
    alone = (made.x[:, :, 1] == 1).sum(axis=1) == 1
    assert alone.mean() == pytest.approx(0.1 + 0.9 / (distance // 2 - 1), abs=0.03)
    assert made.x[:, 1:-distance // 5, 0].std() == pytest.approx(np.sqrt(1 / 3), rel=0.02)


@pytest.mark.parametrize("distance", [20, 100])
def test_temporal_order_is_that_of_1997(distance: int) -> None:
    made = task(Order(distance=distance)).make(np.arange(2000))
    found = defaultdict(set)
    for text, name in zip(texts(made, ORDER), made.y, strict=True):
        assert text[0] == "E"
        assert text[-1] == "B"
        assert distance <= len(text) <= distance * 1.1
        signs = re.findall("[^abcdEB]", text)
        assert PAIRS[name] == "".join(signs)
        assert len(text) - 4 == sum(text.count(letter) for letter in NOISE)
        first, second = (match.start() for match in re.finditer("[XY]", text))
        found["first"].add(first)
        found["second"].add(second)
    assert found["first"] == set(range(distance // 10, distance // 5 + 1))
    assert found["second"] == set(range(distance // 2, distance * 6 // 10 + 1))
    assert np.bincount(made.y) == pytest.approx(500, rel=0.15)


def test_recall_asks_for_the_letter_before_the_gap() -> None:
    made = task(Recall(distance=60)).make(np.arange(1000))
    for text, letter in zip(texts(made, RECALL), made.y, strict=True):
        assert re.fullmatch(r"[A-H][abcd]{60,66}\?", text)
        assert text[0] == RECALL[letter]
    assert set(made.y) == set(range(8))
    assert set(made.lengths) == set(range(62, 69))


# -- the next symbol at every step -------------------------------------------------------------------------

REST = r"T*V(PXT*V)*(V|PS)"             # of a Reber string, from the state with the T loop on
STRING = rf"B(TS*X(S|X{REST})|P{REST})E"
EMBEDDED = re.compile(rf"B(T{STRING}T|P{STRING}P)E")


def test_the_pattern_of_these_tests_is_the_reber_grammar() -> None:
    for known in ("BTXSE", "BPVVE", "BTSSXSE", "BTXXVVE", "BPTTVPSE", "BTSXXTVPXVPXTVVE", "BPVPXVPXVPXVVE"):
        assert re.fullmatch(STRING, known)
    for wrong in ("BTXSSE", "BPVE", "BTSSE", "BSXSE", "BTXXSE", "BPTVPE"):
        assert not re.fullmatch(STRING, wrong)
    assert not EMBEDDED.fullmatch("BTBTXSEPE")


def test_reber_strings_are_those_of_the_embedded_grammar() -> None:
    made = task(Reber()).make(np.arange(20_000))
    found = strings(made, REBER)
    assert all(EMBEDDED.fullmatch(text) for text in found)
    assert min(map(len, found)) == 9
    assert sum(len(text) > REBER_STEPS - 10 for text in found) == 0      # none is cut short
    assert sum(text[1] == "T" for text in found) == pytest.approx(10_000, rel=0.05)
    assert sum(text[3] == "T" for text in found) == pytest.approx(10_000, rel=0.05)


def test_the_permitted_letters_are_those_that_come() -> None:
    made = task(Reber()).make(np.arange(20_000))
    assert made.permitted is not None
    come = defaultdict(list)
    permitted = {}
    for text, masks in zip(strings(made, REBER), made.permitted, strict=True):
        for place in range(1, len(text)):
            come[text[:place]].append(text[place])
            permitted[text[:place]] = {letter for letter, may in zip(REBER, masks[place - 1], strict=True) if may}
    often = [prefix for prefix, letters in come.items() if len(letters) >= 50]
    assert len(often) > 100
    assert all(permitted[prefix] == set(come[prefix]) for prefix in often)
    assert all(set(letters) <= permitted[prefix] for prefix, letters in come.items())


def test_the_automaton_can_be_drawn() -> None:
    ways = defaultdict(set)
    for arrow in ARROWS:
        ways[arrow.start].add(arrow.letter)
    assert len(ARROWS) == sum(map(len, ways.values()))          # no state has two arrows with the same letter
    assert set(ways) == set(range(19))
    assert {arrow.end for arrow in ARROWS} == set(range(1, 20))


def test_counting_has_as_many_b_as_a_and_longer_strings_elsewhere() -> None:
    rule = task(Counting(largest_count=10))
    assert rule.held_back == (5, 5)
    for first, count, expected in ((0, 30, [*range(1, 11)] * 3), (VALIDATION, 5, range(11, 16)),
                                   (TEST, 5, range(16, 21))):
        made = rule.make(first + np.arange(count))
        assert strings(made, COUNTING) == ["▶" + "a" * n + "b" * n + "■" for n in expected]
        assert made.x.shape[1] <= rule.steps
        assert made.permitted is not None
        for n, y, permitted in zip(expected, made.y, made.permitted, strict=True):
            assert [COUNTING[symbol] for symbol in y[n + 1:2 * n + 1]] == ["b"] * (n - 1) + ["■"]
            assert set(y[:n + 1]) == {IGNORED}                  # nobody can know how many a will come
            assert (permitted.sum(axis=1) == (y != IGNORED)).all()
            assert (permitted.argmax(axis=1) == y)[y != IGNORED].all()


@pytest.mark.parametrize("depth", [1, 4])
def test_brackets_are_balanced_and_never_deeper_than_asked_for(depth: int) -> None:
    made = task(Brackets(depth=depth)).make(np.arange(1500))
    assert made.permitted is not None
    deepest, closes = 0, {"(": ")", "[": "]"}
    for text, masks in zip(strings(made, BRACKETS), made.permitted, strict=True):
        assert text[0] == "▶"
        assert text.index("■") == len(text) - 1
        assert 2 <= len(text) - 2 <= LONGEST
        still: list[str] = []
        for place, bracket in enumerate(text):
            if bracket in closes:
                still.append(bracket)
            elif bracket in closes.values():
                assert bracket == closes[still.pop()]
            deepest = max(deepest, len(still))
            assert len(still) <= depth
            may = {symbol for symbol, mask in zip(BRACKETS, masks[place], strict=True) if mask} \
                if place < len(text) - 1 else set()
            expected = (set(closes) if len(still) < depth else set()) | (
                {closes[still[-1]]} if still else {"■"} if place else set())
            assert may == (expected if bracket != "■" else set())
        assert not still
    assert deepest == depth
    assert max(map(len, strings(made, BRACKETS))) > 30
