"""What the calendar may do to counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.detection.predictive import Array


@dataclass(frozen=True)
class Effects:
    """Calendar covariates, several of which may describe one effect.

    Attributes:
        columns: `n_periods × n_covariates`, 0 in ordinary periods.
        names: of the effect that each column describes, `n_covariates`.
    """

    columns: Array
    names: tuple[str, ...]

    @classmethod
    def none(cls, n_periods: int) -> Effects:
        """No effect at all."""
        return cls(np.zeros((n_periods, 0)), ())

    @classmethod
    def of(cls, *parts: tuple[Array, Sequence[str]]) -> Effects:
        """Covariates from tables side by side and the names of their columns' effects."""
        return cls(np.column_stack([columns for columns, _ in parts]), tuple(name for _, names in parts for name in names))

    def until(self, n_periods: int) -> Effects:
        """Those of the first periods."""
        return Effects(self.columns[:n_periods], self.names)

    def patterns(self, coefficients: Array) -> Array:
        """One column per effect: its covariates by these coefficients, 1 or -1 where it is strongest, `n_periods × n_effects`.

        Args:
            coefficients: `n_covariates`.
        """
        distinct = list(dict.fromkeys(self.names))
        members = np.array([[name == effect for effect in distinct] for name in self.names], dtype=float)
        patterns = self.columns @ (members.reshape(len(self.names), len(distinct)) * coefficients[:, None])
        strongest = np.abs(patterns).max(axis=0, initial=0.0)
        return np.asarray(patterns / np.where(strongest > 0, strongest, 1.0), dtype=float)


def weekdays(days: pd.DatetimeIndex) -> tuple[Array, list[str]]:
    """Tuesday to Sunday as covariates, `n_periods × 6`, each an effect of its own."""
    columns = np.asarray(days.dayofweek.to_numpy()[:, None] == np.arange(1, 7), dtype=float)
    return columns, [f"weekday {weekday}" for weekday in range(2, 8)]
