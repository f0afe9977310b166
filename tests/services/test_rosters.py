"""Benches and teams: made, filled, noted and deleted by HR alone; people leave them when they are erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import Assignment, AuditEvent, Person, ReportFile, Roster, RosterKind, RosterMember, ShortlistEntry
from assess.services import access, erasure, retention, roster_lists, rosters
from assess.services.access import Permission
from assess.services.held_data import held_about
from assess.services.person_lists import Only
from tests import factories


@pytest.fixture
def lead(session, registry, cast, now):
    return factories.position(session, registry, cast.hana, "Team lead", now=now)


@pytest.fixture
def bench(session, cast, lead, now):
    return rosters.create(session, cast.hana, RosterKind.BENCH, "Leads 2027", position=lead, now=now)


@pytest.fixture
def people(session, cast, now):
    """Anna, Bert and Cora, in no order."""
    found = [Person(organization=cast.acme, name=name, created_at=now) for name in ("Cora", "Anna", "Bert")]
    session.add_all(found)
    session.flush()
    return found


def on(session, cast, roster):
    return [member.person.name for member in roster_lists.members_of(session, cast.hana, roster)]


def test_bench_has_a_target_role_and_a_team_need_not(session, cast, lead, now):
    with pytest.raises(Refused, match="one target role"):
        rosters.create(session, cast.hana, RosterKind.BENCH, "Leads", position=None, now=now)
    assert rosters.create(session, cast.hana, RosterKind.TEAM, " Night\tshift ", position=None, now=now).title == (
        "Night shift"
    )
    with pytest.raises(Refused, match="already a team called Night shift"):
        rosters.create(session, cast.hana, RosterKind.TEAM, "night SHIFT", position=lead, now=now)
    assert rosters.create(session, cast.hana, RosterKind.BENCH, "Night shift", position=lead, now=now)


def test_another_organisation_s_role_people_and_rosters_are_not_there(session, registry, cast, bench, people, now):
    theirs = factories.position(session, registry, cast.otto, now=now)
    stranger = Person(organization=cast.birch, name="Stranger", created_at=now)
    session.add(stranger)
    rosters.add(session, cast.hana, bench, people[:1], now=now)
    session.flush()
    with pytest.raises(NotFound):
        rosters.create(session, cast.hana, RosterKind.TEAM, "Mixed", position=theirs, now=now)
    with pytest.raises(NotFound):
        rosters.add(session, cast.hana, bench, [stranger], now=now)
    with pytest.raises(NotFound):
        rosters.set_present_role(session, cast.hana, bench, people[0], theirs, now=now)
    with pytest.raises(NotFound):
        access.get_roster(session, cast.otto, bench.public_id, Permission.ROSTER_READ)
    assert roster_lists.rosters_of(session, cast.otto).rows == []
    assert stranger not in roster_lists.offered(session, cast.hana, bench).people


def test_people_are_added_once_noted_and_taken_off(session, cast, bench, lead, people, now):
    assert rosters.add(session, cast.hana, bench, people[:2], now=now) == 2
    assert rosters.add(session, cast.hana, bench, people, now=now) == 1
    assert on(session, cast, bench) == ["Anna", "Bert", "Cora"]
    rosters.set_present_role(session, cast.hana, bench, people[0], lead, now=now)
    rosters.set_present_role(session, cast.hana, bench, people[0], lead, now=now)
    rosters.remove(session, cast.hana, bench, people[1], now=now)
    rosters.remove(session, cast.hana, bench, people[1], now=now)
    members = roster_lists.members_of(session, cast.hana, bench)
    assert [(each.person.name, each.position) for each in members] == [("Bert", None), ("Cora", lead)]
    session.commit()
    noted = [event.action for event in session.query(AuditEvent).filter_by(subject=f"person:{people[1].id}")]
    assert noted == ["roster.joined", "roster.left"]
    assert session.query(AuditEvent).filter_by(action="roster.role-noted").count() == 1


def test_full_roster_takes_nobody_more(session, cast, bench, people, now, monkeypatch):
    monkeypatch.setattr(rosters, "MOST", 2)
    with pytest.raises(Refused, match="room for 2"):
        rosters.add(session, cast.hana, bench, people, now=now)
    assert on(session, cast, bench) == []


def test_only_hr_works_with_rosters(session, cast, bench, people, lead, now):
    use_cases = (
        lambda user: rosters.create(session, user, RosterKind.TEAM, "Mine", position=None, now=now),
        lambda user: rosters.revise(session, user, bench, "Mine", position=lead, names_others=True, now=now),
        lambda user: rosters.add(session, user, bench, people, now=now),
        lambda user: rosters.remove(session, user, bench, people[0], now=now),
        lambda user: rosters.set_present_role(session, user, bench, people[0], lead, now=now),
        lambda user: rosters.remove_all(session, user, bench, now=now),
        lambda user: roster_lists.rosters_of(session, user),
        lambda user: roster_lists.members_of(session, user, bench),
        lambda user: roster_lists.offered(session, user, bench),
    )
    for use_case in use_cases:
        for user in (cast.cole, cast.ada):
            with pytest.raises(NotAllowed):
                use_case(user)


def test_erased_people_leave_and_the_roster_stays(session, cast, bench, people, now):
    rosters.add(session, cast.hana, bench, people, now=now)
    erasure.erase(session, people[1:], actor="worker", now=now)
    session.expire_all()
    assert on(session, cast, bench) == ["Cora"]
    with pytest.raises(Refused, match="erased meanwhile"):
        rosters.add(session, cast.hana, bench, people[1:2], now=now)


def test_deleted_roster_leaves_people_and_finished_reports(session, cast, bench, people, now):
    rosters.add(session, cast.hana, bench, people, now=now)
    report = ReportFile(
        organization_id=cast.acme.id, roster_id=bench.id, kind="team", reference="R-1111-1111", program_version="1",
        inputs_hash="x", requested_at=now, expires_at=now + timedelta(days=9),
    )  # fmt: skip
    session.add(report)
    session.flush()
    with pytest.raises(Refused, match="being made"):
        rosters.remove_all(session, cast.hana, bench, now=now)
    report.finished_at = now
    rosters.remove_all(session, cast.hana, bench, now=now)
    session.expire_all()
    assert (session.query(Roster).count(), session.query(RosterMember).count()) == (0, 0)
    assert session.query(Person).filter(Person.erased_at.is_(None)).count() == 3
    assert report.roster_id is None


def test_list_counts_people_and_results_in_a_constant_number_of_queries(
    session, registry, engine, cast, bench, people, now, count_queries
):
    scored = factories.scored(session, registry, engine, cast.hana, now=now)
    rosters.add(session, cast.hana, bench, [*people, scored.assignment.person], now=now)
    counts = []
    for titles in (["A", "B"], ["C", "D", "E"]):
        for title in titles:
            rosters.create(session, cast.hana, RosterKind.TEAM, title, position=bench.position, now=now)
        session.expire_all()
        cast.hana.roles  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            rows = roster_lists.rosters_of(session, cast.hana).rows
            assert {row.roster.position.title for row in rows} == {"Team lead"}
        counts.append(counter.count)
    assert [(row.roster.title, row.n_people, row.n_results) for row in rows][-1] == ("Leads 2027", 4, 1)
    assert counts[0] == counts[1]
    benches = roster_lists.rosters_of(session, cast.hana, kind=RosterKind.BENCH).rows
    assert [row.roster for row in benches] == [bench]


def test_offered_is_who_is_not_on_it_and_on_request_who_is_shortlisted(session, registry, cast, bench, people, now):
    assignment = factories.assignment(session, registry, cast.hana, name="Dora Dear", now=now)
    session.add(ShortlistEntry(assignment=assignment, user_id=cast.hana.id, added_at=now))
    rosters.add(session, cast.hana, bench, people[:1], now=now)
    people[1].employee_number = "E-1"
    session.flush()

    def offered(**options):
        return [person.name for person in roster_lists.offered(session, cast.hana, bench, **options).people]

    assert offered() == ["Anna", "Bert", "Dora Dear"]
    assert offered(sought="dear") == ["Dora Dear"]
    assert offered(only=[Only.INTERNAL]) == ["Anna"]
    assert roster_lists.campaigns_with_shortlists(session, cast.hana) == [assignment.campaign]
    assert offered(campaign=assignment.campaign) == ["Dora Dear"]
    assert roster_lists.campaigns_with_shortlists(session, cast.otto) == []


def test_person_s_copy_says_on_which_benches_and_teams_they_are(session, registry, cast, bench, lead, people, now):
    rosters.add(session, cast.hana, bench, people, now=now)
    rosters.set_present_role(session, cast.hana, bench, people[1], lead, now=now)
    session.commit()
    held = held_about(session, people[1], registry, now=now)
    assert held["rosters"] == [
        {
            "kind": "bench",
            "title": "Leads 2027",
            "role": "Team lead",
            "present_role": "Team lead",
            "since": now.isoformat(),
        }
    ]
    assert [event["explanation"] for event in held["events"]] == [
        "You were put on a bench or in a team.",
        "The role that you have now was noted.",
    ]
    assert "Bert" not in str(held)


def test_retention_reaches_people_on_rosters(session, cast, bench, people, now):
    """Being on a bench keeps nobody's data for longer than was promised."""
    rosters.add(session, cast.hana, bench, people, now=now)
    session.commit()
    retention.enforce(session, now=now + timedelta(days=366 * 3))
    session.commit()
    assert session.query(RosterMember).count() == 0
    assert session.query(Assignment).count() == 0
    assert session.get(Roster, bench.id) is not None
