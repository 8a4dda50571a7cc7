"""Figures of an evaluation beside scikit-learn's and beside simulation."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

from models.verdict_scores import score_verdicts


@pytest.fixture
def judged():
    rng = np.random.default_rng(0)
    truth = rng.choice(list("abcd"), 600, p=[0.5, 0.3, 0.15, 0.05])
    verdicts = np.where(rng.random(600) < 0.7, truth, rng.choice(list("abcde"), 600))
    return truth, verdicts, rng.random(600)


def test_figures_are_those_of_scikit_learn(judged):
    truth, verdicts, probability = judged
    scores = score_verdicts(truth, verdicts, probability, 0.4)
    covered = probability >= 0.4
    assert scores.accuracy.value == pytest.approx(accuracy_score(truth, verdicts))
    assert scores.macro_f1.value == pytest.approx(f1_score(truth, verdicts, average="macro"))
    assert scores.coverage == pytest.approx(covered.mean())
    assert scores.covered_accuracy == pytest.approx(accuracy_score(truth[covered], verdicts[covered]))
    assert scores.covered_macro_f1 == pytest.approx(f1_score(truth[covered], verdicts[covered], average="macro"))
    names = sorted({*truth, *verdicts})
    np.testing.assert_array_equal(scores.confusion.to_numpy(), confusion_matrix(truth, verdicts, labels=names))
    expected = precision_recall_fscore_support(truth, verdicts, labels=names, zero_division=0)
    np.testing.assert_allclose(scores.by_class.to_numpy().T, expected)


def test_an_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        truth = rng.choice(["a", "b"], 300)
        verdicts = np.where(rng.random(300) < 0.8, truth, np.where(truth == "a", "b", "a"))
        interval = score_verdicts(truth, verdicts, np.ones(300), 0.5).accuracy
        held += interval.low <= 0.8 <= interval.high
    # 95 % of 200 with a margin of three standard errors.
    assert 180 <= held <= 200


def test_calibration_error_of_probabilities_that_claim_too_much():
    truth, verdicts = ["a"] * 100, ["a"] * 60 + ["b"] * 40
    assert score_verdicts(truth, verdicts, np.full(100, 0.9), 0.5).calibration_error == pytest.approx(0.3)
    assert score_verdicts(truth, verdicts, np.full(100, 0.6), 0.5).calibration_error == pytest.approx(0.0)


def test_nothing_covered_and_nothing_at_all():
    scores = score_verdicts(["a"], ["a"], np.array([0.1]), 0.5)
    assert (scores.coverage, scores.covered_accuracy, scores.covered_macro_f1) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="no documents"):
        score_verdicts([], [], np.zeros(0), 0.5)
