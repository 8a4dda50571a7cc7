"""Counts of a level as a file that may leave the house."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.anonymity import WITHHELD, withhold_small_cells
from features.counts import count_levels
from jobs.aggregate import COUNTS
from warehouse.errors import RadarError
from warehouse.privacy import privacy
from warehouse.storage import to_pandas

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

# Spark's names of the spans that days are put together to; weeks begin on Monday.
PERIODS = {"day": "DAY", "week": "WEEK", "month": "MONTH"}
COUNT = "complaints"
# A spreadsheet takes a text that begins so for a formula; the OWASP advice is a quote before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Exported:
    """A file of counts."""

    path: Path
    rows: int
    withheld: int
    smallest_cell: int


def export_counts(
    warehouse: Warehouse, stream: str, level: str, period: str, span: tuple[dt.date, dt.date], path: Path
) -> Exported:
    """Write the counts of a level, small ones withheld.

    Args:
        warehouse: the tables.
        stream: sources that are counted together.
        level: a level of `count_levels.yml`.
        period: day, week or month.
        span: first and last day, both included.
        path: a `.csv` or `.xlsx` file.

    Raises:
        RadarError: the level or period is not known, or the file type is none of the two.
    """
    if level not in count_levels():
        raise RadarError(f"level {level} is not known; there are {', '.join(count_levels())}")
    if period not in PERIODS:
        raise RadarError(f"period {period} is not known; there are {', '.join(PERIODS)}")
    if path.suffix not in (".csv", ".xlsx"):
        raise RadarError(f"{path.name}: exports are .csv or .xlsx")
    dimensions = list(count_levels()[level].dimensions)
    counts = _counts(warehouse, stream, level, period, span, dimensions)
    smallest = privacy().smallest_cell
    safe = withhold_small_cells(counts, ["period", *dimensions[:-1]], COUNT, smallest)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(safe.assign(**{name: safe[name].map(_harmless) for name in dimensions}), path)
    return Exported(path, len(safe), int(safe[WITHHELD].sum()), smallest)


def _counts(
    warehouse: Warehouse, stream: str, level: str, period: str, span: tuple[dt.date, dt.date], dimensions: list[str]
) -> pd.DataFrame:
    counts = (
        warehouse.read(COUNTS)
        .filter((F.col("stream") == stream) & (F.col("level") == level))
        .filter(F.col("event_date").between(*span))
        .groupBy(F.date_trunc(PERIODS[period], "event_date").cast("date").alias("period"), *dimensions)
        .agg(F.sum("raw_count").alias(COUNT))
    )
    return to_pandas(counts.orderBy("period", *dimensions))


def _harmless(text: str | None) -> str | None:
    return f"'{text}" if text and text.startswith(FORMULA_STARTS) else text


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        # The mark lets spreadsheet programs see that it is UTF-8.
        table.to_csv(path, index=False, encoding="utf-8-sig")
    else:
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": {"strings_to_formulas": False}}) as book:
            table.to_excel(book, index=False, sheet_name="counts")
