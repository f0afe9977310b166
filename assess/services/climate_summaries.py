"""The climate beside leaders' self-checks, as the report on the company's view sets them side by side."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import SurveyCount, SurveyKind, SurveyRound, User
from assess.services import climate_results, survey_lists
from assess.services.access import Permission, require
from reports.company import ClimateArea, ClimateSummary, LeaderTheme


def newest(session: Session, user: User, registry: Registry) -> ClimateSummary | None:
    """Return what the newest closed rounds with five answers or more say; None if there is neither."""
    require(user, Permission.SURVEY_READ)
    climate, leaders = (_newest(session, user, kind) for kind in (SurveyKind.CLIMATE, SurveyKind.LEADER))
    if climate is None and leaders is None:
        return None
    return ClimateSummary(
        areas=_areas(session, climate, registry) if climate else (),
        leaders=_themes(session, leaders, registry) if leaders else (),
        climate_closed=_day(climate),
        leaders_closed=_day(leaders),
        simulated=any(survey_lists.is_simulated(session, each) for each in (climate, leaders) if each),
    )


def _newest(session: Session, user: User, kind: SurveyKind) -> SurveyRound | None:
    return session.scalar(
        select(SurveyRound)
        .where(
            SurveyRound.organization_id == user.organization_id,
            SurveyRound.kind == kind,
            SurveyRound.closed_at.is_not(None),
            exists().where(SurveyCount.round_id == SurveyRound.id),
        )
        .order_by(SurveyRound.closed_at.desc(), SurveyRound.id.desc())
        .limit(1)
    )


def _areas(session: Session, survey: SurveyRound, registry: Registry) -> tuple[ClimateArea, ...]:
    areas, n_groups = climate_results.areas_in(session, survey, registry.surveys.climate)
    return tuple(
        ClimateArea(
            code=area.code,
            share=area.whole.agree / area.whole.n,
            n_groups=n_groups,
            n_people=max(line.whole.n for line in area.lines if line.whole),
        )
        for area in areas
        if area.whole
    )


def _themes(session: Session, survey: SurveyRound, registry: Registry) -> tuple[LeaderTheme, ...]:
    found = climate_results.themes_in(session, survey, registry.surveys.leader)
    return tuple(LeaderTheme(each.code, each.mean, each.n) for each in found)


def _day(survey: SurveyRound | None) -> str:
    return survey.closed_at.date().isoformat() if survey and survey.closed_at else ""
