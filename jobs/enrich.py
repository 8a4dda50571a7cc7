"""Silver complaints into profiles and links: what each is about, and what it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.merchants import words_version
from features.profiles import PROFILE, profiled, respondents
from jobs.judges import judges_of
from jobs.ledger import REFINED, days_of, loads, months_of
from jobs.links import link
from jobs.merchants import (
    are_outdated,
    are_pending,
    merchant_aliases,
    pending_months,
    reassigned,
    record_names,
    refresh_merchants,
    with_merchants,
)
from jobs.reviews import REVIEWS, decided, months_to_review, reviewed_days
from warehouse.sources import SILVER
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import Column, DataFrame

    from features.judging import Judges
    from warehouse.storage import Warehouse


@dataclass(frozen=True)
class Enriched:
    """How many complaints were profiled, and how many others got another merchant."""

    complaints: int
    reassigned: int


def enrich(warehouse: Warehouse) -> Enriched:
    """Profile the complaints that are new, changed, or were judged by others; assign all that it bears on to merchants.

    Raises:
        RadarError: the office's merchant aliases or lexicon, or a classifier's description, are not understood.
    """
    profiles = warehouse.read(PROFILE)
    aliases, judges = merchant_aliases(warehouse.home), judges_of(warehouse.home)
    stale = profiles.filter(~_is_current(judges)).select("event_month").distinct()
    refined = months_of(days_of(loads(warehouse, state=REFINED)))
    months = sorted({*refined, *(row["event_month"] for row in to_dicts(stale)), *months_to_review(warehouse)})
    pending = are_pending(warehouse)
    if not (months or pending or are_outdated(warehouse, aliases)):
        link(warehouse, months_of(reviewed_days(warehouse)), judges.version)
        return Enriched(0, 0)
    if pending:
        # A run may have died before it renewed them; names that this one takes away are not looked up later.
        refresh_merchants(warehouse)
    waiting = _waiting(warehouse, months, judges)
    # Only what is told of respondents is kept: profiles are written as they are judged, however many there are.
    told = respondents(waiting).persist()
    try:
        record_names(warehouse, told, months, aliases)
        refresh_merchants(warehouse, months)
        done = _written(warehouse, with_merchants(warehouse, profiled(waiting, judges), months), told, months)
    finally:
        told.unpersist()
    link(warehouse, {*months, *pending_months(warehouse), *months_of(reviewed_days(warehouse))}, judges.version)
    return done


def _is_current(judges: Judges) -> Column:
    return (F.col("judged_by") == judges.version) & (F.col("names_version") == words_version())


def _waiting(warehouse: Warehouse, months: Sequence[str], judges: Judges) -> DataFrame:
    """The complaints of these months that no current profile is of."""
    in_months = F.col("event_month").isin(list(months))
    up_to_date = (
        warehouse.read(PROFILE)
        .filter(in_months & _is_current(judges))
        .select(
            "source",
            "complaint_id",
            F.col("judged_load").alias("load_id"),
            F.col("judged_version").alias("version_at"),
            F.coalesce("review_number", F.lit(0)).alias("review"),
        )
    )
    reviews = decided(warehouse.read(REVIEWS)).select(
        "source",
        "complaint_id",
        "review_number",
        F.col("product").alias("reviewed_product"),
        F.col("issue").alias("reviewed_issue"),
    )
    complaints = warehouse.read(SILVER).filter(in_months).join(reviews, ["source", "complaint_id"], "left")
    known = ["source", "complaint_id", "load_id", "version_at", "review"]
    return complaints.withColumn("review", F.coalesce("review_number", F.lit(0))).join(up_to_date, known, "left_anti")


def _written(warehouse: Warehouse, fresh: DataFrame, told: DataFrame, months: Sequence[str]) -> Enriched:
    count, moved = told.count(), reassigned(warehouse, told)
    others = {row["event_month"]: row["count"] for row in to_dicts(moved.groupBy("event_month").count())}
    if count or others:
        warehouse.upsert(PROFILE, fresh.unionByName(moved) if others else fresh, partitions={*others, *months})
    return Enriched(count, sum(others.values()))
