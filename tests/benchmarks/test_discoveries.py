"""False discoveries, on verdicts made by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.detection.discovery import discoveries
from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import World


def world_of(outbreak):
    outbreak = np.asarray(outbreak)
    onset = np.where(outbreak.any(axis=1), (outbreak > 0).argmax(axis=1), 0)
    return World(
        frequency="week",
        periods=pd.date_range("2026-01-05", periods=outbreak.shape[1], freq="7D"),
        quiet=np.zeros_like(outbreak),
        outbreak=outbreak,
        mean=np.ones(outbreak.shape),
        dispersion=np.ones(outbreak.shape),
        onset=onset,
        scenario=np.ones(len(outbreak), dtype=int),
        k=np.ones(len(outbreak), dtype=int),
        judged=outbreak.shape[1],
    )


def verdicts_of(p_value):
    score = stats.norm.isf(np.asarray(p_value))
    quiet = np.full(score.shape, -10.0)
    return Verdicts("by hand", quiet, quiet > 0, score, score > 2)


def test_discoveries_outside_of_outbreaks_are_false():
    outbreak = [[0, 5, 0], [0, 0, 0], [0, 0, 0], [3, 0, 0]]
    p_value = [[0.9, 1e-6, 0.9], [0.9, 1e-5, 0.9], [0.9, 0.9, 0.9], [0.9, 0.9, 0.9]]
    found = discoveries(world_of(outbreak), verdicts_of(p_value))
    assert found.false_share == 0.5  # two discoveries in the second week, one of them false
    assert found.false_share_a_week == pytest.approx(0.5 / 3)
    assert found.discoveries == pytest.approx(2 / 3)
    assert found.detection == 0.25  # the series without cases count their onset as an outbreak too, and are not found


def test_no_discovery_is_no_false_one():
    found = discoveries(world_of([[1, 0]]), verdicts_of([[0.5, 0.5]]))
    assert (found.false_share, found.false_share_a_week, found.detection) == (0.0, 0.0, 0.0)


def test_a_p_value_that_is_rare_only_among_few_is_no_discovery_among_many():
    outbreak = np.zeros((1000, 1), dtype=int)
    outbreak[0] = 4
    p_value = np.full((1000, 1), 0.5)
    p_value[0] = 0.001
    assert discoveries(world_of(outbreak), verdicts_of(p_value)).discoveries == 0
    assert discoveries(world_of(outbreak[:20]), verdicts_of(p_value[:20])).discoveries == 1
