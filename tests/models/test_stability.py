"""Robust ranges, drift and gaps beside values worked out by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.stability import mix_drift, usual_gap, usual_range


def test_a_range_by_hand():
    # Around the median 102 the deviations are 0, 2, 6, 8 and 898: median 6, times 1.4826 is less than a Poisson count varies.
    usual = usual_range(np.array([100.0, 102, 96, 110, 1000]), deviations=10, min_ratio=1.01)
    assert usual.center == 102
    assert usual.high == pytest.approx(102 + 10 * np.sqrt(102))
    # Around 140 they are 0, 40, 40, 80 and 860.
    wide = usual_range(np.array([100.0, 140, 60, 180, 1000]), deviations=2, min_ratio=1.01)
    assert wide.high == pytest.approx(140 + 2 * 1.4826 * 40)
    assert wide.low == pytest.approx(140 - 2 * 1.4826 * 40)


def test_outliers_in_less_than_half_of_the_history_do_not_move_the_range_far():
    rng = np.random.default_rng(1)
    clean = rng.poisson(200, 12).astype(float)
    spoilt = clean.copy()
    spoilt[:4] = 5_000
    one, two = (usual_range(history, deviations=6, min_ratio=1.5) for history in (clean, spoilt))
    assert two.high < 1.5 * one.high


def test_a_range_holds_counts_that_are_merely_random():
    rng = np.random.default_rng(2)
    outside = 0
    for _ in range(2_000):
        *history, today = rng.poisson(rng.uniform(5, 400), 13)
        usual = usual_range(np.array(history, dtype=float), deviations=6, min_ratio=1.2)
        outside += not usual.low <= today <= usual.high
    assert outside <= 2


def test_a_ratio_is_asked_for_beside_the_deviations():
    usual = usual_range(np.full(8, 10_000.0), deviations=3, min_ratio=2)
    assert (usual.low, usual.high) == (5_000, 20_000)


def test_a_day_of_which_little_is_reported_varies_more():
    full = usual_range(np.full(8, 400.0), deviations=6, min_ratio=1.01)
    half = usual_range(np.full(8, 400.0), deviations=6, min_ratio=1.01, completeness=0.5)
    assert half.high - half.center == pytest.approx(np.sqrt(2) * (full.high - full.center))


def test_drift_by_hand():
    before, now = np.array([5_000_000.0, 5_000_000]), np.array([8_000_000.0, 2_000_000])
    assert mix_drift(before, now) == pytest.approx(0.3 * np.log(1.6) - 0.3 * np.log(0.4), abs=1e-5)
    assert mix_drift(before, before) == 0.0


def test_drift_of_a_mix_that_did_not_move_is_nothing_on_the_average_whatever_its_size():
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(20))
    for size in (200, 2_000):
        drifts = [mix_drift(rng.multinomial(6 * size, shares) * 1.0, rng.multinomial(size, shares) * 1.0) for _ in range(400)]
        # Without the expectation taken off it would be 19 (1 / n + 1 / m) on the average.
        assert np.mean(drifts) < 0.3 * 19 * (1 / size + 1 / (6 * size))


def test_a_category_that_appears_is_a_drift_and_a_finite_one():
    assert 1 < mix_drift(np.array([500.0, 500, 0]), np.array([250.0, 250, 500])) < 10


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_drift_does_not_depend_on_the_order_of_categories_and_is_never_negative(pairs):
    before, now = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    if before.sum() and now.sum():
        drift = mix_drift(before, now)
        assert drift >= 0
        assert mix_drift(before[::-1], now[::-1]) == pytest.approx(drift)


def test_the_usual_gap_is_the_quantile_of_the_gaps():
    days = np.cumsum([1] * 90 + [3] * 8 + [30] * 2)
    assert usual_gap(days) == 3
    assert usual_gap(np.array([4, 9])) == 5
