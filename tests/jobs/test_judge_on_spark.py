"""Counts judged on Spark come out as in memory, however they are dealt out."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import functions as F

from jobs.effects import calendar_effects
from jobs.judge_on_spark import chunk_of, judge_on_spark
from models.detection.detector import DAYS, Detector
from warehouse.errors import RadarError

FIRST = dt.date(2023, 1, 2)
PARTS = ["expected", "upper", "p_value", "score", "level", "season", "calendar"]


def names_of(n_series):
    return [f"province=33|merchant=商户{i:03d}" for i in range(n_series)]


def rows_of(counts, days=7):
    """Rows of an array `n_series × n_periods`; none where there was no complaint."""
    names = names_of(len(counts))
    return [
        (names[i], FIRST + dt.timedelta(days=days * int(j)), int(counts[i, j]))
        for i, j in zip(*np.nonzero(counts), strict=True)
    ]


def frame_of(spark, rows, partitions=2):
    return spark.createDataFrame(rows, "series STRING, period DATE, count INT").repartition(partitions)


def sparse(n_series, n_periods, seed=1):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(np.exp(rng.normal(0, 1.5, n_series))[:, None], (n_series, n_periods))
    counts[3, -1] += 60
    counts[:, 0] += 1  # every series has a row
    return counts


def sorted_table(judged):
    return judged.toPandas().sort_values(["series", "period"], ignore_index=True)


def in_memory(spark, counts, detector, n_chunks, *, last=1, days=7, chinese=True):
    """The same chunks by `Detector.judge` on arrays."""
    names = names_of(len(counts))
    periods = pd.date_range(FIRST, periods=counts.shape[1], freq=f"{days}D")
    effects = calendar_effects(periods, days, chinese=chinese)
    told = spark.createDataFrame([(name,) for name in names], "series STRING").select("series", chunk_of("series", n_chunks))
    chunk = dict(told.toPandas().itertuples(index=False))
    places = np.array([chunk[name] for name in names])
    frames = []
    for number in np.unique(places):
        rows = np.flatnonzero(places == number)
        judgement = detector.judge(counts[rows].astype(float), counts.sum(axis=0).astype(float), effects, last)
        frames.append(
            pd.DataFrame(
                {
                    "series": np.repeat(np.array(names)[rows], last),
                    "period": np.tile(periods[-last:].date, len(rows)),
                    "observed": counts[rows, -last:].ravel(),
                    **{part: getattr(judgement, part).ravel() for part in PARTS},
                }
            )
        )
    return pd.concat(frames).sort_values(["series", "period"], ignore_index=True)


@pytest.mark.parametrize(("n_periods", "last"), [(12, 1), (120, 1), (120, 3)])
def test_series_are_judged_as_the_same_chunk_is_in_memory(spark, n_periods, last):
    counts, detector = sparse(60, n_periods), Detector()
    judged = sorted_table(judge_on_spark(frame_of(spark, rows_of(counts)), detector, chinese=True, last=last, n_chunks=3))
    expected = in_memory(spark, counts, detector, 3, last=last)
    pd.testing.assert_frame_equal(judged, expected, check_dtype=False, rtol=1e-9)
    assert judged.loc[judged["p_value"].idxmin(), "series"] == names_of(60)[3]
    assert len(judged) == 60 * last


def test_days_lie_a_day_apart(spark):
    counts, detector = sparse(20, 90), Detector("day")
    judged = sorted_table(judge_on_spark(frame_of(spark, rows_of(counts, days=1)), detector, chinese=True, n_chunks=2))
    expected = in_memory(spark, counts, detector, 2, days=DAYS["day"])
    pd.testing.assert_frame_equal(judged, expected, check_dtype=False, rtol=1e-9)


def test_neither_partitions_nor_the_order_of_rows_change_anything(spark):
    rows, detector = rows_of(sparse(90, 110)), Detector()
    judged = [
        sorted_table(judge_on_spark(frame_of(spark, order, partitions), detector, chinese=False, chunk_series=25))
        for order, partitions in ((rows, 1), (rows[::-1], 5))
    ]
    pd.testing.assert_frame_equal(*judged, check_exact=True)


def test_the_chunk_follows_from_the_name_alone(spark):
    one = spark.createDataFrame([(name,) for name in names_of(500)], "series STRING")
    chunks = one.select("series", chunk_of("series", 8).alias("chunk")).toPandas().set_index("series")["chunk"]
    again = one.repartition(7).select("series", chunk_of("series", 8).alias("chunk")).toPandas().set_index("series")["chunk"]
    pd.testing.assert_series_equal(chunks, again.loc[chunks.index])
    sizes = chunks.value_counts()
    assert sorted(sizes.index) == list(range(8))
    assert sizes.min() > 500 / 8 / 2


def test_chunks_are_about_as_large_as_asked_for(spark, monkeypatch):
    asked = []
    monkeypatch.setattr("jobs.judge_on_spark.chunk_of", lambda series, n: asked.append(n) or chunk_of(series, n))
    judge_on_spark(frame_of(spark, rows_of(sparse(80, 20))), Detector(), chinese=False, chunk_series=20)
    assert asked == [pytest.approx(4, abs=1)]


def test_rows_of_a_period_add_up_and_periods_left_out_had_none(spark):
    counts, detector = sparse(30, 20), Detector()
    counts[:, 7] = 0
    rows = rows_of(counts)
    split = [(name, day, part) for name, day, n in rows for part in (n // 2, n - n // 2)]
    whole, parts = (
        sorted_table(judge_on_spark(frame_of(spark, told), detector, chinese=False, n_chunks=2)) for told in (rows, split)
    )
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)
    pd.testing.assert_frame_equal(whole, in_memory(spark, counts, detector, 2, chinese=False), check_dtype=False, rtol=1e-9)


def test_a_series_alone_is_its_own_total(spark):
    counts = np.random.default_rng(2).poisson(20, (1, 40))
    judged = sorted_table(judge_on_spark(frame_of(spark, rows_of(counts)), Detector(), chinese=False))
    periods = pd.date_range(FIRST, periods=40, freq="7D")
    alone = Detector().judge(counts.astype(float), None, calendar_effects(periods, 7, chinese=False))
    assert judged["expected"].tolist() == pytest.approx([alone.expected[0, 0]])


def test_nothing_is_expected_where_the_history_is_too_short(spark):
    judged = judge_on_spark(frame_of(spark, rows_of(sparse(9, 3))), Detector(), chinese=False)
    assert judged.filter(F.col("expected").isNull() & F.col("upper").isNull() & (F.col("p_value") == 1)).count() == 9


@pytest.mark.parametrize(
    ("table", "last", "message"),
    [
        (([("a", FIRST)], "series STRING, period DATE"), 1, "no column count; it needs series, period, count"),
        (([("a", "2023-01-02", 1)], "series STRING, period STRING, count INT"), 1, "column period .* must hold dates"),
        (([], "series STRING, period DATE, count INT"), 1, "is empty"),
        (([("a", FIRST, -1)], "series STRING, period DATE, count INT"), 1, "1 rows .* whole count of 0 or more"),
        (([("a", FIRST, 1.5)], "series STRING, period DATE, count DOUBLE"), 1, "1 rows"),
        (([(None, FIRST, 1), ("a", None, 1)], "series STRING, period DATE, count INT"), 1, "2 rows"),
        (
            ([("a", FIRST, 1), ("a", FIRST + dt.timedelta(days=10), 1)], "series STRING, period DATE, count INT"),
            1,
            "2023-01-12 is no multiple of 7 days behind 2023-01-02: periods must be equally spaced",
        ),
        (([("a", FIRST, 1)], "series STRING, period DATE, count INT"), 2, "2 periods cannot be judged: .* has 1"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(spark, table, last, message):
    with pytest.raises(RadarError, match=message):
        judge_on_spark(spark.createDataFrame(*table), Detector(), chinese=False, last=last)
