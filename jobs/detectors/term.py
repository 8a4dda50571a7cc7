"""Emerging words: used by more complaints than the windows before let expect, or never used before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from jobs.alarms import TOTAL, JudgedDay
from jobs.detectors.measures import ALL, Measures
from jobs.detectors.signals import Family, Recheck, Signal, alarming, known
from models.detection.emerging_terms import EmergingTerms, emerging_terms
from models.detection.predictive import Array
from warehouse.thresholds import thresholds

TERM = "term"


@dataclass(frozen=True)
class _Vocabulary:
    """The words of some complaints: `counts` are `n_terms × n_windows`, `volume` is `n_windows`."""

    level: str
    series: str
    words: pd.Index
    counts: Array
    volume: Array
    found: EmergingTerms

    def p_value(self, row: int, observed: int) -> float:
        """p-value of a word if so many complaints of the newest window used it."""
        counts = self.counts.copy()
        counts[row, -1] = observed
        minimum = thresholds().detectors.term.minimum_observed
        p_value = float(emerging_terms(counts, self.volume, minimum=minimum).p_value[row])
        return 1.0 if np.isnan(p_value) else p_value


class TermDetector:
    """Words of all complaints, and of those of each product class, against the windows before."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.vocabularies = [key for key in measures.terms if key[0] in thresholds().detectors.term.levels]

    def signals(self, day: JudgedDay) -> list[Signal]:
        settings = thresholds().detectors.term
        starts = day.grid.starts[-settings.baseline_windows - 1 :]
        if TOTAL not in day.tables or len(starts) <= settings.minimum_baseline:
            return []
        volumes = self._volumes(starts, day.grid.days)
        judged = [told for key in self.vocabularies if (told := self._judge(key, starts, volumes, day)) is not None]
        family = Family.of([told.found.p_value for told in judged])
        return [
            Signal(
                detector=TERM,
                count_level=told.level,
                series=told.series,
                window_start=day.grid.window_start,
                last_date=day.grid.last_day,
                observed=int(told.found.observed[row]),
                expected=float(told.found.expected[row]),
                upper=float(told.found.upper[row]),
                p_value=float(told.found.p_value[row]),
                q_value=float(q[row]),
                terms=(str(told.words[row]),),
                recheck=Recheck(settings.minimum_observed, partial(told.p_value, row), family.limit),
            )
            for told, q in zip(judged, family.q_values, strict=True)
            for row in alarming(q, told.found.observed, settings.minimum_observed)
        ]

    def _volumes(self, starts: pd.DatetimeIndex, days: int) -> dict[tuple[str, str], Array]:
        """All complaints by window, for each level and series whose words are looked at."""
        volumes = {ALL: self.measures.raw[TOTAL].windows(starts, days).counts[0]}
        for level in {level for level, _ in self.vocabularies} & self.measures.raw.keys() - {TOTAL}:
            table = self.measures.raw[level].windows(starts, days)
            volumes |= {(level, str(name)): counts for name, counts in zip(table.names, table.counts, strict=True)}
        return volumes

    def _judge(
        self, key: tuple[str, str], starts: pd.DatetimeIndex, volumes: dict[tuple[str, str], Array], day: JudgedDay
    ) -> _Vocabulary | None:
        minimum = thresholds().detectors.term.minimum_observed
        volume = volumes.get(key)
        # Fewer complaints than a word needs hold no emerging word; nor do any tell of one without a baseline.
        if volume is None or volume[-1] < minimum or not volume[:-1].any() or not known(pd.Index([key[1]]))[0]:
            return None
        table = self.measures.terms[key].windows(starts, day.grid.days)
        if not table.counts[:, :-1].any():
            return None
        found = emerging_terms(table.counts, volume, minimum=minimum)
        return _Vocabulary(*key, table.names, table.counts, volume, found)
