"""The consumer calendar against the published one (State Council notices for 2023 to 2025)."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from warehouse.calendar import (
    covariate_effects,
    covariate_names,
    covariates,
    known_until,
    peak_effects,
    peaks,
    peaks_in,
)

# (2024) Spring Festival 10 to 17 February, National Day 1 to 7 October; notice 国办发明电〔2023〕7号.
FESTIVAL = [dt.date(2024, 2, day) for day in range(10, 18)]


def daily(name, first, last):
    """The days between two on which a daily covariate is 1."""
    days = pd.date_range(first, last, freq="D")
    column = covariates(days, 1)[:, covariate_names().index(name)]
    assert set(column) <= {0.0, 1.0}
    return [day.date() for day in days[column == 1]]


def test_spring_festival_of_2024():
    assert daily("spring_festival", "2024-01-15", "2024-03-31") == FESTIVAL


def test_the_days_around_the_spring_festival():
    assert daily("spring_festival_before", "2024-01-15", "2024-03-31") == [dt.date(2024, 2, day) for day in range(5, 10)]
    assert daily("spring_festival_after", "2024-01-15", "2024-03-31") == [dt.date(2024, 2, day) for day in range(18, 23)]


def test_spring_festival_moves():
    assert daily("spring_festival", "2023-01-01", "2023-03-31") == [dt.date(2023, 1, day) for day in range(21, 28)]
    festival_2025 = daily("spring_festival", "2025-01-01", "2025-03-31")
    assert festival_2025[0] == dt.date(2025, 1, 28)
    assert festival_2025[-1] == dt.date(2025, 2, 4)


def test_national_day_and_the_other_holidays_of_2024():
    assert daily("national_day", "2024-09-20", "2024-10-31") == [dt.date(2024, 10, day) for day in range(1, 8)]
    assert daily("labour_day", "2024-04-20", "2024-05-31") == [dt.date(2024, 5, day) for day in range(1, 6)]
    # Tomb-sweeping Day 4 to 6 April, Dragon Boat Festival 10 June with the Saturday and Sunday before.
    april = daily("other_holiday", "2024-04-01", "2024-04-30")
    assert april == [dt.date(2024, 4, day) for day in (4, 5, 6)]
    assert dt.date(2024, 6, 10) in daily("other_holiday", "2024-06-01", "2024-06-30")


@pytest.mark.parametrize("year", [2021, 2024, 2026])
def test_consumer_rights_day_is_fixed(year):
    assert daily("consumer_rights_day", f"{year}-01-01", f"{year}-12-31") == [dt.date(year, 3, day) for day in range(13, 19)]


def test_weekly_covariates_are_shares_of_days():
    weeks = pd.DatetimeIndex(["2024-02-05", "2024-02-12", "2024-02-19", "2024-03-11", "2024-03-18", "2024-03-25"])
    table = covariates(weeks, 7)
    assert table.shape == (6, len(covariate_names()))
    festival = table[:, covariate_names().index("spring_festival")]
    np.testing.assert_allclose(festival, [2 / 7, 6 / 7, 0, 0, 0, 0])
    rights = table[:, covariate_names().index("consumer_rights_day")]
    np.testing.assert_allclose(rights, [0, 0, 0, 5 / 7, 1 / 7, 0])


def test_a_week_is_the_mean_of_its_days():
    days = pd.date_range("2024-01-01", "2024-12-29", freq="D")
    weeks = pd.date_range("2024-01-01", "2024-12-23", freq="7D")
    np.testing.assert_allclose(covariates(weeks, 7), covariates(days, 1).reshape(len(weeks), 7, -1).mean(axis=1))


def test_names_are_distinct_and_complete():
    names = covariate_names()
    assert len(names) == len(set(names))
    assert {"spring_festival", "national_day", "consumer_rights_day", "double_eleven"} <= set(names)


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2024-02-05", "2024-02-11", ["春节假期"]),
        ("2024-02-12", "2024-02-18", ["春节假期"]),
        ("2024-02-19", "2024-02-25", []),
        ("2024-03-11", "2024-03-17", ["3·15 国际消费者权益日"]),
        ("2024-03-18", "2024-03-24", ["3·15 国际消费者权益日"]),
        ("2024-03-19", "2024-03-24", []),
        ("2024-06-17", "2024-06-23", ["618 网购促销"]),
        ("2024-11-11", "2024-11-17", ["双十一网购促销"]),
        ("2024-08-05", "2024-08-11", []),
        ("2024-03-15", "2024-03-15", ["3·15 国际消费者权益日"]),
    ],
)
def test_peaks_of_a_week(first, last, names):
    assert peaks_in(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == names


def test_peaks_of_a_long_span_come_once_each():
    names = peaks_in(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert len(names) == len(set(names)) == 5


def test_years_beyond_the_published_ones_have_the_usual_holidays():
    assert known_until() >= dt.date(2025, 12, 31)
    assert (known_until().month, known_until().day) == (12, 31)
    later = known_until().year + 1
    assert len(daily("spring_festival", f"{later}-01-01", f"{later}-03-31")) == 8
    assert daily("national_day", f"{later}-09-01", f"{later}-12-31") == [dt.date(later, 10, day) for day in range(1, 8)]
    # Before the library's first year: the lunar year of 2002 began on 12 February.
    assert daily("spring_festival", "2002-01-01", "2002-12-31") == [dt.date(2002, 2, day) for day in range(11, 19)]
    assert len(daily("consumer_rights_day", f"{later}-01-01", f"{later}-12-31")) == 6


def test_the_lunar_year_begins_within_the_statutory_spring_festival():
    days = pd.date_range("2004-01-01", known_until(), freq="D")
    first = peaks(days, 1)[:, peak_effects(1).index("spring_festival")] == 1
    assert first.sum() == known_until().year - 2003
    festival = covariates(days, 1)[:, covariate_names().index("spring_festival")]
    assert (festival[first] == 1).all()


def test_peaks_are_the_weeks_that_hold_the_day_or_lie_beside_it():
    weeks = pd.date_range("2025-01-06", "2025-12-29", freq="7D")
    table = peaks(weeks, 7)
    assert table.shape == (52, len(peak_effects(7)))
    new_year = [weeks[column == 1].strftime("%m-%d").tolist() for column in table.T[:3]]
    assert new_year == [["01-20"], ["01-27"], ["02-03"]]  # the lunar year began on 29 January 2025
    eleven = table[:, peak_effects(7).index("double_eleven")]
    assert weeks[eleven == 1].strftime("%m-%d").tolist() == ["11-10"]


def test_windows_need_not_begin_on_mondays():
    windows = pd.date_range("2024-03-01", periods=6, freq="7D")  # Fridays
    rights = peaks(windows, 7)[:, peak_effects(7).index("consumer_rights_day")]
    assert windows[rights == 1].strftime("%m-%d").tolist() == ["03-15"]


def test_every_column_belongs_to_an_effect():
    assert len(covariate_effects()) == len(covariate_names())
    assert set(peak_effects(7)) <= set(covariate_effects())
    assert covariate_effects().count("spring_festival") == 3
