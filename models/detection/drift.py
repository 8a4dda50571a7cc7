"""Slow drift: counts that stay above what is expected of them, by little and for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.detection.in_control import InControl, largest_log_likelihood_ratio, log_likelihood_ratio
from models.detection.predictive import Array, tail_probability

Score = Callable[[Array, Array, Array], Array]

# A log-likelihood ratio below it is none: sums of means round.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Drift:
    """The judged periods of many series; every array is `n_series × n_judged`, the newest period last.

    Attributes:
        statistic: log-likelihood ratio of the likeliest upward drift that lasts until the period; 0 if there is none.
        p_value: chance of such a statistic or a larger one in a period while nothing drifts. To alarm at `p_value <= rate` is
            to have false alarms in a share `rate` of the periods. They come in runs, as consecutive statistics share most of
            their counts, so that the average time between two runs is longer than `1 / rate`.
        onset: index of the period in which that drift began, of all periods given; -1 if there is none.
        ratio: counts by expected counts from the onset on; 1 if there is no drift.
    """

    statistic: Array
    p_value: Array
    onset: NDArray[np.int64]
    ratio: Array


def cusum(
    counts: Array,
    mean: Array,
    dispersion: Array | float = 1.0,
    *,
    ratio: float = 1.5,
    window: int = 52,
    last: int | None = None,
) -> Drift:
    """Look for a drift to `ratio` times the expected counts: the CUSUM of log-likelihood ratios.

    For Poisson counts of constant mean it is Page's CUSUM `max(0, S + count - k)` with `k = (ratio - 1) mean / log(ratio)`
    (Lucas 1985, Counted Data CUSUM's, Technometrics 27), times `log(ratio)`. It is at its best for drifts of that ratio;
    where the expected counts are large, one much smaller than the default is worth looking for.

    Args:
        counts: `n_series × n_periods`, equally spaced, oldest first.
        mean: expected counts if nothing drifts, same shape, positive.
        dispersion: variance by mean of each series (`n_series`) or of all, at least 1.
        ratio: drift to look for, above 1.
        window: periods that a drift may last. From `n_periods` on it is the CUSUM without limit.
        last: newest periods to judge; all unless given.

    Raises:
        ValueError: a mean is not positive, a dispersion is below 1, the ratio does not exceed 1, or shapes differ.

    It assumes: means and dispersions that are known, as a CUSUM takes any lasting error of the mean for drift, so that for
    estimated means `glr` with their error is the one to take; counts independent given their means; a drift that multiplies
    the means and leaves the size of the negative binomial (Höhle & Paul 2008). p-values take the means as constant over the
    window.
    """
    if ratio <= 1:
        raise ValueError(f"a drift to {ratio} times the expected counts is no upward drift")
    return _judged(counts, mean, (dispersion, 0.0), partial(_of_ratio, ratio=ratio), InControl(window, ratio), last)


def glr(
    counts: Array,
    mean: Array,
    dispersion: Array | float = 1.0,
    *,
    mean_error: Array | float = 0.0,
    window: int = 52,
    last: int | None = None,
) -> Drift:
    """Look for a drift of any ratio: the window-limited generalised likelihood ratio, "intercept" chart.

    Höhle & Paul 2008, Count data regression charts for the monitoring of surveillance time series, Computational Statistics
    and Data Analysis 52. The dispersion being the same in all periods of a series, the best ratio of a drift with a given
    onset is the sum of its counts by the sum of the expected ones, and no search is needed.

    Args:
        counts, mean, dispersion, window, last: as for `cusum`, and so are errors and assumptions but for the next.
        mean_error: standard deviation of the error of the log means, common to all periods of a series; of each series
            (`n_series`) or of all. Means taken as known turn a lasting error of theirs into drift: one of a tenth makes thirty
            times as many false alarms of large counts. With an error, the sum of the counts from an onset on has the variance
            `dispersion × sum + (mean_error × sum)²`. The p-values are then too large rather than too small, as the error makes
            the sums from different onsets more alike than the table has them.
    """
    return _judged(counts, mean, (dispersion, mean_error), largest_log_likelihood_ratio, InControl(window), last)


def _of_ratio(events: Array, expected: Array, excess: Array, ratio: float) -> Array:
    return log_likelihood_ratio(events, expected, ratio, excess)


def _judged(
    counts: Array,
    mean: Array,
    variation: tuple[Array | float, Array | float],
    score: Score,
    in_control: InControl,
    last: int | None,
) -> Drift:
    """The best onset of every judged period, one duration of the drift after the other for all series at once."""
    if counts.shape != mean.shape:
        raise ValueError(f"counts are {counts.shape}, their means {mean.shape}")
    n_series, n_periods = counts.shape
    dispersion, error = (np.broadcast_to(np.reshape(np.asarray(v, dtype=float), (-1, 1)), (n_series, 1)) for v in variation)
    excess, squared_error = dispersion - 1, error**2
    if not (mean > 0).all() or not (excess >= 0).all():
        raise ValueError("means must be positive and dispersions at least 1")
    first = 0 if last is None else max(n_periods - last, 0)
    events, expected = _sums(counts), _sums(mean)
    shape = (n_series, n_periods - first)
    statistic, duration = np.full(shape, ROUNDING), np.zeros(shape, dtype=np.int64)
    for periods in range(1, min(in_control.window, n_periods) + 1):
        ends = slice(max(first, periods - 1) + 1, None)
        starts = slice(max(first, periods - 1) + 1 - periods, n_periods + 1 - periods)
        sums = expected[:, ends] - expected[:, starts]
        value = score(events[:, ends] - events[:, starts], sums, excess + squared_error * sums)
        reached = np.s_[:, max(periods - 1 - first, 0) :]
        better = value > statistic[reached]
        statistic[reached] = np.where(better, value, statistic[reached])
        duration[reached] = np.where(better, periods, duration[reached])
    ends_at = np.arange(first, n_periods)
    statistic = np.where(duration > 0, statistic, 0.0)
    begin = ends_at + 1 - duration
    rows = np.arange(n_series)[:, None]
    drifted = np.where(duration > 0, events[:, first + 1 :] - events[rows, begin], 0.0)
    usual = np.where(duration > 0, expected[:, first + 1 :] - expected[rows, begin], 1.0)
    looked_back = np.minimum(ends_at + 1, in_control.window)
    typical = (expected[:, first + 1 :] - expected[:, ends_at + 1 - looked_back]) / looked_back
    tail = in_control.tail(
        statistic, typical, np.broadcast_to(dispersion, shape), np.broadcast_to(looked_back.astype(float), shape)
    )
    # So many counts since this onset are one way to reach the statistic; the table smooths the steps of sparse counts.
    one_way = tail_probability(drifted, usual, dispersion * usual + squared_error * usual**2)
    ratio = np.where(duration > 0, drifted / usual, 1.0)
    return Drift(statistic, np.maximum(tail, one_way), np.where(duration > 0, begin, -1), ratio)


def _sums(values: Array) -> Array:
    """Sums of all periods before each, and of all of them."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
