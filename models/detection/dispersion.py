"""How much more counts vary than Poisson ones: every series' own figure, drawn towards that of series of its size."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from models.detection.predictive import Array
from models.detection.robust import weighted_moments

# A series that was expected to have less than one event tells nothing about dispersion.
TELLING_EVENTS = 1.0
# The moments change slowly with the mean: this many periods of a series stand for all.
SAMPLED_PERIODS = 64
SMALLEST_FREEDOM = 1.0
# Below this mean an outbreak's count and a natural burst's are the same few complaints: all are counted, up to so many at once.
SPARSE_MEAN = 0.5
LARGEST_BURST = 12.0
# The part that counts below the mean have in large series.
BELOW = 0.6
COMMON_ROUNDS = 2


def clean_dispersion(counts: Array, mean: Array, weights: Array, former: Array, parameters: Array) -> Array:
    """Dispersion as if no outbreak had been, `n_series × 1`.

    Weighted squared residuals over what they are without outbreaks, at the former dispersion: iterated, this is a moment
    estimator that is consistent for clean series, and in which an outbreak's period counts no more than an ordinary one. Where
    counts are many, a part comes from those below the mean, which outbreaks too small to be told from chance do not reach.

    Args:
        counts: `n_series × n_periods`.
        mean: fitted means, same shape.
        weights: of `robust.outbreak_weights`, same shape.
        former: dispersions that the weights were found with, `n_series × 1`.
        parameters: effective parameters of each series' fit, `n_series`.
    """
    n_periods = counts.shape[1]
    usual = weighted_moments().at(mean[:, :: max(n_periods // SAMPLED_PERIODS, 1)], former)
    square = (weights * (counts - mean) ** 2 / mean).sum(axis=1) / usual.square.mean(axis=1)
    below = (np.minimum(counts - mean, 0.0) ** 2 / mean).sum(axis=1) / usual.below.mean(axis=1)
    size = mean.mean(axis=1)
    downward = BELOW * size / (size + former[:, 0])
    bursts = np.square(np.minimum(counts - mean, LARGEST_BURST)).sum(axis=1) / size
    freedom = np.maximum(n_periods - parameters, SMALLEST_FREEDOM)
    own = np.where(size < SPARSE_MEAN, bursts, downward * below + (1 - downward) * square) / freedom
    return np.asarray(_shrunk(own, size, n_periods), dtype=float)[:, None]


def _shrunk(own: Array, size: Array, n_periods: int) -> Array:
    """Draw dispersions towards those of series of the same mean, by how surely each is known and how much they truly differ."""
    telling = size * n_periods >= TELLING_EVENTS
    if not telling.any():
        return np.ones_like(own)
    common = np.ones_like(own)
    for _ in range(COMMON_ROUNDS):
        # By what is common, not by its own: a series that happened to have no burst would seem surest.
        precision = np.where(telling, 1 / _noise(common, size, n_periods), 0.0)
        root = np.sqrt(precision)
        # Part of the extra variation grows with the mean: what befalls all complaints of a period alike.
        design = np.column_stack([np.ones_like(size), size])
        excess, _ = optimize.nnls(design * root[:, None], (own - 1) * root)
        common = 1 + design @ excess
    noise = _noise(common, size, n_periods)
    spread = (precision**2 * ((own / common - 1) ** 2 - noise)).sum() / (precision**2).sum()
    true = max(float(spread), 0.0)
    trust = np.where(telling, true / (true + noise), 0.0)
    return np.maximum(trust * own + (1 - trust) * common, 1.0)


def _noise(dispersion: Array, size: Array, n_periods: int) -> Array:
    """Relative variance of a mean of squared residuals of negative binomials, by their fourth moment."""
    return (2 + (6 * dispersion - 5) / np.maximum(size, 1 / n_periods)) / n_periods
