"""What every detector answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from models.detection.predictive import Array, tail_probability, upper_bound

SMALLEST_P = 1e-300


@dataclass(frozen=True)
class Prediction:
    """What counts are expected to be if nothing is wrong; `n_series × n_periods`, the judged period last.

    Attributes:
        mean: expected counts; NaN where the history is too short to say.
        variance: of a count around that mean, the uncertainty of the mean included.
    """

    mean: Array
    variance: Array

    def judge(self, counts: Array) -> Judgement:
        """Judge the last period."""
        return Judgement.of(counts[:, -1:], self.mean[:, -1:], self.variance[:, -1:])

    def tail(self, row: int, count: int) -> float:
        """Chance of such a count or a higher one in the last period of a series."""
        return float(tail_probability(np.array(count), self.mean[row, -1], self.variance[row, -1]))

    def upper(self, rows: NDArray[np.intp]) -> Array:
        """99 % bound of the counts of some series in every period."""
        return upper_bound(self.mean[rows], self.variance[rows])


@dataclass(frozen=True)
class Judgement:
    """Judged periods of many series; every array is `n_series × n_judged`, the newest period last.

    Attributes:
        expected: counts expected if nothing is wrong.
        upper: 99 % bound of the count expected.
        p_value: chance of a count as high as the observed one or higher.
        score: the p-value as a standard normal deviate; higher is rarer.
    """

    expected: Array
    upper: Array
    p_value: Array
    score: Array

    @classmethod
    def of(cls, observed: Array, mean: Array, variance: Array) -> Judgement:
        """Judge counts against the mean and variance expected of them; an unknown mean gives p-value 1."""
        p_value = np.where(np.isnan(mean), 1.0, tail_probability(observed, mean, variance))
        score = stats.norm.isf(np.clip(p_value, SMALLEST_P, 1.0))
        return cls(mean, upper_bound(mean, variance), p_value, np.maximum(score, -10.0))

    @classmethod
    def side_by_side(cls, periods: Sequence[Judgement]) -> Judgement:
        """Judgements of single periods as one, in their order."""
        return cls(*(np.hstack([getattr(p, name) for p in periods]) for name in cls.__dataclass_fields__))
