"""How rare the smallest of several overlapping windows' p-values is, if nothing is wrong."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from models.detection.predictive import Array, above, bound, size_and_probability

# The newest count is above its median where its p-value is below this.
USUAL = 0.5
# The map from the smallest weighted p-value to its own p-value is tabulated on so many points.
POINTS = 400
LOWEST_LOG, SMALLEST_LOG = np.log(1e-9), -700.0
NODES = 64
BLOCKS = (5, 11, 26, 61)


def joint_p_value(smallest: Array, lengths: tuple[int, ...], shares: tuple[float, ...]) -> Array:
    """p-value of the smallest p-value, each divided by its share, of windows that all end with the newest period.

    Counts are taken as normal deviates of equal variance. Where the sums of these stay below their bounds is reckoned along the
    random walk that they are, from the shortest window to the longest. Longer windows count only where the newest deviate is
    above its median.

    Args:
        smallest: smallest weighted p-values, any shape.
        lengths: periods of each window, ascending, the first 1.
        shares: of each window, summing to 1.
    """
    logs, log_p = _table(lengths, shares)
    log = np.log(np.maximum(smallest, np.exp(SMALLEST_LOG)))
    # Below the table windows no longer overlap in what is rare: the probabilities add up.
    return np.asarray(np.where(log < logs[0], np.exp(log), np.exp(np.interp(log, logs, log_p))), dtype=float)


def smallest_of(alpha: float, lengths: tuple[int, ...], shares: tuple[float, ...]) -> float:
    """The smallest weighted p-value whose p-value is alpha."""
    logs, log_p = _table(lengths, shares)
    return float(np.exp(np.interp(np.log(alpha), log_p, logs)))


@cache
def _table(lengths: tuple[int, ...], shares: tuple[float, ...]) -> tuple[Array, Array]:
    logs = np.linspace(LOWEST_LOG, np.log(1 / shares[0]), POINTS)
    return logs, np.array([np.log(_any_below(float(np.exp(log)), lengths, shares)) for log in logs])


def _any_below(smallest: float, lengths: tuple[int, ...], shares: tuple[float, ...]) -> float:
    """Probability that any window's p-value is at most its share of `smallest`."""
    bounds = [
        stats.norm.isf(min(share * smallest, 1.0)) * np.sqrt(length) for length, share in zip(lengths, shares, strict=True)
    ]
    if len(lengths) == 1 or bounds[0] <= 0:  # reached below the median, where only the newest period counts
        return shares[0] * smallest
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    points = (nodes + 1) / 2 * bounds[0]
    below = weights / 2 * bounds[0] * stats.norm.pdf(points)
    for former, length, limit in zip(lengths, lengths[1:-1], bounds[1:-1], strict=False):
        step = np.sqrt(length - former)
        low = min(-6 * step, limit - 1)
        onward = low + (nodes + 1) / 2 * (limit - low)
        density = stats.norm.pdf((onward[:, None] - points[None, :]) / step) / step
        below, points = (density @ below) * weights / 2 * (limit - low), onward
    step = np.sqrt(lengths[-1] - lengths[-2])
    return USUAL - float((below * stats.norm.cdf((bounds[-1] - points) / step)).sum())


def exact_joint_p_value(
    smallest: Array,
    leads: NDArray[np.bool_],
    observed: tuple[Array, Array],
    mean: tuple[Array, Array],
    variance: tuple[Array, Array],
    shares: tuple[float, float],
    most: int,
) -> Array:
    """The same for two windows of negative binomial counts, summed over the counts; a mid-p-value.

    High counts of sparse series come in jumps, and a single jump makes both windows rare: they overlap more than normal
    deviates do, and less often than those is any of them rare.

    Args:
        smallest: smallest weighted p-values, `n`.
        leads: whether it is the newest period's, `n`.
        observed: counts of the newest period and of the longer window, `n` each.
        mean: what is expected of them.
        variance: of counts around that.
        shares: of the two windows.
        most: terms of the sum at most.

    Returns:
        `n`; NaN where there would be more terms.
    """
    newest, longer = (bound(mean[k], variance[k], np.minimum(shares[k] * smallest, 1.0)) + 1.0 for k in range(2))
    newest, longer = np.where(leads, observed[0], newest), np.where(leads, longer, observed[1])
    usual = bound(mean[0], variance[0], USUAL) + 1.0
    terms = np.maximum(newest - usual, 0.0)
    p_value = np.full(len(smallest), np.nan)
    # Sums of about as many terms are summed together.
    shortest = 0
    for longest in (*BLOCKS, most):
        block = np.flatnonzero((terms >= shortest) & (terms < longest))
        shortest = longest
        if len(block):
            shape, rest = (
                size_and_probability(m[block, None], v[block, None])
                for m, v in ((mean[0], variance[0]), (mean[1] - mean[0], variance[1] - variance[0]))
            )
            p_value[block] = _either(newest[block], longer[block], usual[block], leads[block], shape, rest, longest)
    return p_value


def _either(
    newest: Array,
    longer: Array,
    usual: Array,
    leads: NDArray[np.bool_],
    shape: tuple[Array, Array],
    rest: tuple[Array, Array],
    terms: int,
) -> Array:
    """Probability that the newest count reaches `newest`, or is above its median and the window reaches `longer`.

    Of the probability that it is just reached, by the one that leads, half is counted.
    """
    counts = usual[:, None] + np.arange(terms)
    density = np.where(counts < newest[:, None], stats.nbinom.pmf(counts, *shape), 0.0)
    missing = longer[:, None] - counts
    reached = above(missing - 1, *rest)
    at_newest = stats.nbinom.pmf(newest, shape[0][:, 0], shape[1][:, 0]) * leads
    just = np.where(leads[:, None], 0.0, stats.nbinom.pmf(missing, *rest))
    alone = above(newest - 1, shape[0][:, 0], shape[1][:, 0])
    not_otherwise = 1 - above(longer - newest - 1, rest[0][:, 0], rest[1][:, 0]) * (newest >= usual)
    return np.asarray(alone - at_newest * not_otherwise / 2 + (density * (reached - just / 2)).sum(axis=1), dtype=float)
