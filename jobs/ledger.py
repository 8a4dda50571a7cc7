"""The ledger of loads: what came in, how far it got, and which days it touched."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.storage import sql_in, to_dicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.staging import Staged
    from warehouse.landing import Row
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

LOADS = "ops.loads"
ARRIVING, INGESTED, REFINED, COUNTED, ABANDONED = "arriving", "ingested", "refined", "counted", "abandoned"


class Delivery(Protocol):
    """What a load is made of: a landing file, or an extract of a database."""

    @property
    def name(self) -> str: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def watermark_from(self) -> str | None: ...
    @property
    def watermark_to(self) -> str | None: ...
    def rows(self) -> Iterator[Row]:
        """Its rows as they arrived."""


@dataclass(frozen=True)
class Load:
    """A row of `ops.loads`."""

    load_id: str
    load_sequence: int
    source: str
    stream: str
    file_name: str
    content_hash: str
    format: str
    encoding: str
    load_date: dt.date
    mapping_version: str
    code_version: str
    state: str
    rows_in: int
    columns: tuple[str, ...] = ()
    watermark_from: str | None = None
    watermark_to: str | None = None
    rule_version: str | None = None
    rows_accepted: int | None = None
    rows_rejected: int | None = None
    rows_warned: int | None = None
    rows_changing: int | None = None
    first_event_date: dt.date | None = None
    last_event_date: dt.date | None = None
    touched_days: list[dt.date] = field(default_factory=list)
    versions_before: dict[str, int] | None = None
    versions_after: dict[str, int] | None = None
    raw_purged_on: dt.date | None = None

    @property
    def load_month(self) -> str:
        """Partition of the load's rows in bronze and among the rejected."""
        return f"{self.load_date:%Y-%m}"

    def at(self, state: str) -> Load:
        return replace(self, state=state)


def load_id(source: str, content_hash: str) -> str:
    """The name of a load: the same content of the same source is the same load."""
    return hashlib.sha256(f"{source}:{content_hash}".encode()).hexdigest()[:16]


def new_load(mapping: SourceMapping, delivery: Delivery, sequence: int, load_date: dt.date, on_the_way: Staged) -> Load:
    """The ledger row that announces a delivery, before its rows go into bronze."""
    return Load(
        load_id=load_id(mapping.source, delivery.content_hash),
        load_sequence=sequence,
        source=mapping.source,
        stream=mapping.stream.id,
        file_name=delivery.name,
        content_hash=delivery.content_hash,
        format=delivery.format,
        encoding=delivery.encoding,
        watermark_from=delivery.watermark_from,
        watermark_to=delivery.watermark_to,
        load_date=load_date,
        mapping_version=mapping.version,
        code_version=version("complaint-radar"),
        state=ARRIVING,
        rows_in=on_the_way.rows,
        columns=on_the_way.columns,
    )


def loads(warehouse: Warehouse, *, state: str | None = None) -> list[Load]:
    """The loads in their order, all or those in one state."""
    rows = warehouse.read(LOADS)
    if state:
        rows = rows.filter(F.col("state") == state)
    found = [Load(**{**row, **_plain(row)}) for row in to_dicts(rows)]
    return sorted(found, key=lambda load: load.load_sequence)


def record(warehouse: Warehouse, changed: Sequence[Load]) -> None:
    """Write loads to the ledger, new or in a new state, in one commit."""
    if changed:
        rows = warehouse.spark.createDataFrame([asdict(load) for load in changed], contract_of(LOADS).schema_ddl)
        warehouse.replace(LOADS, rows, where=sql_in("load_id", [load.load_id for load in changed]))


def days_of(changed: Iterable[Load]) -> list[dt.date]:
    """Every day that one of the loads touched, in order."""
    return sorted({day for load in changed for day in load.touched_days})


def months_of(days: Iterable[dt.date]) -> list[str]:
    """The months of days, as tables are partitioned."""
    return sorted({f"{day:%Y-%m}" for day in days})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Lists and maps as Python has them; Arrow gives maps as pairs."""
    maps = {name: dict(row[name]) if row[name] is not None else None for name in ("versions_before", "versions_after")}
    return {"touched_days": row["touched_days"] or [], "columns": tuple(row["columns"] or ()), **maps}
