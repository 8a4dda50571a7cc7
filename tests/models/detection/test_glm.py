"""Batched regressions against statsmodels, series by series."""

import numpy as np
import statsmodels.api as sm

from models.detection.glm import Design, fit_poisson


def test_fit_agrees_with_statsmodels():
    rng = np.random.default_rng(3)
    n, periods = 12, 80
    design = np.column_stack([np.ones(periods), rng.normal(size=(periods, 3))])
    true = rng.normal(scale=0.3, size=(n, 4)) + np.array([1.2, 0, 0, 0])
    offset = rng.normal(scale=0.2, size=periods)
    counts = rng.poisson(np.exp(offset + true @ design.T)).astype(float)
    weights = rng.uniform(0.2, 1.5, size=counts.shape)

    fit = fit_poisson(counts, Design(design), offset, weights, np.full(4, 1e-10))

    for i in range(n):
        model = sm.GLM(counts[i], design, family=sm.families.Poisson(), offset=offset, freq_weights=weights[i])
        truth = model.fit(tol=1e-12)
        np.testing.assert_allclose(fit.coefficients[i], truth.params, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(fit.mean[i], truth.fittedvalues, rtol=1e-6)
        np.testing.assert_allclose(fit.inverse_information[i], truth.cov_params(), rtol=1e-5, atol=1e-10)


def test_offsets_of_each_series_count_as_their_own():
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(60), np.linspace(-1, 1, 60)])
    offset = rng.normal(size=(5, 60))
    counts = rng.poisson(np.exp(1 + offset)).astype(float)
    fit = fit_poisson(counts, Design(design), offset, np.ones_like(counts), np.full(2, 1e-10))
    for i in range(5):
        truth = sm.GLM(counts[i], design, family=sm.families.Poisson(), offset=offset[i]).fit(tol=1e-12)
        np.testing.assert_allclose(fit.coefficients[i], truth.params, rtol=1e-6, atol=1e-7)


def test_penalty_draws_to_zero_and_weight_zero_leaves_out():
    rng = np.random.default_rng(5)
    slope = np.linspace(-1, 1, 100)
    design = np.column_stack([np.ones(100), slope])
    counts = rng.poisson(np.exp(1 + slope), size=(3, 100)).astype(float)
    ones = np.ones_like(counts)
    free = fit_poisson(counts, Design(design), np.zeros(100), ones, np.array([1e-10, 1e-10]))
    drawn = fit_poisson(counts, Design(design), np.zeros(100), ones, np.array([1e-10, 1e4]))
    assert (np.abs(drawn.coefficients[:, 1]) < 0.1 * np.abs(free.coefficients[:, 1])).all()

    spoilt, weights = counts.copy(), ones.copy()
    spoilt[:, 10:20], weights[:, 10:20] = 10_000, 0
    kept = np.r_[0:10, 20:100]
    left_out = fit_poisson(spoilt, Design(design), np.zeros(100), weights, np.full(2, 1e-10))
    alone = fit_poisson(counts[:, kept], Design(design[kept]), np.zeros(90), ones[:, kept], np.full(2, 1e-10))
    np.testing.assert_allclose(left_out.coefficients, alone.coefficients, rtol=1e-8)


def test_a_penalty_per_series_is_that_series_own():
    rng = np.random.default_rng(6)
    design = Design(np.column_stack([np.ones(50), rng.normal(size=50)]))
    counts = rng.poisson(3.0, size=(2, 50)).astype(float)
    penalties = np.array([[1e-6, 1.0], [1e-6, 200.0]])
    together = fit_poisson(counts, design, np.zeros(50), np.ones_like(counts), penalties)
    for i in range(2):
        alone = fit_poisson(counts[[i]], design, np.zeros(50), np.ones((1, 50)), penalties[i])
        np.testing.assert_allclose(together.coefficients[i], alone.coefficients[0], rtol=1e-10)


def test_quadratic_forms_are_those_of_every_row():
    rng = np.random.default_rng(7)
    design = Design(rng.normal(size=(9, 4)))
    roots = rng.normal(size=(3, 4, 4))
    matrices = roots @ roots.transpose(0, 2, 1)
    expected = np.einsum("tp,npq,tq->nt", design.columns, matrices, design.columns)
    np.testing.assert_allclose(design.quadratic(matrices), expected, rtol=1e-12)
