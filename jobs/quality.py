"""The quality gate: tables held to their contracts between the steps, the results recorded and documented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from jobs.ledger import COUNTED, REFINED, days_of, loads, months_of
from jobs.monitors import monitor
from jobs.refine import REJECTED
from warehouse.contracts import contract_of, contracts
from warehouse.errors import RadarError
from warehouse.quality.results import ALL_STREAMS, CheckResult
from warehouse.quality.settings import quality_settings
from warehouse.sources import SILVER
from warehouse.storage import sql_in, to_dicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.home import Home
    from warehouse.quality.gate import Validation
    from warehouse.storage import Warehouse

RESULTS = "ops.quality_results"
WHOLE_TABLE = "全表"
# Failures first, then what was not judged; within, what stops before what warns.
OUTCOMES = ("failed", "unjudged", "passed")


class Gate:
    """Checks of one business date, gathered until they are written.

    Args:
        warehouse: the tables.
        as_of: the business date.
        streams: streams whose monitors are judged.
    """

    def __init__(self, warehouse: Warehouse, as_of: dt.date, streams: Sequence[str]) -> None:
        self.results: list[CheckResult] = []
        self._warehouse, self._as_of, self._streams = warehouse, as_of, streams
        self._validations: list[Validation] = []
        self._scopes: dict[str, str] = {}

    def check(self, tables: Sequence[str], months: Collection[str] | None = None) -> None:
        """Hold tables to their contracts: every row check of the months given, and the monitors.

        Args:
            tables: tables to check, all of them before any failure is told.
            months: months of registration to look at in tables that are partitioned by them; the whole table if left out.

        Raises:
            RadarError: a check of strength `stop` failed.
        """
        # Its import takes seconds, which commands without a gate need not wait for.
        from warehouse.quality.gate import validate

        found: list[CheckResult] = []
        for table in tables:
            rows, scope = self._slice(table, months)
            self._scopes[table] = scope
            if rows is not None:
                validation = validate(contract_of(table), rows, self._as_of)
                self._validations.append(validation)
                found += validation.results
            for stream in self._streams:
                found += monitor(self._warehouse, table, stream, self._as_of)
        self.results += found
        stopping = [result for result in found if result.stops]
        if stopping:
            raise RadarError(self._failure(stopping))

    def write(self) -> None:
        """Record the results of the date and write its pages; a rerun replaces both."""
        if not self.results:
            return
        from warehouse.quality import docs

        self._record()
        folder = docs_folder(self._warehouse.home)
        docs.write_pages(folder, self._as_of, self._validations)
        docs.write_index(folder, _newest_results(self._warehouse, quality_settings().documented_dates))

    def _slice(self, table: str, months: Collection[str] | None) -> tuple[DataFrame | None, str]:
        rows, contract = self._warehouse.read(table), contract_of(table)
        if "as_of" in contract.column_names:
            return rows.filter(F.col("as_of") == self._as_of), str(self._as_of)
        if months is None or "event_month" not in contract.partitioned_by:
            return rows, WHOLE_TABLE
        if not months:
            return None, "无变动"
        span = f"{min(months)}—{max(months)}" if len(months) > 1 else min(months)
        return rows.filter(F.col("event_month").isin(sorted(months))), span

    def _record(self) -> None:
        rows = [
            {
                "as_of": self._as_of,
                "as_of_month": f"{self._as_of:%Y-%m}",
                **vars(result),
                "figure": None if result.figure is None else float(result.figure),
                "threshold": None if result.threshold is None else float(result.threshold),
                "scope": self._scopes[result.table_name],
            }
            for result in self.results
        ]
        tables = sorted({result.table_name for result in self.results})
        streams = sorted({result.stream for result in self.results})
        where = f"as_of = DATE'{self._as_of}' AND {sql_in('table_name', tables)} AND {sql_in('stream', streams)}"
        frame = self._warehouse.spark.createDataFrame(rows, contract_of(RESULTS).schema_ddl)
        self._warehouse.replace(RESULTS, frame, where=where)

    def _failure(self, stopping: Sequence[CheckResult]) -> str:
        worst, *others = stopping
        more = f" and {len(others)} more" if others else ""
        page = docs_folder(self._warehouse.home) / str(self._as_of)
        name = f"{worst.table_name}.html" if worst.stream == ALL_STREAMS else "index.html"
        return (
            f"quality gate: {worst.table_name} fails {worst.name}{more}: {worst.violating} of {worst.evaluated} break it; "
            f"see {page / name}"
        )


@contextmanager
def quality_gate(warehouse: Warehouse, as_of: dt.date, streams: Sequence[str]) -> Iterator[Gate]:
    """A gate whose results are written at the end, also when it stops the run; not when the run breaks down."""
    gate = Gate(warehouse, as_of, streams)
    try:
        yield gate
    except RadarError:
        gate.write()
        raise
    gate.write()


def gated_tables() -> list[str]:
    """The tables that people and later steps read, in the order of the layers: all but bronze."""
    return [table for table, contract in contracts().items() if contract.layer != "bronze"]


def touched_months(warehouse: Warehouse, as_of: dt.date) -> list[str]:
    """Months of registration that the loads of a business date touched, and those that wait to be counted."""
    done = [load for load in loads(warehouse) if load.state in (REFINED, COUNTED)]
    return months_of(days_of(load for load in done if load.load_date == as_of or load.state == REFINED))


def docs_folder(home: Home) -> Path:
    """Where the site about data quality lies."""
    return home.folder("quality", "docs")


def read_results(warehouse: Warehouse, as_of: dt.date | None) -> tuple[dt.date | None, list[dict[str, Any]]]:
    """The results of a business date, the newest one if left out: failures first, then by table and check."""
    rows = warehouse.read(RESULTS)
    if as_of is None:
        (row,) = to_dicts(rows.agg(F.max("as_of").alias("as_of")))
        as_of = row["as_of"]
    found = to_dicts(rows.filter(F.col("as_of") == as_of)) if as_of else []
    return as_of, sorted(found, key=_urgency)


def rules_broken(warehouse: Warehouse, as_of: dt.date) -> list[dict[str, Any]]:
    """How many rows of the date's loads broke which row rule: `source, strength, rule, rows`, most first within a source."""
    tables = (("reject", REJECTED, "reasons"), ("warn", SILVER, "warnings"))
    found = [
        {"source": row["source"], "strength": strength, "rule": row["rule"], "rows": row["rows"]}
        for strength, table, column in tables
        for row in to_dicts(_rules_of(warehouse.read(table).filter(F.col("load_date") == as_of), column))
    ]
    return sorted(found, key=lambda row: (row["source"], row["strength"], -row["rows"], row["rule"]))


def _rules_of(rows: DataFrame, column: str) -> DataFrame:
    broken = rows.select("source", F.explode(column).alias("rule"))
    return broken.groupBy("source", "rule").agg(F.count(F.lit(1)).alias("rows"))


def _urgency(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        OUTCOMES.index(row["outcome"]),
        row["strength"] != "stop",
        row["table_name"],
        row["stream"],
        row["check_name"],
        row["subject"],
    )


def _newest_results(warehouse: Warehouse, dates: int) -> dict[dt.date, list[CheckResult]]:
    rows = warehouse.read(RESULTS)
    newest = [row["as_of"] for row in to_dicts(rows.select("as_of").distinct().orderBy(F.desc("as_of")).limit(dates))]
    names = list(CheckResult.__dataclass_fields__)
    found: dict[dt.date, list[CheckResult]] = {day: [] for day in newest}
    for row in sorted(to_dicts(rows.filter(F.col("as_of").isin(newest)).select("as_of", *names)), key=_urgency):
        found[row.pop("as_of")].append(CheckResult(**row))
    return found
