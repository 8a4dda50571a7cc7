"""Weights, their moments and dispersions: consistent without outbreaks, hardly moved by them."""

import numpy as np
import pytest

from models.detection.dispersion import clean_dispersion
from models.detection.robust import LOG_MEANS, outbreak_weights, weighted_moments

CASES = [(0.1, 2.0), (1.2, 1.5), (1.7, 5.0), (12.0, 3.0), (150.0, 1.2), (900.0, 8.0)]


def drawn(mean, dispersion, shape, seed=1):
    return np.random.default_rng(seed).negative_binomial(mean / (dispersion - 1), 1 / dispersion, shape).astype(float)


@pytest.mark.parametrize(("mean", "dispersion"), CASES)
def test_moments_are_those_of_simulated_counts(mean, dispersion):
    counts = drawn(mean, dispersion, (1, 400_000))
    weights = outbreak_weights(counts, np.full_like(counts, mean), np.array([[dispersion]]))
    simulated = [
        weights.mean(),
        (weights * (counts - mean)).mean() / mean,
        (weights * (counts - mean) ** 2).mean() / (dispersion * mean),
        (np.minimum(counts - mean, 0) ** 2).mean() / (dispersion * mean),
    ]
    moments = weighted_moments().at(np.array([mean]), np.array([dispersion]))
    table = [value[0] for value in (moments.weight, moments.shift, moments.square, moments.below)]
    np.testing.assert_allclose(table, simulated, atol=0.04)


def test_ordinary_counts_keep_their_weight_and_outbreaks_lose_it():
    mean, counts = np.full((1, 50), 10.0), np.full((1, 50), 10.0)
    counts[0, 20] = 60
    weights = outbreak_weights(counts, mean, np.array([[1.5]]))[0]
    assert weights[20] < 0.02
    assert weights[[19, 21]].max() < 0.1  # together with the outbreak they are too many
    assert (np.delete(weights, [19, 20, 21]) == 1).all()


def test_two_periods_that_are_too_high_together_lose_weight():
    mean, counts = np.full((1, 50), 10.0), np.full((1, 50), 10.0)
    counts[0, 20:22] = 19  # no outbreak each by itself, at one in 200
    weights = outbreak_weights(counts, mean, np.array([[1.2]]))[0]
    assert (weights[20:22] < 0.2).all()
    single = counts.copy()
    single[0, 21] = 10
    assert outbreak_weights(single, mean, np.array([[1.2]]))[0].min() == 1


def test_a_single_complaint_is_no_outbreak_in_a_sparse_series():
    counts = np.zeros((1, 50))
    counts[0, 20] = 1
    assert outbreak_weights(counts, np.full((1, 50), 0.02), np.array([[1.0]])).min() == 1


def estimated(counts, mean, rounds=4):
    """As a fit does: the first time without weights."""
    dispersion, means, weights = np.ones((len(counts), 1)), np.full_like(counts, mean), np.ones_like(counts)
    for _ in range(rounds):
        dispersion = clean_dispersion(counts, means, weights, dispersion, np.zeros(len(counts)))
        weights = outbreak_weights(counts, means, dispersion)
    return dispersion[:, 0]


@pytest.mark.parametrize(("mean", "dispersion"), CASES)
def test_dispersions_of_clean_series_are_the_true_ones(mean, dispersion):
    assert np.mean(estimated(drawn(mean, dispersion, (300, 300)), mean)) == pytest.approx(dispersion, rel=0.07)


def test_outbreaks_hardly_raise_the_dispersion():
    counts = drawn(10.0, 2.0, (300, 300))
    counts[:, 100:103] += 60
    plain = ((counts - 10.0) ** 2 / 10.0).mean()
    assert plain > 4
    assert np.mean(estimated(counts, 10.0)) == pytest.approx(2.0, rel=0.08)


def test_dispersions_are_drawn_together_only_as_far_as_they_are_alike():
    alike = estimated(drawn(8.0, 2.0, (200, 60)), 8.0)
    assert alike.std() < 0.1
    different = np.vstack([drawn(8.0, 1.3, (100, 300)), drawn(8.0, 6.0, (100, 300), seed=2)])
    own = estimated(different, 8.0)
    assert np.mean(own[:100]) == pytest.approx(1.3, rel=0.08)
    assert np.mean(own[100:]) == pytest.approx(6.0, rel=0.12)


def test_series_without_complaints_have_the_common_dispersion():
    counts = np.vstack([drawn(0.4, 3.0, (50, 400)), np.zeros((1, 400))])
    mean = np.full_like(counts, 0.4)
    mean[-1] = 1e-4
    weights = np.ones_like(counts)
    dispersion = clean_dispersion(counts, mean, weights, np.full((51, 1), 3.0), np.zeros(51))
    assert 2.0 < dispersion[-1, 0] < 4.0


@pytest.mark.parametrize(("mean", "dispersion"), [(0.02, 2.0), (0.1, 2.0), (0.1, 4.0), (0.3, 1.0001)])
def test_mostly_empty_series_with_bursts_are_told_from_those_without(mean, dispersion):
    counts = drawn(mean, dispersion, (1000, 156))
    assert np.mean(estimated(counts, mean)) == pytest.approx(dispersion, rel=0.15)


def test_the_table_reaches_as_far_as_the_moments_change():
    moments = weighted_moments()
    assert np.abs(moments.square[-1] - moments.square[-2]).max() < 0.02
    assert LOG_MEANS[0] < np.log(0.02)
