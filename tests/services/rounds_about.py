"""Feedback rounds as rows, for what reads them without asking anybody."""

from __future__ import annotations

from datetime import timedelta

from assess.models import SurveyKind, SurveyRound


def round_about(coaching, now):
    """A round that the coach has prepared about the person, not agreed to and not over."""
    return SurveyRound(
        organization_id=coaching.organization_id,
        kind=SurveyKind.LEADER,
        title="Feedback",
        about_id=coaching.person_id,
        closes_at=now,
        time_zone="Europe/Berlin",
        created_at=now - timedelta(days=20),
        created_by_id=coaching.coach_id,
    )
