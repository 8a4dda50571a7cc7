"""Completeness and quality results into the note of the weekly report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from jobs.completeness import COMPLETE, read_completeness
from jobs.quality import read_results
from reports.figures import DayReported, QualityFigures
from warehouse.quality.results import ALL_STREAMS
from warehouse.quality.settings import quality_settings

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


def quality_note(warehouse: Warehouse, stream: str, monday: dt.date, as_of: dt.date) -> QualityFigures:
    """What was known of the data on a business date: the days of its week from `monday` on, and the checks of that date."""
    days = [
        DayReported(day.event_date, day.reported, day.completeness, day.lower, day.upper, day.status == COMPLETE)
        for day in read_completeness(warehouse, stream, as_of)
        if day.event_date >= monday
    ]
    _, results = read_results(warehouse, as_of)
    own = [row for row in results if row["stream"] in (stream, ALL_STREAMS)]
    broken = [row for row in own if row["outcome"] == "failed"]
    return QualityFigures(
        days=days,
        comparable_at=quality_settings().completeness.comparable_at,
        checks=len(own),
        failed=[row["detail"] for row in broken if row["strength"] == "stop"],
        warned=[row["detail"] for row in broken if row["strength"] == "warn"],
    )
