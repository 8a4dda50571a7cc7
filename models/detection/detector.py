"""The choice of the baseline that a history allows, and its judgement of one period or of many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.detection.effects import Effects
from models.detection.judgement import Judgement, Prediction
from models.detection.level import DriftingLevel
from models.detection.predictive import Array
from models.detection.seasonal import Parents, SeasonalBaseline
from models.detection.short import ShortBaseline
from models.detection.windows import Windows

YEAR_DAYS = 365.25
DAYS = {"week": 7, "day": 1}
# By day levels can change faster, as demand does within weeks, and a rise may take a week.
LEVELS = {"week": DriftingLevel((0.0, 0.1, 0.25, 0.6)), "day": DriftingLevel((0.0, 0.3, 1.5, 4.0))}
WINDOWS = {"week": Windows((1, 2), (0.25, 0.75)), "day": Windows((1, 3, 7), (0.4, 0.3, 0.3))}
# Weekdays are known after eight weeks, long before a season is.
WEEKDAY_PERIODS = 56
# A fit serves until the history has grown by this part of it: it hardly changes before, and the level is followed anyway.
REFIT = 48


@dataclass(frozen=True)
class Detector:
    """Judges counts of equally spaced weeks or days with the baseline that their history allows.

    Attributes:
        frequency: `week` or `day`.
        seasonal_periods: periods of history from which on the season is fitted; two years unless given.
        short_periods: periods that a short history is judged by.
        short_minimum: periods below which nothing is judged.
        level_years: years before a judged period from which on its level is followed.
    """

    frequency: str = "week"
    seasonal_periods: int | None = None
    short_periods: int = 8
    short_minimum: int = 4
    level_years: float = 3.0

    def method(self, n_periods: int) -> str:
        """`seasonal`, `weekday` or `short`: the baseline for the last of so many periods."""
        history = n_periods - 1
        if history >= (self.seasonal_periods or round(2 * self._year)):
            return "seasonal"
        if self.frequency == "day" and history >= WEEKDAY_PERIODS:
            return "weekday"
        return "short"

    def predict(
        self, counts: Array, pool: Array | None, effects: Effects, last: int = 1, parents: Parents | None = None
    ) -> Prediction:
        """What is expected in the last periods by one fit of the history before them, and in the periods before by hindsight.

        What is compared with a pool of the same periods needs no `Prediction.as_reported`: the pool is as incomplete.

        Args:
            counts: `n_series × n_periods` of one level, oldest first.
            pool: `n_periods`; the total that the series are part of, None for series that are such a total themselves.
            effects: of the calendar in the `n_periods`, and for days the weekdays among them.
            last: periods after the history, more than one only while the same fit serves all of them.
            parents: larger series whose season and calendar these share, if the history is long enough for one.
        """
        n_periods = counts.shape[1]
        method = self.method(n_periods - last + 1)
        if method == "short":
            return ShortBaseline(self.short_periods, self.short_minimum).predict(counts, pool)
        baseline = SeasonalBaseline(self._year, harmonics=2 if method == "seasonal" else 0)
        fitted = _fit_point(n_periods - last, LEVELS[self.frequency].guard)
        total = counts.sum(axis=0) if pool is None else pool
        fit = baseline.fit(counts[:, :fitted], total, effects, parents)
        mean, log_variance = fit.mean(slice(0, n_periods)), fit.log_variance(slice(0, n_periods))
        recent = slice(max(0, fitted - round(self.level_years * self._year)), n_periods)
        known = fitted - recent.start
        level = LEVELS[self.frequency].follow(counts[:, recent], mean[:, recent], fit.dispersion, known, self._year)
        mean[:, recent] *= np.exp(level.shift)
        log_variance[:, recent] += level.variance
        shift = np.zeros_like(mean)
        shift[:, recent] = level.shift
        return Prediction(mean, fit.dispersion, np.minimum(log_variance, 1.0), WINDOWS[self.frequency], fit.factors(shift))

    def judge(self, counts: Array, pool: Array | None, effects: Effects, last: int = 1) -> Judgement:
        """Judge the last periods, each as if it were the newest; arguments as for `predict`."""
        judged = []
        for begin, end in self._stretches(counts.shape[1], last):
            until, total = counts[:, :end], None if pool is None else pool[:end]
            judged.append(self.predict(until, total, effects.until(end), end - begin).judge(until, end - begin))
        return Judgement.side_by_side(judged)

    @property
    def _year(self) -> float:
        return YEAR_DAYS / DAYS[self.frequency]

    def _stretches(self, n_periods: int, last: int) -> Iterator[tuple[int, int]]:
        """The judged periods, cut into those that the same fit serves: first and behind the last of each."""
        begin = n_periods - last
        while begin < n_periods:
            end = begin + 1
            if self.method(end) != "short":
                while end < n_periods and self._fit_of(end) == self._fit_of(begin):
                    end += 1
            yield begin, end
            begin = end

    def _fit_of(self, period: int) -> tuple[str, int]:
        return self.method(period + 1), _fit_point(period, LEVELS[self.frequency].guard)


def _fit_point(period: int, guard: int) -> int:
    """How many periods the fit looks at that serves a period: the same for it, however many others are judged with it."""
    point, following = 1, 2
    while following <= max(period - guard, 1):
        point, following = following, following + max(1, following // REFIT)
    return point
