"""How much of a window has been reported by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from pyspark.sql import functions as F
from scipy import stats

from features.windows import ONE_DAY, WindowGrid
from jobs.completeness import COMPLETENESS, DayCompleteness
from models.detection.judgement import Reported
from warehouse.quality.settings import quality_settings
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


def newest_completeness(warehouse: Warehouse, stream: str) -> dict[dt.date, DayCompleteness]:
    """The completeness of days by what has been loaded up to now, whatever business date is judged.

    A day that is judged again later holds what has arrived since, and must be held to as much.
    """
    rows = warehouse.read(COMPLETENESS).filter(F.col("stream") == stream)
    newest = to_dicts(rows.agg(F.max("as_of").alias("as_of")))[0]["as_of"]
    if newest is None:
        return {}
    days = (DayCompleteness(**row) for row in to_dicts(rows.filter(F.col("as_of") == F.lit(newest))))
    return {day.event_date: day for day in days}


def reported_in(grid: WindowGrid, days: Mapping[dt.date, DayCompleteness]) -> Reported:
    """The share of the newest window's complaints that has arrived, its days taken as equally large.

    A day that is not listed is older than reports are waited for. Of a day of unknown completeness nothing is taken off.

    Args:
        grid: the windows.
        days: completeness by day.
    """
    within = [grid.window_start + i * ONE_DAY for i in range(grid.days)]
    known = [day for day in (days.get(day) for day in within) if day is not None and day.completeness]
    missing = sum(1 - (day.completeness or 1.0) for day in known) / grid.days
    # The days' shares come from one curve: what it is wrong by, it is wrong by for all of them.
    deviate = stats.norm.isf((1 - quality_settings().completeness.confidence) / 2)
    error = sum((day.upper or 1.0) - (day.lower or 1.0) for day in known) / grid.days / (2 * deviate)
    return Reported(float(1 - missing), float(np.maximum(error, 0.0)))
