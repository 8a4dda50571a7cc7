"""Where a canonical field comes from: columns of the export, or a labelled part of its text, and how the value reads."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from warehouse.contracts import Sentence, Strict
from warehouse.files import reference_rows


class Pick(Strict):
    """Of several values in one cell, the first that is not among those to skip; the very first if all are."""

    separator: Sentence
    skip: list[str] = []


class Origin(Strict):
    """One place where a field may come from.

    Attributes:
        columns: header aliases; the first that has a value in the row is read.
        join: columns whose values are put together, instead of `columns`.
        slot: a label of the mapping's template, instead of `columns`: the part of the text behind it.
        separator: between joined values.
        missing: values that mean nothing here, beside those of the whole mapping.
        extract: pattern whose first group is the value; no match is no value.
        pick: which of several values counts.
        dates: Spark date patterns, tried in order, for dates and times.
        codes: decoding of values; a value that is not in it becomes `otherwise`.
        codes_from: a reference table `code,label` to decode by, instead of `codes`.
        otherwise: what an undecodable value becomes; unreadable if left out.
        split: pattern between the values of a list.
    """

    columns: list[Sentence] = []
    join: list[Sentence] = []
    slot: str | None = None
    separator: str = "·"
    missing: list[str] = []
    extract: str | None = None
    pick: Pick | None = None
    dates: list[Sentence] = []
    codes: dict[str, str] = {}
    codes_from: str | None = None
    otherwise: str | None = None
    split: str | None = None

    @property
    def named(self) -> list[str]:
        """The columns that it reads."""
        return [*self.columns, *self.join]

    @property
    def decoding(self) -> dict[str, str]:
        """Labels by code; empty where values are taken as they are."""
        if self.codes_from is None:
            return self.codes
        return {row["code"]: row["label"] for row in reference_rows(self.codes_from)}


class FieldMapping(Origin):
    """All places where a field may come from.

    Attributes:
        required: the file must have a column of it; a row without a value is rejected if silver must have one.
        first_of: several origins instead of one; the first that has a value in the row counts, readable or not.
    """

    required: bool = False
    first_of: Annotated[list[Origin], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> FieldMapping:
        ways = ("columns", "join", "slot", "first_of")
        if sum(bool(getattr(self, way)) for way in ways) != 1:
            raise ValueError("give one of columns, join, slot and first_of")
        for origin in self.first_of or ():
            if sum(bool(getattr(origin, way)) for way in ways[:3]) != 1:
                raise ValueError("give one of columns, join and slot in each item of first_of")
        return self

    @property
    def origins(self) -> list[Origin]:
        return self.first_of or [self]

    @property
    def named(self) -> list[str]:
        return [name for origin in self.first_of or () for name in origin.named] or super().named


class Template(Strict):
    """What a call-taker writes down under headings of his own, in one text: `商户名称：…消费金额：…`.

    Attributes:
        columns: header aliases of the text.
        labels: the headings; a colon follows each.
    """

    columns: Annotated[list[Sentence], Field(min_length=1)]
    labels: Annotated[list[Sentence], Field(min_length=1)]


class Database(Strict):
    """How a source is read from a relational database.

    Attributes:
        table: table or view, with its schema.
        watermark: column that grows with every new and changed row: a time or a number.
        overlap_minutes: how far behind the last watermark is read again, for rows that were committed late; 0 for numbers.
    """

    table: Annotated[str, Field(pattern=r'^[\w."]+$')]
    watermark: Annotated[str, Field(pattern=r"^\w+$")]
    overlap_minutes: Annotated[int, Field(ge=0)] = 0
