"""When complaints are made: growth, seasons, feasts, weekdays, and working days for the offices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import chinese_calendar
import numpy as np
from scipy.optimize import brentq

from simulator.data import world
from simulator.seeds import Floats, Ints

ONE_DAY = dt.timedelta(days=1)
YEAR = 365.25
# A year without 29 February, for days that are told by month and day.
COMMON_YEAR = 2025
SPRING_FESTIVAL = chinese_calendar.Holiday.spring_festival.value
SATURDAY, SUNDAY, FRIDAY = 5, 6, 4


@dataclass(frozen=True)
class Span:
    """First and last day that is simulated, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the span ends on {self.last}, before it begins on {self.first}")
        for day in (self.first, self.last):
            try:
                chinese_calendar.get_holiday_detail(day)
            except NotImplementedError:
                raise ValueError(f"the holidays of {day.year} are not known") from None

    @cached_property
    def days(self) -> list[dt.date]:
        """Every day of the span."""
        return [self.first + i * ONE_DAY for i in range((self.last - self.first).days + 1)]

    def offset(self, day: dt.date) -> int:
        """Days since the first one."""
        return (day - self.first).days


def season(day: dt.date) -> float:
    """Factor of the feasts and sales that a day lies in."""
    calibration = world("calibration")
    factor = 1.0
    for peak in calibration["peaks"]:
        if peak["from"] <= f"{day:%m-%d}" <= peak["to"]:
            factor *= peak["factor"]
    if chinese_calendar.get_holiday_detail(day)[1] == SPRING_FESTIVAL:
        factor *= calibration["spring_festival_factor"]
    return float(factor)


@cache
def _mean_season() -> float:
    base = world("calibration")["base_year"]
    year = Span(dt.date(base, 1, 1), dt.date(base, 12, 31))
    return float(np.mean([season(day) for day in year.days]))


def volume_factor(day: dt.date) -> float:
    """How much is complained on a day, relative to the mean day of the base year, weekdays left aside."""
    calibration = world("calibration")
    middle = dt.date(calibration["base_year"], 7, 2)
    years = np.clip((day - middle).days / YEAR, -calibration["growth_years"], calibration["growth_years"])
    return float((1 + calibration["growth_per_year"]) ** years * season(day) / _mean_season())


def weekday_factor(day: dt.date, by: str) -> float:
    """Factor of the weekday for the channels of the `platform` or of the `offices`, which rest on holidays."""
    table = world("calibration")["weekday"][by]
    weekday = day.weekday()
    if by == "offices":
        works = chinese_calendar.is_workday(day)
        if works and weekday >= SATURDAY:
            weekday = FRIDAY
        elif not works and weekday < SATURDAY:
            weekday = SUNDAY
    return float(table[weekday] / np.mean(table))


class Swings:
    """Yearly waves of many shares, each with a peak and a ratio of its peak to its mean; a ratio of 1 is no wave.

    The mean of exp(s cos x) over a year is the Bessel function I0(s); divided by it, a year's volume stays what it was.
    """

    def __init__(self, peaks: Sequence[str], ratios: Sequence[float]) -> None:
        """Args:
        peaks: month and day of each peak, `mm-dd`.
        ratios: of the peak to the mean, 1 or more.
        """
        self._peak = np.array([int(f"{dt.date.fromisoformat(f'{COMMON_YEAR}-{peak}'):%j}") for peak in peaks])
        self._strength = np.array(list(map(_strength, ratios)))
        self._mean = np.i0(self._strength)

    def factors(self, day: dt.date) -> Floats:
        """The factor of each share on a day."""
        angle = 2 * np.pi * (int(f"{day:%j}") - self._peak) / YEAR
        return np.asarray(np.exp(self._strength * np.cos(angle)) / self._mean, dtype=np.float64)


@cache
def _strength(ratio: float) -> float:
    return float(brentq(lambda strength: np.exp(strength) / np.i0(strength) - ratio, 0, 10)) if ratio > 1 else 0.0


class Workdays:
    """Arithmetic with working days over a span; days beyond its end count as if every one were worked, nobody sees them."""

    def __init__(self, span: Span) -> None:
        works = np.array([chinese_calendar.is_workday(day) for day in span.days])
        self._before = np.cumsum(works)
        self._days = np.flatnonzero(works)
        self._length = len(works)

    def after(self, day: Ints, count: Ints) -> Ints:
        """The working day that is `count` working days after each day (offsets in the span); 0 is the day itself."""
        wanted = self._before[day] + count - 1
        inside = np.minimum(wanted, len(self._days) - 1)
        beyond = self._length + wanted - len(self._days)
        later = np.where(wanted < len(self._days), self._days[inside] if len(self._days) else 0, beyond)
        return np.asarray(np.where(count > 0, later, day), dtype=np.int64)
