"""HR's benches and teams: making one, filling it, reading it, and deleting it."""

from __future__ import annotations

import pytest

from assess.models import AuditEvent, Person, Purpose, ReportFile, Roster, RosterKind, RosterMember, ShortlistEntry
from assess.services import benches, rosters
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/rosters"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def cora(session, registry, engine, cast, now):
    """Cora's assignment, scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def roster(session, cast, cora, now):
    """Return a function that makes a roster with some people on it and returns its address."""

    def make(*people, kind=RosterKind.BENCH, **options):
        options = {"position": cora.campaign.position} | options
        found = rosters.create(session, cast.hana, kind, "Leads", **options, now=now)
        rosters.add(session, cast.hana, found, people, now=now)
        session.commit()
        return f"{URL}/{found.public_id}"

    return make


def people(session, cast, now, *names, **known):
    found = [Person(organization=cast.acme, name=name, created_at=now, **known) for name in names]
    session.add_all(found)
    session.commit()
    return found


def test_empty_list_leads_to_a_position_first_and_then_to_a_bench(hana, session, registry, cast, now):
    for address in (URL, f"{URL}/new-bench"):
        assert hana.page(address).link("Add a position") == "/console/positions/new"
    factories.position(session, registry, cast.hana, now=now)
    session.commit()
    assert hana.page(URL).link("Make a bench") == f"{URL}/new-bench"
    assert "No team yet" in hana.page(f"{URL}?kind=team").text


def test_bench_is_made_filled_by_ticks_and_by_numbers_and_read(hana, session, cast, cora, now):
    people(session, cast, now, "Anna Able")
    people(session, cast, now, "Bert Baker", employee_number="E-2", email="bert@people.example")
    form = hana.page(f"{URL}/new-bench")
    refused = hana.send(form, "Make it", title="Leads")
    assert refused.status_code == 422
    assert "choose the role" in refused.page.text
    assert refused.page.form("Make it")[1]["title"] == "Leads"
    position = str(cora.campaign.position.public_id)
    made = hana.send(form, "Make it", title="Leads", position=position)
    add = hana.page(made.location)
    assert "tick at least one" in hana.send(add, "Add who is ticked").page.text
    ticked = [
        str(person.public_id) for person in (cora.person, session.query(Person).filter_by(name="Anna Able").one())
    ]
    bench = hana.page(hana.send(add, "Add who is ticked", people=ticked).location)
    assert "2 people are added." in bench.text
    unknown = hana.send(hana.page(made.location), "Add them", numbers="E-2\nE-9, E-8")
    assert "Nobody here has the number E-9, E-8." in unknown.page.text
    assert unknown.page.form("Add them")[1]["numbers"].strip() == "E-2\nE-9, E-8"
    hana.send(hana.page(made.location), "Add them", numbers=" E-2 ,")
    page = hana.page(bench.url)
    assert all(words in page.text for words in ("Cora Candidate", "assessed within the last month", "90 % interval"))
    assert "Provisional." in page.text
    assert page.text.count("No result yet.") == 2
    assert page.link("Enter an e-mail address to invite")
    assert "purpose=promotion" in page.link("Invite")
    assert "Sorted, not ranked" in hana.page(f"{bench.url}?order=match").text


def test_reading_a_bench_is_noted_for_everybody_whose_result_stands_there(hana, session, cast, cora, roster, now):
    other = factories.alike(session, cora.attempt, "Dora Dear").assignment
    url = roster(cora.person, other.person, *people(session, cast, now, "Nobody Yet"))
    hana.page(url)
    session.rollback()
    noted = {event.subject for event in session.query(AuditEvent).filter_by(action="result.read")}
    assert noted == {f"assignment:{cora.id}", f"assignment:{other.id}"}


def test_page_of_a_team_shows_no_result_so_nobody_is_told_that_theirs_was_read(hana, session, cora, roster):
    page = hana.page(roster(cora.person, kind=RosterKind.TEAM))
    assert page.link("assessed within the last month") == f"/console/assignments/{cora.public_id}"
    session.rollback()
    assert session.query(AuditEvent).filter_by(action="result.read").count() == 0


def test_long_bench_is_turned_page_by_page_in_its_order(hana, session, cast, cora, roster, now, monkeypatch):
    monkeypatch.setattr(benches, "PAGE", 1)
    page = hana.page(f"{roster(cora.person, *people(session, cast, now, 'Nobody Yet'))}?order=match")
    assert "2 found, page 1 of 2" in page.text
    assert "Nobody Yet" not in page.text
    page = hana.page(page.link("Next page"))
    assert "Nobody Yet" in page.text
    assert "assessed within the last month" not in page.text  # that is Cora
    assert "Sorted, not ranked" in page.text
    assert "The list ends before this page." in hana.page(f"{page.url}?page=3").text


def test_shortlisted_people_of_a_campaign_are_offered(hana, session, cast, cora, roster, now):
    people(session, cast, now, "Anna Able")
    session.add(ShortlistEntry(assignment=cora, user_id=cast.hana.id, added_at=now))
    url = roster()
    found = hana.page(f"{url}/members/add?campaign={cora.campaign.public_id}")
    assert "Cora Candidate" in found.text
    assert "Anna Able" not in found.text
    assert "Nobody who is not on it already is found." in hana.page(f"{url}/members/add?q=zzz").text


def test_roles_are_noted_and_people_taken_off(hana, session, cast, cora, roster, now):
    anna, bert = people(session, cast, now, "Anna Able", "Bert Baker")
    url = roster(anna, bert)
    page = hana.page(f"{url}/members")
    assert hana.send(page, "Note this role").status_code == 422
    position = cora.campaign.position
    sent = {"people": [str(anna.public_id)], "role": str(position.public_id)}
    response = hana.post(f"{url}/members", data=page.form("Note this role", **sent)[1] | {"do": "role"})
    assert "The role of 1 person is noted." in hana.page(response.location).text
    assert position.title in hana.page(url).text
    sent = page.form("Note this role", people=[str(bert.public_id)])[1] | {"do": "remove"}
    hana.post(f"{url}/members", data=sent)
    session.rollback()
    members = session.query(RosterMember).all()
    assert [(each.person.name, each.position) for each in members] == [("Anna Able", position)]


def test_promotion_report_is_asked_for_beside_the_person(hana, session, cast, cora, roster, now):
    (nobody,) = people(session, cast, now, "Nobody Yet")
    url = roster(cora.person, nobody)
    page = hana.page(url)
    action, sent = page.form("The buttons in the table", language="es")
    response = hana.post(action, data=sent | {"person": str(cora.person.public_id)})
    session.rollback()
    report = session.query(ReportFile).one()
    assert response.location == f"/console/reports/{report.public_id}"
    assert (report.kind, report.language, f"{URL}/{report.roster.public_id}") == ("promotion", "es", url)
    for wrong in ({"language": "tlh"}, {"paper": "papyrus"}):
        refused = hana.post(action, data=sent | {"person": str(cora.person.public_id)} | wrong)
        assert refused.status_code == 422
        assert "Please choose one of the options." in refused.page.text
    for person, words in ((nobody, "no promotion report on Nobody Yet"), (None, "choose whom the report is on")):
        refused = hana.post(action, data=sent | ({"person": str(person.public_id)} if person else {}))
        assert refused.status_code == 422
        assert words in refused.page.text


def test_team_report_needs_results_and_is_asked_for_on_the_team_s_page(hana, session, cast, cora, roster, now):
    url = roster(cora.person, kind=RosterKind.TEAM, position=None)
    page = hana.page(url)
    assert "1 of 1 people have a result. At least 2 are needed for a report." in page.text
    assert "Match with the role" not in page.text
    session.rollback()
    dora = factories.alike(session, cora.attempt, "Dora").assignment.person
    rosters.add(session, cast.hana, session.query(Roster).one(), [dora], now=now)
    session.commit()
    page = hana.page(url)
    assert "shown from 5 people on" in page.text
    response = hana.send(page, "Make the team report")
    session.rollback()
    report = session.query(ReportFile).one()
    assert (report.kind, response.location) == ("team", f"/console/reports/{report.public_id}")


def test_decision_is_taken_on_the_promotion_s_own_page(hana, session, cora, roster):
    cora.campaign.purpose = Purpose.PROMOTION
    page = hana.page(roster(cora.person))
    assert page.link("Record a decision") == f"/console/assignments/{cora.public_id}#decision"
    assert 'id="decision"' in hana.get(f"/console/assignments/{cora.public_id}").text


def test_bench_is_renamed_and_deleted(hana, session, cora, roster):
    url = roster(cora.person)
    form = hana.page(f"{url}/facts")
    assert hana.send(form, "Keep this", title=" ").status_code == 422
    page = hana.page(hana.send(form, "Keep this", title="Leads 2028", names_others="y").location)
    assert "Leads 2028 is changed." in page.text
    assert "Reports on one person name the others." in page.text
    assert hana.post(f"{url}/deletion", data=page.form("Delete")[1]).status_code == 422  # not the button
    data = page.form("Delete")[1] | {"do": "delete"}
    response = hana.post(f"{url}/deletion", data=data)
    assert "Leads 2028 is deleted." in hana.page(response.location).text
    session.rollback()
    assert session.query(Roster).count() == 0
    assert session.query(Person).filter(Person.erased_at.is_(None)).count() == 1


def test_another_organisation_s_people_cannot_be_put_on_a_bench(hana, session, cast, cora, roster, now):
    stranger = Person(organization=cast.birch, name="Stranger", created_at=now)
    session.add(stranger)
    url = roster(cora.person)
    page = hana.page(f"{url}/members")
    data = page.form("Note this role")[1] | {"people": [str(stranger.public_id)]}
    assert hana.post(f"{url}/members/add", data=data).status_code == 404
    assert hana.post(f"{url}/members", data=data | {"do": "role"}).status_code == 422
    session.rollback()
    assert session.query(RosterMember).count() == 1
