"""Positions and the versions of their patterns."""

from __future__ import annotations

import pytest

from assess.errors import NotAllowed, Refused
from assess.models import AuditEvent, Feedback, Purpose
from assess.services import attempts, campaigns, invitations, pattern_versions, positions, results
from assess.services.invitations import Invitee
from tests import factories


def test_role_family_gives_the_first_version(session, registry, cast, now):
    position = factories.position(session, registry, cast.hana, now=now)
    assert positions.targets_of(position.pattern) == registry.families["front-desk"].target
    assert "Provisional" in position.pattern.source
    assert position.pattern.version == 1


def test_revision_is_a_new_version_and_keeps_the_old_one(session, registry, cast, now):
    position = factories.position(session, registry, cast.hana, now=now)
    targets = registry.families["bank-teller"].target
    positions.revise(session, cast.hana, position, targets, source="workshop", reason="cash desk added", now=now)
    assert [version.version for version in position.versions] == [1, 2]
    assert positions.targets_of(position.pattern) == targets


def test_pattern_in_which_nothing_counts_is_refused(session, registry, cast, now):
    targets = [target.model_copy(update={"weight": 0}) for target in registry.families["front-desk"].target]
    with pytest.raises(Refused, match="At least one behaviour must count"):
        positions.create(session, cast.hana, "Nothing", targets, source="s", reason="r", now=now)


def test_title_is_taken_once_per_organisation(session, registry, cast, now):
    factories.position(session, registry, cast.hana, now=now)
    factories.position(session, registry, cast.otto, now=now)
    with pytest.raises(Refused, match="already a position called Front desk"):
        factories.position(session, registry, cast.hana, now=now)
    assert len(positions.positions_of(session, cast.otto)) == 1


@pytest.mark.parametrize("title", ["front desk", "FRONT  DESK", " Front\tdesk "])
def test_title_that_differs_by_case_or_white_space_alone_is_taken(session, registry, cast, now, title):
    desk = factories.position(session, registry, cast.hana, now=now)
    family = registry.families["front-desk"]
    with pytest.raises(Refused, match="already a position called Front desk"):
        positions.create_from_family(session, cast.hana, title, family, now=now)
    other = positions.create_from_family(session, cast.hana, "Empfang Größe 2", family, now=now)
    with pytest.raises(Refused, match="already a position called Front desk"):
        positions.rename(session, cast.hana, other, title, now=now)
    with pytest.raises(Refused, match="already a position called Empfang Größe 2"):
        positions.rename(session, cast.hana, desk, "EMPFANG GRÖSSE 2", now=now)
    positions.rename(session, cast.hana, desk, "front desk", now=now)
    assert desk.title == "front desk"


def test_titles_that_were_alike_before_are_left_alone(session, registry, cast, now):
    desk = factories.position(session, registry, cast.hana, now=now)
    other = positions.create_from_family(session, cast.hana, "Other", registry.families["front-desk"], now=now)
    other.title = "front desk"
    session.flush()
    positions.rename(session, cast.hana, other, "front desk", now=now)
    with pytest.raises(Refused, match="already a position called front desk"):
        positions.rename(session, cast.hana, desk, "Front Desk", now=now)
    positions.rename(session, cast.hana, desk, "Reception", now=now)


def test_only_hr_makes_positions(session, registry, cast, now):
    with pytest.raises(NotAllowed):
        factories.position(session, registry, cast.cole, now=now)


def test_retired_position_is_offered_no_more_and_takes_no_campaign(session, registry, cast, now):
    desk = factories.position(session, registry, cast.hana, now=now)
    for _ in range(2):
        positions.retire(session, cast.hana, desk, now=now)
    assert positions.positions_of(session, cast.hana) == []
    assert positions.page_of(session, cast.hana, page=1, retired=True).rows == [desk]
    with pytest.raises(Refused, match="Front desk is retired"):
        campaigns.create_campaign(
            session,
            cast.hana,
            name="Spring",
            bank=registry.newest("general"),
            form="standard",
            position=desk,
            purpose=Purpose.HIRING,
            feedback=Feedback.AT_ONCE,
            until=now.date(),
            now=now,
        )
    positions.bring_back(session, cast.hana, desk, now=now)
    assert positions.positions_of(session, cast.hana) == [desk]
    session.commit()
    actions = [event.action for event in session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions == ["pattern.added", "position.retired", "position.brought-back"]


def test_only_hr_renames_and_retires(session, registry, cast, now):
    desk = factories.position(session, registry, cast.hana, now=now)
    for change in (positions.retire, positions.bring_back):
        with pytest.raises(NotAllowed):
            change(session, cast.cole, desk, now=now)
    with pytest.raises(NotAllowed):
        positions.rename(session, cast.cole, desk, "Other", now=now)
    assert desk.title == "Front desk"


def test_results_stay_pinned_to_the_version_that_was_in_force_when_people_began(session, registry, engine, cast, now):
    """One begins under version 1 and hands in under version 2; another begins under version 2."""
    early = factories.attempt(session, registry, engine, cast.hana, now=now)
    desk = early.assignment.campaign.position
    targets = registry.families["bank-teller"].target
    positions.revise(session, cast.hana, desk, targets, source="workshop", reason="cash desk added", now=now)
    bank = registry.bank(early.edition, early.bank_version)
    attempts.submit(session, early, bank, now=now)
    result = results.score_attempt(session, early, registry, now=now)
    first, second = desk.versions
    assert result.pattern_version is first
    assert pattern_versions.newer_than(session, cast.hana, first) is second
    assert pattern_versions.newer_than(session, cast.hana, second) is None
    late = invitations.assign(session, cast.hana, early.assignment.campaign, Invitee("Late", "late@x.example"), now=now)
    factories.scored(session, registry, engine, cast.hana, assignment=late, now=now)
    lines = pattern_versions.history(session, cast.hana, desk)
    assert [(line.version.version, line.use.n_begun, line.use.n_results) for line in lines] == [(2, 1, 1), (1, 1, 1)]
    [use] = pattern_versions.campaigns_on(session, cast.hana, first)
    assert (use.campaign.name, use.n_begun, use.n_results) == ("Job of Cora Candidate", 1, 1)
    assert pattern_versions.campaigns_on(session, cast.otto, first) == []


def test_change_names_ranges_and_weights_that_differ_and_nothing_else(session, registry, cast, now):
    desk = factories.position(session, registry, cast.hana, now=now)
    first = positions.targets_of(desk.pattern)
    moved = first[0].model_copy(update={"high": first[0].high + 1})
    heavier = first[1].model_copy(update={"weight": 0, "reason": "no matter"})
    reworded = first[2].model_copy(update={"reason": "said better"})
    version = positions.revise(
        session, cast.hana, desk, [moved, heavier, reworded, *first[3:]], source="s", reason="r", now=now
    )
    found = pattern_versions.changes(desk.versions[0], version)
    assert [(each.new.scale, each.is_range, each.is_weight) for each in found] == [
        (first[0].scale, True, False),
        (first[1].scale, False, True),
    ]
