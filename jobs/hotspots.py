"""Hotspots as records: read from and found again in the snapshots of `gold.hotspots`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import Window
from pyspark.sql import functions as F

from models.levels import LEVELS
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

HOTSPOTS = "gold.hotspots"
DETECTIONS = "ops.detections"
# A hotspot that was not seen for so many days has ended; seen again, it begins anew.
LIFE_GAP_DAYS = 14
# First dates of hotspots by the business date they were seen on, then by id.
FirstDates = dict[dt.date, dict[str, dt.date]]


@dataclass(frozen=True)
class Hotspot:
    """A row of `gold.hotspots`."""

    as_of: dt.date
    as_of_month: str
    stream: str
    id: str
    level: str
    status: str
    subject: str
    count_level: str
    series: str
    first_date: dt.date
    last_date: dt.date
    window_start: dt.date
    observed: int
    expected: float
    upper: float
    ratio: float
    p_value: float
    q_value: float
    method: str
    rule: str
    raw_count: int
    weighted_count: int
    weighted_p_value: float
    severe_count: int
    history: list[int]
    history_expected: list[float]
    history_upper: list[float]
    parts: list[str]
    terms: list[str]
    complaint_ids: list[str]
    reason: str
    reason_en: str


def read_hotspots(warehouse: Warehouse, as_of: dt.date | None, *, every: bool = False) -> list[dict[str, Any]]:
    """Rows of `gold.hotspots`, strongest first.

    Args:
        warehouse: the tables.
        as_of: the business date; the newest judged one of each stream if None.
        every: every hotspot ever seen, as it was last seen, instead of those of one date.
    """
    rows = warehouse.read(HOTSPOTS)
    if as_of is not None:
        rows = rows.filter(F.col("as_of") == F.lit(as_of))
    elif every:
        newest = F.max("as_of").over(Window.partitionBy("stream", "id"))
        rows = rows.withColumn("newest", newest).filter("as_of = newest").drop("newest")
    else:
        judged = warehouse.read(DETECTIONS).groupBy("stream").agg(F.max("as_of").alias("as_of"))
        rows = rows.join(F.broadcast(judged), ["stream", "as_of"])
    return strongest_first(to_dicts(rows))


def strongest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hotspots by level, then by how rare they are; ties by id."""
    return sorted(rows, key=lambda row: (-LEVELS.index(row["level"]), row["p_value"], row["id"]))


def first_dates(warehouse: Warehouse, stream: str, first_day: dt.date, last_day: dt.date) -> FirstDates:
    """What was seen on the days that decide which hotspots of a span of business dates go on."""
    since = first_day - dt.timedelta(days=LIFE_GAP_DAYS)
    rows = (
        warehouse.read(HOTSPOTS)
        .filter((F.col("stream") == stream) & F.col("as_of").between(since, last_day))
        .select("as_of", "id", "first_date")
    )
    seen: FirstDates = defaultdict(dict)
    for row in to_dicts(rows):
        seen[row["as_of"]][row["id"]] = row["first_date"]
    return seen


def alive_before(seen: FirstDates, as_of: dt.date) -> dict[str, dt.date]:
    """First dates of the hotspots that were alive shortly before a day, by id."""
    since = as_of - dt.timedelta(days=LIFE_GAP_DAYS)
    alive: dict[str, dt.date] = {}
    for day, hotspots in seen.items():
        if since <= day < as_of:
            for identity, first in hotspots.items():
                alive[identity] = min(first, alive.get(identity, first))
    return alive
