"""People in the middle of the questionnaire, made through the services that real ones go through."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry, default_folder, read_all
from assess.models import Assignment, Attempt, Feedback, User
from assess.services import asking, attempts, database, report_batches, reporting
from reports.kinds import KINDS
from tests import factories
from tests.factories import Cast
from tests.faults.installation import Installation


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is asked to take the questionnaire: the secret of their link, how far they were shown it."""

    assignment_id: int
    token: str
    attempt_id: int = 0  # none yet
    n_shown: int = 0


def hana(session: Session) -> User:
    """Return Hana, who came with the rest of the cast when she was first asked for."""
    known = session.scalar(select(User).where(User.email == "hana@acme.example"))
    return known or Cast.make(session, now=datetime.now(UTC)).hana


def invite(place: Installation, n: int, form: str = "standard") -> list[Candidate]:
    """Invite `n` people, who have not opened their links yet."""
    registry = read_all(default_folder())
    with place.session() as session:
        return [Candidate(assignment.id, token) for assignment, token in _invited(session, registry, n, form)]


def begin(place: Installation, n: int, *, n_shown: int | None = None) -> list[Candidate]:
    """Have `n` people begin who have been shown `n_shown` statements, or all."""
    registry, found = read_all(default_folder()), []
    with place.session() as session:
        for assignment, token in _invited(session, registry, n):
            attempt = _begun(session, registry, assignment, n_shown)
            shown = asking.read(
                session, attempt, registry.bank(attempt.edition, attempt.bank_version), now=datetime.now(UTC)
            )
            found.append(Candidate(assignment.id, token, attempt.id, shown.n_presented))
    return found


def ask_for_reports(place: Installation, n_people: int) -> int:
    """Have `n_people` people hand in and be scored, and every report about them be asked for; return how many."""
    registry, now = read_all(default_folder()), datetime.now(UTC)
    with place.engine() as engine, Session(database.writing(engine)) as session:
        user = hana(session)
        for _ in range(n_people):
            attempt = factories.scored(
                session, registry, engine, user, name=_name(), feedback=Feedback.ON_RELEASE, now=now
            )
            for kind in KINDS:
                reporting.request(session, user, attempt.assignment, kind, registry, now=now)
            session.commit()
    return n_people * len(KINDS)


def ask_for_batches(place: Installation, n_people: int, *, kinds: Sequence[str]) -> list[int]:
    """Have batches be asked for, one of each of `kinds` on `n_people` people of a campaign; return their ids."""
    registry, now = read_all(default_folder()), datetime.now(UTC)
    with place.engine() as engine, Session(database.writing(engine)) as session:
        user = hana(session)
        first = factories.scored(session, registry, engine, user, name=_name(), feedback=Feedback.ON_RELEASE, now=now)
        people = [first.assignment, *(factories.alike(session, first, _name()).assignment for _ in range(n_people - 1))]
        campaign = first.assignment.campaign
        found = [
            report_batches.request(session, user, people, kind, campaign=campaign, language="en", now=now)
            for kind in kinds
        ]
        session.commit()
        return [batch.id for batch in found]


def _invited(session: Session, registry: Registry, n: int, form: str = "standard") -> list[tuple[Assignment, str]]:
    user, now, found = hana(session), datetime.now(UTC), []
    for _ in range(n):
        assignment = factories.assignment(session, registry, user, name=_name(), form=form, now=now)
        found.append((assignment, factories.take_token(session, assignment, now=now)))
    return found


def _begun(session: Session, registry: Registry, assignment: Assignment, n_shown: int | None) -> Attempt:
    now = datetime.now(UTC)
    attempt = attempts.start(session, assignment, registry, now=now)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    asking.open_part(session, asking.hold(session, attempt, bank, now=now))
    for position in range(1, n_shown or len(bank.form(attempt.form).items)):
        asking.advance(session, asking.hold(session, attempt, bank, now=now), position)
    return attempt


def _name() -> str:
    return f"Cora-{secrets.token_hex(4)} Candidate"
