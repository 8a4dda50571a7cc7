"""A source read from a relational database by JDBC: what is new behind the last watermark, as a delivery like any file."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import functions as F
from pyspark.sql.types import TimestampNTZType, TimestampType

from features.versions import hash_of
from jobs.ingest import BRONZE, recovered
from jobs.ledger import ABANDONED, Load
from warehouse.errors import RadarError
from warehouse.landing import Row, Sheet
from warehouse.landing.columnar import ParquetReader
from warehouse.storage import sql_literal, to_dicts

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from warehouse.origins import Database
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

USER_VARIABLE, PASSWORD_VARIABLE = "RADAR_JDBC_USER", "RADAR_JDBC_PASSWORD"
FETCHED_AT_ONCE = 10_000
IN_URL = re.compile(r"(?i)\b(user|password)=")


@dataclass(frozen=True)
class Extract:
    """Rows of a database between two watermarks, kept in a file until they are in bronze."""

    name: str
    content_hash: str
    watermark_from: str | None
    watermark_to: str
    path: Path
    sheet: Sheet
    format: str = "jdbc"
    encoding: str = ""

    def rows(self) -> Iterator[Row]:
        """The rows in the order of the watermark."""
        return _reader(self.path, self.name).rows([self.sheet])


def extract(warehouse: Warehouse, mapping: SourceMapping, url: str, folder: Path) -> list[Extract]:
    """What a database has that was not loaded yet; nothing if it has nothing new.

    Read are the rows whose watermark lies behind the one that the last load noted. That lies `overlap_minutes` before the
    newest row it saw: a transaction that took long may commit rows with an older watermark. Rows that the overlap brings
    again are left out. Rows that were deleted in the database stay in the warehouse.

    Args:
        warehouse: the tables.
        mapping: the source's mapping, with its `database`.
        url: `jdbc:…` without credentials; these come from `RADAR_JDBC_USER` and `RADAR_JDBC_PASSWORD`.
        folder: where the extract is kept until it is ingested.

    Raises:
        RadarError: the mapping names no database, a required column is missing, or the database refuses.
    """
    database = mapping.database
    if database is None:
        raise RadarError(f"source {mapping.source} has no `database` in its mapping; it cannot be read by JDBC")
    if IN_URL.search(url):
        raise RadarError(f"the JDBC address must hold no user and password; set {USER_VARIABLE} and {PASSWORD_VARIABLE}")
    earlier = [
        load
        for load in recovered(warehouse)
        if load.source == mapping.source and load.watermark_to is not None and load.state != ABANDONED
    ]
    begin = max(earlier, key=lambda load: load.load_sequence).watermark_to if earlier else None
    try:
        newest, safe = _watermarks(warehouse, database, url)
        if newest is None or safe is None:
            return []
        rows = _rows(warehouse, database, url, begin, newest)
        _require(mapping, database, rows.columns)
        _unseen(warehouse, rows, earlier).coalesce(1).sortWithinPartitions("_watermark", *_others(rows)).select(
            *_others(rows)
        ).write.parquet(str(folder / "extract"))
    except (PySparkException, Py4JJavaError) as error:
        raise RadarError(f"database of {mapping.source}: {_told(error)}") from error
    (path,) = (folder / "extract").glob("*.parquet")
    sheets = _reader(path, database.table).sheets(())
    if not sheets[0].header:
        return []
    whole = Extract(database.table, "", begin, safe, path, sheets[0])
    return [Extract(database.table, _hash(whole.rows()), begin, safe, path, sheets[0])]


def _reader(path: Path, name: str) -> ParquetReader:
    return ParquetReader(partial(path.open, "rb"), name)


def _read(warehouse: Warehouse, url: str, query: str) -> DataFrame:
    options = {"user": os.environ.get(USER_VARIABLE), "password": os.environ.get(PASSWORD_VARIABLE)}
    reader = warehouse.spark.read.format("jdbc").options(**{name: value for name, value in options.items() if value})
    # A time without a zone is taken as it stands, not as one of this machine's zone.
    reader = reader.option("preferTimestampNTZ", "true").option("fetchsize", FETCHED_AT_ONCE)
    return reader.option("url", url).option("query", query).load()


def _watermarks(warehouse: Warehouse, database: Database, url: str) -> tuple[str | None, str | None]:
    """The newest watermark, and the one behind which the next extract begins; as texts that the database understands."""
    newest = f"max({database.watermark})"
    safe = f"{newest} - INTERVAL '{database.overlap_minutes}' MINUTE" if database.overlap_minutes else newest
    query = f"SELECT CAST({newest} AS VARCHAR(64)) AS newest, CAST({safe} AS VARCHAR(64)) AS safe FROM {database.table}"
    (row,) = to_dicts(_read(warehouse, url, query))
    return row["newest"], row["safe"]


def _rows(warehouse: Warehouse, database: Database, url: str, begin: str | None, newest: str) -> DataFrame:
    """The rows between two watermarks, every column a text, with `_watermark` in its own type to sort by."""
    where = f"{database.watermark} <= {sql_literal(newest)}"
    if begin is not None:
        where += f" AND {database.watermark} > {sql_literal(begin)}"
    rows = _read(warehouse, url, f"SELECT * FROM {database.table} WHERE {where}")
    texts = [_text(rows, name) for name in rows.columns]
    return rows.select(F.col(database.watermark).alias("_watermark"), *texts)


def _text(rows: DataFrame, name: str) -> Column:
    column = F.col(f"`{name}`")
    if isinstance(rows.schema[name].dataType, (TimestampType, TimestampNTZType)):
        return F.date_format(column, "yyyy-MM-dd HH:mm:ss").alias(name)
    return column.cast("string").alias(name)


def _others(rows: DataFrame) -> list[str]:
    return [name for name in rows.columns if name != "_watermark"]


def _unseen(warehouse: Warehouse, rows: DataFrame, earlier: list[Load]) -> DataFrame:
    """The rows that no earlier extract brought just so."""
    if not earlier:
        return rows
    ids = [load.load_id for load in earlier]
    names = _others(rows)
    cells = [F.try_element_at(F.col("raw"), F.lit(name)) for name in names]
    seen = (
        warehouse.read(BRONZE)
        .filter(F.col("load_month").isin(sorted({load.load_month for load in earlier})))
        .filter(F.col("load_id").isin(ids))
        .select(hash_of(*cells).alias("_seen"))
        .distinct()
    )
    return rows.join(seen, hash_of(*map(F.col, names)) == F.col("_seen"), "left_anti")


def _require(mapping: SourceMapping, database: Database, columns: list[str]) -> None:
    for name, alternatives in mapping.missing_from(columns).items():
        raise RadarError(
            f"{database.table}: the column for {name} is missing: none of {', '.join(alternatives)} is in the table"
        )


def _hash(rows: Iterator[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr((row.names, tuple(row.cells))).encode())
    return digest.hexdigest()


def _told(error: Any) -> str:
    """The first line that says what is wrong: the driver's own, which is behind Spark's or among the lines of its trace."""
    texts, cause = [], error
    while cause is not None:
        texts.append(str(cause))
        cause = getattr(cause, "_cause", None)
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    driver = next((line for line in lines if "SQLException" in line), lines[0] if lines else type(error).__name__)
    return driver.split("Exception: ", 1)[-1]
