"""
Writers that do what the page's script does: save each choice, and repeat it with its key until it is acknowledged.

Each keeps a record of its own of what it sent and what was acknowledged; `ledgers` compares it with the database.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count

from tests.faults.people import Candidate
from tests.faults.visitors import Answer, Visitor

AGAIN_SECONDS = 0.1  # before a request is repeated; the script waits for a second, which is long in a test
CHANGED_MINDS = 6  # choices on one page at most, but for those given up
IMPATIENT = 0.1  # how often somebody chooses anew when a choice is not acknowledged at once


class Abandoned(Exception):
    """The server has ended for good, so nothing more is repeated."""


class Refused(Exception):
    """The server refused what a browser sends."""


@dataclass(slots=True)
class Sent:
    """One choice that was sent, and when it was acknowledged, if it was."""

    attempt_id: int
    key: str
    code: str
    value: int
    revision: int
    counter: int
    acknowledged: float | None = None


class Writer(threading.Thread):
    """One browser that answers until it is told to stop."""

    def __init__(self, port: int, candidate: Candidate, seed: int) -> None:
        super().__init__(daemon=True)
        self.visitor = Visitor(port)
        self.candidate = candidate
        self.random = random.Random(seed)  # noqa: S311
        self.sent: list[Sent] = []
        self.n_acknowledged = self.n_repeated = 0
        self.stopping, self.abandoned = threading.Event(), threading.Event()
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Open the link, then one page after the other."""
        try:
            self._open_the_link()
            while not self.stopping.is_set():
                self._answer_a_page()
        except Abandoned:
            pass
        except BaseException as error:  # noqa: BLE001 -- raised again by `stop`, in the test's own thread
            self.problem = error
        finally:
            self.visitor.close()

    def _open_the_link(self) -> None:
        link = f"/take/link/{self.candidate.token}"
        page = self._until_answered("GET", link)
        self._until_answered("POST", link, {"csrf_token": page.fields["csrf_token"]})

    def _answer_a_page(self) -> None:
        position = self.random.randint(1, self.candidate.n_shown)
        page = self._until_answered("GET", f"/take/questions/{position}")
        counters = count(1)
        for _ in range(self.random.randint(1, CHANGED_MINDS)):
            impatient = self.random.random() < IMPATIENT
            form = self._choose(page, next(counters), times=1 if impatient else None)
            if form is None:
                form = self._choose(page, next(counters))
        if self.random.random() < 0.2:  # Continue sends the last choice once more
            self._until_answered("POST", f"/take/questions/{position}", {**form, "go": "on"})

    def _choose(self, page: Answer, counter: int, *, times: int | None = None) -> dict[str, object] | None:
        """Save a choice and return the form that was sent; None if it was given up after `times` tries."""
        fields = page.fields
        sent = Sent(
            self.candidate.attempt_id,
            f"{fields['key']}-{counter}",
            fields["code"],
            self.random.choice(page.choices),
            int(fields["revision"]),
            counter,
        )
        self.sent.append(sent)
        form = {**fields, "value": sent.value, "counter": counter, "key": sent.key, "milliseconds": 1_500}
        if self._until_answered("POST", "/take/save", form, times=times) is None:
            return None
        sent.acknowledged = time.monotonic()
        self.n_acknowledged += 1
        return form

    def _until_answered(
        self, method: str, path: str, fields: Mapping[str, object] | None = None, *, times: int | None = None
    ) -> Answer | None:
        """Send until there is an answer that is not the server's own failure, or `times` times."""
        tries = 0
        while not self.abandoned.is_set():
            try:
                answer = self.visitor.ask(method, path, fields)
            except (OSError, HTTPException):
                answer = None
            if answer is not None and answer.status < 400:
                return answer
            if answer is not None and answer.status < 500:
                raise Refused(f"{method} {path}: {answer.status} {answer.text[-300:]}")
            tries += 1
            self.n_repeated += 1
            if tries == times:
                return None
            time.sleep(AGAIN_SECONDS)
        raise Abandoned


def start_writers(port: int, candidates: Sequence[Candidate], n: int, *, seed: int = 1) -> list[Writer]:
    """Start `n` writers; with fewer candidates, several are one person's devices."""
    writers = [Writer(port, candidates[number % len(candidates)], seed * 1_000 + number) for number in range(n)]
    for writer in writers:
        writer.start()
    return writers


def n_acknowledged(writers: Sequence[Writer]) -> int:
    """Return how many choices were acknowledged so far."""
    return sum(writer.n_acknowledged for writer in writers)


def stop(writers: Sequence[Writer], *, abandon: bool = False) -> None:
    """Let every writer finish the choice under way, or give it up; raise what any of them met."""
    for writer in writers:
        writer.stopping.set()
        if abandon:
            writer.abandoned.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive(), "a writer waits for an answer for a minute"
        if writer.problem is not None:
            raise writer.problem
