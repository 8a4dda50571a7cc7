"""Alarms as records, and read from the snapshots of `gold.alarms`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from jobs.hotspots import DETECTIONS
from warehouse.contracts import contract_of
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

ALARMS = "gold.alarms"


@dataclass(frozen=True)
class Alarm:
    """A row of `gold.alarms`."""

    as_of: dt.date
    as_of_month: str
    stream: str
    detector: str
    subject_key: str
    subject: str
    count_level: str
    series: str
    window_start: dt.date
    last_date: dt.date
    onset: dt.date | None
    observed: int
    expected: float
    upper: float | None
    ratio: float
    p_value: float
    q_value: float
    expected_level: float | None
    season_factor: float | None
    calendar_factor: float | None
    weighted_count: int
    severe_count: int
    regions: list[str]
    terms: list[str]
    complaint_ids: list[str]
    reason: str
    reason_en: str


def detector_names() -> tuple[str, ...]:
    """The detectors that alarms can come from, in the contract's order."""
    (column,) = (column for column in contract_of(ALARMS).columns if column.name == "detector")
    return tuple(map(str, column.values or ()))


def read_alarms(warehouse: Warehouse, as_of: dt.date | None, detector: str | None = None) -> list[dict[str, Any]]:
    """Rows of `gold.alarms`, detector by detector, the rarest first.

    Args:
        warehouse: the tables.
        as_of: the business date; the newest judged one of each stream if None.
        detector: the detector whose alarms are wanted; all if None.
    """
    rows = warehouse.read(ALARMS)
    if detector is not None:
        rows = rows.filter(F.col("detector") == detector)
    if as_of is not None:
        rows = rows.filter(F.col("as_of") == F.lit(as_of))
    else:
        judged = warehouse.read(DETECTIONS).groupBy("stream").agg(F.max("as_of").alias("as_of"))
        rows = rows.join(F.broadcast(judged), ["stream", "as_of"])
    order = detector_names()
    return sorted(
        to_dicts(rows),
        key=lambda row: (row["stream"], order.index(row["detector"]), row["p_value"], -row["ratio"], row["subject_key"]),
    )
