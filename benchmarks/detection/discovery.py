"""Many series a week: what share of the discoveries is false when the false discovery rate is to be controlled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Bools, Floats, World
from models.detection.multiplicity import q_values


@dataclass(frozen=True)
class Discoveries:
    """What the series called unusual in each week turn out to be.

    Attributes:
        method: its name.
        false_share: share of all discoveries that lie outside of an outbreak.
        false_share_a_week: the same within a week, on average over the weeks; a week without discoveries has none.
        detection: share of outbreaks discovered in one of their weeks.
        discoveries: per week, on average.
    """

    method: str
    false_share: float
    false_share_a_week: float
    detection: float
    discoveries: float


def discoveries(world: World, verdicts: Verdicts, rate: float = 0.10) -> Discoveries:
    """Benjamini-Hochberg over all series of every judged week, at a false discovery rate.

    Args:
        world: the series, each with its current outbreak.
        verdicts: their scores, normal deviates of p-values.
        rate: the false discovery rate asked for.
    """
    return _found(verdicts.method, stats.norm.sf(verdicts.score), world.outbreak_periods, rate)


def _found(method: str, p_value: Floats, inside: Bools, rate: float) -> Discoveries:
    called = np.column_stack([q_values(week) <= rate for week in p_value.T])
    false, all_called = (called & ~inside).sum(axis=0), called.sum(axis=0)
    return Discoveries(
        method=method,
        false_share=float(false.sum() / max(all_called.sum(), 1)),
        false_share_a_week=float((false / np.maximum(all_called, 1)).mean()),
        detection=float((called & inside).any(axis=1).mean()),
        discoveries=float(all_called.mean()),
    )
