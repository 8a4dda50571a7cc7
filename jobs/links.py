"""Profiles into links: repeated filings, copied texts, flags of filers, and what each complaint weighs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.counts import COUNTED_KINDS
from features.profiles import PROFILE
from features.versions import hash_of
from jobs.filers import links_of
from jobs.ledger import months_of
from warehouse.contracts import contract_of
from warehouse.duplicates import duplicate_rules
from warehouse.errors import RadarError
from warehouse.files import reference_version
from warehouse.storage import sql_literal, to_dicts, to_pandas

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from warehouse.storage import Warehouse

LINKS = "silver.complaint_links"
KEY = ["source", "complaint_id"]
ONE_DAY = dt.timedelta(days=1)
# What links follow from: another value of any makes them be found anew.
INPUTS = (
    "stream", "event_date", "kind", "filer_identity", "merchant", "product_l1", "issue_l1", "text_identity",
    "text_keys", "phone_key", "person_key", "address_key",
)  # fmt: skip
# Complaints that are looked at together; with those of the days before them they must fit into memory.
ROWS_AT_ONCE = 400_000
PENDING = "NOT (weight <=> counted_weight)"


@dataclass(frozen=True)
class Span:
    """Days of a stream, both ends included."""

    stream: str
    first: dt.date
    last: dt.date


def links_version(judged_by: str) -> str:
    """Changes whenever the rules do that links are found by, or what their profiles are judged by."""
    return f"{reference_version('duplicates.yml')}-{judged_by}"


def link(warehouse: Warehouse, months: Iterable[str], judged_by: str) -> list[Span]:
    """Find the links anew of all complaints that a change in these months, or of the rules, bears on.

    A complaint is compared with those before it, so that a change reaches as many days ahead as the rules look back.

    Args:
        warehouse: the tables.
        months: months of registration in which profiles may have changed.
        judged_by: version of all that profiles are judged by now.

    Returns:
        The days whose links were written.
    """
    version = links_version(judged_by)
    stale = warehouse.read(LINKS).filter(F.col("linked_by") != version).select("event_month").distinct()
    asked = sorted({*months, *(row["event_month"] for row in to_dicts(stale))})
    if not asked:
        return []
    spans = _spans(warehouse, _changed_days(warehouse, asked, version))
    # The newest first: what changed shows until its own days are written, so that a run that dies leaves no day behind.
    for span in reversed(spans):
        _relink(warehouse, span, version)
    return spans


def weighted(warehouse: Warehouse, days: Sequence[dt.date]) -> DataFrame:
    """The profiles of the complaints and reports of these days with their `weight`.

    Raises:
        RadarError: a profile is not linked as it stands, because a run died.
    """
    on_days = F.col("event_month").isin(months_of(days)) & F.col("event_date").isin(list(days))
    links = warehouse.read(LINKS).filter(on_days).select(*KEY, "inputs", "weight")
    profiles = warehouse.read(PROFILE).filter(on_days & F.col("kind").isin(*COUNTED_KINDS))
    counted = profiles.withColumn("told", _inputs_hash()).join(links, KEY, "left")
    if to_dicts(counted.filter("NOT (told <=> inputs)").select("source").limit(1)):
        raise RadarError("profiles are not linked yet; run `radar enrich` first")
    return counted.drop("told", "inputs")


def reweighted_days(warehouse: Warehouse) -> list[dt.date]:
    """Days with complaints that weigh otherwise than they were last counted."""
    return sorted(row["event_date"] for row in to_dicts(warehouse.read(LINKS).filter(PENDING).select("event_date").distinct()))


def mark_weights_counted(warehouse: Warehouse) -> None:
    """Note that every complaint is counted with its weight."""
    links = warehouse.read(LINKS)
    days = reweighted_days(warehouse)
    if days:
        rows = links.filter(F.col("event_month").isin(months_of(days)) & F.col("event_date").isin(days))
        literals = ", ".join(f"DATE'{day}'" for day in days)
        warehouse.replace(LINKS, rows.withColumn("counted_weight", F.col("weight")), where=f"event_date IN ({literals})")


def _inputs_hash() -> Column:
    return hash_of(*map(F.col, INPUTS))


def _changed_days(warehouse: Warehouse, months: Sequence[str], version: str) -> dict[str, set[dt.date]]:
    """Days by stream on which a profile is not the one its link was found for, or a link has no profile any more."""
    in_months = F.col("event_month").isin(list(months))
    told = (
        warehouse.read(PROFILE)
        .filter(in_months & F.col("kind").isin(*COUNTED_KINDS))
        .select(*KEY, "stream", "event_date", _inputs_hash().alias("told"))
    )
    linked = (
        warehouse.read(LINKS)
        .filter(in_months)
        .select(*KEY, F.col("stream").alias("old_stream"), F.col("event_date").alias("old_date"), "inputs", "linked_by")
    )
    same = F.col("told").eqNullSafe(F.col("inputs")) & F.col("linked_by").eqNullSafe(F.lit(version))
    changed = told.join(linked, KEY, "full").filter(~same)
    both = changed.select("stream", "event_date").unionByName(
        changed.select(F.col("old_stream").alias("stream"), F.col("old_date").alias("event_date"))
    )
    days: dict[str, set[dt.date]] = {}
    for row in to_dicts(both.dropna().distinct()):
        days.setdefault(row["stream"], set()).add(row["event_date"])
    return days


def _spans(warehouse: Warehouse, changed: dict[str, set[dt.date]]) -> list[Span]:
    """The days that the changed ones bear on, in pieces that fit into memory."""
    spans = []
    for stream, days in sorted(changed.items()):
        profiles = warehouse.read(PROFILE).filter((F.col("stream") == stream) & (F.col("event_date") >= min(days)))
        volume = {row["event_date"]: row["count"] for row in to_dicts(profiles.groupBy("event_date").count())}
        # A link whose profile moved away may lie behind the newest day.
        spans += [
            Span(stream, *piece) for piece in pieces(days, volume, max([*volume, *days]), duplicate_rules().lookback_days)
        ]
    return spans


def pieces(
    changed: Collection[dt.date], volume: Mapping[dt.date, int], last: dt.date, reach: int, most: int = ROWS_AT_ONCE
) -> list[tuple[dt.date, dt.date]]:
    """The days that changed ones bear on, each once, as runs of about `most` complaints.

    Args:
        changed: days on which something changed.
        volume: complaints by day.
        last: newest day there is.
        reach: days that a change bears on, its own included.
        most: complaints of a run; a single day may have more.
    """
    touched = sorted({day + i * ONE_DAY for day in changed for i in range(reach) if day + i * ONE_DAY <= last})
    runs: list[tuple[dt.date, dt.date]] = []
    rows = 0
    for day in touched:
        rows += volume.get(day, 0)
        if runs and runs[-1][1] + ONE_DAY == day and rows <= most:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
            rows = volume.get(day, 0)
    return runs


def _relink(warehouse: Warehouse, span: Span, version: str) -> None:
    since = span.first - (duplicate_rules().lookback_days - 1) * ONE_DAY
    filings = to_pandas(
        warehouse.read(PROFILE)
        .filter(F.col("event_month").between(f"{since:%Y-%m}", f"{span.last:%Y-%m}"))
        .filter((F.col("stream") == span.stream) & F.col("kind").isin(*COUNTED_KINDS))
        .filter(F.col("event_date").between(since, span.last))
        .select(*KEY, "event_month", *INPUTS, "judged_version", "judged_load", _inputs_hash().alias("inputs"))
        .orderBy("event_date", *KEY)
    )
    found = links_of(filings, duplicate_rules())
    inside = found[(found["event_date"] >= span.first) & (found["event_date"] <= span.last)]
    _write(warehouse, span, inside.assign(linked_by=version))


def _write(warehouse: Warehouse, span: Span, found: pd.DataFrame) -> None:
    columns = [name for name in contract_of(LINKS).column_names if name != "counted_weight"]
    types = {column.name: column.type for column in contract_of(LINKS).columns}
    ddl = ", ".join(f"{name} {types[name]}" for name in columns)
    rows = warehouse.spark.createDataFrame(found[columns], ddl)
    where = f"stream = {sql_literal(span.stream)} AND event_date BETWEEN DATE'{span.first}' AND DATE'{span.last}'"
    before = warehouse.read(LINKS).filter(where).select(*KEY, "counted_weight")
    warehouse.replace(LINKS, rows.join(before, KEY, "left"), where=where)
