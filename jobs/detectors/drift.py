"""Slow rises: counts of the last weeks above an expectation that was fixed before them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.alarms import TOTAL, JudgedDay
from jobs.detectors.measures import Measures
from jobs.detectors.signals import Family, Signal, known
from models.detection.drift import Drift, glr
from models.detection.predictive import Array
from models.detection.steady import SteadyBaseline
from warehouse.thresholds import thresholds

DRIFT = "drift"


@dataclass(frozen=True)
class _Level:
    """The tested series of a level, and what was found; counts and means are `n_series × n_newest`."""

    level: str
    names: pd.Index
    counts: Array
    mean: Array
    found: Drift


class DriftDetector:
    """Generalised likelihood ratios of independent complaints over the newest windows."""

    def __init__(self, measures: Measures) -> None:
        self.independent = measures.independent

    def signals(self, day: JudgedDay) -> list[Signal]:
        settings = thresholds().detectors.drift
        if TOTAL not in day.tables or day.grid.count < settings.windows + settings.minimum_baseline:
            return []
        starts, days = day.grid.starts, day.grid.days
        pool = self.independent[TOTAL].windows(starts, days).counts[0]
        levels = [
            judged
            for level in settings.levels
            if level in self.independent and (judged := self._judge(level, pool, day)) is not None
        ]
        family = Family.of([judged.found.p_value[:, 0] for judged in levels])
        return [
            signal
            for judged, q_value in zip(levels, family.q_values, strict=True)
            for signal in self._alarms(judged, q_value, day)
        ]

    def _judge(self, level: str, pool: Array, day: JudgedDay) -> _Level | None:
        settings = thresholds().detectors.drift
        table = self.independent[level].windows(day.grid.starts, day.grid.days)
        # What the baseline holds says nothing of what came after it, so that the p-values of those tested hold.
        large = table.counts[:, : -settings.windows].sum(axis=1) >= settings.minimum_observed
        tested = large & known(table.names)
        if not tested.any():
            return None
        counts = table.counts[tested]
        steady = SteadyBaseline().expect(counts, pool, day.effects, settings.windows)
        newest = counts[:, -settings.windows :]
        found = glr(newest, steady.mean, steady.dispersion, mean_error=steady.mean_error, window=settings.windows, last=1)
        return _Level(level, table.names[tested], newest, steady.mean, found)

    def _alarms(self, judged: _Level, q_value: Array, day: JudgedDay) -> list[Signal]:
        limits = thresholds()
        settings = limits.detectors.drift
        signals = []
        for row in np.flatnonzero(q_value <= limits.false_discovery_rate).tolist():
            begin = int(judged.found.onset[row, 0])
            observed = int(judged.counts[row, begin:].sum())
            lasted = settings.windows - begin
            if lasted < settings.minimum_windows or observed < settings.minimum_observed or not _slow(judged, row, begin):
                continue
            onset = day.grid.starts[begin - settings.windows].date()
            signals.append(
                Signal(
                    detector=DRIFT,
                    count_level=judged.level,
                    series=judged.names[row],
                    window_start=onset,
                    last_date=day.grid.last_day,
                    onset=onset,
                    observed=observed,
                    expected=float(judged.mean[row, begin:].sum()),
                    p_value=float(judged.found.p_value[row, 0]),
                    q_value=float(q_value[row]),
                )
            )
        return signals


def _slow(judged: _Level, row: int, begin: int) -> bool:
    """Whether a rise goes on and is no burst: neither over in the newest window nor mostly of a single one."""
    excess = judged.counts[row, begin:] - judged.mean[row, begin:]
    largest = thresholds().detectors.drift.largest_window * excess.sum()
    return bool(excess[-1] > 0 and excess.max() <= largest)
