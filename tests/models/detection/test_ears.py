"""EARS: the classic statistic is R's, the predictive p-value keeps its level for small counts."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from models.detection.ears import ears

# Made by surveillance_references.R beside it.
R = json.loads((Path(__file__).parent / "r" / "surveillance_references.json").read_text())["ears"]
COUNTS = np.array(R["counts"], dtype=float)


@pytest.mark.parametrize("case", R["cases"], ids=lambda case: f"{case['method']}-{case['baseline']}-{case['alpha']}")
def test_the_classic_bound_is_that_of_r(case):
    result = ears(
        COUNTS, case["method"], baseline=case["baseline"], level=1 - case["alpha"], minimum_deviation=case["min_sigma"]
    )
    upper = np.array(case["upper"], dtype=float)
    told = ~np.isnan(upper)  # R has no C3 where a baseline does not vary
    assert told.sum() > 70
    ours = result.upper
    if case["method"] == "C3":
        # surveillance 1.20.3 puts the count where its own manual has the mean of the baseline, and nothing below 0: its bound
        # of C3 is higher by the count's distance from that mean. Without the distance it is the manual's and the paper's.
        ours = np.maximum(ours + COUNTS - result.expected, 0.0)
    np.testing.assert_allclose(ours[told], upper[told], atol=1e-8)
    if case["method"] != "C3":
        alarm = np.array(case["alarm"], dtype=float)
        assert ((result.normal_p < case["alpha"])[told] == (alarm[told] == 1)).all()
        np.testing.assert_array_equal(np.isnan(result.statistic), ~told)


def brute_force(series, t, method, baseline=7):
    """The statistics by their definition, one period at a time."""

    def score(end, lag):
        window = series[end - lag - baseline : end - lag]
        return (series[end] - window.mean()) / window.std(ddof=1)

    if method == "C3":
        return sum(max(0.0, score(t - back, 2) - 1) for back in range(3))
    return score(t, 2 if method == "C2" else 0)


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_the_statistic_by_definition(method):
    counts = np.random.default_rng(3).poisson(9, (3, 25)).astype(float)
    result = ears(counts, method)
    first = {"C1": 7, "C2": 9, "C3": 11}[method]
    assert np.isnan(result.statistic[:, :first]).all()
    expected = [[brute_force(series, t, method) for t in range(first, 25)] for series in counts]
    np.testing.assert_allclose(result.statistic[:, first:], expected)


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_with_poisson_dispersion_the_p_value_is_the_exact_binomial_test(method):
    counts = np.random.default_rng(4).poisson(4, (5, 20)).astype(float)
    result = ears(counts, method, dispersion=1.0)
    t, lag, together = 19, {"C1": 0, "C2": 2, "C3": 2}[method], 3 if method == "C3" else 1
    for series, p_value in zip(counts, result.p_value[:, t], strict=True):
        baseline, newest = series[t - lag - 7 : t - lag].sum(), series[t - together + 1 :].sum()
        test = stats.binomtest(int(newest), int(newest + baseline), together / (7 + together), alternative="greater")
        assert p_value == pytest.approx(test.pvalue, rel=1e-9)


def null_levels(draw, method, alpha):
    result = ears(draw, method)
    return np.nanmean(result.p_value[:, 11:] <= alpha), np.nanmean(result.normal_p[:, 11:] <= alpha)


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
@pytest.mark.parametrize("dispersion", [1.0, 2.0, 4.0])
def test_predictive_p_values_keep_their_level_where_the_normal_ones_do_not(method, dispersion):
    rng = np.random.default_rng(12)
    for mean, least in [(0.3, 0.0), (1.0, 0.2), (3.0, 0.35), (10.0, 0.5), (50.0, 0.7)]:
        shape = (2000, 30)
        draw = (
            rng.poisson(mean, shape)
            if dispersion == 1
            else rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, shape)
        )
        for alpha in (0.05, 0.01):
            predictive, normal = null_levels(draw.astype(float), method, alpha)
            # 38,000 dependent tests: two standard errors of a rate of 0.01 are about a tenth of it.
            assert least * alpha <= predictive <= 1.25 * alpha, (mean, alpha)
            if alpha == 0.01:
                assert normal > 3 * alpha, mean


def test_large_counts_have_uniform_p_values():
    counts = np.random.default_rng(5).poisson(4000, (4000, 8)).astype(float)
    p_values = ears(counts, "C1", dispersion=1.0).p_value[:, -1]
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_an_estimated_dispersion_is_that_of_the_counts():
    counts = np.random.default_rng(6).negative_binomial(6 / 2, 1 / 3, (500, 40)).astype(float)
    assert ears(counts).dispersion[:, -1].mean() == pytest.approx(3.0, rel=0.1)
    poisson = np.random.default_rng(7).poisson(0.4, (500, 40)).astype(float)
    assert ears(poisson).dispersion[:, -1].mean() == pytest.approx(1.0, abs=0.05)
    given_ones = ears(poisson, dispersion=np.full(500, 2.5)).dispersion
    assert (given_ones[:, -1] == 2.5).all()


def test_a_beginning_outbreak_spoils_the_baseline_of_c1_and_not_that_of_c2():
    calm = np.random.default_rng(8).poisson(5, (1, 20))
    counts = np.hstack([calm, [[14, 16, 18]]]).astype(float)
    c1, c2, c3 = (ears(counts, method, dispersion=1.0) for method in ("C1", "C2", "C3"))
    assert c2.p_value[0, -1] < c1.p_value[0, -1]
    assert c3.p_value[0, -1] < c2.p_value[0, -1] < 0.001


def test_nothing_at_all_and_a_flat_baseline():
    for method in ("C1", "C2", "C3"):
        empty = ears(np.zeros((2, 15)), method)
        assert (empty.p_value[:, -1] == 1).all()
        assert (empty.normal_p[:, -1] >= 0.5).all()
        assert (empty.upper[:, -1] == 0).all()
    flat = np.full((1, 15), 4.0)
    flat[0, -1] = 5
    result = ears(flat, "C1")
    assert np.isinf(result.statistic[0, -1])
    assert result.normal_p[0, -1] == 0
    assert result.p_value[0, -1] > 0.2
    flat[0, -2:] = [9, 3]
    assert ears(flat, "C3").normal_p[0, -1] == 1.0


def test_too_short_a_history_is_not_judged():
    result = ears(np.ones((2, 9)), "C2")
    for values in vars(result).values():
        assert np.isnan(values).all()
    with pytest.raises(ValueError, match="two or more"):
        ears(np.ones((2, 9)), baseline=1)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=25), elements=st.integers(0, 60)),
    st.sampled_from(["C1", "C2", "C3"]),
    st.sampled_from([0.9, 0.99, 0.999]),
)
def test_bounds_and_p_values_say_the_same(counts, method, level):
    result = ears(counts, method, level=level)
    judged = ~np.isnan(result.p_value)
    np.testing.assert_array_equal(judged, ~np.isnan(result.statistic))
    assert ((result.p_value >= 0) & (result.p_value <= 1))[judged].all()
    np.testing.assert_array_equal(
        (result.p_value < (1 - level) * (1 - 1e-9))[judged], (counts > result.predictive_upper)[judged]
    )
    clear = judged & (np.abs(counts - result.upper) > 1e-9)
    np.testing.assert_array_equal((result.normal_p < 1 - level)[clear], (counts > result.upper)[clear])
