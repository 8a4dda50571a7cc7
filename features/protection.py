"""The border behind bronze: texts masked, identifiers hashed, the place resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql.types import StringType, StructField, StructType

from features.masking import keyed_hash, mask
from features.regions import resolve
from warehouse.sources import IDENTIFIERS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

HASHED = "filer_key"
MASKED = (
    "content",
    "product_name",
    "region_text",
    "merchant_name",
    "status",
    "issue_label",
    "product_label",
    "brand",
    "model",
    "handling_org",
)


def protected(rows: DataFrame, key: bytes) -> DataFrame:
    """Typed rows without personal data: `filer` becomes `filer_key`, free texts are masked, `region_code` is filled in.

    Args:
        rows: what `features.typing.typed` gives.
        key: key of the hashes.
    """
    hashed = StructField(HASHED, StringType())
    schema = StructType([hashed if field.name == IDENTIFIERS else field for field in rows.schema])

    def protect(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _protect_batch(batch, key)

    return rows.mapInArrow(protect, schema)


def _protect_batch(batch: pa.RecordBatch, key: bytes) -> pa.RecordBatch:
    columns = {name: batch.column(name) for name in batch.schema.names}
    # The place is resolved before its text is masked: an address names its region best in full.
    codes, places = columns["region_code"].to_pylist(), columns["region_text"].to_pylist()
    columns["region_code"] = pa.array(
        [code or (resolve(place) if place else None) for code, place in zip(codes, places, strict=True)], pa.string()
    )
    for name in MASKED:
        columns[name] = pa.array([mask(text) if text else None for text in columns[name].to_pylist()], pa.string())
    identifiers = columns[IDENTIFIERS].to_pylist()
    columns[IDENTIFIERS] = pa.array([keyed_hash(i, key) if i else None for i in identifiers], pa.string())
    names = [HASHED if name == IDENTIFIERS else name for name in columns]
    return pa.RecordBatch.from_arrays(list(columns.values()), names=names)
