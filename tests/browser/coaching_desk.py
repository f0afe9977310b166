"""Every page of the coach's desk, and what the links of coachees lead to, on the demo's people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from assess.banks.registry import Registry
from assess.cli.demo_coaching import ASKED, LEA, MATEO, NOOR, PRIYA, TOMASZ, YARA
from assess.models import Coaching, GoalState, LinkPurpose, User
from assess.services import (
    check_ins,
    coaching_plans,
    coaching_reports,
    feedback,
    links,
    reporting,
)
from assess.services.feedback import Rater
from assess.services.invitations import Invitee
from tests.browser.conftest import Server, beside

PLAIN = ("", "?q=nobody", "/ask", "/team")
OF_A_PERSON = ("", "?kind=plan", "/plan", "/check-ins", "/assessments", "/feedback", "/reports", "/end")
OF_A_PERSON += ("/check-ins/new", "/check-ins/held", "/assessments/again", "/feedback/new", "/reports/preview")
WITH_ERRORS = ("/ask", "/plan/new", "/goals/new", "/actions/new", "/check-ins/held", "/move", "/notes", "/feedback/new")


@dataclass(frozen=True, slots=True)
class Desk:
    """Addresses of the coach's pages without the server's, and the tokens of links to coachees' own, by name."""

    pages: list[str]
    own: dict[str, str]


def made(server: Server, registry: Registry) -> Desk:
    """Return where everything is, after a report was made, and two rounds of feedback begun that nobody answers."""
    now = datetime.now(UTC)
    with beside(server) as (session, _engine, _hana):
        cole = session.scalars(select(User).where(User.email == "cole@acme.example")).one()
        theirs = session.scalars(select(Coaching).where(Coaching.coach_id == cole.id, Coaching.ended_at.is_(None)))
        by_name = {each.person.name: each for each in theirs}
        lea = by_name[LEA]
        for name in (YARA, MATEO):
            if not feedback.rounds_of(session, cole, by_name[name]):
                survey = feedback.begin(session, cole, by_name[name], until=(now + timedelta(days=9)).date(), now=now)
                for rater in ("Ria", "Rob", "Rui"):
                    invitee = Invitee(rater, f"{rater.lower()}@raters.example")
                    feedback.add(session, cole, survey, Rater(invitee, "colleagues"), now=now)
                if name == MATEO:
                    feedback.propose(session, cole, survey, by_name[name], now=now)
        report = coaching_reports.request(session, cole, lea, registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        found = [f"/coaching{each}" for each in PLAIN]
        found += [f"/coaching/{lea.public_id}{part}" for part in OF_A_PERSON]
        found += [f"/coaching/{by_name[NOOR].public_id}{part}" for part in ("", "/plan", "/plan/new", "/feedback")]
        found += [f"/coaching/{by_name[TOMASZ].public_id}/assessments"]
        rounds = [feedback.rounds_of(session, cole, by_name[name])[0] for name in (LEA, PRIYA, YARA, MATEO)]
        found += [f"/coaching/feedback/{each.public_id}" for each in rounds]
        found += [f"/coaching/feedback/{rounds[0].public_id}/comments"]
        found += [f"/coaching/reports/{report.public_id}{rest}" for rest in ("", "/page")]
        plans = coaching_plans.plans_of(session, cole, lea)
        present, past = (next(each for each in plans if bool(each.closed_at) is over) for over in (False, True))
        goal = next(each for each in present.goals if each.state is GoalState.OPEN)
        action = next(each for goal in present.goals for each in goal.actions if each.done_at is None)
        found += [f"/coaching/plans/{past.public_id}"]
        found += [f"/coaching/plans/{present.public_id}/{rest}" for rest in ("goals/new", "edit", "close")]
        found += [f"/coaching/goals/{goal.public_id}/{rest}" for rest in ("library", "actions/new", "edit", "state")]
        found += [f"/coaching/actions/{action.public_id}/{rest}" for rest in ("done", "edit")]
        talk = check_ins.talks_of(session, cole, lea, now=now).ahead[0]
        found += [f"/coaching/check-ins/{talk.public_id}/{rest}" for rest in ("move", "call-off", "notes")]
        asked = session.scalars(select(Coaching).where(Coaching.person.has(name=ASKED.name))).one()
        until = {"expires_at": now + timedelta(days=2), "now": now}
        own = {
            name: links.issue(session, LinkPurpose.COACHING, coaching=coaching, **until)
            for name, coaching in (*by_name.items(), (ASKED.name, asked))
        }
    return Desk(found, own)
