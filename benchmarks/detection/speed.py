"""Series-weeks per second of the batched seasonal baseline, beside one quasi-Poisson regression per series."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm

from benchmarks.pairs import Comparison, compare
from models.detection.detector import Detector
from models.detection.effects import Effects

WEEKS = 156
SERIES = 1000
REFERENCE_SERIES = 60
PERIOD = 52.1775


def run() -> Comparison:
    """Both fit trend and two harmonics to three years of weeks; the reference on a part of the series, scaled."""
    rng = np.random.default_rng(7)
    angle = 2 * np.pi * np.arange(WEEKS)[:, None] * np.arange(1, 3) / PERIOD
    season = np.hstack([np.sin(angle), np.cos(angle)])
    mean = np.exp(rng.normal(1, 1, SERIES))[:, None] * np.exp(0.2 * season.sum(axis=1))
    counts = rng.poisson(mean).astype(float)
    design = np.column_stack([np.ones(WEEKS), np.linspace(-0.5, 0.5, WEEKS), season])
    detector, effects = Detector(), Effects.none(WEEKS)

    def batched() -> None:
        detector.judge(counts, counts.sum(axis=0), effects)

    def one_by_one() -> None:
        for row in counts[:REFERENCE_SERIES]:
            sm.GLM(row[:-1], design[:-1], family=sm.families.Poisson()).fit(scale="X2")

    timed = compare("detection, series-weeks, batched against statsmodels", SERIES, batched, one_by_one)
    scale = SERIES / REFERENCE_SERIES
    return Comparison(timed.what, SERIES, timed.ours, timed.other * scale, [ratio * scale for ratio in timed.ratios])
