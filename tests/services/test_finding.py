"""One search for everything, and the overview: within one's own organisation, by a constant number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Basis, Outcome, RequestKind, SurveyKind, SurveyRound
from assess.services import attention, decisions, erasure, finding, invitations, privacy_requests, reporting
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def cora(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def survey(session, cast, now):
    """Return a survey of Acme that is open for three days."""
    found = SurveyRound(
        organization_id=cast.acme.id, kind=SurveyKind.JOB, title="Job of the front desk", time_zone="Europe/Berlin",
        closes_at=now + 3 * DAY, created_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def test_people_positions_campaigns_and_surveys_are_found_by_parts_of_their_names(session, cast, cora, survey):
    found = finding.find(session, cast.hana, "CAND cora")
    assert [(person.name, newest) for person, newest in found.people] == [("Cora Candidate", cora)]
    assert [each.title for each in found.positions] == ["Job of Cora Candidate"]
    assert [each.name for each in found.campaigns] == ["Job of Cora Candidate"]
    assert [each.title for each in finding.find(session, cast.hana, "desk job").surveys] == [survey.title]
    assert finding.find(session, cast.hana, "nobody at all").is_empty


def test_report_is_found_by_its_reference_however_it_is_typed(session, registry, cast, cora, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    assert finding.find(session, cast.hana, report.reference.lower().replace("-", " ")).report is report


def test_one_letter_is_too_little_and_signs_of_patterns_mean_themselves(session, cast, cora):
    assert finding.find(session, cast.hana, " a ") is None
    assert finding.find(session, cast.hana, "%%").is_empty
    assert finding.find(session, cast.hana, "C_ra").is_empty


def test_other_organisations_and_the_erased_are_not_found(session, registry, cast, cora, survey, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    for text in ("cora", "job", report.reference):
        assert finding.find(session, cast.otto, text).is_empty
    erasure.erase(session, [cora.person], actor="command", now=now)
    assert finding.find(session, cast.hana, "erased person").people == []


def test_search_takes_as_many_queries_however_much_it_finds(session, cast, cora, count_queries):
    counts = []
    for n in (3, 9):
        factories.crowd(session, cora.attempt, [f"Cora {number}" for number in range(n)])
        session.commit()
        assert cast.hana.organization_id
        with count_queries() as counter:
            for person, newest in finding.find(session, cast.hana, "cora").people:
                assert all([person.name, newest.campaign.name])
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_overview_counts_what_waits_and_says_what_is_under_way(session, registry, cast, cora, survey, now):
    assert attention.attention_of(session, cast.otto, now=now).is_nothing
    ben = factories.assignment(session, registry, cast.hana, name="Ben Bold", now=now)
    invitations.send(session, cast.hana, ben, now=now).bounced_at = now
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    report.failure = "Broken"
    asked = privacy_requests.ask(session, cora.person, RequestKind.REVIEW, "Why?", now=now)
    found = attention.attention_of(session, cast.hana, now=now)
    assert (found.bounced, found.undecided, found.failed_reports, found.requests) == (1, 1, 1, [asked])
    done = {each.thing.name: (each.n_done, each.n_people, each.ends_soon) for each in found.campaigns}
    assert done == {"Job of Cora Candidate": (1, 1, False), "Job of Ben Bold": (0, 1, False)}
    assert [(each.thing, each.n_people, each.ends_soon) for each in found.surveys] == [(survey, 0, True)]
    decisions.record(session, cast.hana, cora, Outcome.HIRE, "A good talk", bases=[Basis.INTERVIEW], now=now)
    assert attention.attention_of(session, cast.hana, now=now).undecided == 0
    later = attention.attention_of(session, cast.hana, now=now + 60 * DAY)
    assert (later.campaigns, later.surveys) == ([], [])
