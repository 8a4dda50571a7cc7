"""Figures in words, and the arithmetic of weeks behind them."""

import datetime as dt

import pandas as pd
import pytest

from reports.figures import WEEK, Comparison, WeeklyCounts, year_before
from reports.wording import chance, change, count, share, span, times, week_name

MONDAY = dt.date(2024, 3, 25)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0件"), (9999, "9999件"), (10_000, "1.00万件"), (12_345, "1.23万件"), (1_234_567, "123.46万件")],
)
def test_counts(number, shown):
    assert count(number) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (150, 100, "↑50.00%"),
        (100, 150, "↓33.33%"),
        (100, 100, "‖0.00%"),
        (0, 7, "↓100.00%"),
        (30_001, 30_000, "‖0.00%"),  # a third of a hundredth of a per cent rounds to nothing
        (10_001, 10_000, "↑0.01%"),
        (9_999, 10_000, "↓0.01%"),
        (5, 0, "—"),
        (5, None, "—"),
        (0, 0, "—"),
    ],
)
def test_changes(now, before, shown):
    assert change(now, before) == shown


@pytest.mark.parametrize(("part", "whole", "shown"), [(1, 3, "33.33%"), (0, 3, "0.00%"), (3, 3, "100.00%"), (0, 0, "—")])
def test_shares(part, whole, shown):
    assert share(part, whole) == shown


@pytest.mark.parametrize(("p", "shown"), [(0.0, "<0.0001"), (9.9e-5, "<0.0001"), (1e-4, "0.0001"), (0.012345, "0.0123")])
def test_chances(p, shown):
    assert chance(p) == shown


@pytest.mark.parametrize(("ratio", "shown"), [(1.26, "1.3"), (100.0, "100.0"), (100.01, ">100"), (1e9, ">100")])
def test_times(ratio, shown):
    assert times(ratio) == shown


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2024-03-25", "2024-W13"),
        ("2024-03-31", "2024-W13"),
        ("2024-01-01", "2024-W01"),
        ("2024-12-30", "2025-W01"),
        ("2021-01-03", "2020-W53"),
    ],
)
def test_week_names_are_those_of_iso(day, name):
    assert week_name(dt.date.fromisoformat(day)) == name


def test_spans_name_the_year_again_only_where_it_changes():
    assert span(dt.date(2024, 3, 25), dt.date(2024, 3, 31)) == "2024年3月25日至3月31日"
    assert span(dt.date(2024, 12, 30), dt.date(2025, 1, 5)) == "2024年12月30日至2025年1月5日"


@pytest.mark.parametrize(
    ("monday", "before"),
    [
        ("2024-03-25", "2023-03-27"),  # W13 and W13
        ("2021-01-04", "2019-12-30"),  # 2021-W01 after a year of 53 weeks: 2020-W01
        ("2020-12-28", "2019-12-23"),  # 2020-W53: 2019 ends with W52
        ("2026-12-28", "2025-12-22"),
    ],
)
def test_the_same_week_of_the_year_before(monday, before):
    assert year_before(dt.date.fromisoformat(monday)) == dt.date.fromisoformat(before)


def table(*rows):
    return pd.DataFrame(rows, columns=["level", "name", "monday", "raw_count", "severe_count"])


@pytest.fixture
def weekly():
    last_week, last_year = MONDAY - WEEK, dt.date(2023, 3, 27)
    rows = table(
        ("brand", "甲", MONDAY, 30, 2),
        ("brand", "乙", MONDAY, 50, 0),
        ("brand", "丙", MONDAY, 30, 1),
        ("brand", "甲", last_week, 20, 9),
        ("brand", "甲", last_year, 10, 9),
        ("total", "总量", MONDAY, 120, 3),
        ("total", "总量", last_week, 100, 9),
        ("total", "总量", MONDAY - 2 * WEEK, 80, 9),
    )
    return WeeklyCounts(rows, dt.date(2023, 1, 2), MONDAY)


def test_comparisons(weekly):
    assert weekly.compare("brand", "甲") == Comparison(30, 20, 10)
    assert weekly.compare("brand", "乙") == Comparison(50, 0, 0)
    assert weekly.compare("total") == Comparison(120, 100, 0)
    assert weekly.compare("brand", "没有") == Comparison(0, 0, 0)


def test_a_week_before_the_stream_reported_is_missing_not_zero():
    rows = table(("total", "总量", MONDAY, 9, 0), ("total", "总量", MONDAY - WEEK, 2, 0))
    assert WeeklyCounts(rows, MONDAY - WEEK, MONDAY).compare("total") == Comparison(9, 2, None)
    assert WeeklyCounts(rows, MONDAY, MONDAY).compare("total") == Comparison(9, None, None)


def test_severe_complaints_of_the_week_only(weekly):
    assert weekly.severe("total") == 3
    assert weekly.severe("brand") == 3
    assert weekly.severe("brand", "甲") == 2
    assert weekly.severe("brand", "没有") == 0


def test_rankings_are_by_count_then_name_and_know_how_many_there_are(weekly):
    ranking = weekly.ranking("brand", "品牌", "品牌名", 2)
    assert [row.name for row in ranking.rows] == ["乙", *sorted(["甲", "丙"])[:1]]
    assert ranking.groups == 3
    assert (ranking.title, ranking.head) == ("品牌", "品牌名")
    assert ranking.rows[0].figures == Comparison(50, 0, 0)
    assert weekly.ranking("city", "城市", "城市", 5).rows == []


def test_weeks_without_complaints_count_zero(weekly):
    mondays = [MONDAY - 3 * WEEK, MONDAY - 2 * WEEK, MONDAY - WEEK, MONDAY]
    assert weekly.weekly("total", mondays) == [0, 80, 100, 120]
