"""Positions and the versions of their patterns."""

from __future__ import annotations

import pytest

from assess.errors import NotAllowed, Refused
from assess.services import positions
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
    with pytest.raises(Refused, match="At least one scale must count"):
        positions.create(session, cast.hana, "Nothing", targets, source="s", reason="r", now=now)


def test_title_is_taken_once_per_organisation(session, registry, cast, now):
    factories.position(session, registry, cast.hana, now=now)
    factories.position(session, registry, cast.otto, now=now)
    with pytest.raises(Refused, match="already a position called Front desk"):
        factories.position(session, registry, cast.hana, now=now)
    assert len(positions.positions_of(session, cast.otto)) == 1


def test_only_hr_makes_positions(session, registry, cast, now):
    with pytest.raises(NotAllowed):
        factories.position(session, registry, cast.cole, now=now)
