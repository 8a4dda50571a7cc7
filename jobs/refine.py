"""Bronze into silver: typed, masked, one row per complaint, its newest version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pyspark import StorageLevel
from pyspark.sql import Window
from pyspark.sql import functions as F

from features.protection import protected
from features.typing import REASONS, typed
from jobs.ingest import BRONZE
from jobs.ledger import INGESTED, LOADS, REFINED, Load, loads, months_of, record
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.sources import SILVER, mapping_of
from warehouse.storage import newest_by, sql_literal, to_dicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.storage import Warehouse

REJECTED = "silver.rejected_complaints"
KEY = ("source", "complaint_id")
# Which version of a complaint is the newer one: what the source says, then the order of arrival.
ORDER = ("version_at", "load_sequence", "row_number")


@dataclass(frozen=True)
class Refined:
    """Loads that were refined, with what was accepted and rejected of each."""

    loads: list[Load]


def refine(warehouse: Warehouse) -> Refined:
    """Refine every load that is in bronze only.

    Raises:
        RadarError: rows in are not rows accepted plus rows rejected, which would be a defect of this program.
    """
    pending = sorted(loads(warehouse, state=INGESTED), key=lambda load: (load.source, load.load_sequence))
    done: list[Load] = []
    for source, group in groupby(pending, key=lambda load: load.source):
        done += _refine_source(warehouse, source, list(group))
    return Refined(done)


def _refine_source(warehouse: Warehouse, source: str, pending: Sequence[Load]) -> list[Load]:
    mapping = mapping_of(source)
    rows = protected(typed(_bronze(warehouse, pending), mapping), warehouse.home.hash_key())
    rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        pending = [replace(load, mapping_version=mapping.version) for load in _counted(rows, pending)]
        newest = _newest(rows.filter(F.size(REASONS) == 0))
        pending, months = _with_touched_days(warehouse, newest, pending)
        # The days go to the ledger before the merge: after it, nobody could tell which days the replaced versions were on.
        record(warehouse, pending)
        if any(load.rows_accepted for load in pending):
            silver = newest.select(contract_of(SILVER).column_names)
            warehouse.upsert(SILVER, silver, partitions=months, newer=newest_by(ORDER))
        if any(load.rows_rejected for load in pending):
            _keep_rejected(warehouse, rows.filter(F.size(REASONS) > 0), pending, mapping.version)
    finally:
        rows.unpersist()
    refined = [load.at(REFINED) for load in pending]
    record(warehouse, refined)
    return refined


def _bronze(warehouse: Warehouse, pending: Sequence[Load]) -> DataFrame:
    sequences = warehouse.read(LOADS).select("load_id", "load_sequence")
    return (
        warehouse.read(BRONZE)
        .filter(F.col("load_month").isin(sorted({load.load_month for load in pending})))
        .filter(F.col("load_id").isin([load.load_id for load in pending]))
        .join(F.broadcast(sequences), "load_id")
    )


def _counted(rows: DataFrame, pending: Sequence[Load]) -> list[Load]:
    accepted = F.size(REASONS) == 0
    figures = rows.groupBy("load_id").agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if(accepted).alias("rows_accepted"),
        F.count_if(~accepted).alias("rows_rejected"),
        F.min(F.when(accepted, F.col("event_date"))).alias("first_event_date"),
        F.max(F.when(accepted, F.col("event_date"))).alias("last_event_date"),
    )
    by_load = {row.pop("load_id"): row for row in to_dicts(figures)}
    counted = []
    for load in pending:
        row = by_load[load.load_id]
        if row.pop("rows") != load.rows_in:
            raise RadarError(f"load {load.load_id}: {load.rows_in} rows came in, {row} came out")
        counted.append(replace(load, **row))
    return counted


def _newest(accepted: DataFrame) -> DataFrame:
    window = Window.partitionBy(*KEY).orderBy(*(F.col(name).desc() for name in ORDER))
    return accepted.withColumn("rank", F.row_number().over(window)).filter(F.col("rank") == 1).drop("rank")


def _with_touched_days(warehouse: Warehouse, newest: DataFrame, pending: Sequence[Load]) -> tuple[list[Load], list[str]]:
    """The loads with the days of their complaints and of the versions that these replace, and the months of all of them."""
    days = newest.select("load_id", "event_date").distinct()
    before = (
        warehouse.read(SILVER)
        .select(*KEY, "event_date")
        .join(newest.select(*KEY, "load_id"), list(KEY))
        .select("load_id", "event_date")
        .distinct()
    )
    touched: dict[str, set[dt.date]] = {load.load_id: set(load.touched_days) for load in pending}
    for row in to_dicts(days.union(before)):
        touched[row["load_id"]].add(row["event_date"])
    with_days = [replace(load, touched_days=sorted(touched[load.load_id])) for load in pending]
    return with_days, months_of(day for load in with_days for day in load.touched_days)


def _keep_rejected(warehouse: Warehouse, rejected: DataFrame, pending: Sequence[Load], mapping_version: str) -> None:
    rows = rejected.withColumn("mapping_version", F.lit(mapping_version)).select(contract_of(REJECTED).column_names)
    ids = ", ".join(sql_literal(load.load_id) for load in pending)
    warehouse.replace(REJECTED, rows, where=f"load_id IN ({ids})")
