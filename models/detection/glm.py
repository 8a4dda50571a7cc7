"""Quasi-Poisson regressions of many series at once, by penalised iteratively re-weighted least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.detection.predictive import Array

ITERATIONS = 12
LOG_LIMIT = 20.0


@dataclass(frozen=True)
class Fit:
    """Fitted regressions.

    Attributes:
        coefficients: `n_series × n_columns`.
        mean: fitted counts, `n_series × n_periods`.
        inverse_information: unscaled covariance of the coefficients, `n_series × n_columns × n_columns`.
        leverage: diagonal of the hat matrix, `n_series × n_periods`.
    """

    coefficients: Array
    mean: Array
    inverse_information: Array
    leverage: Array

    def log_variance(self, design: Array) -> Array:
        """Unscaled variance of the fitted log mean at rows of a design, `n_series × n_rows`."""
        products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        return self.inverse_information.reshape(len(self.coefficients), -1) @ products.T


def fit_poisson(counts: Array, design: Array, offset: Array, weights: Array, penalty: Array) -> Fit:
    """Fit `log E[counts] = offset + design · coefficients` to every series.

    All series share the design matrix, so that the weighted cross products of a step are one matrix product.

    Args:
        counts: `n_series × n_periods`.
        design: `n_periods × n_columns`; the first column is the intercept.
        offset: `n_periods` or `n_series × n_periods`, on the log scale.
        weights: `n_series × n_periods`, 0 leaves a period out.
        penalty: `n_columns`; precision of a normal prior around zero on each coefficient.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, section 2.5; the ridge keeps series identifiable that
    are zero in whole seasons.
    """
    n_series, n_columns = len(counts), design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    ridge = np.diag(penalty)
    offset = np.broadcast_to(offset, counts.shape)
    # Half an event keeps the logarithm finite for a series that was never seen.
    total = (weights * counts).sum(axis=1) + 0.5
    coefficients: Array = np.zeros((n_series, n_columns))
    coefficients[:, 0] = np.log(total / (weights * np.exp(offset)).sum(axis=1))
    for _ in range(ITERATIONS):
        linear = coefficients @ design.T
        mean = np.exp(np.clip(offset + linear, -LOG_LIMIT, LOG_LIMIT))
        information = _information(weights * mean, products, n_columns) + ridge
        working = weights * (mean * linear + counts - mean)
        step = np.linalg.solve(information, (working @ design)[:, :, None])[:, :, 0] - coefficients
        coefficients = coefficients + np.clip(step, -2.0, 2.0)
    mean = np.exp(np.clip(offset + coefficients @ design.T, -LOG_LIMIT, LOG_LIMIT))
    inverse = np.linalg.inv(_information(weights * mean, products, n_columns) + ridge)
    fit = Fit(coefficients, mean, np.asarray(inverse, dtype=float), np.empty(0))
    return replace(fit, leverage=np.clip(weights * mean * fit.log_variance(design), 0.0, 0.99))


def _information(weights: Array, products: Array, n_columns: int) -> Array:
    return (weights @ products).reshape(len(weights), n_columns, n_columns)
