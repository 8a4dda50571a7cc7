"""Raw rows whose time is over: removed from bronze, and from its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs.ingest import BRONZE
from jobs.ledger import COUNTED, Load, loads, record
from warehouse.privacy import privacy
from warehouse.storage import sql_in

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


@dataclass(frozen=True)
class Purged:
    """Loads whose raw rows were removed."""

    loads: list[Load]

    @property
    def rows(self) -> int:
        return sum(load.rows_in for load in self.loads)


def purge_raw_rows(warehouse: Warehouse, as_of: dt.date) -> Purged:
    """Remove from bronze the rows of loads that are older than `privacy.yml` allows.

    Only loads that are counted are purged: of the others the raw rows are all there is. Loads with rejected rows are kept
    longer, because only their raw rows can still become complaints.

    Args:
        warehouse: the tables.
        as_of: business date from which ages are reckoned.
    """
    due = [load for load in loads(warehouse) if load.raw_purged_on is None and load.state == COUNTED and _is_due(load, as_of)]
    if not due:
        return Purged([])
    warehouse.purge(BRONZE, where=_rows_of(due))
    # Noted after the rows are gone: a run that dies in between removes nothing twice and notes it then.
    purged = [replace(load, raw_purged_on=as_of) for load in due]
    record(warehouse, purged)
    return Purged(purged)


def _is_due(load: Load, as_of: dt.date) -> bool:
    rules = privacy()
    kept = rules.rejected_days if load.rows_rejected else rules.bronze_days
    return (as_of - load.load_date).days > kept


def _rows_of(due: Iterable[Load]) -> str:
    due = list(due)
    months = sql_in("load_month", sorted({load.load_month for load in due}))
    return f"{months} AND {sql_in('load_id', [load.load_id for load in due])}"
