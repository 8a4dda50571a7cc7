"""Silver complaints into profiles: words, product, issue, severity, place, respondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.profiles import PROFILE, profiled
from features.segmentation import lexicon_version
from jobs.ledger import REFINED, days_of, loads, months_of
from warehouse.sources import SILVER
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


@dataclass(frozen=True)
class Enriched:
    """How many complaints were profiled."""

    complaints: int


def enrich(warehouse: Warehouse) -> Enriched:
    """Profile the complaints that are new, changed, or were judged by another version of the lexicon."""
    profiles = warehouse.read(PROFILE)
    current = lexicon_version()
    months = set(months_of(days_of(loads(warehouse, state=REFINED))))
    stale = profiles.filter(F.col("lexicon_version") != current).select("event_month").distinct()
    months |= {row["event_month"] for row in to_dicts(stale)}
    if not months:
        return Enriched(0)
    in_months = F.col("event_month").isin(sorted(months))
    up_to_date = profiles.filter(in_months & (F.col("lexicon_version") == current)).select(
        "source", "complaint_id", F.col("judged_load").alias("load_id"), F.col("judged_version").alias("version_at")
    )
    waiting = (
        warehouse.read(SILVER)
        .filter(in_months)
        .join(up_to_date, ["source", "complaint_id", "load_id", "version_at"], "left_anti")
    )
    fresh = profiled(waiting).persist()
    try:
        count = fresh.count()
        if count:
            warehouse.upsert(PROFILE, fresh, partitions=months)
    finally:
        fresh.unpersist()
    return Enriched(count)
