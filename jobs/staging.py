"""Rows on their way into bronze: from a reader, row by row, into a Parquet file that Spark reads in parallel."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from warehouse.landing import Row

BATCH_ROWS = 20_000
CELLS = pa.map_(pa.string(), pa.string())
SCHEMA = pa.schema([("load_id", pa.string()), ("row_number", pa.int64()), ("raw", CELLS), ("problem", pa.string())])


class Rows(Protocol):
    """Anything that is read row by row."""

    def rows(self) -> Iterator[Row]:
        """The rows as they arrived."""


@dataclass(frozen=True)
class Staged:
    """What was staged of a delivery: how many rows, and the columns that they have, in the order of their appearance."""

    rows: int
    columns: tuple[str, ...]


def staged(deliveries: Mapping[str, Rows], path: Path) -> dict[str, Staged]:
    """Write the rows of deliveries by load id to a Parquet file, in constant memory.

    Raises:
        RadarError: a delivery cannot be cut into rows.
    """
    done = {}
    with pq.ParquetWriter(path, SCHEMA) as writer:
        for load_id, delivery in deliveries.items():
            count = 0
            columns: dict[str, None] = {}
            for batch in _batches(delivery.rows()):
                writer.write_table(_table(load_id, batch))
                count += len(batch)
                for names in {row.names: None for row in batch}:
                    columns |= dict.fromkeys(names)
            done[load_id] = Staged(count, tuple(columns))
    return done


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, BATCH_ROWS)):
        yield batch


def _table(load_id: str, rows: Sequence[Row]) -> pa.Table:
    # Names and cells of all rows lie end to end, as Arrow keeps maps; a dictionary per row would cost half the time.
    offsets = [0, *itertools.accumulate(len(row.cells) for row in rows)]
    names = pa.array(list(itertools.chain.from_iterable(row.names for row in rows)), pa.string())
    cells = pa.array(list(itertools.chain.from_iterable(row.cells for row in rows)), pa.string())
    return pa.table(
        [
            pa.repeat(load_id, len(rows)),
            pa.array([row.number for row in rows], pa.int64()),
            pa.MapArray.from_arrays(offsets, names, cells),
            pa.array([row.problem for row in rows], pa.string()),
        ],
        schema=SCHEMA,
    )
