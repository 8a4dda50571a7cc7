"""Pairs that are complained about together more than their shares say: brand and issue, merchant and issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special, stats

from models.detection.predictive import Array


@dataclass(frozen=True)
class Cells:
    """The cells of a contingency table in which something was counted; every array but `total` has length `n_cells`.

    Attributes:
        row, column: place of the cell in the table.
        observed: complaints of the cell.
        row_total, column_total: complaints of its row and of its column.
        total: complaints of the table.
        expected: complaints that the cell would have if rows and columns were independent, in each stratum if there are any.
    """

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    observed: Array
    row_total: Array
    column_total: Array
    total: float
    expected: Array

    @classmethod
    def of(cls, table: sparse.sparray | NDArray[np.number]) -> Cells:
        """Cells of a table, rows (brands) × columns (issues)."""
        return cls.of_strata([table])

    @classmethod
    def of_strata(cls, tables: Sequence[sparse.sparray | NDArray[np.number]]) -> Cells:
        """Cells of the sum of tables that were counted apart, such as one for each week and channel.

        A row that is many only in weeks in which a column is many seems to go with it. Expected counts that are summed over
        the strata (DuMouchel 1999, The American Statistician 53) do not make that mistake.

        Raises:
            ValueError: there is no table, or their shapes differ.
        """
        if not tables or len({table.shape for table in tables}) > 1:
            raise ValueError("tables of strata must be given and have one shape")
        strata = [sparse.csr_array(table, dtype=float) for table in tables]
        whole = sparse.coo_array(sum(strata[1:], start=strata[0]))
        kept = whole.data > 0
        row, column = (np.asarray(places[kept], dtype=np.intp) for places in whole.coords)
        expected = np.zeros(len(row))
        for stratum in strata:
            by_row, by_column = _margins(stratum)
            expected += by_row[row] * by_column[column] / max(by_row.sum(), 1.0)
        by_row, by_column = _margins(whole)
        return cls(row, column, whole.data[kept], by_row[row], by_column[column], float(by_row.sum()), expected)

    def two_by_two(self) -> tuple[Array, Array, Array, Array]:
        """Complaints of the cell, of the row elsewhere, of the column elsewhere, and neither."""
        row_only, column_only = self.row_total - self.observed, self.column_total - self.observed
        return self.observed, row_only, column_only, self.total - self.observed - row_only - column_only


@dataclass(frozen=True)
class Ratio:
    """A ratio of each cell with its confidence or credibility interval, `n_cells`."""

    estimate: Array
    lower: Array
    upper: Array


def proportional_reporting_ratio(cells: Cells, confidence: float = 0.95) -> Ratio:
    """Share of the column within the row, by its share within all other rows.

    Evans, Waller & Davis 2001, Use of proportional reporting ratios (PRRs) for signal generation from spontaneous adverse drug
    reaction reports, Pharmacoepidemiology and Drug Safety 10. The interval is normal on the log scale. Where no other row has
    the column the ratio is infinite and has no interval: take a shrunk measure there.
    """
    a, b, c, d = cells.two_by_two()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (a / (a + b)) / (c / (c + d))
        deviation = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    return _log_normal(ratio, deviation, confidence)


def reporting_odds_ratio(cells: Cells, confidence: float = 0.95) -> Ratio:
    """Odds of the column within the row, by its odds within all other rows.

    van Puijenbroek et al. 2002, Pharmacoepidemiology and Drug Safety 11. The interval is Woolf's. Where one of the four counts
    is 0 the ratio is infinite or unknown and has no interval.
    """
    a, b, c, d = cells.two_by_two()
    with np.errstate(divide="ignore", invalid="ignore"):
        return _log_normal(a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), confidence)


def chi_squared(cells: Cells) -> tuple[Array, Array]:
    """Yates' chi-squared of each cell against the rest, and its p-value; two-sided, so that rare pairs are news too."""
    a, b, c, d = cells.two_by_two()
    distance = np.maximum(np.abs(a * d - b * c) - cells.total / 2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = cells.total * distance**2 / ((a + b) * (c + d) * (a + c) * (b + d))
    statistic = np.where(np.isnan(statistic), 0.0, statistic)
    return statistic, np.asarray(stats.chi2.sf(statistic, 1), dtype=float)


def information_component(cells: Cells, confidence: float = 0.95, prior: float = 0.5) -> Ratio:
    """Binary logarithm of observed by expected, both raised by `prior` complaints, with its credibility interval.

    Bate et al. 1998, European Journal of Clinical Pharmacology 54, in the form of Norén, Bate, Orre & Edwards 2006 and Norén,
    Hopstadius & Bate 2013 (Statistical Methods in Medical Research 22): counts are Poisson, their ratio to the expected count
    has the prior Gamma(prior, prior), and the interval is the exact one of the posterior. Its lower bound `IC025` above 0 is
    the usual sign of a pair.
    """
    shape, rate = cells.observed + prior, cells.expected + prior
    tail = (1 - confidence) / 2
    lower, upper = (np.log2(special.gammaincinv(shape, level) / rate) for level in (tail, 1 - tail))
    return Ratio(np.log2(shape / rate), lower, upper)


def _margins(table: sparse.sparray) -> tuple[Array, Array]:
    by_row, by_column = (np.asarray(table.sum(axis=axis), dtype=float).ravel() for axis in (1, 0))
    return by_row, by_column


def _log_normal(ratio: Array, deviation: Array, confidence: float) -> Ratio:
    spread = np.exp(stats.norm.ppf((1 + confidence) / 2) * np.where(np.isfinite(deviation), deviation, np.nan))
    with np.errstate(invalid="ignore"):
        return Ratio(ratio, ratio / spread, ratio * spread)
