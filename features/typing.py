"""From cells as they arrived to typed columns, with every rule that a row breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.rules import judged
from features.templates import slot_of
from warehouse.contracts import contract_of
from warehouse.sources import DERIVED, IDENTIFIERS, SILVER, VERSION, SourceMapping

if TYPE_CHECKING:
    from collections.abc import Collection

    from pyspark.sql import Column, DataFrame

    from warehouse.origins import FieldMapping, Origin

NUMBER = r"^(?:约|共|合计|人民币|RMB|CNY)?[¥￥]?(-?\d+(?:\.\d+)?)(万?)(?:余|多)?元?(?:整|左右)?$"
TEN_THOUSAND = 10_000
DECORATION = r"[,，\s]"
# Spaces that trimming does not know: the wide one of Chinese texts, the hard one of web pages, byte order marks, tabs.
ODD_SPACES = "\u3000\u00a0\ufeff\t"
YES, NO = ("是", "有", "y", "yes", "true", "t", "1"), ("否", "无", "n", "no", "false", "f", "0")
# What readers of typed formats write, whatever the mapping says.
ISO_DATES = ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd")
CARRIED = ("load_id", "load_sequence", "row_number", "raw", "problem", "load_date", "load_month")


# The row's cells as far as they say something, by column.
CELLS = "cells"


def typed(bronze: DataFrame, mapping: SourceMapping, columns: Collection[str]) -> DataFrame:
    """The typed columns of silver, the identifiers in the clear, `reasons` and `warnings`; accepted rows have no reasons.

    Args:
        bronze: rows of `bronze.complaints` of the mapping's source with their `load_sequence`.
        mapping: how to read them.
        columns: columns that the rows have; the mapping's others are not looked for, which makes the plan a third as large.

    An optional value that cannot be read becomes null and is a warning; one that silver must have is a reason.
    """
    contract = contract_of(SILVER)
    types = {column.name: column.type for column in contract.columns if column.name not in DERIVED}
    types |= dict.fromkeys(IDENTIFIERS, "STRING")
    # Each step is a projection of its own: what one computes, the next refers to by name. As one expression the planner
    # would copy every text into every pattern that it is tried with.
    cells = bronze.select(*CARRIED, _telling_cells(mapping).alias(CELLS))
    present = frozenset(columns)
    origins = {name: _present(mapping.fields.get(name), mapping, present) for name in types}
    texts = cells.select(*CARRIED, *(text for name in types for text in _texts(name, origins[name], mapping, present)))
    values = texts.select(
        *CARRIED, *(column for name, kind in types.items() for column in _values(name, kind, origins[name], mapping))
    )
    rows = values.withColumns(
        {
            VERSION: F.coalesce(VERSION, "registered_at"),
            "source": F.lit(mapping.source),
            "stream": F.lit(mapping.stream.id),
            "event_date": F.to_date("registered_at"),
            "event_month": F.date_format("registered_at", "yyyy-MM"),
            "stage": _stage(),
        }
    )
    raw = {name: _raw(name) for name in types}
    # A version without a time of its own stands under that of the registration; it is missing only where that one is.
    del raw[VERSION]
    return judged(rows, raw, {*mapping.fields, *mapping.constants}).drop(*map(_raw, types))


def _raw(name: str) -> str:
    return f"{name}__raw"


def _telling_cells(mapping: SourceMapping) -> Column:
    """The cells without the spaces around them, and without those that mean: no value."""
    trimmed = F.transform_values("raw", lambda _, cell: F.trim(F.translate(cell, ODD_SPACES, " " * len(ODD_SPACES))))
    return F.map_filter(trimmed, lambda _, cell: cell.isNotNull() & ~cell.isin("", *mapping.missing))


def _present(field: FieldMapping | None, mapping: SourceMapping, columns: frozenset[str]) -> list[Origin]:
    """The origins of a field that the columns feed."""
    template = set(mapping.template.columns) if mapping.template else set()
    return [origin for origin in (field.origins if field else []) if columns & (template if origin.slot else {*origin.named})]


def _origin_text(name: str, place: int) -> str:
    return f"{name}__{place}"


def _texts(name: str, origins: list[Origin], mapping: SourceMapping, columns: frozenset[str]) -> list[Column]:
    """The text that each origin of a field has, null where it has none."""
    return [_text(origin, mapping, columns).alias(_origin_text(name, place)) for place, origin in enumerate(origins)]


def _text(origin: Origin, mapping: SourceMapping, columns: frozenset[str]) -> Column:
    if origin.slot and mapping.template:
        text = slot_of(_first(mapping.template.columns, columns), origin.slot, mapping.template.labels)
        text = F.when(~text.isin("", *mapping.missing), text)
    elif origin.join:
        cells = [_cell(column) for column in origin.join if column in columns]
        text = F.when(F.coalesce(*cells).isNotNull(), F.concat_ws(origin.separator, *cells))
    else:
        text = _first(origin.columns, columns)
    if origin.missing:
        text = F.when(~text.isin(origin.missing), text)
    if origin.extract:
        text = F.nullif(F.regexp_extract(text, origin.extract, 1), F.lit(""))
    return _picked(text, origin)


def _cell(column: str) -> Column:
    return F.try_element_at(F.col(CELLS), F.lit(column))


def _first(aliases: list[str], columns: frozenset[str]) -> Column:
    return F.coalesce(*(_cell(alias) for alias in aliases if alias in columns))


def _values(name: str, type_name: str, origins: list[Origin], mapping: SourceMapping) -> tuple[Column, Column]:
    """A field's text and its value. The first origin with a text decides, also where that cannot be read."""
    if name in mapping.constants:
        constant = F.lit(mapping.constants[name])
        return constant.alias(_raw(name)), _parse(constant, type_name, []).alias(name)
    if not origins:
        return F.lit(None).cast("string").alias(_raw(name)), F.lit(None).cast(type_name.lower()).alias(name)
    texts = [F.col(_origin_text(name, place)) for place in range(len(origins))]
    *before, value = (_read(text, type_name, origin) for text, origin in zip(texts, origins, strict=True))
    for text, read in zip(reversed(texts[:-1]), reversed(before), strict=True):
        value = F.when(text.isNotNull(), read).otherwise(value)
    return F.coalesce(*texts).alias(_raw(name)), value.alias(name)


def _read(text: Column, type_name: str, origin: Origin) -> Column:
    return _list(text, origin) if type_name == "ARRAY<STRING>" else _parse(_decoded(text, origin), type_name, origin.dates)


def _picked(text: Column, origin: Origin) -> Column:
    pick = origin.pick
    if pick is None:
        return text
    values = F.filter(F.split(text, pick.separator), lambda value: value != "")
    telling = F.filter(values, lambda value: ~value.isin(pick.skip)) if pick.skip else values
    return F.coalesce(F.try_element_at(telling, F.lit(1)), F.try_element_at(values, F.lit(1)))


def _decoded(text: Column, origin: Origin) -> Column:
    codes = origin.decoding
    if not codes:
        return text
    decoded = F.try_element_at(F.create_map(*(F.lit(part) for pair in codes.items() for part in pair)), text)
    return F.when(text.isNotNull(), F.coalesce(decoded, F.lit(origin.otherwise)))


def _list(text: Column, origin: Origin) -> Column:
    parts = F.transform(F.split(text, origin.split), F.trim) if origin.split else F.array(text)
    return F.when(text.isNotNull(), F.filter(parts, lambda part: part != ""))


def _parse(text: Column, type_name: str, dates: list[str]) -> Column:
    if type_name in ("TIMESTAMP", "DATE"):
        times = [F.try_to_timestamp(text, F.lit(pattern)) for pattern in dict.fromkeys((*dates, *ISO_DATES))]
        return F.coalesce(*times).cast(type_name.lower())
    if type_name == "STRING":
        return text
    return _yes_or_no(text) if type_name == "BOOLEAN" else _number(text, type_name)


def _number(text: Column, type_name: str) -> Column:
    plain = F.regexp_replace(text, DECORATION, "")
    figure = F.nullif(F.regexp_extract(plain, NUMBER, 1), F.lit("")).try_cast("decimal(24,6)")
    tens = F.when(F.regexp_extract(plain, NUMBER, 2) == "万", F.lit(TEN_THOUSAND)).otherwise(F.lit(1))
    return (figure * tens).try_cast(type_name.lower())


def _yes_or_no(text: Column) -> Column:
    told = F.lower(text)
    return F.when(told.isin(*YES), F.lit(True)).when(told.isin(*NO), F.lit(False))


def _stage() -> Column:
    """Where the handling stands, by the furthest step that the source tells of."""
    return (
        F.when(F.col("decision") == "不予受理", "不予受理")
        .when(F.col("closed_at").isNotNull() | F.col("close_type").isNotNull(), "已办结")
        .when((F.col("decision") == "受理") | F.col("accepted_at").isNotNull(), "已受理")
        .otherwise("已登记")
    )
