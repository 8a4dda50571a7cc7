"""Table contracts: one YAML file per table, from which its schema, DDL and dictionary entry come."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.errors import RadarError
from warehouse.files import ROOT, read_yaml

LAYERS = ("bronze", "silver", "gold", "ops")

Sentence = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A reviewed file says what it means: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """One thing said in both languages."""

    en: Sentence
    zh: Sentence


class Column(Strict):
    """A column: its Spark SQL type and its meaning in both languages."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    type: Sentence
    nullable: bool = True
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
    columns: Annotated[list[Column], Field(min_length=1)]
    limits: list[Sentence] = []

    @model_validator(mode="after")
    def _names_exist(self) -> Contract:
        names = self.column_names
        if len(set(names)) != len(names):
            raise ValueError("a column is named twice")
        for used in (*self.key, *self.partitioned_by):
            if used not in names:
                raise ValueError(f"key or partition column {used} is not among the columns")
        if any(column.nullable for column in self.columns if column.name in self.key):
            raise ValueError("a key column must not be nullable")
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
        feed = "\nTBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')" if self.change_feed else ""
        return (
            f"CREATE TABLE IF NOT EXISTS delta.`{location}` (\n  {columns}\n) USING delta{partition}"
            f"\nCOMMENT '{_quoted(self.title.zh)}'{feed}"
        )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def load_contract(path: Path) -> Contract:
    """The contract in one file.

    Raises:
        RadarError: the file breaks the contract format, or its table is not the one its path says.
    """
    try:
        contract = Contract.model_validate(read_yaml(path))
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
