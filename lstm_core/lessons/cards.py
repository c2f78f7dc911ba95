"""What a lesson is: cards, each of one of six kinds, and the picture of the lab that they stand beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, ClassVar, Literal

from lstm_core import i18n
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Ask
from lstm_core.lessons.conditions import Condition
from lstm_core.lessons.moment import Moment
from lstm_core.spec import Layer, RunSpec

Kind = Literal["say", "predict", "do", "see", "why", "transfer"]
LAYER = frozenset(item.name for item in fields(Layer))       # settings that each layer has

Truth = Callable[[Moment], Any]
"""Works out what came, from the learner's run: what the card's ask takes as an answer."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The page of the lab that a card stands beside, and the run it shows there.

    The run is the learner's own newest one with these settings; the example with them as long as there is none; else
    nothing but the data.
    """

    page: str                       # name of a page of the lab: train, cell, predict, letters, memory, shapes
    spec: RunSpec
    section: str = ""               # of that page
    sets: Mapping[str, Any] = field(default_factory=dict)   # widgets of the page by key, and what they begin with
    step: int | None = None         # time step, from 1, to which the view of the cell goes; None: where it opens itself
    unit: int | None = None         # unit, from 1, to which it goes
    free: tuple[str, ...] = ()      # settings of the run that the learner may change; the others stay hidden

    def fits(self, spec: RunSpec) -> bool:
        """Tell whether a run with these settings is one of this stage: equal but for what is free."""
        ours, theirs = self.spec.model.layers, spec.model.layers
        mine = {name: _setting(self.spec, name) for name in self.free if name not in LAYER}
        of_layer = [name for name in self.free if name in LAYER]
        if len(ours) != len(theirs):
            return False
        layers = tuple(replace(one, **{name: getattr(own, name) for name in of_layer})
                       for one, own in zip(theirs, ours, strict=True))
        try:
            return spec.change(**mine, layers=layers, lr_changes=()) == self.spec
        except Refusal:                     # other data, which do not have the setting
            return False


def _setting(spec: RunSpec, name: str) -> Any:
    """Return a setting by name, whichever part it belongs to."""
    return next(getattr(part, name) for part in (spec.data, spec.model, spec.train) if hasattr(part, name))


@dataclass(frozen=True, kw_only=True)
class Card:
    """What all cards have. The words are found under the card's name."""

    kind: ClassVar[Kind]
    name: str                       # in the address, in the words, in the record
    lights: tuple[str, ...] = ()    # what it lights up in the picture: keys of widgets or CSS selectors
    stage: Stage | Mapping[str, Stage] | None = None    # None: that of the card before; of several by language


@dataclass(frozen=True, kw_only=True)
class Say(Card):
    """Says one thing in at most 60 words, bound to what it lights up."""

    kind: ClassVar[Kind] = "say"


@dataclass(frozen=True, kw_only=True)
class Predict(Card):
    """Asks what will come, before it is there. What came stands on the :class:`See` card that names this one."""

    kind: ClassVar[Kind] = "predict"
    ask: Ask
    truth: Truth
    known: Truth | None = None      # what stands in the box of a curve before its first point, as far apart as those
    meets: tuple[str, ...] = ()     # misconceptions that its options have (misconceptions.py)
    chance: bool = False            # another seed gives another answer: judged with what 20 seeds give


@dataclass(frozen=True, kw_only=True)
class Do(Card):
    """Waits until the learner has done something in the lab, which is seen from the lab's own state."""

    kind: ClassVar[Kind] = "do"
    waits: Condition
    does: str = ""                  # what *Show me* does, as in the prose of a page (ui.shared.beside)


@dataclass(frozen=True, kw_only=True)
class See(Card):
    """Shows what came over what was predicted, with the distance in words and numbers."""

    kind: ClassVar[Kind] = "see"
    of: str                         # name of the predict card


@dataclass(frozen=True, kw_only=True)
class Why(Card):
    """Asks for the reason: in own words, or as a choice whose wrong options each have their own answer."""

    kind: ClassVar[Kind] = "why"
    ask: Ask
    truth: Truth
    meets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Transfer(Card):
    """Asks for the same idea on another sequence, not seen yet; judged at once."""

    kind: ClassVar[Kind] = "transfer"
    ask: Ask
    truth: Truth
    known: Truth | None = None
    meets: tuple[str, ...] = ()
    chance: bool = False


AnyCard = Say | Predict | Do | See | Why | Transfer


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson: five to nine cards in an order.

    ``facts`` has what the fields in its words stand for, each worked out from the run on the page when it is shown.
    """

    name: str                       # of its files, and in the address
    number: int                     # its place in the course, from 1
    cards: tuple[AnyCard, ...]
    facts: Mapping[str, Callable[[Moment], Any]] = field(default_factory=dict)
    presets: tuple[str, ...] = ()   # systems of the tutorials and memory tasks that its end leads to
    pages: tuple[str, ...] = ()     # pages of the lab that it explains, beside those that it shows
    onward: tuple[str, str] = ("challenges", "")        # where its end leads: a page of the lab, and its section

    def facts_of(self, moment: Moment) -> dict[str, Callable[[], Any]]:
        """Return what the fields of its words stand for, each to be called when it is shown."""
        return {name: partial(fact, moment) for name, fact in self.facts.items()}

    def card(self, name: str) -> AnyCard:
        """Return a card by its name."""
        return next(card for card in self.cards if card.name == name)

    def stage(self, name: str) -> Stage:
        """Return the stage that a card stands beside: its own, or the last one before it."""
        names = [card.name for card in self.cards]
        before = self.cards[:names.index(name) + 1]
        return next(_spoken(card.stage) for card in reversed(before) if card.stage is not None)

    def stages(self) -> tuple[Stage, ...]:
        """Return all its stages in their order."""
        return tuple(_spoken(card.stage) for card in self.cards if card.stage is not None)


def _spoken(stage: Stage | Mapping[str, Stage]) -> Stage:
    """Return the stage for the language now in use, else the English one."""
    return stage if isinstance(stage, Stage) else stage.get(i18n.current(), stage[i18n.SOURCE])


def always(answer: Any) -> Truth:
    """Return the truth of a card that no run decides."""
    return lambda _moment: answer
