"""The comparison with SaTScan's method runs, tells the same twice, and simulates what it says."""

import numpy as np
import pytest

from benchmarks.detection import space_time
from benchmarks.detection.space_time import World, run

TINY = World("tiny", 300, 40, 40.0)


def told(comparisons):
    return [(s.method, s.power, s.power_nominal, s.false_alarms) for c in comparisons for s in c.scores]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(space_time, "SATSCAN", space_time.SpaceTimeScan(permutations=99, empty_centres=True))


def test_strong_clusters_are_found_by_all_methods_and_the_same_ones_again():
    first = run((TINY,), days=24, seed=3)
    assert told(first) == told(run((TINY,), days=24, seed=3))
    for score in first[0].scores:
        assert score.power >= 0.7
        assert score.false_alarms <= 0.25
        assert score.seconds > 0
    assert "tiny" in str(first[0])


def test_a_cluster_is_as_strong_as_its_world_says():
    risk = space_time._relative_risk(5.0, 9.0)
    assert 5.0 * (risk * np.log(risk) - risk + 1) == pytest.approx(9.0)


def test_days_with_a_cluster_have_more_cases_and_both_share_their_places():
    days = list(space_time._days(TINY, 30, 1))
    with_cluster, without = [cases for cases, _ in days[::2]], [cases for cases, _ in days[1::2]]
    late = np.mean([cases[:, -7:].sum() for cases in with_cluster]) - np.mean([cases[:, -7:].sum() for cases in without])
    early = np.mean([cases[:, :-7].sum() for cases in with_cluster]) - np.mean([cases[:, :-7].sum() for cases in without])
    assert late > 5
    assert abs(early) < 6
    assert all(one[1] is other[1] for one, other in zip(days[::2], days[1::2], strict=True))
