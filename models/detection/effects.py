"""What the calendar may do to counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.detection.predictive import Array

SATURDAY = 5


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


def day_types(days: pd.DatetimeIndex, holidays: NDArray[np.bool_], made_up: NDArray[np.bool_]) -> tuple[Array, list[str]]:
    """What kind of day each is, `n_days × 10`.

    Tuesday to Sunday; weekdays that are off and weekend days within a holiday, which differ by as much as the weekend does from
    the week; the first weekday after a holiday, when what was left undone is made up for; and weekend days that are worked.

    Args:
        days: the days, without gaps.
        holidays: which of them are days off by decree, `n_days`.
        made_up: which are weekend days worked to make up for these, `n_days`.
    """
    weekday = days.dayofweek.to_numpy()
    weekend = weekday >= SATURDAY
    after, owed = np.zeros(len(days), dtype=bool), False
    for day in range(len(days)):
        owed |= bool(holidays[day])
        if not (holidays[day] or weekend[day]):
            after[day], owed = owed, False
    columns = np.column_stack([weekday[:, None] == np.arange(1, 7), holidays & ~weekend, holidays & weekend, after, made_up])
    names = [*(f"weekday {number}" for number in range(2, 8)), "weekday off", "weekend holiday", "after holiday", "made up"]
    return columns.astype(float), names
