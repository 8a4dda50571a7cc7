"""Windows judged together, against simulation and against sums over all pairs of counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.detection.overlap import joint_p_value
from models.detection.predictive import mid_p_value
from models.detection.windows import Windows

SETTINGS = settings(deadline=None, derandomize=True)
TWO = Windows((1, 2), (0.25, 0.75))


def judged(windows, counts, mean, dispersion, last=1):
    counts = np.atleast_2d(np.asarray(counts, dtype=float))
    mean = np.broadcast_to(np.asarray(mean, dtype=float), counts.shape)
    told = (counts, mean, np.full((len(counts), 1), dispersion), np.zeros_like(counts), last)
    return windows.p_value(*told), windows.upper(*told, alpha=0.01)


@pytest.mark.parametrize(
    ("lengths", "shares"), [((1,), (1.0,)), ((1, 2), (0.25, 0.75)), ((1, 3), (0.5, 0.5)), ((1, 3, 7), (0.3, 0.3, 0.4))]
)
def test_normal_deviates_reach_the_smallest_p_value_as_often_as_said(lengths, shares):
    newest_first = np.random.default_rng(1).normal(size=(400_000, max(lengths)))
    weighted = np.array(
        [stats.norm.sf(newest_first[:, :n].sum(axis=1) / np.sqrt(n)) / share for n, share in zip(lengths, shares, strict=True)]
    )
    weighted[1:, newest_first[:, 0] <= 0] = np.inf
    joint = joint_p_value(weighted.min(axis=0), lengths, shares)
    for alpha in (0.001, 0.01, 0.05, 0.3, 0.7):
        error = 4 * np.sqrt(alpha * (1 - alpha) / len(joint))
        assert (joint <= alpha).mean() == pytest.approx(alpha, abs=error)


def brute_force(before, newest, mean, dispersion):
    """P(weighted smallest < seen) + P(= seen) / 2 over all pairs of counts, the earlier period's first."""
    size, chance = mean / (dispersion - 1), 1 / dispersion
    counts = np.arange(int(mean * 3 + 40 * dispersion))
    density = stats.nbinom.pmf(counts, size, chance)

    def smallest(y, s):
        alone = mid_p_value(y, np.full_like(y, mean), np.full_like(y, dispersion * mean))
        both = mid_p_value(s, np.full_like(s, 2 * mean), np.full_like(s, 2 * dispersion * mean))
        return np.where(alone < 0.5, np.minimum(alone / 0.25, both / 0.75), alone / 0.25)

    earlier, last = np.meshgrid(counts.astype(float), counts.astype(float), indexing="ij")
    weighted = smallest(last, earlier + last)
    seen = smallest(np.array([[float(newest)]]), np.array([[float(before + newest)]]))[0, 0]
    chances = density[:, None] * density[None, :]
    equal = np.isclose(weighted, seen, rtol=1e-9, atol=0)
    return chances[(weighted < seen) & ~equal].sum() + chances[equal].sum() / 2


@SETTINGS
@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.1, 0.6, 2.0, 7.0]), st.sampled_from([1.2, 2.0, 4.0]))
def test_sparse_counts_have_the_exact_p_value(before, newest, mean, dispersion):
    p_value, _ = judged(TWO, [[before, newest]], mean, dispersion)
    truth = brute_force(before, newest, mean, dispersion)
    if p_value[0, 0] < 0.14:
        assert p_value[0, 0] == pytest.approx(truth, rel=1e-6, abs=1e-12)
    else:  # nobody asks for the exact one; normal deviates are near it
        assert p_value[0, 0] == pytest.approx(truth, abs=0.25)


@pytest.mark.parametrize("mean", [0.15, 1.0, 4.0, 14.0, 60.0, 400.0])
@pytest.mark.parametrize("dispersion", [1.05, 2.0, 5.0])
def test_p_values_are_as_rare_as_they_say(mean, dispersion):
    rng = np.random.default_rng(2)
    counts = rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, size=(60_000, 2))
    p_value, _ = judged(TWO, counts, mean, dispersion)
    # Mid-p-values of counts come in jumps: where one of them is as wide as the level itself, more cannot be asked for.
    for alpha, low, high in ((0.001, 0.4, 1.6), (0.01, 0.6, 1.5), (0.05, 0.5, 1.2)):
        assert low * alpha <= (p_value <= alpha).mean() <= high * alpha


@SETTINGS
@given(st.integers(0, 25), st.integers(0, 60), st.sampled_from([0.3, 3.0, 40.0]), st.sampled_from([1.1, 3.0]))
def test_the_bound_is_the_highest_count_that_is_no_alarm(before, newest, mean, dispersion):
    p_value, upper = judged(TWO, [[before, newest]], mean, dispersion)
    at_bound, _ = judged(TWO, [[before, max(upper[0, 0], 0)]], mean, dispersion)
    above, _ = judged(TWO, [[before, upper[0, 0] + 1]], mean, dispersion)
    assert upper[0, 0] < 0 or at_bound[0, 0] > 0.01
    assert above[0, 0] <= 0.01 or mean >= 15  # by normal deviates where counts are many: exact p-values are a little lower
    assert p_value[0, 0] > 0.01 or newest > upper[0, 0]


def test_a_rise_over_two_periods_is_rarer_than_either():
    together, _ = judged(TWO, [[18, 18]], 10.0, 1.5)
    alone, _ = judged(TWO, [[10, 18]], 10.0, 1.5)
    assert together[0, 0] < alone[0, 0] / 5


def test_what_is_over_does_not_alarm():
    p_value, _ = judged(TWO, [[60, 9]], 10.0, 1.5)
    assert p_value[0, 0] > 0.3


def test_every_judged_period_stands_for_itself():
    counts = np.random.default_rng(3).poisson(5.0, size=(20, 12))
    many, bounds = judged(TWO, counts, 5.0, 1.3, last=6)
    for back in range(6):
        end = counts.shape[1] - back
        one, bound = judged(TWO, counts[:, :end], 5.0, 1.3)
        np.testing.assert_allclose(many[:, -1 - back], one[:, 0])
        np.testing.assert_allclose(bounds[:, -1 - back], bound[:, 0])
