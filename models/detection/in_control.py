"""How large a drift statistic grows by chance alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import interpolate

from models.detection.predictive import Array

# The table's means per period, dispersions, and periods of history; statistics as natural log-likelihood ratios.
MEANS = np.geomspace(0.02, 2000.0, 17)
DISPERSIONS = np.geomspace(1.0, 8.0, 4)
STATISTICS = np.concatenate([np.arange(0.05, 4.0, 0.15), np.arange(4.0, 12.0, 0.5), np.arange(12.0, 41.0, 2.0)])
PATHS = 1200
DRIFTS = 12
SEED = 20080314
# Below it a negative binomial is a Poisson to within rounding, and dividing by it would not be.
EXCESS_OF_POISSON = 1e-9


def log_likelihood_ratio(events: Array, expected: Array | float, ratio: Array | float, excess: Array | float) -> Array:
    """Log-likelihood ratio of counts whose mean is `ratio` times the expected one, of the sums of independent counts.

    Counts are negative binomial with variance `(1 + excess) × mean` in control, so of size `mean / excess`, Poisson for
    excess 0. A drift multiplies the mean and leaves the size. Sums of such counts are of the same kind, so that the ratio
    follows from the sums of counts and means, with `excess` the same in all of them.
    """
    steady = excess < EXCESS_OF_POISSON
    safe = np.where(steady, 1.0, excess)
    growth = np.log1p((ratio - 1) * excess / (1 + excess))
    return np.asarray(events * (np.log(ratio) - growth) - expected * np.where(steady, ratio - 1, growth / safe), dtype=float)


def largest_log_likelihood_ratio(events: Array, expected: Array, excess: Array | float) -> Array:
    """The log-likelihood ratio of the best ratio of at least 1, which is the one of the sums."""
    return log_likelihood_ratio(events, expected, np.maximum(events / expected, 1.0), excess)


@dataclass(frozen=True)
class InControl:
    """Tail of a drift statistic while nothing drifts, tabulated over constant means.

    The statistic of a period is the largest log-likelihood ratio of a drift that began in one of the last `window` periods. By
    the symmetry of independent counts it is the maximum of a walk that runs backwards from the period, and the chance that
    it reaches `s` is the chance that the walk crosses `s` in so many steps. That chance is estimated by importance sampling
    under drifts (Siegmund 1976, Annals of Statistics 4): counts are drawn with means multiplied by one of `DRIFTS` ratios,
    from such that are just found over the whole window to such that are found in one period, and each crossing weighs as the
    likelihood ratio of no drift at the crossing. Every path crosses, so that tails of any depth cost the same. The table is
    made once per process, with a fixed seed, in a few seconds, and read by linear interpolation of the log tail.

    Attributes:
        window: periods that a drift may have lasted.
        ratio: ratio that the statistic looks for; None if it looks for the best one.
    """

    window: int
    ratio: float | None = None

    def tail(self, statistic: Array, mean: Array, dispersion: Array, periods: Array) -> Array:
        """Chance of such a statistic or a larger one in a period.

        Args:
            statistic: log-likelihood ratios, any shape.
            mean: expected count per period over the window, same shape; beyond the table its nearest edge is taken.
            dispersion: variance by mean, same shape.
            periods: periods that the walk may look back over, same shape.
        """
        points = np.stack(
            [
                np.log(np.clip(mean, MEANS[0], MEANS[-1])),
                np.log(np.clip(dispersion, DISPERSIONS[0], DISPERSIONS[-1])),
                np.log(np.clip(periods, 1, self.window)),
                np.maximum(statistic, STATISTICS[0]),
            ],
            axis=-1,
        )
        log_tail = _table(self.window, self.ratio)(points)
        return np.where(statistic > 0, np.exp(np.minimum(log_tail, 0.0)), 1.0)


@cache
def _table(window: int, ratio: float | None) -> interpolate.RegularGridInterpolator:
    lengths = np.unique(np.round(np.geomspace(1, window, 1 + int(np.ceil(np.log2(window))))).astype(int))
    rng = np.random.default_rng(SEED)
    tails = [[_log_tails(mean, spread, lengths, ratio, rng) for spread in DISPERSIONS] for mean in MEANS]
    # Walks of one period need an axis of two points all the same.
    axes = lengths if len(lengths) > 1 else np.array([1, 2])
    values = np.array(tails) if len(lengths) > 1 else np.repeat(tails, 2, axis=2)
    grid = (np.log(MEANS), np.log(DISPERSIONS), np.log(axes), STATISTICS)
    return interpolate.RegularGridInterpolator(grid, values, bounds_error=False, fill_value=None)


def _log_tails(mean: float, dispersion: float, lengths: Array, ratio: float | None, rng: np.random.Generator) -> Array:
    """Log chance of crossing each statistic, `n_lengths × n_statistics`, for one mean and dispersion."""
    window, excess = int(lengths[-1]), dispersion - 1
    drifts = _drifts(mean, window, excess)
    drawn = np.repeat(drifts, PATHS // DRIFTS)[:, None]
    rates = np.broadcast_to(mean * drawn, (len(drawn), window))
    if excess > 0:
        rates = rates * rng.gamma(mean / excess, excess / mean, rates.shape)
    events, expected = np.asarray(rng.poisson(rates).cumsum(axis=1), dtype=float), mean * np.arange(1.0, window + 1)
    if ratio is None:
        walk = largest_log_likelihood_ratio(events, expected, excess)
    else:
        walk = log_likelihood_ratio(events, expected, ratio, excess)
    ratios = log_likelihood_ratio(events[:, :, None], expected[:, None], drifts, excess)
    log_weights = -np.logaddexp.reduce(ratios, axis=2) + np.log(DRIFTS)
    highest = np.maximum.accumulate(walk, axis=1)
    crossing = np.stack([(highest < level).sum(axis=1) for level in STATISTICS], axis=1)
    weights = np.exp(np.take_along_axis(log_weights, np.minimum(crossing, window - 1), axis=1))
    chances = np.stack([(weights * (crossing < length)).mean(axis=0) for length in lengths])
    return _log_decreasing(chances)


def _drifts(mean: float, window: int, excess: float) -> Array:
    """Ratios from one that `window` periods just tell from none to one that a single period tells beyond any doubt."""
    candidates = np.geomspace(1.001, 1e5, 4000)
    least, most = (
        candidates[np.searchsorted(log_likelihood_ratio(candidates * total, total, candidates, excess), told)]
        for total, told in ((mean * window, 0.5), (mean, STATISTICS[-1]))
    )
    return np.geomspace(least, most, DRIFTS)


def _log_decreasing(chances: Array) -> Array:
    """Log chances, none above that of a smaller statistic nor below that of a shorter walk.

    Where no path crossed they fall as `exp(-s)`, which is the slowest that such a tail can fall (Lundberg's inequality).
    """
    with np.errstate(divide="ignore"):
        logs = np.log(np.minimum(chances, 1.0))
    for column in range(1, logs.shape[1]):
        slowest = logs[:, column - 1] - (STATISTICS[column] - STATISTICS[column - 1])
        logs[:, column] = np.where(np.isinf(logs[:, column]), slowest, np.minimum(logs[:, column], logs[:, column - 1]))
    return np.maximum.accumulate(logs, axis=0)
