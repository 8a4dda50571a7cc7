"""Tail probabilities and bounds of a count whose mean and variance are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]

# A negative binomial this close to its mean is a Poisson; its size parameter would overflow.
NEARLY_POISSON = 1e-6
SMALLEST, FLATTEST = 1e-300, 1e-9
STEPS = 6


def size_and_probability(mean: Array, variance: Array) -> tuple[Array, Array]:
    """SciPy's parameters of the negative binomial with this mean and variance; below the mean it is taken as Poisson."""
    excess = np.maximum(variance - mean, NEARLY_POISSON * mean)
    size = mean**2 / excess
    return size, size / (size + mean)


def above(count: Array, size: Array, probability: Array) -> Array:
    """P(Y > count) of a negative binomial by SciPy's parameters, through the incomplete beta function itself."""
    return np.where(count < 0, 1.0, special.betainc(np.maximum(count, 0.0) + 1, size, 1 - probability))


def tail_probability(observed: Array, mean: Array, variance: Array) -> Array:
    """P(Y >= observed) for a negative binomial matched to mean and variance.

    Args:
        observed: counts, any shape.
        mean: expected counts, same shape, positive.
        variance: variances, same shape; below the mean they are taken as Poisson.

    Returns:
        p-values of the same shape. They are valid (never too small) for discrete counts, not mid-p values.
    """
    return above(observed - 1, *size_and_probability(mean, variance))


def mid_p_value(observed: Array, mean: Array, variance: Array) -> Array:
    """P(Y > observed) + P(Y = observed) / 2 for the same distribution.

    Under the null its mean is 1/2 for discrete counts too (Lancaster 1961, JASA 56), where P(Y >= observed) is too large
    for sparse ones.
    """
    shape = size_and_probability(mean, variance)
    return (above(observed, *shape) + above(observed - 1, *shape)) / 2


def bound(mean: Array, variance: Array, alpha: float | Array) -> Array:
    """The highest count whose mid-p-value is above alpha, for the same distribution; -1 where even none is rare.

    From an approximation by mean, variance and skewness (Cornish & Fisher 1938), mostly right, steps follow the tail's slope.
    """
    shape, level = size_and_probability(mean, variance), np.maximum(np.broadcast_to(alpha, mean.shape), SMALLEST)
    deviate = special.ndtri(1 - level)
    skewed = (2 / shape[1] - 1) * (deviate**2 - 1) / 6
    count = np.maximum(np.floor(mean + deviate * np.sqrt(variance) + skewed), 0.0)
    missed = np.ones(count.shape, dtype=bool)
    for _ in range(STEPS):
        if not missed.any():
            break
        own, size, probability, limit = count[missed], shape[0][missed], shape[1][missed], level[missed]
        before, at, after = (above(own + step, size, probability) for step in (-1, 0, 1))
        mid, following = np.maximum(before + at, SMALLEST) / 2, np.maximum(at + after, SMALLEST) / 2
        low, high = following > limit, mid <= limit
        steps = np.log(mid / limit) / np.maximum(np.log(mid / following), FLATTEST)
        farthest = np.sqrt(variance[missed]) + 1  # where the tail is flat, its slope leads too far
        upwards = np.clip(np.floor(steps), 1.0, np.floor(farthest))
        downwards = np.clip(np.ceil(steps), -np.floor(farthest), -1.0)
        own = own + np.where(low, upwards, np.where(high, downwards, 0.0))
        count[missed] = np.maximum(own, -1.0)
        missed[missed] = low | high
    if missed.any():  # a tail so heavy that its slope leads to and fro
        size, probability, limit = shape[0][missed], shape[1][missed], level[missed]
        quantile = np.asarray(stats.nbinom.isf(limit, size, probability), dtype=float)
        mid = (above(quantile, size, probability) + above(quantile - 1, size, probability)) / 2
        count[missed] = np.where(mid > limit, quantile, quantile - 1)
    return np.asarray(count, dtype=float)


def upper_bound(mean: Array, variance: Array, level: float = 0.99) -> Array:
    """The smallest count that is not exceeded with probability `level`, for the same distribution."""
    size, probability = size_and_probability(mean, variance)
    return np.asarray(stats.nbinom.ppf(level, size, probability), dtype=float)
