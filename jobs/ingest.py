"""Deliveries into bronze: as they arrived, each content once."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from jobs.ledger import ABANDONED, ARRIVING, INGESTED, Delivery, Load, load_id, loads, new_load, record
from jobs.staging import staged
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

BRONZE = "bronze.complaints"
# Files that are put into bronze in one commit: a commit costs a second or more, and a run that dies does one of them again.
FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Ingested:
    """What ingestion did: the loads of the deliveries given, new ones and those that were known by content before."""

    new: list[Load]
    known: list[Load]


def ingest(warehouse: Warehouse, mapping: SourceMapping, deliveries: Sequence[Delivery], load_date: dt.date) -> Ingested:
    """Put deliveries of one source into bronze, each content once.

    Args:
        warehouse: the tables.
        mapping: the source's mapping.
        deliveries: landing files that fit the mapping, or extracts of a database.
        load_date: business date of the load.

    Raises:
        RadarError: a delivery cannot be cut into rows.
    """
    ledger = {load.load_id: load for load in recovered(warehouse)}
    by_load = {load_id(mapping.source, delivery.content_hash): delivery for delivery in deliveries}
    waiting = {key: delivery for key, delivery in by_load.items() if key not in ledger or _is_open(ledger[key])}
    known = [ledger[key] for key in by_load if key not in waiting]
    new: list[Load] = []
    keys = list(waiting)
    for start in range(0, len(keys), FILES_AT_ONCE):
        batch = {key: waiting[key] for key in keys[start : start + FILES_AT_ONCE]}
        arrived = _ingest_batch(warehouse, mapping, batch, ledger, load_date)
        ledger |= {load.load_id: load for load in arrived}
        new += arrived
    return Ingested(new, known)


def recovered(warehouse: Warehouse) -> list[Load]:
    """All loads, after those were set right that a killed run had announced.

    An append is one commit. So the rows of an announced load are all in bronze, and it is ingested; or none is, and it goes
    on when its file is given again. An extract of a database does not come again as it was: it is abandoned, and the next
    extract begins where the last whole one ended.
    """
    ledger = loads(warehouse)
    announced = [load for load in ledger if load.state == ARRIVING]
    if not announced:
        return ledger
    months = sorted({load.load_month for load in announced})
    rows = warehouse.read(BRONZE).filter(F.col("load_month").isin(months))
    ids = rows.filter(F.col("load_id").isin([load.load_id for load in announced])).select("load_id").distinct()
    arrived = {row["load_id"] for row in to_dicts(ids)}
    settled = [
        load.at(INGESTED if load.load_id in arrived else ABANDONED)
        for load in announced
        if load.load_id in arrived or load.watermark_to is not None
    ]
    record(warehouse, settled)
    states = {load.load_id: load for load in settled}
    return [states.get(load.load_id, load) for load in ledger]


def _is_open(load: Load) -> bool:
    return load.state in (ARRIVING, ABANDONED)


def _ingest_batch(
    warehouse: Warehouse,
    mapping: SourceMapping,
    batch: Mapping[str, Delivery],
    ledger: Mapping[str, Load],
    load_date: dt.date,
) -> list[Load]:
    with tempfile.TemporaryDirectory(dir=warehouse.home.state, prefix="staging-") as folder:
        path = Path(folder) / "rows.parquet"
        on_the_way = staged(batch, path)
        sequence = _numbers_after(ledger)
        # A load that a killed run had announced goes on under its first date and number.
        announced = [
            ledger[key].at(ARRIVING)
            if key in ledger
            else new_load(mapping, delivery, next(sequence), load_date, on_the_way[key])
            for key, delivery in batch.items()
        ]
        record(warehouse, announced)
        _append(warehouse, announced, path)
    new = [load.at(INGESTED) for load in announced]
    record(warehouse, new)
    return new


def _numbers_after(ledger: Mapping[str, Load]) -> Iterator[int]:
    return itertools.count(max((load.load_sequence for load in ledger.values()), default=0) + 1)


def _append(warehouse: Warehouse, announced: Sequence[Load], path: Path) -> None:
    loads_table = warehouse.spark.createDataFrame(
        [(load.load_id, load.source, load.load_date, load.load_month) for load in announced],
        "load_id STRING, source STRING, load_date DATE, load_month STRING",
    )
    rows = warehouse.spark.read.parquet(str(path)).join(F.broadcast(loads_table), "load_id")
    warehouse.append(BRONZE, rows, transaction=_transaction(announced))


def _transaction(announced: Sequence[Load]) -> str:
    """The name under which this very append happens once, also where Spark tries it again."""
    return hashlib.sha256("".join(load.load_id for load in announced).encode()).hexdigest()[:16]
