"""The demo: a cast, and simulated people who answer through the same services as real ones, with HR's desk in use."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.cli import demo_answers, demo_campaigns, demo_coaching, demo_desk, demo_surveys
from assess.cli.demo_campaigns import AGENT
from assess.cli.installation import Installation, clock
from assess.errors import Refused
from assess.models import Assignment, Campaign, Feedback, LinkPurpose, Organization, Position, Purpose, Role, User
from assess.services import (
    accounts,
    campaigns,
    coaching_reports,
    database,
    invitations,
    jobs,
    links,
    reporting,
)
from assess.services.invitations import Invitee
from reports.kinds import KINDS

ACME, BIRCH = "Acme Service", "Birch Logistics"
CAST = (
    ("Hana Lind", "hana@acme.example", ACME, Role.HR),
    ("Cole Moreno", "cole@acme.example", ACME, Role.COACH),
    ("Paula Brandt", "paula@acme.example", ACME, Role.PSYCHOLOGIST),
    ("Ada Osei", "ada@acme.example", ACME, Role.ADMIN),
    ("Otto Varga", "otto@birch.example", BIRCH, Role.HR),
)
SIGN_INS = "demo-sign-ins.txt"
ADDRESS = "{address}"  # stands in that file for the installation's, which may change


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="folder for everybody's reports")
@click.option(
    "--people",
    default=len(demo_campaigns.PEOPLE),
    show_default=True,
    type=click.IntRange(min=1),
    help="how many with --out",
)
@click.option("--if-empty", is_flag=True, help="do nothing to a database that holds something, but say how to sign in")
def demo(out: Path | None, people: int, if_empty: bool) -> None:
    """Fill an empty database with the demo and, with --out, write the reports of its simulated people."""
    installation = Installation()
    database.upgrade(database.writing(installation.engine))
    if _is_empty(installation):
        _seed(installation)
    elif not if_empty and not _is_demo(installation):
        raise Refused(
            "This database holds real data, and the demo keeps away from it. "
            "Give it a folder of its own: ASSESS_DATA=/tmp/demo assess demo"
        )
    if out is not None:
        _write_reports(installation, out, people)
    sign_ins = installation.settings.data / SIGN_INS
    if sign_ins.exists():
        said = sign_ins.read_text(encoding="utf-8").rstrip()
        click.echo("\n" + said.replace(ADDRESS, installation.settings.url))


def _is_empty(installation: Installation) -> bool:
    with installation.sessions() as session:
        return session.scalar(select(Organization.id).limit(1)) is None


def _is_demo(installation: Installation) -> bool:
    with installation.sessions() as session:
        return set(session.scalars(select(Organization.name))) == {ACME, BIRCH}


def _seed(installation: Installation) -> None:
    now = clock()
    with installation.session() as session:
        passwords = _add_cast(session, now)
        hana = _hana(session)
        roles = demo_desk.positions_with_patterns(session, hana, installation.registry, now=now)
        demo_surveys.company_view(session, hana, installation.registry, now=now)
        rounds = [
            *demo_campaigns.rounds(session, hana, installation.registry, roles, now=now),
            *demo_coaching.rounds(session, hana, installation.registry, now=now),
        ]
        demo_surveys.staff_climate(session, hana, installation.registry, now=now)
        token = _open_link(session, installation, hana, roles[AGENT], now=now)
    click.echo(f"Made {ACME} and {BIRCH}, {len(CAST)} accounts and {len(roles)} positions with patterns.")
    _take(installation, rounds)
    with installation.session() as session:
        again = demo_coaching.asked_again(session, _hana(session), installation.registry, now=clock())
    _take(installation, [again])
    with installation.session() as session:
        demo_desk.what_hr_did(session, _hana(session), now=clock())
        demo_coaching.what_cole_did(session, _hana(session), installation.registry, now=clock())
    n = sum(taking.hands_in for taking in (*rounds, again))
    click.echo(f"Simulated people answered and handed in {n} times; the worker did the scoring and the mail.")
    _write_sign_ins(installation, passwords, token)


def _take(installation: Installation, rounds: Sequence[demo_answers.Taking]) -> None:
    """Have questionnaires answered, and the worker do what there is to do then."""
    for taking in rounds:
        demo_answers.take(installation, taking)
    jobs.drain(installation.sessions, installation.workshop.kinds(), clock=clock)


def _hana(session: Session) -> User:
    return session.scalars(select(User).where(User.email == "hana@acme.example")).one()


def _add_cast(session: Session, now: datetime) -> dict[str, str]:
    """Add organisations and accounts; return each account's password, made for this installation alone."""
    organizations = {
        name: accounts.add_organization(session, name, contact=f"people@{domain}", time_zone=zone, now=now)
        for name, domain, zone in ((ACME, "acme.example", "Europe/Berlin"), (BIRCH, "birch.example", "Europe/London"))
    }
    passwords = {}
    for name, email, organization, role in CAST:
        user = accounts.add_user(
            session,
            organizations[organization],
            name=name,
            email=email,
            roles=frozenset({role}),
            actor="command",
            now=now,
        )
        token = accounts.password_link(session, user, lives=accounts.WELCOME_LINK, now=now)
        passwords[email] = secrets.token_urlsafe(12)
        link = links.find(session, token, LinkPurpose.SET_PASSWORD, now=now)
        accounts.set_password(session, link, accounts.new_password_hash(link, passwords[email]), now=now)
    return passwords


def _open_link(session: Session, installation: Installation, hana: User, position: Position, *, now: datetime) -> str:
    """Invite one more person, by mail and by a link that anyone who reads the terminal may try."""
    campaign = campaigns.create_campaign(
        session,
        hana,
        name="Try it yourself",
        bank=installation.registry.newest("general"),
        form="standard",
        position=position,
        purpose=Purpose.HIRING,
        feedback=Feedback.AT_ONCE,
        until=(now + timedelta(days=30)).date(),
        now=now,
    )
    assignment = invitations.assign(session, hana, campaign, Invitee("Cora Candidate", "cora@acme.example"), now=now)
    invitations.send(session, hana, assignment, now=now)
    return invitations.copy_link(session, hana, assignment, now=now)


def _write_reports(installation: Installation, out: Path, people: int) -> None:
    """Write both reports of the first simulated people, as far as there are any, and the coaching report on Lea."""
    now = clock()
    with installation.session() as session:
        hana = _hana(session)
        found = _simulated(session)[:people]
        for assignment in found:
            if reporting.why_not(session, assignment) is None:
                for kind in KINDS:
                    reporting.request(session, hana, assignment, kind, installation.registry, now=now)
        cole, coaching = demo_coaching.coaching_of(session, demo_coaching.LEA)
        coaching_reports.request(session, cole, coaching, installation.registry, now=now)
    jobs.drain(installation.sessions, installation.workshop.kinds(), clock=clock)
    out.mkdir(parents=True, exist_ok=True)
    with installation.session() as session:
        hana = _hana(session)
        made = [
            (assignment.person, report)
            for assignment in _simulated(session)[:people]
            for report in reporting.reports_of(session, hana, assignment)
        ]
        cole, coaching = demo_coaching.coaching_of(session, demo_coaching.LEA)
        of_coach = [(coaching.person, report) for report in coaching_reports.reports_of(session, cole, coaching)[:1]]
        for person, report in (*made, *of_coach):
            name = "-".join(person.name.lower().replace("'", "").split())
            content = reporting.content(session, report, actor="command", now=now)
            (out / f"{name}-{report.kind}.pdf").write_bytes(content)
        click.echo(
            f"{len(made)} reports of {len(found)} simulated people are in {out}, and the coaching report on one."
        )


def _simulated(session: Session) -> list[Assignment]:
    hiring = Assignment.campaign.has(Campaign.name == demo_campaigns.HIRING)
    return list(session.scalars(select(Assignment).where(hiring).order_by(Assignment.id)))


def _write_sign_ins(installation: Installation, passwords: Mapping[str, str], token: str) -> None:
    """Keep what the terminal shows, readable by the owner alone; the passwords exist nowhere else."""
    lines = [f"Demo: all people are simulated. Sign in at {ADDRESS}/auth/sign-in"]
    for name, email, organization, role in CAST:
        lines.append(f"  {name:<14} {role.value:<13} {organization:<16} {email:<20} password {passwords[email]}")
    lines += ["Take the questionnaire yourself (as Cora Candidate):", f"  {ADDRESS}/take/link/{token}"]
    file = installation.settings.data / SIGN_INS
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write("\n".join(lines) + "\n")
