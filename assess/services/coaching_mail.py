"""Mail about coaching: to whom it goes, with which link, and whether it is still wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.models import (
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    GoalState,
    LinkPurpose,
    Mail,
    Person,
    SurveyRound,
    User,
)
from assess.services import calendars, coaching_letters, links
from assess.services.access import has_coach
from assess.services.jobs import enqueue
from assess.services.letters import Letter
from assess.services.mailings import AT_ONCE

ASKED, ASSIGNED = "coaching-asked", "coaching-assigned"  # kinds of mail
FEEDBACK = "feedback-proposed"
PLANNED, MOVED, CALLED_OFF, SOON = "check-in-planned", "check-in-moved", "check-in-called-off", "check-in-reminder"
DUE = "actions-due"
TO_COACH = "coach-reminder"
LETTERS = {
    ASKED: coaching_letters.asked,
    ASSIGNED: coaching_letters.assigned,
    FEEDBACK: coaching_letters.feedback,
    DUE: coaching_letters.due,
}
ABOUT_TALKS = {
    PLANNED: coaching_letters.planned,
    MOVED: coaching_letters.moved,
    CALLED_OFF: coaching_letters.called_off,
    SOON: coaching_letters.soon,
}
SPARING = frozenset({ASKED, FEEDBACK, PLANNED, MOVED})  # what a coach could have sent without end
MOST_A_DAY = 10  # letters from one coach to one person, of whatever kind
LIVES = timedelta(days=30)  # a link to what somebody's coaching is about
DAY = timedelta(days=1)
DUE_WITHIN = timedelta(days=7)
UNDONE = (  # of actions joined to their goals and plans
    CoachingPlan.closed_at.is_(None),
    CoachingGoal.state == GoalState.OPEN,
    CoachingAction.done_at.is_(None),
)


def queue(
    session: Session, kind: str, coaching: Coaching, check_in: CheckIn | None = None, *, now: datetime
) -> Mail | None:
    """Have a mail sent to the person, unless the same one waits; None if nobody would read it."""
    person, about = coaching.person, check_in.id if check_in else None
    if person.email is None or person.erased_at is not None or person.is_simulated:
        return None
    same = (Mail.coaching_id == coaching.id, Mail.check_in_id == about, Mail.kind == kind)
    unsettled = (Mail.sent_at.is_(None), Mail.failed_at.is_(None), Mail.bounced_at.is_(None))
    waiting = session.scalar(select(Mail).where(*same, *unsettled).limit(1))
    if waiting is not None:
        return waiting
    if kind in SPARING and len(session.scalars(_lately(coaching, now=now)).all()) >= MOST_A_DAY:
        raise Refused(f"{MOST_A_DAY} letters have gone to this person within a day. Please write again tomorrow.")
    mail = Mail(kind=kind, person_id=person.id, coaching_id=coaching.id, check_in_id=about, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", priority=AT_ONCE, mail_id=mail.id)
    return mail


def was_asked(session: Session, coaching: Coaching, *, now: datetime) -> bool:
    """Whether a letter that asks the person went out from this coach within a day, whatever they answered to it."""
    arrived = (Mail.kind == ASKED, Mail.bounced_at.is_(None), Mail.failed_at.is_(None), Mail.sent_at.is_not(None))
    return bool(session.scalar(_lately(coaching, now=now).where(*arrived).limit(1)))


def _lately(coaching: Coaching, *, now: datetime) -> Select[int]:
    """Select letters of the last day from this coach to the person, also in a coaching of theirs before."""
    same = (Coaching.person_id == coaching.person_id, Coaching.coach_id == coaching.coach_id)
    ours = select(Mail.id).join(Coaching, Coaching.id == Mail.coaching_id)
    return ours.where(*same, Mail.created_at > now - DAY)


def compose(session: Session, mail: Mail, coaching: Coaching, base: str, *, now: datetime) -> tuple[Letter, str]:
    """Return the letter and the recipient's address."""
    token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=now + LIVES, now=now)
    link, address = f"{base}/my-coaching/link/{token}", coaching.person.email or ""
    if mail.check_in is None:
        return LETTERS[mail.kind](coaching, link), address
    letter = ABOUT_TALKS[mail.kind](mail.check_in, link)
    host = urlsplit(base).hostname or "localhost"
    return replace(letter, calendar=calendars.entry(mail.check_in, for_coach=False, host=host, now=now)), address


def to_coach(user: User, base: str) -> tuple[Letter, str]:
    """Return the letter to a coach with whose people something waits, and the address."""
    return coaching_letters.to_coach(user, f"{base}/coaching"), user.email


def is_wanted(*, now: datetime) -> ColumnElement[bool]:
    """Whether the purpose of such a mail to a person still stands."""
    stands = (
        select(Coaching.id)
        .join(Coaching.person)
        .where(
            Coaching.id == Mail.coaching_id,
            Coaching.ended_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            has_coach(),
        )
        .correlate(Mail)
    )
    talk = select(CheckIn.id).where(CheckIn.id == Mail.check_in_id).correlate(Mail)
    is_off = CheckIn.cancelled_at.is_not(None)
    ahead = talk.where(~is_off, CheckIn.held_at.is_(None), CheckIn.planned_for > now)
    due = select(CoachingAction.id).join(CoachingAction.goal).join(CoachingGoal.plan).correlate(Mail)
    theirs = (CoachingPlan.person_id == Mail.person_id, CoachingAction.due_on <= (now + DUE_WITHIN).date())
    unanswered = (SurveyRound.proposed_at.is_not(None), SurveyRound.agreed_at.is_(None))
    asked = (SurveyRound.about_id == Mail.person_id, SurveyRound.closed_at.is_(None), SurveyRound.closes_at > now)
    proposed = select(SurveyRound.id).where(*asked, *unanswered).correlate(Mail)
    wanted = or_(
        Mail.kind.in_((ASKED, ASSIGNED)),
        and_(Mail.kind == FEEDBACK, proposed.exists()),
        and_(Mail.kind.in_((PLANNED, MOVED, SOON)), ahead.exists()),
        and_(Mail.kind == CALLED_OFF, talk.where(is_off).exists()),
        and_(Mail.kind == DUE, due.where(*UNDONE, *theirs).exists()),
    )
    return and_(wanted, stands.exists())
