"""The figures of a weekly report, as plain records computed from weekly counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

WEEK = dt.timedelta(days=7)


def year_before(monday: dt.date) -> dt.date:
    """Monday of the same ISO week of the year before; of its last week for a 53rd week that it does not have."""
    year, week, _ = monday.isocalendar()
    last = dt.date(year - 1, 12, 28).isocalendar().week
    return dt.date.fromisocalendar(year - 1, min(week, last), 1)


@dataclass(frozen=True)
class Comparison:
    """A count beside the week before (环比) and the same week of the year before (同比); None where not reported."""

    now: int
    week_before: int | None
    year_before: int | None


@dataclass(frozen=True)
class RankedRow:
    """A line of a ranking."""

    name: str
    figures: Comparison
    severe: int


@dataclass(frozen=True)
class Ranking:
    """A table of the week's largest groups on one level."""

    title: str
    head: str
    rows: list[RankedRow]
    groups: int


@dataclass(frozen=True)
class Trend:
    """Weekly totals with what was expected of them."""

    weeks: list[dt.date]
    observed: list[int]
    expected: list[float]
    upper: list[float]


@dataclass(frozen=True)
class LoadFigures:
    """What the loads of a stream brought so far."""

    loads: int
    rows_in: int
    rows_accepted: int
    rows_rejected: int
    reasons: list[tuple[str, int]]


@dataclass(frozen=True)
class DayReported:
    """A day of the week and the share of its complaints that had arrived; None where nobody can tell."""

    day: dt.date
    reported: int
    completeness: float | None
    lower: float | None
    upper: float | None
    complete: bool


@dataclass(frozen=True)
class QualityFigures:
    """What the readers of a week must know about its data.

    Attributes:
        days: the days of the week up to the business date; none where completeness was not estimated.
        comparable_at: share of the week's complaints below which its change on the week before is not comparable.
        checks: quality checks of the business date.
        failed, warned: those that did not pass, as Chinese sentences.
    """

    days: list[DayReported] = field(default_factory=list)
    comparable_at: float = 1.0
    checks: int = 0
    failed: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    @property
    def completeness(self) -> float | None:
        """Share of the week's complaints that had arrived; None where it is unknown for one of the days.

        A day of which nothing can have arrived yet is taken to be as large as the others are on the average.
        """
        if not self.days or any(day.completeness is None for day in self.days):
            return None
        expected = [day.reported / day.completeness for day in self.days if day.completeness]
        if not sum(expected):
            return None
        return sum(day.reported for day in self.days) / (sum(expected) * len(self.days) / len(expected))


@dataclass(frozen=True)
class WeeklyFigures:
    """All that a weekly report says, before it is put into words and pictures."""

    stream: str
    stream_zh: str
    monday: dt.date
    sunday: dt.date
    covered_until: dt.date
    total: Comparison
    severe: int
    kinds: list[RankedRow]
    trend: Trend
    hotspots: list[dict[str, Any]]
    samples: dict[str, list[str]]
    rankings: list[Ranking]
    heat: pd.DataFrame
    terms: list[str]
    calendar_peaks: list[str]
    loads: LoadFigures
    versions: dict[str, str] = field(default_factory=dict)
    quality: QualityFigures = field(default_factory=QualityFigures)


class WeeklyCounts:
    """Counts per level, group and ISO week, with what was reported when.

    Args:
        counts: columns `level`, `name`, `monday`, `raw_count`, `severe_count`.
        first_day: first day that the stream reports at all.
        monday: the week of the report.
    """

    def __init__(self, counts: pd.DataFrame, first_day: dt.date, monday: dt.date) -> None:
        self._counts = counts
        self._first_day = first_day
        self._monday = monday

    def compare(self, level: str, name: str | None = None) -> Comparison:
        """A group's count, or a whole level's, beside the weeks it is compared with."""
        rows = self._counts[self._counts["level"] == level]
        if name is not None:
            rows = rows[rows["name"] == name]

        def at(monday: dt.date) -> int | None:
            # A week that the stream did not report in full is missing, not zero.
            return int(rows.loc[rows["monday"] == monday, "raw_count"].sum()) if monday >= self._first_day else None

        return Comparison(at(self._monday) or 0, at(self._monday - WEEK), at(year_before(self._monday)))

    def severe(self, level: str, name: str | None = None) -> int:
        """Complaints of the week with a severe safety event."""
        rows = self._counts[(self._counts["level"] == level) & (self._counts["monday"] == self._monday)]
        return int(rows.loc[rows["name"] == name if name is not None else rows.index, "severe_count"].sum())

    def ranking(self, level: str, title: str, head: str, most: int) -> Ranking:
        """The week's largest groups of a level; ties by name."""
        week = self._counts[(self._counts["level"] == level) & (self._counts["monday"] == self._monday)]
        totals = week.groupby("name", sort=True)["raw_count"].sum().sort_values(ascending=False, kind="stable")
        rows = [RankedRow(str(n), self.compare(level, str(n)), self.severe(level, str(n))) for n in totals.index[:most]]
        return Ranking(title, head, rows, len(totals))

    def weekly(self, level: str, mondays: Sequence[dt.date]) -> list[int]:
        """A whole level's counts week by week."""
        rows = self._counts[self._counts["level"] == level].groupby("monday")["raw_count"].sum()
        return [int(rows.get(monday, 0)) for monday in mondays]
