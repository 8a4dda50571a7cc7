"""Landing files into bronze: as they arrived, each content once."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import functions as F

from jobs.ledger import ARRIVING, INGESTED, Load, load_id, loads, new_load, record
from warehouse.landing import LandingFile, Row, find_files

if TYPE_CHECKING:
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

BRONZE = "bronze.complaints"
STAGING_ROWS = 20_000
STAGING_SCHEMA = pa.schema([("row_number", pa.int64()), ("raw", pa.map_(pa.string(), pa.string())), ("problem", pa.string())])


@dataclass(frozen=True)
class Ingested:
    """What ingestion did: the loads of the files given, new ones and those that were known by content before."""

    new: list[Load]
    known: list[Load]


def open_files(mapping: SourceMapping, inputs: Sequence[str]) -> list[LandingFile]:
    """The landing files of a source, all of them checked, so that a bad one leaves no table half-way.

    Args:
        mapping: the source's mapping.
        inputs: files, folders or globs.

    Raises:
        RadarError: a file is missing, empty, unreadable, or lacks a column that the mapping requires.
    """
    files = [LandingFile.open(path) for pattern in inputs for path in find_files(pattern)]
    for file in files:
        mapping.require_columns(file.header, file.path.name)
    return files


def ingest(warehouse: Warehouse, mapping: SourceMapping, files: Sequence[LandingFile], load_date: dt.date) -> Ingested:
    """Put landing files of one source into bronze, each content once.

    Args:
        warehouse: the tables.
        mapping: the source's mapping.
        files: what `open_files` gives.
        load_date: business date of the load.

    Raises:
        RadarError: a file cannot be cut into rows.
    """
    ledger = {load.load_id: load for load in loads(warehouse)}
    files_by_load = {load_id(mapping.source, file.content_hash): file for file in files}
    known = [ledger[key] for key in files_by_load if key in ledger and ledger[key].state != ARRIVING]
    waiting = {key: file for key, file in files_by_load.items() if key not in ledger or ledger[key].state == ARRIVING}
    with tempfile.TemporaryDirectory(dir=warehouse.home.state, prefix="staging-") as folder:
        staged = {key: Path(folder) / f"{key}.parquet" for key in waiting}
        rows_in = {key: _stage(file.rows(), staged[key]) for key, file in waiting.items()}
        sequence = itertools.count(max((load.load_sequence for load in ledger.values()), default=0) + 1)
        # A load that a killed run had announced goes on under its first date and number: its rows may be in bronze already.
        announced = [
            ledger.get(key) or new_load(mapping, file, next(sequence), load_date, rows_in[key]) for key, file in waiting.items()
        ]
        record(warehouse, announced)
        for load in announced:
            _append(warehouse, load, staged[load.load_id])
    new = [load.at(INGESTED) for load in announced]
    record(warehouse, new)
    return Ingested(new, known)


def _append(warehouse: Warehouse, load: Load, staged: Path) -> None:
    rows = warehouse.spark.read.parquet(str(staged)).select(
        F.lit(load.load_id).alias("load_id"),
        F.lit(load.source).alias("source"),
        "row_number",
        "raw",
        "problem",
        F.lit(load.load_date).alias("load_date"),
        F.lit(load.load_month).alias("load_month"),
    )
    # Under the load's name the append happens once, however often it is tried.
    warehouse.append(BRONZE, rows, transaction=load.load_id)


def _stage(rows: Iterable[Row], path: Path) -> int:
    """Write rows to a Parquet file that Spark reads in parallel, in constant memory; the number of rows."""
    count = 0
    with pq.ParquetWriter(path, STAGING_SCHEMA) as writer:
        iterator = iter(rows)
        while batch := list(itertools.islice(iterator, STAGING_ROWS)):
            table = {
                "row_number": [row.number for row in batch],
                "raw": [list(row.cells.items()) for row in batch],
                "problem": [row.problem for row in batch],
            }
            writer.write_table(pa.table(table, schema=STAGING_SCHEMA))
            count += len(batch)
    return count
