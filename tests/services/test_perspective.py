"""How far raters of a round agree, what is told of them and when, and their answers published as a key."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound, Refused
from assess.models import AuditEvent, SurveyKind
from assess.services import access, consensus_keys, erasure, key_versions, perspective, surveys
from assess.services.access import Permission
from assess.services.perspective import Readiness
from tests import factories


@pytest.fixture
def bank(registry):
    return registry.newest("general")


@pytest.fixture
def read(session, registry, cast, now):
    """Return a function that gives what Hana is told of a round."""
    return lambda survey, **options: perspective.agreement_of(session, cast.hana, survey, registry, now=now, **options)


@pytest.fixture
def publish(session, registry, cast, now):
    def publish(survey, *, importance=None, by=None):
        options = {"source": "Team leads", "note": "The first one", "importance": importance or {}, "now": now}
        return perspective.publish(session, by or cast.hana, survey, registry, **options)

    return publish


@pytest.fixture
def rated(session, bank, cast, now):
    """Return a function that makes a round of raters who tick these choices throughout; over unless it is `open`."""

    def rated(*choices, groups=(), without=(), is_open=False):
        return factories.perspective_round(
            session, bank, cast.hana, choices, groups=groups, without=without, is_open=is_open, now=now
        )

    return rated


def test_agreement_of_a_statement_by_hand(rated, read):
    found = read(rated(3, 4, 4, 4, 5))
    first = found.view.statements[0]
    # variance of 3, 4, 4, 4, 5 is .5 and that of chance 2: r_wg = 1 - .5 / 2; distances from the mean 1, 0, 0, 0, 1
    assert (first.mean, first.r_wg, first.ad) == (4.0, 0.75, 0.4)
    assert (first.counts, first.n, first.is_clear, first.deviates) == ((0, 0, 1, 3, 1), 5, True, False)
    assert (found.readiness, found.n_asked, found.n_raters) == (Readiness.READY, 5, 5)
    assert [theme.n_clear for theme in found.view.themes] == [len(theme.statements) for theme in found.view.themes]


def test_raters_apart_leave_the_policy_unclear(rated, read):
    view = read(rated(1, 1, 3, 5, 5)).view
    # variance 4 is twice that of chance, so r_wg would be -1 and counts as 0; AD 8 / 5 is beyond 5 / 6
    assert (view.statements[0].r_wg, view.statements[0].ad, view.statements[0].deviates) == (0.0, 1.6, True)
    assert len(view.unclear) == len(view.statements)


@pytest.mark.parametrize(("choices", "is_open", "readiness"), [((4, 4, 4, 4), False, "few"), ((4,) * 6, True, "open")])
def test_nothing_is_told_of_few_raters_nor_while_answers_come_in(rated, read, publish, choices, is_open, readiness):
    survey = rated(*choices, is_open=is_open)
    found = read(survey)
    assert (found.readiness, found.n_raters, found.view) == (readiness, len(choices), None)
    assert found.groups.shown == ()
    with pytest.raises(Refused, match=r"at least 5 raters|not closed yet"):
        publish(survey)


def test_round_that_could_be_extended_is_closed_before_it_is_read(session, registry, rated, publish, cast, now):
    survey = rated(4, 4, 4, 4, 4, is_open=True)
    later = survey.closes_at + timedelta(hours=1)
    found = perspective.agreement_of(session, cast.hana, survey, registry, now=later)
    assert (found.readiness, found.view) == (Readiness.OVER, None)
    surveys.close(session, cast.hana, survey, now=later)
    assert perspective.agreement_of(session, cast.hana, survey, registry, now=later).view is not None
    with pytest.raises(Refused, match="stays closed"):
        surveys.extend(session, cast.hana, survey, (later + timedelta(days=9)).date(), now=later)


def test_statement_that_fewer_than_five_answered_tells_their_number_alone(rated, read, bank):
    left_out = bank.perspective[0].code
    first = next(each for each in read(rated(4, 4, 4, 4, 4, without={0: [left_out]})).view.statements)
    assert (first.code, first.n, first.counts, first.mean, first.r_wg, first.is_clear) == (
        left_out, 4, (), None, None, False
    )  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "shown", "withheld"),
    [
        (["desk"] * 5 + ["phone"] * 5, {"desk": 2.0, "phone": 4.0}, 0),
        (["desk"] * 5 + ["phone"] * 3 + [""] * 2, {"desk": 2.0}, 1),  # the rest are five
        (["desk"] * 6 + ["phone"] * 4, {}, 2),  # all less the desk would be the four
        ([""] * 10, {}, 0),
        (["desk"] * 10, {}, 0),  # which is everybody
    ],
)
def test_groups_show_where_no_few_people_can_be_told_from_them(rated, read, groups, shown, withheld):
    found = read(rated(*[2] * 5, *[4] * 5, groups=groups)).groups
    assert {group.name: group.means["per-01"][0] for group in found.shown} == shown
    assert found.n_withheld == withheld


@pytest.mark.parametrize("groups", [["desk"] * 6 + ["phone"] * 5, ["desk"] * 6 + ["phone"] * 3 + [""] * 2])
def test_figures_stay_when_a_rater_is_erased_so_that_no_two_pages_tell_what_one_said(rated, read, session, groups, now):
    survey = rated(1, *[2] * 5, *[4] * 5, groups=groups)
    before = read(survey).groups.shown
    people = [sheet.place.person for sheet in surveys.sheets_of(session, survey)]
    for person in (people[0], people[1], people[6]):
        erasure.erase(session, [person], actor="worker", now=now)
        session.expire_all()
        assert read(survey).groups.shown == before
    assert before[0].name == "desk"


def test_small_group_goes_with_the_person_as_it_may_tell_who_they_were(rated, session, now):
    survey = rated(*[2] * 5, groups=["Ann's desk"] + ["phone"] * 4)
    (first, *_others) = [sheet.place for sheet in surveys.sheets_of(session, survey)]
    erasure.erase(session, [first.person], actor="worker", now=now)
    session.refresh(first)
    assert first.group == ""


def test_group_is_silent_on_a_statement_that_too_few_of_it_answered(rated, read):
    groups = ["desk"] * 6 + ["phone"] * 5
    found = read(rated(*[2] * 6, *[4] * 5, groups=groups, without={10: ["per-01"]})).groups
    desk, phone = found.shown
    # four of the phones answered per-01: they do not show, and the desk neither, or all less the desk would be they
    assert "per-01" not in phone.means
    assert "per-01" not in desk.means
    assert (desk.means["per-02"], phone.means["per-02"]) == ((2.0, 0.0), (4.0, 0.0))


def test_published_version_says_where_it_comes_from_and_holds_no_names(session, rated, read, publish, cast, now):
    survey = rated(5, 4, 4, 4, 3)
    row = publish(survey, importance={"per-02": 0, "per-03": 3})
    session.commit()
    assert (row.version, row.n_raters, row.source, row.note) == (1, 5, "Team leads", "The first one")
    assert (row.round_id, row.published_by_id, row.bank_version) == (survey.id, cast.hana.id, survey.bank_version)
    assert [row.content[code]["importance"] for code in ("per-01", "per-02", "per-03")] == [1.0, 0, 3]
    assert row.content["per-01"]["ratings"] == [3, 4, 4, 4, 5]  # in their own order, not in that of the people
    said = json.dumps(row.content)
    assert not any(sheet.place.person.name in said for sheet in surveys.sheets_of(session, survey))
    event = session.query(AuditEvent).filter_by(action="perspective.published").one()
    assert (event.actor, event.details) == (f"user:{cast.hana.id}", {"version": 1})


def test_the_same_is_not_published_twice_but_with_another_importance_it_is(rated, publish):
    survey = rated(4, 4, 4, 4, 5)
    publish(survey)
    with pytest.raises(Refused, match="Version 1 says exactly this already"):
        publish(survey)
    assert publish(survey, importance={"per-01": 2}).version == 2


def test_key_on_which_nothing_counts_is_refused(rated, publish, bank):
    with pytest.raises(Refused, match="let at least one of them count"):
        publish(rated(4, 4, 4, 4, 5), importance={policy.code: 0 for policy in bank.perspective})
    with pytest.raises(Refused, match="agree on no statement"):
        publish(rated(1, 1, 3, 5, 5))


def test_changes_are_those_of_clearness_and_of_a_step_or_more(session, rated, read, publish, cast, registry):
    publish(rated(4, 4, 4, 4, 4))
    near, far, apart = rated(4, 4, 4, 4, 5), rated(3, 3, 3, 3, 3), rated(1, 1, 4, 5, 5)
    rows = {}
    for name, survey in (("near", near), ("far", far), ("apart", apart)):
        in_force, found = perspective.changes_by(session, cast.hana, read(survey))
        assert in_force.version == 1
        rows[name] = found
    assert rows["near"] == ()
    n = len(registry.newest("general").perspective)
    assert [each.has_moved for each in rows["far"]] == [True] * n
    assert {(each.before.is_clear, each.after.is_clear) for each in rows["apart"]} == {(True, False)}


def test_first_version_is_compared_with_the_default_key(session, rated, read, cast):
    in_force, found = perspective.changes_by(session, cast.hana, read(rated(1, 1, 1, 1, 1)))
    assert in_force is None
    assert found[0].before.counts == ()
    assert all(each.has_moved for each in found)


def test_attempts_keep_the_version_that_they_began_with(session, engine, registry, rated, publish, cast, now):
    first = publish(rated(4, 4, 4, 4, 4))
    parts = (Part.STATEMENTS, Part.PERSPECTIVE)
    attempt = factories.scored(session, registry, engine, cast.hana, parts=parts, now=now)
    second = publish(rated(2, 2, 2, 2, 2))
    assert attempt.consensus_key_id == first.id
    seen = key_versions.version_of(session, cast.hana, first, registry)
    assert (seen.n_begun, seen.n_handed_in, seen.newest, seen.before) == (1, 1, 2, None)
    assert key_versions.version_of(session, cast.hana, second, registry).before.version == 1
    rows = key_versions.versions_of(session, cast.hana).rows
    assert [(row.version, n) for row, n in rows] == [(2, 0), (1, 1)]
    assert key_versions.newest_of(session, cast.hana)["general"].version == 2
    newer = key_versions.newer_than(session, first, cast.acme.id, "general")
    assert newer.version == 2
    assert key_versions.newer_than(session, second, cast.acme.id, "general") is None


def test_other_organisations_and_roles_get_at_nothing(session, rated, read, publish, cast, registry, now):
    survey = rated(4, 4, 4, 4, 4)
    row = publish(survey)
    with pytest.raises(NotFound):
        access.get_key(session, cast.otto, row.public_id, Permission.SURVEY_READ)
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            perspective.agreement_of(session, colleague, survey, registry, now=now)
        with pytest.raises(NotAllowed):
            publish(survey, by=colleague)
    assert key_versions.versions_of(session, cast.otto).rows == []
    assert consensus_keys.newest(session, cast.birch.id, "general") is None


def test_round_of_another_kind_has_no_agreement(session, registry, cast, now):
    until = (now + timedelta(days=3)).date()
    other = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=now)
    with pytest.raises(NotFound):
        perspective.agreement_of(session, cast.hana, other, registry, now=now)


def test_what_is_told_names_nobody(rated, read, session):
    survey = rated(4, 4, 4, 4, 5)
    told = str(asdict(read(survey).view)) + str(read(survey).groups)
    assert not any(sheet.place.person.name in told for sheet in surveys.sheets_of(session, survey))
