"""Surveys of the demo, answered by simulated people: about a job, about good service, about the climate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.cli.company_samples import sheet_of_rater
from assess.cli.demo_campaigns import DAY, PEOPLE, SEED
from assess.models import Person, Position, SurveyKind, SurveyRound, User
from assess.services import climate, job_analyses, perspective, proposals, survey_places, surveys
from assess.services.positions import targets_of
from assess.services.surveys import Question

Sheet = Mapping[Question, int | None]

EXPERTS = ("Edda Falk", "Marek Zelenka", "Nadia Benali", "Owen Price")  # who know the front desk
RATERS = ("Ruth Adler", "Sanjay Rao", "Teresa Lima", "Ulla Niemi", "Victor Blanc")  # of the company's view
SPREAD = 0.4  # of raters about the author's default key, in steps of five
GROUPS = {"Contact centre": PEOPLE[:7], "Front desk": PEOPLE[7:], "Team leaders": RATERS[:3]}  # the last is too small
LIVED = {"culture": 3.9, "systems": 3.1, "skills": 3.6}  # middle of what is chosen, by area
CHOICES = (1, 5)


def company_view(session: Session, hana: User, registry: Registry, *, now: datetime) -> None:
    """Publish what five simulated raters say about service."""
    bank, rng, since = registry.newest("general"), np.random.default_rng(SEED), now - 30 * DAY
    survey = _survey(session, hana, SurveyKind.PERSPECTIVE, "How we serve, simulated", since, bank=bank)
    for name in RATERS:
        sheet = sheet_of_rater(bank, {}, rng, spread=SPREAD)
        _answer(session, hana, survey, name, {(None, code): value for code, value in sheet.items()}, now=since + DAY)
    surveys.close(session, hana, survey, now=since + 3 * DAY)
    perspective.publish(
        session, hana, survey, registry, source="Five simulated raters", importance={}, now=since + 4 * DAY
    )


def staff_climate(session: Session, hana: User, registry: Registry, *, now: datetime) -> None:
    """Close a survey of the service climate in which three groups answered, one of them too small to be shown."""
    rng, since, asked = np.random.default_rng(SEED), now - 20 * DAY, registry.surveys.climate
    survey = _survey(session, hana, SurveyKind.CLIMATE, "How service is lived here, simulated", since)
    ours = session.scalars(select(Person).where(Person.organization_id == hana.organization_id))
    by_name = {person.name: person for person in ours}
    for group, names in GROUPS.items():
        for name in names:
            place = surveys.ask(session, hana, survey, by_name[name], group=group, now=since)
            means = [LIVED[each.area] for each in asked.statement]
            drawn = np.rint(np.clip(rng.normal(means, 0.9), *CHOICES)).astype(int).tolist()
            values = dict(zip([each.code for each in asked.statement], drawn, strict=True))
            climate.count_in(session, place, values, survey=asked, now=since + DAY)
    surveys.close(session, hana, survey, now=since + 7 * DAY)


def ask_experts(session: Session, hana: User, position: Position, *, now: datetime) -> None:
    """Make the next version of the pattern from a job analysis by simulated experts."""
    survey = _survey(session, hana, SurveyKind.JOB, "What the front desk asks for, simulated", now, position=position)
    targets, rng = targets_of(position.pattern), np.random.default_rng(SEED)
    for name in EXPERTS:
        sheet: dict[Question, int | None] = {}
        for number, target in enumerate(targets):
            step = 1 if number % 2 else -1  # all experts see this position a little differently than its family
            low = int(np.clip(target.low + step * rng.integers(2), 1, 7))
            high = int(np.clip(target.high + step, low + 2, 10))
            answers = {"low": low, "high": high, "weight": target.weight}
            sheet |= {(None, f"{target.scale}.{what}"): value for what, value in answers.items()}
        _answer(session, hana, survey, name, sheet, now=now + DAY)
    surveys.close(session, hana, survey, now=now + 3 * DAY)
    found = job_analyses.proposal_of(session, survey, now=now + 4 * DAY)
    reason = "Asked the four who know the desk best."
    answer = "Talked through with all four." if found.objections else ""
    proposals.adopt(
        session, hana, found, found.targets, reason=reason, answer=answer, seen=found.digest, now=now + 4 * DAY
    )


def _survey(
    session: Session, hana: User, kind: SurveyKind, title: str, since: datetime, **about: object
) -> SurveyRound:
    until = (since + timedelta(days=14)).date()
    return surveys.create(session, hana, kind, title=title, until=until, now=since, **about)  # type: ignore[arg-type]


def _answer(
    session: Session,
    hana: User,
    survey: SurveyRound,
    name: str,
    values: Mapping[Question, int | None],
    *,
    now: datetime,
) -> None:
    """Ask somebody simulated, who answers and hands in."""
    person = Person(organization_id=hana.organization_id, name=name, is_simulated=True, created_at=now)
    session.add(person)
    session.flush()
    place = surveys.ask(session, hana, survey, person, now=now)
    survey_places.redeem(session, survey_places.copy_link(session, hana, place, now=now), now=now)
    surveys.save(session, place, values, now=now)
    surveys.submit(session, place, now=now)
