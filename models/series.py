"""Counts as tables and as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.predictive import Array


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
