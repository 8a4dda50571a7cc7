"""Counts as tables and as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.detection.predictive import Array


@dataclass(frozen=True)
class SeriesTable:
    """Many series over the same periods.

    Attributes:
        names: `n_series` identifiers.
        periods: `n_periods` first days, oldest first.
        counts: `n_series × n_periods`.
    """

    names: pd.Index
    periods: pd.DatetimeIndex
    counts: Array

    @classmethod
    def of(cls, names: pd.Series, periods: pd.Series, counts: pd.Series, grid: pd.DatetimeIndex) -> SeriesTable:
        """Fill a grid of periods from rows; a series without a row for a period had none in it.

        Rows outside of the grid are left out; rows of the same series and period add up.
        """
        codes, uniques = pd.factorize(names, sort=True)
        columns = grid.get_indexer(pd.DatetimeIndex(periods))
        inside = columns >= 0
        table = np.zeros((len(uniques), len(grid)))
        np.add.at(table, (codes[inside], columns[inside]), counts.to_numpy(dtype=float)[inside])
        return cls(pd.Index(uniques), grid, table)


@dataclass(frozen=True)
class DailySeries:
    """Daily counts of many series as rows, because most series have none on most days.

    Attributes:
        names: `n_series` identifiers, sorted.
        series: `n_rows`; place of the row's series in `names`.
        days: `n_rows`; `datetime64[D]`.
        counts: `n_rows`.
    """

    names: pd.Index
    series: NDArray[np.intp]
    days: NDArray[np.datetime64]
    counts: Array

    @classmethod
    def of(cls, names: pd.Series, days: pd.Series, counts: pd.Series) -> DailySeries:
        """Rows of names, days (dates) and counts."""
        codes, uniques = pd.factorize(names, sort=True)
        return cls(pd.Index(uniques), codes, days.to_numpy(dtype="datetime64[D]"), counts.to_numpy(dtype=float))

    def windows(self, starts: pd.DatetimeIndex, days: int) -> SeriesTable:
        """Counts by windows of `days` days that begin on `starts` and follow each other without a gap.

        A series that has no row in any of the windows is left out.
        """
        columns = (self.days - starts.to_numpy(dtype="datetime64[D]")[0]).astype(np.intp) // days
        inside = (columns >= 0) & (columns < len(starts))
        present, rows = np.unique(self.series[inside], return_inverse=True)
        places = rows * len(starts) + columns[inside]
        sums = np.bincount(places, weights=self.counts[inside], minlength=len(present) * len(starts))
        table = np.asarray(sums.reshape(len(present), len(starts)), dtype=float)
        return SeriesTable(self.names[present], starts, table)
