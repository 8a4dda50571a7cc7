"""Published methods for daily counts, on the same series: a weekday regression, ESSENCE, Farrington on sums of seven days."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.detection.references import judge_with_r
from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Floats, Ints, World

ALPHA = 0.01
YEAR_DAYS = 364
REFIT_DAYS = 49
ITERATIONS = 15
# Ridge that keeps the level of a day that never has counts finite.
RIDGE = 1e-3
LOWEST_LOG, HIGHEST_LOG = -7.0, 20.0
ESSENCE_BASELINE, ESSENCE_GUARD = 28, 2
# Share of the variance from which on ESSENCE trusts its regression.
ESSENCE_FIT = 0.6
EWMA_WEIGHT = 0.4
ROLLING = 7


def judge_with_regression(world: World) -> Verdicts:
    """A plain quasi-Poisson regression per series on trend, one yearly harmonic, weekdays, holidays and the days after.

    Fitted anew every 49 days on all days before; p-values are of the negative binomial with the fitted mean and dispersion.
    """
    design = _design(world)
    return _verdicts(world, "weekday + holiday GLM", lambda counts: _regression(counts, design, world.judged))


def _design(world: World) -> Floats:
    day = np.arange(len(world.periods))
    angle = 2 * np.pi * day / YEAR_DAYS
    holiday = world.periods.isin(world.holidays)
    after = np.concatenate([[False], holiday[:-1]]) & ~holiday
    weekdays = (world.periods.dayofweek.to_numpy()[:, None] == np.arange(1, 7)).astype(float)
    return np.column_stack([np.ones(len(day)), day / len(day), np.cos(angle), np.sin(angle), weekdays, holiday, after])


def _regression(counts: Ints, design: Floats, judged: int) -> Floats:
    n_days = counts.shape[1]
    score = np.empty((len(counts), judged))
    for first in range(n_days - judged, n_days, REFIT_DAYS):
        last = min(first + REFIT_DAYS, n_days)
        for row, series in enumerate(counts):
            mean, dispersion = _fit(series[:first].astype(float), design[:first], design[first:last])
            score[row, first - n_days + judged : last - n_days + judged] = _negative_binomial_score(
                series[first:last], mean, dispersion
            )
    return score


def _fit(series: Floats, design: Floats, ahead: Floats) -> tuple[Floats, float]:
    """Mean of the days ahead and the dispersion, by iteratively re-weighted least squares."""
    ridge = RIDGE * np.eye(design.shape[1])
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(series.mean() + 0.1)
    for _ in range(ITERATIONS):
        linear = np.clip(design @ coefficients, LOWEST_LOG, HIGHEST_LOG)
        mean = np.exp(linear)
        weighted = design * mean[:, None]
        new = np.linalg.solve(weighted.T @ design + ridge, weighted.T @ (linear + (series - mean) / mean))
        step = np.clip(new - coefficients, -2, 2)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-6:
            break
    mean = np.exp(np.clip(design @ coefficients, LOWEST_LOG, HIGHEST_LOG))
    dispersion = float(((series - mean) ** 2 / mean).sum() / (len(series) - design.shape[1]))
    return np.exp(np.clip(ahead @ coefficients, LOWEST_LOG, HIGHEST_LOG)), dispersion


def _negative_binomial_score(observed: Ints, mean: Floats, dispersion: float) -> Floats:
    factor = max(dispersion, 1.0001)
    p_value = stats.nbinom.sf(observed - 1, mean / (factor - 1), 1 / factor)
    return _normal_score(p_value)


def judge_with_essence(world: World) -> Verdicts:
    """The switch of ESSENCE between a regression of 28 days and an exponentially weighted moving average.

    The regression (weekday, holiday as a Sunday, trend) is taken where its adjusted R² is above 0.6. Two days between
    baseline and judged day are left out. Lombardo, Burkom & Pavlin 2004, MMWR 53 (Suppl); Burkom et al. 2007.
    """
    weekday = np.where(world.periods.isin(world.holidays), 6, world.periods.dayofweek)
    return _verdicts(world, "ESSENCE regression/EWMA", lambda counts: _essence(counts, weekday, world.judged))


def _essence(counts: Ints, weekday: NDArray[np.int64], judged: int) -> Floats:
    values = counts.astype(float)
    n_days = values.shape[1]
    score = np.empty((len(values), judged))
    for column, day in enumerate(range(n_days - judged, n_days)):
        window = np.arange(day - ESSENCE_GUARD - ESSENCE_BASELINE, day - ESSENCE_GUARD)
        past, today = values[:, window], values[:, day]
        regression, fit = _regression_p(past, today, window - day, weekday[window], weekday[day])
        moving = _moving_average_p(values[:, window[0] : day + 1])
        score[:, column] = _normal_score(np.where(fit > ESSENCE_FIT, regression, moving))
    return score


def _regression_p(
    past: Floats,
    today: Floats,
    lag: NDArray[np.int64],
    weekdays: NDArray[np.int64],
    weekday: np.int64,
) -> tuple[Floats, Floats]:
    """p-value of today's residual and adjusted R², per series."""

    def row(when: NDArray[np.int64], of: NDArray[np.int64]) -> Floats:
        return np.column_stack([np.ones(len(when)), when, of[:, None] == np.arange(1, 7)]).astype(float)

    design, ahead = row(lag, weekdays), row(np.array([0]), np.array([weekday]))[0]
    inverse = np.linalg.pinv(design)
    coefficients = past @ inverse.T
    residual = past - coefficients @ design.T
    freedom = len(lag) - np.linalg.matrix_rank(design)
    error = (residual**2).sum(axis=1) / freedom
    total = past.var(axis=1, ddof=1)
    leverage = ahead @ inverse @ inverse.T @ ahead
    statistic = _divided(today - coefficients @ ahead, np.sqrt(error * (1 + leverage)))
    return stats.t.sf(statistic, freedom), np.where(total > 0, 1 - error / np.where(total > 0, total, 1), 0.0)


def _moving_average_p(values: Floats) -> Floats:
    """p-value of today's moving average against the mean of the baseline; `values` are baseline, guard and today."""
    smooth = values[:, 0]
    for day in range(1, values.shape[1]):
        smooth = EWMA_WEIGHT * values[:, day] + (1 - EWMA_WEIGHT) * smooth
    past = values[:, :ESSENCE_BASELINE]
    spread = past.std(axis=1, ddof=1) * np.sqrt(EWMA_WEIGHT / (2 - EWMA_WEIGHT))
    return np.asarray(stats.t.sf(_divided(smooth - past.mean(axis=1), spread), ESSENCE_BASELINE - 1), dtype=float)


def judge_sums_with_farrington(world: World) -> Verdicts:
    """R's farringtonFlexible on running sums of seven days, a year being 364 of them; settings of Noufaily et al. 2019.

    Raises:
        ReferenceMissingError: R or the package is not installed.
    """
    sums = replace(world, quiet=running_sums(world.quiet), outbreak=running_sums(world.counts) - running_sums(world.quiet))
    inside = world.outbreak_periods
    return replace(judge_with_r(sums, "farrington_daily", inside), method="Farrington, 7-day sums (R)")


def running_sums(counts: Ints) -> Ints:
    """Sum of every day and the six before it; the first days have fewer before them."""
    total = np.cumsum(counts, axis=1)
    earlier = np.concatenate([np.zeros((len(counts), ROLLING), dtype=total.dtype), total[:, :-ROLLING]], axis=1)
    return np.asarray(total - earlier, dtype=np.int64)


def _verdicts(world: World, method: str, judge: Callable[[Ints], Floats]) -> Verdicts:
    start = time.process_time()
    quiet, with_outbreak = judge(world.quiet), judge(world.counts)
    milliseconds = 1000 * (time.process_time() - start) / (2 * quiet.size)
    limit = stats.norm.isf(ALPHA)
    return Verdicts(method, quiet, quiet >= limit, with_outbreak, with_outbreak >= limit, milliseconds)


def _divided(excess: Floats, spread: Floats) -> Floats:
    """In standard deviations; where there was no variation, an excess is beyond any."""
    tiny = spread <= 1e-9
    return np.where(tiny, np.where(excess > 1e-9, 1e3 * excess, 0.0), excess / np.where(tiny, 1.0, spread))


def _normal_score(p_value: Floats) -> Floats:
    return np.asarray(np.maximum(stats.norm.isf(np.clip(p_value, 1e-300, 1.0)), -10.0), dtype=float)
