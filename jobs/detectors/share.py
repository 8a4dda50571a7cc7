"""Disproportional shares: an issue that a brand or merchant has more of than is its habit, whatever its volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.subjects import dimensions_of
from jobs.alarms import JudgedDay
from jobs.detectors.measures import Measures, numbered, whole
from jobs.detectors.signals import Family, Signal, alarming, known
from models.detection.series import DailySeries
from models.detection.share_growth import ShareGrowth, share_growth
from warehouse.thresholds import thresholds

SHARE = "share"
# Two windows before the newest one are the least that a habit can be told from.
LEAST_WINDOWS = 3


@dataclass(frozen=True)
class _Pairs:
    """A level's series as cells of a table: its daily counts, and the row and column that each of its names stands in."""

    level: str
    daily: DailySeries
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, level: str, daily: DailySeries, column_dimensions: list[str]) -> _Pairs:
        rows, columns = [], []
        for name in daily.names:
            dimensions = dimensions_of(name)
            columns.append("|".join(dimensions.pop(dimension) for dimension in column_dimensions))
            rows.append("|".join(dimensions.values()))
        return cls(level, daily, numbered(rows), numbered(columns), known(daily.names))


class ShareDetector:
    """Counts of pairs of independent complaints against their habitual share."""

    def __init__(self, measures: Measures) -> None:
        self.pairs = [
            _Pairs.of(level, measures.independent[level], columns)
            for level, columns in thresholds().detectors.share.levels.items()
            if level in measures.independent
        ]

    def signals(self, day: JudgedDay) -> list[Signal]:
        judged = [told for pairs in self.pairs if (told := self._judge(pairs, day)) is not None]
        family = Family.of([growth.p_value for _, _, growth in judged])
        return [
            Signal(
                detector=SHARE,
                count_level=level,
                series=names[pair],
                window_start=day.grid.window_start,
                last_date=day.grid.last_day,
                observed=int(growth.observed[pair]),
                expected=float(growth.expected[pair]),
                upper=float(growth.upper[pair]),
                p_value=float(growth.p_value[pair]),
                q_value=float(q[pair]),
            )
            for (level, names, growth), q in zip(judged, family.q_values, strict=True)
            for pair in alarming(q, growth.observed, thresholds().detectors.share.minimum_observed)
        ]

    def _judge(self, pairs: _Pairs, day: JudgedDay) -> tuple[str, pd.Index, ShareGrowth] | None:
        settings = thresholds().detectors.share
        starts = day.grid.starts[-settings.baseline_windows - 1 :]
        if len(starts) < max(LEAST_WINDOWS, thresholds().short_minimum + 1):
            return None
        table = pairs.daily.windows(starts, day.grid.days)
        if not len(table.names):
            return None
        places = pairs.daily.names.get_indexer(table.names)
        growth = share_growth(
            whole(table.counts),
            pairs.rows[places],
            pairs.columns[places],
            minimum=settings.minimum_observed,
            growth_weight=settings.growth_weight,
        )
        tested = np.where(pairs.known[places], growth.p_value, np.nan)
        return pairs.level, table.names, ShareGrowth(growth.observed, growth.expected, growth.upper, tested)
