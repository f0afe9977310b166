"""The demo: a cast, positions, and twelve simulated people who answer through the same services as real ones."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

import click
import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.cli.installation import Installation, clock
from assess.errors import AssessError, Refused
from assess.models import Assignment, Feedback, LinkPurpose, Organization, Position, Purpose, Role, User
from assess.scoring.simulated import Manner, draw_position, statement_responses
from assess.services import (
    accounts,
    asking,
    attempts,
    campaigns,
    database,
    invitations,
    jobs,
    links,
    positions,
    reporting,
    saving,
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
PEOPLE = (
    "Amara Diallo", "Bruno Keller", "Chiara Rossi", "Dmitri Volkov", "Elif Kaya", "Farid Haddad",
    "Greta Nilsson", "Hugo Marchetti", "Ines Carvalho", "Jonas Weber", "Kasia Nowak", "Liam O'Connor",
)  # fmt: skip
POSITIONS = {
    "Contact-centre agent": "contact-centre-agent",
    "Front desk": "front-desk",
    "Claims handler": "claims-handler",
}
SEED = 2_026
SIGN_INS = "demo-sign-ins.txt"
ADDRESS = "{address}"  # stands in that file for the installation's, which may change


MANNERS: Mapping[str, Manner] = {
    "Elif Kaya": Manner(flatters=2.2),
    "Hugo Marchetti": Manner(pace=0.12, inattentive=True, monotonous=18),
    "Kasia Nowak": Manner(skips=("flexibility",)),
}


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="folder for everybody's reports")
@click.option(
    "--people", default=len(PEOPLE), show_default=True, type=click.IntRange(min=1), help="how many with --out"
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
        hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        for title, family in POSITIONS.items():
            positions.create_from_family(session, hana, title, installation.registry.families[family], now=now)
        position = session.scalars(select(Position).where(Position.title == "Contact-centre agent")).one()
        simulated = _assign_simulated(session, installation, hana, position, now=now)
        token = _open_link(session, installation, hana, position, now=now)
    click.echo(f"Made {ACME} and {BIRCH}, {len(CAST)} accounts and {len(POSITIONS)} positions with patterns.")
    _answer_all(installation, simulated, now)
    jobs.drain(installation.sessions, installation.workshop.kinds(), clock=clock)
    click.echo(f"{len(simulated)} simulated people answered and handed in; the worker did the scoring and one mail.")
    _write_sign_ins(installation, passwords, token)


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


def _assign_simulated(
    session: Session, installation: Installation, hana: User, position: Position, *, now: datetime
) -> dict[str, str]:
    """Assign the twelve to one campaign; return each one's token."""
    campaign = campaigns.create_campaign(
        session,
        hana,
        name="Contact-centre agents, simulated",
        bank=installation.registry.newest("general"),
        form="standard",
        position=position,
        purpose=Purpose.HIRING,
        feedback=Feedback.ON_RELEASE,
        until=(now + timedelta(days=14)).date(),
        now=now - timedelta(days=2),
    )
    tokens = {}
    for name in PEOPLE:
        email = f"{name.split()[0].lower()}@simulated.example"
        assignment = invitations.assign(session, hana, campaign, Invitee(name, email), now=now - timedelta(days=2))
        assignment.person.is_simulated = True
        tokens[name] = invitations.copy_link(session, hana, assignment, now=now - timedelta(days=2))
    return tokens


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


def _answer_all(installation: Installation, tokens: Mapping[str, str], now: datetime) -> None:
    bank = installation.registry.newest("general")
    rng = np.random.default_rng(SEED)
    for number, (name, token) in enumerate(tokens.items()):
        manner = MANNERS.get(name, Manner())
        values = statement_responses(bank, draw_position(bank, rng), rng, manner=manner)
        pace = rng.lognormal(np.log(6.0), 0.4, len(bank.form("standard").items)) * manner.pace
        began = now - timedelta(days=1, hours=number, minutes=int(rng.integers(60)))
        _take(installation, token, bank, values, pace=pace.tolist(), began=began)


def _take(
    installation: Installation,
    token: str,
    bank: Bank,
    values: Mapping[str, int],
    *,
    pace: Sequence[float],
    began: datetime,
) -> None:
    """Go through the form from the first page to the receipt, `pace` seconds for each statement."""
    codes, banks = bank.form("standard").items, [(bank.edition, bank.version)]
    moments = [began + timedelta(seconds=passed) for passed in accumulate(pace)]
    with installation.sessions.begin() as session:
        invitations.redeem(session, token, now=began)
        attempt = attempts.start(session, _assignment(session, token, began), installation.registry, now=began)
        asking.open_part(session, asking.hold(session, attempt, bank, now=began))
        for position, moment in enumerate(moments, start=1):
            asking.advance(session, asking.read(session, attempt, bank, now=moment), position)  # which is held
    with database.autocommitting(installation.engine).connect() as connection:
        for position, (code, moment, seconds) in enumerate(zip(codes, moments, pace, strict=True), start=1):
            if code not in values:
                continue
            revision, key = saving.to_revision(moment), f"simulated-{position}"
            sent = saving.Save(code, values[code], revision, 1, key, int(seconds * 1_000))
            if saving.save(connection, token, sent, banks=banks, now=moment) is not saving.Outcome.SAVED:
                raise AssessError(f"A simulated answer to {code} was not saved.")
    with installation.sessions.begin() as session:
        attempt = attempts.start(session, _assignment(session, token, began), installation.registry, now=moments[-1])
        attempts.submit(session, attempt, bank, now=moments[-1])


def _assignment(session: Session, token: str, now: datetime) -> Assignment:
    return invitations.find_by_take_token(session, token, now=now)


def _write_reports(installation: Installation, out: Path, people: int) -> None:
    """Write both reports of the first simulated people, and say why where there is none."""
    now = clock()
    with installation.session() as session:
        hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        found = _simulated(session)[:people]
        for assignment in found:
            if reporting.why_not(session, assignment) is None:
                for kind in KINDS:
                    reporting.request(session, hana, assignment, kind, installation.registry, now=now)
    jobs.drain(installation.sessions, installation.workshop.kinds(), clock=clock)
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with installation.session() as session:
        hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        for assignment in _simulated(session)[:people]:
            for report in reporting.reports_of(session, hana, assignment):
                name = "-".join(assignment.person.name.lower().replace("'", "").split())
                content = reporting.content(session, report, actor="command", now=now)
                (out / f"{name}-{report.kind}.pdf").write_bytes(content)
                written += 1
    click.echo(f"{written} reports of {len(found)} simulated people are in {out}.")


def _simulated(session: Session) -> list[Assignment]:
    rows = session.scalars(select(Assignment).order_by(Assignment.id))
    return [assignment for assignment in rows if assignment.person.is_simulated]


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
