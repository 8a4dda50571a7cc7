"""The choice of the baseline that a history allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.detection.judgement import Judgement, Prediction
from models.detection.predictive import Array
from models.detection.seasonal import SeasonalBaseline
from models.detection.short import ShortBaseline

YEAR_DAYS = 365.25
DAYS = {"week": 7, "day": 1}
# Weekdays are known after eight weeks, long before a season is.
WEEKDAY_PERIODS = 56


@dataclass(frozen=True)
class Detector:
    """Judges counts of equally spaced weeks or days with the baseline that their history allows.

    Attributes:
        frequency: `week` or `day`.
        seasonal_periods: periods of history from which on the season is fitted; two years unless given.
        short_periods: periods that a short history is judged by.
        short_minimum: periods below which nothing is judged.
    """

    frequency: str = "week"
    seasonal_periods: int | None = None
    short_periods: int = 8
    short_minimum: int = 4

    def method(self, n_periods: int) -> str:
        """`seasonal`, `weekday` or `short`: the baseline for the last of so many periods."""
        history = n_periods - 1
        if history >= (self.seasonal_periods or round(2 * YEAR_DAYS / DAYS[self.frequency])):
            return "seasonal"
        if self.frequency == "day" and history >= WEEKDAY_PERIODS:
            return "weekday"
        return "short"

    def predict(self, counts: Array, pool: Array | None, events: Array) -> Prediction:
        """What is expected in every period, the last one being judged.

        Args:
            counts: `n_series × n_periods` of one level, oldest first.
            pool: `n_periods`; the total that the series are part of, None for series that are such a total themselves.
            events: `n_periods × n_events`; calendar covariates, and for days the weekdays among them.
        """
        method = self.method(counts.shape[1])
        if method == "short":
            return ShortBaseline(self.short_periods, self.short_minimum).predict(counts, pool)
        baseline = SeasonalBaseline(
            period=YEAR_DAYS / DAYS[self.frequency],
            harmonics=2 if method == "seasonal" else 0,
            guard=28 // DAYS[self.frequency] if method == "seasonal" else 7,
        )
        return baseline.predict(counts, counts.sum(axis=0) if pool is None else pool, events)

    def judge(self, counts: Array, pool: Array | None, events: Array, last: int = 1) -> Judgement:
        """Judge the last periods, each as if it were the newest; arguments as for `predict`."""
        judged = []
        for end in range(counts.shape[1] - last + 1, counts.shape[1] + 1):
            until = counts[:, :end]
            judged.append(self.predict(until, None if pool is None else pool[:end], events[:end]).judge(until))
        return Judgement.side_by_side(judged)


def weekdays(days: pd.DatetimeIndex) -> Array:
    """Tuesday to Sunday as covariates, `n_periods × 6`."""
    return np.asarray(days.dayofweek.to_numpy()[:, None] == np.arange(1, 7), dtype=float)
