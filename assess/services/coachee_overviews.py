"""What stands on a coachee's first page: what is next and what waits, the newest result, goals, the years behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assess.banks.registry import Registry
from assess.models import Coaching, CoachingGoal, CoachingPlan, User
from assess.services import caseload_lists, coachee_results, timelines
from assess.services.caseload_lists import Glance
from assess.services.paging import Listing
from assess.services.results import Reading
from assess.services.timelines import Event, Kind


@dataclass(frozen=True, slots=True)
class Overview:
    """A coachee; whatever there is not is None."""

    glance: Glance
    newest: Reading | None
    plan: CoachingPlan | None
    timeline: Listing[Event]


def overview_of(
    session: Session,
    user: User,
    coaching: Coaching,
    registry: Registry,
    *,
    kind: Kind | None = None,
    page: int = 1,
    now: datetime,
) -> Overview:
    """Return the overview with a page of the timeline, narrowed to a `kind`; a constant number of queries."""
    timeline = timelines.timeline_of(session, user, coaching, kind=kind, page=page, now=now)
    return Overview(
        glance=caseload_lists.glance(session, user, coaching, now=now),
        newest=coachee_results.newest(session, user, coaching, registry),
        plan=_plan(session, coaching),
        timeline=timeline,
    )


def _plan(session: Session, coaching: Coaching) -> CoachingPlan | None:
    theirs = (CoachingPlan.person_id == coaching.person_id, CoachingPlan.closed_at.is_(None))
    whole = selectinload(CoachingPlan.goals).selectinload(CoachingGoal.actions)
    return session.scalars(select(CoachingPlan).where(*theirs).options(whole).order_by(CoachingPlan.id.desc())).first()
