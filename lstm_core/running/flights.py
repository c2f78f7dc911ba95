"""What workers have just now: slices of runs and pieces of answers, and why something did not come back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lstm_core import limits
from lstm_core.data import digest
from lstm_core.errors import Refusal
from lstm_core.records import Budget
from lstm_core.running import jobs
from lstm_core.running.engine import Engine
from lstm_core.running.reasons import reason_of
from lstm_core.running.scheduling import Goal
from lstm_core.spec import RunSpec

if TYPE_CHECKING:
    from lstm_core.running.questions import Question
    from lstm_core.running.run import Run

ATTEMPTS = 3                # times a slice is sent before the run fails, when its worker dies each time


@dataclass(eq=False)
class InFlightSlice:
    """A slice that has been sent."""

    run: Run
    goal: Goal
    spec: RunSpec
    state: bytes | None
    budget: Budget
    blob: bytes | None
    sent: float

    @property
    def owner(self) -> str:
        """Return whose turn it is."""
        return self.run.facts.owner

    def overdue(self, now: float) -> bool:
        """Tell whether it counts as lost."""
        return now - self.sent > limits.SLICE_TIMEOUT

    @property
    def sent_along(self) -> str:
        """Return the content hash of the data that went with it; empty: none did."""
        return digest(self.blob) if self.blob is not None else ""


class Flights:
    """All that workers have. Whoever calls it holds the dispatcher's lock.

    Args:
        engine: what has the workers.
        clock: seconds that never go back.
        landed: called, from any thread, with the future of what has come back.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float], landed: Callable[[Future[Any]], None]) -> None:
        self._engine, self._clock, self._landed = engine, clock, landed
        self._in_flight: dict[Future[Any], InFlightSlice | Question] = {}

    def __len__(self) -> int:
        return len(self._in_flight)

    @property
    def workers(self) -> int:
        """Return how many pieces of work run side by side."""
        return self._engine.workers

    @property
    def free(self) -> bool:
        """Tell whether a worker has nothing to do."""
        return len(self._in_flight) < self._engine.workers

    def send(self, flight: InFlightSlice | Question, work: Callable[..., Any], *args: Any) -> None:
        """Have a worker do something; it raises what keeps the engine from that."""
        future = self._engine.submit(work, *args)
        self._in_flight[future] = flight
        future.add_done_callback(self._landed)

    def ask(self, question: Question, now: float, seconds: float) -> bool:
        """Have a worker go on with an answer for so many seconds; tell whether it does."""
        if question.answer.done():              # nobody waits for it any more
            return False
        try:
            self.send(question, jobs.answer, *question.piece(now, seconds))
        except Exception as error:              # no process can be started, for instance
            question.answer.set_exception(reason_of(error))
            return False
        return True

    def take(self, future: Future[Any] | None) -> InFlightSlice | Question | None:
        """Return what has come back; None: it is nobody's."""
        return None if future is None else self._in_flight.pop(future, None)

    def silence(self, run: Run) -> float:
        """Return for how many seconds no worker has answered that has the run's slice, or for which it waits."""
        if run.in_flight is not None:
            return self._clock() - run.in_flight.sent
        if not run.active or self.free:
            return 0.0
        return self._clock() - max(flight.sent for flight in self._in_flight.values())

    def give_up_on_slow(self) -> None:
        """End the workers that have had something for too long: it is lost."""
        now = self._clock()
        for future, flight in self._in_flight.items():
            if flight.overdue(now):
                self._engine.abandon(future)


def closing() -> Refusal:
    """Return the sentence for whoever asks while the lab is being closed."""
    return Refusal("This server is being stopped. Try again when it is back.")
