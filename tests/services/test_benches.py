"""The people of a bench beside its role: in an order that ranks nobody, with what keeps numbers apart said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Basis, NormGroup, Outcome, ParameterSet, Purpose, Result, RosterKind
from assess.scoring.readiness import readiness
from assess.services import benches, decisions, positions, results, rosters
from assess.services.benches import Order
from assess.services.positions import targets_of
from tests import factories


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's attempt, scored for her position."""
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def bench(session, cast, cora, now):
    """A bench for the position that Cora was assessed for, with her on it."""
    role = cora.assignment.campaign.position
    found = rosters.create(session, cast.hana, RosterKind.BENCH, "Leads", position=role, now=now)
    rosters.add(session, cast.hana, found, [cora.assignment.person], now=now)
    return found


@pytest.fixture
def joined(session, cast, cora, bench, now):
    """Return a function that puts somebody with Cora's result, but another median, on the bench."""

    def join(name, median=None):
        attempt = factories.alike(session, cora, name)
        if median is not None:
            row = result_of(session, attempt)
            row.match, row.match_median = {**row.match, "median": median}, median
        rosters.add(session, cast.hana, bench, [attempt.assignment.person], now=now)
        session.flush()
        return attempt

    return join


def result_of(session, attempt):
    return session.query(Result).filter_by(attempt_id=attempt.id, superseded_at=None).one()


def places(session, registry, cast, bench, now, **options):
    session.expire_all()
    found = benches.bench_of(session, cast.hana, bench, registry, **options, now=now).listing.rows
    return {place.member.person.name: place for place in found}


def test_people_come_by_name_and_on_request_nearest_first(session, registry, cast, bench, joined, now):
    joined("Anna", 0.4)
    joined("Bert", 0.99)
    missing = joined("Aaron")
    row = result_of(session, missing)
    row.match = row.match_median = None
    row.scales[0].position = row.scales[0].sem = row.scales[0].sten = row.scales[0].theta = None
    session.flush()
    assert list(places(session, registry, cast, bench, now)) == ["Aaron", "Anna", "Bert", "Cora Candidate"]
    by_match = places(session, registry, cast, bench, now, order=Order.MATCH)
    assert list(by_match)[-1] == "Aaron"
    medians = [place.standing.target.match.median for name, place in by_match.items() if name != "Aaron"]
    assert medians == sorted(medians, reverse=True)
    assert medians[0] == 0.99
    assert by_match["Aaron"].refusal == "There is no match: too few statements were answered on trust."


def test_match_is_the_stored_one_for_the_same_pattern_and_computed_for_another(
    session, registry, cast, cora, bench, now
):
    other = factories.position(session, registry, cast.hana, "Claims", family="claims-handler", now=now)
    person = cora.assignment.person
    rosters.set_present_role(session, cast.hana, bench, person, other, now=now)
    (place,) = places(session, registry, cast, bench, now).values()
    reading = results.read(result_of(session, cora), registry)
    assert place.standing.target.match == reading.match
    whole = readiness(reading.result, targets_of(bench.position.pattern), seed=results.seed_of(cora))
    assert place.standing.target.gaps == whole.gaps
    expected = readiness(reading.result, targets_of(other.pattern), seed=results.seed_of(cora))
    assert place.standing.present == expected
    assert expected.match != reading.match


def test_match_with_another_role_is_the_one_of_the_whole_result(session, registry, cast, cora, bench, joined, now):
    joined("Anna")
    normed = result_of(session, joined("Nora"))
    scales = {each.scale: [0.1, 1.2] for each in normed.scales}
    normed.norm_group = NormGroup(
        edition="general", name="Staff", version="1", source="Test", n=900, collected=now.date(), scales=scales,
        created_at=now,
    )  # fmt: skip
    bench.position = factories.position(session, registry, cast.hana, "Claims", family="claims-handler", now=now)
    session.flush()
    found = places(session, registry, cast, bench, now)
    for place in found.values():
        reading, seed = place.standing.reading, results.seed_of(place.standing.row.attempt)
        assert place.standing.target == readiness(reading.result, targets_of(bench.position.pattern), seed=seed)
    assert len({place.standing.target.match for place in found.values()}) == 3


def test_long_bench_has_pages_and_places_among_all(session, registry, cast, bench, joined, now, monkeypatch):
    monkeypatch.setattr(benches, "PAGE", 2)
    for name, median in (("Anna", 0.4), ("Bert", 0.99)):
        joined(name, median)
    session.expire_all()
    pages = [
        benches.bench_of(session, cast.hana, bench, registry, order=Order.MATCH, page=page, now=now)
        for page in (1, 2, 3)
    ]
    names = [[place.member.person.name for place in page.listing.rows] for page in pages]
    assert names == [["Bert", "Cora Candidate"], ["Anna"], []]
    assert [page.listing.has_more for page in pages] == [True, False, False]
    assert [page.n_results for page in pages] == [3, 3, 3]
    assert pages[1].standings[0].places.of == 3


def test_newer_pattern_of_the_role_counts(session, registry, cast, cora, bench, now):
    targets = [each.model_copy(update={"low": 1, "high": 2}) for each in targets_of(bench.position.pattern)]
    positions.revise(session, cast.hana, bench.position, targets, source="Test", reason="Stricter", now=now)
    (place,) = places(session, registry, cast, bench, now).values()
    assert place.standing.target.gaps[0].target.high == 2


def test_places_stay_open_where_intervals_overlap(session, registry, cast, bench, joined, now):
    joined("Anna")
    found = places(session, registry, cast, bench, now)
    assert {(each.standing.places.best, each.standing.places.worst) for each in found.values()} == {(1, 2)}


def test_newest_result_counts(session, registry, cast, cora, bench, now):
    before = factories.earlier(session, cora, timedelta(days=400))
    assert before.id > cora.id
    (place,) = places(session, registry, cast, bench, now).values()
    assert place.standing.row.attempt_id == cora.id


def test_answers_for_coaching_choose_nobody_and_who_has_no_result_is_named(
    session, registry, cast, cora, bench, joined, now
):
    coached = joined("Anna").assignment
    coached.campaign = factories.assignment(session, registry, cast.hana, name="Other", now=now).campaign
    coached.campaign.purpose = Purpose.COACHING
    waiting = factories.assignment(session, registry, cast.hana, name="Wanda Waiting", now=now)
    waiting.campaign.purpose = Purpose.PROMOTION
    rosters.add(session, cast.hana, bench, [waiting.person], now=now)
    session.flush()
    found = places(session, registry, cast, bench, now)
    assert (found["Anna"].standing, found["Anna"].refusal) == (None, benches.COACHED)
    assert (found["Wanda Waiting"].standing, found["Wanda Waiting"].refusal) == (None, benches.NO_RESULT)
    assert found["Wanda Waiting"].promotion.assignment == waiting
    assert found["Cora Candidate"].promotion is None


@pytest.mark.parametrize("other", ["parameters", "norm"])
def test_who_stands_on_other_ground_is_not_laid_beside_the_rest(
    session, registry, cast, cora, bench, joined, now, other
):
    joined("Anna")
    odd = result_of(session, joined("Odd"))
    if other == "parameters":
        kept = {each.key: getattr(odd.parameter_set, each.key) for each in ParameterSet.__mapper__.column_attrs}
        new = {"id": None, "checksum": "other", "content": {**kept["content"], "version": "another"}}
        odd.parameter_set = ParameterSet(**kept | new)
    else:
        scales = {each.scale: [0.0, 1.0] for each in odd.scales}
        odd.norm_group = NormGroup(
            edition="general", name="Staff", version="1", source="Test", n=900, collected=now.date(), scales=scales,
            created_at=now,
        )  # fmt: skip
    session.flush()
    found = places(session, registry, cast, bench, now)
    assert found["Odd"].refusal == benches.OTHER_GROUND
    assert found["Odd"].standing.places is None
    assert {found[name].refusal for name in ("Anna", "Cora Candidate")} == {""}
    assert found["Anna"].standing.places.of == 2
    odd.match, odd.pattern_version = {**odd.match, "median": 1.0}, bench.position.pattern
    session.flush()
    assert list(places(session, registry, cast, bench, now, order=Order.MATCH))[-1] == "Odd"


def test_newest_decision_on_a_promotion_stands_beside_the_person(session, registry, cast, cora, bench, now):
    cora.assignment.campaign.purpose = Purpose.PROMOTION
    for outcome in (Outcome.RESERVE, Outcome.PROMOTE):
        decisions.record(
            session, cast.hana, cora.assignment, outcome, f"Talked: {outcome}", bases=[Basis.INTERVIEW], now=now
        )
    (place,) = places(session, registry, cast, bench, now).values()
    assert place.decision.outcome is Outcome.PROMOTE


def test_team_says_what_was_handed_in_last_and_reads_no_result(
    session, registry, cast, cora, bench, joined, now, count_queries
):
    factories.earlier(session, cora, timedelta(days=400))
    coached = joined("Anna").assignment
    coached.campaign = factories.assignment(session, registry, cast.hana, name="Other", now=now).campaign
    coached.campaign.purpose = Purpose.COACHING
    team, counts = factories.roster(session, cast.hana, coached.person, kind=RosterKind.TEAM, now=now), []
    for names in ((), ("Bert", "Dora")):
        people = [cora.assignment.person, *(joined(name).assignment.person for name in names)]
        rosters.add(session, cast.hana, team, people, now=now)
        session.flush()
        session.expire_all()
        cast.hana.roles  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            found = {place.member.person.name: place for place in benches.team_of(session, cast.hana, team)}
        counts.append(counter.count)
    assert counts[0] == counts[1]
    assert (found["Anna"].newest, found["Anna"].refusal) == (None, benches.COACHED)
    newest = found["Cora Candidate"].newest
    assert (newest.public_id, newest.handed_in) == (cora.assignment.public_id, cora.submitted_at)
    assert not [each for each in session.identity_map.values() if isinstance(each, Result)]


def test_bench_takes_a_constant_number_of_queries(session, registry, cast, bench, joined, now, count_queries):
    counts = []
    for names in (["Anna"], ["Bert", "Dora", "Emil"]):
        for name in names:
            member = joined(name).assignment.person
            rosters.set_present_role(session, cast.hana, bench, member, bench.position, now=now)
        session.flush()
        session.expire_all()
        cast.hana.roles, bench.position.versions  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            found = benches.bench_of(session, cast.hana, bench, registry, now=now)
            assert all(place.standing.target.match for place in found.listing.rows)
        counts.append(counter.count)
    assert len(found.listing.rows) == 5
    assert counts[0] == counts[1]
