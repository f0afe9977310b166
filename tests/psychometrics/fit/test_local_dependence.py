"""Q3, against R mirt and against plain correlations."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.fit.local_dependence import local_dependence
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

MODEL = one_scale([1.0, 1.4, 0.8, 1.8], [[1.5, -0.5], [1.0, -1.0], [0.5, -1.0], [2.0, 0.3]])


@pytest.mark.parametrize("name", [name for name in mirt.ALL if name != "bfi_C_missing"])
def test_q3_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    x = mirt.responses(reference, name)
    ours = local_dependence(model, x, theta=eap_estimate(model, x, n_points=121).theta)  # mirt's grid
    assert_allclose(ours.q3, np.array(known["Q3"], dtype=float), atol=1e-9)


def test_missing_responses_leave_out_the_pair_only():
    rng = np.random.default_rng(1)
    theta = rng.standard_normal((200, 1))
    x = MODEL.simulate(theta, rng)
    x[:50, 0] = np.nan
    x[30:90, 1] = np.nan
    residual = x - MODEL.category_probabilities(theta) @ np.arange(3)
    ours = local_dependence(MODEL, x, theta=theta)
    for i, j in [(0, 1), (0, 2), (1, 3), (2, 3)]:
        both = ~np.isnan(residual[:, [i, j]]).any(axis=1)
        assert ours.q3[i, j] == pytest.approx(np.corrcoef(residual[both][:, [i, j]].T)[0, 1], abs=1e-12)


def test_adjusted_q3_is_the_distance_from_the_mean():
    rng = np.random.default_rng(2)
    x = MODEL.simulate(rng.standard_normal((500, 1)), rng)
    x[:400, 3] = x[:400, 2]
    ours = local_dependence(MODEL, x)
    pairs = ours.q3[np.triu_indices(4, 1)]
    assert ours.mean == pytest.approx(pairs.mean())
    assert ours.largest == pytest.approx(pairs.max() - pairs.mean())
    assert ours.largest == pytest.approx(ours.adjusted.max())
    assert ours.pairs()[0] == (2, 3)
    assert ours.pairs(cut=2.0) == []


def test_a_pair_that_nobody_answered_is_not_estimable():
    rng = np.random.default_rng(3)
    x = MODEL.simulate(rng.standard_normal((100, 1)), rng)
    x[::2, 0] = np.nan
    x[1::2, 1] = np.nan
    ours = local_dependence(MODEL, x)
    assert np.isnan(ours.q3[0, 1])
    assert np.isfinite([ours.q3[0, 2], ours.mean, ours.largest]).all()


def test_one_person_is_too_few():
    with pytest.raises(UnusableData, match="no two items"):
        local_dependence(MODEL, np.array([[0.0, 1, 2, 1]]))


def test_theta_must_be_of_these_people():
    with pytest.raises(ValueError, match="row for each person"):
        local_dependence(MODEL, np.zeros((3, 4)), theta=np.zeros((2, 1)))
