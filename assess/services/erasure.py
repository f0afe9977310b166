"""Erasing people: whatever says who somebody is goes.

Answers and results stay without a name, so norms and the audit log's chain stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from assess.banks.surveys import FEWEST_ANSWERS
from assess.models import (
    AccessFile,
    AccessLink,
    Assignment,
    BatchEntry,
    CheckIn,
    Coaching,
    CoachingPlan,
    Decision,
    LeaderReport,
    Mail,
    Person,
    PrivacyRequest,
    ReportFile,
    ShortlistEntry,
    SurveyAnswer,
    SurveyComment,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
)
from assess.services import audit, equality, export_upkeep, rosters
from assess.services.report_subjects import is_about

NOBODY = "Erased person"
DELETED = "The report has been deleted: the time for which it was kept is over, or the person's data have been erased."


def erase(session: Session, people: Sequence[Person], *, actor: str, now: datetime) -> int:
    """
    Empty everything that says who `people` are, close what leads to their answers, and delete the reports on them.

    Files of data with names go, whoever is in them. Return how many reports that were, those that compare them with
    others among them. One that is being made is left to its job, which stores nothing for nobody.
    """
    ids = [person.id for person in people]
    theirs = select(Assignment.id).where(Assignment.person_id.in_(ids))
    for person in people:
        person.name, person.erased_at = NOBODY, now
        person.email = person.phone = person.employee_number = None
        person.language, person.accommodations = "", {}
    session.flush()
    places = select(SurveyPlace.id).where(SurveyPlace.person_id.in_(ids))
    is_theirs = or_(
        AccessLink.assignment_id.in_(theirs),
        AccessLink.person_id.in_(ids),
        AccessLink.survey_place_id.in_(places),
        AccessLink.coaching_id.in_(select(Coaching.id).where(Coaching.person_id.in_(ids))),
    )
    session.execute(update(AccessLink).where(is_theirs, AccessLink.revoked_at.is_(None)).values(revoked_at=now))
    session.execute(update(Decision).where(Decision.assignment_id.in_(theirs)).values(reasons=""))
    session.execute(delete(ShortlistEntry).where(ShortlistEntry.assignment_id.in_(theirs)))
    _empty_mail(session, ids, now=now)
    requests = update(PrivacyRequest).where(PrivacyRequest.person_id.in_(ids))
    session.execute(requests.values(words=""))
    session.execute(requests.where(PrivacyRequest.answer.is_not(None)).values(answer=""))
    equality.forget(session, theirs)
    rosters.forget(session, ids)
    _forget_coaching(session, ids)
    _forget_surveys(session, ids)
    _forget_feedback_about(session, ids, now=now)
    export_upkeep.delete_named(session, {person.organization_id for person in people}, actor=actor, now=now)
    session.execute(delete(AccessFile).where(AccessFile.person_id.in_(ids)))
    for person in people:
        _record(session, actor, "person.erased", f"person:{person.id}", person.organization_id, now=now)
    return _delete_reports_of(session, ids, actor=actor, now=now)


def delete_report(session: Session, report: ReportFile, *, actor: str, now: datetime) -> None:
    """Delete a report, noting that it is gone; batches that it was part of say so."""
    entries = update(BatchEntry).where(BatchEntry.report_id == report.id)
    session.execute(entries.values(report_id=None, refusal=DELETED))
    session.delete(report)
    _record(session, actor, "report.deleted", f"report:{report.id}", report.organization_id, now=now, kind=report.kind)


def forget_self_checks(session: Session, *which: ColumnElement[bool]) -> int:
    """Delete answers and reports of leaders' self-checks at places that `which` says; return how many reports."""
    query = select(SurveyPlace.id).join(SurveyPlace.round).where(SurveyRound.kind == SurveyKind.LEADER, *which)
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.place_id.in_(query)))
    done = session.execute(delete(LeaderReport).where(LeaderReport.place_id.in_(query)))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has one


def forget_feedback(session: Session, *which: ColumnElement[bool]) -> None:
    """
    Delete what was said of somebody at places that `which` says: answers, and words as they were written.

    The figures of a closed round stand, and words that the coach let through stay: they are the person's. What is not
    released was not let through, whatever the coach has decided so far.
    """
    query = select(SurveyPlace.id).join(SurveyPlace.round).where(SurveyRound.kind == SurveyKind.FEEDBACK, *which)
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.place_id.in_(query)))
    unreleased = SurveyComment.place_id.in_(query.where(SurveyRound.released_at.is_(None)))
    session.execute(delete(SurveyComment).where(unreleased))
    session.execute(update(SurveyComment).where(SurveyComment.place_id.in_(query)).values(words=""))


def _forget_feedback_about(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Delete what colleagues said of people, and end the rounds that are not over."""
    about = select(SurveyRound.id).where(SurveyRound.about_id.in_(ids))
    places = select(SurveyPlace.id).where(SurveyPlace.round_id.in_(about))
    theirs = update(SurveyRound).where(SurveyRound.id.in_(about))  # first: whoever is answering is waited for
    session.execute(theirs.values(figures=None, n_answered=None))
    session.execute(theirs.where(SurveyRound.closed_at.is_(None)).values(closed_at=now))
    for kind in (SurveyAnswer, SurveyComment):
        session.execute(delete(kind).where(kind.place_id.in_(places)))


def _forget_surveys(session: Session, ids: Sequence[int]) -> None:
    """
    Forget groups that could tell who people were, and the self-checks of leaders, which are nobody else's.

    What they said about jobs, service and others stays without their names, as others' figures rest on it; so does
    what was said about their work. Raters stay in a group of five or more: its mean without one of them would, beside
    the mean from before, be what that one said.
    """
    forget_self_checks(session, SurveyPlace.person_id.in_(ids))
    forget_feedback(session, SurveyPlace.person_id.in_(ids))
    theirs, asked = SurveyPlace.person_id.in_(ids), aliased(SurveyPlace)
    in_group = (asked.round_id == SurveyPlace.round_id, asked.group == SurveyPlace.group)
    many = select(func.count()).select_from(asked).where(*in_group).correlate(SurveyPlace).scalar_subquery()
    stays = select(SurveyPlace.id).join(SurveyPlace.round).where(theirs, SurveyRound.kind == SurveyKind.PERSPECTIVE)
    kept = session.scalars(stays.where(many >= FEWEST_ANSWERS)).all()
    session.execute(update(SurveyPlace).where(theirs, SurveyPlace.id.not_in(kept)).values(group=""))
    session.execute(update(SurveyPlace).where(theirs).values(asked_as=""))


def _forget_coaching(session: Session, ids: Sequence[int]) -> None:
    """Delete plans, with their goals and actions, and talks; forget the names that coaches typed."""
    for kind in (CheckIn, CoachingPlan):  # the database deletes goals and actions with their plan
        session.execute(delete(kind).where(kind.person_id.in_(ids)))
    session.execute(update(Coaching).where(Coaching.person_id.in_(ids)).values(asked_as=""))


def _empty_mail(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Forget what mail servers said about people, and send them no more."""
    session.execute(update(Mail).where(Mail.person_id.in_(ids)).values(last_reply=None))
    is_open = (Mail.sent_at.is_(None), Mail.bounced_at.is_(None), Mail.failed_at.is_(None))
    session.execute(update(Mail).where(Mail.person_id.in_(ids), *is_open).values(failed_at=now))


def _delete_reports_of(session: Session, ids: Sequence[int], *, actor: str, now: datetime) -> int:
    theirs = select(Assignment.id).where(Assignment.person_id.in_(ids))
    made = select(ReportFile).where(ReportFile.finished_at.is_not(None), is_about(theirs))
    found = session.scalars(made.order_by(ReportFile.id)).all()
    for report in found:
        delete_report(session, report, actor=actor, now=now)
    session.flush()
    return len(found)


def _record(
    session: Session, actor: str, action: str, subject: str, organization_id: int, *, now: datetime, **details: str
) -> None:
    audit.record(session, actor, action, subject, organization_id=organization_id, now=now, **details)
