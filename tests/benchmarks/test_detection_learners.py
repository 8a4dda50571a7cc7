"""Models of scikit-learn as detectors, on little."""

import numpy as np
import pytest

from benchmarks.detection.boosting import FIRST, YEAR, Boosting, features
from benchmarks.detection.forecasts import Expected, Forecasts, averaged, judge_forecasts, own_forecasts
from benchmarks.detection.learners import Forest, boosted_forecasts, judge_with_forest, judge_with_learners, residuals
from benchmarks.detection.methods import judge_world
from benchmarks.detection.scoring import matched_scores
from benchmarks.detection.weekly_world import weekly_world
from jobs.effects import calendar_effects

FEW = Boosting(trees=40, leaves=7, smallest_leaf=100)


@pytest.fixture(scope="module")
def world():
    return weekly_world(1, seed=4)


@pytest.fixture(scope="module")
def effects(world):
    return calendar_effects(world.periods, 7, chinese=False)


@pytest.fixture(scope="module")
def ours(world, effects):
    return own_forecasts(world, effects)


def seasonal_counts(weeks=7 * YEAR):
    """Thirty series of 20 complaints a week with the same season, which doubles them at its height."""
    rng = np.random.default_rng(5)
    mean = 20 * np.exp(0.7 * np.sin(2 * np.pi * np.arange(weeks) / YEAR))
    return rng.poisson(mean, (30, weeks)).astype(float), mean


@pytest.mark.parametrize("guard", [0, 2])
def test_features_know_nothing_of_their_week_and_of_those_behind(guard):
    counts, _ = seasonal_counts(4 * YEAR)
    other, none = counts.copy(), np.zeros((4 * YEAR, 0))
    other[:, 150:] += 100
    (scale, table), (other_scale, other_table) = features(counts, none, guard), features(other, none, guard)
    until = 150 + guard + 1
    np.testing.assert_array_equal(scale[:, :until], other_scale[:, :until])
    np.testing.assert_array_equal(table[:, :until], other_table[:, :until])
    assert (scale[:, until] != other_scale[:, until]).all()


def test_features_by_hand():
    counts = np.arange(3.0 * YEAR)[None, :]
    scale, table = features(counts, np.ones((3 * YEAR, 1)), 2)
    week = 140
    year = counts[0, week - 2 - YEAR : week - 2].mean() + 0.5 / YEAR
    assert scale[0, week] == pytest.approx(year)
    assert table[0, week, 0] == pytest.approx(np.log(year))
    assert table[0, week, 1] == pytest.approx(np.log((counts[0, week - 6 : week - 2].mean() + 0.5 / 4) / year), rel=1e-4)
    assert table[0, week, 4] == pytest.approx((week - YEAR + 0.5) / year)
    assert table[0, week, -2:].tolist() == [week, 1]
    assert np.isfinite(table[0, FIRST:]).all()


def test_boosting_forecasts_a_season_and_covariates():
    counts, mean = seasonal_counts()
    event = (np.arange(len(mean)) % 17 == 0).astype(float)
    counts = np.random.default_rng(6).poisson(counts * (1 + event)).astype(float)
    history = 6 * YEAR
    forecaster = FEW.learn(counts[:, :history], event[:, None])
    forecast = forecaster.mean(counts, event[:, None])
    ratio = forecast[:, history:].mean(axis=0) / (mean * (1 + event))[history:]
    assert np.abs(np.log(ratio)).mean() < 0.1
    assert np.isnan(forecast[:, :FIRST]).all()
    # Twice Poisson: the counts were drawn around counts.
    assert forecaster.dispersion.mean() == pytest.approx(2, abs=0.4)


def test_past_outbreaks_hardly_raise_the_forecast():
    counts, _ = seasonal_counts()
    outbreak = counts.copy()
    outbreak[0, 5 * YEAR : 5 * YEAR + 4] += 200
    none = np.zeros((7 * YEAR, 0))
    week = 5 * YEAR + 10

    def raised(passes):
        learned = Boosting(passes=passes, trees=40, leaves=7, smallest_leaf=100).learn(counts[:, : 5 * YEAR], none)
        return learned.mean(outbreak, none)[0, week] / learned.mean(counts, none)[0, week]

    assert raised(2) < min(1.3, raised(1))


def test_our_forecasts_judge_as_our_detector_does(world, ours):
    expected, found = judge_world(world), judge_forecasts(world, ours, "ours")
    for score, other in ((found.quiet_score, expected.quiet_score), (found.score, expected.score)):
        # But for the weeks in which a new fit begins to serve.
        assert np.isclose(score, other, atol=1e-3).mean() > 0.9
        np.testing.assert_allclose(score, other, atol=0.3)


def test_an_average_lies_between_and_needs_both():
    def told(*means):
        return Expected(np.array([means]), np.full((1, 1), 2.0), np.zeros((1, 2)))

    ours = Forecasts(told(4.0, 4.0), told(1.0, 1.0), 1.0)
    other = Forecasts(told(np.nan, 9.0), told(np.nan, 4.0), 2.0)
    both = averaged(ours, other)
    assert both.quiet.mean.tolist() == [[4.0, 6.0]]
    assert both.outbreak.mean.tolist() == [[1.0, 2.0]]
    assert both.milliseconds == 3


def test_boosting_is_learned_from_the_history_alone(world, effects):
    forecasts = boosted_forecasts(world, effects, FEW)
    first = len(world.periods) - world.judged
    np.testing.assert_array_equal(forecasts.quiet.mean[:, :first], forecasts.outbreak.mean[:, :first])
    assert np.isfinite(forecasts.outbreak.mean[:, first - 1 :]).all()
    assert forecasts.milliseconds > 0
    true = np.log(world.mean[:, first:])
    assert np.abs(np.log(forecasts.quiet.mean[:, first:]) - true).mean() < 0.4


def test_residuals_below_the_expectation_are_none(world, ours):
    told = residuals(np.zeros(world.counts.shape), ours.quiet, 60)
    assert told.shape == (world.n_series, 60, 5)
    assert told[:, :, :4].max() == pytest.approx(0, abs=1e-9)


def test_a_forest_ranks_what_is_rare_first():
    forest = Forest.of(np.abs(np.random.default_rng(7).normal(size=(4000, 5))))
    usual, rare = np.full((1, 1, 5), 0.5), np.full((1, 1, 5), 5.0)
    assert forest.score(usual)[0, 0] < forest.limit < forest.score(rare)[0, 0]


def test_a_forest_finds_outbreaks(world, ours):
    verdicts = judge_with_forest(world, ours)
    assert verdicts.score.shape == (world.n_series, world.judged)
    # What precedes the outbreak is judged alike, but for the pool that the series share.
    assert np.corrcoef(verdicts.quiet_score.ravel(), verdicts.score.ravel())[0, 1] > 0.8
    assert matched_scores(world, verdicts).false_positive_rate.value <= 0.01


def test_all_learners_answer(world):
    judged = judge_with_learners(world.rows(np.arange(0, 42, 4)), calendar="cn", boosting=FEW)
    assert [one.method for one in judged] == [
        "boosting, week alone",
        "boosting, our windows",
        "boosting and ours, our windows",
        "isolation forest on our residuals",
    ]
    assert all(np.isfinite(one.score).all() and one.milliseconds > 0 for one in judged)
