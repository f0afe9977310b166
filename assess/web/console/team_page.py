"""The page of a team: who is in it, and its report; of results it says when they were handed in and no more."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template

from assess.errors import Refused
from assess.models import Roster
from assess.scoring.team import FEWEST as SPREAD
from assess.services import benches, roster_reports
from assess.services.report_contexts import paper_of
from assess.web import guards
from assess.web.console import words
from assess.web.console.bench_page import age_words
from assess.web.console.content import local_date
from assess.web.db import get_session


def page(roster: Roster, *, refusal: Refused | None = None) -> str:
    """Return the page."""
    user = guards.signed_in()
    places, today = benches.team_of(get_session(), user, roster), local_date(datetime.now(UTC), user)
    return render_template(
        "console/rosters/team.html",
        roster=roster,
        lines=[(each, age_words(each.newest.handed_in, today) if each.newest else "") for each in places],
        n_results=sum(each.newest is not None for each in places),
        fewest=roster_reports.FEWEST,
        spread=SPREAD,
        house_paper=paper_of(user.organization),
        refusal=refusal,
        words=words,
    )
