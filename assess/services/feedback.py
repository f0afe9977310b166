"""
Feedback from colleagues about somebody, between a coach and that person: HR is told of nothing.

The coach prepares whom to ask; the person says yes or no; only then is anybody written to. Who has answered, nobody is
told. A round is the person's: whoever coaches them later finds it, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.banks.surveys import FEWEST_RATERS
from assess.errors import NotFound, Refused
from assess.models import Coaching, Mail, Person, SurveyKind, SurveyPlace, SurveyRound, User
from assess.scoring.feedback import SELF, SOURCES, steps
from assess.services import (
    addresses,
    audit,
    caseload,
    coaching_mail,
    days,
    feedback_closing,
    invitations,
    survey_places,
    surveys,
)
from assess.services.access import Permission, require
from assess.services.database import alone, lock
from assess.services.invitations import Invitee

TITLE = "Feedback from colleagues"  # names nobody: it stays when people are erased
MOST = 60  # raters of a round


class State(StrEnum):
    """How far a round has come."""

    PREPARED = "prepared"
    PROPOSED = "proposed"
    OPEN = "open"
    ENDING = "ending"  # its last day is over; it can be put off until it is closed
    CLOSED = "closed"
    DROPPED = "dropped"  # the person said no, or stopped it; or it came to nothing


@dataclass(frozen=True, slots=True)
class Rater:
    """Somebody to ask, as the coach names them."""

    invitee: Invitee
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked, for coach and person to read: never whether they have answered."""

    place: SurveyPlace
    is_unreachable: bool  # the letter came back

    @property
    def name(self) -> str:
        """The name that the coach typed: what else is known of somebody is not the coach's to know."""
        return self.place.asked_as


@dataclass(frozen=True, slots=True)
class Progress:
    """How many raters are asked, and how many have answered at least, in steps of three."""

    asked: int
    at_least: int


def state_of(survey: SurveyRound, *, now: datetime) -> State:
    """Return how far a round has come."""
    if survey.closed_at is not None:
        return State.CLOSED if survey.figures is not None else State.DROPPED
    if survey.agreed_at is None:
        return State.PROPOSED if survey.proposed_at else State.PREPARED
    return State.OPEN if survey.is_open(now) else State.ENDING


def rounds_of(session: Session, user: User, coaching: Coaching) -> Sequence[SurveyRound]:
    """Return the rounds about the person whom the user coaches, the newest first."""
    require(user, Permission.COACHING_READ)
    if coaching.coach_id != user.id or not coaching.is_active:
        raise NotFound
    return session.scalars(_about(coaching.person).order_by(SurveyRound.id.desc())).all()


def get(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[SurveyRound, Coaching]:
    """Return a round about somebody whom `user` coaches now, with the coaching, to do `to`; another is not found."""
    theirs = and_(Coaching.person_id == SurveyRound.about_id, Coaching.coach_id == user.id)
    row = session.execute(
        caseload.active()
        .join(SurveyRound, theirs)
        .where(SurveyRound.public_id == public_id, SurveyRound.kind == SurveyKind.FEEDBACK)
        .options(contains_eager(Coaching.person))
        .add_columns(SurveyRound)
    ).first()
    if row is None:
        raise NotFound
    require(user, to)
    coaching, survey = row
    return survey, coaching


def get_place(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[SurveyPlace, Coaching]:
    """Return a rater's place in such a round; the person's own is not found, as nobody takes it away."""
    place = session.scalar(
        select(SurveyPlace)
        .join(SurveyPlace.round)
        .where(SurveyPlace.public_id == public_id, SurveyPlace.group != SELF)
        .options(contains_eager(SurveyPlace.round), joinedload(SurveyPlace.person))
    )
    if place is None:
        raise NotFound
    _survey, coaching = get(session, user, place.round.public_id, to)
    return place, coaching


def begin(session: Session, user: User, coaching: Coaching, *, until: date, now: datetime) -> SurveyRound:
    """Prepare a round that ends with the day `until`; one at a time."""
    require(user, Permission.COACHING_WRITE)
    person = coaching.person
    caseload.hold(session, user, coaching, alone=True)
    if session.scalar(_about(person).where(SurveyRound.closed_at.is_(None)).limit(1)) is not None:
        raise Refused(f"{person.name} has a round that is not over. Please close it first, or go on with it.")
    zone = user.organization.time_zone
    if until < now.astimezone(ZoneInfo(zone)).date():
        raise Refused("The last day is over already; please choose a later one.")
    surveys.require_kept(user.organization, until, created_at=now)
    survey = SurveyRound(
        organization_id=user.organization_id,
        kind=SurveyKind.FEEDBACK,
        title=TITLE,
        about=person,
        closes_at=days.end_of_day(until, zone),
        time_zone=zone,
        created_at=now,
        created_by_id=user.id,
    )
    session.add(survey)
    session.flush()
    session.add(_place(survey, person, SELF, "", now=now))
    session.flush()
    record(session, f"user:{user.id}", "feedback.prepared", survey, now=now)
    return survey


def add(session: Session, user: User, survey: SurveyRound, rater: Rater, *, now: datetime) -> SurveyPlace:
    """
    Put somebody on the list of those asked; where the person has said yes, the invitation goes out at once.

    The answer is the same whether the organisation knows the address or not.
    """
    require(user, Permission.COACHING_WRITE)
    if rater.source not in SOURCES:
        raise ValueError(f"raters are of one of {', '.join(SOURCES)}, not '{rater.source}'")
    alone(session, f"survey {survey.id}")
    lock(session, survey, shared=True)
    _require_unfinished(survey, now=now)
    if _n_listed(session, survey) >= MOST:
        raise Refused(f"{MOST} people have been on the list; more are not needed.")
    name = addresses.tidy(rater.invitee.name)
    if addresses.email(rater.invitee.email) == user.email.lower():
        raise Refused("This is your own address. Whoever knows one of three answers knows what the other two say.")
    person = invitations.person_of(session, user, rater.invitee, for_coach=True, now=now)
    session.flush()
    if person.id == survey.about_id:
        raise Refused(f"This is the address of {person.name}, who answers for themselves anyway.")
    places = select(SurveyPlace).where(SurveyPlace.round_id == survey.id)
    place = session.scalar(places.where(SurveyPlace.person_id == person.id))
    if place is not None and place.withdrawn_at is None:
        raise Refused(f"{place.asked_as} has this address and is on the list already.")
    if place is None:
        place = _place(survey, person, rater.source, name, now=now)
        session.add(place)
    place.withdrawn_at, place.group, place.asked_as = None, rater.source, name
    session.flush()
    survey_places.record(session, f"user:{user.id}", "survey-place.added", place, now=now)
    if survey.agreed_at is not None:
        survey_places.invite_all(session, survey, f"user:{user.id}", now=now)
    return place


def remove(session: Session, user: User, place: SurveyPlace, *, now: datetime) -> None:
    """Take a rater off the list; what they have answered is left out. Only while the round is not over."""
    require(user, Permission.COACHING_WRITE)
    lock(session, place.round, shared=True)  # once it is closed, its figures stand
    _require_unfinished(place.round, now=now)
    if place.round.agreed_at is not None:
        survey_places.withdraw(session, user, place, now=now)
    else:  # who was never asked leaves no trace
        session.delete(place)


def propose(session: Session, user: User, survey: SurveyRound, coaching: Coaching, *, now: datetime) -> None:
    """Ask the person, by mail, whether these people may be asked."""
    require(user, Permission.COACHING_WRITE)
    lock(session, survey)
    _require_unfinished(survey, now=now)
    if survey.agreed_at is not None:
        return
    if progress_of(session, survey).asked < FEWEST_RATERS:
        raise Refused("Please name three people at least: what fewer say is never shown.")
    if survey.proposed_at is None:
        survey.proposed_at = now
        record(session, f"user:{user.id}", "feedback.proposed", survey, now=now)
    coaching_mail.queue(session, coaching_mail.FEEDBACK, coaching, now=now)


def drop(session: Session, user: User, survey: SurveyRound, *, now: datetime) -> None:
    """Throw away a round to which the person has not said yes."""
    require(user, Permission.COACHING_WRITE)
    lock(session, survey)
    if survey.agreed_at is not None:
        raise Refused("The person has said yes meanwhile, and people are being asked. You can close the round.")
    feedback_closing.drop(session, survey, now=now)
    record(session, f"user:{user.id}", "feedback.dropped", survey, now=now)


def people_of(session: Session, survey: SurveyRound) -> Mapping[str, Sequence[Asked]]:
    """Return who is asked, by source, in the order of names; the caller has seen to it that the user may know."""
    rows = session.execute(
        select(SurveyPlace, Mail)
        .outerjoin(Mail, Mail.id == survey_places.newest_invitation())
        .where(SurveyPlace.round_id == survey.id, SurveyPlace.withdrawn_at.is_(None), SurveyPlace.group.in_(SOURCES))
        .order_by(func.lower(SurveyPlace.asked_as), SurveyPlace.id)
    )
    found: dict[str, list[Asked]] = {source: [] for source in SOURCES}  # whoever was erased has no source any more
    for place, mail in rows:
        came_back = mail is not None and (mail.bounced_at or mail.failed_at) is not None
        found[place.group].append(Asked(place, came_back and place.invited_at is None))
    return {source: asked for source, asked in found.items() if asked}


def progress_of(session: Session, survey: SurveyRound) -> Progress:
    """
    Return how far a round has come; the caller has seen to it that the user may know.

    Who was taken off after answering goes on to count as one who has: a number that falls would tell that they had.
    """
    is_asked = case((SurveyPlace.withdrawn_at.is_(None), SurveyPlace.id))
    asked, answered = session.execute(
        select(func.count(is_asked), func.count(SurveyPlace.submitted_at)).where(
            SurveyPlace.round_id == survey.id, SurveyPlace.group != SELF
        )
    ).one()
    return Progress(asked, steps(answered))


def own_rounds(session: Session, person: Person) -> Sequence[SurveyRound]:
    """Return the rounds about the person that were put to them, for their own page; the newest first."""
    put = SurveyRound.proposed_at.is_not(None)
    return session.scalars(_about(person).where(put).order_by(SurveyRound.id.desc())).all()


def own_round(session: Session, person: Person, public_id: UUID) -> SurveyRound:
    """Return one of these; another is not found."""
    put = (SurveyRound.public_id == public_id, SurveyRound.proposed_at.is_not(None))
    found = session.scalar(_about(person).where(*put))
    if found is None:
        raise NotFound
    return found


def own_place(session: Session, survey: SurveyRound) -> SurveyPlace:
    """Return the place of the person whom a round is about."""
    own = (SurveyPlace.round_id == survey.id, SurveyPlace.group == SELF)
    return session.scalars(select(SurveyPlace).where(*own)).one()


def _n_listed(session: Session, survey: SurveyRound) -> int:
    """Return how many raters have been on the list, also those taken off who may have got a letter."""
    raters = (SurveyPlace.round_id == survey.id, SurveyPlace.group != SELF)
    return session.scalars(select(func.count()).select_from(SurveyPlace).where(*raters)).one()


def _about(person: Person) -> Select[SurveyRound]:
    return select(SurveyRound).where(SurveyRound.about_id == person.id, SurveyRound.kind == SurveyKind.FEEDBACK)


def _place(survey: SurveyRound, person: Person, source: str, name: str, *, now: datetime) -> SurveyPlace:
    facts = {"organization_id": survey.organization_id, "group": source, "asked_as": name, "created_at": now}
    return SurveyPlace(round=survey, person=person, **facts)


def _require_unfinished(survey: SurveyRound, *, now: datetime) -> None:
    if survey.closed_at is not None:
        raise Refused("This round is over; please begin a new one.")
    if now >= survey.closes_at:
        raise Refused("The last day is over. It can be put off as long as the round is not closed.")


def record(session: Session, actor: str, action: str, survey: SurveyRound, *, now: datetime) -> None:
    """Write into the log what has happened with a round."""
    what = f"survey:{survey.id}"
    audit.record(session, actor, action, what, organization_id=survey.organization_id, now=now)
