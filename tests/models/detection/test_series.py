"""Counts as arrays: rows of days gathered into windows."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detection.series import DailySeries, SeriesTable

LAST_DAY = pd.Timestamp("2026-06-14")


def grid(windows, days=7):
    return pd.date_range(LAST_DAY - pd.Timedelta(days=windows * days - 1), periods=windows, freq=f"{days}D")


def daily(*rows):
    names, back, counts = zip(*rows, strict=True) if rows else ((), (), ())
    days = LAST_DAY - pd.to_timedelta(pd.Series(back, dtype=float), unit="D")
    return DailySeries.of(pd.Series(names, dtype=object), days, pd.Series(counts, dtype=float))


def test_days_add_up_to_windows_whose_last_one_ends_on_the_last_day():
    series = daily(("b", 0, 1), ("b", 6, 2), ("b", 7, 4), ("a", 13, 8), ("a", 14, 16), ("b", 20, 32))
    table = series.windows(grid(2), 7)
    assert list(table.names) == ["a", "b"]
    np.testing.assert_array_equal(table.counts, [[8, 0], [4, 3]])
    np.testing.assert_array_equal(series.windows(grid(3), 7).counts, [[16, 8, 0], [32, 4, 3]])


def test_days_outside_are_left_out_and_so_is_a_series_that_has_no_others():
    series = daily(("behind", -1, 1), ("before", 14, 1), ("inside", 3, 5))
    table = series.windows(grid(2), 7)
    assert list(table.names) == ["inside"]
    np.testing.assert_array_equal(table.counts, [[0, 5]])
    assert series.windows(grid(2) - pd.Timedelta(days=90), 7).counts.shape == (0, 2)
    assert daily().windows(grid(2), 7).counts.shape == (0, 2)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(-3, 40), st.integers(1, 9)), min_size=1),
    st.integers(1, 5),
    st.integers(1, 7),
)
def test_windows_of_days_are_the_table_of_their_first_days(rows, windows, days):
    starts = grid(windows, days)
    inside = [row for row in rows if 0 <= row[1] < windows * days]
    firsts = pd.Series([starts[windows - 1 - back // days] for _, back, _ in inside], dtype="datetime64[ns]")
    names, counts = (pd.Series([row[place] for row in inside], dtype=object) for place in (0, 2))
    expected = SeriesTable.of(names, firsts, counts, starts)
    table = daily(*rows).windows(starts, days)
    assert list(table.names) == list(expected.names)
    np.testing.assert_array_equal(table.counts, expected.counts)
