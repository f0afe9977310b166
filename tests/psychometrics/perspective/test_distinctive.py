"""Distinctive alignment: what the company holds more, or less, than everybody."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.perspective.consensus import consensus
from assess.psychometrics.perspective.distinctive import distinctive_alignment

RNG = np.random.default_rng(7)
NORM = RNG.uniform(1.5, 3.5, 24)
COMPANY = np.round(np.clip(NORM + RNG.choice([-1.2, 1.2], 24), 0, 4))
KEY = consensus(np.tile(COMPANY, (5, 1)))


def test_correlation_is_that_of_the_distances_from_the_norm():
    people = RNG.integers(0, 5, (5, 24)).astype(float)
    found = distinctive_alignment(people, KEY, norm_means=NORM, n_norm=300)
    expected = [np.corrcoef(person - NORM, COMPANY - NORM)[0, 1] for person in people]
    assert_allclose(found.correlation, expected, atol=1e-12)
    assert_allclose(found.elevation, (people - COMPANY).mean(axis=1))


def test_sharing_the_company_is_1_and_sharing_its_opposite_is_minus_1():
    norm = np.full(24, 2.0)
    company = np.tile([4.0, 3, 1, 0], 6)
    found = distinctive_alignment(
        np.vstack([company, 4 - company]), consensus(np.tile(company, (5, 1))), norm_means=norm, n_norm=100
    )
    assert_allclose(found.correlation, [1, -1])


def test_answering_as_everybody_does_is_not_distinctive_however_close_to_the_company():
    # answers of the norm sample itself, rounded at random: near the key in raw terms, unrelated beyond the norm
    rng = np.random.default_rng(8)
    people = np.clip(np.floor(NORM + rng.random((2_000, 24))), 0, 4)
    found = distinctive_alignment(people, KEY, norm_means=NORM, n_norm=300)
    assert abs(found.correlation.mean()) < 0.03


def test_elevation_is_apart_from_the_correlation():
    company = np.tile([3.0, 3, 1, 0], 6)
    key = consensus(np.tile(company, (5, 1)))
    found = distinctive_alignment(np.vstack([company, company + 1]), key, norm_means=np.full(24, 2.0), n_norm=100)
    assert_allclose(found.correlation, [1, 1])
    assert_allclose(found.elevation, [0, 1])


def test_people_who_answered_little_or_do_not_differ_from_the_norm_have_none():
    person = COMPANY.copy()
    person[:5] = np.nan  # 19 left
    found = distinctive_alignment(person[None], KEY, norm_means=NORM, n_norm=300)
    assert np.isnan([found.correlation[0], found.elevation[0]]).all()
    assert found.n_statements.tolist() == [19]
    same = distinctive_alignment(np.full((1, 24), 2.0), KEY, norm_means=np.full(24, 2.0), n_norm=300)
    assert np.isnan(same.correlation).all()


@pytest.mark.parametrize(
    ("n_statements", "n_norm", "distance", "reason"),
    [(24, 99, 1.0, "100"), (19, 100, 1.0, "20 statements"), (24, 100, 0.2, "almost as everybody")],
)
def test_thin_ground_is_refused(n_statements, n_norm, distance, reason):
    company = np.tile([3.0, 1], 12)[:n_statements]
    norm = company + distance * np.tile([1.0, -1], 12)[:n_statements]
    with pytest.raises(UnusableData, match=reason):
        distinctive_alignment(company[None], consensus(np.tile(company, (5, 1))), norm_means=norm, n_norm=n_norm)


def test_norms_fit_the_statements():
    with pytest.raises(ValueError, match="norm mean"):
        distinctive_alignment(COMPANY[None], KEY, norm_means=NORM[:5], n_norm=300)
