"""How past outbreaks are played down, and what that does to mean and dispersion where there was none."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from scipy import ndimage, stats

from models.detection.predictive import Array, size_and_probability

OUTBREAK_RESIDUAL = 2.58
# Bounds are never less skew than this dispersion makes them: else sparse series with bursts would cut their bursts off, look
# less dispersed, and cut off more.
SKEWED = 2.0
# The grid on which the moments are known: log means, log dispersions. Between its knots they are interpolated; beyond its
# upper end the counts are so large that the moments hardly change.
LOG_MEANS = np.linspace(np.log(0.01), np.log(300.0), 48)
LOG_DISPERSIONS = np.linspace(0.0, np.log(30.0), 30)
# Counts are binned to so many points where there are more of them.
POINTS = 100


def outbreak_weights(counts: Array, mean: Array, dispersion: Array) -> Array:
    """Weights that play down past outbreaks: counts above what one in 200 exceeds count with their inverse square.

    In Noufaily et al. 2013 (section 3.3) these are counts with an Anscombe residual above 2.58, which in sparse series single
    complaints pass. Here the bound follows the skewness of the negative binomial (Cornish & Fisher 1938), and two
    periods in a row that are too high together are played down as well: outbreaks last.

    Args:
        counts: `n_series × n_periods`.
        mean: fitted means, same shape.
        dispersion: `n_series × 1`, variance over mean.
    """
    weights = _weights(counts - mean, mean, dispersion)
    pairs = _weights((counts - mean)[:, 1:] + (counts - mean)[:, :-1], mean[:, 1:] + mean[:, :-1], dispersion)
    weights[:, 1:] = np.minimum(weights[:, 1:], pairs)
    weights[:, :-1] = np.minimum(weights[:, :-1], pairs)
    return weights


def _weights(excess: Array, mean: Array, dispersion: Array) -> Array:
    skewed = (OUTBREAK_RESIDUAL**2 - 1) / 6 * (2 * np.maximum(dispersion, SKEWED) - 1)
    bound = OUTBREAK_RESIDUAL * np.sqrt(dispersion * mean) + skewed
    relative = bound / (OUTBREAK_RESIDUAL * np.maximum(excess, bound))
    return np.where(excess > bound, np.square(relative), 1.0)


@dataclass(frozen=True)
class WeightedMoments:
    """Moments of weighted counts without any outbreak, by log mean and log dispersion, each `n_means × n_dispersions`.

    Playing down high counts plays down the natural tail as well: fitted means and dispersions come out too small, the more so
    the smaller the counts. These are what they are divided by to be consistent (as in the robust regressions of Cantoni &
    Ronchetti 2001, JASA 96).

    Attributes:
        weight: E[w].
        shift: E[w (y - mean)] / mean.
        square: E[w (y - mean)²] / (dispersion · mean).
        below: E[min(y - mean, 0)²] / (dispersion · mean).
    """

    weight: Array
    shift: Array
    square: Array
    below: Array

    def at(self, mean: Array, dispersion: Array) -> WeightedMoments:
        """The moments at points of any shape to which dispersions can be broadcast."""
        log_dispersion = np.broadcast_to(np.log(dispersion), mean.shape)
        places = np.stack([(np.log(mean) - LOG_MEANS[0]) / (LOG_MEANS[1] - LOG_MEANS[0]), log_dispersion / LOG_DISPERSIONS[1]])
        tables = (getattr(self, field.name) for field in fields(self))
        return WeightedMoments(*(ndimage.map_coordinates(table, places, order=1, mode="nearest") for table in tables))


@cache
def weighted_moments() -> WeightedMoments:
    """The moments under negative binomials with `variance = dispersion · mean`, the same in neighbouring periods."""
    moments = np.array([[_moments(mean, dispersion) for dispersion in np.exp(LOG_DISPERSIONS)] for mean in np.exp(LOG_MEANS)])
    return WeightedMoments(*np.moveaxis(moments, 2, 0))


def _moments(mean: float, dispersion: float) -> tuple[float, ...]:
    deviation = np.sqrt(dispersion * mean)
    low, high = max(mean - 8 * deviation, 0.0), mean + 8 * deviation + 12 * dispersion
    step = int(np.ceil((high - low) / POINTS))
    edges = np.arange(int(low), int(high) + step, step, dtype=float)
    size, chance = size_and_probability(np.array(mean), np.array(dispersion * mean))
    until = stats.nbinom.cdf(edges, size, chance)
    counts = edges - (step - 1) / 2
    density, of_larger = np.diff(until, prepend=0.0), np.diff(until**2, prepend=0.0)
    excess = counts - mean
    # Of the two neighbours the larger one decides; its distribution function is the square of a count's.
    pair = _weights(excess[:, None] + excess[None, :], np.array(2 * mean), np.array(dispersion))
    alone = _weights(excess, np.array(mean), np.array(dispersion))
    weighted = density * (np.minimum(alone[:, None], pair) @ of_larger)
    return (
        float(weighted.sum()),
        float((weighted * excess).sum()) / mean,
        float((weighted * excess**2).sum()) / (dispersion * mean),
        float((density * np.minimum(excess, 0.0) ** 2).sum()) / (dispersion * mean),
    )
