"""What the newest periods would have if nothing had changed since before them: the baseline that a slow drift is held to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.detection.detector import DAYS, LEVELS, YEAR_DAYS
from models.detection.effects import Effects
from models.detection.predictive import Array
from models.detection.seasonal import SeasonalBaseline

# Of a log mean; a baseline that knows less than this knows nothing.
LARGEST_VARIANCE = 1.0


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
    """The seasonal baseline of weekly windows, with levels as they were before the newest ones.

    A baseline that follows the level, as the one that judges single windows does, follows a slow rise as well and never sees
    it. Here nothing of the newest periods is looked at but their calendar. A level that used to wander is expected to go on:
    `mean_error` holds how far it may have gone since.

    It assumes what `SeasonalBaseline` does. Without a year before the newest periods every season would be a drift; with
    little more than that, a season is what the year before had.

    Attributes:
        level_years: years before the newest periods over which a level is followed.
    """

    level_years: float = 3.0

    def expect(self, counts: Array, pool: Array, effects: Effects, newest: int) -> SteadyExpectation:
        """What is expected of the newest periods.

        Args:
            counts: `n_series × n_periods` of one level, oldest first.
            pool: `n_periods`; the total whose trend, season and calendar effects the series share.
            effects: of the calendar in the `n_periods`.
            newest: how many periods are to be expected.

        Raises:
            ValueError: less than a year lies before them.
        """
        n_history, year = counts.shape[1] - newest, YEAR_DAYS / DAYS["week"]
        if n_history < year:
            raise ValueError(f"{counts.shape[1]} weeks hold no year before the newest {newest}")
        fit = SeasonalBaseline(year).fit(counts[:, :n_history], pool, effects)
        recent = slice(max(0, n_history - round(self.level_years * year)), counts.shape[1])
        # As it is known before all of the newest periods, with how far it may wander until the last of them.
        guarded = replace(LEVELS["week"], guard=newest)
        level = guarded.follow(counts[:, recent], fit.mean(recent), fit.dispersion, n_history - recent.start, year)
        ahead = slice(n_history, counts.shape[1])
        mean = fit.mean(ahead) * np.exp(level.shift[:, -1:])
        variance = fit.log_variance(ahead).mean(axis=1) + level.variance[:, -1]
        return SteadyExpectation(mean, fit.dispersion[:, 0], np.sqrt(np.minimum(variance, LARGEST_VARIANCE)))
