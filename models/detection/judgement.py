"""What every detector answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from models.detection.predictive import Array, upper_bound
from models.detection.windows import Windows

SMALLEST_P = 1e-300
UPPER_ALPHA = 0.01
LOWEST_SCORE = -10.0


@dataclass(frozen=True)
class Reported:
    """How much of the newest period's counts has arrived by now.

    Attributes:
        share: expected share, above 0.
        deviation: its standard deviation.
    """

    share: float = 1.0
    deviation: float = 0.0


class Factors(Protocol):
    """What an expectation is a product of."""

    def of(self, rows: slice, periods: slice) -> tuple[Array, Array, Array]:
        """Level, season and calendar; each `n_series × n_periods`."""
        ...


@dataclass(frozen=True)
class Prediction:
    """What counts are expected to be if nothing is wrong; the newest period last.

    Attributes:
        mean: expected counts, `n_series × n_periods`; NaN where the history is too short to say.
        dispersion: `n_series × 1`; variance of a count over its mean, were the mean known.
        log_variance: variance of the logarithm of the mean, `n_series × n_periods`.
        windows: the sums of newest periods that are judged.
        factors: what the mean is a product of.
    """

    mean: Array
    dispersion: Array
    log_variance: Array
    windows: Windows
    factors: Factors

    def as_reported(self, reported: Reported) -> Prediction:
        """What is expected of the newest period of what has arrived by now; the factors stay those of the whole."""
        mean, log_variance = self.mean.copy(), self.log_variance.copy()
        mean[:, -1] *= reported.share
        log_variance[:, -1] += (reported.deviation / reported.share) ** 2
        return replace(self, mean=mean, log_variance=log_variance)

    @property
    def variance(self) -> Array:
        """Of a count around the expected one, the uncertainty of the latter included, `n_series × n_periods`."""
        return self.dispersion * self.mean + np.square(self.mean) * self.log_variance

    def judge(self, counts: Array, last: int = 1) -> Judgement:
        """Judge the last periods."""
        told = (counts, self.mean, self.dispersion, self.log_variance, last)
        p_value = self.windows.p_value(*told)
        known = ~np.isnan(self.mean[:, -last:])
        p_value = np.where(known, p_value, 1.0)
        observed, upper = counts[:, -last:], self.windows.upper(*told, alpha=UPPER_ALPHA)
        upper = np.where(p_value <= UPPER_ALPHA, np.minimum(upper, observed - 1), np.maximum(upper, observed))
        factors = self.factors.of(slice(None), slice(counts.shape[1] - last, counts.shape[1]))
        return Judgement.of(self.mean[:, -last:], np.where(known, upper, np.nan), p_value, factors)

    def rarity(self, row: int, counts: Array, newest: float) -> float:
        """p-value of a series if the count of its newest period were another one.

        Args:
            row: of the series.
            counts: of that series, `n_periods`.
            newest: the count to judge instead of the last of these.
        """
        rows, others = slice(row, row + 1), np.append(counts[:-1], newest)[None, :]
        told = (others, self.mean[rows], self.dispersion[rows], self.log_variance[rows], 1)
        return float(self.windows.p_value(*told)[0, 0])

    def upper(self, rows: NDArray[np.intp]) -> Array:
        """99 % bound of the counts of some series in every single period."""
        return upper_bound(self.mean[rows], self.variance[rows])


@dataclass(frozen=True)
class Judgement:
    """Judged periods of many series; every array is `n_series × n_judged`, the newest period last.

    Attributes:
        expected: counts expected if nothing is wrong.
        upper: the highest count that is no alarm at 1 %, given the periods before; NaN where nothing is expected.
        p_value: how rare the count is, alone or together with those just before it, if nothing is wrong; a mid-p-value.
        score: the p-value as a standard normal deviate; higher is rarer.
        level: what would be expected in an ordinary period, trend included.
        season: what the season makes of that, as a factor.
        calendar: what the calendar, or else what befell all series alike, makes of that.
    """

    expected: Array
    upper: Array
    p_value: Array
    score: Array
    level: Array
    season: Array
    calendar: Array

    @classmethod
    def of(cls, expected: Array, upper: Array, p_value: Array, factors: tuple[Array, Array, Array]) -> Judgement:
        """With the score that belongs to the p-value."""
        score = np.maximum(stats.norm.isf(np.clip(p_value, SMALLEST_P, 1.0)), LOWEST_SCORE)
        return cls(expected, upper, p_value, score, *factors)

    @classmethod
    def side_by_side(cls, periods: Sequence[Judgement]) -> Judgement:
        """Judgements of following periods as one, in their order."""
        return cls(*(np.hstack([getattr(p, field.name) for p in periods]) for field in fields(cls)))
