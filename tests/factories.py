"""Plain functions that make what a test needs; each makes what it is not given, and flushes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Self, TypeVar

from sqlalchemy import Engine, insert, inspect
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.models import (
    Assignment,
    Attempt,
    Coaching,
    CoachingGoal,
    Feedback,
    GoalSubject,
    Organization,
    Person,
    Position,
    PresentedItem,
    Purpose,
    ResponseEvent,
    Result,
    Role,
    Roster,
    RosterKind,
    SurveyKind,
    SurveyRound,
    Towards,
    User,
)
from assess.models.base import Base
from assess.services import (
    accounts,
    asking,
    attempts,
    campaigns,
    coaching_actions,
    coaching_goals,
    coaching_plans,
    database,
    invitations,
    positions,
    results,
    rosters,
    saving,
    surveys,
)
from assess.services.coaching_goals import About
from assess.services.invitations import Invitee
from assess.services.mail import Mailer
from assess.services.seals import Sealer
from assess.services.tokens import new_reference
from assess.services.workshop import Render, Workshop

Row = TypeVar("Row", bound=Base)

PASSWORD = "correct horse battery staple lamp"
URL = "http://rapport.example"
SEALER = Sealer(URL, "k" * 32)


@dataclass(frozen=True)
class Cast:
    """The staff of two organisations."""

    acme: Organization
    birch: Organization
    hana: User
    cole: User
    paula: User
    ada: User
    otto: User

    @classmethod
    def make(cls, session: Session, *, now: datetime) -> Self:
        acme, birch = (
            Organization(name=name, contact=f"people@{name.lower()}.example", time_zone="Europe/Berlin", created_at=now)
            for name in ("Acme", "Birch")
        )
        people = {
            "hana": (acme, Role.HR),
            "cole": (acme, Role.COACH),
            "paula": (acme, Role.PSYCHOLOGIST),
            "ada": (acme, Role.ADMIN),
            "otto": (birch, Role.HR),
        }
        users = {}
        for name, (home, role) in people.items():
            email = f"{name}@{home.name.lower()}.example"
            users[name] = User(organization=home, name=name.title(), email=email, created_at=now)
            users[name].password_hash, users[name].roles = password_hash(), frozenset({role})
        session.add_all([acme, birch, *users.values()])  # all at once: every other test begins with them
        session.flush()
        return cls(acme=acme, birch=birch, **users)


def organization(session: Session, name: str = "Acme", *, now: datetime) -> Organization:
    contact = f"people@{name.lower()}.example"
    return accounts.add_organization(session, name, contact=contact, time_zone="Europe/Berlin", now=now)


def shop(registry: Registry, *, post: Mailer = lambda _: "taken", render: Render = lambda *_: b"%PDF") -> Workshop:
    """What a worker needs; letters and PDFs that nobody looks at."""
    return Workshop(registry, post, render, URL, "rapport@host.example", SEALER)


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`; made once, since that takes its time."""
    return accounts.hash_password(PASSWORD)


def user(session: Session, home: Organization, name: str, role: Role, *, now: datetime) -> User:
    email = f"{name}@{home.name.lower()}.example"
    found = accounts.add_user(
        session, home, name=name.title(), email=email, roles=frozenset({role}), actor="command", now=now
    )
    found.password_hash = password_hash()
    session.flush()
    return found


def position(
    session: Session,
    registry: Registry,
    hana: User,
    title: str = "Front desk",
    *,
    family: str = "front-desk",
    now: datetime,
) -> Position:
    return positions.create_from_family(session, hana, title, registry.families[family], now=now)


def assignment(
    session: Session,
    registry: Registry,
    hana: User,
    *,
    name: str = "Cora Candidate",
    feedback: Feedback = Feedback.AT_ONCE,
    with_position: bool = True,
    opens: date | None = None,
    reminders: Sequence[int] = (),
    form: str = "standard",
    parts: Sequence[Part] = (Part.STATEMENTS,),
    accommodations: Mapping[str, object] | None = None,
    now: datetime,
) -> Assignment:
    title = f"Job of {name}"
    campaign = campaigns.create_campaign(
        session,
        hana,
        name=title,
        bank=registry.newest("general"),
        form=form,
        position=position(session, registry, hana, title, now=now) if with_position else None,
        purpose=Purpose.HIRING,
        feedback=feedback,
        until=(now + timedelta(days=14)).date(),
        opens=opens,
        reminders=reminders,
        reminders_begun=reminders,
        now=now,
    )
    campaign.parts = [str(part) for part in parts]  # also without the statements, which is no campaign but a short test
    email = f"{name.split(maxsplit=1)[0].lower()}@people.example"
    found = invitations.assign(session, hana, campaign, Invitee(name, email), now=now)
    found.person.accommodations = dict(accommodations or {})
    return found


def begun(session: Session, registry: Registry, assignment: Assignment, *, now: datetime) -> Attempt:
    """The attempt of `assignment`, begun, with the first question of its next part shown."""
    found = attempts.start(session, assignment, registry, now=now)
    bank = registry.bank(found.edition, found.bank_version)
    asking.open_part(session, asking.hold(session, found, bank, now=now))
    session.flush()
    return found


def take_token(session: Session, assignment: Assignment, *, now: datetime) -> str:
    token = invitations.take_link(session, assignment, now=now)
    session.flush()
    return token


def attempt(
    session: Session,
    registry: Registry,
    engine: Engine,
    hana: User,
    *,
    values: Mapping[str, int] | None = None,
    assignment: Assignment | None = None,
    now: datetime,
    **options: object,
) -> Attempt:
    """
    An attempt with everything shown and `values` given (by default 4 everywhere), committed.

    The answers are written as one batch: `answer_all` gives each as a browser does, which takes ten times as long.
    """
    assignment = assignment or globals()["assignment"](session, registry, hana, now=now, **options)
    take_token(session, assignment, now=now)
    found = attempts.start(session, assignment, registry, now=now)
    bank = registry.bank(found.edition, found.bank_version)
    plan = asking.plan_of(session, found, bank)
    codes = [code for part in plan.parts for code in plan.fixed(part)]
    session.add_all(
        PresentedItem(attempt_id=found.id, position=place, code=code, presented_at=now)
        for place, code in enumerate(codes, start=1)
    )
    offered = {answer: choices for code in codes for answer, choices in bank.asked[code].choices.items()}
    given = {answer: min(4, choices[-1]) for answer, choices in offered.items()} if values is None else values
    assert all(value in offered[answer] for answer, value in given.items())
    same = {"attempt_id": found.id, "revision": saving.to_revision(now), "counter": 1, "received_at": now}
    rows = [
        same | {"code": answer, "value": value, "key": f"factory-{number}", "milliseconds": 6_000}
        for number, (answer, value) in enumerate(given.items())
    ]
    session.flush()
    if rows:
        session.execute(insert(ResponseEvent), rows)
    session.commit()
    return found


def answer_all(engine: Engine, token: str, bank: Bank, values: Mapping[str, int], *, now: datetime) -> None:
    with database.autocommitting(engine).connect() as connection:
        for number, (code, value) in enumerate(values.items()):
            sent = saving.Save(code, value, saving.to_revision(now), 1, f"factory-{number}", 6_000)
            outcome = saving.save(connection, token, sent, banks=[(bank.edition, bank.version)], now=now)
            assert outcome is saving.Outcome.SAVED, code


def scored(
    session: Session, registry: Registry, engine: Engine, hana: User, *, now: datetime, **options: object
) -> Attempt:
    """A submitted attempt with a result."""
    found = attempt(session, registry, engine, hana, now=now, **options)  # type: ignore[arg-type]
    bank = registry.bank(found.edition, found.bank_version)
    attempts.submit(session, found, bank, now=now + timedelta(minutes=12))
    results.score_attempt(session, found, registry, now=now + timedelta(minutes=13))
    session.commit()
    return found


def rivals(
    session: Session, registry: Registry, engine: Engine, hana: User, *names: str, now: datetime
) -> list[Assignment]:
    """People of one campaign, for one position, each with the same result."""
    first = scored(session, registry, engine, hana, name=names[0], now=now)
    others = [result.attempt.assignment for result in crowd(session, first, names[1:])]
    session.commit()
    return [first.assignment, *others]


def alike(session: Session, scored: Attempt, name: str) -> Attempt:
    """Somebody else of the same campaign, with the same result: copied, as answering and scoring take a while."""
    return crowd(session, scored, [name])[0].attempt


def crowd(session: Session, scored: Attempt, names: Sequence[str]) -> list[Result]:
    """Many of them: their results."""
    first, result = scored.assignment, session.query(Result).filter_by(attempt_id=scored.id).one()
    results = []
    for name in names:
        person = Person(organization_id=first.organization_id, name=name, created_at=first.created_at)
        assignment = _copy(first, person_id=None, person=person)
        attempt = _copy(scored, assignment_id=None, assignment=assignment, receipt=new_reference("A"))
        scales = [_copy(each, result_id=None) for each in result.scales]
        results.append(_copy(result, attempt_id=None, attempt=attempt, scales=scales))
    session.add_all(results)
    session.flush()
    return results


def earlier(session: Session, scored: Attempt, ago: timedelta) -> Attempt:
    """The same result of the same person, handed in some time before, in a campaign of its own."""
    campaign = _copy(scored.assignment.campaign)
    assignment = _copy(scored.assignment, campaign_id=None, campaign=campaign)
    result = session.query(Result).filter_by(attempt_id=scored.id).one()
    attempt = _copy(
        scored,
        assignment_id=None,
        assignment=assignment,
        receipt=new_reference("A"),
        started_at=scored.started_at - ago,
        submitted_at=scored.submitted_at - ago,
    )
    scales = [_copy(each, result_id=None) for each in result.scales]
    session.add(_copy(result, attempt_id=None, attempt=attempt, scales=scales))
    session.flush()
    return attempt


def roster(
    session: Session,
    hana: User,
    *people: Person,
    kind: RosterKind = RosterKind.BENCH,
    title: str = "Tomorrow",
    role: Position | None = None,
    names_others: bool = False,
    now: datetime,
) -> Roster:
    """A bench for `role`, or a team, with `people` on it."""
    found = rosters.create(session, hana, kind, title, position=role, names_others=names_others, now=now)
    rosters.add(session, hana, found, people, now=now)
    return found


def _copy(row: Row, **changes: object) -> Row:
    keys = {column.key for column in inspect(type(row)).column_attrs} - {"id", "public_id", *changes}
    given = {name: value for name, value in changes.items() if value is not None}
    return type(row)(**{key: getattr(row, key) for key in keys}, **given)


def perspective_round(
    session: Session,
    bank: Bank,
    hana: User,
    choices: Sequence[int | Mapping[str, int]],
    *,
    groups: Sequence[str] = (),
    without: Mapping[int, Sequence[str]] | None = None,
    title: str = "How we see service",
    is_open: bool = False,
    now: datetime,
) -> SurveyRound:
    """
    A round of raters who have handed in: each one choice throughout, or choices by statement; over unless it is open.

    `without` holds the statements that a rater, by place, left out.
    """
    until = (now + timedelta(days=7)).date()
    found = surveys.create(session, hana, SurveyKind.PERSPECTIVE, title=title, bank=bank, until=until, now=now)
    for number, choice in enumerate(choices):
        person = Person(organization_id=hana.organization_id, name=f"Rater {number + 1} of {title}", created_at=now)
        session.add(person)
        session.flush()
        group = groups[number] if groups else ""
        place = surveys.ask(session, hana, found, person, group=group, now=now)
        said = choice if isinstance(choice, Mapping) else {policy.code: choice for policy in bank.perspective}
        left_out = (without or {}).get(number, ())
        values = {(None, code): value for code, value in said.items() if code not in left_out}
        surveys.save(session, place, values, now=now)
        surveys.submit(session, place, now=now)
    if not is_open:
        surveys.close(session, hana, found, now=now)
    session.flush()
    return found


def goal(session: Session, coaching: Coaching, *titles: str, due_on: date | None = None, now: datetime) -> CoachingGoal:
    """A goal on tact with actions called so, or one, in a plan of three months."""
    today = now.date()
    due_on = due_on or today + timedelta(days=60)
    terms = coaching_plans.Terms("A calm desk", today, today + timedelta(days=90))
    plan = coaching_plans.begin(session, coaching.coach, coaching, terms, (), now=now)
    about = About(GoalSubject.SCALE, "tact", Towards.HIGH)
    words = coaching_goals.Terms("Bad news, kindly", "Fewer calls come back", due_on)
    found = coaching_goals.agree(session, coaching.coach, plan, about, words, now=now)
    for title in titles or ("Sum up first",):
        agreed = coaching_actions.Terms(title, "", "", "", "", due_on)
        coaching_actions.add(session, coaching.coach, found, agreed, now=now)
    session.flush()
    return found
