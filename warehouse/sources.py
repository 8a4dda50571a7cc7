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
from warehouse.files import ROOT, read_yaml, reference_version
from warehouse.landing import SHEET, LandingFile, Sheet
from warehouse.origins import Database, FieldMapping, Template

SILVER = "silver.complaints"
# Fields that name a person, and the columns of their keyed hashes in silver.
IDENTIFIERS = {
    "filer": "filer_key",
    "phone": "phone_key",
    "id_number": "id_number_key",
    "person_name": "person_name_key",
    "home_address": "home_address_key",
}
VERSION = "version_at"
# What silver derives itself.
DERIVED = {
    *("source", "stream", "event_date", "event_month", "stage", "warnings", "version_hash"),
    *("load_id", "load_sequence", "load_date", "row_number"),
    *IDENTIFIERS.values(),
}


class Stream(Strict):
    """Sources of one stream are counted and judged together."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    zh: Sentence
    calendar: Literal["cn", "none"]


class SourceMapping(Strict):
    """One source's export.

    Attributes:
        missing: cells that mean: no value.
        ignored_sheets: sheets of a workbook that hold no complaints, such as instructions.
        template: headings within a text that `slot` origins read.
        database: how it is read by JDBC, where it is.
        version: hash of the mapping and the tables it decodes by.
    """

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    stream: Stream
    missing: list[str] = []
    ignored_sheets: list[str] = []
    template: Template | None = None
    database: Database | None = None
    fields: dict[str, FieldMapping]
    constants: dict[str, str] = {}
    version: str = ""

    @model_validator(mode="after")
    def _known_fields(self) -> SourceMapping:
        contract = contract_of(SILVER)
        known = {*contract.column_names, *IDENTIFIERS} - DERIVED
        for name in (*self.fields, *self.constants):
            if name not in known:
                raise ValueError(f"{name} is no field of {SILVER}")
        for column in contract.columns:
            if not column.nullable and column.name not in {*self.fields, *self.constants, *DERIVED, VERSION}:
                raise ValueError(f"{column.name} is neither mapped nor constant")
        labels = self.template.labels if self.template else []
        for name, field in self.fields.items():
            for origin in field.origins:
                if origin.slot and origin.slot not in labels:
                    raise ValueError(f"{name} reads the slot {origin.slot}, which is no label of the template")
        return self

    @property
    def columns(self) -> dict[str, list[str]]:
        """Fields by the column that feeds them; the template's text feeds the fields of its slots."""
        feeds: dict[str, list[str]] = {}
        for name, field in self.fields.items():
            slots = self.template.columns if self.template and any(origin.slot for origin in field.origins) else []
            for column in dict.fromkeys([*field.named, *slots]):
                feeds.setdefault(column, []).append(name)
        return feeds

    def missing_from(self, header: Collection[str]) -> dict[str, list[str]]:
        """Required fields of which a header has no column, with the columns that would do."""
        names = {*header, SHEET}
        return {name: field.named for name, field in self.fields.items() if field.required and not set(field.named) & names}

    def fitting(self, file: LandingFile) -> tuple[Sheet, ...]:
        """The sheets of a file that hold complaints of this source.

        Raises:
            RadarError: a required column is missing in a sheet that is not to be ignored.
        """
        sheets = []
        for sheet in file.sheets:
            missing = self.missing_from(sheet.header)
            if not missing:
                sheets.append(sheet)
            elif sheet.name not in self.ignored_sheets:
                name, alternatives = next(iter(missing.items()))
                place = f"{file.name}, sheet {sheet.name}" if sheet.name else file.name
                raise RadarError(
                    f"{place}: the column for {name} is missing: none of {', '.join(alternatives)} is in the header"
                )
        if not sheets:
            raise RadarError(f"{file.name}: all sheets are ignored by the mapping {self.source}")
        return tuple(sheets)


def load_mapping(path: Path) -> SourceMapping:
    """The mapping in one file, its version a hash of the file and of the tables that it decodes by.

    Raises:
        RadarError: the file breaks the mapping format.
    """
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise RadarError(f"source mapping {path.name}: file: no mapping")
    try:
        mapping = SourceMapping.model_validate(raw)
        mapping = mapping.model_copy(update={"version": _version(path, mapping)})
    except ValidationError as error:
        first = error.errors()[0]
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


def _version(path: Path, mapping: SourceMapping) -> str:
    tables = {origin.codes_from for field in mapping.fields.values() for origin in field.origins if origin.codes_from}
    digest = hashlib.sha256(path.read_bytes())
    digest.update(reference_version(*(f"{table}.csv" for table in sorted(tables))).encode())
    return digest.hexdigest()[:12]
