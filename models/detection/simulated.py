"""P-values of a statistic from its values on data sets simulated under the null hypothesis."""

from __future__ import annotations

import numpy as np

from models.detection.predictive import Array

# Values that differ by no more than rounding are ties.
ALIKE = 1e-9
# The tail that is smoothed: this share of the simulated values, and no fewer of them than tell its slope.
TAIL_SHARE = 0.1
FEWEST_IN_TAIL = 10


def rank_p_value(value: float, simulated: Array) -> float:
    """The share of all data sets, the observed one among them, that are at least as extreme (Dwass 1957); it is exact."""
    return float((1 + np.count_nonzero(simulated >= value - ALIKE)) / (1 + len(simulated)))


def tail_p_value(value: float, simulated: Array) -> float | None:
    """The p-value smoothed over the upper tail, beyond the largest simulated value too; None below the tail, or without one.

    Exceedances of the tail's threshold are taken as exponential, the middle case of the generalised Pareto tails by which
    Knijnenburg et al. 2009 (Bioinformatics 25, i161-i168) approximate permutation p-values.
    """
    in_tail = int(TAIL_SHARE * len(simulated))
    if in_tail < FEWEST_IN_TAIL:
        return None
    largest = np.sort(simulated)[-in_tail - 1 :]
    threshold = largest[0]
    if not np.isfinite(threshold) or value <= threshold or largest[-1] <= threshold:
        return None
    slope = float((largest[1:] - threshold).mean())
    return float((in_tail + 0.5) / (len(simulated) + 1) * np.exp(-(value - threshold) / slope))
