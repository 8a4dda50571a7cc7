"""Daily counts, and windows of several days that end on the business date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.counts import count_levels
from warehouse.storage import to_pandas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WindowGrid:
    """Complete windows of equal length, the newest one ending on `last_day`.

    Attributes:
        last_day: business date.
        days: days in a window.
        count: number of windows.
    """

    last_day: dt.date
    days: int
    count: int

    @classmethod
    def covering(cls, first_day: dt.date, last_day: dt.date, days: int, most: int) -> WindowGrid:
        """As many complete windows as fit between two days, `most` at the most."""
        return cls(last_day, days, min(((last_day - first_day).days + 1) // days, most))

    def newest(self, count: int) -> WindowGrid:
        """The newest of these windows, so many at the most."""
        return WindowGrid(self.last_day, self.days, min(self.count, count))

    @property
    def starts(self) -> pd.DatetimeIndex:
        """First days of the windows, oldest first."""
        first = self.last_day - (self.count * self.days - 1) * ONE_DAY
        return pd.date_range(first, periods=self.count, freq=f"{self.days}D")

    @property
    def first_day(self) -> dt.date:
        """First day of the oldest window."""
        return self.last_day - (self.count * self.days - 1) * ONE_DAY

    @property
    def window_start(self) -> dt.date:
        """First day of the newest window."""
        return self.last_day - (self.days - 1) * ONE_DAY


def daily_counts(counts: DataFrame, stream: str, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """Counts per series and day on the levels that are judged.

    Args:
        counts: `gold.complaint_counts`.
        stream: the stream to read.
        first_day: first day to read.
        last_day: last day to read.

    Returns:
        Columns `level`, `series`, `day` (`datetime64`), `raw_count`, `weighted_count`, `severe_count`; rows only where there
        were complaints.
    """
    detected = [level.level for level in count_levels().values() if level.detect]
    return _with_day(
        counts.filter(F.col("stream") == stream)
        .filter(F.col("level").isin(detected))
        .filter(F.col("event_date").between(first_day, last_day))
        .select("level", "series", "event_date", "raw_count", "weighted_count", "severe_count")
    )


def daily_terms(terms: DataFrame, stream: str, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """Complaints that use a word, per product class and day.

    Args:
        terms: `gold.term_counts`.
        stream: the stream to read.
        first_day: first day to read.
        last_day: last day to read.

    Returns:
        Columns `product_l1`, `term`, `day` (`datetime64`), `complaint_count`.
    """
    return _with_day(
        terms.filter(F.col("stream") == stream)
        .filter(F.col("event_date").between(first_day, last_day))
        .select("product_l1", "term", "event_date", "complaint_count")
    )


def _with_day(rows: DataFrame) -> pd.DataFrame:
    """The rows with `event_date` as `day`; on the way it is a number, as an object for each row would cost most of the time."""
    table = to_pandas(rows.withColumn("day", F.unix_date("event_date")).drop("event_date"))
    table["day"] = table["day"].to_numpy(dtype="datetime64[D]")
    return table
