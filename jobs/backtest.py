"""Alerts scored against the truth of a simulated world: missing days judged, alerts read, incidents looked up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from jobs.detect import detect_days, first_day_of
from jobs.hotspots import DETECTIONS, HOTSPOTS
from jobs.truth import Truth
from models.backtest import Alert, Incident, Rules, Score, score
from warehouse.errors import RadarError
from warehouse.scoring import scoring
from warehouse.sources import SILVER
from warehouse.storage import to_dicts, to_pandas
from warehouse.thresholds import thresholds

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

# Days that are judged and written together: what they look at is held in memory, and a run that dies loses no more.
BATCH_DAYS = 56
PROGRESS_DAYS = 7


@dataclass(frozen=True)
class Span:
    """Every so many days from the last one back to the first."""

    first: dt.date
    last: dt.date
    every: int = 1

    @property
    def days(self) -> list[dt.date]:
        """The days to judge, in order."""
        count = (self.last - self.first).days // self.every
        return [self.last - dt.timedelta(days=back * self.every) for back in range(count, -1, -1)]


@dataclass(frozen=True)
class Backtested:
    """What was scored.

    Attributes:
        stream: the stream whose alerts were scored.
        truth: what was planted.
        span: the days that were to be judged.
        judged: those of them that had enough history to be judged.
        judged_now: how many days were judged by this run; the others had been before.
        threshold_versions: versions of the thresholds that the days were judged by.
        daily: complaints in the tables by day, by incident.
        score: the outcome.
    """

    stream: str
    truth: Truth
    span: Span
    judged: list[dt.date]
    judged_now: int
    threshold_versions: list[int]
    daily: dict[str, dict[dt.date, int]]
    score: Score


def backtest(
    warehouse: Warehouse,
    stream: str,
    truth: Truth,
    progress: Callable[[str], None],
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    every: int = 1,
) -> Backtested:
    """Judge the days of the span that were never judged, then score the alerts of all of them.

    Args:
        warehouse: the tables.
        stream: the stream that the world was loaded into.
        truth: what was planted.
        progress: told what is being done.
        first: first day; by default some weeks before the first real onset, and never before the stream's first day.
        last: last day; the world's last day by default.
        every: days from one judged day to the next, counted back from `last`.

    Raises:
        RadarError: the stream is empty, the truth is about another data set, or no day of the span can be judged.
    """
    span = plan(truth, _first_day(warehouse, stream), first, last, every)
    daily = _daily(warehouse, stream, truth)
    missing = sorted(set(span.days) - _judged(warehouse, stream, span).keys())
    _judge(warehouse, stream, missing, progress)
    progress("score: alerts beside the truth")
    judged = _judged(warehouse, stream, span)
    long_enough = sorted(day for day, (windows, _) in judged.items() if windows > thresholds().short_minimum)
    if not long_enough:
        raise RadarError(
            f"no day from {span.first} to {span.last} can be judged: it takes more than {thresholds().short_minimum} "
            "full windows of complaints"
        )
    rules = scoring()
    return Backtested(
        stream=stream,
        truth=truth,
        span=span,
        judged=long_enough,
        judged_now=len(missing),
        threshold_versions=sorted({version for _, version in judged.values()}),
        daily=daily,
        score=score(
            _alerts(warehouse, stream, span),
            _incidents(truth, daily),
            long_enough,
            window_days=thresholds().window_days,
            every=every,
            rules=Rules(rules.excess_share, rules.minimum_complaints, tuple(rules.tops)),
        ),
    )


def plan(truth: Truth, first_day: dt.date, first: dt.date | None, last: dt.date | None, every: int) -> Span:
    """The span to judge; arguments as for `backtest`, `first_day` being the stream's first.

    Raises:
        RadarError: it has no day.
    """
    end = last or truth.last_day
    onset = truth.first_real_onset
    lead = dt.timedelta(days=scoring().lead_days)
    begin = max(first or (truth.first_day if onset is None else onset - lead), first_day)
    if begin > end:
        raise RadarError(f"there is no day to judge from {begin} to {end}; the stream begins on {first_day}")
    return Span(begin, end, every)


def _first_day(warehouse: Warehouse, stream: str) -> dt.date:
    first = first_day_of(warehouse, stream)
    if first is None:
        raise RadarError(f"stream {stream} has no complaints in {warehouse.home.root}")
    return first


def _daily(warehouse: Warehouse, stream: str, truth: Truth) -> dict[str, dict[dt.date, int]]:
    """Complaints in the tables by incident and day; an incident without any has no days."""
    owners = pd.DataFrame(
        [(incident.id, key) for incident in truth.incidents for key in dict.fromkeys(incident.complaint_ids)],
        columns=["incident", "complaint_id"],
        dtype=str,
    )
    daily: dict[str, Counter[dt.date]] = {incident.id: Counter() for incident in truth.incidents}
    if not owners.empty:
        wanted = F.broadcast(warehouse.spark.createDataFrame(owners))
        silver = warehouse.read(SILVER).filter(F.col("stream") == stream)
        found = to_pandas(silver.join(wanted, "complaint_id").select("incident", "event_date"))
        if found.empty:
            raise RadarError(
                f"no complaint of the truth is among those of stream {stream}: the truth is about another data set"
            )
        for incident, day in found.itertuples(index=False):
            daily[incident][day] += 1
    return {incident: dict(sorted(counts.items())) for incident, counts in daily.items()}


def _judged(warehouse: Warehouse, stream: str, span: Span) -> dict[dt.date, tuple[int, int]]:
    """Windows of history and threshold version of the span's days that were judged."""
    rows = warehouse.read(DETECTIONS).filter((F.col("stream") == stream) & F.col("as_of").between(span.first, span.last))
    wanted = set(span.days)
    judged = to_dicts(rows.select("as_of", "windows", "threshold_version"))
    return {row["as_of"]: (row["windows"], row["threshold_version"]) for row in judged if row["as_of"] in wanted}


def _judge(warehouse: Warehouse, stream: str, days: list[dt.date], progress: Callable[[str], None]) -> None:
    done = 0

    def tell(day: dt.date) -> None:
        nonlocal done
        if done % PROGRESS_DAYS == 0:
            progress(f"judge: {day}, {done + 1} of {len(days)} days")
        done += 1

    for start in range(0, len(days), BATCH_DAYS):
        detect_days(warehouse, stream, days[start : start + BATCH_DAYS], tell)


def _alerts(warehouse: Warehouse, stream: str, span: Span) -> list[Alert]:
    rows = (
        warehouse.read(HOTSPOTS)
        .filter((F.col("stream") == stream) & F.col("as_of").between(span.first, span.last))
        .select(*Alert.__dataclass_fields__)
    )
    return [Alert(**{**row, "complaint_ids": tuple(row["complaint_ids"])}) for row in to_dicts(rows)]


def _incidents(truth: Truth, daily: Mapping[str, Collection[dt.date]]) -> list[Incident]:
    return [
        Incident(
            id=planted.id,
            kind=planted.kind,
            real=planted.real,
            onset=planted.onset,
            end=planted.end,
            complaint_ids=frozenset(planted.complaint_ids),
            days=frozenset(daily[planted.id]),
        )
        for planted in truth.incidents
    ]
