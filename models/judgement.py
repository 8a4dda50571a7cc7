"""What every detector answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from models.predictive import Array, tail_probability, upper_bound

SMALLEST_P = 1e-300


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
        """Judge counts against the mean and variance expected of them."""
        p_value = tail_probability(observed, mean, variance)
        score = stats.norm.isf(np.clip(p_value, SMALLEST_P, 1.0))
        return cls(mean, upper_bound(mean, variance), p_value, np.maximum(score, -10.0))

    @classmethod
    def stack(cls, columns: list[Judgement]) -> Judgement:
        """Judgements of one period each, side by side."""
        return cls(*(np.column_stack([getattr(c, name) for c in columns]) for name in cls.__dataclass_fields__))
