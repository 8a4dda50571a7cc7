"""Seasonal baseline for series with two years of history or more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.dispersion import SAMPLED_PERIODS, clean_dispersion
from models.detection.effects import Effects
from models.detection.glm import LOG_LIMIT, Design, Fit, fit_poisson
from models.detection.predictive import Array
from models.detection.robust import outbreak_weights, weighted_moments

# Fits are repeated with the weights, dispersions and priors that the fit before gives.
ROUNDS = 3
FIRST_STEPS, NEXT_STEPS = 5, 2
SMALLEST_DEVIATION, LARGEST_DEVIATION = 0.02, 2.0
LEVEL, TREND = 0, 1


@dataclass(frozen=True)
class Parents:
    """Larger series that others are part of, and share their season with.

    Attributes:
        counts: `n_parents × n_periods`.
        of: the parent of each series, `n_series`.
    """

    counts: Array
    of: NDArray[np.intp]


@dataclass(frozen=True)
class SeasonalBaseline:
    """Quasi-Poisson regression on trend, season and calendar in which past outbreaks weigh little.

    In the line of Noufaily et al. 2013 (An improved algorithm for outbreak detection in multiple surveillance systems,
    Statistics in Medicine 32), with these differences:

    - Season and calendar peaks are drawn towards those of all series together, and the trend towards theirs, by as much as the
      series truly resemble each other (empirical Bayes), so that sparse series keep a season and large ones have their own.
    - The season is a few harmonics instead of ten steps.
    - Down-weighting of past outbreaks is made consistent (`models.detection.robust`): counts without outbreaks give their true
      mean and dispersion.
    - The uncertainty of the fitted mean is part of the predictive variance.

    It assumes that the season repeats every year or changes evenly over the years, that a trend is smooth on the log scale,
    and that counts vary around their mean with `variance = dispersion · mean`, independently from period to period.

    Attributes:
        period: periods in a year.
        harmonics: pairs of sine and cosine.
        level_deviation: prior standard deviation of a series' log level around that of the mean series.
    """

    period: float
    harmonics: int = 2
    level_deviation: float = 3.0

    def fit(self, counts: Array, pool: Array, effects: Effects, parents: Parents | None = None) -> SeasonalFit:
        """Fit the history.

        Args:
            counts: `n_series × n_history`, oldest first, equally spaced.
            pool: `n_history` or longer; the total whose trend, season and calendar effects the series share.
            effects: calendar effects of the history and of the periods to be expected, `n_periods` in all.
            parents: if given, series are drawn to their parent, and parents to the total; else series to the total.
        """
        n_history = counts.shape[1]
        n_periods, n_columns = len(effects.columns), TREND + 1 + 4 * self.harmonics + effects.columns.shape[1]
        smooth = self._smooth(n_history, n_periods)
        design = Design(np.column_stack([smooth, effects.columns]))
        total = self._fit(pool[None, :n_history], design, np.zeros((1, n_columns)), np.zeros((1, n_periods)))
        if parents is None:
            shared, of = total, np.zeros(len(counts), dtype=np.intp)
        else:
            of = parents.of
            shared = self._drawn_to(total, np.zeros(len(parents.counts), dtype=np.intp), parents.counts[:, :n_history], design)
        return self._drawn_to(shared, of, counts, design)

    def _drawn_to(self, shared: SeasonalFit, of: NDArray[np.intp], counts: Array, design: Design) -> SeasonalFit:
        """Fit series whose trend, season and calendar are drawn to those of the series `of` another fit."""
        common = (shared.coefficients + shared.common)[of]
        # Levels are drawn, weakly, to the mean of all series: one that was never seen still has something to be expected.
        common[:, LEVEL] = np.log((counts.sum() + 0.5) / counts.size)
        variance = shared.shape_variance()
        one = (len(of), variance.shape[1])
        return self._fit(counts, design, common, np.broadcast_to(variance, one) if len(variance) == 1 else variance[of])

    def _smooth(self, n_history: int, n_periods: int) -> Array:
        """Level, trend, season and the season's change."""
        periods = np.arange(n_periods)
        angle = 2 * np.pi * periods[:, None] * np.arange(1, self.harmonics + 1) / self.period
        trend = (periods - n_history)[:, None] / n_history
        season = np.column_stack([np.sin(angle), np.cos(angle)])
        return np.column_stack([np.ones(n_periods), trend, season, trend * season])

    def _fit(self, counts: Array, design: Design, common: Array, common_variance: Array) -> SeasonalFit:
        n_series, n_history = counts.shape
        n_columns = design.columns.shape[1]
        past = Design(design.columns[:n_history])
        known = common @ past.columns.T
        deviations = np.ones(n_columns)
        deviations[LEVEL] = self.level_deviation
        weights, dispersion = np.ones_like(counts), np.ones((n_series, 1))
        fit = fit_poisson(counts, past, known, weights, 1 / deviations**2, iterations=FIRST_STEPS)
        for _ in range(ROUNDS):
            dispersion = self._dispersion(counts, fit, weights, dispersion, deviations)
            weights = outbreak_weights(counts, fit.mean, dispersion)
            deviations = self._deviations(fit, dispersion, deviations)
            fit = fit_poisson(counts, past, known, weights, dispersion / deviations**2, fit.coefficients, NEXT_STEPS)
        dispersion = self._dispersion(counts, fit, weights, dispersion, deviations)
        coefficients, seasonal = _unshifted(fit, dispersion), 4 * self.harmonics
        return SeasonalFit(coefficients, dispersion, fit.inverse_information, design, common, common_variance, seasonal)

    def _dispersion(self, counts: Array, fit: Fit, weights: Array, former: Array, deviations: Array) -> Array:
        drawn = (former / deviations**2 * _diagonal(fit.inverse_information)).sum(axis=1)
        return clean_dispersion(counts, fit.mean, weights, former, len(deviations) - drawn)

    def _deviations(self, fit: Fit, dispersion: Array, former: Array) -> Array:
        """Standard deviations of the groups of coefficients between series: a step of the EM algorithm."""
        second = (fit.coefficients**2 + dispersion * _diagonal(fit.inverse_information)).mean(axis=0)
        deviations = former.copy()
        season = slice(TREND + 1, TREND + 1 + 2 * self.harmonics)
        change = slice(season.stop, season.stop + 2 * self.harmonics)
        for group in (slice(TREND, TREND + 1), season, change, slice(change.stop, len(former))):
            if len(former[group]):
                deviation = np.sqrt(second[group].mean())
                deviations[group] = np.clip(deviation, SMALLEST_DEVIATION, LARGEST_DEVIATION)
        return deviations


@dataclass(frozen=True)
class SeasonalFit:
    """What a history says of the periods that it holds and of those that follow.

    Attributes:
        coefficients: `n_series × n_columns`: level, trend, season and its change, calendar effects.
        dispersion: `n_series × 1`, variance over mean.
        inverse_information: covariance of the coefficients at dispersion 1.
        design: the covariates of all periods, `n_periods × n_columns`.
        common: `n_series × n_columns`; coefficients that these are deviations from.
        common_variance: `n_series × n_periods`; how uncertain what they describe is, on the log scale.
        seasonal: columns behind level and trend that describe the season.
    """

    coefficients: Array
    dispersion: Array
    inverse_information: Array
    design: Design
    common: Array
    common_variance: Array
    seasonal: int

    def mean(self, periods: slice) -> Array:
        """Expected counts, `n_series × n_periods`."""
        linear = (self.coefficients + self.common) @ self.design.columns[periods].T
        return np.exp(np.clip(linear, -LOG_LIMIT, LOG_LIMIT))

    def log_variance(self, periods: slice) -> Array:
        """Variance of the logarithm of the expected counts, `n_series × n_periods`."""
        own = Design(self.design.columns[periods]).quadratic(self.inverse_information)
        return self.dispersion * own + self.common_variance[:, periods]

    def factors(self, shift: Array) -> SeasonalFactors:
        """What the mean is a product of, its log level shifted since."""
        return SeasonalFactors(self.coefficients + self.common, self.design.columns, self.seasonal, shift)

    def shape_variance(self) -> Array:
        """Variance of the log mean but for its level, `n_series × n_periods`."""
        shape = Design(np.where(np.arange(self.design.columns.shape[1]) == LEVEL, 0.0, self.design.columns))
        return self.dispersion * shape.quadratic(self.inverse_information) + self.common_variance


@dataclass(frozen=True)
class SeasonalFactors:
    """The factors of a fit whose level has been followed since.

    Attributes:
        coefficients: `n_series × n_columns`; level, trend, season and its change, calendar effects.
        columns: `n_periods × n_columns`; the covariates.
        seasonal: columns behind level and trend that describe the season.
        shift: of the log level, `n_series × n_periods`.
    """

    coefficients: Array
    columns: Array
    seasonal: int
    shift: Array

    def of(self, rows: slice, periods: slice) -> tuple[Array, Array, Array]:
        """Level, season and calendar, whose product is what is expected; each `n_series × n_periods`."""
        parts = (slice(0, TREND + 1), slice(TREND + 1, TREND + 1 + self.seasonal), slice(TREND + 1 + self.seasonal, None))
        level, season, calendar = (np.exp(self.coefficients[rows, part] @ self.columns[periods, part].T) for part in parts)
        return level * np.exp(self.shift[rows, periods]), season, calendar


def _diagonal(matrices: Array) -> Array:
    return np.asarray(np.diagonal(matrices, axis1=1, axis2=2), dtype=float)


def _unshifted(fit: Fit, dispersion: Array) -> Array:
    """Coefficients whose level does not suffer from the natural high counts that the weights have played down."""
    mean = fit.mean[:, :: max(fit.mean.shape[1] // SAMPLED_PERIODS, 1)]
    moments = weighted_moments().at(mean, dispersion)
    coefficients = fit.coefficients.copy()
    coefficients[:, LEVEL] -= (moments.shift * mean).sum(axis=1) / (moments.weight * mean).sum(axis=1)
    return coefficients
