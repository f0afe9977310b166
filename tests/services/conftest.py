"""What tests of services share: people, two things done at the same moment, databases to restore into."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Event, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from assess.errors import AssessError
from assess.models import Feedback, Person
from assess.services import caseload, database, export_jobs, exports, invitations, jobs, report_batches
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from tests import factories, postgresql
from tests.conftest import plain
from tests.factories import Cast

LATER = Feedback.ON_RELEASE  # so that nobody's own report is made beside those of a batch
N = 8  # that do something at once
WAITED = 0.3  # seconds after which who is not done yet waits


@pytest.fixture
def invited(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    return invitations.send(session, cast.hana, assignment, now=now)


@pytest.fixture
def coachee(session, cast, now):
    """Cora, of whom nothing is known yet."""
    found = Person(organization=cast.acme, name="Cora Candidate", email="cora@people.example", created_at=now)
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def coaching(session, cast, coachee, now):
    """Cole coaches her."""
    return caseload.assign(session, cast.hana, coachee, cast.cole, now=now)


@pytest.fixture
def campaign_people(session, engine, registry, cast, now):
    """Return a function that makes people of one campaign: some have handed in, some have not or answered nothing."""
    made = []

    def handed_in(name):
        if not made:
            made.append(factories.scored(session, registry, engine, cast.hana, feedback=LATER, now=now))
            made[0].assignment.person.name = name
        else:
            made.append(factories.alike(session, made[0], name))
        return made[-1].assignment

    def another(name, values=None):
        found = factories.assignment(session, registry, cast.hana, name=name, feedback=LATER, now=now)
        found.campaign = made[0].assignment.campaign if made else found.campaign
        if values is not None:
            factories.scored(session, registry, engine, cast.hana, assignment=found, values=values, now=now)
        return found

    def make(*names, unfinished=(), unscorable=()):
        found = [handed_in(name) for name in names]
        found += [*map(another, unfinished), *(another(name, {}) for name in unscorable)]
        session.commit()
        return found

    return make


@pytest.fixture
def ask_batch(session, cast, now):
    """Return a function that has Hana ask for a batch of hiring reports."""

    def ask(assignments, kind="hiring", **options):
        options = {"language": "en", "now": now} | options
        found = report_batches.request(session, cast.hana, assignments, kind, **options)
        session.commit()
        return found

    return ask


@pytest.fixture
def ask_export(session, cast, registry, now):
    """Return a function that has Hana ask for an export."""

    def ask(format_=Format.CSV, scope=None, **options):
        scope = scope or Scope(organization_id=0)  # whoever asks, it is their organisation's
        found = exports.request(session, cast.hana, scope, format_, registry, **{"now": now, **options})
        session.commit()
        return found

    return ask


@pytest.fixture
def take_export(session, cast, now):
    """Return a function that hands a finished export out to Hana, and returns its bytes."""

    def take(export):
        ids = exports.hand_out(session, cast.hana, export, now=now)
        pieces = [exports.piece(session, each) for each in ids]
        assert all(0 < len(each) <= export_jobs.PIECE for each in pieces)
        whole = b"".join(pieces)
        assert (len(whole), hashlib.sha256(whole).hexdigest()) == (export.size, export.sha256)
        return whole

    return take


@pytest.fixture
def do_jobs(session, engine, registry, now):
    """Return a function that does all jobs; `render` says what a PDF is made of its HTML."""

    def drain(render=lambda html, _dated: b"%PDF " + hashlib.sha256(html.encode()).digest()):
        session.commit()
        shop = factories.shop(registry, render=render)
        jobs.drain(sessionmaker(database.writing(engine)), shop.kinds(), clock=lambda: now)
        session.expire_all()

    return drain


@pytest.fixture
def at_once(session, engine) -> Callable[..., list[object]]:
    """A function that does something in `N` transactions that all begin together; returns what came out, or errors."""

    def at_once(do: Callable[[Session, int], object]) -> list[object]:
        session.commit()
        sessions, barrier = sessionmaker(database.writing(engine)), Barrier(N)
        outcomes: list[object] = []

        def run(number: int) -> None:
            barrier.wait()
            try:
                with sessions.begin() as other:
                    outcome = do(other, number)
            except Exception as error:  # noqa: BLE001 -- the tests look at it
                outcome = error
            outcomes.append(outcome)

        threads = [Thread(target=run, args=(number,)) for number in range(N)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return outcomes

    return at_once


@pytest.fixture
def meanwhile(session, engine) -> Callable[..., object]:
    """
    A function that does something, and another thing in a second transaction before the first is committed.

    It returns what came of the second, or its refusal, and fails unless the second waited for the first.
    """

    def meanwhile(do: Callable[[Session], object], other: Callable[[Session], object]) -> object:
        session.commit()
        sessions, begun = sessionmaker(database.writing(engine)), Event()
        outcomes: list[object] = []

        def run() -> None:
            begun.set()
            try:
                with sessions.begin() as later:
                    outcome = other(later)
            except AssessError as error:
                outcome = error
            outcomes.append(outcome)

        thread = Thread(target=run)
        with sessions.begin() as first:
            do(first)
            first.flush()
            thread.start()
            begun.wait(10)
            thread.join(WAITED)
            assert thread.is_alive(), "it did not wait"
        thread.join(60)
        session.expire_all()
        return outcomes[0]

    return meanwhile


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs are found where the tests' own server has them."""
    try:
        folder = postgresql.programs()
    except postgresql.Missing:
        return
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def new_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """A function that makes an empty database of the same kind and returns its address."""

    def new_url() -> str:
        name = f"test_{uuid4().hex}"
        if database_url.startswith("sqlite"):
            (tmp_path / name).mkdir()
            return f"sqlite:///{tmp_path / name / 'rapport.sqlite3'}"
        address = request.getfixturevalue("postgresql_address")
        with psycopg.connect(plain(address("postgres")), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return address(name)

    return new_url


@pytest.fixture
def other(new_url: Callable[[], str]) -> Iterator[Engine]:
    """An empty database to restore into."""
    engine = database.make_engine(new_url())
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup may be written."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "rapport.backup"


@pytest.fixture
def held(session: Session, cast: Cast) -> None:
    """Something that a database may hold."""
    session.commit()
