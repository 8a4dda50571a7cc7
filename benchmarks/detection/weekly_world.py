"""The 42 scenarios of weekly counts that outbreak detectors are compared on, plain or with the Chinese consumer calendar.

Noufaily et al. 2013, An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine
32; Bédubourg & Le Strat 2017, Evaluation and comparison of statistical methods for early temporal detection of outbreaks,
PLoS ONE 12, judged 21 methods on the same scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.detection.consumer_calendar import multipliers
from benchmarks.detection.world import Floats, Ints, World, draw_counts, draw_sizes, spread_cases

WEEKS = 624
JUDGED = 49
YEAR_WEEKS = 52
# Past outbreaks start in weeks 313 to 575, counted from 1, in sizes that the detector has to see through.
FIRST_PAST, LAST_PAST = 313, 575
PAST_K = (2, 3, 5, 10)
CURRENT_K = 10
# The judged 49 weeks begin before double twelve of 2025 and end with double eleven of 2026: every peak lies in them once.
LAST_MONDAY = "2026-11-09"
# theta, beta, gamma1, gamma2, phi: table 1 of Noufaily et al. 2013.
PARAMETERS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
HARMONICS = (0, 1, 2)


@dataclass(frozen=True)
class Scenario:
    """A background `mu(t) = exp(theta + beta t + Σ_j≤m [gamma1 cos(2πjt/52) + gamma2 sin(2πjt/52)])`, t from 1.

    Attributes:
        number: 1 to 42.
        theta: log level.
        beta: log change per week.
        gamma1: cosine's coefficient.
        gamma2: sine's coefficient.
        harmonics: m, how many pairs.
        dispersion: variance over mean.
    """

    number: int
    theta: float
    beta: float
    gamma1: float
    gamma2: float
    harmonics: int
    dispersion: float

    def mean(self) -> Floats:
        """Expected counts of the 624 weeks."""
        week = np.arange(1, WEEKS + 1)
        log_mean = self.theta + self.beta * week
        for j in range(1, self.harmonics + 1):
            angle = 2 * np.pi * j * week / YEAR_WEEKS
            log_mean = log_mean + self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.asarray(np.exp(log_mean), dtype=float)

    def __str__(self) -> str:
        trend = "trend" if self.beta else "level"
        return f"{self.number}: mean {self.mean().mean():.3g}, {trend}, m={self.harmonics}, φ={self.dispersion:g}"


def scenarios() -> list[Scenario]:
    """All 42: seven sets of parameters, each with and without trend, with no, one and two harmonics."""
    found = [
        (theta, beta * trend, gamma1, gamma2, m, phi)
        for theta, beta, gamma1, gamma2, phi in PARAMETERS
        for trend in (1, 0)
        for m in HARMONICS
    ]
    return [Scenario(number, *row) for number, row in enumerate(found, 1)]


def weekly_world(replicates: int = 20, *, seed: int = 1, calendar: bool = False, spread: float = 0.1) -> World:
    """Simulate `42 × replicates` series of 624 weeks, the last 49 judged.

    Four past outbreaks (k = 2, 3, 5, 10) lie in the weeks 313 to 575; they leave no case in judged weeks. One current
    outbreak starts in any judged week; its k goes through 1 to 10 by replicate, so that multiples of ten replicates are
    balanced. Sizes are Poisson with mean k standard deviations of the background at the onset, and at least 2.

    Args:
        replicates: series per scenario.
        seed: of the generator; the same arguments give the same world.
        calendar: multiply the background with the peaks and dips of the consumer calendar.
        spread: standard deviation of the log multipliers between series; looked at with `calendar` only.
    """
    rng = np.random.default_rng(seed)
    table = scenarios()
    scenario = np.repeat(np.arange(len(table)), replicates)
    replicate = np.tile(np.arange(replicates), len(table))
    n_series = len(scenario)
    periods = pd.date_range(end=LAST_MONDAY, periods=WEEKS, freq="7D")
    mean = np.stack([one.mean() for one in table])[scenario]
    if calendar:
        mean = mean * multipliers(rng, periods, n_series, spread)
    dispersion = np.broadcast_to(np.array([one.dispersion for one in table])[scenario][:, None], mean.shape)
    background = draw_counts(rng, mean, dispersion)
    deviation = np.sqrt(dispersion * mean)

    starts = FIRST_PAST - 1 + rng.random((n_series, LAST_PAST - FIRST_PAST + 1)).argsort(axis=1)[:, : len(PAST_K)]
    quiet = background.copy()
    for k, start in zip(PAST_K, starts.T, strict=True):
        quiet += _outbreak(rng, deviation, start, np.full(n_series, k), until=WEEKS - JUDGED)
    onset = rng.integers(WEEKS - JUDGED, WEEKS, n_series)
    size_k = 1 + replicate % CURRENT_K
    outbreak = _outbreak(rng, deviation, onset, size_k, until=WEEKS)
    return World("week", periods, quiet, outbreak, mean, dispersion, onset, scenario + 1, size_k, JUDGED)


def _outbreak(rng: np.random.Generator, deviation: Floats, onset: Ints, k: Ints, until: int) -> Ints:
    size = draw_sizes(rng, k * deviation[np.arange(len(onset)), onset])
    return spread_cases(rng, deviation.shape[1], onset, size, until=until)
