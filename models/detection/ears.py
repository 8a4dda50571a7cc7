"""EARS C1, C2 and C3: the newest counts against the handful of periods before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from models.detection.judgement import Judgement
from models.detection.predictive import Array, tail_probability, upper_bound

Method = Literal["C1", "C2", "C3"]

# The authors' definition: C2 and C3 leave out the two periods before the judged one, C3 adds up three values of C2.
LAG = {"C1": 0, "C2": 2, "C3": 2}
SUMMED = 3


@dataclass(frozen=True)
class Ears:
    """Every period judged by the baseline before it; arrays are `n_series × n_periods`, NaN where the baseline is too short.

    Attributes:
        statistic: the classic C1, C2 or C3; infinite where the baseline does not vary and the count is above it.
        upper: classic upper bound of a count, by the normal distribution at the wanted level.
        normal_p: classic p-value by the normal distribution; it is below `1 - level` exactly where a count exceeds `upper`.
        p_value: predictive p-value of a count that allows for the few periods of the baseline and for small counts.
        predictive_upper: the largest count whose `p_value` is not below `1 - level`.
        expected: count expected by the baseline.
        dispersion: variance of a count by its mean, as the predictive p-value took it.
    """

    statistic: Array
    upper: Array
    normal_p: Array
    p_value: Array
    predictive_upper: Array
    expected: Array
    dispersion: Array

    def judgement(self, last: int) -> Judgement:
        """The last periods by their predictive p-values; where there is no baseline the p-value is 1."""
        expected, upper, p_value = (values[:, -last:] for values in (self.expected, self.predictive_upper, self.p_value))
        ordinary = np.ones_like(expected)
        return Judgement.of(expected, upper, np.where(np.isnan(p_value), 1.0, p_value), (expected, ordinary, ordinary))


def ears(
    counts: Array,
    method: Method = "C1",
    *,
    baseline: int = 7,
    level: float = 0.99,
    minimum_deviation: float = 0.0,
    dispersion: float | Array | None = None,
    dispersion_weight: float = 50.0,
) -> Ears:
    """Judge every period by EARS (Hutwagner, Thompson, Seeman & Treadwell 2003, Journal of Urban Health 80, i89-i96).

    C1 is a count's distance from the mean of the `baseline` periods before it, in their standard deviations. C2 leaves two
    periods out between them, so that a beginning outbreak does not become its own baseline. C3 is the sum of `max(0, C2 - 1)`
    over the judged period and the two before it. The upper bound of C3 is the count that takes the judged period's C2, plus
    what the two periods before it add, to the normal quantile (Fricker, Hegler & Dunfee 2008, Statistics in Medicine 27).

    The normal distribution of the classic bounds ignores that mean and deviation come from seven counts: of Poisson counts
    with mean 5, C1 calls a hundredth several times too often. Hence a second p-value. Under constant Poisson means the count
    given its total with the baseline is binomial; that exact test (Przyborowski & Wilenski 1940, Biometrika 31) is the tail of
    a negative binomial of size `baseline total + 1`. For counts with variance `dispersion × mean` the negative binomial is
    matched to `mean = (total + dispersion) / baseline` and variance `dispersion × mean × (1 + 1 / baseline)`, which for
    dispersion 1 is the exact one. For C3 the three periods together are tested against the baseline of the newest.

    Args:
        counts: `n_series × n_periods`, equally spaced, oldest first, not negative.
        method: `C1`, `C2` or `C3`.
        baseline: periods that make the baseline, at least two.
        level: of the upper bounds.
        minimum_deviation: least standard deviation, for counts so sparse that the baseline may not vary.
        dispersion: variance by mean of each series (`n_series`) or of all; estimated if not given.
        dispersion_weight: observations that the series' common dispersion is worth against the one of a series' baseline.

    Raises:
        ValueError: the baseline is shorter than two periods.

    It assumes: no season or weekday within the periods looked back on; periods independent given their mean. An estimated
    dispersion of few series is that of a few dozen counts and not sure.
    """
    if baseline < 2:  # noqa: PLR2004 - below it there is no deviation
        raise ValueError(f"a baseline of {baseline} periods has no deviation; two or more are needed")
    mean, deviation = _baseline(counts, baseline, LAG[method])
    classic_deviation = np.maximum(deviation, minimum_deviation)
    score = _standardised(counts - mean, classic_deviation)
    carried = _carried(score) if method == "C3" else np.where(np.isnan(score), np.nan, 0.0)
    statistic = carried + np.maximum(score - 1, 0.0) if method == "C3" else score
    # Without deviation no multiple of it lifts the bound, and a count below it is no news whatever came before.
    flat = classic_deviation == 0
    with np.errstate(invalid="ignore"):
        upper = np.where(flat, mean, mean + classic_deviation * (stats.norm.ppf(level) - carried))
        normal_p = np.asarray(stats.norm.sf(np.where(flat, score, score + carried)), dtype=float)
    upper, normal_p = (np.where(np.isnan(carried), np.nan, values) for values in (upper, normal_p))

    spread = (
        _dispersion(mean, deviation, baseline, dispersion_weight) if dispersion is None else np.reshape(dispersion, (-1, 1))
    )
    spread = np.where(np.isnan(carried), np.nan, spread)
    together = SUMMED if method == "C3" else 1
    before = _before(counts, together - 1)
    expected = together * (mean + spread / baseline)
    variance = spread * expected * (1 + together / baseline)
    return Ears(
        statistic=statistic,
        upper=upper,
        normal_p=normal_p,
        p_value=np.where(np.isnan(carried), np.nan, tail_probability(counts + before, expected, variance)),
        predictive_upper=upper_bound(expected, variance, level) - before,
        expected=np.where(np.isnan(carried), np.nan, mean),
        dispersion=spread,
    )


def _baseline(counts: Array, baseline: int, lag: int) -> tuple[Array, Array]:
    """Mean and standard deviation of each period's baseline; NaN where it is not complete."""
    mean, deviation = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    first = baseline + lag
    if counts.shape[1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(counts[:, : counts.shape[1] - lag - 1], baseline, axis=1)
        mean[:, first:] = windows.mean(axis=2)
        deviation[:, first:] = windows.std(axis=2, ddof=1)
    return mean, deviation


def _standardised(distance: Array, deviation: Array) -> Array:
    """Distances in deviations; without deviation any distance is infinite and none is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((deviation == 0) & (distance == 0), 0.0, distance / deviation)


def _carried(score: Array) -> Array:
    """What the two periods before add to C3; NaN where they were not judged."""
    carried = np.full(score.shape, np.nan)
    excess = np.maximum(score - 1, 0.0)
    carried[:, 2:] = excess[:, 1:-1] + excess[:, :-2]
    return carried


def _before(counts: Array, periods: int) -> Array:
    """Sum of the counts of so many periods before each; where there are fewer, of those there are."""
    total = np.zeros(counts.shape)
    for lag in range(1, periods + 1):
        total[:, lag:] += counts[:, :-lag]
    return total


def _dispersion(mean: Array, deviation: Array, baseline: int, weight: float) -> Array:
    """Dispersion of each baseline, drawn towards that of all series' baselines up to it; no less than Poisson's.

    Given a baseline's total, its variance by its mean is 1 on average for Poisson counts, however small they are.
    """
    known = mean > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(known, deviation**2 / mean, 0.0)
    seen = np.maximum(known.sum(axis=0).cumsum(), 1)
    common = own.sum(axis=0).cumsum() / seen
    freedom = np.where(known, baseline - 1.0, 0.0)
    return np.asarray(np.maximum((freedom * own + weight * common) / (freedom + weight), 1.0), dtype=float)
