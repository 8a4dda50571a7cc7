"""What detectors answer: signals, alarms whose complaints have not been looked at yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.subjects import UNKNOWN
from jobs.alarms import JudgedDay
from models.detection.multiplicity import q_values
from models.detection.predictive import Array
from warehouse.thresholds import thresholds

UNKNOWN_DIMENSION = rf"={UNKNOWN}(?:\||$)"


@dataclass(frozen=True)
class Recheck:
    """How a signal counted in all complaints is held to its independent ones.

    Attributes:
        minimum: independent complaints that it needs.
        p_value: of so many complaints instead of those observed.
        limit: the largest p-value that would be an alarm among the tests of the day.
    """

    minimum: int
    p_value: Callable[[int], float]
    limit: float

    def passes(self, observed: int, independent: int) -> bool:
        """Whether the signal stands if one complainant and one text count once."""
        if independent < self.minimum:
            return False
        return independent >= observed or self.p_value(independent) <= self.limit


@dataclass(frozen=True)
class Signal:
    """What a detector found as of a day; figures as in `gold.alarms`.

    Attributes:
        factors: of the expectation: level, season and calendar.
        regions: codes of a cluster's cities.
        terms: emerging words; a detector names one, those of the same complaints are joined later.
        recheck: what its independent complaints are held to; None where these were counted to begin with.
    """

    detector: str
    count_level: str
    series: str
    window_start: dt.date
    last_date: dt.date
    observed: int
    expected: float
    p_value: float
    q_value: float
    upper: float | None = None
    onset: dt.date | None = None
    factors: tuple[float, float, float] | None = None
    regions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    recheck: Recheck | None = None

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def subject_key(self) -> str:
        """Level and series; with them a cluster's cities, however they are ranked, or the leading word."""
        return "|".join([self.count_level, self.series, *sorted(self.regions), *self.terms[:1]])


class Detects(Protocol):
    """A detector, prepared for the days of a span."""

    def signals(self, day: JudgedDay) -> list[Signal]:
        """What it finds as of a day of the span; nothing where the history is too short for it."""
        ...


def known(names: pd.Index) -> NDArray[np.bool_]:
    """Which series say what they are about in every dimension."""
    return ~np.asarray(names.str.contains(UNKNOWN_DIMENSION, regex=True), dtype=bool)


@dataclass(frozen=True)
class Family:
    """The tests of a detector on one day, over which its false discovery rate is controlled.

    Attributes:
        q_values: of each level's or data set's tests, in their order; NaN for those not tested.
        limit: the largest p-value that would be an alarm, in place of one that is; 0 where none is.
    """

    q_values: list[Array]
    limit: float

    @classmethod
    def of(cls, p_values: Sequence[Array]) -> Family:
        """The family of several levels' p-values; NaN is no test."""
        if not p_values:
            return cls([], 0.0)
        q_value = q_values(np.concatenate(p_values))
        bounds = np.cumsum([len(part) for part in p_values])[:-1]
        return cls(np.split(q_value, bounds), step_up_limit(q_value))


def step_up_limit(q_value: Array) -> float:
    """What Benjamini and Hochberg hold the weakest alarm's p-value to: the rate times the share of tests that are alarms."""
    rate, tests = thresholds().false_discovery_rate, int((~np.isnan(q_value)).sum())
    return rate * int((q_value <= rate).sum()) / max(tests, 1)


def alarming(q_values: Array, observed: Array, minimum: int) -> list[int]:
    """Places of the tests that are significant and large enough."""
    return np.flatnonzero((q_values <= thresholds().false_discovery_rate) & (observed >= minimum)).tolist()
