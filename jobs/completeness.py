"""Loads into reporting completeness: how much of each recent day had arrived as of a business date."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import functions as F

from features.counts import COUNTED_KINDS
from jobs.ledger import COUNTED, LOADS, REFINED
from jobs.refine import VERSIONS
from models.completeness import CompletenessCurve, completeness_curve
from warehouse.contracts import contract_of
from warehouse.quality.settings import CompletenessSettings, quality_settings
from warehouse.storage import sql_literal, to_dicts, to_pandas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.storage import Warehouse

COMPLETENESS = "gold.reporting_completeness"
COMPLETE, ESTIMATED, UNKNOWN = "complete", "estimated", "unknown"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DayCompleteness:
    """A row of `gold.reporting_completeness`."""

    as_of: dt.date
    as_of_month: str
    stream: str
    event_date: dt.date
    age: int
    reported: int
    completeness: float | None
    lower: float | None
    upper: float | None
    status: str


def estimate_completeness(warehouse: Warehouse, stream: str, as_of: dt.date) -> list[DayCompleteness]:
    """Estimate the completeness of a stream's newest days with what was loaded by `as_of`, and write it; a rerun replaces it.

    Returns:
        The days, oldest first; none where the stream had no load by then.
    """
    days = _estimated(warehouse, stream, as_of)
    rows = warehouse.spark.createDataFrame([asdict(day) for day in days], contract_of(COMPLETENESS).schema_ddl)
    warehouse.replace(COMPLETENESS, rows, where=f"as_of = DATE'{as_of}' AND stream = {sql_literal(stream)}")
    return days


def read_completeness(warehouse: Warehouse, stream: str, as_of: dt.date) -> list[DayCompleteness]:
    """What was estimated as of a business date, oldest day first."""
    rows = warehouse.read(COMPLETENESS).filter(
        (F.col("as_of_month") == f"{as_of:%Y-%m}") & (F.col("as_of") == as_of) & (F.col("stream") == stream)
    )
    return sorted((DayCompleteness(**row) for row in to_dicts(rows)), key=lambda day: day.event_date)


def first_load_dates(warehouse: Warehouse, stream: str, as_of: dt.date, since: dt.date) -> DataFrame:
    """When the complaints and reports of a stream first arrived, as far as they had by `as_of`.

    Returns:
        `source, event_date, load_date` of each complaint in its first version, for those registered from `since` on.
    """
    return (
        warehouse.read(VERSIONS)
        .filter(F.col("event_month") >= f"{since:%Y-%m}")
        .filter((F.col("stream") == stream) & (F.col("load_date") <= as_of) & F.col("kind").isin(*COUNTED_KINDS))
        .groupBy("source", "complaint_id")
        .agg(F.min_by(F.struct("event_date", "load_date"), F.struct("load_sequence", "row_number")).alias("first"))
        .select("source", "first.event_date", "first.load_date")
        .filter(F.col("event_date").between(since, as_of))
    )


def _estimated(warehouse: Warehouse, stream: str, as_of: dt.date) -> list[DayCompleteness]:
    settings = quality_settings().completeness
    done = F.col("state").isin(REFINED, COUNTED)
    loads = warehouse.read(LOADS).filter(done & (F.col("stream") == stream) & (F.col("load_date") <= as_of))
    sources = to_pandas(loads.groupBy("source").agg(F.min("load_date").alias("first"), F.max("load_date").alias("last")))
    if sources.empty:
        return []
    since = as_of - (settings.history_days + settings.newest_days) * ONE_DAY
    arrivals = to_pandas(
        first_load_dates(warehouse, stream, as_of, since)
        .groupBy("source", "event_date", "load_date")
        .agg(F.count(F.lit(1)).alias("n"))
    )
    reported = arrivals.groupby("event_date")["n"].sum()
    curve = delays_seen(arrivals, sources, as_of, settings)
    newest = [as_of - age * ONE_DAY for age in range(settings.newest_days - 1, -1, -1)]
    last_load = sources["last"].max()
    return [_judged(stream, as_of, day, int(reported.get(day, 0)), (last_load - day).days, curve, settings) for day in newest]


def delays_seen(
    arrivals: pd.DataFrame, sources: pd.DataFrame, as_of: dt.date, settings: CompletenessSettings
) -> CompletenessCurve:
    """The curve that the delays of a stream give.

    A day was last looked at when the stream was last loaded, however long ago that was. Complaints registered before their
    source's first load came in bulk with it, so that their delay is not one: they are left out.

    Args:
        arrivals: `source, event_date, load_date, n`, complaints by their first load.
        sources: `source, first, last` dates of the loads of each source.
        as_of: business date.
        settings: see `quality.yml`.
    """
    first, last = sources["first"].min(), sources["last"].max()
    oldest = max(first, as_of - settings.history_days * ONE_DAY)
    days = max((last - oldest).days + 1, 0)
    delays = arrivals.merge(sources[["source", "first"]], on="source")
    delays = delays[(delays["event_date"] >= delays["first"]) & (delays["event_date"] >= oldest)]
    row = _days_between(oldest, delays["event_date"])
    # Loaded under an earlier business date than it was registered on: known from the first moment.
    delay = np.maximum(_days_between(0, delays["load_date"]) - _days_between(0, delays["event_date"]), 0)
    waited_for = (delay <= settings.horizon_days) & (row < days)
    counts = np.zeros((days, settings.horizon_days + 1), dtype=np.int64)
    np.add.at(counts, (row[waited_for], delay[waited_for]), delays["n"].to_numpy()[waited_for])
    ages = np.arange(days - 1, -1, -1)
    observed = np.arange(settings.horizon_days + 1) <= ages[:, None]
    weekdays = (oldest.weekday() + np.arange(days)) % 7
    return completeness_curve(counts, observed, weekdays, confidence=settings.confidence)


def _days_between(origin: dt.date | int, dates: pd.Series) -> NDArray[np.int64]:
    start = origin if isinstance(origin, int) else origin.toordinal()
    return np.array([date.toordinal() - start for date in dates], dtype=np.int64)


def _judged(
    stream: str,
    as_of: dt.date,
    day: dt.date,
    reported: int,
    looked_at: int,
    curve: CompletenessCurve,
    settings: CompletenessSettings,
) -> DayCompleteness:
    """A day's row; `looked_at` is its age at the last load."""
    share: tuple[float, float, float] | None = None
    if looked_at >= settings.horizon_days:
        share = (1.0, 1.0, 1.0)
    elif looked_at >= 0 and curve.complaints >= settings.min_complaints:
        at = day.weekday(), looked_at
        share = (float(curve.share[at]), float(curve.lower[at]), float(curve.upper[at]))
    if share is None or np.isnan(share[0]):
        status, share = UNKNOWN, None
    else:
        status = COMPLETE if share[0] >= settings.complete_at else ESTIMATED
    completeness, lower, upper = share or (None, None, None)
    return DayCompleteness(
        as_of, f"{as_of:%Y-%m}", stream, day, (as_of - day).days, reported, completeness, lower, upper, status
    )
