"""The rules of the memory tasks that ask for the next symbol at every step: Reber strings, counting, brackets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.data.tasks.random_draws import uniform, whole
from lstm_core.data.tasks.sequences import TEST, VALIDATION, Made, Task, string_right, strings
from lstm_core.spec import Brackets, Counting, Reber

START, END = "▶", "■"


def balance(symbols: np.ndarray, up: tuple[int, ...], down: tuple[int, ...]) -> np.ndarray:
    """Return how many symbols of one kind more than of the other have come up to each step: (T,) int64."""
    risen: np.ndarray = np.cumsum(np.isin(symbols, up).astype(np.int64) - np.isin(symbols, down))
    return risen


# -- the embedded Reber grammar ----------------------------------------------------------------------------

REBER = ("B", "T", "P", "S", "X", "V", "E")
REBER_STEPS = 60        # letters of the longest string; the longest of 200,000 drawn freely has 47


@dataclass(frozen=True)
class Arrow:
    """One arrow of the automaton: from a state, under a letter, to a state."""

    start: int
    letter: str
    end: int


INNER = tuple(Arrow(start, letter, end) for start, letter, end in (
    (0, "B", 1), (1, "T", 2), (1, "P", 3), (2, "S", 2), (2, "X", 4), (3, "T", 3), (3, "V", 5), (4, "X", 3),
    (4, "S", 6), (5, "P", 4), (5, "V", 6), (6, "E", 7)))
"""The Reber grammar (Reber 1967): from state 0 to state 7, at most two ways out of each, equally probable."""


def embedded() -> tuple[Arrow, ...]:
    """Return the embedded Reber grammar: B, T or P, a Reber string, the same T or P again, E.

    State 0 begins, state 1 follows B; the Reber grammar stands in states 2 to 9 after T and in 10 to 17 after P;
    states 18 and 19 are the end (Hochreiter & Schmidhuber 1997, figure 4).
    """
    arrows = [Arrow(0, "B", 1)]
    for letter, first in (("T", 2), ("P", 10)):
        arrows += [Arrow(1, letter, first), *(Arrow(first + arrow.start, arrow.letter, first + arrow.end)
                                              for arrow in INNER), Arrow(first + 7, letter, 18)]
    return (*arrows, Arrow(18, "E", 19))


ARROWS = embedded()
LAST = 19


WAYS = {(arrow.start, REBER.index(arrow.letter)): arrow.end for arrow in ARROWS}


def walked(letters: np.ndarray) -> np.ndarray:
    """Return the states of the automaton before and after each letter (T,) of a string of the grammar: (T + 1,)."""
    states = [0]
    for letter in letters.tolist():
        states.append(WAYS[states[-1], letter])
    return np.array(states)


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each state its two ways out, the nearer to the end first: letters, next states; and what is permitted.

    (20, 2), (20, 2) and (20, K) bool; a state with one way out has it twice.
    """
    distance = {LAST: 0}
    while len(distance) <= LAST:
        distance |= {arrow.start: distance[arrow.end] + 1 for arrow in ARROWS
                     if arrow.end in distance and arrow.start not in distance}
    letters, following = np.zeros((LAST + 1, 2), np.int64), np.full((LAST + 1, 2), LAST)
    permitted = np.zeros((LAST + 1, len(REBER)), dtype=bool)
    for state in range(LAST):
        ways = sorted((arrow for arrow in ARROWS if arrow.start == state), key=lambda way: distance[way.end])
        for place, way in enumerate((ways[0], ways[-1])):
            letters[state, place], following[state, place] = REBER.index(way.letter), way.end
            permitted[state, letters[state, place]] = True
    return letters, following, permitted


def reber(spec: Reber) -> Task:
    """Return the embedded Reber grammar: which letters may come next is to be told after each letter.

    A string drawn so long that it would pass REBER_STEPS takes the nearest way to its end.
    """
    letters, following, permitted = _tables()
    hurry = REBER_STEPS - 10            # no state is more than ten letters from the end

    def make(numbers: np.ndarray) -> Made:
        drawn = uniform(spec.split_seed, numbers, REBER_STEPS)
        states = np.zeros((len(drawn), REBER_STEPS + 1), dtype=np.int64)
        symbols = np.zeros((len(drawn), REBER_STEPS), dtype=np.int64)
        for place in range(REBER_STEPS):
            now = states[:, place]
            way = whole(drawn[:, place], 0, 1) if place < hurry else np.zeros(len(drawn), np.int64)
            symbols[:, place], states[:, place + 1] = letters[now, way], following[now, way]
            if (states[:, place + 1] == LAST).all():
                break
        lengths = (states[:, :place + 1] != LAST).sum(axis=1)
        return strings(symbols, lengths, permitted[states])

    return Task(features=("letter",), target="letter", steps=REBER_STEPS - 1, make=make,
                right=string_right, alphabet=REBER, labels=REBER)


# -- counting ----------------------------------------------------------------------------------------------

COUNTING = (START, "a", "b", END)
COUNTED = 200           # up to a^n b^n with this n it is tried how far a network counts
UP, DOWN = (1,), (2,)   # a counts up, b counts down


def counted(counts: np.ndarray) -> Made:
    """Return the strings a^n b^n between a start and an end sign for the given n.

    While a's are read nobody can know how many more will come: only what follows a b is asked for.
    """
    n, place = counts[:, np.newaxis], np.arange(2 * int(counts.max(initial=0)) + 2)
    symbols = np.select([place == 0, place <= n, place <= 2 * n], [0, 1, 2], 3)
    permitted = symbols[..., np.newaxis] == np.arange(len(COUNTING))
    permitted &= (place > n + 1)[..., np.newaxis]
    return strings(symbols, 2 * counts + 2, permitted)


def counts_to(scores: np.ndarray) -> int:
    """Return the largest n to which all strings a^n b^n are predicted right.

    Args:
        scores: (N, 2 N + 1, K) for the strings with n from 1 to N, as ``counted`` makes them.
    """
    right = string_right(counted(np.arange(1, len(scores) + 1)), scores)
    return int(np.append(right, False).argmin())


def counting(spec: Counting) -> Task:
    """Return counting: the strings a^n b^n with n from 1 to N in training, from there to 1.5 N and to 2 N elsewhere.

    The training strings come in turn, each as often as the others (Gers & Schmidhuber 2001, "LSTM recurrent networks
    learn simple context-free and context-sensitive languages").
    """
    most, middle = spec.largest_count, spec.largest_count + (spec.largest_count + 1) // 2

    def make(numbers: np.ndarray) -> Made:
        return counted(np.select([numbers >= TEST, numbers >= VALIDATION],
                                 [middle + 1 + numbers - TEST, most + 1 + numbers - VALIDATION], 1 + numbers % most))

    return Task(features=("letter",), target="letter", steps=4 * most + 1, make=make, right=string_right,
                alphabet=COUNTING, labels=COUNTING, held_back=(middle - most, 2 * most - middle))


# -- brackets ----------------------------------------------------------------------------------------------

BRACKETS = (START, "(", "[", ")", "]", END)
KINDS = 2
OPENING, CLOSING = (1, 2), (3, 4)
STOP = len(BRACKETS) - 1        # the symbol END
LONGEST = 80            # brackets of the longest string
STOPS = 1 / 3           # probability that a string ends where nothing is open
OPENS = 1 / 2           # probability that a bracket is opened where one may be opened or closed


def brackets(spec: Brackets) -> Task:
    """Return bracket matching: after each bracket, which ones may come next.

    Any opening bracket may come as long as fewer than ``depth`` are open, the closing bracket of the one opened last,
    and the end where none is open (a Dyck language with two kinds of brackets and bounded depth: Hewitt et al. 2020,
    "RNNs can generate bounded hierarchical languages with optimal memory"). A string drawn so long that it would pass
    LONGEST closes what is open.
    """
    def make(numbers: np.ndarray) -> Made:
        count, steps, rows = len(numbers), LONGEST + 1, np.arange(len(numbers))
        drawn = uniform(spec.split_seed, numbers, 2 * steps).reshape(count, steps, 2)
        symbols, permitted = np.full((count, steps + 1), STOP), np.zeros((count, steps + 1, len(BRACKETS)), dtype=bool)
        symbols[:, 0] = 0
        kinds = whole(drawn[..., 1], 0, KINDS - 1)
        stack, height = np.zeros((count, spec.depth + 1), dtype=np.int64), np.zeros(count, dtype=np.int64)
        for place in range(1, steps + 1):
            going, chance, kind = symbols[:, place - 1] != STOP, drawn[:, place - 1, 0], kinds[:, place - 1]
            if not going.any():
                break
            closing = 1 + KINDS + stack[rows, height]               # closes the bracket opened last
            may_open, empty = going & (height < spec.depth), going & (height == 0)
            permitted[:, place, 1:1 + KINDS] = may_open[:, np.newaxis]
            permitted[rows, place, closing] = going & ~empty
            permitted[:, place, STOP] = empty & (place > 1)
            room = LONGEST - place >= height + 1                    # for this bracket and all that then is to be closed
            opens = may_open & room & np.where(empty, (chance >= STOPS) | (place == 1), chance < OPENS)
            symbols[:, place] = np.select([opens, ~going | empty], [1 + kind, STOP], closing)
            height += np.where(opens, 1, np.where(going & ~empty, -1, 0))
            stack[rows[opens], height[opens]] = kind[opens]
        return strings(symbols, (symbols != STOP).sum(axis=1) + 1, permitted)

    return Task(features=("bracket",), target="bracket", steps=LONGEST + 1, make=make, right=string_right,
                alphabet=BRACKETS, labels=BRACKETS)
