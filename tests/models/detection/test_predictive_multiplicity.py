"""Tail probabilities, bounds and adjusted p-values against sums and loops written here."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detection.judgement import Prediction
from models.detection.multiplicity import q_values
from models.detection.predictive import bound, mid_p_value, tail_probability, upper_bound
from models.detection.short import SharedVolume
from models.detection.windows import Windows

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
means = st.floats(0.01, 200.0)
factors = st.floats(1.01, 8.0)
counts = st.integers(0, 300)


def brute_force_tail(observed, mean, variance):
    """P(Y >= observed) as one minus a sum of the negative binomial's pmf, written with log-gammas."""
    size = mean**2 / (variance - mean)
    probability = size / (size + mean)
    below = 0.0
    for y in range(observed):
        logarithm = math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1)
        below += math.exp(logarithm + size * math.log(probability) + y * math.log1p(-probability))
    return 1 - below


@pytest.mark.parametrize("mean", [0.05, 0.7, 3.0, 25.0, 120.0])
@pytest.mark.parametrize("factor", [1.1, 2.0, 6.0])
def test_tail_is_the_sum_of_the_pmf(mean, factor):
    observed = np.arange(0, 60)
    got = tail_probability(observed, np.full(60, mean), np.full(60, factor * mean))
    truth = [brute_force_tail(int(y), mean, factor * mean) for y in observed]
    np.testing.assert_allclose(got, truth, atol=1e-9)


@pytest.mark.parametrize("mean", [0.05, 0.7, 3.0, 25.0])
@pytest.mark.parametrize("variance_share", [0.0, 0.5, 1.0])
def test_no_more_variance_than_the_mean_is_a_poisson(mean, variance_share):
    for observed in range(50):
        truth = 1 - sum(math.exp(-mean + y * math.log(mean) - math.lgamma(y + 1)) for y in range(observed))
        got = tail_probability(np.array([observed]), np.array([mean]), np.array([variance_share * mean]))
        assert got[0] == pytest.approx(truth, abs=1e-6)


@SETTINGS
@given(counts, means, factors)
def test_tail_is_a_probability_that_falls_with_the_count(observed, mean, factor):
    m, v = np.full(2, mean), np.full(2, factor * mean)
    here, beyond = tail_probability(np.array([observed, observed + 1]), m, v)
    assert 0 <= beyond <= here <= 1
    if observed == 0:
        assert here == 1


@SETTINGS
@given(st.integers(1, 100), means, factors)
def test_tail_grows_with_the_mean(observed, mean, factor):
    low, high = tail_probability(np.full(2, observed), np.array([mean, 2 * mean]), factor * np.array([mean, 2 * mean]))
    assert low <= high + 1e-12


@SETTINGS
@given(means, factors, st.sampled_from([0.9, 0.95, 0.99]))
def test_bound_is_the_smallest_count_exceeded_seldom_enough(mean, factor, level):
    m, v = np.array([mean]), np.array([factor * mean])
    bound = upper_bound(m, v, level)
    assert bound[0] == int(bound[0]) >= 0
    assert tail_probability(bound + 1, m, v)[0] <= 1 - level + 1e-9
    if bound[0] > 0:
        assert tail_probability(bound, m, v)[0] > 1 - level - 1e-9


def brute_force_mid(count, mean, variance):
    return (
        brute_force_tail(count + 1, mean, variance)
        + (brute_force_tail(count, mean, variance) - brute_force_tail(count + 1, mean, variance)) / 2
    )


@SETTINGS
@given(st.integers(0, 60), means, factors)
def test_mid_p_values_count_half_of_what_was_seen(count, mean, factor):
    own = mid_p_value(np.array([float(count)]), np.array([mean]), np.array([factor * mean]))
    assert own[0] == pytest.approx(brute_force_mid(count, mean, factor * mean), abs=1e-9)


@SETTINGS
@given(st.floats(1e-3, 3000), st.floats(1.0, 300), st.sampled_from([0.9, 0.5, 0.05, 0.0075, 1e-4, 1e-8]))
def test_bound_is_the_highest_count_that_is_not_rare(mean, factor, alpha):
    m, v = np.array([mean]), np.array([factor * mean])
    highest = bound(m, v, alpha)
    assert highest[0] == int(highest[0]) >= -1
    assert highest[0] == -1 or mid_p_value(highest, m, v)[0] > alpha
    assert mid_p_value(highest + 1, m, v)[0] <= alpha


ALONE = Windows((1,), (1.0,))


def prediction_of(mean, dispersion, log_variance=0.0):
    mean = np.atleast_2d(np.asarray(mean, dtype=float))
    return Prediction(
        mean,
        np.full((len(mean), 1), dispersion),
        np.full(mean.shape, log_variance),
        ALONE,
        SharedVolume(mean, np.ones_like(mean)),
    )


def test_a_count_above_the_bound_has_a_p_value_below_its_level():
    prediction = prediction_of(np.full((40, 1), 6.0), 1.5)
    observed = np.arange(40.0)[:, None]
    judgement = prediction.judge(observed)
    np.testing.assert_array_equal(observed > judgement.upper, judgement.p_value <= 0.01)


def test_unknown_mean_gives_p_value_one_and_scores_stay_finite():
    judgement = prediction_of([[np.nan], [1.0], [3.0]], 1.0).judge(np.array([[5.0], [1e6], [0.0]]))
    assert judgement.p_value[0, 0] == 1.0
    assert judgement.p_value[1, 0] < 1e-200
    assert np.isnan(judgement.upper[0, 0])
    assert np.isfinite(judgement.score).all()
    assert judgement.score[1, 0] > judgement.score[2, 0]


def test_rarity_and_bounds_of_single_series_of_a_prediction():
    prediction = prediction_of([[1.0, 2.0], [5.0, 10.0]], 2.0, 0.05)
    variance = 2.0 * 10 + 0.05 * 100
    assert prediction.rarity(1, np.array([0.0, 3.0]), 18) == pytest.approx(brute_force_mid(18, 10.0, variance))
    np.testing.assert_array_equal(prediction.upper(np.array([1])), [upper_bound(prediction.mean[1], prediction.variance[1])])
    judgement = prediction.judge(np.array([[9.0, 7.0], [0.0, 18.0]]))
    assert judgement.p_value[1, 0] == pytest.approx(brute_force_mid(18, 10.0, variance))
    assert judgement.expected.tolist() == [[2.0], [10.0]]


def brute_force_benjamini_hochberg(p):
    """min over all k with p_k >= p_i of p_k * n / rank_k, one by one."""
    n = len(p)
    ranked = sorted(p)
    return [min(1.0, *(q * n / (rank + 1) for rank, q in enumerate(ranked) if q >= own)) for own in p]


@SETTINGS
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_benjamini_and_hochbergs(p):
    np.testing.assert_allclose(q_values(np.array(p)), brute_force_benjamini_hochberg(p), rtol=1e-9, atol=1e-300)


def test_q_values_of_the_published_example():
    # Benjamini & Hochberg 1995, section 3.2: at 0.05 the first four of fifteen hypotheses are rejected.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (q_values(np.array(p)) <= 0.05).tolist() == [True] * 4 + [False] * 11


def test_what_was_not_tested_neither_gets_a_q_value_nor_costs_the_others():
    p = np.array([np.nan, 0.01, np.nan, 0.04, 0.5])
    q = q_values(p)
    assert np.isnan(q[[0, 2]]).all()
    np.testing.assert_allclose(q[[1, 3, 4]], q_values(np.array([0.01, 0.04, 0.5])))
    assert np.isnan(q_values(np.array([np.nan, np.nan]))).all()
    assert q_values(np.array([])).shape == (0,)
