"""The company's view: published by whom, from how many, and what it is before that."""

from __future__ import annotations

import pytest

from assess.banks.model import Bank
from assess.errors import NotAllowed, Refused
from assess.models import AuditEvent
from assess.services import consensus_keys


@pytest.fixture(scope="module")
def bank(registry) -> Bank:
    return registry.newest("finance")


def ratings(bank, *choices):
    return {policy.code: list(choices) for policy in bank.perspective}


def test_before_any_raters_the_default_key_of_the_edition_stands_in(session, bank, cast):
    assert consensus_keys.newest(session, cast.acme.id, "finance") is None
    key = consensus_keys.key_of(None, bank)
    assert key.version is None
    assert {code: mean + 1 for code, mean in key.means.items()} == pytest.approx(dict(bank.default_key))


def test_key_holds_mean_agreement_and_importance_of_each_statement(session, bank, cast, now):
    first = bank.perspective[0].code
    row = consensus_keys.publish(
        session, cast.hana, bank, ratings(bank, 3, 4, 4, 4, 5), source="team leads", importance={first: 2.0}, now=now
    )
    session.flush()
    # r_wg by hand: the variance of 3, 4, 4, 4, 5 is .5, that of chance over five options 2: 1 - .5 / 2
    assert row.content[first] == {"mean": 4.0, "r_wg": 0.75, "importance": 2.0, "ratings": [3, 4, 4, 4, 5]}
    assert row.content[bank.perspective[1].code]["importance"] == 1.0
    assert (row.version, row.n_raters) == (1, 5)
    key = consensus_keys.key_of(row, bank)
    assert key.consensus([first]).key.tolist() == [3.0]
    assert key.weights([first]).tolist() == [2.0]


def test_newest_version_counts_and_organisations_are_apart(session, bank, cast, now):
    consensus_keys.publish(session, cast.otto, bank, ratings(bank, 1, 1, 1, 1, 1), source="s", now=now)
    for choice in (4, 5):
        consensus_keys.publish(session, cast.hana, bank, ratings(bank, *[choice] * 5), source="s", now=now)
    found = consensus_keys.newest(session, cast.acme.id, "finance")
    assert (found.version, found.content[bank.perspective[0].code]["mean"]) == (2, 5.0)
    assert consensus_keys.newest(session, cast.birch.id, "finance").version == 1
    assert consensus_keys.newest(session, cast.acme.id, "retail") is None


def test_four_raters_are_too_few(session, bank, cast, now):
    with pytest.raises(Refused, match="at least 5 raters, and there are 4"):
        consensus_keys.publish(session, cast.hana, bank, ratings(bank, 4, 4, None, 4, 4), source="s", now=now)


def test_ratings_that_cannot_be_are_a_mistake_of_the_caller(session, bank, cast, now):
    some = ratings(bank, 4, 4, 4, 4, 4)
    for wrong in ({**some, "per-99": [4] * 5}, {**some, "per-01": [6] * 5}, {**some, "per-01": [4] * 6}):
        with pytest.raises(ValueError, match=r"statement|choices"):
            consensus_keys.publish(session, cast.hana, bank, wrong, source="s", now=now)
    with pytest.raises(ValueError, match="importance"):
        consensus_keys.publish(session, cast.hana, bank, some, source="s", importance={"per-01": -1}, now=now)


def test_only_hr_publishes_and_the_log_says_so_by_ids(session, bank, cast, now):
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            consensus_keys.publish(session, colleague, bank, ratings(bank, *[4] * 5), source="s", now=now)
    row = consensus_keys.publish(session, cast.hana, bank, ratings(bank, *[4] * 5), source="s", now=now)
    session.commit()
    event = session.query(AuditEvent).filter_by(action="perspective.published").one()
    assert (event.subject, event.details) == (f"consensus-key:{row.id}", {"version": 1})
