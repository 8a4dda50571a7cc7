"""Parquet: typed columns, read as texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.errors import RadarError
from warehouse.landing.rows import Opener, Row, Sheet

BATCH_ROWS = 20_000
TIME_ZONE = "Asia/Shanghai"


class ParquetReader:
    """Rows of a Parquet file. Times become texts in Beijing time, lists and records JSON."""

    def __init__(self, opened: Opener, file_name: str) -> None:
        self._opened, self._name = opened, file_name

    def sheets(self, _: Collection[str]) -> tuple[Sheet, ...]:
        with self._opened() as file:
            try:
                table = pq.ParquetFile(file)
            except pa.ArrowException as error:
                raise RadarError(f"{self._name}: not a readable Parquet file") from error
            return (Sheet("", tuple(table.schema_arrow.names) if table.metadata.num_rows else ()),)

    def rows(self, sheets: Sequence[Sheet]) -> Iterator[Row]:
        (sheet,) = sheets
        number = 0
        with self._opened() as file:
            try:
                for batch in pq.ParquetFile(file).iter_batches(BATCH_ROWS):
                    columns = [_texts(column) for column in batch.columns]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        yield Row(number, sheet.header, cells, None)
            except pa.ArrowException as error:
                raise RadarError(f"{self._name}: the Parquet file is damaged behind row {number}") from error


def _texts(column: pa.Array) -> list[str | None]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = pc.local_timestamp(column.cast(pa.timestamp("us", TIME_ZONE)))
        column = pc.strftime(column.cast(pa.timestamp("s"), safe=False), "%Y-%m-%d %H:%M:%S")
    elif pa.types.is_dictionary(kind):
        return _texts(column.dictionary_decode())
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [_json(value) for value in column.to_pylist()]
    texts: list[str | None] = column.cast(pa.string()).to_pylist()
    return texts


def _json(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)
