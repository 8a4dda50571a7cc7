"""Reporting completeness beside the chain ladder, brute force, and simulated delays whose distribution is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from models.completeness import WEEKDAYS, completeness_curve

CONFIDENCE = 0.95
HORIZON = 10


def observed(days: int, horizon: int = HORIZON, until: int | None = None) -> np.ndarray:
    """True where event day and delay fall on or before the last day looked at."""
    ages = (days - 1 if until is None else until) - np.arange(days)
    return np.arange(horizon + 1) <= ages[:, None]


def triangle(complete: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is seen of a whole table of counts, with its mask and weekdays."""
    seen = observed(*complete.shape[:1], complete.shape[1] - 1)
    return np.where(seen, complete, 0), seen, np.arange(len(complete)) % WEEKDAYS


def chain_ladder(counts: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Shares developed by age after the textbook: development factors of cumulative counts, multiplied up from the end."""
    cumulative = np.where(seen, counts.cumsum(axis=1), np.nan)
    shares = [1.0]
    for age in range(counts.shape[1] - 1, 0, -1):
        old_enough = seen[:, age]
        factor = cumulative[old_enough, age].sum() / cumulative[old_enough, age - 1].sum()
        shares.insert(0, shares[0] / factor)
    return np.array(shares)


def geometric(ratio: float, horizon: int = HORIZON) -> np.ndarray:
    shares = ratio ** np.arange(horizon + 1)
    return shares / shares.sum()


def working_days(ratio: float) -> np.ndarray:
    """Delays of an office that reports nothing on weekends: by weekday of the event."""
    shares = np.zeros((WEEKDAYS, HORIZON + 1))
    for weekday in range(WEEKDAYS):
        left = 1.0
        for delay in range(HORIZON + 1):
            if (weekday + delay) % 7 < 5:
                shares[weekday, delay] = left * (1 - ratio)
                left -= shares[weekday, delay]
        shares[weekday] /= shares[weekday].sum()
    return shares


def simulated(rng, shares: np.ndarray, days: int, per_day: float, clustering: float | None = None) -> np.ndarray:
    """Whole tables of counts: Poisson days, multinomial delays, around shares that vary from day to day if clustered."""
    table = np.zeros((days, shares.shape[1]), dtype=np.int64)
    for day in range(days):
        own = shares[day % WEEKDAYS]
        if clustering:
            own = rng.dirichlet(own * clustering + 1e-12)
        table[day] = rng.multinomial(rng.poisson(per_day), own)
    return table


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(30, 80), st.floats(0.3, 0.9), st.integers(5, 60))
def test_days_that_are_alike_give_the_chain_ladder(seed, days, ratio, per_day):
    rng = np.random.default_rng(seed)
    counts, seen, _ = triangle(simulated(rng, np.tile(geometric(ratio), (WEEKDAYS, 1)), days, per_day))
    one_weekday = np.zeros(days, dtype=np.int64)
    curve = completeness_curve(counts, seen, one_weekday, confidence=CONFIDENCE)
    np.testing.assert_allclose(curve.share[0], chain_ladder(counts, seen), rtol=1e-9)
    np.testing.assert_allclose(curve.share[4], curve.share[0])


def test_each_weekday_that_differs_is_its_own_chain_ladder():
    rng = np.random.default_rng(1)
    counts, seen, weekdays = triangle(simulated(rng, working_days(0.3), 140, 80))
    curve = completeness_curve(counts, seen, weekdays, confidence=CONFIDENCE)
    for weekday in range(WEEKDAYS):
        own = weekdays == weekday
        # The ladder starts where the weekday reports at all.
        first = (0, 0, 0, 0, 0, 2, 1)[weekday]
        alone = chain_ladder(counts[own][:, first:], seen[own][:, first:])
        np.testing.assert_allclose(curve.share[weekday, first:], alone, rtol=1e-9)
    # Of a Saturday nothing comes before Monday, two days later; of a Sunday nothing before the next day.
    np.testing.assert_allclose(curve.share[5, :2], 0.0)
    assert curve.share[5, 2] > 0.5
    np.testing.assert_allclose(curve.share[6, :1], 0.0)
    # Friday's complaints stand still over the weekend.
    np.testing.assert_allclose(curve.share[4, 0], curve.share[4, 2])


def test_a_weekday_of_which_nothing_was_seen_reports_like_all_of_them():
    rng = np.random.default_rng(6)
    table = simulated(rng, working_days(0.3), 140, 80)
    table[np.arange(140) % WEEKDAYS == 3] = 0
    counts, seen, weekdays = triangle(table)
    curve = completeness_curve(counts, seen, weekdays, confidence=CONFIDENCE)
    np.testing.assert_allclose(curve.share[3], chain_ladder(counts, seen), rtol=1e-9)
    assert not np.allclose(curve.share[4], curve.share[3])


def test_by_hand():
    # Three days seen after 2, 1 and 0 days.
    counts = np.array([[6, 2, 2], [4, 1, 0], [7, 0, 0]])
    seen = observed(3, 2)
    curve = completeness_curve(counts, seen, np.zeros(3, dtype=np.int64), confidence=CONFIDENCE)
    # g(2) = 2 / 10; g(1) = (2 + 1) / (8 + 5).
    np.testing.assert_allclose(curve.share[0], [(1 - 3 / 13) * (1 - 2 / 10), 1 - 2 / 10, 1.0])
    assert curve.complaints == 10


def test_the_naive_share_of_what_arrived_is_too_high_and_this_one_is_not():
    rng = np.random.default_rng(2)
    truth = geometric(0.7).cumsum()
    naive, estimated = [], []
    for _ in range(200):
        counts, seen, weekdays = triangle(simulated(rng, np.tile(geometric(0.7), (WEEKDAYS, 1)), 25, 20))
        naive.append(counts[:, 0].sum() / counts.sum())
        estimated.append(completeness_curve(counts, seen, weekdays, confidence=CONFIDENCE).share[0])
    assert np.mean(naive) > truth[0] + 0.02
    np.testing.assert_allclose(np.mean(estimated, axis=0), truth, atol=0.01)


@pytest.mark.parametrize("per_day", [3, 30, 300])
@pytest.mark.parametrize("delays", ["alike", "working days", "clustered"])
def test_no_bias_and_honest_intervals(delays, per_day):
    rng = np.random.default_rng(3)
    shares = working_days(0.5) if delays == "working days" else np.tile(geometric(0.6), (WEEKDAYS, 1))
    truth = shares.cumsum(axis=1)
    estimates, covered = [], []
    for _ in range(150):
        table = simulated(rng, shares, 120, per_day, clustering=20 if delays == "clustered" else None)
        curve = completeness_curve(*triangle(table), confidence=CONFIDENCE)
        estimates.append(curve.share)
        covered.append((curve.lower <= truth + 1e-9) & (truth <= curve.upper + 1e-9))
    bias = np.mean(estimates, axis=0) - truth
    assert np.abs(bias).max() < (0.03 if per_day == 3 else 0.01)
    coverage = np.mean(covered, axis=0)[:, :6].mean()
    assert 0.90 < coverage <= 0.99


def test_intervals_widen_with_clustered_arrivals_and_narrow_with_more_complaints():
    rng = np.random.default_rng(4)
    shares = np.tile(geometric(0.6), (WEEKDAYS, 1))

    def width(per_day, clustering=None):
        curve = completeness_curve(*triangle(simulated(rng, shares, 120, per_day, clustering)), confidence=CONFIDENCE)
        return curve.upper[0, 1] - curve.lower[0, 1], curve.dispersion

    (many, even), (few, _), (clustered, uneven) = width(300), width(10), width(300, 20)
    assert few > 3 * many
    assert clustered > 2 * many
    assert 1 <= even < 1.2
    assert uneven > 5


def test_with_nothing_late_the_interval_is_the_exact_binomial_one():
    counts = np.zeros((30, 4), dtype=np.int64)
    counts[:, 0] = 5
    curve = completeness_curve(counts, observed(30, 3), np.arange(30) % WEEKDAYS, confidence=CONFIDENCE)
    np.testing.assert_allclose(curve.share, 1.0)
    at_risk = 5 * 27  # days old enough to show the whole horizon
    np.testing.assert_allclose(curve.lower[:, 0], beta.ppf(0.025, at_risk, 1), rtol=1e-9)
    np.testing.assert_allclose(curve.upper, 1.0)


def test_with_everything_late_nothing_is_complete_before():
    counts = np.zeros((30, 4), dtype=np.int64)
    counts[:, 2] = 5
    seen = observed(30, 3)
    curve = completeness_curve(np.where(seen, counts, 0), seen, np.arange(30) % WEEKDAYS, confidence=CONFIDENCE)
    np.testing.assert_allclose(curve.share[:, :2], 0.0)
    np.testing.assert_allclose(curve.share[:, 2:], 1.0)
    assert (curve.lower[:, :2] == 0).all()
    assert ((curve.upper[:, :2] > 0) & (curve.upper[:, :2] < 0.1)).all()


def test_a_history_shorter_than_the_horizon_tells_nothing_of_what_lies_behind_it():
    counts = np.full((4, HORIZON + 1), 3)
    seen = observed(4)
    curve = completeness_curve(np.where(seen, counts, 0), seen, np.arange(4), confidence=CONFIDENCE)
    assert np.isnan(curve.share[:, :HORIZON]).all()
    assert np.isnan(curve.lower[:, :HORIZON]).all()
    np.testing.assert_allclose(curve.share[:, HORIZON], 1.0)
    assert curve.complaints == 0


def test_days_that_tell_nothing_change_nothing():
    rng = np.random.default_rng(5)
    counts, seen, weekdays = triangle(simulated(rng, np.tile(geometric(0.6), (WEEKDAYS, 1)), 60, 20))
    bulk = np.zeros((10, HORIZON + 1), dtype=np.int64)
    more = (np.vstack([bulk, counts]), np.vstack([bulk.astype(bool), seen]), np.concatenate([np.arange(10) % 7, weekdays]))
    one, two = (completeness_curve(*given, confidence=CONFIDENCE) for given in ((counts, seen, weekdays), more))
    for name in ("share", "lower", "upper", "complaints", "dispersion"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0, 20), st.integers(0, 6))
def test_shares_are_shares_whatever_comes(seed, days, per_day, horizon):
    rng = np.random.default_rng(seed)
    counts, seen, weekdays = triangle(rng.poisson(per_day, (days, horizon + 1)))
    curve = completeness_curve(counts, seen, weekdays, confidence=CONFIDENCE)
    known = ~np.isnan(curve.share)
    assert (np.isnan(curve.lower) == ~known).all()
    assert (np.isnan(curve.upper) == ~known).all()
    share, lower, upper = curve.share[known], curve.lower[known], curve.upper[known]
    assert ((lower >= 0) & (lower <= share + 1e-12) & (share <= upper + 1e-12) & (upper <= 1)).all()
    grows = np.diff(np.where(known, curve.share, -1), axis=1)
    assert (grows[known[:, :-1]] >= -1e-12).all()


@pytest.mark.parametrize(
    ("counts", "seen", "weekdays"),
    [
        (np.zeros((3, 2), dtype=np.int64), np.ones((2, 2), dtype=bool), np.zeros(3, dtype=np.int64)),
        (np.zeros((3, 2), dtype=np.int64), np.ones((3, 2), dtype=bool), np.zeros(2, dtype=np.int64)),
        (np.full((3, 2), -1), np.ones((3, 2), dtype=bool), np.zeros(3, dtype=np.int64)),
        (np.ones((3, 2), dtype=np.int64), observed(3, 1), np.zeros(3, dtype=np.int64)),
    ],
)
def test_what_does_not_belong_together_is_refused(counts, seen, weekdays):
    with pytest.raises(ValueError, match=r"belong together|negative"):
        completeness_curve(counts, seen, weekdays, confidence=CONFIDENCE)
