"""Figures of tables beyond single rows, by native aggregation; what they mean is judged elsewhere.

Every figure is of one stream and of what was registered up to the business date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import pandas as pd
from pyspark.sql import functions as F

from warehouse.checks import DuplicateShare, LoadShare, MixDrift, RowShare
from warehouse.storage import to_dicts, to_pandas

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ONE_DAY = dt.timedelta(days=1)
TOTAL_LEVEL = "total"


def newest_day(rows: DataFrame, stream: str, as_of: dt.date) -> dt.date | None:
    """The newest day with a row; None where there is none."""
    known = rows.filter((F.col("stream") == stream) & (F.col("event_date") <= as_of))
    (row,) = to_dicts(known.agg(F.max("event_date").alias("day")))
    day: dt.date | None = row["day"]
    return day


def days_by_source(rows: DataFrame, stream: str, as_of: dt.date, days: int) -> dict[str, list[dt.date]]:
    """The days of the last so many on which each source has a row, in order."""
    found = _span(rows, stream, as_of, days).select("source", "event_date").distinct()
    table = to_pandas(found).sort_values("event_date")
    return {str(source): group["event_date"].tolist() for source, group in table.groupby("source")}


def total_by_day(counts: DataFrame, stream: str, as_of: dt.date, days: int) -> pd.Series:
    """Complaints by day over the last so many days, 0 where there is no row, from the first day that has one."""
    total = _span(counts, stream, as_of, days).filter(F.col("level") == TOTAL_LEVEL)
    table = to_pandas(total.groupBy("event_date").agg(F.sum("raw_count").alias("n")))
    if table.empty:
        return pd.Series(dtype="int64")
    index = pd.date_range(table["event_date"].min(), as_of, freq="D")
    by_day = table.set_index(pd.DatetimeIndex(table["event_date"]))["n"]
    return by_day.reindex(index, fill_value=0)


def row_shares(rows: DataFrame, stream: str, as_of: dt.date, checks: Sequence[RowShare]) -> list[dict[str, int]]:
    """For each check the rows and those that satisfy its condition, newest and reference: all of them in one pass.

    Returns:
        `newest_rows, newest_part, reference_rows, reference_part` for each check.
    """
    figures = []
    for place, check in enumerate(checks):
        newest, reference = _newest_and_reference(as_of, check.days, check.reference_days)
        satisfied = F.coalesce(F.expr(check.when), F.lit(False))
        figures += [
            F.count_if(newest).alias(f"newest_rows_{place}"),
            F.count_if(newest & satisfied).alias(f"newest_part_{place}"),
            F.count_if(reference).alias(f"reference_rows_{place}"),
            F.count_if(reference & satisfied).alias(f"reference_part_{place}"),
        ]
    longest = max(check.days + check.reference_days for check in checks)
    (row,) = to_dicts(_span(rows, stream, as_of, longest).agg(*figures))
    names = ("newest_rows", "newest_part", "reference_rows", "reference_part")
    return [{name: row[f"{name}_{place}"] for name in names} for place in range(len(checks))]


def duplicate_shares(rows: DataFrame, stream: str, as_of: dt.date, check: DuplicateShare) -> pd.DataFrame:
    """Rows and distinct identities of the newest days and of each span of as many days before.

    Returns:
        `rows, identities` by `span`; 0 is the newest.
    """
    spans = 1 + check.reference_days // check.days
    span = F.floor(F.datediff(F.lit(as_of), F.col("event_date")) / check.days).alias("span")
    figures = (
        _span(rows, stream, as_of, spans * check.days)
        .groupBy(span)
        .agg(F.count(F.lit(1)).alias("rows"), F.count_distinct(check.column).alias("identities"))
    )
    return to_pandas(figures).set_index("span").reindex(range(spans), fill_value=0)


def category_mixes(counts: DataFrame, stream: str, as_of: dt.date, checks: Sequence[MixDrift]) -> list[pd.DataFrame]:
    """For each check the complaints by category of its level, newest and reference: all of them in one pass.

    Returns:
        `newest, reference` by `series`, for each check.
    """
    windows = [_newest_and_reference(as_of, check.days, check.reference_days) for check in checks]
    of_level = [F.col("level") == check.level for check in checks]
    newest, reference = (
        reduce(or_, (own & window[place] for own, window in zip(of_level, windows, strict=True))) for place in (0, 1)
    )
    longest = max(check.days + check.reference_days for check in checks)
    figures = (
        _span(counts, stream, as_of, longest)
        .filter(newest | reference)
        .groupBy("level", "series")
        .agg(
            F.sum(F.when(newest, F.col("raw_count")).otherwise(0)).alias("newest"),
            F.sum(F.when(reference, F.col("raw_count")).otherwise(0)).alias("reference"),
        )
    )
    table = to_pandas(figures).set_index("series")
    return [table.loc[table["level"] == check.level, ["newest", "reference"]] for check in checks]


def load_shares(loads: DataFrame, stream: str, as_of: dt.date, check: LoadShare) -> list[dict[str, Any]]:
    """`load_id, part, whole` of the loads of the business date that are large enough, in the order of their ids."""
    figures = (
        loads.filter((F.col("stream") == stream) & (F.col("load_date") == as_of))
        .select("load_id", F.expr(check.part).cast("bigint").alias("part"), F.expr(check.whole).cast("bigint").alias("whole"))
        .filter(F.col("whole") >= check.min_rows)
    )
    return sorted(to_dicts(figures), key=lambda row: str(row["load_id"]))


def _span(rows: DataFrame, stream: str, as_of: dt.date, days: int) -> DataFrame:
    """The rows of the last so many days up to the business date; months as the tables are partitioned."""
    first = as_of - (days - 1) * ONE_DAY
    return (
        rows.filter(F.col("event_month").between(f"{first:%Y-%m}", f"{as_of:%Y-%m}"))
        .filter(F.col("event_date").between(first, as_of))
        .filter(F.col("stream") == stream)
    )


def _newest_and_reference(as_of: dt.date, days: int, reference_days: int) -> tuple[Column, Column]:
    age = F.datediff(F.lit(as_of), F.col("event_date"))
    return (age >= 0) & (age < days), (age >= days) & (age < days + reference_days)
