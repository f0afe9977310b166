"""
Reminders in coaching: when one is due follows from facts and from the mails that there are.

A person is reminded of a talk in the last day before it, unless a letter about it went out in that day; and once a
week at most of actions that are due. A coach is written to once a week at most, when talks wait for a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, contains_eager

from assess.models import CheckIn, Coaching, CoachingAction, CoachingGoal, CoachingPlan, Mail, Person, User
from assess.services import caseload, coaching_mail, coaching_nudges, jobs
from assess.services.coaching_mail import DUE_WITHIN, UNDONE
from assess.services.coaching_nudges import Kind
from assess.services.database import alone

MOST = 500  # mails of each kind that one call sends, so that no transaction is long
BEFORE = timedelta(days=1)
WEEK = timedelta(days=7)
OVERDUE_FOR = timedelta(days=28)  # after which nobody is reminded of an action: it is for the next talk
SETTLING = timedelta(days=1)  # a plan has come to be before anybody is reminded of it
WAITS = frozenset({Kind.TALK_OVERDUE, Kind.NO_TALK_AHEAD})


def send_due(session: Session, *, now: datetime) -> bool:
    """Have all mailed that is due; whether there may be more. Two workers remind nobody twice."""
    alone(session, "coaching-reminders")
    numbers = (_of_talks(session, now=now), _of_actions(session, now=now), _coaches(session, now=now))
    return max(numbers) >= MOST


def _of_talks(session: Session, *, now: datetime) -> int:
    same = and_(CheckIn.person_id == Coaching.person_id, CheckIn.coach_id == Coaching.coach_id)
    told = select(Mail.id).where(Mail.check_in_id == CheckIn.id, Mail.created_at > now - BEFORE)
    soon = (CheckIn.planned_for > now, CheckIn.planned_for <= now + BEFORE)
    ahead = (CheckIn.held_at.is_(None), CheckIn.cancelled_at.is_(None), *soon)
    rows = session.execute(
        caseload.active()
        .join(CheckIn, same)
        .add_columns(CheckIn)
        .where(*ahead, *_reads_mail(), ~told.exists())
        .options(contains_eager(Coaching.person))
        .order_by(CheckIn.id)
        .limit(MOST)
    ).all()
    mails = [coaching_mail.queue(session, coaching_mail.SOON, *row, now=now) for row in rows]
    return _count_new(mails, now=now)


def _of_actions(session: Session, *, now: datetime) -> int:
    told = select(Mail.id).where(
        Mail.person_id == Coaching.person_id, Mail.kind == coaching_mail.DUE, Mail.created_at > now - WEEK
    )
    due = CoachingAction.due_on.between((now - OVERDUE_FOR).date(), (now + DUE_WITHIN).date())
    one_each = (
        caseload.active()
        .join(CoachingPlan, CoachingPlan.person_id == Coaching.person_id)
        .join(CoachingPlan.goals)
        .join(CoachingGoal.actions)
        .where(*UNDONE, due, CoachingPlan.created_at <= now - SETTLING, *_reads_mail(), ~told.exists())
        .with_only_columns(func.min(Coaching.id))
        .group_by(Coaching.person_id)
        .order_by(Coaching.person_id)
        .limit(MOST)
    )
    found = session.scalars(caseload.active().where(Coaching.id.in_(one_each)).options(contains_eager(Coaching.person)))
    mails = [coaching_mail.queue(session, coaching_mail.DUE, each, now=now) for each in found.all()]
    return _count_new(mails, now=now)


def _coaches(session: Session, *, now: datetime) -> int:
    """Write to coaches with whose people something has waited since yesterday or longer."""
    told = select(Mail.id).where(
        Mail.user_id == User.id, Mail.kind == coaching_mail.TO_COACH, Mail.created_at > now - WEEK
    )
    coaches = select(User.id).where(User.deactivated_at.is_(None), ~told.exists())
    nudges = coaching_nudges.nudges_where(session, Coaching.coach_id.in_(coaches), now=now)
    yesterday = (now - timedelta(days=1)).date()
    waited = {each.coaching.coach_id for each in nudges if each.kind in WAITS and each.since <= yesterday}
    for coach_id in sorted(waited)[:MOST]:
        mail = Mail(kind=coaching_mail.TO_COACH, user_id=coach_id, created_at=now)
        session.add(mail)
        session.flush()
        jobs.enqueue(session, "send-mail", mail_id=mail.id)
    return len(waited)


def _count_new(mails: Sequence[Mail | None], *, now: datetime) -> int:
    """Return how many mails there were not before: one that waits for a mail server is not made again."""
    return sum(mail is not None and mail.created_at == now for mail in mails)


def _reads_mail() -> tuple[ColumnElement[bool], ...]:
    return Person.email.is_not(None), Person.is_simulated.is_(False)
