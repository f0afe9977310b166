"""The report on a version of the company's view, and the way there: from raters to alignment in a hiring report."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound
from assess.models import AuditEvent, ReportFile, ResponseEvent
from assess.scoring.company_view import Groups
from assess.services import (
    assessed_views,
    authenticity,
    company_reports,
    consensus_keys,
    perspective,
    previews,
    reporting,
    results,
)
from reports.company import ClimateArea, ClimateSummary
from tests import factories

BOTH_PARTS = (Part.STATEMENTS, Part.PERSPECTIVE)
CLIMATE = ClimateSummary((ClimateArea("culture", 0.7, 3, 40),), ())


@pytest.fixture
def bank(registry):
    return registry.newest("general")


@pytest.fixture
def publish(session, bank, registry, cast, now):
    """Return a function that has raters answer, and publishes what they said."""

    def publish(*choices, groups=(), source="Team leads"):
        survey = factories.perspective_round(session, bank, cast.hana, choices, groups=groups, now=now)
        found = perspective.publish(session, cast.hana, survey, registry, source=source, importance={}, now=now)
        session.commit()
        return found

    return publish


@pytest.fixture
def ask(session, registry, cast, now):
    """Return a function that has Hana ask for the report."""

    def ask(key, *, by=None, **options):
        return company_reports.request(session, by or cast.hana, key, registry, **({"now": now} | options))

    return ask


@pytest.fixture
def answered(session, engine, registry, bank, cast, now):
    """Return a function that gives people of one campaign the same choice throughout, but for what they leave out."""

    def answered(n, choice, *, left_out=()):
        first = factories.scored(session, registry, engine, cast.hana, name=f"P{choice}", parts=BOTH_PARTS, now=now)
        people = [first, *(factories.alike(session, first, f"P{choice} {number}") for number in range(1, n))]
        codes = [policy.code for policy in bank.perspective]
        session.query(ResponseEvent).filter(
            ResponseEvent.attempt_id.in_([each.id for each in people]), ResponseEvent.code.in_(codes)
        ).delete()
        for number, person in enumerate(people):
            person.submitted_at = now + timedelta(minutes=number)
            same = {"attempt_id": person.id, "revision": 1, "counter": 1, "received_at": now, "milliseconds": 1}
            session.execute(
                insert(ResponseEvent),
                [
                    same | {"code": code, "value": choice, "key": f"{person.id}-{code}"}
                    for code in codes
                    if code not in left_out
                ],
            )
        session.commit()
        return first.assignment.campaign.position.title

    return answered


def said(report, registry) -> str:
    found, _dated = reporting.draft(report, registry, factories.SEALER)
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", found)).split()).replace("\xa0", " ")


def test_from_raters_to_the_alignment_in_a_hiring_report(session, engine, registry, bank, cast, publish, now):
    publish(4, 4, 4, 4, 5, 5)
    attempt = factories.scored(session, registry, engine, cast.hana, parts=BOTH_PARTS, now=now)  # 4 throughout
    publish(2, 2, 2, 2, 2)
    row = results.newest_result(session, attempt)
    # raters' mean 13 / 3; 4 is 1 / 3 from it, random marks (10 + 7 + 4 + 1 + 2) / 3 / 5 = 1.6
    assert row.alignment == pytest.approx(1 - (1 / 3) / 1.6, abs=1e-6)
    report = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    found = said(report, registry)
    assert "Alignment with the company's view, version 1 from 6 raters: 79 %" in found
    assert "Compared with the organisation's own view, version 1, from 6 raters." in found
    assert "key version 1, 6 raters" in found
    assert "default key" not in found
    reporting.store(session, report, b"%PDF", now=now)
    numbers = previews.figures(session, report, registry, actor="user:1", now=now)["further"]["perspective"]
    assert (numbers["key"], numbers["raters"], numbers["default_key"]) == (1, 6, False)


def test_without_raters_a_hiring_report_says_that_the_key_is_an_authors(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, parts=BOTH_PARTS, now=now)
    report = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    found = said(report, registry)
    assert "an author's key." in found
    assert "Provisional: compared with the default key" in found


def test_report_is_made_of_one_version_and_of_what_was_so_when_it_was_asked_for(
    session, registry, publish, ask, answered, do_jobs, now
):
    key = publish(4, 4, 4, 4, 5, groups=["desk"] * 5)
    report = ask(key, language="en", paper="Letter")
    assert (report.kind, report.paper, report.consensus_key_id) == ("company-perspective", "Letter", key.id)
    before = said(report, registry)
    answered(5, 2)
    assert said(report, registry) == before
    do_jobs()
    assert session.get_one(ReportFile, report.id).is_ready
    anew = ask(key, paper="Letter")
    assert anew.id != report.id
    assert anew.inputs["assessed"]["shown"][0]["n"] == 5


def test_the_same_asked_for_twice_is_one_report_and_a_failed_one_is_made_again(session, publish, ask):
    key = publish(4, 4, 4, 4, 5)
    first = ask(key)
    assert ask(key) is first
    first.failure, first.finished_at = "It was too large.", first.requested_at
    session.flush()
    assert ask(key) is first
    assert first.failure is None
    assert ask(key, language="ar") is not first


def test_report_says_source_groups_and_that_the_climate_is_missing(registry, publish, ask):
    key = publish(*[3] * 5, *[4] * 6, groups=["desk"] * 5 + ["phone"] * 6, source="Desk and phone")
    found = said(ask(key), registry)
    for words in ("Desk and phone", "desk n = 5", "phone n = 6", "It needs a climate survey with a group of five"):
        assert words in found, words
    assert "Culture 70 % 3 40" in said(ask(key, climate=CLIMATE), registry)


def test_people_who_were_assessed_count_in_fives_and_only_if_they_answered_everything(session, bank, cast, answered):
    title = answered(7, 2)
    few = answered(4, 3)
    answered(6, 5, left_out=["per-01"])
    groups, is_simulated = assessed_views.groups_by_position(session, cast.acme.id, bank)
    assert not is_simulated
    assert [(group.name, group.n, group.means["per-01"]) for group in groups.shown] == [(title, 5, (2.0, 0.0))]
    assert few not in str(groups.shown)
    assert groups.n_withheld == 1
    assert assessed_views.groups_by_position(session, cast.birch.id, bank) == (Groups(), False)


def test_simulated_answers_to_the_climate_mark_the_report_too(registry, publish, ask):
    made_up = ask(publish(4, 4, 4, 4, 5), climate=replace(CLIMATE, simulated=True))
    assert "SIMULATED PEOPLE" in reporting.draft(made_up, registry, factories.SEALER)[0]


def test_simulated_people_mark_the_report(session, registry, publish, ask, cast, bank):
    key = publish(4, 4, 4, 4, 5)
    assert "SIMULATED" not in reporting.draft(ask(key), registry, factories.SEALER)[0]
    person = session.query(factories.Person).filter(factories.Person.name.startswith("Rater")).first()
    person.is_simulated = True
    session.commit()
    assert "SIMULATED PEOPLE" in reporting.draft(ask(key), registry, factories.SEALER)[0]


def test_whoever_holds_the_report_can_have_it_confirmed_until_it_expires(session, publish, ask, cast, now):
    report = ask(publish(4, 4, 4, 4, 5))
    reporting.store(session, report, b"%PDF", now=now)
    signature = factories.SEALER.signature(report.reference)
    found = authenticity.confirm(session, factories.SEALER, report.reference, signature, address="::1", now=now)
    assert (found.kind, found.organization, found.time_zone) == ("company-perspective", "Acme", "Europe/Berlin")
    assert report.expires_at > now + timedelta(days=30 * (cast.acme.retention_months - 1))
    gone = authenticity.confirm(
        session, factories.SEALER, report.reference, signature, address="::1", now=report.expires_at
    )
    assert not isinstance(gone, authenticity.Confirmed)


def test_whoever_takes_it_is_noted_though_it_is_about_nobody(session, registry, publish, ask, cast, now):
    report = ask(publish(4, 4, 4, 4, 5))
    reporting.store(session, report, b"%PDF", now=now)
    reporting.content(session, report, actor=f"user:{cast.hana.id}", now=now)
    previews.figures(session, report, registry, actor=f"user:{cast.hana.id}", now=now)
    session.commit()
    events = session.query(AuditEvent).filter_by(action="report.read").all()
    assert [(event.subject, event.details["kind"]) for event in events] == [(f"report:{report.id}", report.kind)] * 2


def test_key_without_a_round_has_a_report_without_groups_of_raters(session, registry, bank, cast, ask, now):
    ratings = {policy.code: [4, 4, 5, 5, 4] for policy in bank.perspective}
    key = consensus_keys.publish(session, cast.hana, bank, ratings, source="By hand", now=now)
    assert "Name a group, such as a department" in said(ask(key), registry)


def test_others_may_not_ask_for_it_and_nonsense_is_not_offered(publish, ask, cast):
    key = publish(4, 4, 4, 4, 5)
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            ask(key, by=colleague)
    for wrong in ({"language": "xx"}, {"paper": "A5"}):
        with pytest.raises(NotFound):
            ask(key, **wrong)
