"""The figures of a back-test, as plain records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class IncidentRow:
    """An incident and how it came out.

    `complaints` were planted, `complaints_in_tables` of them are in the tables, and `daily` says on which days.
    `unjudged` is the reason where the outcome is unjudged. Level, subject and hotspot are of the first alert about it,
    `rank` of `listed` is its best place in the list of that week. `false_alarms` are hotspot-weeks put down to it.
    """

    id: str
    kind: str
    title: str
    real: bool
    onset: dt.date
    end: dt.date
    complaints: int
    complaints_in_tables: int
    outcome: str
    unjudged: str | None
    found: dt.date | None
    delay_days: int | None
    rank: int | None
    listed: int | None
    level: str | None
    subject: str | None
    hotspot: str | None
    false_alarms: int
    daily: dict[dt.date, int]


@dataclass(frozen=True)
class RecallRow:
    """Real incidents of one kind, or of all where `kind` is None; shares are of the judged ones, None of nothing."""

    kind: str | None
    judged: int
    found: int
    unjudged: int
    recall: float | None
    median_delay_days: float | None
    top: dict[int, float | None]


@dataclass(frozen=True)
class FalseAlarmRow:
    """Hotspot-weeks about nothing real, by the kind of what they are put down to."""

    kind: str
    count: int
    per_week: float


@dataclass(frozen=True)
class BacktestFigures:
    """All that a back-test says; the same figures go to the page, the JSON file and the terminal."""

    stream: str
    stream_zh: str
    area: str
    preset: str
    seed: int
    first_day: dt.date
    last_day: dt.date
    every: int
    judged_days: int
    unjudged_days: int
    weeks: float
    threshold_versions: list[int]
    incidents: list[IncidentRow]
    real: RecallRow
    kinds: list[RecallRow]
    hotspot_weeks: int
    true_hotspot_weeks: int
    precision: float | None
    false_alarms: int
    false_alarms_per_week: float
    false_alarm_types: list[FalseAlarmRow]
