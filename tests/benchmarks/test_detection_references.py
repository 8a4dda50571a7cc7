"""Reference methods: by hand, and beside the package that they are of."""

import shutil
import subprocess

import numpy as np
import pytest

from benchmarks.detection import references
from benchmarks.detection.daily_references import (
    judge_sums_with_farrington,
    judge_with_essence,
    judge_with_regression,
    running_sums,
)
from benchmarks.detection.daily_world import daily_world
from benchmarks.detection.methods import oracle
from benchmarks.detection.references import (
    R_METHODS,
    WEEKLY_METHODS,
    ReferenceMissingError,
    ears,
    judge_with_ears,
    judge_with_r,
    why_missing,
)
from benchmarks.detection.scoring import matched_scores, own_scores
from benchmarks.detection.weekly_world import weekly_world

needs_r = pytest.mark.skipif(why_missing() is not None, reason=str(why_missing()))


def test_ears_by_hand():
    counts = np.array([[1, 2, 3, 4, 5, 6, 7, 20, 20, 30]])
    # C1 of the last: mean and deviation of 4, 5, 6, 7, 20, 20 and 3.
    past = np.array([4, 5, 6, 7, 20, 20, 3])
    assert ears(counts, 1, "C1")[0, 0] == pytest.approx((30 - past.mean()) / past.std(ddof=1))
    # C2 leaves two out: 1 to 7.
    assert ears(counts, 1, "C2")[0, 0] == pytest.approx((30 - 4) / np.arange(1, 8).std(ddof=1))


def test_ears_c3_adds_what_the_two_periods_before_had_above_one():
    counts = np.random.default_rng(1).poisson(9, (3, 40))
    c2, c3 = ears(counts, 12, "C2"), ears(counts, 10, "C3")
    expected = np.maximum(c2[:, 2:], 0) + np.maximum(c2[:, 1:-1] - 1, 0) + np.maximum(c2[:, :-2] - 1, 0)
    np.testing.assert_allclose(c3, expected)


def test_ears_on_constant_counts():
    counts = np.array([[3] * 12, [3] * 11 + [4]])
    assert ears(counts, 1, "C1").ravel().tolist() == [0.0, 1e6]


@needs_r
@pytest.mark.parametrize("variant", ["C1", "C2"])
def test_ears_alarms_are_those_of_the_package(variant, tmp_path):
    counts = np.random.default_rng(2).poisson(6, 200)
    counts[[50, 120, 180]] += 15
    np.savetxt(tmp_path / "counts.csv", counts, fmt="%d")
    script = (
        f'suppressPackageStartupMessages(library(surveillance)); x <- scan("{tmp_path}/counts.csv", quiet = TRUE);'
        f'f <- earsC(sts(x), list(range = 101:200, method = "{variant}", baseline = 7, alpha = pnorm(-3)));'
        "cat(as.integer(f@alarm))"
    )
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(int(alarm)) for alarm in ears(counts[None], 100, variant)[0] > 3]


def test_without_r_the_reason_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    why_missing.cache_clear()
    try:
        assert "Rscript is not installed" in why_missing()
        with pytest.raises(ReferenceMissingError, match="left out"):
            judge_with_r(weekly_world(1), "bayes")
    finally:
        why_missing.cache_clear()


def test_without_the_package_the_reason_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/Rscript")
    answer = subprocess.CompletedProcess([], 0, stdout="FALSE", stderr="")
    monkeypatch.setattr(references.subprocess, "run", lambda *_, **__: answer)
    why_missing.cache_clear()
    try:
        assert "package surveillance is not installed" in why_missing()
    finally:
        why_missing.cache_clear()


@needs_r
def test_a_failing_script_is_said():
    with pytest.raises(ReferenceMissingError, match="nonsense failed"):
        judge_with_r(weekly_world(1).rows(np.arange(2)), "nonsense")


@needs_r
@pytest.mark.parametrize("method", WEEKLY_METHODS)
def test_methods_of_the_package_find_a_large_outbreak(method):
    world = weekly_world(10, seed=8)
    chosen = np.flatnonzero((world.k == 10) & (world.mean.mean(axis=1) > 3))[:5]
    world = world.rows(chosen)
    verdicts = judge_with_r(world, method)
    assert verdicts.method == R_METHODS[method]
    assert verdicts.quiet_score.shape == verdicts.alarm.shape == (5, world.judged)
    assert verdicts.milliseconds > 0
    inside = world.outbreak_periods
    best = np.where(inside, verdicts.score, -np.inf).max(axis=1)
    # A CUSUM may go up with the trend alone; even so the outbreak lifts it.
    quiet = np.where(inside, verdicts.quiet_score, -np.inf).max(axis=1)
    assert (best >= quiet).all()
    assert (best > quiet).sum() >= 4
    if method in ("farrington", "bayes"):
        assert verdicts.quiet_alarm.mean() < 0.12


@needs_r
def test_series_with_outbreak_are_judged_where_it_lies():
    world = weekly_world(1, seed=9).rows(np.array([20, 33]))
    verdicts = judge_with_r(world, "farrington")
    inside = world.outbreak_periods
    assert (verdicts.score[~inside] == references.NO_SCORE).all()
    assert (verdicts.score[inside] > references.NO_SCORE).all()
    before = np.arange(world.judged) < inside.argmax(axis=1)[:, None]
    assert (verdicts.quiet_score[before] > references.NO_SCORE).all()


def test_running_sums():
    counts = np.arange(10)[None]
    assert running_sums(counts)[0].tolist() == [0, 1, 3, 6, 10, 15, 21, 28, 35, 42]


@pytest.fixture(scope="module")
def days():
    return daily_world(4, seed=5)


def test_the_weekday_regression_is_calibrated_where_it_is_right(days):
    # Signals with one harmonic or none and no epidemic are what it assumes, and the ridge costs nothing.
    world = days.rows(np.isin(days.scenario, (1, 3, 4, 8, 9, 10, 16)))
    found = own_scores(world, judge_with_regression(world))
    assert found.false_positive_rate.value == pytest.approx(0.008, abs=0.006)
    assert found.detection.value > 0.9


def test_daily_references_stand_in_their_known_order(days):
    shares = [
        matched_scores(days, verdicts).detection.value
        for verdicts in (oracle(days), judge_with_regression(days), judge_with_essence(days), judge_with_ears(days, "C2"))
    ]
    # Known, on more series: 97, 85, 67 and 40 %.
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[3] > 0.25


@needs_r
def test_farrington_on_sums_of_seven_days_finds_a_large_outbreak(days):
    world = days.rows(np.flatnonzero((days.scenario == 4) & (days.k == 10)))
    verdicts = judge_sums_with_farrington(world)
    assert verdicts.alarm.shape == (1, 343)
    assert (verdicts.alarm & world.outbreak_periods).any()
