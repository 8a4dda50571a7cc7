"""Rare severe events: one can be news, and two soon after each other too."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from models.detection.severe_events import RareRates, g_chart_limits, hastening

NONE = np.zeros(1, dtype=np.intp)


def test_a_death_is_news_in_a_quiet_category_and_not_in_a_dangerous_one():
    # Shoes: one event in 200,000 complaints; gas stoves: one in a hundred.
    events, exposure = np.array([0.0, 1.0, 100.0, 100.0]), np.array([1e3, 199e3, 1e4, 1e4])
    rates = RareRates.by_category(events, exposure, np.array([0, 0, 1, 1]))
    p_value = rates.tail(np.array([1.0, 0.0, 1.0, 9.0]), np.full(4, 100.0))
    assert p_value[0] < 0.001
    assert p_value[1] == 1
    assert p_value[2] > 0.5
    assert p_value[3] < 1e-4


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 8), st.floats(0.1, 500), st.integers(0, 20), st.floats(0, 5e3), st.floats(0.2, 5))
def test_the_tail_is_that_of_numeric_integration_over_the_rate(observed, exposure, past, past_exposure, weight):
    events, seen = np.array([float(past), 3.0]), np.array([past_exposure, 4000.0])
    rates = RareRates.by_category(events, seen, np.array([0, 0]), weight)
    shape, rate = weight + past, weight * (past_exposure + 4000) / (past + 3) + past_exposure
    grid = np.linspace(np.log(1e-9 / rate), np.log(1e3 * shape / rate), 20001)
    density = stats.gamma.pdf(np.exp(grid), shape, scale=1 / rate) * np.exp(grid)
    truth = integrate.simpson(density * stats.poisson.sf(observed - 1, np.exp(grid) * exposure), x=grid)
    ours = rates.tail(np.array([float(observed), 0.0]), np.full(2, exposure))[0]
    assert ours == pytest.approx(truth, rel=2e-2, abs=1e-8)


def test_a_category_without_any_event_has_half_a_one():
    rates = RareRates.by_category(np.zeros(2), np.array([0.0, 1000.0]), np.zeros(2, dtype=np.intp))
    np.testing.assert_allclose(rates.shape / rates.rate, [0.5 / 1000, 1 / 3000])


def test_rare_tails_keep_their_level_where_the_series_differ_as_much_as_they_may():
    rng = np.random.default_rng(4)
    n = 200_000
    category = rng.integers(0, 20, n)
    common = 10 ** rng.uniform(-4, -2, 20)
    true = rng.gamma(1.0, common[category])
    past, now = rng.uniform(50, 500, n), rng.uniform(10, 100, n)
    rates = RareRates.by_category(rng.poisson(true * past).astype(float), past, category)
    p_value = rates.tail(rng.poisson(true * now).astype(float), now)
    for alpha in (0.05, 0.01, 0.001):
        assert 0.1 * alpha < (p_value <= alpha).mean() <= 1.1 * alpha


@pytest.mark.parametrize(("events", "exposure", "message"), [([-1.0], [5.0], "negative"), ([1.0], [0.0], "without exposure")])
def test_rates_of_nothing_are_refused(events, exposure, message):
    with pytest.raises(ValueError, match=message):
        RareRates.by_category(np.array(events), np.array(exposure), NONE)


def test_the_tail_of_a_gap_by_counting_all_ways_to_share_the_free_days():
    past_events, events = 3, 2
    for total in (0, 4, 9):
        # Every way to share the free days over five gaps is as likely as any other.
        ways = []
        for bars in combinations_with_replacement(range(total + 1), past_events + events - 1):
            edges = [0, *bars, total]
            ways.append(sum(np.diff(edges)[:events]))
        for gap in range(total + 1):
            truth = np.mean(np.array(ways) <= gap)
            ours = hastening(*(np.array([value]) for value in (gap, total - gap, past_events)), events=events)
            assert ours[0] == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("events", [1, 3])
@pytest.mark.parametrize("chance", [0.3, 0.02])
def test_of_a_steady_rate_no_gap_is_rarer_than_it_says(events, chance):
    gaps = np.random.default_rng(5).geometric(chance, (100_000, 4 + events)) - 1
    p_value = hastening(gaps[:, :events].sum(axis=1), gaps[:, events:].sum(axis=1), np.full(len(gaps), 4), events)
    for alpha in (0.1, 0.05, 0.01):
        assert (p_value <= alpha).mean() <= 1.05 * alpha
    if chance == 0.02:  # else a single gap of 0 is already common
        assert (p_value <= 0.1).mean() > 0.085


def test_with_a_long_past_consecutive_events_are_benneyans():
    # Benneyan's test for gaps of 0 in a row: their chance is p to the power of their number.
    p = 0.01
    past = np.array([1_000_000])
    for events in (1, 2, 3):
        ours = hastening(np.array([0]), past * (1 - p) / p, past, events)
        assert ours[0] == pytest.approx(p**events, rel=1e-3)
    ours = hastening(np.array([30]), past * (1 - p) / p, past)
    assert ours[0] == pytest.approx(stats.geom.cdf(31, p), rel=1e-3)


def test_the_limits_of_a_g_chart_are_three_deviations_of_the_geometric_distribution():
    law = stats.geom(0.04, loc=-1)
    lower, upper = g_chart_limits(np.array([law.mean()]))
    assert upper[0] == pytest.approx(law.mean() + 3 * law.std())
    assert lower[0] == 0
    lower, _ = g_chart_limits(np.array([law.mean()]), deviations=0.5)
    assert lower[0] == pytest.approx(law.mean() - 0.5 * law.std())


def test_gaps_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="is needed"):
        hastening(np.array([1]), np.array([0]), np.array([0]))
    with pytest.raises(ValueError, match="negative"):
        hastening(np.array([-1]), np.array([5]), np.array([2]))
