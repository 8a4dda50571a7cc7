"""Models of scikit-learn as detectors: gradient boosting that forecasts, an isolation forest that looks at our residuals.

They are measured, not used: what they find beside ours stands in the section `learners` of the benchmark.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.ensemble import IsolationForest

from benchmarks.detection.boosting import Boosting
from benchmarks.detection.forecasts import ALONE, Expected, Forecasts, averaged, judge_forecasts, own_forecasts
from benchmarks.detection.methods import ALPHA
from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Floats, World
from jobs.effects import calendar_effects
from models.detection.detector import DAYS
from models.detection.effects import Effects
from models.detection.predictive import mid_p_value

# Sums of the newest weeks whose residuals the forest looks at.
SUMS = (1, 2, 4)
TREES = 200
# Weeks before the judged ones whose residuals the forest learns from: ten years.
LEARNED = 520


def judge_with_learners(world: World, *, calendar: str = "none", boosting: Boosting | None = None) -> list[Verdicts]:
    """Judge a weekly world with all of them.

    Args:
        world: series of weeks, with more than two years before the judged ones.
        calendar: `cn` to tell the models what our detector is told of the Chinese consumer calendar, else `none`.
        boosting: how the boosted model learns; `Boosting()` unless given.
    """
    effects = calendar_effects(world.periods, DAYS["week"], chinese=calendar == "cn")
    boosted, ours = boosted_forecasts(world, effects, boosting), own_forecasts(world, effects)
    return [
        judge_forecasts(world, boosted, "boosting, week alone", ALONE),
        judge_forecasts(world, boosted, "boosting, our windows"),
        judge_forecasts(world, averaged(ours, boosted), "boosting and ours, our windows"),
        judge_with_forest(world, ours),
    ]


def boosted_forecasts(world: World, effects: Effects, boosting: Boosting | None = None) -> Forecasts:
    """Forecasts of one boosted model of all series, learned from the history before the judged weeks.

    That history is the same with and without current outbreak: the model is learned once, but its time counts for each.
    """
    start = time.process_time()
    history = world.quiet[:, : -world.judged].astype(float)
    forecaster = (boosting or Boosting()).learn(history, effects.columns)
    learned = time.process_time()
    dispersion = np.repeat(forecaster.dispersion, world.judged, axis=1)
    quiet, outbreak = (
        Expected(forecaster.mean(counts.astype(float), effects.columns), dispersion, np.zeros(counts.shape))
        for counts in (world.quiet, world.counts)
    )
    spent = 2 * (learned - start) + time.process_time() - learned
    return Forecasts(quiet, outbreak, 1000 * spent / (2 * world.n_series * world.judged))


@dataclass(frozen=True)
class Forest:
    """How rare residuals are by how few cuts set them apart (Liu, Ting & Zhou 2008, ICDM; scikit-learn's forest).

    The forest knows no direction; only what lies above the expectation is told to it, since fewer complaints are no outbreak.

    Attributes:
        model: the forest, learned from the residuals of the history.
        limit: the score that a share `ALPHA` of the history exceeds.
    """

    model: IsolationForest
    limit: float

    @classmethod
    def of(cls, residuals: Floats) -> Forest:
        """Learn from `n × n_features` residuals."""
        model = IsolationForest(n_estimators=TREES, random_state=0).fit(residuals)
        return cls(model, float(np.quantile(-model.score_samples(residuals), 1 - ALPHA)))

    def score(self, residuals: Floats) -> Floats:
        """Rarity of `n_series × n_periods × n_features` residuals, `n_series × n_periods`; higher is rarer."""
        rarity = -self.model.score_samples(residuals.reshape(-1, residuals.shape[-1]))
        return np.asarray(rarity, dtype=float).reshape(residuals.shape[:2])


def judge_with_forest(world: World, ours: Forecasts) -> Verdicts:
    """An isolation forest on the residuals of our forecasts, learned from those of the history.

    Args:
        world: the series.
        ours: forecasts of `own_forecasts`.
    """
    judged, start = world.judged, time.process_time()
    quiet, outbreak = (
        residuals(counts.astype(float), told, min(LEARNED, counts.shape[1] - judged - max(SUMS)) + judged)
        for counts, told in ((world.quiet, ours.quiet), (world.counts, ours.outbreak))
    )
    features = quiet.shape[-1]
    before = time.process_time()
    forest = Forest.of(quiet[:, :-judged].reshape(-1, features))
    learning = time.process_time() - before
    scores = [forest.score(told[:, -judged:]) for told in (quiet, outbreak)]
    spent = learning + time.process_time() - start
    milliseconds = ours.milliseconds + 1000 * spent / (2 * scores[0].size)
    alarms = [score > forest.limit for score in scores]
    return Verdicts("isolation forest on our residuals", scores[0], alarms[0], scores[1], alarms[1], milliseconds)


def residuals(counts: Floats, told: Expected, last: int) -> Floats:
    """What the forest looks at: how far sums of the newest 1, 2 and 4 weeks lie above their expectation, in normal deviates;
    the log ratio of the newest week; its log mean. What lies below is 0.

    Args:
        counts: `n_series × n_periods`.
        told: our expectations of them.
        last: newest periods looked at, fewer than there are by the longest sum.

    Returns:
        `n_series × last × 5`.
    """
    n_periods, judged = counts.shape[1], told.dispersion.shape[1]
    before = np.repeat(told.dispersion[:, :1], n_periods - judged, axis=1)
    dispersion = np.concatenate([before, told.dispersion], axis=1)[:, -last:]
    columns = []
    for weeks in SUMS:
        observed, mean = (_sums(values, weeks, last) for values in (counts, told.mean))
        variance = dispersion * mean + np.square(mean) * told.log_variance[:, -last:]
        columns.append(stats.norm.isf(np.clip(mid_p_value(observed, mean, variance), 1e-12, 0.5)))
    mean = told.mean[:, -last:]
    columns += [np.maximum(np.log((counts[:, -last:] + 0.5) / (mean + 0.5)), 0.0), np.log(mean)]
    return np.stack(columns, axis=2)


def _sums(values: Floats, weeks: int, last: int) -> Floats:
    end = values.shape[1]
    return np.asarray(sum(values[:, end - last - back : end - back] for back in range(weeks)), dtype=float)
