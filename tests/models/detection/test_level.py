"""Levels that wander are followed; those that stand still are left alone."""

import numpy as np
import pytest

from models.detection.detector import LEVELS, Detector
from models.detection.effects import Effects

YEAR = 52.18


def followed(counts, mean, dispersion=1.0, known=None):
    means = np.broadcast_to(np.asarray(mean, dtype=float), counts.shape)
    return LEVELS["week"].follow(
        counts.astype(float), means, np.full((len(counts), 1), dispersion), known or counts.shape[1], YEAR
    )


def test_a_level_that_stands_still_hardly_moves():
    counts = np.random.default_rng(1).poisson(20, size=(300, 156))
    level = followed(counts, 20.0)
    assert np.abs(level.shift[:, -1]).mean() < 0.01
    assert level.variance[:, -1].mean() < 0.001


def test_a_shift_of_the_level_is_caught_up_with():
    mean = np.repeat([20.0, 32.0], [100, 56])
    counts = np.random.default_rng(2).poisson(mean, size=(50, 156))
    level = followed(counts, 20.0)
    assert level.shift[:, -1].mean() == pytest.approx(np.log(1.6), abs=0.1)
    assert np.abs(level.shift[:, 95].mean()) < 0.08


def test_the_newest_periods_are_not_looked_at():
    counts = np.random.default_rng(3).poisson(20, size=(40, 156))
    wild = counts.copy()
    wild[:, -2:] = 400
    calm_level, wild_level = (followed(table, 20.0, known=150) for table in (counts, wild))
    np.testing.assert_allclose(wild_level.shift[:, -1], calm_level.shift[:, -1])


def test_one_outbreak_does_not_move_a_level_far():
    counts = np.random.default_rng(4).poisson(20, size=(200, 156))
    counts[:, 150] = 300
    level = followed(counts, 20.0)
    assert level.shift[:, -1].mean() < 0.1


def test_the_uncertainty_is_that_of_the_true_level():
    rng = np.random.default_rng(5)
    walk = np.cumsum(rng.normal(0, 0.4 / np.sqrt(YEAR), size=(400, 156)), axis=1)
    counts = rng.poisson(30 * np.exp(walk))
    level = followed(counts, 30.0)
    error = level.shift[:, -1] - walk[:, -1]
    assert (error**2 / level.variance[:, -1]).mean() == pytest.approx(1.0, abs=0.6)


def test_false_alarms_stay_near_nominal_where_levels_wander():
    rng = np.random.default_rng(6)
    walk = np.cumsum(rng.normal(0, 0.3 / np.sqrt(YEAR), size=(400, 208)), axis=1)
    counts = rng.poisson(15 * np.exp(walk)).astype(float)
    judgement = Detector().judge(counts, counts.sum(axis=0), Effects.none(208), 20)
    assert 0.004 <= (judgement.p_value <= 0.01).mean() <= 0.02
    assert 0.03 <= (judgement.p_value <= 0.05).mean() <= 0.08
