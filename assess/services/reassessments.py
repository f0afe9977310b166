"""
A coach asks somebody to take the questionnaire again, and sees how far that has come.

Nobody is shown the same statements twice as far as that can be: see `own_forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.banks.model import Bank, Form
from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Coaching,
    Feedback,
    Person,
    PresentedItem,
    Purpose,
    Result,
    User,
)
from assess.services import (
    assignments,
    campaigns,
    caseload,
    invitations,
    mailings,
    own_forms,
    person_history,
    sequence,
)
from assess.services.access import Permission, require
from assess.services.assignments import OPEN, Row, require_kept

SOON = timedelta(days=91)  # after an assessment, in which people remember what they have answered
REMINDERS = (3,)  # days before the end
WITH_COACHING = (contains_eager(Assignment.campaign).joinedload(Campaign.coaching), joinedload(Assignment.person))
MOST_A_DAY = 3  # questions to one person that a coach takes back and puts anew
MOST_NAME = 120  # characters of a campaign's name


@dataclass(frozen=True, slots=True)
class Choice:
    """A form in which the person can be asked again, and how many of its statements they have been shown."""

    form: Form
    n_statements: int  # of the six scales; of an adaptive test, at most
    n_again: int  # of an adaptive test, at least: more only where nothing else is left
    n_marked: int  # of those again, halves of pairs that show whether somebody reads with care
    n_unseen: int  # statements of the bank that the person has not been shown


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What asking again would mean.

    Parameters
    ----------
    bank : Bank
        From which the questions would be.
    last_at : datetime
        When the newest result's questionnaire was handed in.
    is_soon : bool
        Whether that is so lately that people remember what they answered.
    same_version : bool
        Whether the two results could be compared.
    choices : sequence of Choice
    has_perspective : bool
        Whether there is a part on the company's view.
    """

    bank: Bank
    last_at: datetime
    is_soon: bool
    same_version: bool
    choices: Sequence[Choice]
    has_perspective: bool


def outlook(session: Session, user: User, coaching: Coaching, registry: Registry, *, now: datetime) -> Outlook | None:
    """Return what asking the person again would mean; None before there is a first result."""
    _require_own(user, coaching, Permission.COACHING_READ)
    newest = _newest(session, coaching.person)
    if newest is None:
        return None
    attempt = newest.attempt
    bank, last_at = registry.newest(attempt.edition), attempt.submitted_at or attempt.started_at
    offered = [form for form in bank.forms if not form.adaptive or bank.exposure is not None]
    return Outlook(
        bank=bank,
        last_at=last_at,
        is_soon=now - last_at < SOON,
        same_version=bank.version == attempt.bank_version,
        choices=[_choice(session, coaching.person, bank, form) for form in offered],
        has_perspective=Part.PERSPECTIVE in campaigns.parts_of(bank),
    )


def ask(
    session: Session,
    user: User,
    coaching: Coaching,
    registry: Registry,
    *,
    form: str,
    until: date,
    perspective: bool = False,
    now: datetime,
) -> Assignment:
    """Ask the person to take the edition of their newest result again until the end of a day, and tell them by mail."""
    require(user, Permission.COACHING_WRITE)
    caseload.hold(session, user, coaching, alone=True)
    person = coaching.person
    newest = _newest(session, person)
    if newest is None:
        raise Refused("There is no result yet that another could be compared with. HR asks for the first assessment.")
    if not person.email:
        raise Refused("There is no e-mail address of this person; please ask HR to enter one.")
    lately = (Campaign.coaching_id == coaching.id, Campaign.created_at > now - mailings.PAUSE)
    if session.scalars(select(func.count(Campaign.id)).where(*lately)).one() >= MOST_A_DAY:
        raise Refused("You have asked and taken it back several times within a day. Please ask again tomorrow.")
    if open_of(session, user, coaching, now=now):
        raise Refused("You have asked for this already, and it is not handed in yet.")
    bank = registry.newest(newest.attempt.edition)
    parts = [Part.STATEMENTS, *([Part.PERSPECTIVE] if perspective else [])]
    campaigns.require_parts(bank, form, parts)
    zone = user.organization.time_zone
    opens_at, closes_at = campaigns.span(None, until, zone, now=now)
    require_kept(user.organization, created_at=now, expires_at=closes_at, time_zone=zone)
    campaign = Campaign(
        organization_id=user.organization_id,
        coaching=coaching,
        name=f"Again, with {user.name}"[:MOST_NAME],
        edition=bank.edition,
        form=form,
        parts=[str(part) for part in parts],
        purpose=Purpose.COACHING,
        feedback=Feedback.AT_ONCE,
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=zone,
        reminders=list(REMINDERS),
        reminders_begun=list(REMINDERS),
        created_at=now,
        created_by_id=user.id,
    )
    asked = Assignment(
        organization=user.organization, campaign=campaign, person=person, created_at=now, expires_at=closes_at
    )
    session.add_all([campaign, asked])
    session.flush()
    invitations.record(session, user, "reassessment.asked", asked, now=now)
    invitations.mail_letter(session, user, asked, now=now)
    return asked


def of_coaching(session: Session, user: User, coaching: Coaching, *, now: datetime) -> Sequence[Row]:
    """Return what was asked for in this coaching, the newest first, with its state; a constant number of queries."""
    _require_own(user, coaching, Permission.COACHING_READ)
    theirs = select(Assignment.id).join(Assignment.campaign).where(Campaign.coaching_id == coaching.id)
    return assignments.rows_of(session, session.scalars(theirs).all(), now=now)


def open_of(session: Session, user: User, coaching: Coaching, *, now: datetime) -> Sequence[Row]:
    """Return what was asked for in this coaching and can still be handed in."""
    return [row for row in of_coaching(session, user, coaching, now=now) if row.state in OPEN]


def get(session: Session, user: User, public_id: UUID, to: Permission) -> Assignment:
    """Return what the coach has asked one of their present coachees for; anything else is not found."""
    own = caseload.active().where(Coaching.coach_id == user.id).with_only_columns(Coaching.id)
    asked = select(Assignment).join(Assignment.campaign).where(Campaign.coaching_id.in_(own))
    found = session.scalar(asked.where(Assignment.public_id == public_id).options(*WITH_COACHING))
    if found is None:
        raise NotFound
    require(user, to)
    return found


def send(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Have the invitation mailed again."""
    _require_asked(user, assignment)
    if mailings.invited_lately(session, [assignment.id], now=now):
        raise Refused("A letter has gone out within the last day. You can hand over a link, or send another tomorrow.")
    invitations.mail_letter(session, user, assignment, now=now)


def copy_link(session: Session, user: User, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link for the coach to hand over; earlier links go on to work."""
    _require_asked(user, assignment)
    return invitations.hand_over(session, user, assignment, now=now)


def withdraw(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Take the question back; what has been handed in stays."""
    _require_asked(user, assignment)
    invitations.take_back(session, user, assignment, now=now)


def repeats_of(session: Session, attempts: Sequence[Attempt]) -> dict[int, tuple[int, int]]:
    """Return by attempt how many statements it showed, and how many of them the person had seen before; one query."""
    avoided = {attempt.id: frozenset(attempt.avoided) for attempt in attempts}
    counts = dict.fromkeys(avoided, (0, 0))
    shown = select(PresentedItem.attempt_id, PresentedItem.code).where(PresentedItem.attempt_id.in_(avoided))
    for attempt_id, code in session.execute(shown):
        n, again = counts[attempt_id]
        counts[attempt_id] = n + 1, again + (code in avoided[attempt_id])
    return counts


def _require_own(user: User, coaching: Coaching, to: Permission) -> None:
    require(user, to)
    if coaching.coach_id != user.id or not coaching.is_active:
        raise NotFound


def _require_asked(user: User, assignment: Assignment) -> None:
    coaching = assignment.campaign.coaching
    if coaching is None:
        raise NotFound
    _require_own(user, coaching, Permission.COACHING_WRITE)


def _newest(session: Session, person: Person) -> Result | None:
    return next(iter(person_history.standing(session, person)), None)


def _choice(session: Session, person: Person, bank: Bank, form: Form) -> Choice:
    campaign = Campaign(form=form.code, parts=[str(Part.STATEMENTS)])
    own = own_forms.form_for(session, person, bank, campaign)
    seen, marked = frozenset(own.avoided), {code for pair in bank.pairs for code in (pair.first, pair.second)}
    measuring = {item.code for item in bank.statements}
    shown = measuring & {*(own.statements or form.items)}
    again = shown & seen & marked if form.adaptive else shown & seen
    return Choice(
        form=form,
        n_statements=sequence.LONGEST if form.adaptive else len(shown),
        n_again=len(again),
        n_marked=len(again & marked),
        n_unseen=len(measuring - seen),
    )
