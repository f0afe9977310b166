"""Who is asked in a survey: invitations, reminders, links, and what the link opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from assess.errors import InvitationWithdrawn, Refused
from assess.models import AccessLink, LinkPurpose, Mail, Person, SurveyKind, SurveyPlace, SurveyRound, User
from assess.models.surveys import INVITATION, REMINDER
from assess.services import addresses, audit, days, invitations, links, surveys
from assess.services.access import Permission, require, to_change
from assess.services.database import alone, lock
from assess.services.invitations import Invitee
from assess.services.jobs import enqueue, enqueue_all
from assess.services.mailings import AT_ONCE, PAUSE

WITH_PLACE = (  # what every page of somebody who answers needs, in one statement
    joinedload(AccessLink.survey_place).options(
        joinedload(SurveyPlace.person).joinedload(Person.organization),
        joinedload(SurveyPlace.round).options(joinedload(SurveyRound.position), joinedload(SurveyRound.about)),
    ),
)


def invite(
    session: Session, user: User, survey: SurveyRound, invitee: Invitee, *, group: str = "", now: datetime
) -> SurveyPlace:
    """Return the place of whoever has this address; a person is found again as in campaigns."""
    require(user, Permission.SURVEY_WRITE)
    person = invitations.person_of(session, user, invitee, now=now)
    session.flush()
    return surveys.ask(session, user, survey, person, group=addresses.tidy(group), now=now)


def send(session: Session, user: User, place: SurveyPlace, *, now: datetime) -> Mail:
    """Have the invitation mailed (again)."""
    require(user, to_change(place.round))
    lock(session, place)
    _require_asked(place, now=now)
    if place.person.email is None:
        raise Refused(f"There is no mail address of {place.person.name}; please hand over a link.")
    waiting = session.scalar(
        select(Mail).where(Mail.survey_place_id == place.id, Mail.kind == INVITATION, *_unsettled()).limit(1)
    )
    if waiting is None:
        (waiting,) = _queue(session, [place], INVITATION, priority=AT_ONCE, now=now)
        record(session, f"user:{user.id}", "survey-invitation.queued", place, now=now)
    elif waiting.attempts:  # in vain so far: at once instead of when its next try is due
        enqueue(session, "send-mail", priority=AT_ONCE, mail_id=waiting.id)
    return waiting


def send_all(session: Session, user: User, survey: SurveyRound, *, now: datetime) -> int:
    """Have everybody invited who has a mail address and got neither letter nor link yet; return how many that were."""
    require(user, to_change(survey))
    return invite_all(session, survey, f"user:{user.id}", now=now)


def invite_all(session: Session, survey: SurveyRound, actor: str, *, now: datetime) -> int:
    """Do what `send_all` does; the caller has seen to it that `actor` may."""
    _require_open(survey, now=now)
    alone(session, f"survey {survey.id}")
    written = exists().where(Mail.survey_place_id == SurveyPlace.id, Mail.kind == INVITATION)
    places = session.scalars(_asked(survey).where(SurveyPlace.invited_at.is_(None), ~written)).all()
    _queue(session, places, INVITATION, now=now)
    for place in places:
        record(session, actor, "survey-invitation.queued", place, now=now)
    return len(places)


def remind(session: Session, user: User, survey: SurveyRound, *, now: datetime) -> int:
    """
    Have those reminded who were invited and have not answered, each at most once a day; return how many.

    Of a survey that does not tell who has answered, that number is told to nobody.
    """
    require(user, to_change(survey))
    _require_open(survey, now=now)
    alone(session, f"survey {survey.id}")  # two clicks remind nobody twice
    lately = exists().where(
        Mail.survey_place_id == SurveyPlace.id, Mail.kind == REMINDER, Mail.created_at > now - PAUSE
    )
    unanswered = (SurveyPlace.invited_at.is_not(None), SurveyPlace.submitted_at.is_(None))
    places = session.scalars(_asked(survey).where(*unanswered, ~lately)).all()
    _queue(session, places, REMINDER, now=now)
    audit.record(
        session,
        f"user:{user.id}",
        "survey.reminded",
        f"survey:{survey.id}",
        organization_id=survey.organization_id,
        now=now,
    )
    return len(places)


def newest_invitation() -> ScalarSelect[int]:
    """Select the id of the newest letter that invites whoever has a place, sent or not."""
    theirs = (Mail.survey_place_id == SurveyPlace.id, Mail.kind == INVITATION)
    return select(func.max(Mail.id)).where(*theirs).correlate(SurveyPlace).scalar_subquery()


def copy_link(session: Session, user: User, place: SurveyPlace, *, now: datetime) -> str:
    """Return the token of a new link for HR to hand over; earlier links go on to work."""
    require(user, Permission.SURVEY_WRITE)
    _require_asked(place, now=now)
    if place.invited_at is None:
        place.invited_at = now
    record(session, f"user:{user.id}", "survey-link.copied", place, now=now)
    return new_link(session, place, now=now)


def new_link(session: Session, place: SurveyPlace, *, now: datetime) -> str:
    """Return the token of a new link that opens the survey for this person."""
    ends = surveys.link_end(place.round)
    return links.issue(session, LinkPurpose.SURVEY, survey_place=place, expires_at=ends, now=now)


def withdraw(session: Session, user: User, place: SurveyPlace, *, now: datetime) -> None:
    """
    Ask this person no more, and leave out what they have answered; only while the survey is open.

    Afterwards its figures stand: leaving somebody out would tell what they had said. From counts of an anonymous
    survey nothing can be left out; that the place has answered is not told either.
    """
    require(user, to_change(place.round))
    lock(session, place.round, shared=True)  # once it is closed, its figures stand
    lock(session, place)
    _require_not_erased(place)
    _require_open(place.round, now=now)
    if place.withdrawn_at is None:
        place.withdrawn_at = now
        record(session, f"user:{user.id}", "survey-place.withdrawn", place, now=now)


def find_by_token(session: Session, token: str, *, now: datetime) -> SurveyPlace:
    """Return the place that a link or its cookie opens; raise what `links.find` raises."""
    link = links.find(session, token, LinkPurpose.SURVEY, *WITH_PLACE, now=now)
    if link.survey_place is None:
        raise ValueError(f"survey link {link.id} has no place")
    return link.survey_place


def whose_link(session: Session, token: str) -> SurveyPlace | None:
    """Return the place that a link belongs to, be it closed: for saying why, and whom to ask."""
    link = links.known(session, token, LinkPurpose.SURVEY, *WITH_PLACE)
    return link.survey_place if link else None


def redeem(session: Session, token: str, *, now: datetime) -> SurveyPlace:
    """Open the survey behind a link, noting the first time that a person (not a scanner) did."""
    link = links.find(session, token, LinkPurpose.SURVEY, now=now)
    place = find_by_token(session, token, now=now)
    if place.withdrawn_at is not None:
        raise InvitationWithdrawn
    at = moment_of(place, now=now)
    if link.first_used_at is None:
        link.first_used_at = at
    if place.opened_at is None:
        place.opened_at = at
        if place.round.kind is not SurveyKind.CLIMATE:
            record(session, f"link:{link.id}", "survey-link.opened", place, now=now)
    return place


def moment_of(place: SurveyPlace, *, now: datetime) -> datetime:
    """Return the time to note for what the person does now: of an anonymous survey, the day alone."""
    if place.round.kind is not SurveyKind.CLIMATE:
        return now
    zone = ZoneInfo(place.round.time_zone)
    return days.start_of_day(now.astimezone(zone).date(), place.round.time_zone)


def _asked(survey: SurveyRound) -> Select[SurveyPlace]:
    """Select the places that mail can be sent for."""
    return (
        select(SurveyPlace)
        .join(SurveyPlace.person)
        .where(
            SurveyPlace.round_id == survey.id,
            SurveyPlace.withdrawn_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            Person.is_simulated.is_(False),
        )
        .order_by(SurveyPlace.id)
    )


def _queue(
    session: Session, places: Sequence[SurveyPlace], kind: str, *, priority: int = 0, now: datetime
) -> Sequence[Mail]:
    mails = [Mail(kind=kind, person_id=each.person_id, survey_place_id=each.id, created_at=now) for each in places]
    session.add_all(mails)
    session.flush()
    enqueue_all(session, "send-mail", [{"mail_id": mail.id} for mail in mails], priority=priority)
    return mails


def _unsettled() -> tuple[ColumnElement[bool], ...]:
    return (Mail.sent_at.is_(None), Mail.bounced_at.is_(None), Mail.failed_at.is_(None))


def _require_asked(place: SurveyPlace, *, now: datetime) -> None:
    """Raise `Refused` where nobody can be asked any more; no reason is what HR is not told: that they have answered."""
    _require_not_erased(place)
    if place.withdrawn_at is not None:
        raise Refused(f"{place.person.name} has been taken off this survey. Ask them anew first.")
    if place.submitted_at is not None and place.round.tells_who_answered:
        raise Refused(f"{place.person.name} has answered already.")
    _require_open(place.round, now=now)


def _require_open(survey: SurveyRound, *, now: datetime) -> None:
    if not survey.is_open(now):
        raise Refused(surveys.OVER)


def _require_not_erased(place: SurveyPlace) -> None:
    if place.person.erased_at is not None:
        raise Refused("This person's data have been erased; nothing more can be done here.")


def record(session: Session, actor: str, action: str, place: SurveyPlace, *, now: datetime) -> None:
    """Write into the log what has happened with a place."""
    what = f"survey-place:{place.id}"
    audit.record(session, actor, action, what, organization_id=place.organization_id, now=now)
