"""What else lies on a full desk: surveys, benches and teams, versions of the company's view, exports, accounts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import (
    Attempt,
    Base,
    ConsensusKey,
    Export,
    Mail,
    RatedPerson,
    Role,
    Roster,
    RosterMember,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
    User,
    UserRole,
)
from assess.services import exports, perspective, survey_places, surveys
from assess.services.exporting.rows import Scope
from benchmarks.copies import FIRST, copy
from tests import factories

ROUNDS, ASKED = 60, 1_000  # surveys, and people asked in each
ROSTERS, MEMBERS = 60, 200  # benches and teams by turns, and people on each
EXPORTS, VERSIONS, USERS = 50, 60, 500


def make(session: Session, registry: Registry, hana: User, attempt: Attempt, *, now: datetime) -> None:
    """Make one of each for Hana, through the services; `attempt` is somebody's with a result."""
    person, position = attempt.assignment.person, attempt.assignment.campaign.position
    until, bank = (now + timedelta(days=30)).date(), registry.newest(attempt.edition)
    survey = surveys.create(
        session, hana, SurveyKind.PERFORMANCE, title="Work", position=position, rated=[person], until=until, now=now
    )
    survey_places.send(session, hana, surveys.ask(session, hana, survey, person, now=now), now=now)
    factories.roster(session, hana, person, role=position, now=now)
    raters = factories.perspective_round(session, bank, hana, [4] * 6, now=now)
    perspective.publish(session, hana, raters, registry, source="Raters", importance={}, now=now)
    exports.request(session, hana, Scope(hana.organization_id), exports.Format.CSV, registry, now=now)
    factories.user(session, hana.organization, "cole", Role.COACH, now=now)
    session.flush()


def fill(connection: Connection, home: int) -> None:
    """Copy each as often as a large organisation `home` has it; its people and positions are copied already."""
    survey = _first(connection, SurveyRound, SurveyRound.organization_id == home)
    place = _first(connection, SurveyPlace, SurveyPlace.round_id == survey)
    rated = _first(connection, RatedPerson, RatedPerson.round_id == survey)
    mail = _first(connection, Mail, Mail.survey_place_id == place)
    at = f"{FIRST} + g"
    asked, round_, person = _series(ROUNDS * ASKED), f"{FIRST} + g / {ASKED}", f"{FIRST} + g"
    copy(connection, SurveyRound, survey, _series(ROUNDS), id=at, title="'Survey ' || g",
         closed_at="CASE WHEN g % 3 = 0 THEN t.created_at END")  # fmt: skip
    answered = "CASE WHEN g % 2 = 0 THEN t.created_at END"
    copy(connection, SurveyPlace, place, asked, id=at, round_id=round_, person_id=person,
         opened_at=answered, submitted_at=answered, invited_at="t.created_at")  # fmt: skip
    copy(connection, Mail, mail, asked, id=f"3 * {at}", survey_place_id=at, person_id=person)
    copy(connection, RatedPerson, rated, _series(20 * ROUNDS), id=at, round_id=f"{FIRST} + g / 20", person_id=person)
    roster = _first(connection, Roster, Roster.organization_id == home)
    member = _first(connection, RosterMember, RosterMember.roster_id == roster)
    copy(connection, Roster, roster, _series(ROSTERS), id=at, title="'Roster ' || g",
         kind="CASE WHEN g % 2 = 0 THEN 'bench' ELSE 'team' END",
         position_id=f"CASE WHEN g % 2 = 0 THEN {FIRST} + g % 20 END")  # fmt: skip
    copy(connection, RosterMember, member, _series(ROSTERS * MEMBERS), id=at, roster_id=f"{FIRST} + g / {MEMBERS}",
         person_id=f"{FIRST} + 10 * g", position_id=f"{FIRST} + g % 20")  # fmt: skip
    key = _first(connection, ConsensusKey, ConsensusKey.organization_id == home)
    copy(connection, ConsensusKey, key, _series(VERSIONS), id=at, version="g + 2")
    export = _first(connection, Export, Export.organization_id == home)
    copy(connection, Export, export, _series(EXPORTS), id=at)
    colleague = _last(connection, User, User.organization_id == home)
    role = _first(connection, UserRole, UserRole.user_id == colleague)
    copy(
        connection, User, colleague, _series(USERS), id=at, name="'Cole ' || g", email="'cole' || g || '@acme.example'"
    )
    copy(connection, UserRole, role, _series(USERS), id=at, user_id=at)


def _series(n: int) -> str:
    return f"generate_series(0, {n - 1}) AS g"


def _first(connection: Connection, model: type[Base], condition: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.min(model.__table__.c.id)).where(condition)).one()


def _last(connection: Connection, model: type[Base], condition: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.max(model.__table__.c.id)).where(condition)).one()
