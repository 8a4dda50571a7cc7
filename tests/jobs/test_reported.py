"""What share of a window has arrived."""

import datetime as dt

import pytest

from features.windows import WindowGrid
from jobs.completeness import DayCompleteness
from jobs.reported import reported_in

LAST = dt.date(2026, 11, 22)
GRID = WindowGrid(LAST, 7, 20)


def day(age, completeness, lower=None, upper=None, status="estimated"):
    date = LAST - dt.timedelta(days=age)
    return date, DayCompleteness(LAST, "2026-11", "s", date, age, 10, completeness, lower, upper, status)


def test_days_that_are_not_waited_for_are_complete():
    reported = reported_in(GRID, {})
    assert (reported.share, reported.deviation) == (1.0, 0.0)


def test_a_window_is_as_complete_as_its_days_on_average():
    days = dict([day(0, 0.3, 0.2, 0.4), day(1, 0.8, 0.75, 0.85), day(2, 1.0, 1.0, 1.0), day(9, 0.1, 0.0, 0.2)])
    reported = reported_in(GRID, days)
    assert reported.share == pytest.approx((0.3 + 0.8 + 5) / 7)
    # The intervals of one curve add up; 1.96 deviations on either side of 95 %.
    assert reported.deviation == pytest.approx((0.2 + 0.1) / 7 / 2 / 1.96, rel=1e-3)


def test_of_unknown_days_nothing_is_taken_off():
    reported = reported_in(GRID, dict([day(0, None, status="unknown"), day(1, 0.5, 0.4, 0.6)]))
    assert reported.share == pytest.approx(6.5 / 7)
