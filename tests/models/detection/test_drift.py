"""Drift charts: their statistics are R's, their false alarms are as many as wanted, their run lengths the published ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from models.detection.drift import cusum, glr
from models.detection.in_control import InControl
from models.detection.run_length import average_run_length

# Made by surveillance_references.R beside it.
REFERENCES = json.loads((Path(__file__).parent / "r" / "surveillance_references.json").read_text())
R = REFERENCES["drift"]
POISSON = (np.array([R["poisson"]], float), np.array([R["mean"]]), 1.0)
NEGBIN = (np.array([R["negbin"]], float), np.full((1, 80), float(R["flat_mean"])), 1 + R["flat_mean"] / R["size"])


@pytest.mark.parametrize(("series", "kind"), [(POISSON, "poisson"), (NEGBIN, "negbin")])
def test_the_statistics_are_those_of_r(series, kind):
    np.testing.assert_allclose(glr(*series, window=80).statistic[0], R[f"glr_{kind}"], atol=1e-8)
    np.testing.assert_allclose(cusum(*series, ratio=R["ratio"], window=80).statistic[0], R[f"cusum_{kind}"], atol=1e-8)


def test_of_a_constant_mean_the_cusum_is_that_of_page_with_its_reference():
    page = REFERENCES["page"]
    # The ratio whose reference (ratio - 1) mean / log(ratio) is the one that R was given.
    ratio = optimize.brentq(lambda r: (r - 1) * page["mean"] / np.log(r) - page["k"], 1.01, 9)
    counts = np.array([page["counts"]], float)
    found = cusum(counts, np.full(counts.shape, float(page["mean"])), ratio=ratio, window=60)
    np.testing.assert_allclose(found.statistic[0] / np.log(ratio), page["cusum"], atol=1e-9)


def test_average_run_lengths_are_those_of_r():
    for design in REFERENCES["run_lengths"]:
        assert average_run_length(design["mean"], design["k"], design["h"]) == pytest.approx(design["arl"], rel=1e-9)


def test_average_run_lengths_are_the_published_ones():
    # Lucas 1985, tables 2 and 3, first block, k = 0.25, h = 10, as quoted by the manual of pois.cusum.arl in R's spc.
    assert round(average_run_length(0.25, 0.25, 10, steps=4)) == 438
    assert round(average_run_length(0.25, 0.25, 10, steps=4, head_start=5)) == 333
    # The printed examples of arl() in R's IAcsSPCR ("Lucas's Cusum Chart for Attribute Data"): without and with a shift of
    # 0.9627 standard deviations, each from zero and from half the interval.
    shifted = 1.88 + 0.9627 * np.sqrt(1.88)
    for mean, head_start, printed in [(1.88, 0, 37.2), (1.88, 3, 29.19), (shifted, 0, 5.49), (shifted, 3, 3.33)]:
        assert round(average_run_length(mean, 2, 6, steps=1, head_start=head_start), 2) == printed


def test_the_average_run_length_of_overdispersed_counts_is_that_of_simulated_ones():
    rng = np.random.default_rng(1)
    counts = rng.negative_binomial(4 / 1.5, 1 / 2.5, (4000, 600))
    total, run = np.zeros(4000), np.zeros(4000)
    for period in range(600):
        total = np.where(run == 0, np.maximum(total + counts[:, period] - 5, 0), total)
        run = np.where((run == 0) & (total >= 12), period + 1, run)
    assert (run > 0).mean() > 0.999
    assert average_run_length(4, 5, 12, dispersion=2.5) == pytest.approx(run[run > 0].mean(), rel=0.05)


def test_run_lengths_refuse_what_is_not_on_their_lattice():
    with pytest.raises(ValueError, match=r"no multiple of 1/10"):
        average_run_length(1, 1.25, 4)
    with pytest.raises(ValueError, match="not within"):
        average_run_length(1, 1.5, 4, head_start=4)


def stationary_tail(mean, dispersion, reference, level, steps=10):
    """Chance that a CUSUM without alarm stands at `level` or above after long: the chain of its sums, cut far above."""
    size = 40 * steps
    chain = np.zeros((size, size))
    sums = np.arange(size)
    law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    for count in range(60):
        following = np.clip(sums + count * steps - round(reference * steps), 0, size - 1)
        np.add.at(chain, (sums, following), law.pmf(count))
    state = np.zeros(size)
    state[0] = 1
    for _ in range(400):
        state = state @ chain
    return state[round(level * steps) :].sum()


@pytest.mark.parametrize(("mean", "dispersion"), [(4.0, 1.0), (1.0, 1.0), (4.0, 2.0)])
def test_the_p_value_of_the_cusum_is_the_exact_tail_of_its_markov_chain(mean, dispersion):
    excess, reference = dispersion - 1, mean + 0.5
    growth = lambda r: np.log1p((r - 1) * excess / (1 + excess))  # noqa: E731
    slope = lambda r: np.log(r) - growth(r)  # noqa: E731
    taken = lambda r: mean * (r - 1 if excess == 0 else growth(r) / excess)  # noqa: E731
    ratio = optimize.brentq(lambda r: taken(r) / slope(r) - reference, 1.001, 20)
    in_control = InControl(104, float(ratio))
    for level in (2.0, 5.5, 9.0, 14.0):
        exact = stationary_tail(mean, dispersion, reference, level)
        ours = in_control.tail(*(np.array([value]) for value in (level * slope(ratio), mean, dispersion, 104.0)))
        assert ours[0] == pytest.approx(exact, rel=0.25), level


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
@pytest.mark.parametrize("season", [0.0, 0.5])
def test_false_alarms_are_as_many_as_wanted(dispersion, season):
    rng = np.random.default_rng(20)
    wave = 1 + season * np.sin(2 * np.pi * np.arange(100) / 52)
    mean = np.repeat([0.4, 2.0, 7.0, 25.0], 600)[:, None] * wave
    counts = rng.poisson(mean) if dispersion == 1 else rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
    for chart in (glr, cusum):
        p_value = chart(counts.astype(float), mean, dispersion).p_value
        for rate, tolerance in [(0.1, 0.15), (0.01, 0.25)]:
            # 240,000 tests, but neighbours share most of their counts.
            assert (p_value <= rate).mean() == pytest.approx(rate, rel=tolerance), (chart.__name__, rate)


@pytest.mark.parametrize("error", [0.1, 0.2])
def test_means_that_are_estimated_make_no_more_false_alarms_if_their_error_is_known(error):
    rng = np.random.default_rng(21)
    mean = np.repeat([2.0, 7.0, 25.0, 90.0], 1500)[:, None] * np.ones(60)
    true = mean * rng.lognormal(-(error**2) / 2, error, (len(mean), 1))
    counts = rng.negative_binomial(true, 0.5).astype(float)
    blind, warned = glr(counts, mean, 2.0, last=1).p_value, glr(counts, mean, 2.0, mean_error=error, last=1).p_value
    assert (blind <= 0.01).mean() > 0.08
    assert 0.001 < (warned <= 0.01).mean() <= 0.01
    lifted = rng.negative_binomial(true * np.where(np.arange(60) >= 50, 2.0, 1.0), 0.5).astype(float)
    assert (glr(lifted, mean, 2.0, mean_error=error, last=1).p_value <= 0.01)[1500:].mean() > 0.6


def test_a_slow_drift_is_dated_and_sized():
    rng = np.random.default_rng(7)
    mean = np.full((400, 80), 10.0)
    drifting = mean * np.where(np.arange(80) >= 68, 1.4, 1.0)
    found = glr(rng.poisson(drifting).astype(float), mean, last=1)
    assert (found.p_value <= 0.01).mean() > 0.85
    assert abs(np.median(found.onset) - 68) <= 1
    assert np.median(found.ratio) == pytest.approx(1.4, abs=0.05)
    # No single week stands out: its own tail would have found few of them.
    newest = rng.poisson(drifting[:, -1])
    assert (stats.poisson.sf(newest - 1, 10) <= 0.01).mean() < 0.25


def brute_force(counts, mean, dispersion, end, window, ratio):
    """Every onset by densities; the ratio by search, if it is not given."""
    size = mean / (dispersion - 1)

    def gain(onset, r):
        y, m, k = (values[onset : end + 1] for values in (counts, mean, size))
        if dispersion == 1:
            return (stats.poisson.logpmf(y, r * m) - stats.poisson.logpmf(y, m)).sum()
        return (stats.nbinom.logpmf(y, k, k / (k + r * m)) - stats.nbinom.logpmf(y, k, k / (k + m))).sum()

    best = 0.0
    for onset in range(max(0, end - window + 1), end + 1):
        if ratio is not None:
            best = max(best, gain(onset, ratio))
        else:
            search = optimize.minimize_scalar(lambda r, onset=onset: -gain(onset, r), bounds=(1, 50), method="bounded")
            best = max(best, -search.fun)
    return best


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1.0, 1.6, 4.0]), st.sampled_from([1, 5, 15]), st.sampled_from([None, 1.3, 2.0]))
def test_the_statistic_is_the_best_of_all_onsets_and_ratios(seed, dispersion, window, ratio):
    rng = np.random.default_rng(seed)
    mean = rng.uniform(0.3, 8, (2, 14))
    counts = rng.poisson(mean * rng.choice([1, 2], (2, 14))).astype(float)
    with np.errstate(divide="ignore"):
        found = glr(counts, mean, dispersion, window=window) if ratio is None else None
        found = found or cusum(counts, mean, dispersion, ratio=ratio, window=window)
        for row in range(2):
            for end in (0, 6, 13):
                expected = brute_force(counts[row], mean[row], dispersion, end, window, ratio)
                assert found.statistic[row, end] == pytest.approx(expected, abs=1e-5)
    onset, some = found.onset, found.onset >= 0
    assert (found.p_value[~some] == 1).all()
    assert (found.ratio[~some] == 1).all()
    ends = np.broadcast_to(np.arange(14), onset.shape)
    assert (onset[some] > ends[some] - window).all()
    for row, end in np.argwhere(some):
        span = slice(onset[row, end], end + 1)
        assert found.ratio[row, end] == pytest.approx(counts[row, span].sum() / mean[row, span].sum())


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
@pytest.mark.parametrize("mean", [0.3, 2.0, 40.0])
def test_the_p_value_of_a_first_period_is_the_tail_of_its_count(mean, dispersion):
    law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    counts = np.unique(law.isf([0.05, 1e-3, 1e-6, 1e-9]) + 1)[:, None]
    found = glr(counts, np.full(counts.shape, mean), dispersion)
    np.testing.assert_allclose(found.p_value, law.sf(counts - 1), rtol=0.1)


def test_judging_the_last_periods_alone_changes_nothing():
    rng = np.random.default_rng(9)
    counts, mean = rng.poisson(5, (6, 40)).astype(float), np.full((6, 40), 4.0)
    for chart in (glr, cusum):
        every, newest = chart(counts, mean, np.full(6, 1.5), window=12), chart(counts, mean, np.full(6, 1.5), window=12, last=3)
        for name, values in vars(newest).items():
            np.testing.assert_allclose(values, getattr(every, name)[:, -3:], err_msg=name)


def test_a_series_does_not_depend_on_those_beside_it():
    rng = np.random.default_rng(10)
    counts, mean = rng.poisson(5, (50, 30)).astype(float), np.full((50, 30), 4.0)
    np.testing.assert_array_equal(glr(counts, mean).p_value[17:18], glr(counts[17:18], mean[17:18]).p_value)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 2000), st.floats(1, 8), st.integers(1, 52))
def test_tails_fall_with_the_statistic_and_rise_with_the_periods(mean, dispersion, periods):
    in_control = InControl(52)
    levels = np.linspace(0, 60, 200)
    tails = in_control.tail(levels, *(np.full(200, float(value)) for value in (mean, dispersion, periods)))
    assert tails[0] == 1
    assert (np.diff(tails) <= 1e-12).all()
    assert ((tails > 0) & (tails <= 1)).all()
    longer = in_control.tail(levels, *(np.full(200, float(value)) for value in (mean, dispersion, 52)))
    assert (longer >= tails - 1e-12).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mean": np.zeros((1, 3))}, "positive"),
        ({"dispersion": 0.5}, "at least 1"),
        ({"ratio": 1.0}, "no upward drift"),
        ({"mean": np.ones((1, 2))}, "means"),
    ],
)
def test_what_cannot_be_judged_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        cusum(**{"counts": np.ones((1, 3)), "mean": np.ones((1, 3)), **arguments})
