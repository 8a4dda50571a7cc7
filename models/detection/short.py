"""Baseline for histories too short to know a season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from models.detection.judgement import Prediction
from models.detection.predictive import Array
from models.detection.windows import Windows

SMALLEST_SHAPE = 0.05
# The period before the judged one is part of so short a baseline and cannot be judged together with it.
ALONE = Windows((1,), (1.0,))
# One wild period among few must not hide the next one: squared residuals count up to this many variances.
RESIDUAL_CAP = 16.0
# Below it a count is 0 or nearly so, and its residual tells nothing about dispersion.
SMALLEST_MEAN = 0.05


@dataclass(frozen=True)
class ShortBaseline:
    """Gamma-Poisson rate per complaint of the rest, from the last few periods.

    What all complaints share, such as a consumer rights day that doubles every brand or an empty holiday week, is in
    the volume of the rest and cancels out; what is left is whether a series grew against the others. Rates of sparse
    series are drawn towards the mean rate of their level (empirical Bayes by moments: Marshall 1991, Applied
    Statistics 40). Variation from period to period beyond Poisson is estimated for the level as a whole. Like EARS C1
    (Hutwagner et al. 2003) it looks back over a handful of periods and needs no year.

    Attributes:
        periods: periods before the judged one that make the baseline.
        minimum: periods of history below which nothing is judged.
    """

    periods: int = 8
    minimum: int = 4

    def predict(self, counts: Array, pool: Array | None) -> Prediction:
        """What is expected in every period, from the `periods` before the last one.

        Args:
            counts: `n_series × n_periods` of one level, oldest first; the last period is the judged one.
            pool: `n_periods`; the total that the series are part of, or None to compare with constant volume.
        """
        n_series, n_periods = counts.shape
        history = slice(max(0, n_periods - 1 - self.periods), n_periods - 1)
        past = counts[:, history]
        if past.shape[1] < self.minimum:
            unknown = np.full((n_series, n_periods), np.nan)
            return Prediction(unknown, np.ones((n_series, 1)), unknown, ALONE, SharedVolume(unknown, unknown))
        if pool is None:
            exposure, exposure_noise = np.ones_like(counts), np.zeros_like(counts)
        else:
            # Half a complaint keeps an empty week from being an infinite rate.
            exposure = pool - counts + 0.5
            exposure_noise = 1 / exposure + 1 / exposure[:, history].sum(axis=1, keepdims=True)
        events, volume = past.sum(axis=1), exposure[:, history].sum(axis=1)
        prior_shape, prior_rate = _prior(events, volume)
        shape = (prior_shape + events)[:, None]
        mean = exposure * shape / (prior_rate + volume)[:, None]
        factor, squared = _common_dispersion(past, mean[:, history])
        # The rate was averaged over periods that vary as much as the judged one does.
        log_variance = factor / shape + squared * (1 + 1 / past.shape[1]) + exposure_noise
        usual = exposure[:, history].mean(axis=1, keepdims=True)
        shared = SharedVolume(mean * usual / exposure, exposure / usual)
        return Prediction(mean, np.full((n_series, 1), factor), np.broadcast_to(log_variance, mean.shape), ALONE, shared)


@dataclass(frozen=True)
class SharedVolume:
    """The factors of a rate and a volume: what would be expected at the usual volume, and the volume's change; no season."""

    level: Array
    volume: Array

    def of(self, rows: slice, periods: slice) -> tuple[Array, Array, Array]:
        """Level, season and calendar, whose product is what is expected; each `n_series × n_periods`."""
        return self.level[rows, periods], np.ones_like(self.level[rows, periods]), self.volume[rows, periods]


def _prior(events: Array, volume: Array) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of the level's rates, by moments."""
    mean = (events.sum() + 0.5) / volume.sum()
    spread = np.average((events / volume - mean) ** 2, weights=volume) - mean * len(events) / volume.sum()
    variance = max(float(spread), mean**2 * 1e-3)
    shape = max(float(mean**2 / variance), SMALLEST_SHAPE)
    return shape, float(shape / mean)


def _common_dispersion(counts: Array, mean: Array) -> tuple[float, float]:
    """How the level's counts vary from period to period: `variance = factor * mean + squared * mean**2`.

    Least squares on the squared residuals of all series of the level, neither term below its Poisson value.
    """
    freedom = (counts.shape[1] - 1) / counts.shape[1]
    residual = np.minimum((counts - mean) ** 2 / mean, RESIDUAL_CAP * (1 + 0.25 * mean)) / freedom
    known = mean > SMALLEST_MEAN
    if not known.any():
        return 1.0, 0.0
    design = np.column_stack([np.ones(known.sum()), mean[known]])
    # A squared residual varies with its own size, so large means must not drown the small ones.
    weight = 1 / (1 + mean[known] / np.median(mean[known]))
    (factor, squared), _ = optimize.nnls(design * weight[:, None], residual[known] * weight)
    return max(float(factor), 1.0), float(squared)
