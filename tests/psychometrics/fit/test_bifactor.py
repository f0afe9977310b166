"""The bifactor model, against integration over all factors at once, and omega by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, logsumexp

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.estimation import log_likelihood_on_grid
from assess.psychometrics.fit.bifactor import bifactor_fit, omega
from assess.psychometrics.fit.bifactor_em import Bifactor, Grid, Parameters
from assess.psychometrics.fit.data import normal_grid
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

FACETS = np.array([0, 0, 0, 1, 1, 1, -1])
GENERAL, SPECIFIC = np.array([1.2, 1.5, 0.9, 1.4, 1.1, 1.6, 1.0]), np.array([0.9, 1.2, 0.7, 1.0, 1.3, 0.6, 0.0])
INTERCEPTS = np.array([[1.5, -0.5], [1.0, -1.0], [0.5, -1.0], [2.0, 0.3], [0.8, -0.2], [0.4, -1.5], [1.1, -np.inf]])
ONE = one_scale(GENERAL, INTERCEPTS)
SMALL = {"n_general": 21, "n_specific": 11}


def drawn(n, *, specific=SPECIFIC, seed=7):
    rng = np.random.default_rng(seed)
    own = np.column_stack([rng.standard_normal((n, 2)), np.zeros(n)])
    eta = GENERAL * rng.standard_normal((n, 1)) + specific * own[:, FACETS]
    return (rng.random((n, 7, 1)) < expit(eta[..., None] + INTERCEPTS)).sum(axis=2).astype(float)


def over_all_factors(x, general, specific, intercepts):
    """The marginal log-likelihood by a grid over the general and both specific factors."""
    nodes, weights = normal_grid(21)
    inner, inner_weights = normal_grid(11, 5.0)
    g, s, t = (axis.ravel() for axis in np.meshgrid(nodes, inner, inner, indexing="ij"))
    eta = np.outer(g, general) + np.column_stack([s, t, 0 * s])[:, FACETS] * specific
    boundary = np.pad(
        expit(eta[..., None] + intercepts), ((0, 0), (0, 0), (1, 1)), constant_values=((0, 0), (0, 0), (1, 0))
    )
    p = boundary[..., :-1] - boundary[..., 1:]
    log_weights = np.log(np.einsum("g,s,t->gst", weights, inner_weights, inner_weights).ravel())
    log_p = sum(np.log(p[:, i, x[:, i].astype(int)]) for i in range(7))
    return logsumexp(log_p + log_weights[:, None], axis=0).sum()


@pytest.fixture(scope="module")
def fitted():
    x = drawn(500)
    return x, bifactor_fit(ONE, x, FACETS, tolerance=1e-5, **SMALL)


def test_two_dimensions_at_a_time_give_the_likelihood_of_all_three(fitted):
    x, fit = fitted
    whole = over_all_factors(x, fit.general, fit.specific, fit.intercepts)
    assert fit.log_likelihood == pytest.approx(whole, abs=1e-6)


def test_no_parameter_can_be_moved_to_a_higher_likelihood(fitted):
    x, fit = fitted
    assert fit.converged
    for i, change in ((0, 0.02), (0, -0.02), (4, 0.02)):
        moved = np.where(np.arange(7) == i, change, 0.0)
        assert over_all_factors(x, fit.general + moved, fit.specific, fit.intercepts) < fit.log_likelihood
        assert over_all_factors(x, fit.general, fit.specific + moved, fit.intercepts) < fit.log_likelihood
        assert over_all_factors(x, fit.general, fit.specific, fit.intercepts + moved[:, None]) < fit.log_likelihood


def test_without_specific_slopes_it_is_the_model_with_one_factor(fitted):
    x, fit = fitted
    nodes, weights = normal_grid(SMALL["n_general"])
    one = logsumexp(log_likelihood_on_grid(ONE, x, nodes) + np.log(weights), axis=1).sum()
    assert fit.log_likelihood_one == pytest.approx(one, abs=1e-8)
    assert (fit.df, fit.n_parameters) == (6, 7 + 6 + 13)
    assert fit.chi2 > 50
    assert fit.p < 1e-6
    assert fit.aic_difference == pytest.approx(12 - fit.chi2)


@pytest.mark.parametrize("name", mirt.ALL)
def test_likelihood_of_one_factor_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    facets = np.arange(len(model.slopes)) % 2
    problem = Bifactor(mirt.responses(reference, name), facets, model.intercepts, Grid.of(61, 3))
    none = np.zeros_like(model.slopes)
    ours = problem.log_likelihood(problem.layout.pack(Parameters(model.slopes, none, model.intercepts)))
    assert ours == pytest.approx(known["logLik"], abs=1e-2)


def test_parameters_are_recovered():
    fit = bifactor_fit(ONE, drawn(6000), FACETS, tolerance=1e-3, **SMALL)
    assert_allclose(fit.general, GENERAL, atol=0.2)
    assert_allclose(fit.specific, SPECIFIC, atol=0.25)
    assert_allclose(fit.intercepts, INTERCEPTS, atol=0.2)


def test_missing_responses_add_nothing():
    x = drawn(60)
    gaps = np.vstack([x, np.full((5, 7), np.nan)])
    free = (SPECIFIC, INTERCEPTS)
    values = []
    for data in (x, gaps):
        problem = Bifactor(data, FACETS, INTERCEPTS, Grid.of(21, 11))
        values.append(problem.log_likelihood(problem.layout.pack(Parameters(GENERAL, *free))))
    assert values[0] == pytest.approx(values[1], abs=1e-6)


def test_two_items_of_a_facet_share_a_slope_and_one_alone_has_none():
    fit = bifactor_fit(ONE, drawn(200), np.array([0, 0, 1, 1, 2, 3, 3]), max_iterations=10, **SMALL)
    assert fit.specific[0] == fit.specific[1]
    assert fit.specific[2] == fit.specific[3]
    assert fit.specific[4] == 0
    assert fit.df == 3


def test_omega_by_hand():
    # loadings .6 and .3 on six items of two facets: general 3.6^2 = 12.96, specific 2 x .9^2 = 1.62,
    # unique 6 x .55 = 3.3, sum 17.88; within a facet 1.8^2 = 3.24, .81, 1.65; common variance .36 of .45
    found = omega(np.array([[0.6, 0.3]] * 6), np.array([0, 0, 0, 1, 1, 1]))
    assert found.hierarchical == pytest.approx(12.96 / 17.88)
    assert found.total == pytest.approx(14.58 / 17.88)
    assert found.specific == {0: pytest.approx(0.81 / 5.7), 1: pytest.approx(0.81 / 5.7)}
    assert found.explained_common_variance == pytest.approx(0.8)


def test_loadings_are_slopes_in_the_normal_metric_standardised(fitted):
    _, fit = fitted
    first = fit.general[0] / np.sqrt(1.702**2 + fit.general[0] ** 2 + fit.specific[0] ** 2)
    assert fit.loadings[0, 0] == pytest.approx(first)
    assert (omega(fit.loadings, FACETS).hierarchical) < omega(fit.loadings, FACETS).total < 1


def test_what_a_run_tells(fitted):
    _, fit = fitted
    assert (fit.n, fit.n_parameters) == (500, 26)
    assert fit.aic == pytest.approx(52 - 2 * fit.log_likelihood)
    assert fit.bic == pytest.approx(26 * np.log(500) - 2 * fit.log_likelihood)
    assert fit.seconds > 0


def test_with_a_prior_likelihood_and_prior_balance():
    x = drawn(120)
    fit = bifactor_fit(ONE, x, FACETS, slope_prior=(0.0, 0.6), tolerance=1e-5, **SMALL)
    assert fit.converged
    h = 1e-3

    def posterior(general, specific):
        slopes = np.log(np.concatenate([general, specific[:6]]))
        prior = -(slopes + slopes**2 / (2 * 0.6**2)).sum()
        return over_all_factors(x, general, specific, fit.intercepts) + prior

    for i in range(6):
        moved = np.where(np.arange(7) == i, h, 0.0)
        for general, specific in ((moved, 0 * moved), (0 * moved, moved)):
            up, down = (posterior(fit.general + s * general, fit.specific + s * specific) for s in (1, -1))
            assert abs(up - down) / (2 * h) < 2e-3  # of curvatures around 10
    with pytest.raises(ValueError, match="positive SD"):
        bifactor_fit(ONE, x, FACETS, slope_prior=(0.0, 0.0))


@pytest.mark.parametrize("seed", [0, 4, 5])
def test_few_people_leave_slopes_without_bounds_unless_there_is_a_prior(seed):
    x = drawn(40, seed=seed)
    assert not bifactor_fit(ONE, x, FACETS, **SMALL).converged
    fit = bifactor_fit(ONE, x, FACETS, slope_prior=(0.0, 0.5), **SMALL)
    assert fit.converged
    assert 0.3 < fit.specific[:6].min() < fit.specific.max() < 3


def test_answers_without_error_do_not_converge():
    x = (np.arange(60)[:, None] > np.linspace(5, 54, 6)).astype(float)
    model = calibrate(x, priors=Priors(slopes=(0.26, 0.4), intercepts=(0.0, 3.0)), standard_errors=False).model()
    assert not bifactor_fit(model, x, np.array([0, 0, 0, 1, 1, 1]), **SMALL).converged


def test_loadings_that_cancel_or_explain_nothing():
    with pytest.raises(UnusableData, match="cancel each other out"):
        omega(np.array([[1.0, 0], [-1, 0], [1, 0], [-1, 0]]), np.array([0, 0, 1, 1]))
    nothing = omega(np.zeros((4, 2)), np.array([0, 0, 1, 1]))
    assert (nothing.total, nothing.hierarchical) == (0, 0)
    assert np.isnan(nothing.explained_common_variance)


def test_one_facet_is_refused():
    with pytest.raises(ValueError, match="two facets"):
        bifactor_fit(ONE, drawn(50), np.zeros(7, dtype=int))


def test_a_category_that_nobody_used_is_refused():
    x = np.minimum(drawn(50), np.where(np.arange(7) == 1, 1, 2))
    with pytest.raises(UnusableData, match="Item 2: nobody used one of the categories"):
        bifactor_fit(ONE, x, FACETS)
