"""How long a CUSUM of counts runs until it alarms."""

from __future__ import annotations

import numpy as np
from scipy import stats

from models.detection.predictive import Array


def average_run_length(
    mean: float, reference: float, interval: float, *, dispersion: float = 1.0, head_start: float = 0.0, steps: int = 10
) -> float:
    """Average number of periods until `max(0, S + count - reference)` reaches `interval`, the alarm's period included.

    The sum moves on multiples of `1 / steps`, so that it is a Markov chain and the average follows from one system of linear
    equations (Brook & Evans 1972, Biometrika 59; for counts Lucas 1985, Counted Data CUSUM's, Technometrics 27).

    Args:
        mean: of the counts as they are, drift included.
        reference: what is taken off in each period, a multiple of `1 / steps`.
        interval: sum that alarms, a multiple of `1 / steps`.
        dispersion: variance of a count by its mean, at least 1.
        head_start: sum before the first period, below `interval`; Lucas and Crosier's fast initial response is half of it.
        steps: parts of a count that reference and interval are measured in.

    Raises:
        ValueError: reference, interval or head start is no multiple of `1 / steps`, or the head start reaches the interval.
    """
    chain = _transitions(mean, _steps(reference, steps), _steps(interval, steps), dispersion, steps)
    start = _steps(head_start, steps)
    if not 0 <= start < len(chain):
        raise ValueError(f"a head start of {head_start} is not within the interval of {interval}")
    return float(np.linalg.solve(np.eye(len(chain)) - chain, np.ones(len(chain)))[start])


def _steps(value: float, steps: int) -> int:
    whole = round(value * steps)
    if not np.isclose(whole, value * steps):
        raise ValueError(f"{value} is no multiple of 1/{steps}")
    return whole


def _transitions(mean: float, reference: int, interval: int, dispersion: float, steps: int) -> Array:
    """Chances to go from one sum to another without an alarm, in steps; what is missing to 1 alarms."""
    chain = np.zeros((interval, interval))
    sums = np.arange(interval)
    for count in range((interval + reference) // steps + 1):
        following = np.maximum(sums + count * steps - reference, 0)
        stays = following < interval
        chain[sums[stays], following[stays]] += _chance(count, mean, dispersion)
    return chain


def _chance(count: int, mean: float, dispersion: float) -> float:
    if dispersion == 1:
        return float(stats.poisson.pmf(count, mean))
    return float(stats.nbinom.pmf(count, mean / (dispersion - 1), 1 / dispersion))
