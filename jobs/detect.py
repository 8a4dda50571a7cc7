"""Counts into hotspots: every series judged as of one day or of many, and the snapshots of those days written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.evidence import TermUsage, complaints_between, in_window
from features.profiles import PROFILE
from features.windows import WindowGrid, daily_counts
from jobs.aggregate import COUNTS, TERMS
from jobs.alarms import TOTAL, Finding, findings, has_alarms, judge_day
from jobs.explain import hotspot_of
from jobs.hotspots import DETECTIONS, HOTSPOTS, FirstDates, Hotspot, alive_before, first_dates
from jobs.merchants import with_names
from models.detection.series import DailySeries
from warehouse.contracts import contract_of
from warehouse.sources import streams
from warehouse.storage import sql_literal, to_dicts
from warehouse.thresholds import thresholds

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


Progress = Callable[[dt.date], None]


@dataclass(frozen=True)
class Detected:
    """What was judged and found on a day.

    Attributes:
        stream: the stream judged.
        as_of: the business date.
        windows: windows of history, the judged one included; 0 where there is none.
        series: series that had complaints in these windows.
        tests: series of them large enough to be tested.
        hotspots: rows of `gold.hotspots`, strongest first.
    """

    stream: str
    as_of: dt.date
    windows: int
    series: int
    tests: int
    hotspots: list[Hotspot]


@dataclass(frozen=True)
class _Day:
    """A day judged, its hotspots not yet explained."""

    as_of: dt.date
    windows: int
    series: int = 0
    tests: int = 0
    findings: tuple[Finding, ...] = ()


def detect(warehouse: Warehouse, stream: str, as_of: dt.date) -> Detected:
    """Judge the window that ends on `as_of` and write the day's snapshot of hotspots; a rerun replaces it.

    Only complaints registered up to `as_of` are looked at, so that a day can be judged as if it were that day.
    """
    (detected,) = detect_days(warehouse, stream, [as_of])
    return detected


def detect_days(
    warehouse: Warehouse, stream: str, days: Collection[dt.date], progress: Progress | None = None
) -> list[Detected]:
    """Judge several days as `detect` would, one after the other in their order, and write all snapshots in one commit.

    What the days look at is read once and held in memory: counts of the whole history, complaints and words of the days
    themselves. Callers cut long spans into batches.

    Args:
        warehouse: the tables.
        stream: the stream to judge.
        days: business dates, at least one.
        progress: told of every day before it is judged.
    """
    ordered = sorted(set(days))
    judged = _judge_days(warehouse, stream, ordered, progress)
    usage = _term_usage(warehouse, stream, judged)
    seen = first_dates(warehouse, stream, ordered[0], ordered[-1])
    detected = [_explained(stream, day, usage, seen) for day in judged]
    _write(warehouse, stream, detected)
    return detected


def first_day_of(warehouse: Warehouse, stream: str) -> dt.date | None:
    """The first day on which a stream has a complaint; None where it has none."""
    total = warehouse.read(COUNTS).filter((F.col("stream") == stream) & (F.col("level") == TOTAL))
    (row,) = to_dicts(total.agg(F.min("event_date").alias("first")))
    first: dt.date | None = row["first"]
    return first


def _judge_days(warehouse: Warehouse, stream: str, days: list[dt.date], progress: Progress | None) -> list[_Day]:
    first = first_day_of(warehouse, stream)
    grids = {day: _grid(first, day) for day in days}
    long_enough = [grid for grid in grids.values() if grid.count > thresholds().short_minimum]
    if not long_enough:
        return [_Day(day, grid.count) for day, grid in grids.items()]
    oldest, newest = min(grid.first_day for grid in long_enough), days[-1]
    counts = daily_counts(warehouse.read(COUNTS), stream, oldest, newest)
    daily = {
        str(level): DailySeries.of(rows["series"], rows["day"], rows["raw_count"])
        for level, rows in counts.groupby("level", sort=True)
    }
    complaints: pd.DataFrame | None = None
    judged = []
    for day, grid in grids.items():
        if progress:
            progress(day)
        if grid not in long_enough:
            judged.append(_Day(day, grid.count))
            continue
        series = judge_day(daily, grid, chinese=streams()[stream].calendar == "cn")
        found: list[Finding] = []
        if has_alarms(series):
            if complaints is None:
                complaints = complaints_between(
                    with_names(warehouse, warehouse.read(PROFILE)), stream, grid.window_start, newest
                )
            found = findings(series, in_window(complaints, grid))
        judged.append(_Day(day, grid.count, len(series.series), series.tests, tuple(found)))
    return judged


def _grid(first: dt.date | None, as_of: dt.date) -> WindowGrid:
    """The windows up to a day; none where the stream has no complaint up to it."""
    days = thresholds().window_days
    if first is None or first > as_of:
        return WindowGrid(as_of, days, 0)
    return WindowGrid.covering(first, as_of, days, thresholds().lookback_windows)


def _term_usage(warehouse: Warehouse, stream: str, judged: list[_Day]) -> TermUsage | None:
    """The words of all evidence; None where nothing was found."""
    found = [finding for day in judged for finding in day.findings]
    if not found:
        return None
    complaints = pd.concat([finding.complaints for finding in found])
    first, last = min(finding.grid.window_start for finding in found), max(finding.grid.last_day for finding in found)
    return TermUsage(warehouse.read(PROFILE), warehouse.read(TERMS), stream, complaints, first, last)


def _explained(stream: str, day: _Day, usage: TermUsage | None, seen: FirstDates) -> Detected:
    """The day with its hotspots; `seen` is told of them, for the days that follow."""
    alive = alive_before(seen, day.as_of)
    hotspots = []
    for finding in day.findings:
        assert usage is not None
        hotspots.append(hotspot_of(stream, finding, usage.of(finding.complaints, finding.grid), alive))
    seen[day.as_of] = {hotspot.id: hotspot.first_date for hotspot in hotspots}
    return Detected(stream, day.as_of, day.windows, day.series, day.tests, hotspots)


def _write(warehouse: Warehouse, stream: str, detected: list[Detected]) -> None:
    """Hotspots first: a run that dies in between leaves days that count as not judged, and are judged again."""
    days = ", ".join(f"DATE'{day.as_of}'" for day in detected)
    where = f"as_of IN ({days}) AND stream = {sql_literal(stream)}"
    rows = [asdict(hotspot) for day in detected for hotspot in day.hotspots]
    warehouse.replace(HOTSPOTS, warehouse.spark.createDataFrame(rows, contract_of(HOTSPOTS).schema_ddl), where=where)
    version = thresholds().version
    entries = [{**vars(day), "hotspots": len(day.hotspots), "threshold_version": version} for day in detected]
    warehouse.replace(DETECTIONS, warehouse.spark.createDataFrame(entries, contract_of(DETECTIONS).schema_ddl), where=where)
