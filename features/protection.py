"""The border behind bronze: texts masked, identifiers hashed, the place resolved, telling cells of rejected rows hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from features.masking import keyed_hash, mask
from features.regions import find_region, resolve
from features.rules import REASONS
from warehouse.contracts import contract_of
from warehouse.files import reference_lines
from warehouse.sources import IDENTIFIERS, SILVER, SourceMapping

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

HIDDEN = "***"
MASKED_BY_SOURCE = "*"
LONGEST_NAME = 4


def protected(rows: DataFrame, mapping: SourceMapping, key: bytes) -> DataFrame:
    """Typed rows without personal data.

    Identifiers become keyed hashes, texts that people wrote are masked, `region_code` is filled in from `region_text`, or
    else from `content`.
    `raw` keeps its cells only where the row is rejected, and then masked.

    Args:
        rows: what `features.typing.typed` gives.
        mapping: the mapping they were read with.
        key: key of the hashes.
    """
    # Accepted rows leave their cells behind here, which also spares them the way through Python.
    kept = rows.withColumn("raw", F.when(F.size(REASONS) > 0, F.col("raw")))
    schema = StructType(
        [StructField(IDENTIFIERS[field.name], StringType()) if field.name in IDENTIFIERS else field for field in kept.schema]
    )
    shown = _shown_columns(mapping)

    def protect(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _protect_batch(batch, shown, key)

    return kept.mapInArrow(protect, schema)


def hide(raw: Mapping[str, str | None], shown: frozenset[str]) -> dict[str, str | None]:
    """The cells of a rejected row for people to look at: masked, and hidden where they may name a person.

    Cells of columns that the mapping does not read or that feed an identifier are hidden. So is a cell that is nothing but
    a name: in a row whose cells are shifted, it may stand in any column.
    """
    return {column: _hidden(cell) if column in shown else (HIDDEN if cell else cell) for column, cell in raw.items()}


def _shown_columns(mapping: SourceMapping) -> frozenset[str]:
    return frozenset(column for column, fields in mapping.columns.items() if not set(fields) & IDENTIFIERS.keys())


def _hidden(cell: str | None) -> str | None:
    return HIDDEN if cell and _name_alone().fullmatch(cell.strip()) else _masked(cell)


@cache
def _name_alone() -> re.Pattern[str]:
    surnames = "".join(reference_lines("surnames"))
    return re.compile(rf"[{surnames}][一-鿿·]{{1,{LONGEST_NAME - 1}}}")


@cache
def _masked_columns() -> frozenset[str]:
    return frozenset(column.name for column in contract_of(SILVER).columns if column.masked)


def _masked(text: str | None) -> str | None:
    return mask(text) if text else text


def _protect_batch(batch: pa.RecordBatch, shown: frozenset[str], key: bytes) -> pa.RecordBatch:
    columns = {name: batch.column(name) for name in batch.schema.names}
    # The place is resolved before its text is masked: an address names its region best in full.
    told = [columns[name].to_pylist() for name in ("region_code", "region_text", "content")]
    columns["region_code"] = pa.array([code or _region(*texts) for code, *texts in zip(*told, strict=True)], pa.string())
    for name in _masked_columns():
        columns[name] = _masked_column(columns[name])
    cells = [list(hide(dict(cells), shown).items()) if cells is not None else None for cells in columns["raw"].to_pylist()]
    columns["raw"] = pa.array(cells, columns["raw"].type)
    for identifier in IDENTIFIERS:
        hashes = [_hashed(text, key) for text in columns[identifier].to_pylist()]
        columns[identifier] = pa.array(hashes, pa.string())
    names = [IDENTIFIERS.get(name, name) for name in columns]
    return pa.RecordBatch.from_arrays(list(columns.values()), names=names)


def _region(place: str | None, content: str | None) -> str | None:
    """The region of the place that the source names, or else of one that the complaint itself names."""
    found = resolve(place) if place else None
    if found or not content:
        return found
    mentioned = find_region(content)
    return mentioned.code if mentioned else None


def _hashed(identifier: str | None, key: bytes) -> str | None:
    """The keyed hash; none of what a source has masked already, for `138****5678` is many people."""
    return keyed_hash(identifier, key) if identifier and MASKED_BY_SOURCE not in identifier else None


def _masked_column(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        lists = [[mask(text) for text in texts] if texts is not None else None for texts in column.to_pylist()]
        return pa.array(lists, column.type)
    # Each distinct text once: most columns of a batch repeat a few hundred.
    coded = column.dictionary_encode()
    return pa.array([mask(text) for text in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
