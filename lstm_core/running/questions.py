"""A question about a trained network, which a worker answers piece by piece between the slices of runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from lstm_core import limits
from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Unfinished
from lstm_core.running import jobs
from lstm_core.running.engine import WorkerLost
from lstm_core.running.flights import ATTEMPTS, closing
from lstm_core.running.reasons import reason_of


@dataclass(eq=False)
class Question:
    """A question and its answer; whoever no longer waits for the answer cancels that."""

    owner: str                      # who asks
    ask: Callable[..., Any]         # a function of running.jobs
    args: tuple[Any, ...]
    answer: Future[Any] = field(default_factory=Future)
    unfinished: Unfinished | None = None        # what of the answer is there
    blob: bytes | None = None       # data to be sent along with the next piece
    sent: float = 0.0               # when the piece was sent that a worker has now
    spent: float = 0.0              # seconds that workers have spent on it
    lost: int = 0                   # times in a row that a piece was lost with its worker

    @property
    def share(self) -> float:
        """Return how much of the answer is there, 0 to 1."""
        return self.unfinished.share if self.unfinished is not None else 0.0

    def piece(self, now: float, seconds: float) -> tuple[Any, ...]:
        """Return what :func:`.jobs.answer` is called with for the next piece, so many seconds long."""
        self.sent, blob, self.blob = now, self.blob, None
        progress = self.unfinished.progress if self.unfinished is not None else None
        return blob, progress, seconds, self.ask, self.args

    def overdue(self, now: float) -> bool:
        """Tell whether workers have spent more time on it than one question may take."""
        return self.spent + now - self.sent > limits.ANSWER_SECONDS

    def take(self, piece: Future[Any], now: float, blob: Callable[[str], bytes | None]) -> bool:
        """Take in what a worker has said to a piece; tell whether it goes on.

        ``blob`` returns the bytes with a content hash.
        """
        try:
            return not self.answer.cancelled() and self._take(piece, now, blob)
        except InvalidStateError:               # the asker has left meanwhile
            return False
        except Exception as error:              # the store does not answer: the asker must not wait for ever
            return self._refuse(reason_of(error))

    def _take(self, piece: Future[Any], now: float, blob: Callable[[str], bytes | None]) -> bool:
        error, overdue = piece.exception(), self.overdue(now)
        self.spent += now - self.sent
        found = piece.result() if error is None else None
        if error is None and not isinstance(found, Unfinished):
            self.answer.set_result(found)
            return False
        if overdue:
            return self._refuse(Refusal("This took longer than {seconds} seconds and was given up. Try it with less "
                                        "data or a smaller network.", seconds=limits.ANSWER_SECONDS))
        if error is None:
            self.unfinished, self.lost = found, 0
            return True
        if isinstance(error, WorkerLost):
            self.lost += 1
            return self.lost < ATTEMPTS or self._refuse(Refusal(
                "The worker process ended {times} times in a row over this; it may need more memory than there is. "
                "Try it with less data or a smaller network.", times=ATTEMPTS))
        if isinstance(error, Missing):
            self.blob = blob(error.digest)
            return self.blob is not None or self._refuse(Refusal(
                "The data with the content hash {digest!r} are not kept here. Load or upload them again.",
                digest=error.digest))
        return self._refuse(error if isinstance(error, Refusal) else jobs.unforeseen(
            error, otherwise=N_("This cannot be computed: {kind}: {message}."),
            memory=N_("There is not enough memory to compute this. Try it with less data or a smaller network.")))

    def _refuse(self, reason: Refusal) -> bool:
        self.answer.set_exception(reason)
        return False


class Asked:
    """The questions that are not answered yet. Whoever calls it holds the dispatcher's lock, an RLock."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock, self._open = lock, set[Question]()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, question: Question) -> None:
        """Take note of a question until it is answered.

        Raises:
            Refusal: so many of this person's wait already.
        """
        if sum(each.owner == question.owner for each in self._open) >= limits.QUESTIONS:
            raise Refusal("{limit} of your questions are waiting already. Ask again in a while.",
                          limit=limits.QUESTIONS)
        self._open.add(question)
        question.answer.add_done_callback(lambda _answer: self._discard(question))

    def close(self) -> None:
        """Tell all who wait that no answer comes."""
        for question in list(self._open):
            if not question.answer.done():
                question.answer.set_exception(closing())

    def _discard(self, question: Question) -> None:
        with self._lock:
            self._open.discard(question)
