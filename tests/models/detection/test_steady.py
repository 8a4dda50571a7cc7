"""Expectations that were fixed before the newest weeks: right where nothing changes, and deaf to what comes after."""

import numpy as np
import pytest

from models.detection.drift import glr
from models.detection.effects import Effects
from models.detection.steady import SteadyBaseline

NEWEST = 13


def world(seed: int, weeks: int):
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52.18)
    mean = rng.lognormal(3, 0.8, 40)[:, None] * season
    return rng.negative_binomial(mean / 0.3, 1 / 1.3).astype(float), mean


@pytest.mark.parametrize("weeks", [120, 200])
def test_the_expectation_is_near_the_truth_and_its_drifts_are_rare(weeks):
    small, distance = [], []
    for seed in range(8):
        counts, mean = world(seed, weeks)
        told = SteadyBaseline().expect(counts, counts.sum(axis=0), Effects.none(weeks), NEWEST)
        error = np.log(told.mean / mean[:, -NEWEST:]).mean(axis=1)
        distance.append(error / told.mean_error)
        drift = glr(counts[:, -NEWEST:], told.mean, told.dispersion, mean_error=told.mean_error, window=NEWEST, last=1)
        small.append(drift.p_value[:, 0])
    assert np.std(np.concatenate(distance)) < 1.5
    assert (np.concatenate(small) <= 0.05).mean() <= 0.08


def test_the_newest_weeks_change_nothing():
    counts, _ = world(1, 150)
    pool = counts.sum(axis=0)
    told = SteadyBaseline().expect(counts, pool, Effects.none(150), NEWEST)
    raised = counts.copy()
    raised[0, -NEWEST:] *= 3
    again = SteadyBaseline().expect(raised, pool, Effects.none(150), NEWEST)
    np.testing.assert_allclose(again.mean, told.mean)
    np.testing.assert_allclose(again.mean_error, told.mean_error)


def test_without_a_year_there_is_no_expectation():
    counts, _ = world(1, 60)
    with pytest.raises(ValueError, match="no year before the newest 13"):
        SteadyBaseline().expect(counts, counts.sum(axis=0), Effects.none(60), NEWEST)
