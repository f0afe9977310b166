"""A backup made while people answer holds every answer that was acknowledged before it began, and gives all back."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import ResponseEvent
from assess.services import audit, backups, database, postgresql_backups, results, saving, sqlite_backups
from tests.services.holdings import hand_in, rows, sitting

pytestmark = pytest.mark.usefixtures("programs")
GROWING = ("response_events", "results", "scale_results", "audit_events")  # tables whose rows never change
N_WRITERS = 3
N_SUBMITTED = 2


class Crowd:
    """People who change their answers as fast as they can, and others who hand in; `acknowledged` says what was."""

    def __init__(self, engine, registry, answering, handing_in, *, now) -> None:
        self.engine, self.registry, self.now = engine, registry, now
        self.acknowledged: list[tuple[int, str, str, int]] = []
        self.over = Event()
        self.threads = [Thread(target=self._answer, args=each) for each in answering]
        self.threads.append(Thread(target=self._hand_in, args=(handing_in,)))
        self.handed_in = 0

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def wait_for(self, more):
        """Wait until that many more answers are acknowledged."""
        enough, end = len(self.acknowledged) + more, time.monotonic() + 30
        while len(self.acknowledged) < enough:
            assert time.monotonic() < end, "nobody can save"
            time.sleep(0.01)

    def _answer(self, attempt_id, token):
        bank = self.registry.newest("general")
        codes, number = bank.form("standard").items, 0
        with database.autocommitting(self.engine).connect() as connection:
            while not self.over.is_set():
                number += 1
                code, value, key = codes[number % len(codes)], number % 4 + 1, f"{attempt_id}-{number}"
                sent = saving.Save(code, value, saving.to_revision(self.now), number, key, 3_000)
                outcome = saving.save(connection, token, sent, banks=[(bank.edition, bank.version)], now=self.now)
                if outcome is saving.Outcome.SAVED:
                    self.acknowledged.append((attempt_id, key, code, value))

    def _hand_in(self, waiting):
        for attempt_id in waiting:
            hand_in(self.engine, self.registry, attempt_id, now=self.now)
            self.handed_in += 1


@pytest.fixture
def moment(engine, monkeypatch) -> Callable[[Callable[[], None]], None]:
    """A function that has something done right after the moment that a backup holds."""
    kind = sqlite_backups if engine.dialect.name == "sqlite" else postgresql_backups
    return lambda do: monkeypatch.setattr(kind, "require_ours", lambda *_: do())


def test_backup_under_load_holds_all_that_was_acknowledged_before_it_and_restores_to_the_same(
    session, engine, registry, cast, other, file, now, moment, monkeypatch
):
    monkeypatch.setattr(sqlite_backups, "STEP", 4)  # many steps even for a small database
    people = [sitting(session, registry, cast.hana, f"P{n} Ople", now=now) for n in range(N_WRITERS + N_SUBMITTED + 1)]
    hand_in(engine, registry, people.pop()[0], now=now)
    handing_in = [attempt_id for attempt_id, _ in people[N_WRITERS:]]
    with Crowd(engine, registry, people[:N_WRITERS], handing_in, now=now) as crowd:
        crowd.wait_for(30)
        before = set(crowd.acknowledged)
        held = []

        def after() -> None:
            held.extend(crowd.acknowledged)
            crowd.wait_for(30)

        moment(after)
        saved = backups.back_up(engine, file, replace=False)
    later = set()
    for attempt_id, _ in people[:N_WRITERS]:  # the first of each may have been saved before the moment, noted after it
        later.update([each for each in crowd.acknowledged[len(held) :] if each[0] == attempt_id][1:])
    backups.restore(other, file, replace=False)

    with Session(other) as restored:
        found = [
            (event.attempt_id, event.key, event.code, event.value) for event in restored.scalars(select(ResponseEvent))
        ]
        assert before <= set(found)
        assert later
        assert not later & set(found)
        assert len(found) == len(set(found)) == saved.answers
        assert results.count(restored) == saved.results >= 1
        assert list(results.differences(restored, registry)) == []
        assert audit.first_broken(restored) is None
    assert crowd.handed_in == N_SUBMITTED
    originals, copies = rows(engine), rows(other)
    for name in GROWING:
        assert set(copies[name]) <= set(originals[name]), name
