"""The only code that touches Delta: tables by contract, written atomically and read by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from delta.tables import DeltaTable
from pyspark.sql.types import StructType

from warehouse.contracts import Contract, contract_of, contracts
from warehouse.errors import RadarError
from warehouse.home import Home

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TABLE_NAME = re.compile(rf"\b({'|'.join(sorted({name.split('.')[0] for name in contracts()}))})\.([a-z_]+)\b", re.IGNORECASE)


class Warehouse:
    """The Delta tables under one home.

    Every write is one Delta commit, so a reader sees a table before or after it and never half-way. The session belongs
    to the caller.
    """

    def __init__(self, spark: SparkSession, home: Home) -> None:
        self.spark = spark
        self.home = home

    def read(self, table: str) -> DataFrame:
        """The table as it stands; empty if nothing was ever written to it.

        Raises:
            RadarError: another version of the program made the table, with other columns.
        """
        contract = contract_of(table)
        rows = self.spark.read.format("delta").load(self._location(contract))
        if rows.columns != contract.column_names:
            other = sorted(set(rows.columns) ^ set(contract.column_names)) or ["their order"]
            raise RadarError(
                f"{table} was made by another version of this program: columns differ ({', '.join(other)}); "
                "load the landing files into a new home"
            )
        return rows

    def append(self, table: str, rows: DataFrame, *, transaction: str) -> None:
        """Append rows once: a second append under the same `transaction` name changes nothing."""
        contract = contract_of(table)
        (
            _conform(rows, contract)
            .write.format("delta")
            .mode("append")
            .option("txnAppId", transaction)
            .option("txnVersion", "1")
            .save(self._location(contract))
        )

    def replace(self, table: str, rows: DataFrame, *, where: str) -> None:
        """Put `rows` in the place of all rows that satisfy the SQL predicate `where`, in one commit.

        Rows that do not satisfy it themselves are refused by Delta, so nothing outside the predicate can change.
        """
        self._overwrite(contract_of(table), rows, where)

    def upsert(
        self,
        table: str,
        rows: DataFrame,
        *,
        partitions: Collection[str] | None = None,
    ) -> None:
        """Insert rows with new keys and update those with known ones, in one commit. The caller holds the home's lock.

        Args:
            table: the table; its contract names the key. `rows` must be unique by it.
            rows: what to write.
            partitions: values of the (single) partition column in which both the rows and the versions they replace
                lie; as a literal predicate it keeps the merge from reading the whole table.
        """
        contract = contract_of(table)
        condition = " AND ".join(f"old.{name} = new.{name}" for name in contract.key)
        if partitions is not None:
            (column,) = contract.partitioned_by
            condition += f" AND {sql_in(f'old.{column}', sorted(partitions))}"
            where = sql_in(column, sorted(partitions))
            if not to_dicts(self.read(table).filter(where).select(column).limit(1)):
                # Nothing to compare with: a first load is spared the join, which moves every row.
                self._overwrite(contract, rows, where)
                return
        target = DeltaTable.forPath(self.spark, self._location(contract)).alias("old")
        merge = target.merge(_conform(rows, contract).alias("new"), condition)
        merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()

    def purge(self, table: str, *, where: str) -> None:
        """Remove the rows that satisfy the SQL predicate, from the table and from the disk; nobody can travel back to them.

        No one else may be reading the table: files that its former versions need go at once.
        """
        check = "spark.databricks.delta.retentionDurationCheck.enabled"
        delta = DeltaTable.forPath(self.spark, self._location(contract_of(table)))
        delta.delete(where)
        before = self.spark.conf.get(check, "true") or "true"
        self.spark.conf.set(check, "false")
        try:
            delta.vacuum(0)
        finally:
            self.spark.conf.set(check, before)

    def query(self, sql: str) -> DataFrame:
        """The answer to a SQL query over the tables by their contract names, such as `gold.hotspots`.

        Raises:
            RadarError: the query names a table that no contract describes.
        """
        for layer, name in sorted(set(TABLE_NAME.findall(sql))):
            contract = contract_of(f"{layer}.{name}".lower())
            self.spark.sql(f"CREATE DATABASE IF NOT EXISTS {contract.layer}")
            self.spark.sql(f"CREATE TABLE IF NOT EXISTS {contract.table} USING delta LOCATION '{self._location(contract)}'")
        return self.spark.sql(sql)

    def version(self, table: str) -> int:
        """The Delta version that the table stands at."""
        log = Path(self._location(contract_of(table))) / "_delta_log"
        return max(int(path.stem) for path in log.glob("*.json"))

    def _overwrite(self, contract: Contract, rows: DataFrame, where: str) -> None:
        (
            _conform(rows, contract)
            .write.format("delta")
            .mode("overwrite")
            .option("replaceWhere", where)
            .save(self._location(contract))
        )

    def _location(self, contract: Contract) -> str:
        path: Path = self.home.tables / contract.layer / contract.table.split(".")[1]
        if not (path / "_delta_log").is_dir():
            self.spark.sql(contract.create_statement(str(path)))
        return str(path)


def to_pandas(rows: DataFrame) -> pd.DataFrame:
    """All rows as a pandas table, by way of Arrow; dates as dates, lists as lists."""
    table: pd.DataFrame = rows.toArrow().to_pandas()
    return table


def to_dicts(rows: DataFrame) -> list[dict[str, Any]]:
    """All rows as dictionaries of plain Python values."""
    dicts: list[dict[str, Any]] = rows.toArrow().to_pylist()
    return dicts


def sql_literal(text: str) -> str:
    """A SQL string literal with the text in it, whatever the text is."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def sql_in(column: str, values: Sequence[str]) -> str:
    """A SQL predicate: the column has one of the values."""
    return f"{column} IN ({', '.join(map(sql_literal, values))})"


def contract_schema(contract: Contract) -> StructType:
    """The contract's columns as Spark's schema."""
    schema = StructType.fromDDL(contract.schema_ddl)
    assert isinstance(schema, StructType)
    return schema


def _conform(rows: DataFrame, contract: Contract) -> DataFrame:
    wanted = contract_schema(contract)
    got = {field.name: field.dataType for field in rows.schema}
    missing = [name for name in wanted.names if name not in got]
    other = [
        f"{field.name} is {got[field.name].simpleString()}, not {field.dataType.simpleString()}"
        for field in wanted
        if field.name in got and got[field.name].simpleString() != field.dataType.simpleString()
    ]
    if missing or other or len(got) != len(wanted):
        surplus = sorted(set(got) - set(wanted.names))
        raise RadarError(f"rows for {contract.table} break its contract: missing {missing}, types {other}, surplus {surplus}")
    return rows.select(*wanted.names)
