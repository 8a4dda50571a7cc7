"""Bronze into silver: typed, masked, every version kept, the newest one of each complaint in front."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.protection import protected
from features.rules import REASONS, WARNINGS, rule_version
from features.typing import typed
from features.versions import changing, touched_days, winners, with_version_hash
from jobs.ingest import BRONZE
from jobs.ledger import INGESTED, LOADS, REFINED, Load, loads, months_of, record
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.sources import SILVER, mapping_of
from warehouse.storage import sql_in, to_dicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.storage import Warehouse

VERSIONS = "silver.complaint_versions"
REJECTED = "silver.rejected_complaints"
WRITTEN = (SILVER, VERSIONS, REJECTED)


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


@dataclass(frozen=True)
class Retried:
    """Loads that were refined again, their rejected rows before, and loads whose raw rows are gone."""

    loads: list[Load]
    rejected_before: int
    gone: list[Load]


def retry_rejected(warehouse: Warehouse, source: str | None = None) -> Retried:
    """Refine the loads again that have rejected rows, with the mapping and the rules of today.

    Rows that now pass become complaints; those that pass as before stay what they are.

    Args:
        warehouse: the tables.
        source: loads of this source only; of all if None.

    Raises:
        RadarError: rows in are not rows accepted plus rows rejected, which would be a defect of this program.
    """
    rejecting = [load for load in loads(warehouse) if load.rows_rejected and source in (None, load.source)]
    again = [load.at(INGESTED) for load in rejecting if load.raw_purged_on is None]
    # From here on these are loads that wait to be refined: a run that dies goes on with them.
    record(warehouse, again)
    ids = {load.load_id for load in again}
    refined = [load for load in refine(warehouse).loads if load.load_id in ids]
    gone = [load for load in rejecting if load.raw_purged_on is not None]
    return Retried(refined, sum(load.rows_rejected or 0 for load in again), gone)


def _refine_source(warehouse: Warehouse, source: str, pending: Sequence[Load]) -> list[Load]:
    mapping = mapping_of(source)
    columns = {column for load in pending for column in load.columns}
    with tempfile.TemporaryDirectory(dir=warehouse.home.state, prefix="refining-") as folder:
        key = warehouse.home.hash_key()
        rows = _kept(protected(typed(_bronze(warehouse, pending), mapping, columns), mapping, key), f"{folder}/rows")
        accepted = with_version_hash(rows.filter(F.size(REASONS) == 0))
        earlier = warehouse.read(VERSIONS).filter(~F.col("load_id").isin([load.load_id for load in pending]))
        versions = _kept(changing(accepted, earlier), f"{folder}/versions")
        return _settle(warehouse, rows, versions, mapping.version, pending)


def _kept(rows: DataFrame, path: str) -> DataFrame:
    """The rows from a file: what follows reads single columns of them, and the planner is done with how they came about."""
    rows.write.parquet(path)
    return rows.sparkSession.read.schema(rows.schema).parquet(path)


def _settle(
    warehouse: Warehouse, rows: DataFrame, versions: DataFrame, mapping_version: str, pending: Sequence[Load]
) -> list[Load]:
    """Write what typed, protected rows are to become: rejected rows, versions, and the newest of these as complaints."""
    before = {table: warehouse.version(table) for table in WRITTEN}
    rejected_before = any(load.rows_rejected for load in pending)
    pending = _counted(rows, pending, mapping_version)
    if rejected_before or any(load.rows_rejected for load in pending):
        _keep_rejected(warehouse, rows.filter(F.size(REASONS) > 0), pending, mapping_version)
    pending = _counted_changes(versions, pending)
    newest = winners(versions, warehouse.read(SILVER))
    pending = _announced(warehouse, newest, pending, before)
    if any(load.rows_accepted for load in pending):
        _keep_versions(warehouse, versions, newest, pending)
    after = {table: warehouse.version(table) for table in WRITTEN}
    refined = [replace(load, versions_after=after, state=REFINED) for load in pending]
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


def _counted(rows: DataFrame, pending: Sequence[Load], mapping_version: str) -> list[Load]:
    accepted = F.size(REASONS) == 0
    figures = rows.groupBy("load_id").agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if(accepted).alias("rows_accepted"),
        F.count_if(~accepted).alias("rows_rejected"),
        F.count_if(accepted & (F.size(WARNINGS) > 0)).alias("rows_warned"),
        F.min(F.when(accepted, F.col("event_date"))).alias("first_event_date"),
        F.max(F.when(accepted, F.col("event_date"))).alias("last_event_date"),
    )
    by_load = {row.pop("load_id"): row for row in to_dicts(figures)}
    counted = []
    for load in pending:
        row = by_load.get(load.load_id, {"rows": 0})
        if row.pop("rows") != load.rows_in:
            raise RadarError(f"load {load.load_id}: {load.rows_in} rows came in, {row} came out")
        counted.append(replace(load, **row, mapping_version=mapping_version, rule_version=rule_version()))
    return counted


def _counted_changes(versions: DataFrame, pending: Sequence[Load]) -> list[Load]:
    counts = {row["load_id"]: row["count"] for row in to_dicts(versions.groupBy("load_id").count())}
    return [replace(load, rows_changing=counts.get(load.load_id, 0)) for load in pending]


def _announced(warehouse: Warehouse, newest: DataFrame, pending: Sequence[Load], before: dict[str, int]) -> list[Load]:
    """The loads with the days whose counts they change, written down before silver is.

    After the merge, nobody could tell which days the replaced versions were on.
    """
    touched = {load.load_id: set(load.touched_days) for load in pending}
    for row in to_dicts(touched_days(newest)):
        touched[row["load_id"]].add(row["day"])
    announced = [
        replace(load, touched_days=sorted(touched[load.load_id]), versions_before=load.versions_before or before)
        for load in pending
    ]
    record(warehouse, announced)
    return announced


def _keep_versions(warehouse: Warehouse, versions: DataFrame, newest: DataFrame, pending: Sequence[Load]) -> None:
    ids = sql_in("load_id", [load.load_id for load in pending])
    warehouse.replace(VERSIONS, versions.select(contract_of(VERSIONS).column_names), where=ids)
    months = months_of(day for load in pending for day in load.touched_days)
    if months:
        silver = newest.select(contract_of(SILVER).column_names)
        warehouse.upsert(SILVER, silver, partitions=months)


def _keep_rejected(warehouse: Warehouse, rejected: DataFrame, pending: Sequence[Load], mapping_version: str) -> None:
    rows = rejected.withColumns({"mapping_version": F.lit(mapping_version), "rule_version": F.lit(rule_version())})
    months = sql_in("load_month", sorted({load.load_month for load in pending}))
    ids = sql_in("load_id", [load.load_id for load in pending])
    warehouse.replace(REJECTED, rows.select(contract_of(REJECTED).column_names), where=f"{months} AND {ids}")
