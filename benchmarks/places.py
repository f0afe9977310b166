"""Databases with open attempts to save answers in, made through the services that real ones go through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session, sessionmaker

from assess.banks.registry import Registry, default_folder, read_all
from assess.models import Campaign, Feedback, Purpose, Role, User
from assess.services import accounts, asking, attempts, campaigns, database, invitations, positions
from assess.services.invitations import Invitee

SHOWN = 5  # statements of each candidate that have been shown and can be answered
BATCH = 50  # candidates in one transaction


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the middle of the questionnaire: the secret of their link and what they have been shown."""

    token: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A database with candidates in it, and a folder for the server's data."""

    name: str
    url: str
    folder: Path
    candidates: tuple[Candidate, ...]


Opener = Callable[..., AbstractContextManager[Place]]  # takes the number of candidates, and their form


@contextmanager
def sqlite(n_candidates: int, form: str = "standard") -> Iterator[Place]:
    """Give a new SQLite database with `n_candidates` open attempts, gone afterwards."""
    with TemporaryDirectory(prefix="rapport-bench-") as folder:
        url = f"sqlite:///{folder}/rapport.sqlite3"
        yield Place("SQLite", url, Path(folder), seed(url, n_candidates, form))


@contextmanager
def postgresql(n_candidates: int, form: str = "standard") -> Iterator[Place]:
    """Give a new database on a private PostgreSQL that is safe against crashes, as an installation's would be."""
    from tests.postgresql import Server  # noqa: PLC0415 -- a checkout has it, and only here is it needed

    server = Server(safe=True)
    try:
        with TemporaryDirectory(prefix="rapport-bench-") as folder:
            yield Place("PostgreSQL", server.url(), Path(folder), seed(server.url(), n_candidates, form))
    finally:
        server.close()


def each(measure: Callable[[Opener], None]) -> None:
    """Have `measure` done on each database, or say that this machine has no server for it."""
    from tests.postgresql import Missing  # noqa: PLC0415 -- as above

    for opener in (sqlite, postgresql):
        try:
            measure(opener)
        except Missing as reason:
            print(f"Skipped on {opener.__name__}: {reason}.\n")


def seed(url: str, n_candidates: int, form: str = "standard") -> tuple[Candidate, ...]:
    """Make the tables and `n_candidates` people who have begun; return their links."""
    engine = database.make_engine(url)
    database.upgrade(database.writing(engine))
    sessions, registry, now = sessionmaker(database.writing(engine)), read_all(default_folder()), datetime.now(UTC)
    with sessions.begin() as session:
        hana_id, campaign_id = _set_up(session, registry, form, now)
    found: list[Candidate] = []
    while len(found) < n_candidates:
        with sessions.begin() as session:
            hana, campaign = session.get_one(User, hana_id), session.get_one(Campaign, campaign_id)
            numbers = range(len(found), min(len(found) + BATCH, n_candidates))
            found += [_begin(session, registry, hana, campaign, f"candidate-{each}", now=now) for each in numbers]
    engine.dispose()
    return tuple(found)


def _set_up(session: Session, registry: Registry, form: str, now: datetime) -> tuple[int, int]:
    home = accounts.add_organization(session, "Acme", contact="people@acme.example", time_zone="UTC", now=now)
    hana = accounts.add_user(
        session, home, name="Hana", email="hana@acme.example", roles=frozenset({Role.HR}), actor="command", now=now
    )
    campaign = campaigns.create_campaign(
        session,
        hana,
        name="Benchmark",
        bank=registry.newest("general"),
        form=form,
        position=positions.create_from_family(session, hana, "Desk", registry.families["front-desk"], now=now),
        purpose=Purpose.HIRING,
        feedback=Feedback.ON_RELEASE,
        until=(now + timedelta(days=14)).date(),
        now=now,
    )
    return hana.id, campaign.id


def _begin(
    session: Session, registry: Registry, hana: User, campaign: Campaign, name: str, *, now: datetime
) -> Candidate:
    assignment = invitations.assign(session, hana, campaign, Invitee(name, f"{name}@people.example"), now=now)
    token = invitations.take_link(session, assignment, now=now)
    attempt = attempts.start(session, assignment, registry, now=now)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    asking.open_part(session, asking.hold(session, attempt, bank, now=now))
    for position in range(1, SHOWN):
        asking.advance(session, asking.hold(session, attempt, bank, now=now), position)
    return Candidate(token, tuple(asking.shown_codes(session, attempt)))
