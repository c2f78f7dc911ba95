"""The classes of a server: who may do what in which, and who is told when something has changed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lstm_core import limits
from lstm_core.classroom import classroom as of_class
from lstm_core.classroom import codes, nicknames
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import Question
from lstm_core.classroom.recent import News, Reader
from lstm_core.errors import Refusal
from lstm_core.storage.classes import ClassStore, Learner, StoredClass

HOUR = 3600.0
TRIES = 20              # to find a code that no class has, or to keep a change while another tab keeps its own

Hear = Callable[[News], None]


@dataclass(frozen=True)
class Opened:
    """What the one who has opened a class is given; nobody is told the secret a second time."""

    code: str
    key: str                # what the link for learners has besides the code: it need not be typed, nor can be guessed
    secret: str             # what the private link has, which makes another browser a teacher's


@dataclass(frozen=True)
class Standing:
    """A class as it stands."""

    code: str
    key: str
    ends: float             # seconds since 1970
    room: Classroom


@dataclass(frozen=True)
class Answered:
    """What has been answered to a question or an experiment in one vote, by the number of the learner."""

    count: int
    answers: dict[int, Any] = field(default_factory=dict)       # checked; empty as long as nobody may see them


class Rooms:
    """The classes of a server; safe to use from several threads.

    Args:
        store: where they are kept: nothing is lost when the server ends.
    """

    def __init__(self, store: ClassStore) -> None:
        self._store = store
        self._kept = Reader(store)
        self._listeners: dict[str, list[Hear]] = {}
        self._lock = Lock()

    # -- a teacher -----------------------------------------------------------------------------------------

    def open(self, owner: str) -> Opened:
        """Open a class, as its teacher.

        Raises:
            Refusal: there are as many as may be.
        """
        self._store.expire(time.time() - limits.CLASS_HOURS * HOUR)
        secret, key = secrets.token_urlsafe(24), secrets.token_urlsafe(9)
        for _try in range(TRIES):
            code = codes.drawn()
            if self._store.open(code, _digest(secret), key, of_class.to_json(Classroom())):
                self._store.let_teach(code, owner)
                return Opened(code, key, secret)
        raise Refusal("No free code was found. Try again.")

    def teaches(self, code: str, owner: str) -> bool:
        """Tell whether a browser may do what the teacher of a class does."""
        return self._store.teaches(code, owner)

    def take_over(self, code: str, secret: str, owner: str) -> bool:
        """Let a browser that has opened the private link do what the teacher does; False: it is no such link."""
        known = self._on(code)
        if known is None or not hmac.compare_digest(known[0].teacher, _digest(secret)):
            return False
        self._store.let_teach(code, owner)
        return True

    def new_secret(self, code: str, owner: str) -> str:
        """Return a new secret for the private link; the one before opens nothing any more."""
        self._taught(code, owner)
        secret = secrets.token_urlsafe(24)
        self._store.set_secret(code, _digest(secret))
        self._kept.forget(code, "room")
        return secret

    def change(self, code: str, owner: str, step: Callable[[Classroom], Classroom]) -> Classroom:
        """Take a step in a class, as its teacher, and return it as it then is.

        Raises:
            Refusal: one is not its teacher, or the step may not follow.
        """
        for _try in range(TRIES):
            self._kept.forget(code, "room")         # another server may have changed it just now
            found, room = self._taught(code, owner)
            room = step(room)
            if self._store.keep(code, of_class.to_json(room), found.revision):
                self._tell(code, "room")
                return room
        raise Refusal("Another page changes this class all the time. Try again.")

    def rename(self, code: str, owner: str, number: int, language: str) -> None:
        """Give a learner another name, drawn in a language, in place of one that should not stand on a wall."""
        self._taught(code, owner)
        self._store.rename(code, number, nicknames.drawn(language, {one.name for one in self._store.learners(code)}))
        self._tell(code, "people")

    def remove(self, code: str, owner: str, number: int) -> None:
        """Let a learner go, with all that they have answered."""
        self._taught(code, owner)
        self._store.leave(code, number)
        self._tell(code, "room")

    def end(self, code: str, owner: str) -> None:
        """End a class: its names and answers are deleted."""
        self._taught(code, owner)
        self._store.end(code)
        self._tell(code, "room")

    # -- everybody -----------------------------------------------------------------------------------------

    def standing(self, code: str) -> Standing:
        """Return a class as it stands.

        Raises:
            Refusal: there is none with this code.
        """
        found, room = self._found(code)
        return Standing(code, found.key, _ends(found), room)

    def of(self, owner: str) -> list[tuple[str, bool]]:
        """Return the classes in which a browser is, and whether as their teacher: those first, and the newest first."""
        return [(code, self._store.teaches(code, owner)) for code in self._store.of(owner)
                if self._on(code) is not None]

    def learner(self, code: str, owner: str) -> Learner | None:
        """Return who somebody is in a class; None: they are not in it."""
        return self._kept.learner(code, owner)

    def learners(self, code: str) -> list[Learner]:
        """Return all who are in a class, in the order of joining."""
        return self._kept.learners(code)

    def answered(self, code: str, item: int, vote: int) -> Answered:
        """Return how many have answered, and what, once nobody can answer any more. A run may be seen at once.

        Args:
            code: of the class.
            item: number of the question or experiment, from 0.
            vote: 1 or 2.
        """
        asked = self._item(code, item)
        if isinstance(asked, Question) and asked.phase == "open" and vote == asked.vote:
            return Answered(self.count(code, item, vote))
        rows = self._kept.answers(code, item, vote)
        numbers = {learner.owner: learner.number for learner in self.learners(code)}
        return Answered(len(rows), {numbers[owner]: _thawed(text) for owner, text in rows.items() if owner in numbers})

    def count(self, code: str, item: int, vote: int) -> int:
        """Return how many have answered; arguments as for :meth:`answered`."""
        return len(self._kept.answers(code, item, vote))

    def listen(self, code: str, hear: Hear) -> Callable[[], None]:
        """Have ``hear`` told whatever has changed in a class; return what ends that."""
        with self._lock:
            self._listeners.setdefault(code, []).append(hear)

        def leave() -> None:
            with self._lock:
                hearing = self._listeners.get(code, [])
                if hear in hearing:
                    hearing.remove(hear)
                if not hearing:
                    self._listeners.pop(code, None)

        return leave

    # -- a learner -----------------------------------------------------------------------------------------

    def admits(self, code: str, key: str) -> bool:
        """Tell whether a link is that of a class: who has it need not type the code."""
        known = self._on(code)
        return known is not None and hmac.compare_digest(known[0].key.encode(), key.encode(errors="replace"))

    def join(self, code: str, owner: str, language: str, name: str = "") -> Learner:
        """Join a class under a name, or under one that is drawn; who is in it already stays who they are.

        Raises:
            Refusal: there is no such class, it is full, or the name cannot be taken.
        """
        known = self._store.learner(code, owner)
        if known is None and self.standing(code).room.full:
            raise Refusal("The teacher lets nobody else into this class at the moment.")
        taken = {learner.name for learner in self._store.learners(code)}
        joined = self._store.join(
            code, owner, nicknames.checked(name) if name.strip() else nicknames.drawn(language, taken))
        self._tell(code, "people")
        return joined

    def see(self, code: str, owner: str, place: str) -> None:
        """Note where in the lab a learner is."""
        self._store.see(code, owner, _storable(place[:of_class.LONGEST_QUERY]))
        self._tell(code, "people")

    def leave(self, code: str, owner: str) -> None:
        """Leave a class: one's name and answers are deleted."""
        me = self._store.learner(code, owner)
        if me is not None:
            self._store.leave(code, me.number)
            self._tell(code, "people")

    def answer(self, code: str, owner: str, item: int, raw: object) -> None:
        """Answer the question that is open, or hand in the run of an experiment; the last answer counts.

        Args:
            code: of the class.
            owner: of the answer.
            item: number of what is answered, from 0: an answer to what was closed meanwhile belongs to nothing else.
            raw: the answer; of an experiment the id of the run.

        Raises:
            Refusal: it is not open, the answer is none, or one is not in the class.
        """
        asked = self._item(code, item)
        if isinstance(asked, Question):
            if asked.phase != "open":
                raise Refusal("This question has been closed: answers are no longer taken.")
            checked, vote = asked.asked.checked(raw), asked.vote
        else:
            if not asked.open:
                raise Refusal("This experiment has been closed: runs are no longer taken.")
            if not isinstance(raw, str) or not 0 < len(raw) <= 40:
                raise Refusal("This is no run.")
            checked, vote = raw, 1
        self._store.answer(code, item, vote, owner, _storable(json.dumps(checked, ensure_ascii=False)))
        self._tell(code, "answers")

    def answer_of(self, code: str, owner: str, item: int, vote: int) -> Any:
        """Return what somebody has answered themselves; None: nothing."""
        text = self._kept.answers(code, item, vote).get(owner)
        return None if text is None else _thawed(text)

    # -- within --------------------------------------------------------------------------------------------

    def _on(self, code: str) -> tuple[StoredClass, Classroom] | None:
        known = self._kept.of(code)
        return None if known is None or _ends(known[0]) < time.time() else known

    def _found(self, code: str) -> tuple[StoredClass, Classroom]:
        known = self._on(code)
        if known is None:
            raise Refusal("There is no class {code}: it has ended, or the code is another one.", code=code)
        return known

    def _taught(self, code: str, owner: str) -> tuple[StoredClass, Classroom]:
        """Return a class to its teacher, and to nobody else."""
        known = self._found(code)
        if not self._store.teaches(code, owner):
            raise Refusal("Only the teacher of a class may do this. Open the private link that the class was given "
                          "when it was opened.")
        return known

    def _item(self, code: str, item: int) -> Question | Experiment:
        items = self.standing(code).room.items
        asked = items[item] if 0 <= item < len(items) else None
        if asked is None:
            raise Refusal("This has not been asked in this class.")
        return asked

    def _tell(self, code: str, news: News) -> None:
        self._kept.forget(code, news)
        with self._lock:
            hearing = tuple(self._listeners.get(code, ()))
        for hear in hearing:
            hear(news)


def _ends(found: StoredClass) -> float:
    """Return when a class ends, in seconds since 1970."""
    return found.created + limits.CLASS_HOURS * HOUR


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _storable(text: str) -> str:
    """Return a text without halves of characters, which JSON may have, and no database takes."""
    return text.encode(errors="replace").decode()


def _thawed(text: str) -> Any:
    """Return an answer as its ask has it: JSON knows lists only."""
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value
