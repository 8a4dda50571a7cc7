"""Figures of monitors on tables small enough to count by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from features.monitors import (
    category_mixes,
    days_by_source,
    duplicate_shares,
    load_shares,
    newest_day,
    row_shares,
    total_by_day,
)
from warehouse.checks import DuplicateShare, LoadShare, MixDrift, RowShare

AS_OF = dt.date(2026, 3, 10)
ONE_DAY = dt.timedelta(days=1)
SAID = {"strength": "warn", "en": "e", "zh": "中"}
COMPLAINTS = "source STRING, stream STRING, event_date DATE, event_month STRING, product STRING, identity STRING"
COUNTS = "stream STRING, event_date DATE, event_month STRING, level STRING, series STRING, raw_count BIGINT"


def ago(days: int) -> dt.date:
    return AS_OF - days * ONE_DAY


def complaint(age, product="a", identity=None, source="s", stream="x"):
    day = ago(age)
    return (source, stream, day, f"{day:%Y-%m}", product, identity or f"{source}{stream}{age}{product}")


def count(age, level, series, n, stream="x"):
    day = ago(age)
    return (stream, day, f"{day:%Y-%m}", level, series, n)


@pytest.fixture(scope="module")
def complaints(spark):
    rows = [
        *(complaint(age, "unknown" if age < 2 else "a") for age in range(5)),  # the newest five days
        *(complaint(age, "unknown" if age == 5 else None) for age in range(5, 15)),  # ten days before
        complaint(15),
        complaint(40, source="old"),
        complaint(0, "unknown", stream="other"),
        complaint(-1, "unknown"),  # registered after the business date
        complaint(1, identity="twice"),
        complaint(3, identity="twice"),
        complaint(7, identity="twice"),
    ]
    return spark.createDataFrame(rows, COMPLAINTS).cache()


def test_the_newest_day_is_one_of_the_stream_and_not_after_the_business_date(complaints):
    assert newest_day(complaints, "x", AS_OF) == AS_OF
    assert newest_day(complaints, "x", ago(6)) == ago(6)
    assert newest_day(complaints, "nobody", AS_OF) is None


def test_days_of_each_source_in_order(complaints):
    seen = days_by_source(complaints, "x", AS_OF, 60)
    assert seen == {"s": [ago(age) for age in range(15, -1, -1)], "old": [ago(40)]}
    assert list(days_by_source(complaints, "x", AS_OF, 10)) == ["s"]


def test_shares_with_windows_of_their_own(complaints):
    checks = [
        RowShare(
            check="row_share",
            name=f"n{days}",
            when="product = 'unknown'",
            days=days,
            reference_days=10,
            min_rows=1,
            max_rise=1,
            **SAID,
        )
        for days in (5, 2)
    ]
    five, two = row_shares(complaints, "x", AS_OF, checks)
    # A null is not unknown: the condition is null there, which is not true.
    assert five == {"newest_rows": 7, "newest_part": 2, "reference_rows": 11, "reference_part": 1}
    assert two == {"newest_rows": 3, "newest_part": 2, "reference_rows": 12, "reference_part": 1}


def test_duplicates_by_span(complaints):
    check = DuplicateShare(
        check="duplicate_share", column="identity", days=5, reference_days=10, min_rows=1, max_rise=1, **SAID
    )
    spans = duplicate_shares(complaints, "x", AS_OF, check)
    # `twice` stands twice in the newest span, and once in the one before.
    assert spans.to_dict("index") == {
        0: {"rows": 7, "identities": 6},
        1: {"rows": 6, "identities": 6},
        2: {"rows": 5, "identities": 5},
    }


def test_totals_have_a_place_for_every_day(spark):
    counts = spark.createDataFrame(
        [count(9, "total", "all", 5), count(3, "total", "all", 7), count(3, "issue", "a", 7), count(3, "total", "all", 1, "y")],
        COUNTS,
    )
    by_day = total_by_day(counts, "x", AS_OF, 30)
    assert len(by_day) == 10
    assert by_day.tolist() == [5, 0, 0, 0, 0, 0, 7, 0, 0, 0]
    assert by_day.index[-1].date() == AS_OF
    assert total_by_day(counts, "x", AS_OF, 2).empty


def test_mixes_of_levels_with_windows_of_their_own(spark):
    counts = spark.createDataFrame(
        [
            count(0, "issue", "a", 1), count(3, "issue", "a", 2), count(6, "issue", "b", 4), count(30, "issue", "a", 8),
            count(0, "channel", "c", 16), count(3, "channel", "c", 32), count(1, "city", "d", 64),
            count(1, "issue", "a", 99, "y"),
        ],
        COUNTS,
    )  # fmt: skip
    checks = [
        MixDrift(check="mix_drift", level=level, days=days, reference_days=10, min_rows=1, max_drift=1, **SAID)
        for level, days in (("issue", 5), ("channel", 2))
    ]
    issue, channel = category_mixes(counts, "x", AS_OF, checks)
    assert issue.to_dict("index") == {"a": {"newest": 3, "reference": 0}, "b": {"newest": 0, "reference": 4}}
    assert channel.to_dict("index") == {"c": {"newest": 16, "reference": 32}}


def test_loads_of_the_business_date_that_are_large_enough(spark):
    loads = spark.createDataFrame(
        [
            ("b", "x", AS_OF, 100, 7),
            ("a", "x", AS_OF, 50, 9),
            ("c", "x", AS_OF, 49, 9),
            ("d", "x", ago(1), 99, 9),
            ("e", "y", AS_OF, 99, 9),
        ],
        "load_id STRING, stream STRING, load_date DATE, rows_in BIGINT, rows_rejected BIGINT",
    )
    check = LoadShare(check="load_share", name="n", part="rows_rejected", whole="rows_in", max=0.5, min_rows=50, **SAID)
    assert load_shares(loads, "x", AS_OF, check) == [
        {"load_id": "a", "part": 9, "whole": 50},
        {"load_id": "b", "part": 7, "whole": 100},
    ]
