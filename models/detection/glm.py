"""Quasi-Poisson regressions of many series at once, by penalised iteratively re-weighted least squares."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.predictive import Array

LOG_LIMIT = 20.0
LARGEST_STEP = 2.0
# Series fitted together: enough for the matrix products, few enough for their information matrices to stay small.
BLOCK = 4096


@dataclass(frozen=True)
class Design:
    """Covariates that all series share, with their cross products, so that a step of all regressions is a matrix product.

    Attributes:
        columns: `n_periods × n_columns`; the first column is the intercept.
    """

    columns: Array

    @property
    def _triangle(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return np.triu_indices(self.columns.shape[1])

    def products(self) -> Array:
        """Products of every pair of columns, `n_periods × n_columns·(n_columns + 1)/2`."""
        rows, columns = self._triangle
        return self.columns[:, rows] * self.columns[:, columns]

    def square(self, packed: Array) -> Array:
        """Symmetric matrices from their upper triangles, `n_series × n_columns × n_columns`."""
        rows, columns = self._triangle
        matrices = np.empty((len(packed), self.columns.shape[1], self.columns.shape[1]))
        matrices[:, rows, columns] = packed
        matrices[:, columns, rows] = packed
        return matrices

    def quadratic(self, matrices: Array) -> Array:
        """`x' M x` for the rows x of the design and a symmetric matrix per series, `n_series × n_periods`."""
        rows, columns = self._triangle
        twice = np.where(rows == columns, 1.0, 2.0)
        products = self.products().T
        blocks = (matrices[first : first + BLOCK, rows, columns] * twice for first in range(0, len(matrices), BLOCK))
        return np.concatenate([block @ products for block in blocks])


@dataclass(frozen=True)
class Fit:
    """Fitted regressions.

    Attributes:
        coefficients: `n_series × n_columns`.
        mean: fitted counts, `n_series × n_periods`.
        inverse_information: covariance of the coefficients where the dispersion is 1, `n_series × n_columns × n_columns`.
    """

    coefficients: Array
    mean: Array
    inverse_information: Array


def fit_poisson(
    counts: Array,
    design: Design,
    offset: Array,
    weights: Array,
    penalty: Array,
    start: Array | None = None,
    iterations: int = 12,
) -> Fit:
    """Fit `log E[counts] = offset + design · coefficients` to every series.

    Args:
        counts: `n_series × n_periods`.
        design: of `n_periods`.
        offset: `n_periods` or `n_series × n_periods`, on the log scale.
        weights: `n_series × n_periods`, 0 leaves a period out.
        penalty: `n_columns` or `n_series × n_columns`; precision of a normal prior around zero on each coefficient.
        start: coefficients to begin with, `n_series × n_columns`.
        iterations: Newton steps.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, section 2.5; the ridge keeps series identifiable that
    are zero in whole seasons.
    """
    shape = (len(counts), design.columns.shape[1])
    offset, ridge = np.broadcast_to(offset, counts.shape), np.broadcast_to(penalty, shape)
    products = design.products()
    blocks = [slice(first, first + BLOCK) for first in range(0, len(counts), BLOCK)]
    fits = [
        _fit_block(
            counts[rows],
            design,
            products,
            offset[rows],
            weights[rows],
            ridge[rows],
            None if start is None else start[rows],
            iterations,
        )
        for rows in blocks
    ]
    return fits[0] if len(fits) == 1 else Fit(*(np.concatenate(parts) for parts in zip(*map(astuple, fits), strict=True)))


def _fit_block(
    counts: Array,
    design: Design,
    products: Array,
    offset: Array,
    weights: Array,
    ridge: Array,
    start: Array | None,
    iterations: int,
) -> Fit:
    columns = design.columns
    n_series, n_columns = len(counts), columns.shape[1]
    diagonal = np.arange(n_columns)
    if start is None:
        # Half an event keeps the logarithm finite for a series that was never seen.
        total = (weights * counts).sum(axis=1) + 0.5
        coefficients: Array = np.zeros((n_series, n_columns))
        coefficients[:, 0] = np.log(total / (weights * np.exp(offset)).sum(axis=1))
    else:
        coefficients = start
    mean = _mean(offset, columns, coefficients)
    for _ in range(iterations):
        weighted = weights * mean
        information = design.square(weighted @ products)
        information[:, diagonal, diagonal] += ridge
        gradient = (weights * counts - weighted) @ columns - ridge * coefficients
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        coefficients = coefficients + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        mean = _mean(offset, columns, coefficients)
    information = design.square((weights * mean) @ products)
    information[:, diagonal, diagonal] += ridge
    return Fit(coefficients, mean, np.asarray(np.linalg.inv(information), dtype=float))


def _mean(offset: Array, columns: Array, coefficients: Array) -> Array:
    return np.exp(np.clip(offset + coefficients @ columns.T, -LOG_LIMIT, LOG_LIMIT))
