"""Working days against the State Council's notices for 2025 and 2026, written out by hand, and against counting day by day."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.calendar import known_until
from warehouse.working_days import (
    add_working_days,
    first_day_outside_holidays,
    first_working_day,
    is_working_day,
    settled_until,
    working_days_between,
)

ONE_DAY = dt.timedelta(days=1)
FIRST = dt.date(2004, 1, 1)
DAYS = st.dates(FIRST, dt.date(2026, 12, 28))
EARLY_ENOUGH = st.dates(FIRST, dt.date(2026, 6, 30))


def day(text):
    return dt.date.fromisoformat(text)


# National Day and Mid-autumn 2025: holiday 1 to 8 October; 28 September and 11 October worked (国办发明电〔2024〕12号).
# Spring Festival 2026: holiday 15 to 23 February; 14 and 28 February worked (国办发明电〔2025〕7号).
@pytest.mark.parametrize(
    ("date", "working"),
    [
        ("2025-09-26", True),
        ("2025-09-27", False),
        ("2025-09-28", True),
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2025-10-12", False),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-03-01", False),
    ],
)
def test_working_days_around_long_holidays(date, working):
    assert is_working_day(day(date)) is working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2025-09-26", 1, "2025-09-28"),  # the make-up Sunday
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),  # the make-up Saturday
        ("2025-09-30", 4, "2025-10-13"),
        ("2025-10-03", 1, "2025-10-09"),  # received in the holiday
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-14", 5, "2026-02-28"),
        ("2026-02-14", 7, "2026-03-03"),
        ("2025-12-30", 2, "2026-01-04"),  # New Year 1 to 3 January, Sunday 4 January worked
        ("2026-11-02", 7, "2026-11-11"),
    ],
)
def test_limits_by_hand(start, days, end):
    assert add_working_days(day(start), days) == day(end)
    assert working_days_between(day(start), day(end)) == days


def by_counting(start, days):
    while days:
        start += ONE_DAY
        days -= chinese_calendar.is_workday(start)
    return start


@settings(deadline=None, derandomize=True)
@given(EARLY_ENOUGH, st.integers(1, 60))
def test_a_limit_is_what_counting_day_by_day_gives(start, days):
    end = add_working_days(start, days)
    assert end == by_counting(start, days)
    assert is_working_day(end)
    assert working_days_between(start, end) == days
    assert working_days_between(end, start) == -working_days_between(start, end)


@settings(deadline=None, derandomize=True)
@given(EARLY_ENOUGH, st.integers(1, 60))
def test_a_later_start_or_a_longer_limit_never_ends_earlier(start, days):
    assert add_working_days(start + ONE_DAY, days) >= add_working_days(start, days)
    assert add_working_days(start, days + 1) > add_working_days(start, days)


@settings(deadline=None, derandomize=True)
@given(EARLY_ENOUGH)
def test_the_first_working_day_is_the_nearest_one(start):
    found = first_working_day(start)
    assert found >= start
    assert is_working_day(found)
    assert not any(is_working_day(start + i * ONE_DAY) for i in range((found - start).days))


@pytest.mark.parametrize(
    ("date", "working", "outside"),
    [
        ("2026-06-13", "2026-06-15", "2026-06-13"),  # a plain Saturday is no statutory holiday
        ("2026-06-20", "2026-06-22", "2026-06-22"),  # the Saturday within Dragon Boat
        ("2025-10-04", "2025-10-09", "2025-10-09"),
        ("2025-10-11", "2025-10-11", "2025-10-11"),
        ("2026-06-16", "2026-06-16", "2026-06-16"),
    ],
)
def test_moving_past_rest_days_or_past_holidays_only(date, working, outside):
    assert first_working_day(day(date)) == day(working)
    assert first_day_outside_holidays(day(date)) == day(outside)


def test_days_that_no_notice_covers_are_unknown():
    last = settled_until()
    assert last.year == known_until().year
    assert is_working_day(last) is not None
    for unknown in (last + ONE_DAY, known_until() + ONE_DAY, FIRST - ONE_DAY, dt.date.max, dt.date.min):
        assert is_working_day(unknown) is None
        assert working_days_between(dt.date(2025, 1, 1), unknown) is None
        assert working_days_between(unknown, dt.date(2025, 1, 1)) is None
        assert first_working_day(unknown) is None
        assert add_working_days(unknown, 1) is None
        assert first_day_outside_holidays(unknown) is None


def test_a_limit_that_ends_beyond_the_calendar_is_unknown():
    last = settled_until()
    assert add_working_days(last, 1) is None
    assert add_working_days(last - 10 * ONE_DAY, 15) is None
    assert add_working_days(last - 10 * ONE_DAY, 1) is not None


def test_the_unsettled_days_before_new_year_cover_every_notice_so_far():
    """Notices for the next year changed these December days; all must lie in the part that is not yet settled."""
    changed = [date for table in (chinese_calendar.constants.holidays, chinese_calendar.constants.workdays) for date in table]
    december = {(date.month, date.day) for date in changed if date.month == 12}
    assert december
    assert min(december) > (settled_until().month, settled_until().day)
