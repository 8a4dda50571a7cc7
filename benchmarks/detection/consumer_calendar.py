"""Peaks and dips of Chinese consumer complaints by week.

The dates stand here anew: the world must not be simulated from the table that the detector reads.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.detection.world import Floats

# First day of the lunar year.
LUNAR_NEW_YEAR = (
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
)


@dataclass(frozen=True)
class Effect:
    """What a date does to the week that it lies in, or to one behind it.

    Attributes:
        name: the event.
        date: `month-day`, or empty for the Lunar New Year.
        weeks_behind: 0 for the week that holds the date.
        factor: common multiplier of all series.
    """

    name: str
    date: str
    weeks_behind: int
    factor: float

    def weeks(self, mondays: pd.DatetimeIndex) -> list[dt.date]:
        """Mondays of the weeks touched."""
        if self.date:
            years = range(mondays[0].year - 1, mondays[-1].year + 2)
            days = [dt.date.fromisoformat(f"{year}-{self.date}") for year in years]
        else:
            days = [dt.date.fromisoformat(day) for day in LUNAR_NEW_YEAR]
        return [day - dt.timedelta(days=day.weekday()) + dt.timedelta(weeks=self.weeks_behind) for day in days]


EFFECTS = (
    Effect("consumer rights day", "03-15", 0, 2.0),
    Effect("Spring Festival", "", 0, 0.5),
    Effect("week after the Spring Festival", "", 1, 0.8),
    Effect("mid-year sale", "06-18", 0, 1.15),
    Effect("National Day", "10-01", 0, 0.9),
    Effect("double eleven", "11-11", 0, 1.2),
    Effect("double twelve", "12-12", 0, 1.1),
)


def effect_weeks(mondays: pd.DatetimeIndex) -> Floats:
    """1 where an effect touches a week, else 0; `n_periods × n_effects`, columns as in `EFFECTS`."""
    touched = [mondays.isin(pd.DatetimeIndex(effect.weeks(mondays))) for effect in EFFECTS]
    return np.column_stack(touched).astype(float)


def multipliers(rng: np.random.Generator, mondays: pd.DatetimeIndex, n_series: int, spread: float) -> Floats:
    """What the calendar multiplies every series with in every week, `n_series × n_periods`.

    A series has one multiplier per effect, the same every year: log-normal around the common one.

    Args:
        rng: the source of chance.
        mondays: first days of the weeks.
        n_series: how many series.
        spread: standard deviation of the log multipliers between series; 0 gives all the common one.
    """
    common = np.log([effect.factor for effect in EFFECTS])
    own = common + spread * rng.standard_normal((n_series, len(EFFECTS)))
    return np.asarray(np.exp(own @ effect_weeks(mondays).T), dtype=float)
