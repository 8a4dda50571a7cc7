"""Which mapping fits a file, and what would come of it: nothing is written to any table."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from features.rules import REASONS, UNREADABLE, WARNINGS
from features.typing import typed
from jobs.staging import staged
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.landing import SHEET, LandingFile, Row
from warehouse.sources import IDENTIFIERS, SILVER, SourceMapping, mappings
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOAD_ID = "check"


@dataclass(frozen=True)
class Fit:
    """How well a mapping fits a file."""

    source: str
    fits: bool
    known_columns: int
    columns: int
    why_not: str


@dataclass(frozen=True)
class FieldCheck:
    """What a field of silver would get: columns of the file that feed it, and rows with a value that reads or does not."""

    field: str
    zh: str
    columns: list[str]
    read: int
    unreadable: int


@dataclass(frozen=True)
class SourceCheck:
    """What a file is and what would come of it. Figures are of the rows looked at."""

    file: str
    format: str
    encoding: str
    sheets: list[str]
    fits: list[Fit]
    source: str | None
    loaded_before: str | None
    rows: int = 0
    all_rows: bool = True
    accepted: int = 0
    rejected: int = 0
    warned: int = 0
    first_event_date: dt.date | None = None
    last_event_date: dt.date | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    fields: list[FieldCheck] = field(default_factory=list)
    unmapped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """The first rows of a delivery."""

    file: LandingFile
    most: int

    def rows(self) -> Iterator[Row]:
        return itertools.islice(self.file.rows(), self.most)


def open_file(path: Path) -> LandingFile:
    """A file whose source is not known yet; its header is the line with most names that any mapping knows.

    Raises:
        RadarError: the file cannot be read.
    """
    return LandingFile.open(path, {name for mapping in mappings().values() for name in mapping.columns})


def rank(file: LandingFile) -> list[Fit]:
    """All mappings, those that fit first, then by the share of the file's columns that they know."""
    fits = [_fit(file, mapping) for mapping in mappings().values()]
    return sorted(fits, key=lambda fit: (not fit.fits, -fit.known_columns, fit.source))


def check(
    spark: SparkSession, file: LandingFile, source: str | None, most: int, scratch: Path, load_date: dt.date
) -> SourceCheck:
    """Read a file as it would be loaded.

    Args:
        spark: the session.
        file: what `open_file` gives.
        source: the mapping to read it with; the best fitting one if None.
        most: rows to look at.
        scratch: folder for rows on their way; nothing is left there.
        load_date: business date of the load that would be.

    Raises:
        RadarError: the mapping that was asked for does not fit, or the file cannot be cut into rows.
    """
    fits = rank(file)
    chosen = source or next((fit.source for fit in fits if fit.fits), None)
    told = SourceCheck(file.name, file.format, file.encoding, [s.name for s in file.sheets if s.name], fits, chosen, None)
    if chosen is None:
        return told
    mapping = mappings()[chosen]
    file = replace(file, sheets=mapping.fitting(file))
    with tempfile.TemporaryDirectory(dir=scratch, prefix="staging-") as folder:
        path = Path(folder) / "rows.parquet"
        # One row more than asked for tells whether there are more.
        looked_at = staged({LOAD_ID: _Part(file, most + 1)}, path)[LOAD_ID]
        bronze = _as_bronze(spark.read.parquet(str(path)), most, load_date)
        typed(bronze, mapping, looked_at.columns).drop("raw").write.parquet(f"{folder}/typed")
        rows = spark.read.parquet(f"{folder}/typed")
        told = replace(told, rows=min(looked_at.rows, most), all_rows=looked_at.rows <= most, **_figures(rows))
        return replace(told, fields=_fields(rows, mapping, file, told), unmapped=_unmapped(bronze, mapping))


def _fit(file: LandingFile, mapping: SourceMapping) -> Fit:
    header = {name for sheet in file.sheets for name in sheet.header}
    known = len(header & mapping.columns.keys())
    try:
        mapping.fitting(file)
    except RadarError as error:
        return Fit(mapping.source, False, known, len(header), str(error).split(": ", 1)[-1])
    return Fit(mapping.source, True, known, len(header), "")


def _as_bronze(staged_rows: DataFrame, most: int, load_date: dt.date) -> DataFrame:
    return staged_rows.filter(F.col("row_number") <= most).withColumns(
        {
            "load_date": F.lit(load_date),
            "load_month": F.date_format(F.lit(load_date), "yyyy-MM"),
            "load_sequence": F.lit(0).cast("bigint"),
        }
    )


def _figures(rows: DataFrame) -> dict[str, Any]:
    accepted = F.size(REASONS) == 0
    (figures,) = to_dicts(
        rows.agg(
            F.count_if(accepted).alias("accepted"),
            F.count_if(~accepted).alias("rejected"),
            F.count_if(accepted & (F.size(WARNINGS) > 0)).alias("warned"),
            F.min(F.when(accepted, F.col("event_date"))).alias("first_event_date"),
            F.max(F.when(accepted, F.col("event_date"))).alias("last_event_date"),
        )
    )
    kinds = rows.filter(accepted).groupBy(F.col("kind").alias("name")).count()
    return {
        **figures,
        "kinds": _counted(kinds),
        "reasons": _counted(rows.select(F.explode(REASONS).alias("name")).groupBy("name").count()),
        "warnings": _counted(rows.select(F.explode(WARNINGS).alias("name")).groupBy("name").count()),
    }


def _fields(rows: DataFrame, mapping: SourceMapping, file: LandingFile, told: SourceCheck) -> list[FieldCheck]:
    header = {SHEET, *(name for sheet in file.sheets for name in sheet.header)}
    zh = {column.name: column.zh for column in contract_of(SILVER).columns}
    names = list(mapping.fields)
    (read,) = to_dicts(rows.agg(*(F.count(name).alias(name) for name in names)))
    feeds = mapping.columns
    return [
        FieldCheck(
            name,
            zh.get(name) or zh[IDENTIFIERS[name]],
            [column for column, fields in feeds.items() if name in fields and column in header],
            read[name],
            {**told.reasons, **told.warnings}.get(f"{name}_{UNREADABLE}", 0),
        )
        for name in names
    ]


def _unmapped(bronze: DataFrame, mapping: SourceMapping) -> dict[str, int]:
    """Columns that no field reads, with the number of rows that say something there."""
    cells = bronze.select(F.explode("raw").alias("name", "cell")).filter(F.trim("cell") != "")
    others = cells.filter(~F.col("name").isin([*mapping.columns, SHEET]))
    return _counted(others.groupBy("name").count())


def _counted(rows: DataFrame) -> dict[str, int]:
    return {row["name"]: row["count"] for row in to_dicts(rows.orderBy(F.desc("count"), "name"))}
