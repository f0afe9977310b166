"""
The end of surveys whose answers are shown in common alone: what is kept of them is what may be shown.

Counts of fewer than five are put together with those of other small groups, and thrown away where these are fewer than
five, too; then nothing says any more who has answered. Nobody can take apart what is left, page or no page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from assess.banks.surveys import FEWEST_ANSWERS
from assess.models import AccessLink, Mail, SurveyAnswer, SurveyCount, SurveyKind, SurveyPlace, SurveyRound
from assess.models.surveys import REMINDER
from assess.services import audit
from assess.services.database import lock

REST = ""  # the group of those who have none, or too small a one
MOST = 100  # rounds that one call ends
COUNTED = frozenset({SurveyKind.LEADER, SurveyKind.CLIMATE})  # feedback is closed by `feedback_closing`
LEFT_OPEN = timedelta(days=14)  # after its last day, for a survey on somebody's work that nobody closes

Cells = Mapping[tuple[str, str], Mapping[int, int]]  # by group and code: how many chose each value


def end(session: Session, survey: SurveyRound, *, now: datetime) -> bool:
    """
    Take no more answers; of a round that is shown in common, keep what may be shown and no more.

    Return False where somebody else has ended it.
    """
    lock(session, survey)  # whoever is handing in is waited for, see `climate.count_in` and `surveys.submit`
    if survey.closed_at is not None:
        return False
    survey.closed_at = now
    if survey.kind in COUNTED:
        _write(session, survey, kept(_cells(session, survey)))
    if survey.kind is SurveyKind.CLIMATE:
        _forget(session, survey)
    return True


def end_due(session: Session, *, now: datetime) -> int:
    """
    End rounds whose last day is over, `MOST` at most; return how many were found.

    Those shown in common at once, those on somebody's work when it can hardly be put off any more: the people rated may
    read what was said from then on.
    """
    is_due = or_(
        and_(SurveyRound.kind.in_(COUNTED), SurveyRound.closes_at <= now),
        and_(SurveyRound.kind == SurveyKind.PERFORMANCE, SurveyRound.closes_at <= now - LEFT_OPEN),
    )
    due = select(SurveyRound).where(SurveyRound.closed_at.is_(None), is_due)
    found = session.scalars(due.order_by(SurveyRound.id).limit(MOST)).all()
    for survey in found:
        lock(session, survey)  # whose last day somebody may have put off meanwhile
        if survey.closes_at > now or not end(session, survey, now=now):
            continue
        what = f"survey:{survey.id}"
        audit.record(session, "worker", "survey.closed", what, organization_id=survey.organization_id, now=now)
    return len(found)


def kept(cells: Cells) -> Cells:
    """
    Return what is kept of the answers to each statement: groups of five or more, and the rest if it is as many.

    No sum and no difference of what is returned is about fewer than five people.
    """
    found: dict[tuple[str, str], Mapping[int, int]] = {}
    rest: dict[str, Counter[int]] = defaultdict(Counter)
    for (group, code), values in cells.items():
        if group != REST and sum(values.values()) >= FEWEST_ANSWERS:
            found[group, code] = values
        else:
            rest[code].update(values)
    return found | {(REST, code): each for code, each in rest.items() if each.total() >= FEWEST_ANSWERS}


def cells_of(session: Session, survey: SurveyRound) -> Cells:
    """Return the counts that are kept of a round, by group and statement; one query."""
    rows = session.execute(
        select(SurveyCount.group, SurveyCount.code, SurveyCount.value, SurveyCount.n)
        .where(SurveyCount.round_id == survey.id)
        .order_by(SurveyCount.group, SurveyCount.code, SurveyCount.value)
    )
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for group, code, value, n in rows:
        found[group, code][value] = n
    return found


def _cells(session: Session, survey: SurveyRound) -> Cells:
    """
    Return what was answered: of leaders, who are one group, it is counted now.

    Somebody taken off meanwhile counts, as in the climate: leaving them out would tell that they had answered.
    """
    if survey.kind is SurveyKind.CLIMATE:
        return cells_of(session, survey)
    rows = session.execute(
        select(SurveyAnswer.code, SurveyAnswer.value)
        .join(SurveyAnswer.place)
        .where(SurveyPlace.round_id == survey.id, SurveyPlace.submitted_at.is_not(None))
    )
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for code, value in rows:
        found[REST, code][value] += 1
    return found


def _forget(session: Session, survey: SurveyRound) -> None:
    """
    Forget who opened an anonymous survey, handed in and was reminded, as whoever was reminded had not answered then.

    Of each person's links the newest stays, to say that the survey is over; links stand in an order that tells nothing.
    """
    theirs = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id)
    places = update(SurveyPlace).where(SurveyPlace.round_id == survey.id)
    session.execute(places.values(opened_at=None, submitted_at=None))
    session.execute(delete(Mail).where(Mail.survey_place_id.in_(theirs), Mail.kind == REMINDER))
    newest = select(func.max(AccessLink.id)).where(AccessLink.survey_place_id.in_(theirs))
    columns = (AccessLink.survey_place_id, AccessLink.token_hash, AccessLink.expires_at, AccessLink.revoked_at)
    kept = session.execute(
        select(*columns, AccessLink.purpose, SurveyPlace.created_at)
        .join(AccessLink.survey_place)
        .where(AccessLink.id.in_(newest.group_by(AccessLink.survey_place_id)), SurveyPlace.invited_at.is_not(None))
        .order_by(AccessLink.token_hash)
    ).all()
    session.execute(delete(AccessLink).where(AccessLink.survey_place_id.in_(theirs)))
    if kept:
        session.execute(insert(AccessLink), [row._asdict() for row in kept])


def _write(session: Session, survey: SurveyRound, cells: Cells) -> None:
    """Write the counts anew and in one order, so that not even their place in the file tells what came when."""
    session.execute(delete(SurveyCount).where(SurveyCount.round_id == survey.id))
    rows = [
        {"round_id": survey.id, "group": group, "code": code, "value": value, "n": n}
        for (group, code), values in sorted(cells.items())
        for value, n in sorted(values.items())
    ]
    if rows:
        session.execute(insert(SurveyCount), rows)
