"""The daily world: cycles, holidays, and where its outbreaks lie."""

import numpy as np
import pytest

from benchmarks.detection.daily_world import CURRENT_K, DAYS, SIGNALS, Rate, bank_holidays, daily_world
from benchmarks.detection.methods import oracle
from benchmarks.detection.scoring import matched_scores

FIVE_DAY = [signal.number for signal in SIGNALS if signal.week == 5]


@pytest.fixture(scope="module")
def world():
    return daily_world(8, seed=3)


def test_a_rate_follows_the_formula():
    rate = Rate(2, 1, 0.5, 0.001, 0.4, 0.3, 0.05, 0.15, 1, -20)
    t = 100 - 20
    expected = 0.5 + 0.001 * t + 0.05 * np.cos(2 * np.pi * t / 5) + 0.15 * np.sin(2 * np.pi * t / 5)
    for j in (1, 2):
        expected += 0.4 * np.cos(2 * np.pi * j * t / 260) + 0.3 * np.sin(2 * np.pi * j * t / 260)
    assert rate.mean(200, 5)[99] == pytest.approx(np.exp(expected))
    assert rate.deviation(200, 5)[99] == pytest.approx(np.exp(expected / 2))


def test_there_are_sixteen_signals_eight_of_either_kind():
    assert [signal.number for signal in SIGNALS] == list(range(1, 17))
    assert list(range(5, 13)) == FIVE_DAY
    assert [signal.number for signal in SIGNALS if signal.season] == [5, 6, 15]


def test_holidays_of_a_year_of_364_days():
    holidays = bank_holidays()
    first_year = (holidays[:8] - holidays[0]).days.tolist()
    # 1 January, 6 and 9 April, 7 and 28 May, 28 August, 25 and 26 December; July has 30 days.
    assert first_year == [0, 95, 98, 126, 147, 238, 357, 358]
    assert len(holidays) == 7 * 8 + 2
    assert holidays.is_monotonic_increasing
    assert (holidays.dayofweek < 5).all()


def test_the_counts_are_about_their_mean_and_dispersion(world):
    judged = world.mean > 0
    deviation = np.where(judged, np.sqrt(world.mean * world.dispersion), 1)
    standard = (world.quiet - world.mean) / deviation
    for number in range(1, 17):
        rows = (world.scenario == number)[:, None] & judged
        assert standard[rows].mean() == pytest.approx(0, abs=0.05), number
        assert standard[rows].std() == pytest.approx(1, abs=0.06), number
    assert (world.counts[~judged] == 0).all()


def test_five_day_services_are_closed_on_weekends_and_holidays(world):
    five = np.isin(world.scenario, FIVE_DAY)
    closed = (world.periods.dayofweek >= 5) | world.periods.isin(world.holidays)
    assert (world.counts[five][:, closed] == 0).all()
    assert (world.mean[five][:, ~closed] > 0).all()
    assert (world.mean[~five] > 0).all()
    # The day after makes up for it: signal 10 has little season.
    rows = world.scenario == 10
    holiday = np.flatnonzero(world.periods.isin(world.holidays))[4]  # 28 May, a Monday
    ordinary = world.mean[rows][:, holiday + 8]
    np.testing.assert_allclose(world.mean[rows][:, holiday + 1] / ordinary, 1.5, rtol=0.05)


def test_seven_day_services_have_double_on_holidays(world):
    rows = world.scenario == 16  # no yearly cycle
    holiday = np.flatnonzero(world.periods.isin(world.holidays))
    away = holiday[(holiday > 7) & ~np.isin(holiday - 7, holiday)]
    np.testing.assert_allclose(world.mean[rows][:, away] / world.mean[rows][:, away - 7], 2.0)


def test_the_current_outbreak_lies_in_the_judged_days(world):
    np.testing.assert_array_equal(world.counts, world.quiet + world.outbreak)
    assert (world.outbreak >= 0).all()
    first = DAYS - world.judged
    assert world.judged == 343
    assert world.outbreak[:, :first].sum() == 0
    inside = world.outbreak_periods
    has_cases = world.outbreak.any(axis=1)
    assert has_cases.mean() > 0.97
    np.testing.assert_array_equal(inside[has_cases], world.outbreak[has_cases][:, first:] > 0)
    assert (inside.argmax(axis=1) == world.onset - first).all()
    assert {tuple(np.unique(world.k[world.scenario == n])) for n in range(1, 17)} == {CURRENT_K}


def test_larger_k_plants_more(world):
    rows = world.scenario == 3
    cases = [world.outbreak[rows & (world.k == k)].sum() for k in CURRENT_K]
    assert cases == sorted(cases)
    # Expected: k standard deviations times seven days, weekend cases twice.
    expected = 10 * 7 * np.sqrt(world.mean[rows].mean())
    assert expected * 0.9 < world.outbreak[rows & (world.k == 10)].sum(axis=1).mean() < expected * 1.8


def test_epidemics_come_every_year_and_are_no_outbreak(world):
    rows = world.scenario == 6
    yearly = world.quiet[rows].reshape(rows.sum(), 7, 364).sum(axis=2)
    background = Rate(1, 1, 1, 0, 0.1, 2, 0.05, 0.05, 1, -50).mean(1820, 5).sum() / 7
    assert (yearly > background * 1.2).all()
    assert (world.outbreak[rows].sum(axis=1) < yearly[:, -1]).all()


def test_the_seed_decides(world):
    np.testing.assert_array_equal(daily_world(8, seed=3).counts, world.counts)
    assert (daily_world(8, seed=4).counts != world.counts).any()


def test_the_oracle_finds_nearly_all(world):
    found = matched_scores(world, oracle(world))
    # What is known of this world: 97 %.
    assert found.detection.value == pytest.approx(0.97, abs=0.05)
    assert found.timeliness.value < 0.2
