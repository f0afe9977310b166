"""
Who coaches whom. A coach sees their own coachees, and is told of nobody else, not even that they are there.

HR assigns, and the person is told; or a coach asks, and sees nothing before the person consents. Either ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload

from assess.errors import CoachGone, CoachingOver, NotFound, Refused
from assess.models import (
    AccessLink,
    Assignment,
    Attempt,
    Campaign,
    CheckIn,
    Coaching,
    CoachingBasis,
    EndedBy,
    Person,
    Role,
    SurveyRound,
    User,
    UserRole,
)
from assess.services import addresses, audit, coaching_mail, feedback_closing, invitations, people_search
from assess.services.access import Permission, has_coach, is_coach, require
from assess.services.database import alone, lock
from assess.services.invitations import Invitee

MOST_ASKED = 40  # consents that a coach waits for at a time: more would be fishing for addresses
ANSWER_WITHIN = timedelta(days=30)


def active() -> Select[Coaching]:
    """Select the coachings in which a coach sees the person."""
    there = and_(Coaching.ended_at.is_(None), has_basis(), Person.erased_at.is_(None), has_coach())
    return select(Coaching).join(Coaching.person).where(there)


def has_basis() -> ColumnElement[bool]:
    """Whether a coaching has begun: somebody who has only been asked is not coached."""
    return or_(Coaching.basis == CoachingBasis.ASSIGNED, Coaching.agreed_at.is_not(None))


def stands(*, now: datetime) -> ColumnElement[bool]:
    """Whether a coaching goes on, or the question whether there should be one: it lapses."""
    return and_(Coaching.ended_at.is_(None), or_(has_basis(), Coaching.begun_at > now - ANSWER_WITHIN))


def coachings(session: Session, user: User, *, sought: str = "") -> Sequence[Coaching]:
    """Return the coach's present coachings with their people, by name; with `sought`, of whom it finds; one query."""
    require(user, Permission.COACHING_READ)
    own = active().where(Coaching.coach_id == user.id).options(contains_eager(Coaching.person))
    if sought:
        own = own.where(people_search.matches(sought))
    return session.scalars(own.order_by(func.lower(Person.name), Person.id)).all()


def waiting(session: Session, user: User, *, now: datetime) -> Sequence[Coaching]:
    """Return whom the coach has asked in the last days and who has not answered: of them, only what the coach typed."""
    require(user, Permission.COACHING_READ)
    return session.scalars(_asked(user, now=now).order_by(Coaching.id.desc())).all()


def get(session: Session, user: User, public_id: UUID, to: Permission) -> Coaching:
    """Return the coach's present coaching with this id, for them to do `to` in it; another is not found."""
    own = active().where(Coaching.public_id == public_id, Coaching.coach_id == user.id)
    found = session.scalar(own.options(contains_eager(Coaching.person).joinedload(Person.organization)))
    if found is None:
        raise NotFound
    require(user, to)
    return found


def require_own(user: User, coaching: Coaching) -> None:
    """Raise `NotFound` unless `coaching` is a present one of the coach `user`."""
    require(user, Permission.COACHING_READ)
    if coaching.coach_id != user.id or not coaching.is_active:
        raise NotFound


def hold(session: Session, user: User, coaching: Coaching, *, alone: bool = False) -> None:
    """
    Keep the coaching from ending, and the person from being erased, until the transaction ends.

    With `alone`, others who hold it so wait for each other. Raises `NotFound` where it is over meanwhile.
    """
    lock(session, coaching.person, shared=not alone)  # the person first, as in erasing
    lock(session, coaching, shared=True)
    require_own(user, coaching)
    if coaching.person.erased_at is not None:
        raise NotFound


def coaches(session: Session, user: User) -> Sequence[User]:
    """Return the organisation's coaches, for HR to choose from."""
    require(user, Permission.COACHING_ASSIGN)
    ours = (User.organization_id == user.organization_id, User.deactivated_at.is_(None))
    is_coach = select(UserRole.id).where(UserRole.user_id == User.id, UserRole.role == Role.COACH)
    found = select(User).where(*ours, is_coach.exists()).options(lazyload(User.role_rows))
    return session.scalars(found.order_by(func.lower(User.name))).all()


def coachings_of(session: Session, user: User, person: Person) -> Sequence[Coaching]:
    """Return who coaches or coached `person`, the newest first; for HR."""
    require(user, Permission.COACHING_ASSIGN)
    theirs = select(Coaching).where(Coaching.person_id == person.id).options(joinedload(Coaching.coach))
    return session.scalars(theirs.order_by(Coaching.id.desc())).all()


def own(session: Session, person: Person, *, now: datetime) -> Sequence[Coaching]:
    """Return who coaches the person or asks to, for their own page; a question that has lapsed is not asked."""
    theirs = select(Coaching).where(Coaching.person_id == person.id, stands(now=now))
    return session.scalars(theirs.options(joinedload(Coaching.coach)).order_by(Coaching.id)).all()


def coaches_of(session: Session, person: Person) -> Sequence[User]:
    """Return who sees the person's results as their coach, for the person to know."""
    present = active().where(Coaching.person_id == person.id).options(joinedload(Coaching.coach))
    return [each.coach for each in session.scalars(present.order_by(Coaching.id))]


def assign(session: Session, user: User, person: Person, coach: User, *, now: datetime) -> Coaching:
    """Have `coach` coach `person`, who is told by mail; nothing happens where they do already."""
    require(user, Permission.COACHING_ASSIGN)
    lock(session, person)
    if person.erased_at is not None:
        raise Refused("This person's data have been erased; nothing more can be done here.")
    if coach.organization_id != user.organization_id or not is_coach(coach):
        raise Refused("This user is no coach any more; please choose another one.")
    found = _open(session, person, coach)
    if found is not None and found.is_active:
        return found
    if found is None:
        found = Coaching(
            organization_id=person.organization_id,
            person=person,
            coach=coach,
            basis=CoachingBasis.ASSIGNED,
            begun_at=now,
            begun_by_id=user.id,
        )
        session.add(found)
    else:  # the coach has asked, and HR does not wait for the answer
        found.basis, found.begun_at, found.begun_by_id = CoachingBasis.ASSIGNED, now, user.id
    session.flush()
    _record(session, f"user:{user.id}", "coaching.assigned", found, now=now)
    coaching_mail.queue(session, coaching_mail.ASSIGNED, found, now=now)
    return found


def ask(session: Session, user: User, invitee: Invitee, *, now: datetime) -> Coaching:
    """
    Ask somebody by mail whether they want to be coached by `user`, who sees nothing of them before they consent.

    The answer is the same whether the organisation knows the address or not.
    """
    require(user, Permission.COACHING_WRITE)
    alone(session, f"coach {user.id}")
    person = invitations.person_of(session, user, invitee, for_coach=True, now=now)
    session.flush()
    found = _open(session, person, user)
    if found is not None and found.is_active:
        raise Refused(f"You coach {person.name} already.")
    if found is None or _has_lapsed(found, now=now):
        unanswered = _asked(user, now=now, also_taken_back=True).with_only_columns(func.count())
        if session.scalars(unanswered).one() >= MOST_ASKED:
            raise Refused(f"{MOST_ASKED} people whom you asked have not answered yet; please wait for some of them.")
    if found is None:
        found = Coaching(
            organization_id=user.organization_id,
            person=person,
            coach=user,
            basis=CoachingBasis.AGREED,
            asked_as=addresses.tidy(invitee.name),
            begun_at=now,
            begun_by_id=user.id,
        )
        session.add(found)
        session.flush()
        _record(session, f"user:{user.id}", "coaching.asked", found, now=now)
    else:
        found.begun_at, found.asked_as = now, addresses.tidy(invitee.name)
    if coaching_mail.was_asked(session, found, now=now):
        raise Refused("You have asked at this address within the last day. Please give them time to answer.")
    coaching_mail.queue(session, coaching_mail.ASKED, found, now=now)
    return found


def take_back(session: Session, user: User, public_id: UUID, *, now: datetime) -> Coaching:
    """Ask somebody no more; `Refused` where they have said yes at this moment."""
    require(user, Permission.COACHING_WRITE)
    found = session.scalar(_asked(user, now=now).where(Coaching.public_id == public_id))
    if found is None:
        raise NotFound
    lock(session, found)
    if found.is_active:
        raise Refused(f"{found.asked_as} has said yes meanwhile.")
    _end(session, found, EndedBy.COACH, f"user:{user.id}", now=now)
    return found


def agree(session: Session, coaching: Coaching, *, now: datetime) -> None:
    """Record that the person, whose link or page this is, consents; `CoachingOver` where it is over or has lapsed."""
    lock(session, coaching)
    if coaching.ended_at is not None or _has_lapsed(coaching, now=now):
        raise CoachingOver
    if not is_coach(coaching.coach):
        raise CoachGone
    if coaching.agreed_at is None:
        coaching.agreed_at = now
        invitations.enlist(coaching.person, coaching.person.name)  # HR sees who coaches whom
        _record(session, "person", "coaching.agreed", coaching, now=now)


def end_by_person(session: Session, coaching: Coaching, *, now: datetime) -> None:
    """Say no, or withdraw the consent: the coach sees nothing any more."""
    _end(session, coaching, EndedBy.PERSON, "person", now=now)


def end(session: Session, user: User, coaching: Coaching, *, now: datetime) -> None:
    """End it, as the coach or as HR."""
    is_own = coaching.coach_id == user.id and is_coach(user)
    require(user, Permission.COACHING_WRITE if is_own else Permission.COACHING_ASSIGN)
    _end(session, coaching, EndedBy.COACH if is_own else EndedBy.HR, f"user:{user.id}", now=now)


def _asked(user: User, *, now: datetime, also_taken_back: bool = False) -> Select[Coaching]:
    """Select whom the coach has asked lately and who has not answered."""
    by_coach = Coaching.ended_by == EndedBy.COACH
    return select(Coaching).where(
        Coaching.coach_id == user.id,
        Coaching.basis == CoachingBasis.AGREED,
        Coaching.agreed_at.is_(None),
        or_(Coaching.ended_at.is_(None), by_coach) if also_taken_back else Coaching.ended_at.is_(None),
        Coaching.begun_at > now - ANSWER_WITHIN,
        Coaching.person.has(Person.erased_at.is_(None)),
    )


def _has_lapsed(coaching: Coaching, *, now: datetime) -> bool:
    return coaching.is_question and coaching.begun_at <= now - ANSWER_WITHIN


def _open(session: Session, person: Person, coach: User) -> Coaching | None:
    """Return the coaching that goes on between the two, or the question, and keep it from ending."""
    theirs = (Coaching.person_id == person.id, Coaching.coach_id == coach.id, Coaching.ended_at.is_(None))
    kept = select(Coaching).where(*theirs).with_for_update(key_share=True, of=Coaching)
    return session.scalar(kept.execution_options(populate_existing=True))


def _end(session: Session, coaching: Coaching, by: EndedBy, actor: str, *, now: datetime) -> None:
    lock(session, coaching)
    if coaching.ended_at is not None:
        return
    coaching.ended_at, coaching.ended_by = now, by
    links_ = (AccessLink.coaching_id == coaching.id, AccessLink.revoked_at.is_(None))
    session.execute(update(AccessLink).where(*links_).values(revoked_at=now))
    _withdraw(session, coaching, actor, now=now)
    _drop_feedback(session, coaching, actor, now=now)
    talks = (CheckIn.person_id == coaching.person_id, CheckIn.coach_id == coaching.coach_id, CheckIn.planned_for > now)
    ahead = (*talks, CheckIn.held_at.is_(None), CheckIn.cancelled_at.is_(None))
    session.execute(update(CheckIn).where(*ahead).values(cancelled_at=now, sequence=CheckIn.sequence + 1))
    _record(session, actor, "coaching.ended", coaching, now=now)


def _withdraw(session: Session, coaching: Coaching, actor: str, *, now: datetime) -> None:
    """Ask the person no more for what the coach has asked for and they have not begun."""
    asked = select(Assignment).join(Assignment.campaign).outerjoin(Assignment.attempt)
    open_ = (Campaign.coaching_id == coaching.id, Assignment.withdrawn_at.is_(None), Attempt.id.is_(None))
    for each in session.scalars(asked.where(*open_)).all():
        lock(session, each, "attempt")  # which may begin at this moment
        if each.attempt is None and each.withdrawn_at is None:
            each.withdrawn_at = now
            home, what = coaching.organization_id, f"assignment:{each.id}"
            audit.record(session, actor, "assignment.withdrawn", what, organization_id=home, now=now)


def _drop_feedback(session: Session, coaching: Coaching, actor: str, *, now: datetime) -> None:
    """Throw away rounds that the coach has prepared and the person has not said yes to: raters would be told wrong."""
    own = (SurveyRound.about_id == coaching.person_id, SurveyRound.created_by_id == coaching.coach_id)
    unanswered = (SurveyRound.agreed_at.is_(None), SurveyRound.closed_at.is_(None))
    for each in session.scalars(select(SurveyRound).where(*own, *unanswered)).all():
        lock(session, each)  # to which they may say yes at this moment
        if each.agreed_at is None and each.closed_at is None:
            feedback_closing.drop(session, each, now=now)
            home, what = each.organization_id, f"survey:{each.id}"
            audit.record(session, actor, "feedback.dropped", what, organization_id=home, now=now)


def _record(session: Session, actor: str, action: str, coaching: Coaching, *, now: datetime) -> None:
    audit.record(session, actor, action, f"coaching:{coaching.id}", organization_id=coaching.organization_id, now=now)
