"""Comments of raters: read by the coach who asked, and by the person as far as that coach lets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, delete, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.surveys import FEWEST_RATERS, SOURCE
from assess.errors import NotAllowed, NotFound, Refused
from assess.models import (
    AuditEvent,
    Coaching,
    CommentState,
    Role,
    SurveyComment,
    SurveyPlace,
    SurveyRound,
    User,
    UserRole,
)
from assess.scoring.feedback import Comment
from assess.services import accounts, audit, caseload, feedback_comments
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.feedback_comments import tidy

BEGUN_ANEW = timedelta(days=30)  # after its end: a coach whose coaching begins anew by then goes on where they were
DELETED = "feedback.words-deleted"  # as the log names it


class Fate(StrEnum):
    """What becomes of what was written in a closed round."""

    RELEASED = "released"
    TOO_FEW = "too-few"  # have answered: nobody reads it
    WAITING = "waiting"  # for the coach who asked
    UNREAD = "unread"  # as that coach coaches the person no more
    DELETED = "deleted"
    NOTHING = "nothing"  # was written


def fate_of(session: Session, survey: SurveyRound) -> Fate:
    """Return what becomes of what was written in a closed round; the caller has seen to it that the user may know."""
    if survey.released_at is not None:
        return Fate.RELEASED
    if (survey.n_answered or 0) < FEWEST_RATERS:
        return Fate.TOO_FEW
    if session.scalar(_of_round(survey).limit(1)) is not None:
        return Fate.WAITING if feedback_comments.are_read(session, survey) else Fate.UNREAD
    return Fate.NOTHING if deleted_at(session, survey) is None else Fate.DELETED


def deleted_at(session: Session, survey: SurveyRound) -> datetime | None:
    """Return when words that had not been released were deleted, None where that has not happened."""
    gone = select(func.max(AuditEvent.at)).where(AuditEvent.subject == f"survey:{survey.id}")
    return session.scalar(gone.where(AuditEvent.action == DELETED))


def delete_unread(session: Session, *, now: datetime) -> None:
    """
    Delete what was written, and not released, for a coach who has not coached the person for `BEGUN_ANEW`.

    Drafts in open rounds go, too: their form asks for none any more.
    """
    written = exists().where(SurveyComment.place_id == SurveyPlace.id, SurveyPlace.round_id == SurveyRound.id)
    due = select(SurveyRound).where(written, SurveyRound.released_at.is_(None), _is_left(now - BEGUN_ANEW))
    for survey in session.scalars(due.order_by(SurveyRound.id)).all():
        lock(session, survey)  # whoever writes or releases at this moment is waited for
        if survey.released_at is not None:
            continue
        places = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id)
        session.execute(delete(SurveyComment).where(SurveyComment.place_id.in_(places)))
        what = f"survey:{survey.id}"
        audit.record(session, "worker", DELETED, what, organization_id=survey.organization_id, now=now)


def _is_left(since: datetime) -> ColumnElement[bool]:
    """Whether the coach who asked for a round has not coached the person since then, or has left altogether."""
    coached = exists().where(
        Coaching.person_id == SurveyRound.about_id,
        Coaching.coach_id == SurveyRound.created_by_id,
        caseload.has_basis(),
        or_(Coaching.ended_at.is_(None), Coaching.ended_at > since),
    )
    closed = exists().where(User.id == SurveyRound.created_by_id, User.deactivated_at <= since)
    is_coach = exists().where(UserRole.user_id == SurveyRound.created_by_id, UserRole.role == Role.COACH)
    log = (AuditEvent.subject == literal("user:") + cast(SurveyRound.created_by_id, String), AuditEvent.at > since)
    changed = exists().where(*log, AuditEvent.action == accounts.ROLES_CHANGED)  # else they were no coach by then
    return and_(SurveyRound.about_id.is_not(None), or_(~coached, closed, and_(~is_coach, ~changed)))


def may_moderate(user: User, survey: SurveyRound) -> bool:
    """Whether `user` may read what was written: whoever asked, as raters were told, once three have answered."""
    return survey.created_by_id == user.id and (survey.n_answered or 0) >= FEWEST_RATERS


def to_moderate(session: Session, user: User, survey: SurveyRound) -> Sequence[SurveyComment]:
    """
    Return everything that was written, in an order that tells nothing; no name and no source belongs to it.

    Raises `NotAllowed` for whoever may not read it, see `may_moderate`.
    """
    _require_moderator(user, survey)
    return session.scalars(_of_round(survey).order_by(SurveyComment.public_id)).all()


def decide(
    session: Session,
    user: User,
    survey: SurveyRound,
    decisions: Mapping[UUID, tuple[CommentState, str]],
    *,
    now: datetime,
) -> None:
    """
    Let the person read comments, in the coach's words where there are any, or withhold them; until they are released.

    `decisions` are by the id of the comment; another round's is not found.
    """
    lock(session, survey)
    if survey.released_at is not None:
        raise Refused("The person reads these comments already; what is shown stays as it is.")
    _require_moderator(user, survey)
    kept = _of_round(survey).with_for_update(of=SurveyComment)  # from raters who are erased at this moment
    found = {each.public_id: each for each in session.scalars(kept)}
    if set(decisions) - set(found):
        raise NotFound
    for public_id, (state, typed) in decisions.items():
        comment, words = found[public_id], tidy(typed)
        shown = (words or comment.words) if state is CommentState.SHOWN else ""
        if (comment.state, comment.shown_words) != (state, shown):
            comment.state, comment.shown_words, comment.moderated_at = state, shown, now


def release(session: Session, user: User, survey: SurveyRound, *, now: datetime) -> None:
    """Let the person read the comments that are to be shown, once each has been decided about; for good."""
    lock(session, survey)
    if survey.released_at is not None:
        return
    waiting = sum(each.state is CommentState.WAITING for each in to_moderate(session, user, survey))
    if waiting:
        raise Refused(f"Please decide about every comment first; {waiting} {'is' if waiting == 1 else 'are'} waiting.")
    survey.released_at = now
    what = f"survey:{survey.id}"
    audit.record(session, f"user:{user.id}", "feedback.released", what, organization_id=survey.organization_id, now=now)


def released(
    session: Session, survey: SurveyRound, registry: Registry, *, language: str = SOURCE
) -> tuple[Comment, ...]:
    """Return what the person may read, question by question, otherwise in an order that tells nothing."""
    if survey.released_at is None:
        return ()
    asked = registry.surveys.feedback_in(language)
    questions = {each.code: each.stem for each in asked.survey.question}
    shown = _of_round(survey).where(SurveyComment.state == CommentState.SHOWN)
    rows = session.scalars(shown.order_by(SurveyComment.public_id)).all()
    order = {code: number for number, code in enumerate(questions)}
    rows = sorted(rows, key=lambda row: order.get(row.code, len(order)))
    return tuple(Comment(row.code, questions.get(row.code, row.code), row.shown_words, asked.language) for row in rows)


def n_withheld(session: Session, survey: SurveyRound) -> int:
    """Return how many comments the person does not read, of a round whose comments are released."""
    if survey.released_at is None:
        return 0
    withheld = _of_round(survey).where(SurveyComment.state == CommentState.WITHHELD)
    return session.scalars(select(func.count()).select_from(withheld.subquery())).one()


def _require_moderator(user: User, survey: SurveyRound) -> None:
    require(user, Permission.COACHING_WRITE)
    if not may_moderate(user, survey):
        raise NotAllowed


def _of_round(survey: SurveyRound) -> Select[SurveyComment]:
    """Select what counts: what was handed in, by raters who were not taken off."""
    return (
        select(SurveyComment)
        .join(SurveyComment.place)
        .where(
            SurveyPlace.round_id == survey.id,
            SurveyPlace.submitted_at.is_not(None),
            SurveyPlace.withdrawn_at.is_(None),
        )
    )
