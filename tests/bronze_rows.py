"""Rows of bronze as the steps behind it read them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOAD_DATE = dt.date(2026, 6, 30)
GOOD = {
    "登记编号": "A",
    "类型": "投诉",
    "登记日期": "2026-06-01 08:00:00",
    "企业名称": "甲店",
    "事发地": "杭州",
    "具体问题": "坏",
}
SCHEMA = (
    "load_id STRING, load_sequence BIGINT, row_number BIGINT, raw MAP<STRING, STRING>, problem STRING, load_date DATE, "
    "load_month STRING"
)


def bronze_rows(spark: SparkSession, *cells: dict[str, str | None], problem: str | None = None) -> DataFrame:
    """One load of rows with these cells."""
    rows = [("L", 1, number, raw, problem, LOAD_DATE, "2026-06") for number, raw in enumerate(cells, 1)]
    return spark.createDataFrame(rows, SCHEMA)
