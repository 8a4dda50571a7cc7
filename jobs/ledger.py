"""The ledger of loads: what came in, how far it got, and which days it touched."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.storage import sql_literal, to_dicts

if TYPE_CHECKING:
    from warehouse.landing import LandingFile
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

LOADS = "ops.loads"
ARRIVING, INGESTED, REFINED, COUNTED = "arriving", "ingested", "refined", "counted"


@dataclass(frozen=True)
class Load:
    """A row of `ops.loads`."""

    load_id: str
    load_sequence: int
    source: str
    stream: str
    file_name: str
    content_hash: str
    encoding: str
    load_date: dt.date
    mapping_version: str
    code_version: str
    state: str
    rows_in: int
    rows_accepted: int | None = None
    rows_rejected: int | None = None
    first_event_date: dt.date | None = None
    last_event_date: dt.date | None = None
    touched_days: list[dt.date] = field(default_factory=list)

    @property
    def load_month(self) -> str:
        """Partition of the load's rows in bronze and among the rejected."""
        return f"{self.load_date:%Y-%m}"

    def at(self, state: str) -> Load:
        return replace(self, state=state)


def load_id(source: str, content_hash: str) -> str:
    """The name of a load: the same content of the same source is the same load."""
    return hashlib.sha256(f"{source}:{content_hash}".encode()).hexdigest()[:16]


def new_load(mapping: SourceMapping, file: LandingFile, sequence: int, load_date: dt.date, rows_in: int) -> Load:
    """The ledger row that announces a file, before its rows go into bronze."""
    return Load(
        load_id=load_id(mapping.source, file.content_hash),
        load_sequence=sequence,
        source=mapping.source,
        stream=mapping.stream.id,
        file_name=file.path.name,
        content_hash=file.content_hash,
        encoding=file.encoding,
        load_date=load_date,
        mapping_version=mapping.version,
        code_version=version("complaint-radar"),
        state=ARRIVING,
        rows_in=rows_in,
    )


def loads(warehouse: Warehouse, *, state: str | None = None) -> list[Load]:
    """The loads in their order, all or those in one state."""
    rows = warehouse.read(LOADS)
    if state:
        rows = rows.filter(F.col("state") == state)
    found = [Load(**{**row, "touched_days": row["touched_days"] or []}) for row in to_dicts(rows)]
    return sorted(found, key=lambda load: load.load_sequence)


def record(warehouse: Warehouse, changed: Sequence[Load]) -> None:
    """Write loads to the ledger, new or in a new state, in one commit."""
    if changed:
        rows = warehouse.spark.createDataFrame([asdict(load) for load in changed], contract_of(LOADS).schema_ddl)
        ids = ", ".join(sql_literal(load.load_id) for load in changed)
        warehouse.replace(LOADS, rows, where=f"load_id IN ({ids})")


def days_of(changed: Iterable[Load]) -> list[dt.date]:
    """Every day that one of the loads touched, in order."""
    return sorted({day for load in changed for day in load.touched_days})


def months_of(days: Iterable[dt.date]) -> list[str]:
    """The months of days, as tables are partitioned."""
    return sorted({f"{day:%Y-%m}" for day in days})
