"""Surveys for the tests: one of any kind, and such about positions in which somebody has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import Person, Position, SurveyAnswer, SurveyKind, SurveyPlace, SurveyRound, User
from assess.services import surveys
from assess.services.positions import targets_of
from tests import factories

LIKE_MINDED = (  # per expert: a range and a weight of each scale
    ((3, 6, 1), (6, 9, 3), (6, 9, 2), (4, 7, 1), (5, 8, 2), (2, 5, 0)),
    ((3, 6, 1), (6, 9, 2), (7, 10, 3), (4, 7, 1), (5, 8, 2), (2, 5, 0)),
    ((3, 6, 2), (7, 10, 3), (6, 9, 2), (5, 8, 1), (5, 8, 1), (2, 5, 1)),
)
AT_ODDS = (
    ((1, 4, 1), (6, 9, 3), (1, 4, 2), (6, 9, 1), (1, 4, 2), (6, 9, 1)),
    ((6, 9, 1), (1, 4, 3), (6, 9, 2), (1, 4, 1), (6, 9, 2), (1, 4, 1)),
    ((4, 7, 1), (4, 7, 3), (4, 7, 2), (4, 7, 1), (3, 6, 2), (4, 7, 1)),
)


def of_kind(
    session: Session,
    registry: Registry,
    hana: User,
    kind: SurveyKind,
    *,
    rated: Sequence[Person] = (),
    now: datetime,
) -> SurveyRound:
    """A survey of a kind, about a bank or a new position where that kind is, which asks nobody yet."""
    return surveys.create(
        session,
        hana,
        kind,
        title=f"Our {kind}",
        bank=registry.newest("general") if kind is SurveyKind.PERSPECTIVE else None,
        position=factories.position(session, registry, hana, now=now) if kind in surveys.OF_A_POSITION else None,
        rated=rated,
        until=(now + timedelta(days=7)).date(),
        now=now,
    )


def asked_about(
    session: Session,
    hana: User,
    position: Position,
    sheets: Sequence[Sequence[tuple[int, int, int]]],
    *,
    closed: bool = False,
    now: datetime,
) -> SurveyRound:
    """A job analysis with one expert per sheet: lowest, highest and weight of each scale, in the pattern's order."""
    until = (now + timedelta(days=7)).date()
    survey = surveys.create(session, hana, SurveyKind.JOB, title="Spring", position=position, until=until, now=now)
    scales = [target.scale for target in targets_of(position.pattern)]
    for number, sheet in enumerate(sheets):
        place = asked(session, hana, survey, f"Expert {number}", now=now)
        for scale, ends in zip(scales, sheet, strict=False):
            answers = zip(("low", "high", "weight"), ends, strict=True)
            surveys.save(session, place, {(None, f"{scale}.{what}"): value for what, value in answers}, now=now)
        surveys.submit(session, place, now=now)
    if closed:
        surveys.close(session, hana, survey, now=now)
    return survey


def rated(
    session: Session,
    hana: User,
    position: Position,
    ratings: Sequence[Mapping[Person, int]],
    *,
    now: datetime,
) -> SurveyRound:
    """Ratings of performance with one rater per mapping, who says the same in both of two statements."""
    until = (now + timedelta(days=7)).date()
    people = sorted({person for each in ratings for person in each}, key=lambda person: person.id)
    survey = surveys.create(
        session, hana, SurveyKind.PERFORMANCE, title="Autumn", position=position, rated=people, until=until, now=now
    )
    for number, marks in enumerate(ratings):
        place = asked(session, hana, survey, f"Manager {number}", now=now)
        rows = [
            {"place_id": place.id, "about_id": person.id, "code": code, "value": value, "answered_at": now}
            for person, value in marks.items()
            for code in ("wrk-01", "wrk-02")
        ]
        session.execute(insert(SurveyAnswer), rows)
        surveys.submit(session, place, now=now)
    return survey


def asked(session: Session, hana: User, survey: SurveyRound, name: str, *, now: datetime) -> SurveyPlace:
    """The place of somebody new in a survey."""
    person = Person(organization_id=survey.organization_id, name=name, created_at=now)
    session.add(person)
    session.flush()
    return surveys.ask(session, hana, survey, person, now=now)
