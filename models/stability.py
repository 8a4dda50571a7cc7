"""Whether figures stay as they were: robust ranges of counts, drift of a mix, habits of reporting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Makes the median absolute deviation of a normal distribution its standard deviation.
NORMAL_MAD = 1.4826
USUAL = 0.95
# Jeffreys' prior: half a case in every category, so that an empty one does not drift without bound.
HALF = 0.5


@dataclass(frozen=True)
class UsualRange:
    """Where a count usually lies."""

    center: float
    low: float
    high: float


def usual_range(history: Floats, *, deviations: float, min_ratio: float, completeness: float = 1.0) -> UsualRange:
    """The range of a count by earlier counts of the same kind, in the scale of complete days.

    Center and spread are the median and the scaled median absolute deviation, which up to half of the history may be
    outliers for (Hampel 1974). Counts are never taken to be steadier than Poisson's. Where only a part of the day has been
    reported, its scaled-up count varies by that as well.

    Args:
        history: counts of comparable days, complete ones or scaled up to be.
        deviations: spreads that a count may be away from the center.
        min_ratio: factor that it may be away in any case.
        completeness: share of the judged day that has been reported.

    References:
        Hampel (1974): The influence curve and its role in robust estimation. JASA 69, 383-393.
    """
    center = float(np.median(history))
    mad = NORMAL_MAD * float(np.median(np.abs(history - center)))
    missing = center * (1 - completeness) / completeness
    spread = float(np.sqrt(max(mad**2, center, 1.0) + missing))
    low = min(center - deviations * spread, center / min_ratio)
    return UsualRange(center, max(low, 0.0), max(center + deviations * spread, center * min_ratio))


def mix_drift(reference: Floats, current: Floats) -> float:
    """How far a mix of categories has moved, beyond what chance alone would move it.

    The population stability index `sum((p - q) log(p / q))` of the shares, a symmetric Kullback-Leibler divergence, less its
    expectation `(k - 1) (1 / n + 1 / m)` without any drift (Yurdakul and Naranjo 2020), and never below 0. By convention 0.1
    is a small and 0.25 a large drift.

    Args:
        reference: `n_categories`, counts before.
        current: `n_categories`, counts now.

    References:
        Yurdakul, Naranjo (2020): Statistical properties of the population stability index.
        Journal of Risk Model Validation 14 (4).
    """
    n, m, categories = reference.sum(), current.sum(), len(reference)
    q, p = ((counts + HALF) / (counts.sum() + HALF * categories) for counts in (reference, current))
    index = ((p - q) * np.log(p / q)).sum()
    return max(float(index - (categories - 1) * (1 / n + 1 / m)), 0.0)


def usual_gap(days: NDArray[np.int64]) -> float:
    """The longest gap that is still usual between days on which something came: the 95 % quantile of the gaps.

    Args:
        days: distinct days as numbers, in order; at least two.
    """
    return float(np.quantile(np.diff(days), USUAL, method="higher"))
