"""Seasonal baseline for series with two years of history or more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.detection.glm import LOG_LIMIT, Fit, fit_poisson
from models.detection.judgement import Prediction
from models.detection.predictive import Array

OUTBREAK_RESIDUAL = 2.58


@dataclass(frozen=True)
class SeasonalBaseline:
    """Quasi-Poisson regression on trend and season in which past outbreaks weigh little.

    In the line of Noufaily et al. 2013 (An improved algorithm for outbreak detection in multiple surveillance systems,
    Statistics in Medicine 32) with three differences: the season is a few harmonics that are drawn towards the season of
    all series together, so that sparse series keep one; calendar peaks come in as covariates of that total; and the
    uncertainty of the fitted mean is part of the predictive variance.

    Attributes:
        period: periods in a year.
        harmonics: pairs of sine and cosine.
        guard: periods before the judged one that are left out of the baseline, so that an outbreak does not become its
            own baseline.
        level_deviation: prior standard deviation of a series' log level around that of the mean series.
        trend_deviation: prior standard deviation of the log change over the whole history.
        season_deviation: prior standard deviation of a harmonic's coefficient around that of the total.
        event_deviation: prior standard deviation of a calendar covariate's coefficient.
        dispersion_weight: observations that the level's common dispersion is worth.
    """

    period: float
    harmonics: int = 2
    guard: int = 4
    level_deviation: float = 3.0
    trend_deviation: float = 0.5
    season_deviation: float = 0.3
    event_deviation: float = 1.0
    dispersion_weight: float = 20.0

    def predict(self, counts: Array, pool: Array, events: Array) -> Prediction:
        """What is expected in every period, from the history before the last one.

        Args:
            counts: `n_series × n_periods`, oldest first, equally spaced; the last period is the judged one.
            pool: `n_periods`; the total whose season and calendar peaks the series share.
            events: `n_periods × n_events`; calendar covariates, 0 on ordinary periods.
        """
        n_periods = counts.shape[1]
        history = slice(0, max(n_periods - 1 - self.guard, 1))
        trend, season = self._trend(n_periods), self._season(n_periods)
        offset = self._common_offset(pool, trend, np.column_stack([season, events]), history)
        design = np.column_stack([np.ones(n_periods), trend, season])
        penalty = self._penalty(season_deviation=self.season_deviation, n_events=0)
        # Levels are drawn, weakly, to the mean of all series: one that was never seen still has something to be expected.
        offset = offset + np.log((counts[:, history].sum() + 0.5) / counts[:, history].size)
        fit, dispersion = self._robust_fit(counts[:, history], design[history], offset[history], penalty)
        mean = np.exp(np.clip(offset + fit.coefficients @ design.T, -LOG_LIMIT, LOG_LIMIT))
        log_variance = dispersion[:, None] * fit.log_variance(design)
        return Prediction(mean, dispersion[:, None] * mean + mean**2 * np.minimum(log_variance, 1.0))

    def _trend(self, n_periods: int) -> Array:
        return np.linspace(-0.5, 0.5, n_periods)

    def _season(self, n_periods: int) -> Array:
        angle = 2 * np.pi * np.arange(n_periods)[:, None] * np.arange(1, self.harmonics + 1) / self.period
        return np.hstack([np.sin(angle), np.cos(angle)])

    def _penalty(self, season_deviation: float, n_events: int) -> Array:
        season = [season_deviation] * 2 * self.harmonics
        deviations = [self.level_deviation, self.trend_deviation, *season, *[self.event_deviation] * n_events]
        return np.array([1 / deviation**2 for deviation in deviations])

    def _common_offset(self, pool: Array, trend: Array, common: Array, history: slice) -> Array:
        design = np.column_stack([np.ones(len(trend)), trend, common])
        n_events = common.shape[1] - 2 * self.harmonics
        penalty = self._penalty(season_deviation=1.0, n_events=n_events)
        level = np.full(len(design[history]), np.log(pool[history].mean() + 0.5))
        fit, _ = self._robust_fit(pool[None, history], design[history], level, penalty)
        return np.asarray(common @ fit.coefficients[0, 2:], dtype=float)

    def _robust_fit(self, counts: Array, design: Array, offset: Array, penalty: Array) -> tuple[Fit, Array]:
        weights = np.ones_like(counts)
        fit = fit_poisson(counts, design, offset, weights, penalty)
        dispersion = self._dispersion(counts, fit, weights)
        weights = _outbreak_weights(counts, fit, dispersion)
        fit = fit_poisson(counts, design, offset, weights, penalty)
        return fit, self._dispersion(counts, fit, weights)

    def _dispersion(self, counts: Array, fit: Fit, weights: Array) -> Array:
        pearson = (weights * (counts - fit.mean) ** 2 / fit.mean).sum(axis=1)
        freedom = np.maximum(weights.sum(axis=1) - fit.leverage.sum(axis=1), 1.0)
        # A series that was expected to have less than one event tells nothing about dispersion.
        telling = np.where(fit.mean.sum(axis=1) >= 1.0, freedom, 0.0)
        own = pearson / freedom
        common = (telling * own).sum() / max(telling.sum(), 1.0)
        shrunk = (telling * own + self.dispersion_weight * common) / (telling + self.dispersion_weight)
        return np.asarray(np.maximum(shrunk, 1.0), dtype=float)


def _outbreak_weights(counts: Array, fit: Fit, dispersion: Array) -> Array:
    """Weights that play down past outbreaks: Anscombe residuals above 2.58 count with their inverse square."""
    anscombe = 1.5 * (counts ** (2 / 3) * fit.mean ** (-1 / 6) - np.sqrt(fit.mean))
    anscombe = anscombe / np.sqrt(dispersion[:, None] * (1 - fit.leverage))
    weights = np.where(anscombe > OUTBREAK_RESIDUAL, 1 / np.maximum(anscombe, 1.0) ** 2, 1.0)
    return np.asarray(weights * (weights.shape[1] / weights.sum(axis=1, keepdims=True)), dtype=float)
