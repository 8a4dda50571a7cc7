"""Working days in China: weekdays without the statutory holidays, with the make-up workdays (State Council notices).

Nothing is guessed: where a day that matters lies outside the years whose notices are known, the answer is None.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

import chinese_calendar

from warehouse.calendar import ONE_DAY, known_until
from warehouse.files import reference_yaml


@cache
def settled_until() -> dt.date:
    """The last day of which it is certain whether it is a working day.

    Earlier than `known_until`: the notice for the next year may still change days just before New Year (`deadlines.yml`).
    """
    month, day = map(int, reference_yaml("deadlines")["unsettled_from"].split("-"))
    return known_until().replace(month=month, day=day) - ONE_DAY


def is_working_day(day: dt.date) -> bool | None:
    """Whether offices work on a day; None where the calendar does not know it."""
    known = _known()
    if not known.first <= day <= known.last:
        return None
    place = bisect_left(known.working, day)
    return place < len(known.working) and known.working[place] == day


def add_working_days(start: dt.date, days: int) -> dt.date | None:
    """The day on which a limit of so many working days ends; `start` is not counted. None where the calendar ends before.

    Args:
        start: the day that the limit runs from, working day or not.
        days: length of the limit, at least 1.
    """
    known = _known()
    place = bisect_right(known.working, start) + days - 1
    return known.working[place] if start >= known.first and place < len(known.working) else None


def working_days_between(start: dt.date, end: dt.date) -> int | None:
    """Working days after `start` up to and with `end`, negative where `end` lies before; None where the calendar ends."""
    known = _known()
    if min(start, end) < known.first or max(start, end) > known.last:
        return None
    return bisect_right(known.working, end) - bisect_right(known.working, start)


def first_working_day(day: dt.date) -> dt.date | None:
    """The day itself if it is a working day, else the first one after it. None where the calendar ends before."""
    known = _known()
    place = bisect_left(known.working, day)
    return known.working[place] if day >= known.first and place < len(known.working) else None


def first_day_outside_holidays(day: dt.date) -> dt.date | None:
    """The day itself unless a holiday of the State Council's notice falls on it, else the first day after that holiday.

    A weekend beside no holiday stays. None where the calendar ends before.
    """
    known = _known()
    if day < known.first:
        return None
    while day in chinese_calendar.constants.holidays:
        day += ONE_DAY
    return day if day <= known.last else None


@dataclass(frozen=True)
class _Known:
    """First and last settled day, and the working days from one to the other, in order."""

    first: dt.date
    last: dt.date
    working: tuple[dt.date, ...]


@cache
def _known() -> _Known:
    first, last = dt.date(min(chinese_calendar.constants.holidays).year, 1, 1), settled_until()
    days = (first + ONE_DAY * i for i in range((last - first).days + 1))
    return _Known(first, last, tuple(day for day in days if chinese_calendar.is_workday(day)))
