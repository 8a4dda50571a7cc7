"""What the newest periods would have if nothing had changed since before them: the baseline that a slow drift is held to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.detection.detector import DAYS, LEVELS, YEAR_DAYS
from models.detection.dispersion import clean_dispersion
from models.detection.effects import Effects
from models.detection.predictive import Array
from models.detection.robust import outbreak_weights
from models.detection.seasonal import SeasonalBaseline

ROUNDS = 2
# Of a log mean; a baseline that knows less than this knows nothing.
LARGEST_ERROR = 1.0


@dataclass(frozen=True)
class SteadyExpectation:
    """What is expected of the newest periods.

    Attributes:
        mean: expected counts, `n_series × n_newest`, positive.
        dispersion: `n_series`; variance of a count over its mean, at least 1.
        mean_error: `n_series`; standard deviation of the error of the log means, which all newest periods share.
    """

    mean: Array
    dispersion: Array
    mean_error: Array


@dataclass(frozen=True)
class SteadyBaseline:
    """The baselines of weekly windows, with levels as they were before the newest periods.

    A baseline that follows the level, as the one that judges single windows does, follows a slow rise as well and never sees
    it. Here nothing of the newest periods is looked at but their calendar and, with a short history, their total. A level that
    used to wander is expected to go on: `mean_error` holds how far it may have gone since.

    Attributes:
        seasonal_periods: periods before the newest ones from which on season and trend are fitted (`SeasonalBaseline`).
        short_periods: with less, the share of the rest in so many periods is the baseline, as for `ShortBaseline`.
        level_years: years before the newest periods over which a level is followed.
    """

    seasonal_periods: int = 104
    short_periods: int = 26
    level_years: float = 3.0

    def expect(self, counts: Array, pool: Array, effects: Effects, newest: int) -> SteadyExpectation:
        """What is expected of the newest periods.

        Args:
            counts: `n_series × n_periods` of one level, oldest first.
            pool: `n_periods`; the total that the series are part of.
            effects: of the calendar in the `n_periods`.
            newest: how many periods are to be expected.

        Raises:
            ValueError: no two periods lie before them.
        """
        n_history = counts.shape[1] - newest
        if n_history < 2:  # noqa: PLR2004
            raise ValueError(f"{counts.shape[1]} periods are too few to expect {newest} by those before")
        if n_history >= self.seasonal_periods:
            return self._seasonal(counts, pool, effects, newest)
        return self._share(counts, pool, newest)

    def _seasonal(self, counts: Array, pool: Array, effects: Effects, newest: int) -> SteadyExpectation:
        n_history = counts.shape[1] - newest
        year = YEAR_DAYS / DAYS["week"]
        fit = SeasonalBaseline(year).fit(counts[:, :n_history], pool, effects)
        recent = slice(max(0, n_history - round(self.level_years * year)), counts.shape[1])
        # As it is known before all of the newest periods, with how far it may wander until the last of them.
        guarded = replace(LEVELS["week"], guard=newest)
        level = guarded.follow(counts[:, recent], fit.mean(recent), fit.dispersion, n_history - recent.start, year)
        ahead = slice(n_history, counts.shape[1])
        mean = fit.mean(ahead) * np.exp(level.shift[:, -1:])
        variance = fit.log_variance(ahead).mean(axis=1) + level.variance[:, -1]
        return SteadyExpectation(mean, fit.dispersion[:, 0], np.sqrt(np.minimum(variance, LARGEST_ERROR)))

    def _share(self, counts: Array, pool: Array, newest: int) -> SteadyExpectation:
        history = slice(max(0, counts.shape[1] - newest - self.short_periods), counts.shape[1] - newest)
        # Half a complaint keeps an empty week, and a series that never was, from being an infinite rate.
        exposure = np.maximum(pool - counts, 0.0) + 0.5
        past, volume = counts[:, history], exposure[:, history]
        rate = (past.sum(axis=1, keepdims=True) + 0.5) / volume.sum(axis=1, keepdims=True)
        mean = rate * volume
        dispersion = np.ones((len(counts), 1))
        for _ in range(ROUNDS):
            weights = outbreak_weights(past, mean, dispersion)
            dispersion = clean_dispersion(past, mean, weights, dispersion, np.ones(len(counts)))
        elsewhere = 1 / volume.sum(axis=1) + 1 / exposure[:, -newest:].sum(axis=1)
        variance = dispersion[:, 0] / (past.sum(axis=1) + 0.5) + elsewhere
        return SteadyExpectation(rate * exposure[:, -newest:], dispersion[:, 0], np.sqrt(np.minimum(variance, LARGEST_ERROR)))
