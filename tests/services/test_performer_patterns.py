"""Patterns from top performers: what comes first, what is refused, and what has to be answered."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import Assignment, Campaign, ParameterSet, PatternOrigin, Purpose, Result, SurveyKind
from assess.services import measured_people, performer_patterns, proposals, survey_people, surveys
from tests import factories
from tests.services import experts
from tests.services.performers import N_OTHERS, N_TOP, TRUST, House, marks, said


@pytest.fixture
def house(session, registry, engine, cast, now):
    first = factories.scored(session, registry, engine, cast.hana, values={}, now=now - timedelta(hours=1))
    return House(session, cast.hana, first)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def staff(house, rng):
    return house.staff(rng)


@pytest.fixture
def study(session, cast, house, now):
    """Return a function that has people rated, fixes a third as top and closes the survey."""

    def make(*ratings, percent=33, closed=True):
        survey = experts.rated(session, cast.hana, house.position, ratings, now=now)
        if percent is not None:
            performer_patterns.fix_share(session, cast.hana, survey, percent, now=now)
        if closed:
            surveys.close(session, cast.hana, survey, now=now)
        return survey

    return make


@pytest.fixture
def propose(session, registry, now):
    return lambda survey: performer_patterns.proposal_of(session, survey, registry, now=now)


def applicants(house, rng, n=60, *, spread=2.0):
    return house.people(rng.normal(5.5, spread, (n, 6)))


def test_share_is_fixed_before_anything_is_seen_and_for_good(session, cast, house, staff, study, propose, now):
    survey = study(marks(staff), percent=None)
    with pytest.raises(Refused, match="Say first which share"):
        propose(survey)
    with pytest.raises(Refused, match="between 10 and 50"):
        performer_patterns.fix_share(session, cast.hana, survey, 60, now=now)
    with pytest.raises(NotAllowed):
        performer_patterns.fix_share(session, cast.cole, survey, 33, now=now)
    for _ in range(2):
        performer_patterns.fix_share(session, cast.hana, survey, 33, now=now)
    with pytest.raises(Refused, match="fixed at 33 per cent"):
        performer_patterns.fix_share(session, cast.hana, survey, 25, now=now)
    assert survey.top_percent == 33


def test_nobody_looks_while_ratings_come_in_nor_goes_on_after_looking(session, registry, cast, staff, study, propose):
    survey = study(marks(staff), closed=False)
    with pytest.raises(Refused, match="Close the survey before you look"):
        propose(survey)
    over = survey.closes_at
    performer_patterns.proposal_of(session, survey, registry, now=over)
    with pytest.raises(Refused, match="no more answers are taken"):
        surveys.extend(session, cast.hana, survey, (over + timedelta(days=9)).date(), now=over)


def test_people_assessed_after_the_survey_change_no_figure(house, staff, rng, study, propose, now):
    """Else whoever looks could stop when it suits, or tell from a change to which group somebody new belongs."""
    applicants(house, rng, n=40)
    survey = study(marks(staff), marks(staff))
    seen = propose(survey)
    for late in (*applicants(house, rng, n=20), *house.again(staff[:1], 1.0)):
        late.attempt.submitted_at = now + timedelta(hours=1)
    assert propose(survey).digest == seen.digest
    assert seen.evidence["n_applicants"] == 40


def test_what_was_answered_for_coaching_makes_no_pattern(session, cast, house, staff, study, propose, now):
    """People are told that no job depends on it."""
    survey = study(marks(staff))
    for campaign in session.query(Campaign):
        campaign.purpose = Purpose.COACHING
    session.flush()
    with pytest.raises(Refused, match="both rated and assessed"):
        propose(survey)
    assert survey_people.people_with_results(session, cast.hana, house.position) == []


def test_result_counts_by_when_it_was_handed_in_not_by_when_it_was_scored(session, house, now):
    """Scored again with other parameters, an old result is no newer."""
    [first] = house.people([[5.5] * 6])
    [second] = house.again([first.person], 9.0)
    first.attempt.started_at = first.attempt.submitted_at = now - timedelta(days=900)
    session.query(Result).filter_by(attempt_id=first.attempt.id).one().scored_at = now + timedelta(days=1)
    session.flush()
    query = measured_people.standing(house.hana.organization_id, until=now)
    [found] = [row for row in measured_people.newest(session, query) if row.person_id == first.person_id]
    assert found.assignment_id == second.id


def test_fewer_than_thirty_and_thirty_are_refused_with_their_numbers(staff, study, propose):
    few = {person: mark for person, mark in marks(staff).items() if person in staff[:20] + staff[40:70]}
    with pytest.raises(Refused, match=r"30 top performers and 30 others.* here are 20 and 30.* ask experts"):
        propose(study(few))


def test_nobody_both_rated_and_assessed_is_refused(session, house, study, propose, now):
    stranger = factories.Person(organization_id=house.hana.organization_id, name="New", created_at=now)
    session.add(stranger)
    session.flush()
    with pytest.raises(Refused, match="both rated and assessed"):
        propose(study({stranger: 4}))


def test_range_changes_where_the_bound_is_above_a_half_and_nowhere_else(
    session, house, staff, rng, study, propose, cast, now
):
    applicants(house, rng)
    proposal = propose(study(marks(staff), marks(staff)))
    before = house.position.pattern.targets
    changed = [each for each in proposal.evidence["scales"] if each["changed"]]
    assert [each["scale"] for each in changed] == [before[TRUST]["scale"]]
    assert changed[0]["auc"][1] > 0.5
    assert all(each["auc"][1] <= 0.5 for each in proposal.evidence["scales"] if not each["changed"])
    assert [target.model_dump() for target in proposal.targets[1:]] == before[1:]
    assert 6 <= proposal.targets[TRUST].low <= 8
    assert (proposal.evidence["n_top"], proposal.evidence["n_others"]) == (N_TOP, N_OTHERS)
    assert proposal.evidence["ratings"]["average"] == pytest.approx(1)
    assert proposal.objections == ()
    version = proposals.adopt(session, cast.hana, proposal, proposal.targets, reason="r", seen=proposal.digest, now=now)
    assert (version.origin, version.version) == (PatternOrigin.PERFORMERS, 2)


def test_same_survey_proposes_the_same_every_time(house, staff, rng, study, propose):
    applicants(house, rng)
    survey = study(marks(staff), marks(staff))
    assert propose(survey).digest == propose(survey).digest


def test_where_top_performers_do_not_differ_nothing_changes(session, cast, house, rng, study, propose, now):
    people = [each.person for each in house.people(rng.normal(5.5, 2, (100, 6)))]
    proposal = propose(study(marks(people), marks(people)))
    assert not proposal.changes_something
    assert all(not each["changed"] and each["auc"][1] <= 0.5 for each in proposal.evidence["scales"])
    with pytest.raises(Refused, match="Nothing would change"):
        proposals.adopt(
            session, cast.hana, proposal, proposal.targets, reason="r", answer="a", seen=proposal.digest, now=now
        )


def test_ratings_and_range_that_cannot_be_relied_on_are_answered_before_release(
    session, cast, staff, study, propose, now
):
    proposal = propose(study(marks(staff)))
    assert "no two raters" in proposal.objections[0]
    assert "fewer than 30 other people" in proposal.objections[1]
    release = {"reason": "r", "seen": proposal.digest, "now": now}
    with pytest.raises(Refused, match="answer what stands against"):
        proposals.adopt(session, cast.hana, proposal, proposal.targets, **release)
    version = proposals.adopt(session, cast.hana, proposal, proposal.targets, answer="One team lead", **release)
    assert version.evidence["answer"] == "One team lead"
    assert version.evidence["objections"] == list(proposal.objections)


def test_raters_who_disagree_or_rated_other_people_are_named(staff, rng, study, propose):
    assert "ratings are unreliable" in propose(study(marks(staff), marks(staff, noise=rng))).objections[0]
    half = dict(list(marks(staff).items())[:50])
    assert "Not everybody was rated by the same raters" in propose(study(marks(staff), half)).objections[0]


def test_narrow_people_beside_wide_applicants_are_range_restriction(house, staff, rng, study, propose):
    applicants(house, rng, spread=4.0)
    objections = propose(study(marks(staff), marks(staff))).objections
    assert len(objections) == 1
    assert "differ clearly less among themselves than applicants" in objections[0]


def test_group_that_falls_below_four_fifths_by_the_new_pattern_is_shown_and_answered(
    session, house, staff, rng, study, propose, now
):
    """Women here lie in the range for trust that is in force, men in the new one."""
    positions = rng.normal(5.5, 2, (200, 6))
    positions[:100, TRUST] = rng.normal(5, 1, 100)
    positions[100:, TRUST] = rng.normal(8.5, 1, 100)
    people = house.people(positions)
    said(session, people[:100], "woman", now)
    said(session, people[100:], "man", now)
    proposal = propose(study(marks(staff), marks(staff)))
    [shown] = proposal.evidence["impact"]
    assert shown["question"] == "How do you describe your gender?"
    assert [(each["group"], each["n"]) for each in shown["groups"]] == [
        ("Man", 100),
        ("Woman", 100),
    ]  # to the nearest five
    assert shown["newly"] == ["Woman"]
    woman = shown["groups"][1]
    assert woman["flagged"] == [False, True]
    assert all(round(100 * each) % 5 == 0 for each in (*woman["rates"], *woman["ratios"]))
    assert woman["ratios"][1] <= 0.75
    assert "the group “Woman”" in proposal.objections[-1]


def test_groups_and_cells_of_fewer_than_five_are_not_shown(session, house, staff, rng, study, propose, now):
    people = applicants(house, rng, n=80)
    said(session, people[:60], "woman", now)
    said(session, people[60:68], "man", now)
    said(session, people[68:72], "another", now)
    [shown] = propose(study(marks(staff), marks(staff))).evidence["impact"]
    assert shown["groups"] == []  # of eight men fewer than five are taken, or are not
    assert "binary" not in str(shown)


def test_results_on_another_metric_are_left_out_and_counted(session, house, staff, study, propose):
    known = session.query(ParameterSet).first()
    columns = {c.key: getattr(known, c.key) for c in ParameterSet.__table__.columns if c.key not in ("id", "checksum")}
    other = ParameterSet(**columns, checksum="other")
    session.add(other)
    session.flush()
    moved = select(Result).join(Result.attempt).join(Assignment).where(Assignment.person_id == staff[-1].id)
    session.scalars(moved).one().parameter_set = other
    session.flush()
    evidence = propose(study(marks(staff), marks(staff))).evidence
    assert evidence["left_out"]["other_metric"] == 1
    assert evidence["n_top"] + evidence["n_others"] == len(staff) - 1
    assert evidence["metric"]["is_provisional"]
    assert evidence["metric"]["norm"] is None


def test_other_kinds_of_surveys_have_no_top_performers(session, cast, house, registry, propose, now):
    survey = experts.asked_about(session, cast.hana, house.position, [], now=now)
    assert survey.kind is SurveyKind.JOB
    with pytest.raises(NotFound):
        propose(survey)
    with pytest.raises(NotFound):
        performer_patterns.fix_share(session, cast.hana, survey, 33, now=now)


def test_least_share_is_that_of_thirty_on_top(session, house, staff, study):
    survey = study(marks(staff), percent=None, closed=False)
    assert performer_patterns.n_measured(session, survey) == len(staff)
    assert [performer_patterns.least_share(n) for n in (59, 60, 100, 300)] == [None, 50, 30, 10]
