"""Source mappings: which column of an export feeds which field, how dates and codes read, and what is constant."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from warehouse.contracts import Sentence, Strict, Text, contract_of
from warehouse.errors import RadarError
from warehouse.files import ROOT, read_yaml

SILVER = "silver.complaints"
# Fields that a mapping feeds and silver stores under another name or not at all.
IDENTIFIERS = "filer"
VERSION = "version_at"
# What silver derives itself.
DERIVED = {"source", "stream", "event_date", "event_month", "filer_key", "load_id", "load_sequence", "row_number"}


class Stream(Strict):
    """Sources of one stream are counted and judged together."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    zh: Sentence
    calendar: Literal["cn", "none"]


class Pick(Strict):
    """Of several values in one cell, the first that is not among those to skip; the very first if all are."""

    separator: Sentence
    skip: list[str] = []


class FieldMapping(Strict):
    """Where a canonical field comes from.

    Attributes:
        columns: header aliases; the first that has a value in the row is read.
        join: columns whose values are put together, instead of `columns`.
        separator: between joined values.
        required: the file must have the column; a row without a value is rejected if the field's silver column must have one.
        dates: Spark date patterns, tried in order, for dates and times.
        codes: decoding of values; a value that is not in it becomes `otherwise`.
        otherwise: what an undecodable value becomes; nothing if left out.
        split: pattern between the values of a list.
        pick: which of several values counts.
    """

    columns: list[Sentence] = []
    join: list[Sentence] = []
    separator: str = "·"
    required: bool = False
    dates: list[Sentence] = []
    codes: dict[str, str] = {}
    otherwise: str | None = None
    split: str | None = None
    pick: Pick | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> FieldMapping:
        if bool(self.columns) == bool(self.join):
            raise ValueError("give either columns or join")
        return self


class SourceMapping(Strict):
    """One source's export."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    stream: Stream
    missing: list[str] = []
    fields: dict[str, FieldMapping]
    constants: dict[str, str] = {}
    version: str = ""

    @model_validator(mode="after")
    def _known_fields(self) -> SourceMapping:
        contract = contract_of(SILVER)
        known = {*contract.column_names, IDENTIFIERS} - DERIVED
        for name in (*self.fields, *self.constants):
            if name not in known:
                raise ValueError(f"{name} is no field of {SILVER}")
        for column in contract.columns:
            if not column.nullable and column.name not in {*self.fields, *self.constants, *DERIVED, VERSION}:
                raise ValueError(f"{column.name} is neither mapped nor constant")
        return self

    def require_columns(self, header: Collection[str], file_name: str) -> None:
        """Check that a file has what this mapping cannot do without.

        Raises:
            RadarError: a required column is missing.
        """
        for name, field in self.fields.items():
            alternatives = field.columns or field.join
            if field.required and not set(alternatives) & set(header):
                raise RadarError(
                    f"{file_name}: the column for {name} is missing: none of {', '.join(alternatives)} is in the header"
                )


def load_mapping(path: Path) -> SourceMapping:
    """The mapping in one file, its version a hash of the file.

    Raises:
        RadarError: the file breaks the mapping format.
    """
    raw = read_yaml(path)
    try:
        mapping = SourceMapping.model_validate({**raw, "version": hashlib.sha256(path.read_bytes()).hexdigest()[:12]})
    except (ValidationError, TypeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": "no mapping"}
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise RadarError(f"source mapping {path.name}: {place}: {first['msg']}") from error
    if mapping.source != path.stem:
        raise RadarError(f"source mapping {path.name} describes {mapping.source}")
    return mapping


@cache
def mappings() -> dict[str, SourceMapping]:
    """All mappings by source name."""
    return {mapping.source: mapping for mapping in map(load_mapping, sorted((ROOT / "sources").glob("*.yml")))}


def mapping_of(source: str) -> SourceMapping:
    """The mapping of a source.

    Raises:
        RadarError: there is none.
    """
    try:
        return mappings()[source]
    except KeyError:
        raise RadarError(f"source {source} is not known; there are {', '.join(mappings())}") from None


def streams() -> dict[str, Stream]:
    """All streams by id."""
    return {mapping.stream.id: mapping.stream for mapping in mappings().values()}
