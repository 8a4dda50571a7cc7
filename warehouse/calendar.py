"""The consumer calendar: statutory holidays, the moving Spring Festival, 3·15 and the sales."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import chinese_calendar
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.files import reference_yaml

ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
SPRING_FESTIVAL = "spring_festival"


def known_until() -> dt.date:
    """The last day whose statutory holidays the installed chinesecalendar knows."""
    return dt.date(max(chinese_calendar.constants.holidays).year, 12, 31)


def covariate_names() -> list[str]:
    """Names of the columns of `covariates`."""
    calendar = reference_yaml("calendar")
    return [
        *calendar["holidays"],
        "spring_festival_before",
        "spring_festival_after",
        *(event["name"] for event in calendar["events"]),
    ]


def covariates(starts: pd.DatetimeIndex, days: int) -> NDArray[np.float64]:
    """Share of the days of each period that belong to each calendar effect, `n_periods × n_covariates`.

    Args:
        starts: first days of the periods.
        days: days in a period; 7 for weeks, 1 for days.

    Years that chinesecalendar does not know have the usual holidays of `calendar.yml`; `radar doctor` warns of that in time.
    """
    table = np.array([[_effects(start.date() + i * ONE_DAY) for i in range(days)] for start in starts], dtype=float)
    return np.asarray(table.mean(axis=1), dtype=float)


def peaks(starts: pd.DatetimeIndex, days: int) -> NDArray[np.float64]:
    """1 for periods that hold the day at the heart of an effect, weeks also where they lie beside it, `n_periods × n_peaks`.

    Args as for `covariates`; `peak_effects` names the columns' effects.
    """
    firsts = [start.date() for start in starts]
    columns = [
        [any(0 <= (heart + weeks * ONE_WEEK - first).days < days for heart in _hearts(peak["day"], first)) for first in firsts]
        for peak in reference_yaml("calendar")["peaks"].values()
        for weeks in _weeks_around(peak, days)
    ]
    return np.array(columns, dtype=float).T


def statutory_holidays(days: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Which days are off by decree, weekends within a holiday among them."""
    return np.array([_holiday(day.date()) is not None for day in days], dtype=bool)


def made_up_days(days: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Which days are weekend days worked to make up for a holiday."""
    worked = chinese_calendar.constants.workdays
    return np.array([day.date() in worked for day in days], dtype=bool)


def covariate_effects() -> list[str]:
    """The effect that each column of `covariates` belongs to."""
    return [SPRING_FESTIVAL if name.startswith(SPRING_FESTIVAL) else name for name in covariate_names()]


def peak_effects(days: int) -> list[str]:
    """The effect that each column of `peaks` belongs to, for periods of so many days."""
    return [effect for effect, peak in reference_yaml("calendar")["peaks"].items() for _ in _weeks_around(peak, days)]


def peaks_in(first: dt.date, last: dt.date) -> list[str]:
    """Chinese names of the consumer calendar's peaks that touch a span of days."""
    span = [first + i * ONE_DAY for i in range((last - first).days + 1)]
    events = [event["zh"] for event in reference_yaml("calendar")["events"] if any(_in_event(day, event) for day in span)]
    festival = any(_holiday(day) == SPRING_FESTIVAL for day in span)
    return (["春节假期"] if festival else []) + events


@cache
def _effects(day: dt.date) -> tuple[bool, ...]:
    calendar = reference_yaml("calendar")
    holiday = _holiday(day)
    before, after = calendar["spring_festival_before"], calendar["spring_festival_after"]
    return (
        *(holiday == group for group in calendar["holidays"]),
        holiday != SPRING_FESTIVAL and any(_holiday(day + i * ONE_DAY) == SPRING_FESTIVAL for i in range(1, before + 1)),
        holiday != SPRING_FESTIVAL and any(_holiday(day - i * ONE_DAY) == SPRING_FESTIVAL for i in range(1, after + 1)),
        *(_in_event(day, event) for event in calendar["events"]),
    )


def _weeks_around(peak: dict[str, Any], days: int) -> list[int]:
    """Weeks before and behind a peak with a covariate of their own; single days have none."""
    return [weeks for weeks in peak["weeks"] if weeks == 0 or days > 1]


def _in_event(day: dt.date, event: dict[str, Any]) -> bool:
    return bool(event["from"] <= f"{day:%m-%d}" <= event["to"])


def _hearts(day: str, near: dt.date) -> list[dt.date]:
    """The days of a peak in the years around a date."""
    if day == "lunar_new_year":
        return [first for first in reference_yaml("calendar")[day] if abs(first.year - near.year) <= 1]
    return [dt.date.fromisoformat(f"{year}-{day}") for year in (near.year - 1, near.year, near.year + 1)]


@cache
def _holiday(day: dt.date) -> str | None:
    """Group of the statutory holiday on a day, after `calendar.yml`; None on other days."""
    holidays = chinese_calendar.constants.holidays
    if not min(holidays).year <= day.year <= known_until().year:
        return _usual_holiday(day)
    groups = reference_yaml("calendar")["holidays"]
    return next((group for group, names in groups.items() if holidays.get(day) in names), None)


def _usual_holiday(day: dt.date) -> str | None:
    calendar = reference_yaml("calendar")
    lunar = [(day - first).days for first in calendar["lunar_new_year"] if first.year == day.year]
    for usual in calendar["usual_holidays"]:
        if usual["group"] == SPRING_FESTIVAL:
            if any(usual["from"] <= since <= usual["to"] for since in lunar):
                return SPRING_FESTIVAL
        elif _in_event(day, usual):
            return str(usual["group"])
    return None
