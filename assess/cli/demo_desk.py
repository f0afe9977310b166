"""HR's desk in the demo: positions with versions, and what was done with results of simulated people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.cli import demo_surveys
from assess.cli.demo_campaigns import AGENT, DAY, DESK, HIRING, PEOPLE, YEAR
from assess.models import (
    Assignment,
    Basis,
    Campaign,
    Outcome,
    Position,
    RosterKind,
    User,
)
from assess.services import (
    decisions,
    positions,
    rosters,
    shortlists,
)
from assess.services.positions import targets_of

LEADER = "Service team leader"
FAMILIES = {
    AGENT: "contact-centre-agent",
    DESK: "front-desk",
    "Claims handler": "claims-handler",
    LEADER: "service-team-leader",
}
BENCH = ("Amara Diallo", "Bruno Keller", "Dmitri Volkov", "Ines Carvalho")
TEAM = (*PEOPLE[:5], "Jonas Weber")
SHORTLISTED = ("Amara Diallo", "Dmitri Volkov", "Greta Nilsson")
DECIDED = ("Greta Nilsson", "Calm and exact in the work sample. The team would like her; the late shift suits her.")


def positions_with_patterns(
    session: Session, hana: User, registry: Registry, *, now: datetime
) -> Mapping[str, Position]:
    """Add the positions, two of which have a second version; return them by their titles."""
    first = now - YEAR - 30 * DAY
    found = {
        title: positions.create_from_family(session, hana, title, registry.families[family], now=first)
        for title, family in FAMILIES.items()
    }
    _revise(session, hana, found[AGENT], now=now - 60 * DAY)
    demo_surveys.ask_experts(session, hana, found[DESK], now=now - 40 * DAY)
    return found


def what_hr_did(session: Session, hana: User, *, now: datetime) -> None:
    """Put people on a bench, into a team and on the shortlist, and record a decision about one."""
    hiring = session.scalars(select(Assignment).where(Assignment.campaign.has(Campaign.name == HIRING)))
    by_name = {assignment.person.name: assignment for assignment in hiring}
    role = {each.title: each for each in positions.positions_of(session, hana)}
    bench = rosters.create(session, hana, RosterKind.BENCH, "Team leaders of next year", position=role[LEADER], now=now)
    team = rosters.create(session, hana, RosterKind.TEAM, "Late shift", position=role[AGENT], now=now)
    for roster, names in ((bench, BENCH), (team, TEAM)):
        people = [by_name[name].person for name in names]
        rosters.add(session, hana, roster, people, now=now)
        for person in people:
            rosters.set_present_role(session, hana, roster, person, role[AGENT], now=now)
    for name in SHORTLISTED:
        shortlists.add(session, hana, by_name[name], now=now)
    name, reasons = DECIDED
    rests_on = (Basis.INTERVIEW, Basis.WORK_SAMPLE, Basis.ASSESSMENT)
    decisions.record(session, hana, by_name[name], Outcome.HIRE, reasons, bases=rests_on, now=now)


def _revise(session: Session, hana: User, position: Position, *, now: datetime) -> None:
    """Ask for one behaviour a little differently."""
    first, *rest = targets_of(position.pattern)
    high = max(first.low, first.high - 1)
    changed = first.model_copy(update={"high": high, "reason": "Refunds are checked by the agents themselves now."})
    reason = "Agents check refunds themselves since the spring."
    positions.revise(session, hana, position, [changed, *rest], source="HR and two team leads", reason=reason, now=now)
