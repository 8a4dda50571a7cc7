"""The baseline of short histories: what all share is no news, what one does alone is."""

import numpy as np
import pytest

from models.detection.short import ShortBaseline

PERIODS = 9
MEANS = np.repeat([0.5, 2.0, 8.0, 30.0], 100)


def judged(counts, *, pooled=True, **options):
    counts = np.asarray(counts, dtype=float)
    prediction = ShortBaseline(**options).predict(counts, counts.sum(axis=0) if pooled else None)
    return prediction, prediction.judge(counts)


def steady(seed, n=80, mean=6.0, periods=PERIODS):
    return np.random.default_rng(seed).poisson(mean, size=(n, periods)).astype(float)


@pytest.mark.parametrize("factor", [2, 3])
def test_a_factor_common_to_all_series_does_not_alarm(factor):
    mean = np.full(PERIODS, 15.0)
    mean[-1] *= factor
    counts = np.random.default_rng(1).poisson(mean, size=(400, PERIODS))
    prediction, judgement = judged(counts)
    assert prediction.mean[:, -1].mean() == pytest.approx(15 * factor, rel=0.1)
    assert (judgement.p_value <= 0.01).mean() <= 0.015
    _, alone = judged(counts, pooled=False)
    assert (alone.p_value <= 0.01).mean() > 0.2  # what constant volume would have called an alarm


def test_an_empty_week_does_not_alarm_and_does_not_spoil_the_next():
    counts = steady(2)
    counts[:, -1] = 0
    prediction, judgement = judged(counts)
    assert (judgement.p_value > 0.4).all()
    assert np.isfinite(prediction.mean).all()

    after = steady(3)
    after[:, -3] = 0
    _, next_week = judged(after)
    assert (next_week.p_value <= 0.01).mean() <= 0.03


def test_one_series_that_grows_alone_alarms_alone():
    counts = steady(4)
    counts[:, -1] = 6
    counts[11, -1] = 25
    _, judgement = judged(counts)
    assert np.flatnonzero(judgement.p_value[:, 0] <= 0.001).tolist() == [11]


def test_a_series_that_only_keeps_its_level_while_all_others_halve_is_news():
    counts = steady(5, mean=40.0)
    counts[:, -1] = 13
    counts[0, :-1] = 40
    counts[0, -1] = 40
    _, judgement = judged(counts)
    assert np.flatnonzero(judgement.p_value[:, 0] <= 0.01).tolist() == [0]


@pytest.mark.parametrize("history", [0, 1, 3])
def test_too_short_a_history_is_not_judged(history):
    counts = steady(6, periods=history + 1)
    counts[:, -1] = 500
    prediction, judgement = judged(counts, minimum=4)
    assert np.isnan(prediction.mean).all()
    assert np.isnan(judgement.expected).all()
    assert np.isnan(judgement.upper).all()
    assert (judgement.p_value == 1.0).all()
    assert np.isfinite(judgement.score).all()


def test_the_minimum_of_history_is_enough():
    counts = steady(7, periods=5)
    counts[:, -1] = 6
    counts[0, -1] = 60
    prediction, judgement = judged(counts, minimum=4)
    assert np.isfinite(prediction.mean).all()
    assert judgement.p_value[0, 0] <= 0.001


def test_only_the_last_periods_make_the_baseline():
    counts = steady(8, periods=20)
    counts[:, -1] = 6
    old = counts.copy()
    old[:, :11] = np.random.default_rng(9).poisson(80, size=(80, 11))
    recent, _ = judged(counts, periods=8)
    same, _ = judged(old, periods=8)
    np.testing.assert_allclose(same.mean[:, -1], recent.mean[:, -1])
    np.testing.assert_allclose(same.variance[:, -1], recent.variance[:, -1])


def test_a_single_series_is_compared_with_constant_volume():
    prediction, judgement = judged([[5, 4, 6, 5, 5, 4, 6, 5, 30]], pooled=False)
    assert prediction.mean[0, -1] == pytest.approx(5, rel=0.05)
    assert judgement.p_value[0, 0] <= 0.001
    _, calm = judged([[5, 4, 6, 5, 5, 4, 6, 5, 6]], pooled=False)
    assert calm.p_value[0, 0] > 0.2


def test_a_series_that_is_half_of_all_is_compared_with_the_rest_not_with_itself():
    counts = np.repeat([[60.0], [20.0], [20.0], [20.0]], PERIODS, axis=1)
    counts[0, -1] = 120
    prediction, judgement = judged(counts)
    assert prediction.mean[0, -1] == pytest.approx(60, rel=0.05)
    assert judgement.p_value[0, 0] <= 0.001


def test_sparse_series_are_drawn_to_the_rate_of_their_level():
    counts = steady(10, n=200, mean=3.0)
    counts[0, :-1] = 0
    counts[1, :-1] = 12
    prediction, _ = judged(counts)
    assert 0 < prediction.mean[0, -1] < 3.0
    assert 3.0 < prediction.mean[1, -1] < 12.0


def null_p_values(draw, repetitions=10):
    found = []
    for _ in range(repetitions):
        _, judgement = judged(draw(np.repeat(MEANS[:, None], PERIODS, axis=1)))
        found.append(judgement.p_value[:, 0])
    return np.concatenate(found)


@pytest.mark.parametrize("kind", ["poisson", "factor", "square"])
def test_false_alarms_stay_below_nominal(kind):
    rng = np.random.default_rng(11)
    draw = {
        "poisson": rng.poisson,
        "factor": lambda mean: rng.negative_binomial(mean, 0.5),  # variance twice the mean
        "square": lambda mean: rng.poisson(mean * rng.gamma(10, 1 / 10, mean.shape)),
    }[kind]
    p = null_p_values(draw)
    # 4,000 tests: two standard errors of a rate of 0.01 are 0.003, of 0.05 are 0.007.
    assert 0.001 <= (p <= 0.01).mean() <= 0.017
    assert 0.010 <= (p <= 0.05).mean() <= 0.057


def test_no_complaints_at_all_is_calm_and_finite():
    prediction, judgement = judged(np.zeros((4, PERIODS)))
    assert np.isfinite(prediction.mean).all()
    assert (judgement.p_value > 0.4).all()
