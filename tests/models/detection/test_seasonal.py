"""The seasonal baseline against its nominal error rates and against planted truths."""

import numpy as np
import pytest

from models.detection.detector import Detector
from models.detection.effects import Effects
from models.detection.judgement import Reported
from models.detection.seasonal import Parents

YEAR = 365.25 / 7
WEEKS = 130
T = np.arange(WEEKS)
SEASON = np.exp(0.3 * np.sin(2 * np.pi * T / YEAR))
MEANS = np.repeat([0.3, 1.0, 3.0, 10.0, 40.0], 600)


def judged(counts, pool=None, event=None):
    counts = np.asarray(counts, dtype=float)
    effects = Effects.none(WEEKS) if event is None else Effects(event[:, None], ("event",))
    prediction = Detector().predict(counts, counts.sum(axis=0) if pool is None else pool, effects)
    return prediction, prediction.judge(counts)


def quasi_poisson(rng, mean, factor):
    """Negative binomial counts with `variance = factor * mean`."""
    return rng.negative_binomial(mean / (factor - 1), 1 / factor).astype(float)


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_false_alarms_stay_near_nominal_under_a_negative_binomial(factor):
    rng = np.random.default_rng(5)
    _, judgement = judged(quasi_poisson(rng, MEANS[:, None] * SEASON, factor))
    p = judgement.p_value[:, 0]
    # 3,000 tests: two standard errors of a rate of 0.01 are 0.004, of 0.05 are 0.008. Up to twice the nominal 1 % and 1.4
    # times the nominal 5 % are tolerated; a detector that never alarms fails as well.
    assert 0.004 <= (p <= 0.01).mean() <= 0.020
    assert 0.030 <= (p <= 0.05).mean() <= 0.070
    for mean in np.unique(MEANS):
        assert (p[mean == MEANS] <= 0.01).mean() <= 0.030


def test_false_alarms_stay_near_nominal_where_variance_grows_with_the_square():
    rng = np.random.default_rng(6)
    mean = MEANS[:, None] * SEASON
    _, judgement = judged(rng.poisson(mean * rng.gamma(10, 1 / 10, mean.shape)))
    p = judgement.p_value[:, 0]
    assert 0.003 <= (p <= 0.01).mean() <= 0.015
    assert 0.020 <= (p <= 0.05).mean() <= 0.060


def test_expected_counts_follow_the_season():
    rng = np.random.default_rng(7)
    prediction, _ = judged(rng.poisson(20 * SEASON, size=(200, WEEKS)))
    np.testing.assert_allclose(prediction.mean.mean(axis=0), 20 * SEASON, rtol=0.05)


@pytest.mark.parametrize(("mean", "observed"), [(0.5, 6), (5, 18), (40, 80)])
def test_a_planted_outbreak_is_found_and_its_neighbours_are_not(mean, observed):
    counts = np.random.default_rng(8).poisson(mean * SEASON, size=(50, WEEKS))
    counts[:, -1] = np.round(mean * SEASON[-1])
    counts[7, -1] = observed
    _, judgement = judged(counts)
    alarms = np.flatnonzero(judgement.p_value[:, 0] <= 0.001)
    assert alarms.tolist() == [7]
    assert judgement.upper[7, 0] < observed
    assert judgement.score[7, 0] > 3.09  # the normal deviate of 0.001


@pytest.mark.parametrize(("past", "alpha"), [(20, 0.001), (40, 0.001), (90, 0.01)])
def test_a_past_outbreak_does_not_hide_a_new_one(past, alpha):
    counts = np.random.default_rng(9).poisson(10 * SEASON, size=(40, WEEKS)).astype(float)
    counts[:, -1] = 10
    counts[0, 60:66] = past
    counts[0, -1] = 28
    prediction, judgement = judged(counts)
    assert judgement.p_value[0, 0] <= alpha
    assert prediction.mean[0, -1] == pytest.approx(10 * SEASON[-1], rel=0.1)


def test_weeks_right_before_the_judged_one_do_not_become_its_baseline():
    counts = np.random.default_rng(10).poisson(10 * SEASON, size=(40, WEEKS)).astype(float)
    slow = counts.copy()
    slow[0, -5:] = 30
    before, _ = judged(counts, pool=counts.sum(axis=0))
    after, judgement = judged(slow, pool=counts.sum(axis=0))
    np.testing.assert_allclose(after.mean[0], before.mean[0], rtol=0.02)
    assert judgement.p_value[0, 0] <= 1e-4


def test_the_judged_count_does_not_change_what_is_expected():
    counts = np.random.default_rng(11).poisson(5, size=(30, WEEKS)).astype(float)
    calm, _ = judged(counts)
    counts[3, -1] = 500
    wild, _ = judged(counts)
    np.testing.assert_allclose(wild.mean, calm.mean)
    np.testing.assert_allclose(wild.variance, calm.variance)


def test_a_calendar_peak_that_past_years_had_does_not_alarm():
    rng = np.random.default_rng(12)
    event = np.zeros(WEEKS)
    event[[WEEKS - 1, WEEKS - 53, WEEKS - 105]] = 1.0
    counts = rng.poisson(16 * (1 + event), size=(300, WEEKS))
    _, ignorant = judged(counts)
    prediction, knowing = judged(counts, event=event)
    assert (ignorant.p_value <= 0.01).mean() > 0.5
    assert (knowing.p_value <= 0.01).mean() <= 0.02
    assert prediction.mean[:, -1].mean() == pytest.approx(32, rel=0.1)


def test_a_peak_does_not_hide_a_series_that_outgrows_it():
    rng = np.random.default_rng(13)
    event = np.zeros(WEEKS)
    event[[WEEKS - 1, WEEKS - 53, WEEKS - 105]] = 1.0
    counts = rng.poisson(8 * (1 + event), size=(100, WEEKS))
    counts[0, -1] = 60
    _, judgement = judged(counts, event=event)
    assert judgement.p_value[0, 0] <= 1e-4


def test_a_series_never_seen_before_has_something_expected():
    counts = np.random.default_rng(14).poisson(3, size=(20, WEEKS)).astype(float)
    counts[0] = 0
    counts[1] = 0
    counts[1, -1] = 8
    prediction, judgement = judged(counts)
    assert np.isfinite(prediction.mean).all()
    assert np.isfinite(prediction.variance).all()
    assert (prediction.mean > 0).all()
    assert prediction.mean[0, -1] < 0.5
    assert judgement.p_value[0, 0] >= 0.5
    assert judgement.p_value[1, 0] <= 0.001


def test_a_table_of_zeros_is_calm_and_finite():
    prediction, judgement = judged(np.zeros((3, WEEKS)))
    assert np.isfinite(prediction.mean).all()
    assert (judgement.p_value >= 0.5).all()


def test_sparse_series_have_the_season_of_their_parent():
    rng = np.random.default_rng(15)
    summer = np.exp(1.2 * np.sin(2 * np.pi * T / YEAR))
    parents = np.vstack([rng.poisson(40 * summer), rng.poisson(40 / summer)]).astype(float)
    sparse = np.vstack([rng.poisson(0.3 * summer, size=(60, WEEKS)), rng.poisson(0.3 / summer, size=(60, WEEKS))]).astype(float)
    of = np.repeat([0, 1], 60)
    none, total = Effects.none(WEEKS), parents.sum(axis=0)
    alone = Detector().predict(sparse, total, none).mean
    together = Detector().predict(sparse, total, none, parents=Parents(parents, of)).mean
    truth = 0.3 * np.vstack([summer, 1 / summer])[of]
    late = slice(WEEKS - 40, WEEKS - 1)

    def error(mean):
        return np.abs(np.log(mean[:, late] / truth[:, late])).mean()

    assert error(together) < 0.7 * error(alone)
    assert error(together) < 0.3


def test_a_child_that_goes_its_own_way_keeps_it():
    rng = np.random.default_rng(16)
    summer = np.exp(0.8 * np.sin(2 * np.pi * T / YEAR))
    parent = rng.poisson(200, size=(1, WEEKS)).astype(float)
    own = rng.poisson(30 * summer, size=(1, WEEKS)).astype(float)
    flat = rng.poisson(30, size=(20, WEEKS)).astype(float)
    children = np.vstack([own, flat])
    prediction = Detector().predict(
        children, parent[0], Effects.none(WEEKS), parents=Parents(parent, np.zeros(21, dtype=np.intp))
    )
    assert np.corrcoef(np.log(prediction.mean[0, -60:]), np.log(summer[-60:]))[0, 1] > 0.95


def test_an_incomplete_week_is_held_to_what_has_arrived():
    counts = np.random.default_rng(17).poisson(40 * SEASON, size=(400, WEEKS)).astype(float)
    counts[:, -1] = np.random.default_rng(18).binomial(counts[:, -1].astype(int), 0.6)
    counts[0, -1] = round(40 * SEASON[-1])  # as many as in a whole week
    plain = Detector().predict(counts, counts.sum(axis=0), Effects.none(WEEKS))
    reported = plain.as_reported(Reported(0.6, 0.03))
    assert plain.judge(counts).p_value[0, 0] > 0.1
    judgement = reported.judge(counts)
    assert judgement.p_value[0, 0] < 0.01
    assert (judgement.p_value[1:] <= 0.05).mean() == pytest.approx(0.05, abs=0.03)
    np.testing.assert_allclose(judgement.expected, 0.6 * plain.mean[:, -1:])
    np.testing.assert_allclose(reported.mean[:, :-1], plain.mean[:, :-1])
