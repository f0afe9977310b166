"""The page of a report on a bench or a team: of whom, where it comes from, and what is left when somebody goes."""

from __future__ import annotations

import json

import pytest

from assess.models import ReportFile, RosterKind
from assess.services import erasure, reporting, roster_reports, rosters
from assess.services.seals import Sealer
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def cora(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def asked(session, registry, cast, cora, now):
    """A function that asks for a report on Cora and Ana of a kind, and makes it; returns its address."""

    def asked(kind):
        ana = factories.alike(session, cora, "Ana Able").assignment.person
        person, role = cora.assignment.person, cora.assignment.campaign.position
        roster = factories.roster(session, cast.hana, person, ana, kind=kind, title="Tomorrow", role=role, now=now)
        if kind is RosterKind.BENCH:
            report = roster_reports.request_promotion(session, cast.hana, roster, person, registry, now=now)
        else:
            report = roster_reports.request_team(session, cast.hana, roster, registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        session.commit()
        url = f"/console/reports/{report.public_id}"
        session.rollback()
        return url

    return asked


@pytest.mark.parametrize(
    ("kind", "title", "said"),
    [
        (RosterKind.BENCH, "Promotion and succession report, Cora Candidate", "Gaps to the target role"),
        (RosterKind.TEAM, "Team report, Tomorrow", "What the roles ask for"),
    ],
)
def test_report_is_shown_with_its_roster_read_as_a_page_and_taken_as_numbers(hana, asked, kind, title, said):
    page = hana.page(asked(kind))
    assert title in page.text
    assert "as it was when" in page.text or "as they were when" in page.text
    assert said in hana.page(page.link("Read it as a page")).text
    figures = json.loads(hana.get(page.link("Numbers for programs (JSON)")).data)
    assert figures["kind"] == title.split(maxsplit=1)[0].lower()
    assert title.split(", ")[0] in hana.page("/console/reports").text
    assert "Tomorrow" in hana.page(page.link("Tomorrow")).text


def test_report_outlives_its_roster_and_goes_with_whoever_is_erased(hana, session, cast, cora, asked, now):
    url = asked(RosterKind.BENCH)
    report = session.query(ReportFile).one()
    rosters.remove_all(session, cast.hana, report.roster, now=now)
    session.commit()
    assert "Tomorrow, which has been deleted since." in hana.page(url).text
    erasure.erase(session, [cora.assignment.person], actor="command", now=now)
    session.commit()
    assert hana.get(url).status_code == 404


def test_whoever_holds_the_paper_learns_what_kind_it_is_and_of_nobody(app, client, session, asked):
    asked(RosterKind.TEAM)
    reference = session.query(ReportFile).one().reference
    session.rollback()
    page = client.page(Sealer("", app.config["SECRET_KEY"]).address(reference))
    assert "Report on a team" in page.text
    assert "Cora" not in page.text
    assert "Tomorrow" not in page.text
