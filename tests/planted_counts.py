"""Daily counts made up in memory for the detectors, and the day that they are judged as of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.windows import WindowGrid
from jobs.alarms import TOTAL, JudgedDay
from jobs.detectors.measures import Measures
from models.detection.effects import Effects

LAST_DAY = dt.date(2026, 6, 14)
WEEK = 7

# By level the counts of each series, `n_weeks` or `n_days` long, oldest first.
Tables = Mapping[str, Mapping[str, np.ndarray]]


def measures(tables: Tables, *, severe: Tables | None = None, terms: Tables | None = None, days: int = WEEK) -> Measures:
    """Measures of counts that stand on the last day of periods of so many days; `terms` are by product class."""
    counts = _rows(tables, days).rename(columns={"key": "level", "name": "series", "count": "raw_count"})
    counts["weighted_count"] = counts["raw_count"].astype(float)
    rare = _rows(severe or {}, days).rename(columns={"key": "level", "name": "series", "count": "severe_count"})
    counts = counts.merge(rare, on=["level", "series", "day"], how="left").fillna({"severe_count": 0})
    words = _rows(terms or {}, days).rename(columns={"key": "product_l1", "name": "term", "count": "complaint_count"})
    return Measures.of(counts, words)


def judged(of: Measures, n_weeks: int) -> JudgedDay:
    """The last day, with the windows before it; what counts would say of it is left out."""
    grid = WindowGrid(LAST_DAY, WEEK, n_weeks)
    return JudgedDay(grid, Effects.none(n_weeks), {TOTAL: of.raw[TOTAL].windows(grid.starts, WEEK)}, {}, pd.DataFrame())


def total_of(series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The total's only series."""
    return {"all": np.sum(list(series.values()), axis=0)}


def _rows(tables: Tables, days: int) -> pd.DataFrame:
    parts = [pd.DataFrame({"key": [], "name": [], "day": np.array([], dtype="datetime64[D]"), "count": []})]
    for key, series in tables.items():
        for name, counts in series.items():
            ends = np.datetime64(LAST_DAY, "D") - days * np.arange(len(counts))[::-1]
            kept = np.asarray(counts) > 0
            parts.append(pd.DataFrame({"key": key, "name": name, "day": ends[kept], "count": np.asarray(counts)[kept]}))
    return pd.concat(parts, ignore_index=True)
