"""Severe safety events where hardly any are: one can be news, and a few an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.subjects import dimensions_of
from jobs.alarms import JudgedDay
from jobs.detectors.measures import Measures, numbered
from jobs.detectors.signals import Family, Recheck, Signal, alarming, known
from models.detection.predictive import Array
from models.detection.severe_events import RareRates
from warehouse.thresholds import thresholds

SEVERE = "severe"


@dataclass(frozen=True)
class _Judged:
    """The tested series of a level with complaints in the judged window; arrays are `n_series`."""

    level: str
    names: pd.Index
    rates: RareRates
    observed: Array
    exposure: Array
    p_value: Array

    def tail(self, row: int, observed: int) -> float:
        """p-value of a series if so many events had been."""
        rates = RareRates(self.rates.shape[[row]], self.rates.rate[[row]])
        return float(rates.tail(np.array([float(observed)]), self.exposure[[row]])[0])


class SevereDetector:
    """Severe complaints of the window against what the rates of the windows before predict of as many complaints."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.categories = {
            level: _categories(measures.raw[level].names, dimensions)
            for level, dimensions in thresholds().detectors.severe.levels.items()
            if level in measures.raw
        }

    def signals(self, day: JudgedDay) -> list[Signal]:
        settings = thresholds().detectors.severe
        starts = day.grid.starts[-settings.baseline_windows - 1 :]
        if len(starts) <= settings.minimum_baseline:
            return []
        levels = [judged for level in self.categories if (judged := self._judge(level, starts, day)) is not None]
        family = Family.of([judged.p_value for judged in levels])
        return [
            Signal(
                detector=SEVERE,
                count_level=judged.level,
                series=judged.names[row],
                window_start=day.grid.window_start,
                last_date=day.grid.last_day,
                observed=int(judged.observed[row]),
                expected=float(judged.exposure[row] * judged.rates.shape[row] / judged.rates.rate[row]),
                p_value=float(judged.p_value[row]),
                q_value=float(q[row]),
                recheck=Recheck(settings.minimum_observed, partial(judged.tail, row), family.limit),
            )
            for judged, q in zip(levels, family.q_values, strict=True)
            for row in alarming(q, judged.observed, settings.minimum_observed)
        ]

    def _judge(self, level: str, starts: pd.DatetimeIndex, day: JudgedDay) -> _Judged | None:
        raw = self.measures.raw[level].windows(starts, day.grid.days)
        severe = self.measures.severe[level].windows(starts, day.grid.days)
        if not len(raw.names):
            return None
        category = self.categories[level][self.measures.raw[level].names.get_indexer(raw.names)]
        past = raw.counts[:, :-1].sum(axis=1)
        seen = np.bincount(category, weights=past)[category] > 0
        # Without a complaint there can be no severe one: no test.
        tested = seen & (raw.counts[:, -1] > 0) & known(raw.names)
        if not tested.any():
            return None
        rates = RareRates.by_category(
            severe.counts[seen, :-1].sum(axis=1), past[seen], category[seen], thresholds().detectors.severe.category_weight
        )
        kept = tested[seen]
        rates = RareRates(rates.shape[kept], rates.rate[kept])
        observed, exposure = severe.counts[tested, -1], raw.counts[tested, -1]
        return _Judged(level, raw.names[tested], rates, observed, exposure, rates.tail(observed, exposure))


def _categories(names: pd.Index, dimensions: list[str]) -> NDArray[np.intp]:
    """Number of each series' category: what it is in the dimensions given; one for all where there are none."""
    keys = ["|".join(dimensions_of(name)[dimension] for dimension in dimensions) for name in names]
    return numbered(keys)
