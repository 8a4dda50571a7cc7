"""EBGM: the values printed for CAERS, numeric integration of the posterior, a likelihood without squashing, discoveries."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, special, stats

from models.detection.gamma_poisson_shrinker import RatioPrior, fit_prior, shrink
from models.detection.multiplicity import q_values

# The vignette "Empirical Bayes Metrics with openEBGM" (openEBGM 0.9.1, Canida & Ihrie) on its CAERS data: the prior it fits,
# and count, expected count, Qn, EBGM, QUANT_05 and QUANT_95 as it prints them, quantiles by bisection to two places.
CAERS = RatioPrior((3.25379356, 2.02612692), (0.39988854, 1.90807970), 0.06534557, listed=True)
PRINTED = np.array(
    [
        [1, 0.0360548272, 0.2819737, 2.23, 0.49, 13.85],
        [1, 0.0038736591, 0.3409653, 2.58, 0.52, 15.78],
        [1, 0.0002979738, 0.3482317, 2.63, 0.52, 16.02],
        [1, 0.0765792610, 0.2226356, 1.92, 0.47, 11.77],
        [1, 0.0527413588, 0.2556670, 2.09, 0.48, 12.95],
        [16, 0.40643623, np.nan, 23.26, 15.68, 33.48],
        [19, 0.89690107, np.nan, 16.78, 11.65, 23.55],
        [6, 0.07866508, np.nan, 18.28, 10.16, 30.83],
        [8, 0.30482718, np.nan, 15.25, 9.00, 24.52],
        [11, 0.56317044, np.nan, 14.28, 8.98, 21.78],
    ]
)


def test_the_scores_are_those_printed_for_caers():
    observed, expected, first, *printed = PRINTED.T
    found = shrink(observed, expected, CAERS)
    for ours, theirs, tolerance in zip((found.ebgm, found.lower, found.upper), printed, (0.0051, 0.0101, 0.0101), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=tolerance)
    np.testing.assert_allclose(1 - found.background_probability[:5], first[:5], atol=1e-7)


def draw(n, seed, *, signals=0.05):
    rng = np.random.default_rng(seed)
    expected = np.exp(rng.normal(-0.5, 1.3, n))
    signal = rng.random(n) < signals
    ratio = np.where(signal, rng.gamma(5, 1, n), rng.gamma(10, 1 / 10, n))
    return rng.poisson(ratio * expected).astype(float), expected, signal


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 40),
    st.floats(0.001, 50),
    st.tuples(st.floats(0.3, 8), st.floats(0.05, 2)),
    st.tuples(st.floats(0.5, 20), st.floats(0.5, 20)),
    st.floats(0.01, 0.99),
)
def test_the_posterior_is_that_of_numeric_integration(observed, expected, first, second, weight):
    prior = RatioPrior((first[0], second[0]), (first[1], second[1]), weight, listed=False)
    found = shrink(np.array([float(observed)]), np.array([expected]), prior)

    # Over the log of the ratio, where the posterior is smooth.
    grid = np.linspace(-30, 12, 40001)
    ratio = np.exp(grid)
    density = weight * stats.gamma.pdf(ratio, first[0], scale=1 / first[1])
    density += (1 - weight) * stats.gamma.pdf(ratio, second[0], scale=1 / second[1])
    posterior = density * stats.poisson.pmf(observed, ratio * expected) * ratio
    below = integrate.cumulative_simpson(posterior, x=grid, initial=0)
    assert np.log(found.ebgm[0]) == pytest.approx(integrate.simpson(grid * posterior, x=grid) / below[-1], abs=1e-4)
    for bound, chance in [(found.lower[0], 0.05), (found.upper[0], 0.95)]:
        assert np.interp(np.log(bound), grid, below / below[-1]) == pytest.approx(chance, abs=1e-4)


@pytest.mark.parametrize("listed", [True, False])
def test_the_fit_is_the_best_by_a_likelihood_of_its_own(listed):
    observed, expected, _ = draw(6000, 3)
    kept = observed > 0 if listed else np.full(len(observed), True)
    observed, expected = observed[kept], expected[kept]

    def loss(theta):
        shape, rate, weight = np.exp(theta[:2]), np.exp(theta[2:4]), special.expit(theta[4])
        laws = [stats.nbinom(shape[k], rate[k] / (rate[k] + expected)) for k in (0, 1)]
        chance = weight * laws[0].pmf(observed) + (1 - weight) * laws[1].pmf(observed)
        if listed:
            chance = chance / (1 - weight * laws[0].pmf(0) - (1 - weight) * laws[1].pmf(0))
        return -np.log(chance).sum()

    prior = fit_prior(observed, expected, listed=listed)
    start = np.array([*np.log(prior.shape), *np.log(prior.rate), special.logit(prior.weight)])
    assert prior.log_likelihood(observed, expected) == pytest.approx(-loss(start), rel=1e-9)
    search = optimize.minimize(loss, start, method="Nelder-Mead", options={"maxiter": 1500, "maxfev": 1500})
    far = optimize.minimize(loss, [1.0, 1.0, -1.0, 1.0, -2.0], method="L-BFGS-B")
    # What squashing costs is a small part of what would tell two priors apart.
    assert loss(start) - min(search.fun, far.fun) < 0.3


@pytest.mark.parametrize("listed", [True, False])
def test_the_prior_that_made_the_counts_is_found(listed):
    observed, expected, _ = draw(300_000, 5)
    kept = observed > 0 if listed else np.full(len(observed), True)
    prior = fit_prior(observed[kept], expected[kept], listed=listed)
    assert prior.background == 1
    assert prior.weight == pytest.approx(0.05, abs=0.01)
    np.testing.assert_allclose(prior.shape, (5, 10), rtol=0.15)
    np.testing.assert_allclose(prior.rate, (1, 10), rtol=0.15)


def test_p_values_hold_their_level_among_background_cells_and_discoveries_are_real():
    observed, expected, signal = draw(300_000, 6)
    kept = observed > 0
    observed, expected, signal = observed[kept], expected[kept], signal[kept]
    found = shrink(observed, expected, fit_prior(observed, expected))
    background = found.p_value[~signal]
    for alpha in (0.1, 0.01, 0.001):
        assert 0.3 * alpha <= (background <= alpha).mean() <= 1.1 * alpha
    # Large counts are nearly continuous, and so are their p-values.
    large = ~signal & (expected > 10)
    assert stats.kstest(found.p_value[large], "uniform").statistic < 0.06
    discovered = q_values(found.p_value) <= 0.05
    assert discovered.sum() > 3000
    assert (~signal[discovered]).mean() <= 0.05
    assert found.background_probability[~signal].mean() > found.background_probability[signal].mean() + 0.2


def test_a_table_without_signals_has_hardly_a_discovery():
    observed, expected, _ = draw(50_000, 8, signals=0.0)
    found = shrink(observed, expected, fit_prior(observed, expected, listed=False))
    assert (q_values(found.p_value) <= 0.05).sum() <= 1
    assert (found.lower > 2).sum() == 0


def test_single_counts_are_shrunk_and_large_ones_are_not():
    found = shrink(np.array([1.0, 1000.0]), np.array([0.001, 100.0]), CAERS)
    assert found.ebgm[0] < 3
    assert found.ebgm[1] == pytest.approx(10, rel=0.01)


def test_half_a_million_cells_take_seconds():
    observed, expected, _ = draw(800_000, 9)
    kept = observed > 0
    assert kept.sum() > 350_000
    started = time.process_time()
    shrink(observed[kept], expected[kept], fit_prior(observed[kept], expected[kept]))
    assert time.process_time() - started < 20


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 200), st.floats(1e-3, 300)), min_size=1, max_size=50))
def test_more_complaints_are_always_stronger(pairs):
    observed, expected = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    less, more = shrink(observed, expected, CAERS), shrink(observed + 1, expected, CAERS)
    assert (more.ebgm > less.ebgm).all()
    assert (more.lower > less.lower).all()
    assert (more.p_value <= less.p_value).all()
    assert ((less.lower < less.ebgm) & (less.ebgm < less.upper)).all()
    np.testing.assert_allclose(less.p_value[observed == 1], 1.0)


@pytest.mark.parametrize(("observed", "expected"), [([], []), ([1.0], [0.0]), ([0.0, 2.0], [1.0, 1.0])])
def test_what_is_no_listed_table_is_refused(observed, expected):
    with pytest.raises(ValueError, match=r"must be given|no count"):
        fit_prior(np.array(observed), np.array(expected))
