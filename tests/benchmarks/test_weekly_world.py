"""The weekly world: means, variances, and where its outbreaks lie."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from benchmarks.detection.consumer_calendar import EFFECTS, LUNAR_NEW_YEAR, effect_weeks, multipliers
from benchmarks.detection.weekly_world import JUDGED, LAST_PAST, PAST_K, WEEKS, scenarios, weekly_world
from benchmarks.detection.world import draw_counts, draw_sizes, spread_cases


@pytest.fixture(scope="module")
def world():
    return weekly_world(20, seed=5)


def test_there_are_42_scenarios_whose_means_follow_the_formula():
    table = scenarios()
    assert [one.number for one in table] == list(range(1, 43))
    assert len({(s.theta, s.beta, s.gamma1, s.gamma2, s.harmonics, s.dispersion) for s in table}) == 42
    with_trend = next(s for s in table if s.theta == 1.5 and s.beta and s.harmonics == 2)
    t = 100
    expected = 1.5 + 0.003 * t
    expected += 0.2 * np.cos(2 * np.pi * t / 52) - 0.4 * np.sin(2 * np.pi * t / 52)
    expected += 0.2 * np.cos(4 * np.pi * t / 52) - 0.4 * np.sin(4 * np.pi * t / 52)
    assert with_trend.mean()[t - 1] == pytest.approx(np.exp(expected))
    level = next(s for s in table if s.theta == 1.5 and not s.beta and not s.harmonics)
    np.testing.assert_allclose(level.mean(), np.exp(1.5))


@pytest.mark.parametrize(("mean", "dispersion"), [(0.2, 1.0), (0.2, 2.0), (7.0, 1.0), (7.0, 5.0), (150.0, 1.2)])
def test_counts_have_the_mean_and_the_variance_asked_for(mean, dispersion):
    shape = (200, 500)
    counts = draw_counts(np.random.default_rng(1), np.full(shape, mean), np.full(shape, dispersion))
    n = counts.size
    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean * dispersion / n))
    assert counts.var() / counts.mean() == pytest.approx(dispersion, rel=0.05)


def test_sizes_are_poisson_drawn_again_until_two_cases_are_reached():
    rng = np.random.default_rng(2)
    expected = np.repeat([0.3, 1.5, 40.0], 20_000)
    drawn = draw_sizes(rng, expected).reshape(3, -1)
    again = [row[row >= 2] for row in np.random.default_rng(3).poisson([[0.3], [1.5], [40.0]], (3, 500_000))]
    for ours, theirs in zip(drawn, again, strict=True):
        assert ours.min() >= 2
        assert ours.mean() == pytest.approx(theirs.mean(), rel=0.02)
        assert ours.var() == pytest.approx(theirs.var(), rel=0.12)


def test_cases_lie_behind_the_onset_as_the_log_normal_says():
    onset = np.full(4000, 10)
    cases = spread_cases(np.random.default_rng(4), 30, onset, np.full(4000, 25))
    share = cases.sum(axis=0) / cases.sum()
    assert cases.sum() == 100_000
    assert share[:10].sum() == 0
    # P(delay <= 1), P(1 < delay <= 2), P(2 < delay <= 3) of log-normal(0, 0.5).
    np.testing.assert_allclose(share[10:13], [0.5, 0.4172, 0.0688], atol=0.006)
    narrow = spread_cases(np.random.default_rng(4), 60, onset, np.full(4000, 25), bin_width=0.25)
    np.testing.assert_allclose(narrow[:, 10:14].sum() / narrow.sum(), 0.5, atol=0.006)


def test_cases_behind_the_end_are_lost():
    cases = spread_cases(np.random.default_rng(5), 30, np.array([28, 28]), np.array([500, 500]), until=29)
    assert cases[:, 29].sum() == 0
    assert 0 < cases[:, 28].sum() < 1000


def test_the_background_is_what_was_asked_for(world):
    assert world.quiet.shape == world.mean.shape == (42 * 20, WEEKS)
    before = slice(0, 312)  # no outbreak yet
    for number in (4, 13, 28, 42):
        rows = world.scenario == number
        mean = world.mean[rows, before]
        residual = (world.quiet[rows, before] - mean) ** 2 / mean
        assert world.quiet[rows, before].mean() == pytest.approx(mean.mean(), rel=0.06)
        assert residual.mean() == pytest.approx(world.dispersion[rows, before].mean(), rel=0.12)


def test_past_outbreaks_leave_the_judged_weeks_alone(world):
    first_judged = WEEKS - JUDGED
    assert first_judged == LAST_PAST
    excess = (world.quiet - world.mean).sum(axis=0) / np.sqrt((world.mean * world.dispersion).sum(axis=0))
    assert abs(excess[:312].mean()) < 0.5
    assert abs(excess[first_judged:].mean()) < 0.7
    # Σk standard deviations of each series' background, less the cases that would lie in judged weeks.
    expected = sum(PAST_K) * np.sqrt(world.mean * world.dispersion)[:, 312:575].mean(axis=1)
    planted = (world.quiet - world.mean)[:, 312:575].sum(axis=1)
    busy = world.mean.mean(axis=1) > 5
    assert planted[busy].sum() / expected[busy].sum() == pytest.approx(1, abs=0.1)


def test_the_current_outbreak_is_kept_apart_and_booked(world):
    first = WEEKS - JUDGED
    np.testing.assert_array_equal(world.counts, world.quiet + world.outbreak)
    assert world.outbreak[:, :first].sum() == 0
    assert world.onset.min() == first
    assert world.onset.max() == WEEKS - 1
    inside = world.outbreak_periods
    assert inside[np.arange(world.n_series), world.onset - first].all()
    assert (inside.argmax(axis=1) == world.onset - first).all()
    assert (world.outbreak[:, first:][~inside] == 0).all()
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    has_cases = world.outbreak.sum(axis=1) > 0
    assert (world.outbreak[:, first:][has_cases, last[has_cases]] > 0).all()
    # k goes through 1 to 10, and sizes with it.
    assert {tuple(np.bincount(world.k[world.scenario == s])[1:]) for s in range(1, 43)} == {(2,) * 10}
    early = world.onset < WEEKS - 10
    deviation = np.sqrt(world.mean * world.dispersion)[np.arange(world.n_series), world.onset]
    big = early & (deviation > 3)
    assert (world.outbreak.sum(axis=1)[big] / (world.k * deviation)[big]).mean() == pytest.approx(1, abs=0.05)


def test_the_seed_decides(world):
    again = weekly_world(20, seed=5)
    np.testing.assert_array_equal(world.counts, again.counts)
    assert (weekly_world(20, seed=6).counts != world.counts).any()


def test_weeks_are_mondays_and_rows_say_the_same(world):
    assert set(world.periods.dayofweek) == {0}
    small = world.rows(np.arange(3))
    table = small.table(small.counts)
    assert list(table.columns) == ["series_id", "period", "count"]
    wide = table.pivot_table(index="series_id", columns="period", values="count")
    np.testing.assert_array_equal(wide.to_numpy(), small.counts)
    assert small.names == sorted(small.names)


def test_the_lunar_new_year_is_the_one_of_the_statutory_holiday():
    chinese_calendar = pytest.importorskip("chinese_calendar")
    known = chinese_calendar.constants.holidays
    years = {day.year for day in known}
    checked = [dt.date.fromisoformat(day) for day in LUNAR_NEW_YEAR if int(day[:4]) in years]
    assert len(checked) >= 12
    assert all(known.get(day) == "Spring Festival" for day in checked)


def test_effects_touch_the_weeks_of_their_dates():
    mondays = pd.date_range("2024-01-01", "2026-11-09", freq="7D")
    touched = effect_weeks(mondays)
    weeks = {effect.name: [str(day) for day in mondays.date[touched[:, column] == 1]] for column, effect in enumerate(EFFECTS)}
    assert weeks["consumer rights day"] == ["2024-03-11", "2025-03-10", "2026-03-09"]
    assert weeks["Spring Festival"] == ["2024-02-05", "2025-01-27", "2026-02-16"]
    assert weeks["week after the Spring Festival"] == ["2024-02-12", "2025-02-03", "2026-02-23"]
    assert weeks["double eleven"] == ["2024-11-11", "2025-11-10", "2026-11-09"]
    # Every effect lies in the judged weeks once.
    assert touched[-JUDGED:].sum(axis=0).tolist() == [1] * len(EFFECTS)


def test_multipliers_vary_about_the_common_ones():
    mondays = pd.date_range("2024-01-01", "2026-11-09", freq="7D")
    same = multipliers(np.random.default_rng(1), mondays, 3, 0.0)
    assert same[:, mondays == "2025-03-10"].ravel().tolist() == pytest.approx([2.0] * 3)
    assert same[:, mondays == "2025-05-05"].ravel().tolist() == [1.0] * 3
    own = np.log(multipliers(np.random.default_rng(1), mondays, 4000, 0.3))
    column = own[:, mondays == "2025-03-10"].ravel()
    assert column.mean() == pytest.approx(np.log(2.0), abs=0.02)
    assert column.std() == pytest.approx(0.3, abs=0.02)
    np.testing.assert_allclose(column, own[:, mondays == "2026-03-09"].ravel())


def test_the_calendar_multiplies_the_background_alone():
    plain, peaks = weekly_world(1, seed=9), weekly_world(1, seed=9, calendar=True, spread=0.0)
    ratio = (peaks.mean / plain.mean)[0]
    common = multipliers(np.random.default_rng(0), plain.periods, 1, 0.0)[0]
    np.testing.assert_allclose(ratio, common)
    assert ratio[plain.periods == "2026-03-09"] == pytest.approx(2.0)
