"""Tail probabilities and bounds of a count whose mean and variance are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

# A negative binomial this close to its mean is a Poisson; its size parameter would overflow.
NEARLY_POISSON = 1e-6


def _size_and_probability(mean: Array, variance: Array) -> tuple[Array, Array]:
    excess = np.maximum(variance - mean, NEARLY_POISSON * mean)
    size = mean**2 / excess
    return size, size / (size + mean)


def tail_probability(observed: Array, mean: Array, variance: Array) -> Array:
    """P(Y >= observed) for a negative binomial matched to mean and variance.

    Args:
        observed: counts, any shape.
        mean: expected counts, same shape, positive.
        variance: variances, same shape; below the mean they are taken as Poisson.

    Returns:
        p-values of the same shape. They are valid (never too small) for discrete counts, not mid-p values.
    """
    size, probability = _size_and_probability(mean, variance)
    return np.asarray(stats.nbinom.sf(observed - 1, size, probability), dtype=float)


def upper_bound(mean: Array, variance: Array, level: float = 0.99) -> Array:
    """The smallest count that is not exceeded with probability `level`, for the same distribution."""
    size, probability = _size_and_probability(mean, variance)
    return np.asarray(stats.nbinom.ppf(level, size, probability), dtype=float)
