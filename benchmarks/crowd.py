"""
An organisation with very many attempts, copied inside PostgreSQL from one that was made through the services.

So the rows are as real ones are, whatever columns later versions add; what lists sort and filter by is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    Base,
    Basis,
    BatchEntry,
    Campaign,
    Coaching,
    ConsensusKey,
    Decision,
    Export,
    Mail,
    Outcome,
    PatternVersion,
    Person,
    Position,
    PrivacyRequest,
    ReportBatch,
    ReportFile,
    RequestKind,
    ResponseEvent,
    Result,
    Role,
    Roster,
    ScaleResult,
    ShortlistEntry,
    SurveyRound,
    User,
)
from assess.services import (
    accounts,
    database,
    decisions,
    invitations,
    privacy_requests,
    report_batches,
    reporting,
    shortlists,
)
from benchmarks import caseload, desk
from benchmarks.copies import FIRST, copy, trust
from tests import factories

CAMPAIGNS, PEOPLE, BEGUN, GOING_ON = 200, 625, 500, 30  # people, of whom so many began, of whom so many go on
LARGE = 5_000  # people of the first campaign, which has those of some others, too
AGAIN = range(100, 120)  # campaigns in which one person was asked, each time anew
BATCHES = 500
BESIDE = 25_000  # assignments of the other organisation
FAMILY = (
    "{Diallo,Keller,Rossi,Volkov,Kaya,Haddad,Nilsson,Marchetti,Carvalho,Weber,Nowak,OConnor,Lind,Osei,Brandt,Varga}"
)
GIVEN = "{Amara,Bruno,Chiara,Dmitri,Elif,Farid,Greta,Hugo,Ines,Jonas,Kasia,Liam,Mina,Noor,Olga,Pavel,Quirin,Rosa,Sven}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the pages of the benchmark are asked of."""

    token: str  # of the session of Hana, who coaches, too
    link: str  # of one of her coachees, to their own page
    coaching: str
    campaign: str
    position: str
    people: tuple[str, ...]  # of the campaign, with results
    large: str  # campaign
    person: str  # asked many times
    batch: str
    survey: str
    bench: str
    team: str
    key: str
    export: str


def gather(engine: Engine, registry: Registry) -> Crowd:
    """Fill an empty database; return where to look."""
    database.upgrade(database.writing(engine))
    now = datetime.now(UTC)
    with Session(database.writing(engine)) as session:
        acme, birch = (_first(session, engine, registry, name, now) for name in ("Acme", "Birch"))
        acme.roles = frozenset({Role.HR, Role.ADMIN, Role.COACH})
        token = accounts.open_session(session, acme, now=now)
        session.commit()
        homes, hana = (acme.organization_id, birch.organization_id), acme.id
        template = session.scalars(select(func.min(Result.attempt_id))).one()
    with engine.begin() as connection:
        trust(connection)
        _copy_organization(connection, homes[0], CAMPAIGNS * PEOPLE, FIRST)
        _copy_organization(connection, homes[1], BESIDE, 2 * FIRST)
        desk.fill(connection, homes[0])
    with Session(database.writing(engine)) as session:
        link = caseload.make(session, session.get_one(User, hana), session.get_one(Attempt, template), now=now)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    with sessionmaker(engine)() as session:
        return _places(session, token, link)


def _first(session: Session, engine: Engine, registry: Registry, name: str, now: datetime) -> User:
    """Make an organisation with one of everything, through the services."""
    home = accounts.add_organization(session, name, contact=f"people@{name.lower()}.example", time_zone="UTC", now=now)
    hana = factories.user(session, home, "hana", Role.HR, now=now)
    parts = (Part.STATEMENTS, Part.PERSPECTIVE)
    attempt = factories.scored(session, registry, engine, hana, parts=parts, now=now)
    asked = attempt.assignment
    invitations.send(session, hana, factories.assignment(session, registry, hana, name="Ben", now=now), now=now)
    decisions.record(session, hana, asked, Outcome.RESERVE, "A good talk", bases=[Basis.INTERVIEW], now=now)
    shortlists.add(session, hana, asked, now=now)
    report = reporting.request(session, hana, asked, "hiring", registry, now=now)
    batch = report_batches.request(session, hana, [asked], "hiring", language="en", now=now)
    report_batches.prepare(session, batch, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    desk.make(session, registry, hana, attempt, now=now)
    privacy_requests.ask(session, asked.person, RequestKind.REVIEW, "Why?", now=now)
    session.commit()
    return hana


def _copy_organization(connection: Connection, home: int, n: int, first: int) -> None:
    """Copy the one attempt of `home` until there are `n` assignments; ids from `first` on say what belongs together."""
    ids = _templates(connection, home)
    last, at = f"generate_series(0, {n - 1}) AS g", f"{first} + g"
    campaign, place = f"CASE WHEN g < {LARGE} THEN {first} ELSE {first} + g / {PEOPLE} END", f"(g % {PEOPLE})"
    n_campaigns = -(-n // PEOPLE)
    name = (
        f"('{GIVEN}'::text[])[1 + g % 1009 * 7 % 19] || ' ' || ('{FAMILY}'::text[])[1 + g % 2003 * 11 % 16] || ' ' || g"
    )
    each = f"generate_series(0, {n_campaigns - 1}) AS g"
    copy(connection, Position, ids[Position], "generate_series(0, 19) AS g", id=at, title="'Position ' || g")
    copy(connection, PatternVersion, ids[PatternVersion], "generate_series(0, 19) AS g", id=at, position_id=at)
    closes = "t.closes_at + (g % 60 - 50) * interval '1 day'"
    copy(
        connection, Campaign, ids[Campaign], each, id=at, name="'Campaign ' || g", position_id=f"{first} + g % 20",
        closes_at=closes,
    )  # fmt: skip
    number = "CASE WHEN g % 3 = 0 THEN 'E' || g END"
    copy(connection, Person, ids[Person], last, id=at, name=name, email="'p' || g || '@crowd.example'",
          employee_number=number)  # fmt: skip
    again = f"g / {PEOPLE} BETWEEN {AGAIN.start} AND {AGAIN.stop - 1} AND {place} = {BEGUN - 1}"
    person = f"CASE WHEN {again} THEN {first + AGAIN.start * PEOPLE + BEGUN - 1} ELSE {at} END"
    began = f"{place} < {BEGUN}"
    done = f"{place} BETWEEN {GOING_ON} AND {BEGUN - 1}"
    dates = "t.created_at - g % 700 * interval '1 day'"
    invited = f"CASE WHEN {place} < {PEOPLE - 10} THEN t.created_at END"
    copy(
        connection, Assignment, ids[Assignment], last, id=at, campaign_id=campaign, person_id=person, created_at=dates,
        invited_at=invited, opened_at=f"CASE WHEN {began} THEN t.created_at END",
        expires_at=f"t.expires_at - CASE WHEN {place} % 7 = 0 THEN 40 ELSE 0 END * interval '1 day'",
        released_at=f"CASE WHEN {done} AND g % 4 = 0 THEN t.created_at END",
        withdrawn_at=f"CASE WHEN {place} BETWEEN {BEGUN} AND {BEGUN + 9} THEN t.created_at END",
    )  # fmt: skip
    submitted = f"CASE WHEN {done} THEN t.submitted_at - g % 700 * interval '1 day' END"
    begun = last + f" WHERE {began} AND"
    scored = last + f" WHERE {done} AND"
    copy(connection, Attempt, ids[Attempt], begun, id=at, assignment_id=at, submitted_at=submitted,
         scored_at=submitted,
          started_at="t.started_at - g % 700 * interval '1 day'", pattern_version_id=f"{first} + (g / {PEOPLE}) % 20",
          receipt="'A-' || t.id || '-' || g")  # fmt: skip
    chance = "(hashint4(g) & 1023) / 1024.0"
    match = (
        f"json_build_object('median', {chance}, 'low', greatest({chance} - 0.15, 0), "
        f"'high', least({chance} + 0.15, 1), 'population', t.match -> 'population')"
    )
    fast = "json_build_array(json_build_object('code', 'fast', 'sentence', 'Fast.'))"
    copy(connection, Result, ids[Result], scored, id=at, attempt_id=at, match_median=chance, match=match,
          pattern_version_id=f"{first} + (g / {PEOPLE}) % 20", alignment=f"1 - {chance}",
          flags=f"CASE WHEN g % 5 = 0 THEN {fast} ELSE '[]'::json END")  # fmt: skip
    for number, scale in enumerate(_all(connection, ScaleResult, ScaleResult.result_id == ids[Result])):
        position = f"1 + 9 * (hashint4(g * 6 + {number}) & 1023) / 1024.0"
        copy(connection, ScaleResult, scale, scored, id=f"6 * ({at}) + {number}", result_id=at, position=position,
              sten=f"round({position})")  # fmt: skip
    going_on = f"generate_series(0, {n - 1}) AS g, generate_series(1, 20) AS k WHERE {place} < {GOING_ON} AND"
    copy(connection, ResponseEvent, ids[ResponseEvent], going_on, id=f"20 * ({at}) + k", attempt_id=at,
          code="'item' || k", key="'k' || k")  # fmt: skip
    copy(connection, Mail, ids[Mail], last, id=at, person_id=at, assignment_id=at, sent_at=invited,
          bounced_at=f"CASE WHEN {place} >= {PEOPLE - 5} THEN t.created_at END")  # fmt: skip
    some = last + f" WHERE {done} AND g % 2 = 0 AND"
    copy(connection, Decision, ids[Decision], some, id=at, assignment_id=at,
          outcome="CASE g % 6 WHEN 0 THEN 'hire' WHEN 2 THEN 'reject' ELSE 'reserve' END")  # fmt: skip
    few = last + f" WHERE {done} AND g % 50 = 0 AND"
    copy(connection, ShortlistEntry, ids[ShortlistEntry], few, id=at, assignment_id=at)
    fifth = last + f" WHERE {done} AND g % 5 = 0 AND"
    copy(connection, ReportFile, ids[ReportFile], fifth, id=at, result_id=at, reference="'R-' || t.id || '-' || g",
          failure="CASE WHEN g % 1000 = 35 THEN 'Broken' END")  # fmt: skip
    batches = f"generate_series(0, {BATCHES - 1}) AS g"
    copy(connection, ReportBatch, ids[ReportBatch], batches, id=at, campaign_id=f"{first} + g % {n_campaigns}")
    copy(connection, BatchEntry, ids[BatchEntry], fifth, id=at, batch_id=f"{first} + g / {PEOPLE}", assignment_id=at,
         report_id=at)  # fmt: skip
    asked = "generate_series(0, 1999) AS g"
    copy(connection, PrivacyRequest, ids[PrivacyRequest], asked, id=at, person_id=at,
          answered_at="CASE WHEN g % 10 > 0 THEN t.asked_at END", answered_by_id="NULL")  # fmt: skip
    copy(connection, AuditEvent, ids[AuditEvent], last, id=at, subject=f"'assignment:' || {at}",
          previous="md5('p' || t.id || '-' || g)", hash="md5(t.id || '-' || g)")  # fmt: skip


def _templates(connection: Connection, home: int) -> Mapping[type[Base], int]:
    """Return the ids of the rows of `home` that are copied."""
    asked = select(func.min(Decision.assignment_id)).join(Decision.assignment).where(Assignment.organization_id == home)
    own = {Assignment: _one(connection, asked)}
    attempt = own[Attempt] = _id(connection, Attempt, Attempt.assignment_id == own[Assignment])
    own[Result] = _id(connection, Result, Result.attempt_id == attempt)
    own[ResponseEvent] = _id(connection, ResponseEvent, ResponseEvent.attempt_id == attempt)
    row = connection.execute(
        select(Assignment.person_id, Assignment.campaign_id, Campaign.position_id, PatternVersion.id)
        .join(Assignment.campaign)
        .join(PatternVersion, PatternVersion.position_id == Campaign.position_id)
        .where(Assignment.id == own[Assignment])
    ).one()
    own |= dict(zip((Person, Campaign, Position, PatternVersion), row, strict=True))
    for model in (Decision, ShortlistEntry, BatchEntry):
        own[model] = _id(connection, model, model.assignment_id == own[Assignment])  # type: ignore[attr-defined]
    for model in (ReportFile, ReportBatch, PrivacyRequest, AuditEvent):
        own[model] = _id(connection, model, model.organization_id == home)  # type: ignore[attr-defined]
    own[Mail] = _one(
        connection, select(func.min(Mail.id)).join(Mail.assignment).where(Assignment.organization_id == home)
    )
    return own


def _id(connection: Connection, model: type[Base], condition: ColumnElement[bool]) -> int:
    return _all(connection, model, condition)[0]


def _all(connection: Connection, model: type[Base], condition: ColumnElement[bool]) -> list[int]:
    key = model.__table__.c.id
    return list(connection.scalars(select(key).where(condition).order_by(key)))


def _one(connection: Connection, query: Select[int]) -> int:
    return connection.scalars(query).one()


def _places(session: Session, token: str, link: str) -> Crowd:
    middle = FIRST + CAMPAIGNS // 2
    position = session.get_one(Campaign, middle).position_id
    scored = FIRST + CAMPAIGNS // 2 * PEOPLE + GOING_ON
    ids = {
        "campaign": (Campaign, middle),
        "position": (Position, position),
        "large": (Campaign, FIRST),
        "person": (Person, FIRST + AGAIN.start * PEOPLE + BEGUN - 1),
        "batch": (ReportBatch, middle),
        "survey": (SurveyRound, FIRST + 1),
        "bench": (Roster, FIRST),
        "team": (Roster, FIRST + 1),
        "key": (ConsensusKey, FIRST),
        "export": (Export, FIRST),
        "coaching": (Coaching, 1),
    }
    people = tuple(str(session.get_one(Assignment, scored + each).public_id) for each in range(6))
    found = {name: str(session.get_one(model, key).public_id) for name, (model, key) in ids.items()}
    return Crowd(token, link, people=people, **found)
