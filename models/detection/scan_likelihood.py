"""Likelihood ratios of scan statistics, and the counts from which on they are worth a look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.detection.predictive import Array

NEWTON_STEPS = 6
# A count that falls short of the critical one by rounding alone still counts; what is let in too early costs a logarithm.
ROUNDING = 1e-6


def log_likelihood_ratio(observed: Array, expected: Array, total: float) -> Array:
    """Log likelihood ratio of more cases inside than expected, against the same rate in and out; 0 where there are not more.

    `c ln(c/mu) + (C - c) ln((C - c)/(C - mu))` with `c` observed and `mu` expected cases inside and `C` cases in all.

    Args:
        observed: cases inside.
        expected: cases expected inside, positive and below `total`; it broadcasts with `observed`.
        total: all cases, inside and out.

    Source: Kulldorff et al. 2005, PLoS Medicine 2(3):e59, by the Poisson generalised likelihood ratio that they use as an
    approximation for counts with fixed margins.
    """
    outside = total - observed
    with np.errstate(divide="ignore", invalid="ignore"):
        inside_part = observed * np.log(observed / expected)
        outside_part = np.where(outside > 0, outside * np.log(outside / (total - expected)), 0.0)
    return np.where(observed > expected, inside_part + outside_part, 0.0)


def least_counts(expected: Array, total: float, level: float) -> NDArray[np.int64]:
    """For each expected count the fewest cases whose log likelihood ratio reaches `level`, or one fewer.

    Comparing counts with these spares a scan nearly all of its logarithms. The ratio is convex above the expected count, so
    Newton's steps from the right come down to the root and never pass it.

    Args:
        expected: positive and below `total`.
        total: all cases.
        level: log likelihood ratio to be reached, positive.
    """
    most = total - 0.5  # half a case short of all of them keeps both logarithms finite
    # By Bernstein's inequality this is at or above the root.
    count = np.minimum(expected + np.sqrt(2 * expected * level) + level, most)
    for _ in range(NEWTON_STEPS):
        slope = np.log(count / expected) - np.log((total - count) / (total - expected))
        excess = log_likelihood_ratio(count, expected, total) - level
        count = np.clip(count - excess / np.maximum(slope, ROUNDING), expected, most)
    least: Array = np.maximum(np.ceil(count - ROUNDING), np.floor(expected) + 1)
    return least.astype(np.int64)
