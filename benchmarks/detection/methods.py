"""Our detectors as users have them, and the oracle that nobody has, on the series of a world."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Bools, Floats, Ints, World
from jobs.detect_series import judge_table

ALPHA = 0.01
LOWEST_SCORE = -10.0
Judge = Callable[[pd.DataFrame], pd.DataFrame]


def judge_world(
    world: World, *, calendar: str = "none", alpha: float = ALPHA, method: str = "Complaint Radar", **options: Any
) -> Verdicts:
    """Judge all series of a world together, by the door that `radar detect-series` has.

    Args:
        world: the series.
        calendar: `cn` or `none`, as for `judge_table`.
        alpha: p-value of an own alarm.
        method: the name to report.
        options: further arguments of `judge_table`.
    """

    def judge(table: pd.DataFrame) -> pd.DataFrame:
        return judge_table(table, world.frequency, chinese_calendar=calendar, last=world.judged, alpha=alpha, **options)

    return verdicts_of(world, judge, method)


def judge_each(
    world: World, *, calendar: str = "none", alpha: float = ALPHA, method: str = "Complaint Radar", **options: Any
) -> Verdicts:
    """The same with every series in a table of its own, so that none learns from the others."""
    rows = [
        judge_world(world.rows(np.array([row])), calendar=calendar, alpha=alpha, method=method, **options)
        for row in range(world.n_series)
    ]
    return Verdicts(
        method,
        np.vstack([one.quiet_score for one in rows]),
        np.vstack([one.quiet_alarm for one in rows]),
        np.vstack([one.score for one in rows]),
        np.vstack([one.alarm for one in rows]),
        float(np.mean([one.milliseconds for one in rows])),
    )


def verdicts_of(world: World, judge: Judge, method: str) -> Verdicts:
    """Verdicts of anything that judges a table as `judge_table` does."""
    start = time.process_time()
    quiet_score, quiet_alarm = _arrays(world, judge(world.table(world.quiet)))
    score, alarm = _arrays(world, judge(world.table(world.counts)))
    spent = time.process_time() - start
    return Verdicts(method, quiet_score, quiet_alarm, score, alarm, 1000 * spent / (2 * score.size))


def _arrays(world: World, judged: pd.DataFrame) -> tuple[Floats, Bools]:
    judged = judged.sort_values(["series_id", "period"])
    shape = (world.n_series, world.judged)
    # The table rounds scores; the p-value keeps the order of what is rarest.
    score = judged["score"].to_numpy(dtype=float) - 1e-6 * judged["p_value"].to_numpy(dtype=float)
    return score.reshape(shape), judged["alarm"].to_numpy(dtype=bool).reshape(shape)


def oracle(world: World, alpha: float = ALPHA) -> Verdicts:
    """The method that knows mean and dispersion of the background: the exact upper tail, P(Y >= count).

    It judges every period by itself: a method that adds up what is left of the periods before can find more.
    """
    quiet, with_outbreak = (tail_score(world, counts) for counts in (world.quiet, world.counts))
    limit = stats.norm.isf(alpha)
    return Verdicts("oracle", quiet, quiet >= limit, with_outbreak, with_outbreak >= limit)


def tail_score(world: World, counts: Ints) -> Floats:
    """Exact p-values of the judged periods as standard normal deviates, `n_series × judged`."""
    judged = slice(-world.judged, None)
    mean, dispersion, observed = world.mean[:, judged], world.dispersion[:, judged], counts[:, judged]
    factor, positive = np.where(dispersion <= 1, 2.0, dispersion), np.maximum(mean, 1e-12)
    mixed = stats.nbinom.sf(observed - 1, positive / (factor - 1), 1 / factor)
    p_value = np.where(dispersion <= 1, stats.poisson.sf(observed - 1, mean), mixed)
    # Counts less dispersed than Poisson are sums of many: nearly normal.
    narrow = stats.norm.sf((observed - 0.5 - mean) / np.sqrt(np.minimum(dispersion, 1) * positive))
    p_value = np.where(dispersion < 1, narrow, p_value)
    return np.asarray(np.maximum(stats.norm.isf(np.clip(p_value, 1e-300, 1.0)), LOWEST_SCORE), dtype=float)
