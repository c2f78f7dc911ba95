"""What is going on in a class, as the teacher has decided it; what learners answer is kept apart from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from lstm_core import limits
from lstm_core.classroom import experiments, questions
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import Question
from lstm_core.errors import Refusal

ITEMS = 60              # questions and experiments of one class
LONGEST_QUERY = 2000    # characters of the address of a page

Item = Question | Experiment


@dataclass(frozen=True)
class Place:
    """A page of the lab with all that its address says: a lesson and a card, a preset, a run, settings."""

    page: str                       # name of the page
    query: str = ""                 # what stands after the question mark of its address


@dataclass(frozen=True)
class Classroom:
    """One class. Each change gives a new one; what may not follow is refused."""

    items: tuple[Item | None, ...] = ()     # questions and experiments in their order; None: no longer readable
    place: Place | None = None      # to which all were brought last; None: everybody goes where they like
    brought: int = 0                # how often all were brought somewhere: who declined is asked anew the next time
    held: bool = False              # the controls of learners are locked
    named: bool = False             # names stand on the wall
    full: bool = False              # nobody else may join

    @property
    def now(self) -> Item | None:
        """Return the question or the experiment that is on the wall: the last one."""
        return self.items[-1] if self.items else None

    def asking(self, question: Question) -> Classroom:
        """Return it with a new question, open for the first vote.

        Raises:
            Refusal: another one is open, or there are too many.
        """
        return self._with(question)

    def trying(self, experiment: Experiment) -> Classroom:
        """Return it with a new experiment.

        Raises:
            Refusal: a question or another experiment is open, or there are too many.
        """
        return self._with(experiment)

    def closing(self) -> Classroom:
        """Return it with the question or the experiment closed that is open.

        Raises:
            Refusal: none is.
        """
        if not isinstance(self.now, Question | Experiment):
            raise Refusal("Nothing has been asked yet.")
        return self._instead(self.now.closed())

    def again(self) -> Classroom:
        """Return it with the last question open for its second vote.

        Raises:
            Refusal: it cannot be asked again now.
        """
        return self._instead(self._question().again())

    def showing(self, came: Any = None) -> Classroom:
        """Return it with the answers of the last question shown, and of a card what came.

        Raises:
            Refusal: it is open, or nothing has been asked.
        """
        return self._instead(self._question().shown(came))

    def bringing(self, place: Place) -> Classroom:
        """Return it with all brought to a page.

        Raises:
            Refusal: the address is too long.
        """
        if len(place.query) > LONGEST_QUERY:
            raise Refusal("The address of a page may have {limit:,} characters; this one has {given:,}.",
                          limit=LONGEST_QUERY, given=len(place.query))
        return replace(self, place=place, brought=self.brought + 1)

    def freeing(self) -> Classroom:
        """Return it with everybody free to go where they like, and nothing locked."""
        return replace(self, place=None, held=False)

    def _question(self) -> Question:
        if not isinstance(self.now, Question):
            raise Refusal("Nothing has been asked yet.")
        return self.now

    def _with(self, item: Item) -> Classroom:
        if isinstance(self.now, Question) and self.now.phase == "open":
            raise Refusal("Close the question that is open first.")
        if isinstance(self.now, Experiment) and self.now.open:
            raise Refusal("Close the experiment that is open first.")
        if len(self.items) >= ITEMS:
            raise Refusal("A class has at most {limit} questions and experiments. Open a new class.", limit=ITEMS)
        return replace(self, items=(*self.items, item))

    def _instead(self, item: Item) -> Classroom:
        return replace(self, items=(*self.items[:-1], item))


def to_json(classroom: Classroom) -> str:
    """Return a class as text."""
    return json.dumps({
        "items": [_plain(item) for item in classroom.items],
        "place": None if classroom.place is None else asdict(classroom.place), "brought": classroom.brought,
        "held": classroom.held, "named": classroom.named,
        "full": classroom.full}, ensure_ascii=False)


@lru_cache(maxsize=limits.CLASSES)
def from_json(text: str) -> Classroom:
    """Return what :func:`to_json` wrote; what is no longer there keeps its place in the order, so that answers fit.

    Raises:
        ValueError: it is no such text.
    """
    raw = json.loads(text)
    if not isinstance(raw, dict) or not isinstance(raw.get("items"), list):
        raise ValueError("this is no class")
    place, brought = raw.get("place"), raw.get("brought")
    return Classroom(
        items=tuple(_item(item) for item in raw["items"]),
        place=Place(str(place["page"]), str(place["query"])) if isinstance(place, dict) else None,
        brought=brought if isinstance(brought, int) else 0, held=raw.get("held") is True,
        named=raw.get("named") is True, full=raw.get("full") is True)


def _plain(item: Item | None) -> dict[str, Any] | None:
    match item:
        case Question():
            return questions.to_plain(item)
        case Experiment():
            return experiments.to_plain(item)
    return None


def _item(raw: object) -> Item | None:
    if not isinstance(raw, Mapping):
        return None
    return experiments.from_plain(raw) if "base" in raw else questions.from_plain(raw)
