"""Table contracts: one YAML file per table, from which its schema, DDL and dictionary entry come."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from warehouse.checks import AnyCheck
from warehouse.errors import RadarError
from warehouse.files import ROOT, read_yaml
from warehouse.strict import Name, Sentence, Strict, Text

__all__ = ["LAYERS", "Column", "Contract", "RowRule", "Sentence", "Strict", "Text", "contract_of", "contracts", "load_contract"]

LAYERS = ("bronze", "silver", "gold", "ops")
NUMBERS = ("INT", "BIGINT", "DOUBLE", "DECIMAL")
MOMENTS = ("DATE", "TIMESTAMP")

Bound = int | float | dt.date


class Column(Strict):
    """A column: its Spark SQL type, its meaning in both languages, and what it promises of every value.

    Attributes:
        masked: it is text that people wrote, and personal data in it are masked.
        values: the only values there are.
        min, max: smallest and largest value.
        pattern: regular expression that a text matches from its first to its last character.
    """

    name: Name
    type: Sentence
    nullable: bool = True
    masked: bool = False
    values: list[str | int] = []
    min: Bound | None = None
    max: Bound | None = None
    pattern: str | None = None
    en: Sentence
    zh: Sentence

    @model_validator(mode="after")
    def _promises_fit_the_type(self) -> Column:
        kind = self.type.split("(", maxsplit=1)[0]
        if self.values and {type(value) for value in self.values} != {int if kind == "INT" else str}:
            raise ValueError(f"values of {self.name} are none of {self.type}")
        for bound in (self.min, self.max):
            if bound is not None and kind not in (MOMENTS if isinstance(bound, dt.date) else NUMBERS):
                raise ValueError(f"{self.name} is {self.type}, which {bound} does not bound")
        if self.pattern is not None:
            if kind != "STRING" or not (self.pattern.startswith("^") and self.pattern.endswith("$")):
                raise ValueError(f"pattern of {self.name} must be of a STRING, from ^ to $")
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern of {self.name}: {error}") from None
        return self


class RowRule(Strict):
    """A rule that every row is held to before it becomes a row of the table.

    Attributes:
        rule: its name.
        strength: a row that breaks it is rejected, or accepted with a warning.
        when: Spark SQL condition over the row's typed columns under which the rule is broken.
        asks_for: columns of which a source must feed one, for the rule to be asked at all; of every source if none is named.
        clears: columns whose value a broken rule takes away.
    """

    rule: Name
    strength: Literal["reject", "warn"]
    when: Sentence
    asks_for: list[str] = []
    clears: list[str] = []
    en: Sentence
    zh: Sentence


class Contract(Strict):
    """What a table promises."""

    table: Annotated[str, Field(pattern=r"^(bronze|silver|gold|ops)\.[a-z_]+$")]
    title: Text
    grain: Sentence
    key: Annotated[list[str], Field(min_length=1)]
    partitioned_by: list[str] = []
    change_feed: bool = False
    # Columns whose smallest and largest value Delta keeps for each file, to pass over files by; the first 32 if none is named.
    skipped_by: list[str] = []
    columns: Annotated[list[Column], Field(min_length=1)]
    rules: list[RowRule] = []
    checks: list[AnyCheck] = []
    limits: list[Sentence] = []

    @model_validator(mode="after")
    def _names_exist(self) -> Contract:
        names = self.column_names
        if len(set(names)) != len(names):
            raise ValueError("a column is named twice")
        for used in (*self.key, *self.partitioned_by, *self.skipped_by):
            if used not in names:
                raise ValueError(f"key, partition or skipping column {used} is not among the columns")
        if any(column.nullable for column in self.columns if column.name in self.key):
            raise ValueError("a key column must not be nullable")
        unknown = {column for rule in self.rules for column in (*rule.clears, *rule.asks_for)} - set(names)
        if unknown:
            raise ValueError(f"a rule names {sorted(unknown)[0]}, which is not among the columns")
        return self

    @model_validator(mode="after")
    def _checks_fit_the_table(self) -> Contract:
        seen = set()
        for check in self.checks:
            missing = set(check.needs) - set(self.column_names)
            if missing:
                raise ValueError(f"check {check.check} needs a column {sorted(missing)[0]}")
            if (check.check, check.subject) in seen:
                raise ValueError(f"check {check.check} {check.subject}".rstrip() + " is there twice")
            seen.add((check.check, check.subject))
        return self

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def layer(self) -> str:
        return self.table.split(".")[0]

    @property
    def schema_ddl(self) -> str:
        """The columns as Spark SQL reads a schema: `name TYPE NOT NULL, …`."""
        return ", ".join(f"{column.name} {column.type}{'' if column.nullable else ' NOT NULL'}" for column in self.columns)

    def create_statement(self, location: str) -> str:
        """`CREATE TABLE` for the Delta table at `location`, with Chinese comments for those who query it."""
        columns = ",\n  ".join(
            f"{column.name} {column.type}{'' if column.nullable else ' NOT NULL'} COMMENT '{_quoted(column.zh)}'"
            for column in self.columns
        )
        partition = f"\nPARTITIONED BY ({', '.join(self.partitioned_by)})" if self.partitioned_by else ""
        properties = {"delta.enableChangeDataFeed": "true"} if self.change_feed else {}
        if self.skipped_by:
            properties["delta.dataSkippingStatsColumns"] = ",".join(self.skipped_by)
        told = ", ".join(f"'{name}' = '{value}'" for name, value in properties.items())
        feed = f"\nTBLPROPERTIES ({told})" if told else ""
        return (
            f"CREATE TABLE IF NOT EXISTS delta.`{location}` (\n  {columns}\n) USING delta{partition}"
            f"\nCOMMENT '{_quoted(self.title.zh)}'{feed}"
        )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def load_contract(path: Path) -> Contract:
    """The contract in one file.

    A contract that says `like: layer.table` has that table's columns.

    Raises:
        RadarError: the file breaks the contract format, or its table is not the one its path says.
    """
    raw = read_yaml(path)
    if isinstance(raw, dict) and "like" in raw:
        layer, _, name = str(raw.pop("like")).partition(".")
        raw["columns"] = read_yaml(ROOT / layer / f"{name}.yml")["columns"]
    try:
        contract = Contract.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise RadarError(f"contract {path.name}: {place}: {first['msg']}") from error
    if contract.table != f"{path.parent.name}.{path.stem}":
        raise RadarError(f"contract {path.parent.name}/{path.name} describes {contract.table}")
    return contract


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by table name, in the order of the layers."""
    paths = [path for layer in LAYERS for path in sorted((ROOT / layer).glob("*.yml"))]
    return {contract.table: contract for contract in map(load_contract, paths)}


def contract_of(table: str) -> Contract:
    """The contract of a table.

    Raises:
        RadarError: there is none, so the table may not exist.
    """
    try:
        return contracts()[table]
    except KeyError:
        raise RadarError(f"table {table} has no contract file in warehouse/") from None
