"""Emerging terms: new words lead, floods of one person do not, and of a steady vocabulary nothing emerges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from models.detection.emerging_terms import emerging_terms, fit_rate_prior
from models.terms import log_odds

WINDOWS = 13
VOLUME = np.full(WINDOWS, 8000.0)


def vocabulary(seed, *, n=20_000, shape=0.2, burst=0.0, dispersion=1.0, zipf=False):
    """Counts of the terms that were used at all."""
    rng = np.random.default_rng(seed)
    rates = 0.3 / np.arange(1, n + 1) ** 1.1 if zipf else np.minimum(rng.gamma(shape, 0.02, n), 0.4)
    mean = rates[:, None] * VOLUME
    if burst:
        mean = mean * rng.gamma(1 / burst, burst, mean.shape)
    counts = rng.poisson(mean) if dispersion == 1 else rng.negative_binomial(mean / (dispersion - 1) + 1e-12, 1 / dispersion)
    return counts[counts.sum(axis=1) > 0].astype(float)


def planted(counts, *rows):
    return np.vstack([*[np.asarray(row, dtype=float)[None] for row in rows], counts])


def new_word(times):
    return [0] * (WINDOWS - 1) + [times]


def test_a_word_never_seen_in_a_hundred_thousand_complaints_and_now_a_dozen_times_leads():
    found = emerging_terms(planted(vocabulary(1, zipf=True), new_word(12)), VOLUME)
    assert np.nanargmin(found.p_value) == 0
    assert found.p_value[0] < 1e-12
    assert found.q_value[0] < 1e-6
    assert found.expected[0] < 0.1
    # The log-odds with an informative prior put it behind words that any window has more of.
    counts = planted(vocabulary(1, zipf=True), new_word(12))
    scores = log_odds(counts[:, -1], counts[:, :-1].sum(axis=1))
    assert scores[0] < scores.max()


def test_a_word_that_grows_is_found_and_one_that_only_follows_the_volume_is_not():
    volume = VOLUME * np.where(np.arange(WINDOWS) == WINDOWS - 1, 3, 1)
    counts = vocabulary(2)
    counts[:, -1] = np.random.default_rng(3).poisson(3 * counts[:, :-1].mean(axis=1))
    steady, grown = [20] * (WINDOWS - 1) + [60], [20] * (WINDOWS - 1) + [140]
    found = emerging_terms(planted(counts, steady, grown), volume)
    assert found.p_value[0] > 0.1
    assert found.expected[0] == pytest.approx(60, rel=0.05)
    assert found.q_value[1] < 1e-4
    assert found.ratio[1] == pytest.approx(140 / 60, rel=0.05)


def test_one_persons_flood_is_no_new_word():
    counts = planted(vocabulary(4), new_word(40), [3] * (WINDOWS - 1) + [40])
    distinct = counts.copy()
    distinct[:2, -1] = [1, 4]
    assert (emerging_terms(counts, VOLUME).q_value[:2] < 1e-6).all()
    found = emerging_terms(counts, VOLUME, distinct)
    assert found.p_value[0] == 1
    assert found.p_value[1] > 0.1
    assert found.observed[:2].tolist() == [1, 4]


def test_with_a_known_rate_the_tail_is_the_exact_gamma_poisson_one():
    rng = np.random.default_rng(5)
    counts = rng.poisson(rng.gamma(2, 5, (400, 1)), (400, 6)).astype(float)
    # Two windows: one before the newest tells nothing of dispersion, which is then Poisson's.
    merged, volume = np.column_stack([counts[:, :5].sum(axis=1), counts[:, 5]]), np.array([5.0, 1.0])
    found, prior = emerging_terms(merged, volume), fit_rate_prior(merged[:, 0], 5.0)
    size, p = merged[:, 0] + prior.shape, (5 + prior.rate) / (6 + prior.rate)
    seen = merged[:, 0] > 0
    np.testing.assert_allclose(found.p_value[seen], stats.nbinom.sf(merged[:, 1] - 1, size, p)[seen], rtol=1e-9)
    assert prior.shape == pytest.approx(2, rel=0.2)
    assert prior.shape / prior.rate == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("shape", [0.05, 0.5, 3.0])
def test_the_prior_is_the_likeliest_one(shape):
    used = np.random.default_rng(6).poisson(np.random.default_rng(7).gamma(shape, 30, 5000)).astype(float)
    prior = fit_rate_prior(used, 1000.0)
    seen = used[used > 0]

    def loss(theta):
        law = stats.nbinom(np.exp(theta[0]), special.expit(theta[1]))
        return -(law.logpmf(seen) - np.log1p(-law.pmf(0))).sum()

    ours = np.array([np.log(prior.shape), np.log(prior.rate / 1000)])
    search = optimize.minimize(loss, ours + 0.3, method="Nelder-Mead")
    assert loss(ours) == pytest.approx(search.fun, abs=0.01)
    assert prior.shape == pytest.approx(shape, rel=0.15, abs=0.06)


@pytest.mark.parametrize(
    "world", [{}, {"burst": 0.1}, {"dispersion": 1.6}, {"zipf": True}, {"zipf": True, "burst": 0.1}], ids=str
)
@pytest.mark.parametrize("minimum", [1, 3])
def test_of_a_steady_vocabulary_nothing_emerges(world, minimum):
    p_values, alarms = [], 0
    for seed in range(4):
        found = emerging_terms(vocabulary(seed + 30, **world), VOLUME, minimum=minimum)
        p_values.append(found.p_value[~np.isnan(found.p_value)])
        alarms += int((found.q_value <= 0.05).sum())
    pooled = np.concatenate(p_values)
    assert len(pooled) > 8000
    for alpha, most in [(0.1, 1.0), (0.01, 1.15), (0.001, 1.8)]:
        assert 0.05 * alpha <= (pooled <= alpha).mean() <= most * alpha, alpha
    assert alarms <= 3  # of four days


def test_new_words_of_a_steady_vocabulary_are_no_news():
    counts = vocabulary(8, zipf=True)
    found = emerging_terms(counts, VOLUME)
    new = counts[:, :-1].sum(axis=1) == 0
    assert new.sum() > 200
    assert (found.p_value[new & (counts[:, -1] == 1)] == 1).all()
    assert (found.p_value[new] <= 0.05).mean() <= 0.06
    assert (found.q_value[new] > 0.05).all()


def test_terms_below_the_minimum_are_not_tested_and_do_not_thin_out_the_rest():
    counts = planted(vocabulary(9, zipf=True), [15] * (WINDOWS - 1) + [40])
    all_terms, frequent = emerging_terms(counts, VOLUME), emerging_terms(counts, VOLUME, minimum=10)
    rare = counts.sum(axis=1) < 10
    assert np.isnan(frequent.p_value[rare]).all()
    assert np.isnan(frequent.q_value[rare]).all()
    assert frequent.p_value[0] == pytest.approx(all_terms.p_value[0], rel=1e-9)
    assert frequent.q_value[0] < all_terms.q_value[0] / 5


def test_a_word_that_comes_and_goes_needs_more_than_a_steady_one():
    steady, restless = [20] * (WINDOWS - 1) + [50], [2, 38] * ((WINDOWS - 1) // 2) + [50]
    found = emerging_terms(planted(vocabulary(10), steady, restless), VOLUME)
    assert found.expected[0] == pytest.approx(found.expected[1])
    assert found.p_value[0] < 1e-4
    assert found.p_value[1] > 50 * found.p_value[0]
    assert found.upper[1] > found.upper[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(1, 4))
def test_more_uses_are_rarer_and_every_tested_term_has_a_p_value(seed, windows, minimum):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(0.5, 4, (60, 1)), (60, windows)).astype(float)
    counts[0, 0] = 1
    volume = rng.integers(50, 200, windows).astype(float)
    found = emerging_terms(counts, volume, minimum=minimum)
    tested = counts.sum(axis=1) >= minimum
    np.testing.assert_array_equal(tested, ~np.isnan(found.p_value))
    assert ((found.p_value >= 0) & (found.p_value <= 1))[tested].all()
    assert (found.q_value[tested] >= found.p_value[tested] - 1e-12).all()
    more = counts.copy()
    more[:, -1] += 1
    assert (emerging_terms(more, volume, minimum=minimum).p_value[tested] <= found.p_value[tested] + 1e-12).all()
    np.testing.assert_array_equal(emerging_terms(counts, volume, counts, minimum=minimum).p_value, found.p_value)


def test_an_empty_newest_window_is_calm():
    counts = vocabulary(11, n=500)
    counts[:, -1] = 0
    volume = VOLUME.copy()
    volume[-1] = 0
    found = emerging_terms(counts, volume)
    assert (found.p_value[~np.isnan(found.p_value)] == 1).all()


@pytest.mark.parametrize(
    ("counts", "volume", "distinct"),
    [
        (np.ones((2, 1)), np.ones(1), None),
        (np.ones((2, 3)), np.ones(2), None),
        (np.ones((2, 3)), -np.ones(3), None),
        (np.zeros((2, 3)), np.ones(3), None),
        (np.ones((2, 3)), np.ones(3), np.ones((2, 2))),
    ],
)
def test_what_has_no_baseline_is_refused(counts, volume, distinct):
    with pytest.raises(ValueError, match=r"no window|tells nothing|independent"):
        emerging_terms(counts, volume, distinct)
