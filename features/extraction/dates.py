"""Days and months that a complaint names, told from the day it was registered."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from features.extraction.date_forms import MONTH, SPAN, WrittenDay, valid_date, written_days
from features.extraction.reading import Reading
from features.extraction.words import lowered, words

# Of eight years in a row one at least is a leap year.
LEAP_YEARS = 8


@dataclass(frozen=True)
class DateMention:
    """A day, or a month by its first day, and where the text names it: `text[start:end]` of the original."""

    date: dt.date
    precision: str
    text: str
    start: int
    end: int


def find_dates(reading: Reading, told: dt.date) -> tuple[DateMention, ...]:
    """The days and months in order of the text, none after `told`.

    A month and day without a year are those of the year last named before, if that leads to a day not earlier than the one
    named last; else the latest before `told`. Days that the text says are yet to come are left out.
    """
    mentions: list[DateMention] = []
    last: dt.date | None = None
    previous: dt.date | None = None
    reached = 0
    for found in written_days(reading.text, told):
        day = _resolved(found, told, previous if found.follows else last, reading.text)
        if mentions and day is not None and found.year is None and day < mentions[-1].date:
            # 8月1日到8月17日, told on the 7th: the end of a span is still to come.
            day = None if SPAN.fullmatch(reading.text, reached, found.start) else day
        if day is None or day > told or day.year < words().dates.earliest_year:
            continue
        start, end = reading.shadow.original(found.start, found.end)
        mentions.append(DateMention(day, found.precision, reading.original[start:end], start, end))
        previous, reached = day, found.end
        if found.year is not None or (last is not None and found.month is not None):
            last = day
    return tuple(mentions)


def _resolved(found: WrittenDay, told: dt.date, last: dt.date | None, text: str) -> dt.date | None:
    """The day that is meant; None if it is none, or yet to come."""
    if found.follows and last is not None and found.day_of_month:
        next_day = _next_day(found.day_of_month, last)
        if next_day is not None and next_day <= told:
            return next_day
    if found.day is not None or found.month is None:
        return found.day
    if found.year is not None:
        return valid_date(found.year, found.month, found.day_of_month or 1)
    return _without_year(found, told, last, text)


def _without_year(found: WrittenDay, told: dt.date, last: dt.date | None, text: str) -> dt.date | None:
    """A month and day in the year of `last`, or the latest before `told`."""
    month, day = found.month or 1, found.day_of_month or 1
    reach = words().dates.planned_reach
    this_year = valid_date(told.year, month, day)
    if this_year is not None and this_year > told and _planned().search(text, max(0, found.start - reach), found.end + reach):
        return None
    if last is not None:
        first = last.replace(day=1) if found.precision == MONTH else last
        for year in (last.year, last.year + 1):
            candidate = valid_date(year, month, day)
            if candidate is not None and first <= candidate <= told:
                return candidate
    candidates = (valid_date(year, month, day) for year in range(told.year, told.year - LEAP_YEARS - 1, -1))
    return next((candidate for candidate in candidates if candidate is not None and candidate <= told), None)


def _next_day(number: int, last: dt.date) -> dt.date | None:
    """The first day with this number not before `last`, in its month or the next."""
    following = (last.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    month = last if number >= last.day else following
    return valid_date(month.year, month.month, number)


@cache
def _planned() -> re.Pattern[str]:
    return re.compile(lowered(words().dates.planned))
