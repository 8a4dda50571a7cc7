"""Forecasts of the judged weeks, ours or another's, judged by the same tails, so that only the forecasts differ."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.detection.methods import ALPHA, LOWEST_SCORE
from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Floats, Ints, World
from models.detection.detector import WINDOWS, Detector
from models.detection.effects import Effects
from models.detection.judgement import Prediction
from models.detection.windows import Windows

# The newest week alone, and our own windows: alone, and together with the one before.
ALONE = Windows((1,), (1.0,))
OURS = WINDOWS["week"]
SMALLEST_P = 1e-300


@dataclass(frozen=True)
class Expected:
    """What counts are expected to be if nothing is wrong.

    Attributes:
        mean: `n_series × n_periods`; the judged periods' one step ahead, those before by hindsight.
        dispersion: `n_series × judged`; variance over mean.
        log_variance: variance of the logarithm of the mean, `n_series × n_periods`.
    """

    mean: Floats
    dispersion: Floats
    log_variance: Floats


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of a world.

    Attributes:
        quiet: of the series without current outbreak.
        outbreak: of the series with it.
        milliseconds: CPU time per judged series-period.
    """

    quiet: Expected
    outbreak: Expected
    milliseconds: float


@dataclass(frozen=True)
class _Kept(Detector):
    """Our detector, keeping what it predicts while it judges."""

    kept: list[Prediction] = field(default_factory=list)

    def predict(self, *told: Any, **options: Any) -> Prediction:
        self.kept.append(super().predict(*told, **options))
        return self.kept[-1]


def own_forecasts(world: World, effects: Effects) -> Forecasts:
    """Those by which our detector judges a world.

    Where a new fit begins to serve, the week before keeps the mean of the old one, so that judgements of two weeks there differ
    a little from our detector's.
    """
    start = time.process_time()
    quiet, outbreak = (_own(counts, world.judged, effects) for counts in (world.quiet, world.counts))
    return Forecasts(quiet, outbreak, 1000 * (time.process_time() - start) / (2 * world.n_series * world.judged))


def _own(counts: Ints, judged: int, effects: Effects) -> Expected:
    n_series, n_periods = counts.shape
    detector = _Kept()
    detector.judge(counts.astype(float), counts.sum(axis=0).astype(float), effects, judged)
    mean, log_variance, dispersion = (np.empty((n_series, n_periods)) for _ in range(3))
    known = 0  # the first prediction says all of the history, the others what the one before did not
    for prediction in detector.kept:
        until = prediction.mean.shape[1]
        mean[:, known:until] = prediction.mean[:, known:]
        log_variance[:, known:until] = prediction.log_variance[:, known:]
        dispersion[:, known:until] = prediction.dispersion
        known = until
    return Expected(mean, dispersion[:, -judged:], log_variance)


def averaged(ours: Forecasts, other: Forecasts) -> Forecasts:
    """Our forecasts with the geometric mean of both means; where the other has none, ours alone."""
    quiet, outbreak = (
        Expected(np.where(np.isnan(theirs.mean), own.mean, np.sqrt(own.mean * theirs.mean)), own.dispersion, own.log_variance)
        for own, theirs in ((ours.quiet, other.quiet), (ours.outbreak, other.outbreak))
    )
    return Forecasts(quiet, outbreak, ours.milliseconds + other.milliseconds)


def judge_forecasts(world: World, forecasts: Forecasts, method: str, windows: Windows = OURS, alpha: float = ALPHA) -> Verdicts:
    """Judge a world's counts by exact negative binomial tails around forecasts.

    Args:
        world: the series.
        forecasts: of them.
        method: the name to report.
        windows: the sums of newest weeks that are judged.
        alpha: p-value of an own alarm.
    """
    start = time.process_time()
    p_values = [
        windows.p_value(counts.astype(float), told.mean, told.dispersion, told.log_variance, world.judged)
        for counts, told in ((world.quiet, forecasts.quiet), (world.counts, forecasts.outbreak))
    ]
    spent = 1000 * (time.process_time() - start) / (2 * p_values[0].size)
    quiet, outbreak = (np.maximum(stats.norm.isf(np.clip(p, SMALLEST_P, 1.0)), LOWEST_SCORE) for p in p_values)
    return Verdicts(method, quiet, p_values[0] <= alpha, outbreak, p_values[1] <= alpha, forecasts.milliseconds + spent)
