"""Gradient boosting as one forecaster of all series of a weekly world, as the winners of forecasting competitions were.

One model over all series: Makridakis, Spiliotis & Assimakopoulos 2022, M5 accuracy competition, International Journal of
Forecasting 38. The model is scikit-learn's `HistGradientBoostingRegressor` with the Poisson deviance as loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from benchmarks.detection.world import Floats
from models.detection.dispersion import clean_dispersion
from models.detection.robust import outbreak_weights

YEAR = 52
# A week is forecast from two years of weeks before it, or more.
FIRST = 2 * YEAR + 8
RECENT = (4, 13, YEAR)
# Up to so many years back lie the weeks of the same season, each with two more on either side.
YEARS, AROUND = 5, 2
# Added to a mean before its logarithm is taken: half a complaint in the mean's weeks.
HALF = 0.5
# Counts above so many standard deviations of the first forecast are cut there before the second.
CLIP = 2.58
DISPERSION_ROUNDS = 3
MeanOf = Callable[[int, int], Floats]


@dataclass(frozen=True)
class Boosting:
    """How the model learns; chosen by the deviance of its forecasts of `weekly_world(10, seed=2)`.

    Attributes:
        guard: newest weeks before a forecast one that the forecast is not told of, so that an outbreak does not raise it.
        passes: 2 to cut past outbreaks down to what a first model thinks possible and learn again, 1 not to.
        trees: boosting rounds.
        learning_rate: what part of each tree counts.
        leaves: of a tree, at most.
        smallest_leaf: series-weeks in a leaf, at least.
    """

    guard: int = 2
    passes: int = 2
    trees: int = 150
    learning_rate: float = 0.06
    leaves: int = 31
    smallest_leaf: int = 200

    def learn(self, counts: Floats, covariates: Floats) -> BoostedForecaster:
        """Learn from a history.

        Args:
            counts: `n_series × n_history`, oldest first.
            covariates: `n_periods × n_covariates`, what is known of each week beforehand; the history's are looked at.
        """
        stages: list[HistGradientBoostingRegressor] = []
        known, dispersion = counts, np.ones((len(counts), 1))
        for _ in range(self.passes):
            scale, table = features(known, covariates, self.guard)
            weight = scale[:, FIRST:].ravel()
            model = HistGradientBoostingRegressor(
                loss="poisson",
                max_iter=self.trees,
                learning_rate=self.learning_rate,
                max_leaf_nodes=self.leaves,
                min_samples_leaf=self.smallest_leaf,
                early_stopping=False,
                random_state=0,
            )
            # The deviance of a count with an expected `scale · ratio` is that of the ratio with weight `scale`.
            model.fit(table[:, FIRST:].reshape(len(weight), -1), known[:, FIRST:].ravel() / weight, sample_weight=weight)
            stages.append(model)
            mean = scale[:, FIRST:] * _predicted(model, table[:, FIRST:])
            dispersion = _dispersion(counts[:, FIRST:], mean)
            known = np.concatenate([counts[:, :FIRST], _cut(counts[:, FIRST:], mean, dispersion)], axis=1)
        return BoostedForecaster(self.guard, tuple(stages), dispersion)


@dataclass(frozen=True)
class BoostedForecaster:
    """What was learned.

    Attributes:
        guard: as for `Boosting`.
        stages: the models; all but the last say which counts are to be cut.
        dispersion: `n_series × 1`, variance over mean, of the residuals of the history.
    """

    guard: int
    stages: tuple[HistGradientBoostingRegressor, ...]
    dispersion: Floats

    def mean(self, counts: Floats, covariates: Floats) -> Floats:
        """Counts expected one step ahead, `n_series × n_periods`; NaN in the first two years.

        Args:
            counts: `n_series × n_periods`, the series that were learned from, with the weeks that follow.
            covariates: `n_periods × n_covariates`.
        """
        known = counts
        for stage in self.stages:
            scale, table = features(known, covariates, self.guard)
            mean = np.full(counts.shape, np.nan)
            mean[:, FIRST:] = scale[:, FIRST:] * _predicted(stage, table[:, FIRST:])
            cut = _cut(counts[:, FIRST:], mean[:, FIRST:], self.dispersion)
            known = np.concatenate([counts[:, :FIRST], cut], axis=1)
        return mean


def features(counts: Floats, covariates: Floats, guard: int) -> tuple[Floats, Floats]:
    """What a week is forecast from, none of it from the week itself or those behind it.

    The log mean of the last year; the log means of the last 4 and 13 weeks and of the week a year ago relative to it; how
    high this season, and the season of the last 4 and 13 weeks, lay in the years before; sine and cosine of the year; the
    week's number; the covariates.

    Returns:
        The mean of the last year, `n_series × n_periods`, and the features, `n_series × n_periods × n_features`. What lies
        before the first week is NaN in the features.
    """
    n_series, n_periods = counts.shape
    total = np.concatenate([np.zeros((n_series, 1)), np.cumsum(counts, axis=1)], axis=1)

    def mean(first: int, weeks: int) -> Floats:
        """Mean of so many weeks, the first of which lies so many before each week."""
        begin = np.arange(n_periods) - first
        sums = total[:, np.clip(begin + weeks, 0, n_periods)] - total[:, np.clip(begin, 0, n_periods)]
        return np.where(begin >= 0, (sums + HALF) / weeks, np.nan)

    recent = {weeks: mean(guard + weeks, weeks) for weeks in RECENT}
    year = recent[YEAR]
    columns = [np.log(year)]
    columns += [np.log(recent[weeks] / year) for weeks in RECENT[:-1]]
    columns += [np.log(mean(YEAR + AROUND, 2 * AROUND + 1) / mean(YEAR + YEAR // 2, YEAR)), mean(YEAR, 1) / year]
    columns.append(_season(mean, AROUND, 2 * AROUND + 1))
    columns += [_season(mean, guard + weeks, weeks) for weeks in RECENT[:-1]]
    week = np.arange(n_periods)
    angle = 2 * np.pi * week / YEAR
    common = np.column_stack([np.sin(angle), np.cos(angle), week, covariates[:n_periods]])
    shared = np.broadcast_to(common, (n_series, *common.shape))
    return np.nan_to_num(year, nan=1.0), np.concatenate([np.stack(columns, axis=2), shared], axis=2).astype(np.float32)


def _season(mean: MeanOf, before: int, weeks: int) -> Floats:
    """How high so many weeks lay, on the log scale, in the years around them, of all years that are known."""
    back = YEAR * np.arange(1, YEARS + 1)
    own = np.stack([mean(int(weeks_ago) + before, weeks) for weeks_ago in back])
    years = np.stack([mean(int(weeks_ago) + before - weeks // 2 + YEAR // 2, YEAR) for weeks_ago in back])
    known = np.isfinite(own) & np.isfinite(years)
    of_season, of_years = (np.where(known, means, 0.0).sum(axis=0) for means in (own, years))
    any_known = known.any(axis=0)
    return np.where(any_known, np.log(np.where(any_known, of_season, 1.0) / np.where(any_known, of_years, 1.0)), np.nan)


def _predicted(model: HistGradientBoostingRegressor, table: Floats) -> Floats:
    return np.asarray(model.predict(table.reshape(-1, table.shape[-1])), dtype=float).reshape(table.shape[:2])


def _dispersion(counts: Floats, mean: Floats) -> Floats:
    """As our own detector estimates it, so that past outbreaks do not blur what is compared: the forecasts."""
    dispersion = np.ones((len(counts), 1))
    for _ in range(DISPERSION_ROUNDS):
        weights = outbreak_weights(counts, mean, dispersion)
        dispersion = clean_dispersion(counts, mean, weights, dispersion, np.zeros(len(counts)))
    return dispersion


def _cut(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    return np.minimum(counts, mean + CLIP * np.sqrt(dispersion * mean) + 1)
