"""Profiles into counts: for exactly the days that something changed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.counts import COUNTED_COLUMNS, complaint_counts, term_counts
from jobs.judges import judges_of
from jobs.ledger import COUNTED, REFINED, days_of, loads, record
from jobs.links import mark_weights_counted, reweighted_days, weighted
from jobs.merchants import mark_counted, pending_days
from jobs.reviews import mark_reviews_counted, reviewed_days
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

COUNTS = "gold.complaint_counts"
TERMS = "gold.term_counts"


@dataclass(frozen=True)
class Aggregated:
    """Days whose counts were made anew."""

    days: list[dt.date]


def aggregate(warehouse: Warehouse) -> Aggregated:
    """Recount the days that refined loads touched, that were counted as others had judged, whose merchants or weights changed,
    or that a reviewer decided on.

    Raises:
        RadarError: profiles are behind their merchants, or links behind profiles, because a run died; `enrich` makes it good.
    """
    refined = loads(warehouse, state=REFINED)
    # Both tables are asked: a run may have died between the two.
    other = F.col("judged_by") != judges_of(warehouse.home).version
    stale, stale_terms = (warehouse.read(table).filter(other).select("event_date") for table in (COUNTS, TERMS))
    stale = stale.union(stale_terms).distinct()
    days = sorted(
        {
            *days_of(refined),
            *(row["event_date"] for row in to_dicts(stale)),
            *pending_days(warehouse),
            *reviewed_days(warehouse),
            *reweighted_days(warehouse),
        }
    )
    if days:
        _recount(warehouse, days)
    mark_counted(warehouse)
    mark_reviews_counted(warehouse)
    mark_weights_counted(warehouse)
    record(warehouse, [load.at(COUNTED) for load in refined])
    return Aggregated(days)


def _recount(warehouse: Warehouse, days: Sequence[dt.date]) -> None:
    profiles = weighted(warehouse, days).select(*COUNTED_COLUMNS, "weight")
    literals = ", ".join(f"DATE'{day}'" for day in days)
    where = f"event_date IN ({literals})"
    warehouse.replace(COUNTS, complaint_counts(profiles), where=where)
    warehouse.replace(TERMS, term_counts(profiles), where=where)
