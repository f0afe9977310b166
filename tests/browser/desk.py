"""One page of each kind on HR's desk, filled by the demo."""

from __future__ import annotations

from sqlalchemy import select

from assess.cli import demo_campaigns, demo_desk
from assess.models import Assignment, Campaign, ConsensusKey, Person, Position, Roster, RosterKind, SurveyRound
from tests.browser.conftest import Server, beside

PLAIN = ("", "/assignments", "/campaigns", "/people", "/positions", "/surveys", "/perspective", "/rosters")
PLAIN += ("/decisions", "/reports", "/exports", "/requests", "/search?q=a")
FORMS = ("/assignments/new", "/campaigns/new", "/people/new", "/positions/new", "/positions/new-by-hand")
FORMS += ("/surveys/new?kind=perspective", "/surveys/new?kind=climate", "/surveys/new?kind=leader")
FORMS += ("/rosters/new-bench", "/rosters/new-team", "/exports/new")


def addresses(server: Server) -> list[str]:
    """Return the addresses, those of lists and forms first, without /console."""
    with beside(server) as (session, _engine, hana):

        def one(model, **facts):
            mine = select(model).filter_by(organization_id=hana.organization_id, **facts)
            return session.scalars(mine.order_by(model.id)).first()

        hiring, under_way = (one(Campaign, name=name) for name in (demo_campaigns.HIRING, demo_campaigns.UNDER_WAY))
        desk = one(Position, title=demo_campaigns.DESK)
        person = one(Person, name=demo_campaigns.PEOPLE[0])
        theirs = {"campaign_id": hiring.id}
        chosen = [one(Assignment, person_id=one(Person, name=name).id, **theirs) for name in demo_desk.SHORTLISTED]
        rounds = {kind: one(SurveyRound, kind=kind) for kind in ("perspective", "job", "climate")}
        bench, team = one(Roster, kind=RosterKind.BENCH), one(Roster, kind=RosterKind.TEAM)
        found = [f"/campaigns/{each.public_id}" for each in (hiring, under_way)]
        found += [f"{found[0]}/results?sort=match", f"{found[0]}/comparisons/new"]
        found += [f"{found[1]}/{rest}" for rest in ("people", "edit", "invitations/new")]
        found += [f"/compare?{'&'.join(f'who={each.public_id}' for each in chosen)}"]
        found += [f"/reports/campaigns/{hiring.public_id}", f"/assignments/{chosen[0].public_id}"]
        found += [f"/people/{person.public_id}", f"/people/{person.public_id}/facts"]
        found += [f"/positions/{desk.public_id}{rest}" for rest in ("", "/versions/2", "/revise", "/results")]
        found += [f"/surveys/{each.public_id}" for each in rounds.values()]
        found += [f"/surveys/{rounds['perspective'].public_id}/perspective{rest}" for rest in ("", "/unclear")]
        found += [f"/surveys/{rounds['climate'].public_id}/climate", f"/surveys/{rounds['job'].public_id}/pattern"]
        found += [f"/perspective/{one(ConsensusKey).public_id}"]
        found += [f"/rosters/{bench.public_id}?order=match", f"/rosters/{team.public_id}"]
        found += [f"/rosters/{bench.public_id}/{rest}" for rest in ("members", "members/add", "facts")]
    return [f"/console{each}" for each in (*PLAIN, *FORMS, *found)]
