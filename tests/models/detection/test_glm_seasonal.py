"""The seasonal baseline against statsmodels, against its nominal error rates and against planted truths."""

import numpy as np
import pytest
import statsmodels.api as sm

from models.detection.glm import fit_poisson
from models.detection.seasonal import SeasonalBaseline

YEAR = 365.25 / 7
WEEKS = 130
T = np.arange(WEEKS)
NO_EVENTS = np.zeros((WEEKS, 0))
SEASON = np.exp(0.3 * np.sin(2 * np.pi * T / YEAR))
MEANS = np.repeat([0.3, 1.0, 3.0, 10.0, 40.0], 600)


def judged(counts, pool=None, events=NO_EVENTS):
    counts = np.asarray(counts, dtype=float)
    prediction = SeasonalBaseline(period=YEAR).predict(counts, counts.sum(axis=0) if pool is None else pool, events)
    return prediction, prediction.judge(counts)


def quasi_poisson(rng, mean, factor):
    """Negative binomial counts with `variance = factor * mean`."""
    return rng.negative_binomial(mean / (factor - 1), 1 / factor).astype(float)


def test_fit_agrees_with_statsmodels():
    rng = np.random.default_rng(3)
    n, periods = 12, 80
    design = np.column_stack([np.ones(periods), rng.normal(size=(periods, 3))])
    true = rng.normal(scale=0.3, size=(n, 4)) + np.array([1.2, 0, 0, 0])
    offset = rng.normal(scale=0.2, size=periods)
    counts = rng.poisson(np.exp(offset + true @ design.T)).astype(float)
    weights = rng.uniform(0.2, 1.5, size=counts.shape)

    fit = fit_poisson(counts, design, offset, weights, np.full(4, 1e-10))

    for i in range(n):
        model = sm.GLM(counts[i], design, family=sm.families.Poisson(), offset=offset, freq_weights=weights[i])
        truth = model.fit(tol=1e-12)
        np.testing.assert_allclose(fit.coefficients[i], truth.params, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(fit.mean[i], truth.fittedvalues, rtol=1e-6)
        np.testing.assert_allclose(fit.inverse_information[i], truth.cov_params(), rtol=1e-5, atol=1e-10)
        np.testing.assert_allclose(fit.leverage[i], truth.get_hat_matrix_diag(), rtol=1e-5)


def test_offsets_of_each_series_count_as_their_own():
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(60), np.linspace(-1, 1, 60)])
    offset = rng.normal(size=(5, 60))
    counts = rng.poisson(np.exp(1 + offset)).astype(float)
    fit = fit_poisson(counts, design, offset, np.ones_like(counts), np.full(2, 1e-10))
    for i in range(5):
        truth = sm.GLM(counts[i], design, family=sm.families.Poisson(), offset=offset[i]).fit(tol=1e-12)
        np.testing.assert_allclose(fit.coefficients[i], truth.params, rtol=1e-6, atol=1e-7)


def test_penalty_draws_to_zero_and_weight_zero_leaves_out():
    rng = np.random.default_rng(5)
    slope = np.linspace(-1, 1, 100)
    design = np.column_stack([np.ones(100), slope])
    counts = rng.poisson(np.exp(1 + slope), size=(3, 100)).astype(float)
    ones = np.ones_like(counts)
    free = fit_poisson(counts, design, np.zeros(100), ones, np.array([1e-10, 1e-10]))
    drawn = fit_poisson(counts, design, np.zeros(100), ones, np.array([1e-10, 1e4]))
    assert (np.abs(drawn.coefficients[:, 1]) < 0.1 * np.abs(free.coefficients[:, 1])).all()

    spoilt, weights = counts.copy(), ones.copy()
    spoilt[:, 10:20], weights[:, 10:20] = 10_000, 0
    kept = np.r_[0:10, 20:100]
    left_out = fit_poisson(spoilt, design, np.zeros(100), weights, np.full(2, 1e-10))
    alone = fit_poisson(counts[:, kept], design[kept], np.zeros(90), ones[:, kept], np.full(2, 1e-10))
    np.testing.assert_allclose(left_out.coefficients, alone.coefficients, rtol=1e-8)


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_false_alarms_stay_near_nominal_under_a_negative_binomial(factor):
    rng = np.random.default_rng(5)
    _, judgement = judged(quasi_poisson(rng, MEANS[:, None] * SEASON, factor))
    p = judgement.p_value[:, 0]
    # 3,000 tests: two standard errors of a rate of 0.01 are 0.004, of 0.05 are 0.008. Up to twice the nominal 1 % and 1.4
    # times the nominal 5 % are tolerated; a detector that never alarms fails as well.
    assert 0.004 <= (p <= 0.01).mean() <= 0.020
    assert 0.030 <= (p <= 0.05).mean() <= 0.070
    for mean in np.unique(MEANS):
        assert (p[mean == MEANS] <= 0.01).mean() <= 0.030


def test_false_alarms_stay_near_nominal_where_variance_grows_with_the_square():
    rng = np.random.default_rng(6)
    mean = MEANS[:, None] * SEASON
    _, judgement = judged(rng.poisson(mean * rng.gamma(10, 1 / 10, mean.shape)))
    p = judgement.p_value[:, 0]
    assert 0.003 <= (p <= 0.01).mean() <= 0.015
    assert 0.020 <= (p <= 0.05).mean() <= 0.060


def test_expected_counts_follow_the_season():
    rng = np.random.default_rng(7)
    prediction, _ = judged(rng.poisson(20 * SEASON, size=(200, WEEKS)))
    np.testing.assert_allclose(prediction.mean.mean(axis=0), 20 * SEASON, rtol=0.05)


@pytest.mark.parametrize(("mean", "observed"), [(0.5, 6), (5, 18), (40, 80)])
def test_a_planted_outbreak_is_found_and_its_neighbours_are_not(mean, observed):
    counts = np.random.default_rng(8).poisson(mean * SEASON, size=(50, WEEKS))
    counts[:, -1] = np.round(mean * SEASON[-1])
    counts[7, -1] = observed
    _, judgement = judged(counts)
    alarms = np.flatnonzero(judgement.p_value[:, 0] <= 0.001)
    assert alarms.tolist() == [7]
    assert judgement.upper[7, 0] < observed
    assert judgement.score[7, 0] > 3.09  # the normal deviate of 0.001


@pytest.mark.parametrize(("past", "alpha"), [(20, 0.001), (40, 0.001), (90, 0.01)])
def test_a_past_outbreak_does_not_hide_a_new_one(past, alpha):
    counts = np.random.default_rng(9).poisson(10 * SEASON, size=(40, WEEKS)).astype(float)
    counts[:, -1] = 10
    counts[0, 60:66] = past
    counts[0, -1] = 28
    prediction, judgement = judged(counts)
    assert judgement.p_value[0, 0] <= alpha
    assert prediction.mean[0, -1] == pytest.approx(10 * SEASON[-1], rel=0.1)


def test_weeks_right_before_the_judged_one_do_not_become_its_baseline():
    counts = np.random.default_rng(10).poisson(10 * SEASON, size=(40, WEEKS)).astype(float)
    slow = counts.copy()
    slow[0, -5:] = 30
    before, _ = judged(counts, pool=counts.sum(axis=0))
    after, judgement = judged(slow, pool=counts.sum(axis=0))
    np.testing.assert_allclose(after.mean[0], before.mean[0], rtol=0.02)
    assert judgement.p_value[0, 0] <= 1e-4


def test_the_judged_count_does_not_change_what_is_expected():
    counts = np.random.default_rng(11).poisson(5, size=(30, WEEKS)).astype(float)
    calm, _ = judged(counts)
    counts[3, -1] = 500
    wild, _ = judged(counts)
    np.testing.assert_allclose(wild.mean, calm.mean)
    np.testing.assert_allclose(wild.variance, calm.variance)


def test_a_calendar_peak_that_past_years_had_does_not_alarm():
    rng = np.random.default_rng(12)
    event = np.zeros(WEEKS)
    event[[WEEKS - 1, WEEKS - 53, WEEKS - 105]] = 1.0
    counts = rng.poisson(16 * (1 + event), size=(300, WEEKS))
    _, ignorant = judged(counts)
    prediction, knowing = judged(counts, events=event[:, None])
    assert (ignorant.p_value <= 0.01).mean() > 0.5
    assert (knowing.p_value <= 0.01).mean() <= 0.02
    assert prediction.mean[:, -1].mean() == pytest.approx(32, rel=0.1)


def test_a_peak_does_not_hide_a_series_that_outgrows_it():
    rng = np.random.default_rng(13)
    event = np.zeros(WEEKS)
    event[[WEEKS - 1, WEEKS - 53, WEEKS - 105]] = 1.0
    counts = rng.poisson(8 * (1 + event), size=(100, WEEKS))
    counts[0, -1] = 60
    _, judgement = judged(counts, events=event[:, None])
    assert judgement.p_value[0, 0] <= 1e-4


def test_a_series_never_seen_before_has_something_expected():
    counts = np.random.default_rng(14).poisson(3, size=(20, WEEKS)).astype(float)
    counts[0] = 0
    counts[1] = 0
    counts[1, -1] = 8
    prediction, judgement = judged(counts)
    assert np.isfinite(prediction.mean).all()
    assert np.isfinite(prediction.variance).all()
    assert (prediction.mean > 0).all()
    assert prediction.mean[0, -1] < 0.5
    assert judgement.p_value[0, 0] == 1.0
    assert judgement.p_value[1, 0] <= 0.001


def test_a_table_of_zeros_is_calm_and_finite():
    prediction, judgement = judged(np.zeros((3, WEEKS)))
    assert np.isfinite(prediction.mean).all()
    assert (judgement.p_value == 1.0).all()
