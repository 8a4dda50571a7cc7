"""The consumer calendar: statutory holidays, the moving Spring Festival, 3·15 and the sales."""

from __future__ import annotations

import datetime as dt
from functools import cache

import chinese_calendar
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.files import reference_yaml

ONE_DAY = dt.timedelta(days=1)


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
    """Share of the days of each period that belong to each calendar effect, `n_periods × n_effects`.

    Args:
        starts: first days of the periods.
        days: days in a period; 7 for weeks, 1 for days.

    Years that chinesecalendar does not know have no statutory holidays here; `radar doctor` warns of that in time.
    """
    table = np.array([[_effects(start.date() + i * ONE_DAY) for i in range(days)] for start in starts], dtype=float)
    return np.asarray(table.mean(axis=1), dtype=float)


def peaks_in(first: dt.date, last: dt.date) -> list[str]:
    """Chinese names of the consumer calendar's peaks that touch a span of days."""
    span = [first + i * ONE_DAY for i in range((last - first).days + 1)]
    events = [event["zh"] for event in reference_yaml("calendar")["events"] if any(_in_event(day, event) for day in span)]
    festival = any(_holiday(day) == "spring_festival" for day in span)
    return (["春节假期"] if festival else []) + events


@cache
def _effects(day: dt.date) -> tuple[bool, ...]:
    calendar = reference_yaml("calendar")
    holiday = _holiday(day)
    before, after = calendar["spring_festival_before"], calendar["spring_festival_after"]
    festival = "spring_festival"
    return (
        *(holiday == group for group in calendar["holidays"]),
        holiday != festival and any(_holiday(day + i * ONE_DAY) == festival for i in range(1, before + 1)),
        holiday != festival and any(_holiday(day - i * ONE_DAY) == festival for i in range(1, after + 1)),
        *(_in_event(day, event) for event in calendar["events"]),
    )


def _in_event(day: dt.date, event: dict[str, str]) -> bool:
    return bool(event["from"] <= f"{day:%m-%d}" <= event["to"])


@cache
def _holiday(day: dt.date) -> str | None:
    """Group of the statutory holiday on a day, after `calendar.yml`; None on other days."""
    name = chinese_calendar.constants.holidays.get(day)
    groups = reference_yaml("calendar")["holidays"]
    return next((group for group, names in groups.items() if name in names), None)
