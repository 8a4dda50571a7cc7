"""Parts of the space-time scan: critical counts against trying every count, p-values against distributions that are known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.detection.gumbel import Gumbel
from models.detection.scan_likelihood import least_counts, log_likelihood_ratio
from models.detection.scan_zones import Neighbours, circles
from models.detection.simulated import rank_p_value, tail_p_value


def plain_ratio(count, mean, total):
    if count <= mean:
        return 0.0
    outside = total - count
    return count * math.log(count / mean) + (outside * math.log(outside / (total - mean)) if outside else 0.0)


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 3000), st.floats(0.001, 0.999), st.sampled_from([1e-3, 0.5, 2.0, 7.0, 40.0]))
def test_the_least_count_is_the_first_that_reaches_the_level(total, share, level):
    mean = share * total
    least = int(least_counts(np.array([mean]), total, level)[0])
    reaching = [count for count in range(total + 1) if plain_ratio(count, mean, total) >= level]
    if reaching:
        assert least in {reaching[0], reaching[0] - 1}
        assert least == reaching[0] or plain_ratio(least, mean, total) > 0.9 * level
    else:
        assert least >= total


def test_the_ratio_is_that_of_two_binomials():
    """For fixed margins it is the log likelihood of a share of its own inside, less that of the common share."""
    total, count, inside = 100, 12, 5.0
    own = stats.binom.logpmf(count, total, count / total) - stats.binom.logpmf(count, total, inside / total)
    told = log_likelihood_ratio(np.array([12.0, 5.0, 3.0, 100.0]), np.array(inside), total)
    assert told[0] == pytest.approx(own)
    assert told[1:3].tolist() == [0.0, 0.0]
    assert told[3] == pytest.approx(100 * math.log(20))


def test_a_gumbel_fit_finds_the_parameters_and_the_tail():
    maxima = stats.gumbel_r.rvs(loc=4.0, scale=0.8, size=20_000, random_state=1)
    fitted = Gumbel.by_moments(maxima)
    assert fitted.location == pytest.approx(4.0, abs=0.03)
    assert fitted.scale == pytest.approx(0.8, abs=0.02)
    for value in (3.0, 6.0, 12.0, 40.0):
        assert Gumbel(4.0, 0.8).upper_tail(value) == pytest.approx(stats.gumbel_r.sf(value, 4.0, 0.8), rel=1e-9)
    assert Gumbel(4.0, 0.8).upper_tail(-1e6) == 1.0


def test_a_gumbel_fit_varies_less_than_ranks_do():
    """What Abrams et al. 2010 report: at 5 % the p-values of 99 maxima scatter less by the fit."""
    rng = np.random.default_rng(2)
    exact = stats.gumbel_r.isf(0.05)
    samples = stats.gumbel_r.rvs(size=(400, 99), random_state=rng)
    fits = [Gumbel.by_moments(sample).upper_tail(exact) for sample in samples]
    ranks = [rank_p_value(exact, sample) for sample in samples]
    assert np.mean(fits) == pytest.approx(0.05, abs=0.004)
    assert np.std(fits) < 0.8 * np.std(ranks)


def test_equal_maxima_have_no_tail():
    fitted = Gumbel.by_moments(np.full(9, 2.0))
    assert (fitted.upper_tail(2.0), fitted.upper_tail(2.1)) == (1.0, 0.0)
    with pytest.raises(ValueError, match="at least 2"):
        Gumbel.by_moments(np.array([1.0]))


def test_ranks_count_the_observed_one_and_ties():
    simulated = np.array([1.0, 2.0, 2.0, 3.0])
    assert [rank_p_value(value, simulated) for value in (0.5, 2.0, 2.0 + 1e-12, 2.5, 4.0)] == [1.0, 0.8, 0.8, 0.4, 0.2]
    assert rank_p_value(-np.inf, np.array([-np.inf, 1.0])) == 1.0


def test_the_tail_of_an_exponential_is_told_far_out():
    simulated = stats.expon.rvs(size=(200, 199), random_state=3)
    told = np.array([[tail_p_value(stats.expon.isf(p), sample) or np.nan for p in (0.02, 1e-3)] for sample in simulated])
    middle = np.nanmedian(told, axis=0)
    assert middle[0] == pytest.approx(0.02, rel=0.15)
    assert middle[1] == pytest.approx(1e-3, rel=0.4)


def test_without_a_tail_nothing_is_told():
    simulated = np.arange(99.0)
    assert tail_p_value(1e3, simulated) is None  # nine in the tail are too few
    assert tail_p_value(50.0, np.arange(199.0)) is None  # not in the tail
    assert tail_p_value(1.0, np.zeros(500)) is None
    assert tail_p_value(1.0, np.full(500, -np.inf)) is None


def test_neighbours_come_by_distance_and_the_centre_first():
    here = Neighbours.on_earth(np.array([39.9, 39.9, 31.2, 39.1]), np.array([116.4, 116.4, 121.5, 117.2]))
    assert here.order.tolist() == [[0, 1, 3, 2], [1, 0, 3, 2], [2, 3, 0, 1], [3, 0, 1, 2]]
    assert here.distance[0].tolist() == pytest.approx([0.0, 0.0, 112.0, 1067.0], rel=0.02)
    plane = Neighbours.on_plane(np.array([0.0, 3.0, 0.0]), np.array([0.0, 0.0, 4.0]), np.array([1]))
    assert plane.order.tolist() == [[1, 0, 2]]
    assert plane.distance.tolist() == [[0.0, 3.0, 5.0]]


def test_circles_stop_at_their_limits():
    line = Neighbours.on_plane(np.arange(6.0), np.zeros(6))
    totals = np.array([2, 0, 3, 1, 4, 0])
    found = circles(totals, line, max_share=0.5, radius=None, empty_centres=False)
    assert found.locations.tolist() == [0, 2, 3, 4]
    zones = {
        int(line.centres[centre]): [
            (int(found.cases[step, row]), int(found.extent[step, row]))
            for step in range(len(found.growing))
            if row < found.growing[step] and found.candidate[step, row]
        ]
        for row, centre in enumerate(found.centres)
    }
    # Of ten cases a zone holds five at most. Around 3 the places 2 and 4 are equally near and join together: eight. What is
    # as near as the last one lies inside, with cases or without.
    assert zones == {0: [(2, 1), (5, 3)], 2: [(3, 1), (4, 3)], 3: [(1, 1)], 4: [(4, 1), (5, 3)]}
    near = circles(totals, line, max_share=0.5, radius=1.0, empty_centres=True)
    assert near.extent.max() <= 3
    assert set(line.centres[near.centres].tolist()) == set(range(6))
