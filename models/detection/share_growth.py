"""Pairs whose share has grown: an issue that a brand or merchant now has more of than is its habit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.gamma_poisson_shrinker import fit_prior, posterior_moments
from models.detection.predictive import Array, tail_probability, upper_bound

# A squared residual counts up to so many times its variance, so that one wild window does not hide the next.
RESIDUAL_CAP = 16.0
# Below this mean a count is 0 or nearly so, and its residual tells nothing about dispersion.
SMALLEST_MEAN = 0.05
# Keeps what was never seen proper: less than any expected count that matters.
NEXT_TO_NONE = 1e-9
UPPER = 0.99


@dataclass(frozen=True)
class ShareGrowth:
    """The newest window's count of every pair; all arrays are `n_pairs`.

    Attributes:
        observed: the counts.
        expected: counts expected of the row's size, the pair's habit, and how common the column has become elsewhere.
        upper: 99 % bound of these.
        p_value: chance of as many or more, given that there is one; NaN for pairs that are not tested.
    """

    observed: Array
    expected: Array
    upper: Array
    p_value: Array


def share_growth(
    counts: Array, rows: NDArray[np.intp], columns: NDArray[np.intp], *, minimum: float = 1.0, growth_weight: float = 10.0
) -> ShareGrowth:
    """Test every pair of a row (brand, merchant) and a column (issue) for a share beyond its habit in the newest window.

    What a pair's count is expected to be is `row's size × column's usual share × habit × growth of the column elsewhere`. The
    row's size cancels its volume: a brand that has twice the complaints of every kind is no news here. The habit is the ratio
    of observed to expected counts in the windows before, shrunk by what all pairs have in common (EBGM's gamma mixture:
    DuMouchel 1999, Bayesian data mining in large frequency tables, The American Statistician 53), for a brand whose machines
    always leak would else be an alarm every week. To hold the newest counts to such a calibrated expectation is the temporal
    pattern discovery of Norén, Hopstadius, Bate, Star & Edwards 2010 (Data Mining and Knowledge Discovery 20). The growth is
    gamma-Poisson and leaves the row itself out, so that a large brand cannot explain its own rise.

    The count is negative binomial. Its variance holds what is not known of habit and growth, and the dispersion that all pairs
    show in the windows before.

    Args:
        counts: `n_pairs × n_windows`, oldest first; the last one is judged. Every pair that has a count in any window is there.
        rows: `n_pairs`; number of the pair's row, from 0 on.
        columns: `n_pairs`; number of its column.
        minimum: complaints of the newest window that both row and column need for the pair to be tested. That says nothing of
            how they meet, so that p-values hold among those tested.
        growth_weight: complaints that "the column is as common elsewhere as it was" is worth.

    Raises:
        ValueError: fewer than two windows lie before the newest one.

    It assumes: habits that last over the windows before; windows independent given these; columns that grow alike in all rows.
    """
    if counts.ndim != 2 or counts.shape[1] < 3:  # noqa: PLR2004
        raise ValueError(f"counts of {counts.shape} have no two windows before the newest")
    past, observed = counts[:, :-1], counts[:, -1]
    by_row, by_column = (_margin(keys, counts) for keys in (rows, columns))
    total = counts.sum(axis=0)
    before, now = slice(None, -1), -1
    usual = by_column[:, before].sum(axis=1)[columns] / max(float(total[before].sum()), 1.0)
    size = by_row[rows]
    seen, by_chance = past.sum(axis=1), np.maximum(size[:, before].sum(axis=1) * usual, NEXT_TO_NONE)
    known = seen > 0
    if not known.any():
        nothing = np.zeros_like(observed)
        return ShareGrowth(observed, nothing, nothing, np.full(observed.shape, np.nan))
    habit, habit_variance = posterior_moments(seen, by_chance, fit_prior(seen[known], by_chance[known]))
    growth, growth_variance = _growth_elsewhere(counts, size, by_column[columns], total, growth_weight)
    chance = np.maximum(size[:, now] * usual, NEXT_TO_NONE)
    expected = chance * habit * growth
    relative = habit_variance / habit**2 + growth_variance / growth**2
    variance = _dispersion(past, size[:, before] * (usual * habit)[:, None]) * expected + expected**2 * relative
    tested = (observed > 0) & (np.minimum(size[:, now], by_column[columns, now]) >= minimum)
    # A pair is looked at because it has a complaint.
    tail = tail_probability(observed, expected, variance) / tail_probability(np.ones_like(observed), expected, variance)
    p_value = np.where(tested, np.minimum(tail, 1.0), np.nan)
    return ShareGrowth(observed, expected, upper_bound(expected, variance, UPPER), p_value)


def _margin(keys: NDArray[np.intp], counts: Array) -> Array:
    sums = np.zeros((int(keys.max(initial=-1)) + 1, counts.shape[1]))
    np.add.at(sums, keys, counts)
    return sums


def _growth_elsewhere(counts: Array, size: Array, column: Array, total: Array, weight: float) -> tuple[Array, Array]:
    """How much more common each pair's column has become in all other rows, and the variance of that; `n_pairs`."""
    rest, others = column - counts, total - size
    share = rest[:, :-1].sum(axis=1) / np.maximum(others[:, :-1].sum(axis=1), 1.0)
    expected = others[:, -1] * share
    growth = (weight + rest[:, -1]) / (weight + expected)
    return growth, growth / (weight + expected)


def _dispersion(past: Array, mean: Array) -> float:
    """Variance by mean of the pairs' counts over the windows before, the same for all; no less than Poisson's."""
    telling = mean > SMALLEST_MEAN
    if not telling.any():
        return 1.0
    spread = np.minimum((past - mean)[telling] ** 2, RESIDUAL_CAP * np.maximum(mean[telling], 1.0))
    freedom = (past.shape[1] - 1) / past.shape[1]
    ratio: float = spread.sum() / mean[telling].sum() / freedom
    return max(ratio, 1.0)
