"""The report on a leader's self-check: made when handed in, given to the leader, and known to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import NotFound, Refused
from assess.models import LeaderReport, SurveyKind
from assess.services import (
    authenticity,
    database,
    erasure,
    finding,
    held_data,
    jobs,
    leader_reports,
    retention,
    survey_places,
    surveys,
)
from assess.services.authenticity import Confirmed, Gone
from assess.services.invitations import Invitee
from reports.rendering import RenderingFailed
from tests import factories

WEEK = timedelta(days=7)


@pytest.fixture
def lena(session, registry, cast, now):
    """Lena's place in a round of self-checks; she has answered and not handed in."""
    survey = surveys.create(session, cast.hana, SurveyKind.LEADER, title="Leaders", until=(now + WEEK).date(), now=now)
    place = survey_places.invite(session, cast.hana, survey, Invitee("Lena Leader", "lena@people.example"), now=now)
    codes = [each.code for each in registry.surveys.leader.statement]
    surveys.save(session, place, {(None, code): 4 for code in codes}, now=now)
    return place


@pytest.fixture
def make(session, engine, registry, now):
    """Return a function that does the job as a worker does."""
    sessions = sessionmaker(database.writing(engine))

    def do(place, *, render=lambda *_: b"%PDF of Lena"):
        ids = {"place_id": place.id}
        session.commit()
        kind = factories.shop(registry, render=render).kinds()[surveys.LEADER_REPORT]
        jobs.perform(sessions, kind, ids, clock=lambda: now)
        session.expire_all()

    return do


def test_report_is_made_once_and_the_leader_s_link_gives_it(session, lena, make, now):
    with pytest.raises(NotFound):
        leader_reports.content(session, lena)
    surveys.submit(session, lena, now=now)
    with pytest.raises(Refused, match="still being made"):
        leader_reports.content(session, lena)
    seen = []
    make(lena, render=lambda html, dated: seen.append((html, dated)) or b"%PDF of Lena")
    make(lena, render=lambda *_: pytest.fail("it is made already"))
    reference, pdf = leader_reports.content(session, lena)
    ((html, dated),) = seen
    assert pdf == b"%PDF of Lena"
    assert dated == now
    assert reference in html
    assert "Lena Leader" in html
    assert leader_reports.report_of(session, lena).finished_at == now


def test_what_is_not_handed_in_is_not_made(session, lena, make):
    make(lena, render=lambda *_: pytest.fail("nothing was handed in"))
    assert session.query(LeaderReport).count() == 0


def test_leader_is_told_why_it_was_not_made_and_a_later_try_may_succeed(session, lena, make, now):
    surveys.submit(session, lena, now=now)
    leader_reports.give_up(session, lena, "It took too long.", now=now)
    with pytest.raises(Refused, match="took too long"):
        leader_reports.content(session, lena)
    make(lena)
    assert leader_reports.report_of(session, lena).failure is None
    assert leader_reports.content(session, lena)[1] == b"%PDF of Lena"


def test_failing_to_render_ends_with_a_sentence_for_the_leader(session, registry, lena, now):
    surveys.submit(session, lena, now=now)
    kind = factories.shop(registry).kinds()[surveys.LEADER_REPORT]
    kind.regret(session, place_id=lena.id, error=RenderingFailed("It took longer than 20 seconds."), now=now)
    assert "longer than 20 seconds" in leader_reports.report_of(session, lena).failure


def test_authenticity_says_that_it_is_genuine_and_not_what_it_is(session, registry, lena, make, now):
    surveys.submit(session, lena, now=now)
    make(lena)
    row, sealer = leader_reports.report_of(session, lena), factories.shop(registry).sealer
    signed = (sealer, row.reference, sealer.signature(row.reference))
    found = authenticity.confirm(session, *signed, address="::1", now=now)
    assert isinstance(found, Confirmed)
    assert (found.kind, found.organization, found.sha256) == ("", "Acme", row.sha256)
    erasure.erase(session, [lena.person], actor="worker", now=now)
    assert authenticity.confirm(session, *signed, address="::1", now=now) == Gone(signed[1])


def test_no_search_finds_it(session, cast, lena, make, now):
    surveys.submit(session, lena, now=now)
    make(lena)
    reference = leader_reports.report_of(session, lena).reference
    assert finding.find(session, cast.hana, reference).is_empty


def test_it_goes_with_the_person_and_what_is_being_made_is_not_kept(session, lena, make, now):
    surveys.submit(session, lena, now=now)
    make(lena)
    erasure.erase(session, [lena.person], actor="worker", now=now)
    assert session.query(LeaderReport).count() == 0
    make(lena, render=lambda *_: pytest.fail("there is nobody whom it could be about"))
    assert session.query(LeaderReport).count() == 0


def test_it_goes_with_its_time_although_the_person_stays(session, cast, lena, make, now):
    surveys.submit(session, lena, now=now)
    make(lena)
    later = surveys.create(
        session, cast.hana, SurveyKind.LEADER, title="Again", until=(now + 60 * WEEK).date(), now=now + 59 * WEEK
    )
    surveys.ask(session, cast.hana, later, lena.person, now=now + 59 * WEEK)
    session.flush()
    assert retention.enforce(session, now=now + 104 * WEEK).reports == 0
    assert retention.enforce(session, now=now + 106 * WEEK).reports == 1
    session.expire_all()
    assert lena.person.erased_at is None
    assert surveys.sheet_of(session, lena).values == {}


def test_leader_s_own_copy_names_it(session, registry, lena, make, now):
    surveys.submit(session, lena, now=now)
    make(lena)
    (held,) = held_data.held_about(session, lena.person, registry, now=now)["surveys"]
    assert held["report"]["reference"] == leader_reports.report_of(session, lena).reference
    assert held["answers"][0]["words"] == "Agree"
