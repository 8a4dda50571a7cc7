"""Counts into alarms and hotspots: every detector asked as of one day or of many, and the snapshots of those days written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.evidence import TermUsage, complaints_between, in_window, term_users
from features.profiles import PROFILE
from features.windows import WindowGrid, daily_counts, daily_terms
from jobs.aggregate import COUNTS, TERMS
from jobs.alarm_evidence import TermUsers, alarms_of
from jobs.alarm_rows import ALARMS, Alarm
from jobs.alarms import TOTAL, Finding, findings, has_alarms, judge_day
from jobs.detectors import Measures, Signal, all_detectors
from jobs.explain import hotspot_of
from jobs.hotspots import DETECTIONS, HOTSPOTS, FirstDates, Hotspot, alive_before, first_dates
from jobs.merchants import with_names
from jobs.reported import newest_completeness, reported_in
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
        alarms: rows of `gold.alarms`, detector by detector.
    """

    stream: str
    as_of: dt.date
    windows: int
    series: int
    tests: int
    hotspots: list[Hotspot]
    alarms: list[Alarm]


@dataclass(frozen=True)
class _Day:
    """A day judged, its hotspots and alarms not yet explained."""

    grid: WindowGrid
    series: int = 0
    tests: int = 0
    findings: tuple[Finding, ...] = ()
    signals: tuple[Signal, ...] = ()


class _Complaints:
    """The complaints of a span of days, read when a window of them is first asked for: on quiet days nobody does.

    The first window asked for is the oldest one.
    """

    def __init__(self, warehouse: Warehouse, stream: str, last_day: dt.date) -> None:
        self._warehouse, self._stream, self._last_day = warehouse, stream, last_day
        self._rows: pd.DataFrame | None = None

    def of(self, grid: WindowGrid) -> pd.DataFrame:
        """Those of a grid's newest window."""
        if self._rows is None:
            profiles = with_names(self._warehouse, self._warehouse.read(PROFILE))
            self._rows = complaints_between(profiles, self._stream, grid.window_start, self._last_day)
        return in_window(self._rows, grid)


def detect(warehouse: Warehouse, stream: str, as_of: dt.date) -> Detected:
    """Judge the window that ends on `as_of` and write the day's snapshots of hotspots and alarms; a rerun replaces them.

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
    complaints = _Complaints(warehouse, stream, ordered[-1])
    judged = _judge_days(warehouse, stream, ordered, complaints, progress)
    usage, users = _term_usage(warehouse, stream, judged), _term_users(warehouse, stream, judged)
    seen = first_dates(warehouse, stream, ordered[0], ordered[-1])
    detected = [
        Detected(
            stream=stream,
            as_of=day.grid.last_day,
            windows=day.grid.count,
            series=day.series,
            tests=day.tests,
            hotspots=_hotspots(stream, day, usage, seen),
            alarms=alarms_of(stream, day.grid.last_day, day.signals, complaints.of(day.grid), users) if day.signals else [],
        )
        for day in judged
    ]
    _write(warehouse, stream, detected)
    return detected


def first_day_of(warehouse: Warehouse, stream: str) -> dt.date | None:
    """The first day on which a stream has a complaint; None where it has none."""
    total = warehouse.read(COUNTS).filter((F.col("stream") == stream) & (F.col("level") == TOTAL))
    (row,) = to_dicts(total.agg(F.min("event_date").alias("first")))
    first: dt.date | None = row["first"]
    return first


def _judge_days(
    warehouse: Warehouse, stream: str, days: list[dt.date], complaints: _Complaints, progress: Progress | None
) -> list[_Day]:
    first = first_day_of(warehouse, stream)
    grids = [_grid(first, day) for day in days]
    long_enough = [grid for grid in grids if grid.count > thresholds().short_minimum]
    if not long_enough:
        return [_Day(grid) for grid in grids]
    measures = _measures(warehouse, stream, long_enough)
    detectors = all_detectors(measures)
    completeness = newest_completeness(warehouse, stream)
    judged = []
    for grid in grids:
        if progress:
            progress(grid.last_day)
        if grid not in long_enough:
            judged.append(_Day(grid))
            continue
        chinese, reported = streams()[stream].calendar == "cn", reported_in(grid, completeness)
        series = judge_day(measures.raw, grid, chinese=chinese, reported=reported)
        signals = [signal for detector in detectors for signal in detector.signals(series)]
        found = findings(series, complaints.of(grid)) if has_alarms(series) else []
        if signals:
            complaints.of(grid)
        judged.append(_Day(grid, len(series.series), series.tests, tuple(found), tuple(signals)))
    return judged


def _measures(warehouse: Warehouse, stream: str, grids: list[WindowGrid]) -> Measures:
    """What the detectors of some days look at, read once."""
    newest = max(grid.last_day for grid in grids)
    words = thresholds().detectors.term.baseline_windows + 1
    counts = daily_counts(warehouse.read(COUNTS), stream, min(grid.first_day for grid in grids), newest)
    first_words = min(grid.newest(words).first_day for grid in grids)
    return Measures.of(counts, daily_terms(warehouse.read(TERMS), stream, first_words, newest))


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


def _term_users(warehouse: Warehouse, stream: str, judged: list[_Day]) -> TermUsers:
    """The complaints that use any emerging word of these days."""
    words = {(term, day.grid) for day in judged for signal in day.signals for term in signal.terms}
    if not words:
        return {}
    first, last = min(grid.window_start for _, grid in words), max(grid.last_day for _, grid in words)
    return term_users(warehouse.read(PROFILE), stream, {term for term, _ in words}, first, last)


def _hotspots(stream: str, day: _Day, usage: TermUsage | None, seen: FirstDates) -> list[Hotspot]:
    """The day's hotspots; `seen` is told of them, for the days that follow."""
    as_of = day.grid.last_day
    alive = alive_before(seen, as_of)
    hotspots = []
    for finding in day.findings:
        assert usage is not None
        hotspots.append(hotspot_of(stream, finding, usage.of(finding.complaints, finding.grid), alive))
    seen[as_of] = {hotspot.id: hotspot.first_date for hotspot in hotspots}
    return hotspots


def _write(warehouse: Warehouse, stream: str, detected: list[Detected]) -> None:
    """`ops.detections` last: a run that dies before it leaves days that count as not judged, and are judged again."""
    days = ", ".join(f"DATE'{day.as_of}'" for day in detected)
    where = f"as_of IN ({days}) AND stream = {sql_literal(stream)}"
    version = thresholds().version
    entries = [
        {
            "stream": day.stream,
            "as_of": day.as_of,
            "windows": day.windows,
            "series": day.series,
            "tests": day.tests,
            "hotspots": len(day.hotspots),
            "threshold_version": version,
        }
        for day in detected
    ]
    written = {
        HOTSPOTS: [asdict(hotspot) for day in detected for hotspot in day.hotspots],
        ALARMS: [asdict(alarm) for day in detected for alarm in day.alarms],
        DETECTIONS: entries,
    }
    for table, rows in written.items():
        warehouse.replace(table, warehouse.spark.createDataFrame(rows, contract_of(table).schema_ddl), where=where)
