"""Rounds of surveys that people answer through links, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from assess.banks.model import Bank
from assess.banks.surveys import FEWEST_ANSWERS
from assess.errors import AlreadySubmitted, InvitationExpired, InvitationWithdrawn, NotAllowed, Refused
from assess.models import (
    AccessLink,
    Organization,
    Person,
    Position,
    RatedPerson,
    SurveyAnswer,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import addresses, audit, days, survey_closing
from assess.services.access import Permission, require, to_change
from assess.services.assignments import last_kept_day
from assess.services.database import lock
from assess.services.jobs import enqueue

KINDS = tuple(kind for kind in SurveyKind if kind is not SurveyKind.FEEDBACK)  # that HR makes
OF_A_POSITION = frozenset({SurveyKind.JOB, SurveyKind.PERFORMANCE})
AFTERWARDS = timedelta(days=90)  # that a link goes on to say what became of the survey
LEADER_REPORT = "leader-report"  # the job that makes it
SEEN_FROM = {  # answers; with so many, figures can be looked at once the survey is over
    SurveyKind.JOB: 2,
    SurveyKind.PERSPECTIVE: FEWEST_ANSWERS,
    SurveyKind.CLIMATE: FEWEST_ANSWERS,
}
OVER = "This survey is over; it takes no more answers."
Question = tuple[int | None, str]  # id of the person it is about, if any, and its code


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person answered."""

    place: SurveyPlace
    values: Mapping[str, int]  # by code; about nobody in particular
    about: Mapping[int, Mapping[str, int]] = field(default_factory=dict)  # by the id of the person rated, by code


def create(
    session: Session,
    user: User,
    kind: SurveyKind,
    *,
    title: str,
    bank: Bank | None = None,
    position: Position | None = None,
    rated: Sequence[Person] = (),
    until: date,
    now: datetime,
) -> SurveyRound:
    """
    Add a round that accepts answers until the end of the day `until` in the organisation's time zone.

    The perspective asks the statements of `bank`; job and performance are about a `position`, performance about the
    people `rated`, too.
    """
    require(user, Permission.SURVEY_WRITE)
    if kind not in KINDS:
        raise ValueError(f"a round of {kind} is begun by a coach, see `feedback.begin`")
    if (kind is SurveyKind.PERSPECTIVE) != (bank is not None) or (kind in OF_A_POSITION) != (position is not None):
        raise ValueError(f"a round of {kind} has a bank or a position that it needs, and no other")
    if (kind is SurveyKind.PERFORMANCE) != bool(rated):
        raise Refused("Please choose at least one person whose work is rated.")
    if any(person.erased_at is not None for person in rated):
        raise Refused("The data of one of these people have been erased; please choose again.")
    zone = user.organization.time_zone
    if until < now.astimezone(ZoneInfo(zone)).date():
        raise Refused("The last day is over already; please choose a later one.")
    require_kept(user.organization, until, created_at=now)
    found = SurveyRound(
        organization_id=user.organization_id,
        kind=kind,
        title=addresses.tidy(title),
        edition=bank.edition if bank else "",
        bank_version=bank.version if bank else "",
        position=position,
        closes_at=days.end_of_day(until, zone),
        time_zone=zone,
        created_at=now,
        created_by_id=user.id,
    )
    session.add(found)
    session.flush()
    session.add_all(RatedPerson(round_id=found.id, person_id=person.id) for person in rated)
    _record(session, user, "survey.added", found, now=now)
    return found


def ask(
    session: Session, user: User, survey: SurveyRound, person: Person, *, group: str = "", now: datetime
) -> SurveyPlace:
    """
    Return the person's place in the round, new unless they have one; a link is sent or copied afterwards.

    Who was asked before and withdrawn is asked again.
    """
    require(user, Permission.SURVEY_WRITE)
    require_taking_answers(session, survey, now=now)
    place = session.scalar(
        select(SurveyPlace).where(SurveyPlace.round_id == survey.id, SurveyPlace.person_id == person.id)
    )
    if place is None:
        place = SurveyPlace(
            organization_id=survey.organization_id,
            round=survey,
            person=person,
            group=addresses.tidy(group),
            created_at=now,
        )
        session.add(place)
        session.flush()
        _record_place(session, f"user:{user.id}", "survey-place.added", place, now=now)
    elif place.withdrawn_at is not None:
        place.withdrawn_at = None
        _record_place(session, f"user:{user.id}", "survey-place.added", place, now=now)
    return place


def close(session: Session, user: User, survey: SurveyRound, *, now: datetime) -> None:
    """Accept no more answers from now on, for good: also of a round whose last day is over and could be put off."""
    require(user, Permission.SURVEY_WRITE)
    if survey.kind not in KINDS:  # see `feedback_closing.close`
        raise NotAllowed
    if survey_closing.end(session, survey, now=now):
        _record(session, user, "survey.closed", survey, now=now)


def extend(session: Session, user: User, survey: SurveyRound, until: date, *, now: datetime) -> None:
    """
    Accept answers until the end of the day `until`, also after the last day was over.

    Raises `Refused` once it has been closed, and once its figures could be looked at: they would tell by how they
    change what was answered afterwards.
    """
    require(user, to_change(survey))
    lock(session, survey)
    if survey.closed_at is not None:
        raise Refused("This survey was closed and stays closed; please make a new one.")
    if not survey.is_open(now) and _can_be_seen(session, survey):
        raise Refused("What was said can be looked at by now, so no more answers are taken; please make a new survey.")
    closes_at = days.end_of_day(until, survey.time_zone)
    if closes_at <= max(now, survey.closes_at):
        raise Refused("Please choose a day later than the present last day.")
    require_kept(user.organization, until, created_at=survey.created_at)
    survey.closes_at = closes_at
    theirs = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id)
    session.execute(
        update(AccessLink)
        .where(AccessLink.survey_place_id.in_(theirs), AccessLink.revoked_at.is_(None))
        .values(expires_at=link_end(survey))
    )
    _record(session, user, "survey.extended", survey, now=now)


def link_end(survey: SurveyRound) -> datetime:
    """Return until when the personal links to the round work."""
    return survey.closes_at + AFTERWARDS


def require_taking_answers(session: Session, survey: SurveyRound, *, now: datetime) -> None:
    """Raise `Refused` once the round is over; else nobody closes it until the transaction ends."""
    lock(session, survey, shared=True)
    if not survey.is_open(now):
        raise Refused(OVER)


def require_open(place: SurveyPlace, *, now: datetime) -> None:
    """Raise what keeps the person from answering; that they have handed in does not."""
    if place.withdrawn_at is not None or place.person.erased_at is not None:
        raise InvitationWithdrawn
    if not place.round.is_open(now):
        raise InvitationExpired


def hold(session: Session, place: SurveyPlace) -> None:
    """Keep the place as it is; of feedback also the round from ending and the rater from erasure: these delete."""
    if place.round.kind is SurveyKind.FEEDBACK:
        lock(session, place.person, shared=True)
        lock(session, place.round, shared=True)
    lock(session, place)


def save(session: Session, place: SurveyPlace, values: Mapping[Question, int | None], *, now: datetime) -> None:
    """
    Keep `values` as the person's present answers; None takes an answer back. Others stay as they are.

    Answers to a climate survey are never kept by person: `climate.count_in` counts them.
    """
    if place.round.kind is SurveyKind.CLIMATE:
        raise ValueError("what is answered about the climate is counted, not kept")
    hold(session, place)
    require_open(place, now=now)
    if place.submitted_at is not None:
        raise AlreadySubmitted
    known = {(row.about_id, row.code): row for row in _answers(session, [place.id])}
    for question, value in values.items():
        row = known.get(question)
        if value is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            about_id, code = question
            session.add(SurveyAnswer(place=place, about_id=about_id, code=code, value=value, answered_at=now))
        elif row.value != value:
            row.value, row.answered_at = value, now
    session.flush()


def submit(session: Session, place: SurveyPlace, *, now: datetime) -> None:
    """Hand the answers in; doing so twice changes nothing. A leader's report is made at once."""
    if place.round.kind is SurveyKind.CLIMATE:
        raise ValueError("what is answered about the climate is handed in by climate.count_in")
    lock(session, place.round, shared=True)  # once it is closed, its figures stand
    lock(session, place)
    if place.submitted_at is None:
        require_open(place, now=now)
        place.submitted_at = now
        if place.round.kind is SurveyKind.LEADER:
            enqueue(session, LEADER_REPORT, place_id=place.id)
        _record_place(session, "person", "survey-place.submitted", place, now=now)


def sheets_of(session: Session, survey: SurveyRound) -> Sequence[Sheet]:
    """Return what was handed in to the round, in the order in which people were asked; two queries."""
    places = session.scalars(
        select(SurveyPlace)
        .where(
            SurveyPlace.round_id == survey.id,
            SurveyPlace.submitted_at.is_not(None),
            SurveyPlace.withdrawn_at.is_(None),
        )
        .options(joinedload(SurveyPlace.person))
        .order_by(SurveyPlace.id)
    ).all()
    own: dict[int, dict[str, int]] = {place.id: {} for place in places}
    about: dict[int, dict[int, dict[str, int]]] = {place.id: {} for place in places}
    for row in _answers(session, list(own)):
        if row.about_id is None:
            own[row.place_id][row.code] = row.value
        else:
            about[row.place_id].setdefault(row.about_id, {})[row.code] = row.value
    return [Sheet(place, own[place.id], about[place.id]) for place in places]


def sheet_of(session: Session, place: SurveyPlace) -> Sheet:
    """Return what the person has answered so far."""
    own: dict[str, int] = {}
    about: dict[int, dict[str, int]] = {}
    for row in _answers(session, [place.id]):
        (own if row.about_id is None else about.setdefault(row.about_id, {}))[row.code] = row.value
    return Sheet(place, own, about)


def _can_be_seen(session: Session, survey: SurveyRound) -> bool:
    """Whether the figures of a survey that is over can be looked at."""
    if survey.kind not in SEEN_FROM:
        return survey.top_percent is not None
    handed_in = SurveyPlace.submitted_at.is_not(None), SurveyPlace.withdrawn_at.is_(None)
    n = session.scalar(
        select(func.count()).select_from(SurveyPlace).where(SurveyPlace.round_id == survey.id, *handed_in)
    )
    return (n or 0) >= SEEN_FROM[survey.kind]


def _answers(session: Session, place_ids: Sequence[int]) -> Sequence[SurveyAnswer]:
    return session.scalars(select(SurveyAnswer).where(SurveyAnswer.place_id.in_(place_ids))).all()


def require_kept(organization: Organization, until: date, *, created_at: datetime) -> None:
    """Raise `Refused` if what is answered on the last day would be erased before it is over."""
    latest = last_kept_day(organization, created_at=created_at)
    if until > latest:
        raise Refused(
            f"{organization.name} keeps what is answered until {latest.day} {latest:%B %Y} at the longest. "
            "Please choose that day or an earlier one."
        )


def _record(session: Session, user: User, action: str, survey: SurveyRound, *, now: datetime) -> None:
    what = f"survey:{survey.id}"
    audit.record(session, f"user:{user.id}", action, what, organization_id=survey.organization_id, now=now)


def _record_place(session: Session, actor: str, action: str, place: SurveyPlace, *, now: datetime) -> None:
    what = f"survey-place:{place.id}"
    audit.record(session, actor, action, what, organization_id=place.organization_id, now=now)
