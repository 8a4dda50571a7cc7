"""From cells as they arrived to typed columns, with every reason why a row cannot be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.sources import DERIVED, IDENTIFIERS, SILVER, VERSION, FieldMapping, SourceMapping

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

KINDS = ("投诉", "举报", "咨询")
REASONS = "reasons"
NUMBER_DECORATION = r"[,，元￥¥\s]"
CARRIED = ("load_id", "load_sequence", "row_number", "load_date", "load_month")


def typed(bronze: DataFrame, mapping: SourceMapping) -> DataFrame:
    """The typed columns of silver, `filer` in the clear, and an array of `reasons`; accepted rows have none.

    Args:
        bronze: rows of `bronze.complaints` of the mapping's source with their `load_sequence`.
        mapping: how to read them.

    An optional value that cannot be read becomes null; one that silver must have is a reason.
    """
    contract = contract_of(SILVER)
    types = {column.name: column.type for column in contract.columns if column.name not in DERIVED} | {IDENTIFIERS: "STRING"}
    texts = {name: _text(mapping, name) for name in types}
    values = {name: _parse(texts[name], types[name], mapping.fields.get(name)) for name in types}
    values[VERSION] = F.coalesce(values[VERSION], values["registered_at"])
    needed = [column.name for column in contract.columns if not column.nullable and column.name in types]
    rows = bronze.select(
        *CARRIED,
        *(value.alias(name) for name, value in values.items()),
        F.array_compact(
            F.array(
                F.col("problem"),
                *(_reason(name, texts[name], values[name]) for name in needed if name != VERSION),
                _kind_reason(values["kind"]),
            )
        ).alias(REASONS),
    )
    return rows.withColumns(
        {
            "source": F.lit(mapping.source),
            "stream": F.lit(mapping.stream.id),
            "event_date": F.to_date("registered_at"),
            "event_month": F.date_format("registered_at", "yyyy-MM"),
        }
    )


def _text(mapping: SourceMapping, name: str) -> Column:
    if name in mapping.constants:
        return F.lit(mapping.constants[name])
    field = mapping.fields.get(name)
    if field is None:
        return F.lit(None).cast("string")
    if field.join:
        cells = [_cell(column, mapping.missing) for column in field.join]
        joined = F.concat_ws(field.separator, *cells)
        text = F.when(F.coalesce(*cells).isNotNull(), joined)
    else:
        text = F.coalesce(*(_cell(column, mapping.missing) for column in field.columns))
    return _decoded(_picked(text, field), field)


def _cell(column: str, missing: list[str]) -> Column:
    value = F.trim(F.try_element_at(F.col("raw"), F.lit(column)))
    return F.when(~value.isin("", *missing), value)


def _picked(text: Column, field: FieldMapping) -> Column:
    pick = field.pick
    if pick is None:
        return text
    values = F.split(text, pick.separator)
    telling = F.filter(values, lambda value: ~value.isin(pick.skip)) if pick.skip else values
    return F.coalesce(F.try_element_at(telling, F.lit(1)), F.try_element_at(values, F.lit(1)))


def _decoded(text: Column, field: FieldMapping) -> Column:
    if not field.codes:
        return text
    pairs = [F.lit(part) for pair in field.codes.items() for part in pair]
    decoded = F.try_element_at(F.create_map(*pairs), text)
    return F.when(text.isNotNull(), F.coalesce(decoded, F.lit(field.otherwise)))


def _parse(text: Column, type_name: str, field: FieldMapping | None) -> Column:
    if type_name in ("TIMESTAMP", "DATE"):
        patterns = field.dates if field else []
        times = [F.try_to_timestamp(text, F.lit(pattern)) for pattern in patterns]
        return F.coalesce(*times, F.lit(None)).cast(type_name.lower())
    if type_name == "ARRAY<STRING>":
        pattern = field.split if field and field.split else "$^"
        parts = F.transform(F.split(text, pattern), F.trim)
        return F.filter(parts, lambda part: part != "")
    if type_name == "STRING":
        return text
    return F.regexp_replace(text, NUMBER_DECORATION, "").try_cast(type_name.lower())


def _reason(name: str, text: Column, value: Column) -> Column:
    return F.when(text.isNull(), F.lit(f"{name} is missing")).when(value.isNull(), F.lit(f"{name} is unreadable"))


def _kind_reason(kind: Column) -> Column:
    return F.when(~kind.isin(*KINDS), F.lit(f"kind is none of {', '.join(KINDS)}"))
