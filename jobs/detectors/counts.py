"""Counts of the judged window beyond what their baseline expects; hotspots are raised from the same alarms."""

from __future__ import annotations

from functools import partial

import pandas as pd

from jobs.alarms import JudgedDay, significant
from jobs.detectors.signals import Recheck, Signal, step_up_limit
from warehouse.thresholds import thresholds

COUNTS = "counts"


class CountsDetector:
    """The significant series of the judged day."""

    def signals(self, day: JudgedDay) -> list[Signal]:
        if day.series.empty:
            return []
        limit = step_up_limit(day.series["q_value"].to_numpy())
        return [self._signal(day, alarm, limit) for _, alarm in significant(day.series).iterrows()]

    def _signal(self, day: JudgedDay, alarm: pd.Series, limit: float) -> Signal:
        level, row = alarm["level"], int(alarm["row"])
        return Signal(
            detector=COUNTS,
            count_level=level,
            series=alarm["series"],
            window_start=day.grid.window_start,
            last_date=day.grid.last_day,
            observed=int(alarm["observed"]),
            expected=float(alarm["expected"]),
            upper=float(alarm["upper"]),
            p_value=float(alarm["p_value"]),
            q_value=float(alarm["q_value"]),
            factors=(float(alarm["expected_level"]), float(alarm["season_factor"]), float(alarm["calendar_factor"])),
            recheck=Recheck(
                thresholds().minimum_weighted,
                partial(day.predictions[level].rarity, row, day.tables[level].counts[row]),
                limit,
            ),
        )
