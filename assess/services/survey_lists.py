"""Lists of surveys and of who is asked in them, a page at a time; of anonymous ones, no word on who has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from assess.banks.surveys import FEWEST_ANSWERS
from assess.models import Mail, Person, RatedPerson, SurveyCount, SurveyKind, SurveyPlace, SurveyRound, User
from assess.services.access import Permission, is_hrs, require
from assess.services.paging import Listing, cut
from assess.services.survey_places import newest_invitation


class State(StrEnum):
    """How far somebody has come who is asked; `INVITED` is all that a survey tells which is shown in common."""

    CREATED = "created"
    SENDING = "sending"
    INVITED = "invited"
    BOUNCED = "bounced"
    OPENED = "opened"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How many were asked, have opened their link, and have handed in.

    Of a survey shown in common nobody is told who opened it. How many have answered an anonymous one is told from five
    on, and in steps of five while it is open: one more within the hour could be somebody who is known to have sat down
    to it.
    """

    asked: int = 0
    opened: int | None = 0
    answered: int | None = 0
    at_least: bool = False  # `answered` is a step that was reached


@dataclass(frozen=True, slots=True)
class Row:
    """A round in a list."""

    survey: SurveyRound
    progress: Progress


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked in a round, and how far they have come."""

    place: SurveyPlace
    state: State


def rounds_of(session: Session, user: User, *, page: int = 1) -> Listing[Row]:
    """Return a page of the organisation's rounds, newest first; a constant number of queries."""
    require(user, Permission.SURVEY_READ)
    ours = select(SurveyRound.id).where(SurveyRound.organization_id == user.organization_id, is_hrs())
    keys, listing = cut(session, ours.order_by(SurveyRound.id.desc()), number=page)
    whole = select(SurveyRound).where(SurveyRound.id.in_(keys)).options(joinedload(SurveyRound.position))
    shown = session.scalars(whole.order_by(SurveyRound.id.desc())).all()
    progress = progress_in(session, shown)
    return listing.of([Row(each, progress.get(each.id, Progress())) for each in shown])


def progress_of(session: Session, user: User, survey: SurveyRound) -> Progress:
    """Return how far the people of a round have come; one query."""
    require(user, Permission.SURVEY_READ)
    return progress_in(session, [survey])[survey.id]


def is_simulated(session: Session, survey: SurveyRound) -> bool:
    """Whether somebody who is asked is simulated; the caller has seen to it that the user may know the survey."""
    asked = (SurveyPlace.round_id == survey.id, SurveyPlace.person_id == Person.id)
    return bool(session.scalar(select(exists().where(*asked, Person.is_simulated))))


def people_of(session: Session, user: User, survey: SurveyRound, *, page: int = 1) -> Listing[Asked]:
    """Return a page of those asked, in the order of asking; a constant number of queries."""
    require(user, Permission.SURVEY_READ)
    theirs = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id).order_by(SurveyPlace.id)
    keys, listing = cut(session, theirs, number=page)
    rows = session.execute(
        select(SurveyPlace, Mail)
        .outerjoin(Mail, Mail.id == newest_invitation())
        .where(SurveyPlace.id.in_(keys))
        .options(joinedload(SurveyPlace.person))
        .order_by(SurveyPlace.id)
    )
    return listing.of([Asked(place, _state(survey, place, mail)) for place, mail in rows])


def rated_in(session: Session, user: User, survey: SurveyRound) -> Sequence[Person]:
    """Return whose work the round asks about, by name; one query."""
    require(user, Permission.SURVEY_READ)
    query = select(Person).join(RatedPerson, RatedPerson.person_id == Person.id)
    return session.scalars(query.where(RatedPerson.round_id == survey.id).order_by(Person.name, Person.id)).all()


def _state(survey: SurveyRound, place: SurveyPlace, mail: Mail | None) -> State:
    if place.person.erased_at is not None:
        return State.ERASED
    if place.withdrawn_at is not None:
        return State.WITHDRAWN
    if survey.tells_who_answered and (place.submitted_at or place.opened_at):
        return State.ANSWERED if place.submitted_at else State.OPENED
    if mail is not None and (mail.bounced_at or (mail.failed_at and not place.invited_at)):
        return State.BOUNCED
    if mail is not None and mail.sent_at is None and not place.invited_at:
        return State.SENDING
    return State.INVITED if place.invited_at else State.CREATED


def progress_in(session: Session, rounds: Sequence[SurveyRound]) -> Mapping[int, Progress]:
    """
    Return the counts of each round by its id; two queries. The caller has seen to it that the user may know them.

    Who was taken off counts in rounds alone that do not tell who has answered: their number must not fall.
    """
    untold = [each.id for each in rounds if not each.tells_who_answered]
    anonymous = [each.id for each in rounds if each.kind is SurveyKind.CLIMATE]
    counts = session.execute(
        select(
            SurveyPlace.round_id,
            func.count(),
            func.count(SurveyPlace.opened_at),
            func.count(SurveyPlace.submitted_at),
        )
        .where(SurveyPlace.round_id.in_([each.id for each in rounds]))
        .where(SurveyPlace.withdrawn_at.is_(None) | SurveyPlace.round_id.in_(untold))
        .group_by(SurveyPlace.round_id)
    )
    found = {each.id: Progress() for each in rounds}
    for number, asked, opened, answered in counts:
        found[number] = Progress(asked, None if number in untold else opened, answered)
    counted = _counted(session, [each.id for each in rounds if each.kind is SurveyKind.CLIMATE and each.closed_at])
    for number in anonymous:
        asked, answered = found[number].asked, found[number].answered or 0
        step = counted.get(number, answered // FEWEST_ANSWERS * FEWEST_ANSWERS)
        found[number] = Progress(asked, None, step or None, at_least=number not in counted and step > 0)
    return found


def _counted(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many answers are kept of closed anonymous rounds: those to the statement that most have answered."""
    if not ids:
        return {}
    each = (
        select(SurveyCount.round_id, func.sum(SurveyCount.n).label("n"))
        .where(SurveyCount.round_id.in_(ids))
        .group_by(SurveyCount.round_id, SurveyCount.code)
        .subquery()
    )
    most = select(each.c.round_id, func.max(each.c.n)).group_by(each.c.round_id)
    return {number: int(n) for number, n in session.execute(most)}
