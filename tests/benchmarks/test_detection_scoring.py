"""Measures of detection, on cases that can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.detection.methods import oracle, tail_score, verdicts_of
from benchmarks.detection.scoring import (
    Verdicts,
    delays,
    detection_curve,
    detection_gain,
    matched_scores,
    own_scores,
    threshold,
)
from benchmarks.detection.weekly_world import weekly_world
from benchmarks.detection.world import World


def made_world():
    """Four series of eight weeks, the last five judged."""
    outbreak = np.zeros((4, 8), dtype=int)
    outbreak[0, 3:6] = [2, 0, 1]  # a span of three weeks
    outbreak[1, 6:8] = [4, 4]
    outbreak[2, 4] = 3
    outbreak[3, 7] = 5
    ones = np.ones((4, 8))
    return World(
        frequency="week",
        periods=pd.date_range("2026-01-05", periods=8, freq="7D"),
        quiet=ones.astype(int),
        outbreak=outbreak,
        mean=ones,
        dispersion=ones,
        onset=np.array([3, 6, 4, 7]),
        scenario=np.array([1, 1, 2, 2]),
        k=np.array([1, 2, 1, 2]),
        judged=5,
    )


def alarms(*places):
    marked = np.zeros((4, 5), dtype=bool)
    for row, column in places:
        marked[row, column] = True
    return marked


def made_verdicts(quiet, noisy):
    return Verdicts("made", quiet.astype(float), quiet, noisy.astype(float), noisy, 2.0)


def test_the_periods_of_an_outbreak_go_from_onset_to_its_last_case():
    inside = made_world().outbreak_periods
    assert inside.astype(int).tolist() == [[1, 1, 1, 0, 0], [0, 0, 0, 1, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]


def test_an_outbreak_without_a_case_has_its_onset():
    world = made_world()
    world.outbreak[2] = 0
    assert world.outbreak_periods[2].tolist() == [False, True, False, False, False]


def test_own_alarms_are_counted_by_hand():
    # Series 0 is found in its second of three weeks, series 1 in its first and second, series 2 next to its outbreak only.
    verdicts = made_verdicts(alarms((0, 0), (1, 4), (1, 3)), alarms((0, 1), (0, 4), (1, 3), (1, 4), (2, 0), (2, 2)))
    scores = own_scores(made_world(), verdicts)
    assert scores.false_positive_rate.value == pytest.approx(3 / 20)
    assert scores.detection.value == pytest.approx(2 / 4)
    assert scores.first_period.value == pytest.approx(1 / 4)
    assert scores.sensitivity.value == pytest.approx(3 / 7)
    assert scores.timeliness.value == pytest.approx((1 / 3 + 0 + 1 + 1) / 4)
    assert scores.worst_scenario == (pytest.approx(3 / 10), 1)
    assert scores.by_scenario == {1: (pytest.approx(0.3), 1.0), 2: (0.0, 0.0)}
    assert scores.by_k == {1: 0.5, 2: 0.5}
    assert scores.milliseconds == 2.0
    assert scores.detection.error == pytest.approx(np.sqrt(0.5 * 0.5 / 4))


def test_an_alarm_outside_of_the_outbreak_detects_nothing():
    world = made_world()
    everywhere = ~world.outbreak_periods
    scores = own_scores(world, made_verdicts(alarms(), everywhere))
    assert scores.detection.value == 0
    assert scores.sensitivity.value == 0
    assert scores.timeliness.value == 1


def test_timeliness_counts_from_the_onset_over_the_duration():
    inside = np.array([[0, 1, 1, 1, 1, 0]] * 4, dtype=bool)
    hits = np.zeros_like(inside)
    hits[0, 1] = hits[1, 2] = hits[1, 4] = hits[2, 4] = True
    assert delays(hits, inside).tolist() == [0, 1 / 4, 3 / 4, 1]


def test_the_threshold_lets_at_most_the_rate_through():
    scores = np.arange(200.0).reshape(4, 50)
    for rate, allowed in ((0.01, 2), (0.05, 10), (0.0, 0), (0.012, 2)):
        assert (scores > threshold(scores, rate)).sum() == allowed
    tied = np.array([3.0, 3.0, 3.0, 1.0, 0.0] * 20)
    assert (tied > threshold(tied, 0.1)).sum() == 0
    assert (tied > threshold(tied, 0.6)).sum() == 60


def test_matched_rates_do_not_depend_on_the_scale_of_a_score():
    world = weekly_world(2, seed=3)
    exact = oracle(world)
    stretched = Verdicts("stretched", 5 * exact.quiet_score - 7, exact.quiet_alarm, 5 * exact.score - 7, exact.alarm)
    ours, other = matched_scores(world, exact), matched_scores(world, stretched)
    assert ours.false_positive_rate.value <= 0.01
    assert ours.detection == other.detection
    assert ours.by_scenario == other.by_scenario
    gain = detection_gain(world, exact, stretched)
    assert (gain.value, gain.error) == (0, 0)


def test_the_curve_agrees_with_the_measures_at_a_rate():
    world = weekly_world(2, seed=4)
    verdicts = oracle(world)
    rates = np.array([0.001, 0.01, 0.05])
    curve = detection_curve(world, verdicts, rates)
    assert (np.diff(curve) >= 0).all()
    for rate, found in zip(rates, curve, strict=True):
        assert matched_scores(world, verdicts, rate).detection.value == pytest.approx(found)


def test_the_oracle_is_calibrated_and_finds_what_noise_does_not():
    world = weekly_world(10, seed=6)
    exact = oracle(world)
    own = own_scores(world, exact)
    assert own.false_positive_rate.value <= 0.01 + 3 * own.false_positive_rate.error
    assert own.false_positive_rate.value >= 0.006  # discrete counts cannot use up the whole rate
    noise = np.random.default_rng(1).normal(size=(2, *exact.score.shape))
    dice = Verdicts("dice", noise[0], noise[0] > 2.33, noise[1], noise[1] > 2.33)
    assert matched_scores(world, dice).detection.value < 0.12
    # What is known of this world: 53.8 to 55.1 %.
    assert matched_scores(world, exact).detection.value == pytest.approx(0.545, abs=0.08)
    gain = detection_gain(world, exact, dice)
    assert gain.value > 5 * gain.error


def test_the_oracle_knows_the_exact_tail():
    world = made_world()
    score = tail_score(world, world.quiet)
    # P(Y >= 1) = 1 - exp(-1) for Poisson(1).
    assert score[0, 0] == pytest.approx(-0.3375, abs=1e-3)


def test_a_judged_table_is_read_by_series_and_period():
    world = weekly_world(1, seed=2).rows(np.arange(3))

    def judge(table):
        last = sorted(set(table["period"]))[-world.judged :]
        judged = table[table["period"].isin(last)].assign(p_value=0.5)
        judged["score"] = judged["count"].astype(float)
        return judged.assign(alarm=judged["count"] > 3).sample(frac=1, random_state=1)

    verdicts = verdicts_of(world, judge, "counts")
    np.testing.assert_allclose(verdicts.score, world.counts[:, -world.judged :], atol=1e-5)
    np.testing.assert_array_equal(verdicts.quiet_alarm, world.quiet[:, -world.judged :] > 3)
    assert verdicts.milliseconds >= 0
