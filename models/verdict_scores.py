"""How well a classifier does on labelled documents it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 2000
CONFIDENCE = 0.95
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Interval:
    """A figure with the interval that holds it with a probability of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class VerdictScores:
    """Figures of one evaluation.

    Attributes:
        rows: documents judged.
        accuracy, macro_f1: over all documents, the likeliest class of each counted also where the classifier abstains.
        coverage: share of documents on which it does not abstain.
        covered_accuracy, covered_macro_f1: over these alone; 0 where there are none.
        calibration_error: mean distance of probability and accuracy over ten equal bins (expected calibration error).
        confusion: documents by true class (rows) and verdict (columns).
        by_class: per class `precision`, `recall`, `f1`, `rows`.
    """

    rows: int
    accuracy: Interval
    macro_f1: Interval
    coverage: float
    covered_accuracy: float
    covered_macro_f1: float
    calibration_error: float
    confusion: pd.DataFrame
    by_class: pd.DataFrame


def score_verdicts(truth: Sequence[str], verdicts: Sequence[str], probability: Floats, minimum: float) -> VerdictScores:
    """Score verdicts against the truth.

    Args:
        truth: true class of each document.
        verdicts: likeliest class of each.
        probability: its probability.
        minimum: probability below which the classifier abstains.

    Intervals are percentiles of 2,000 bootstrap samples of the documents (Efron & Tibshirani 1993, An Introduction to the
    Bootstrap, chapter 13). Macro-F1 is the mean over the classes that occur in truth or verdicts.

    Raises:
        ValueError: there are no documents.
    """
    if not len(truth):
        raise ValueError("there are no documents to score")
    confusion = _confusion(truth, verdicts)
    counts = confusion.to_numpy()
    draws = np.random.default_rng(0).multinomial(len(truth), counts.ravel() / counts.sum(), DRAWS)
    drawn = draws.reshape(DRAWS, *counts.shape)
    covered = np.asarray(probability) >= minimum
    right = np.array(truth) == np.array(verdicts)
    inner = _confusion(np.array(truth)[covered], np.array(verdicts)[covered]).to_numpy()
    return VerdictScores(
        rows=len(truth),
        accuracy=_interval(_accuracy(counts), np.array([_accuracy(one) for one in drawn])),
        macro_f1=_interval(_macro_f1(counts), np.array([_macro_f1(one) for one in drawn])),
        coverage=float(covered.mean()),
        covered_accuracy=float(right[covered].mean()) if covered.any() else 0.0,
        covered_macro_f1=_macro_f1(inner) if covered.any() else 0.0,
        calibration_error=_calibration_error(np.asarray(probability), right),
        confusion=confusion,
        by_class=_by_class(confusion),
    )


def _confusion(truth: Sequence[str] | NDArray[np.str_], verdicts: Sequence[str] | NDArray[np.str_]) -> pd.DataFrame:
    names = sorted({*truth, *verdicts})
    table = pd.crosstab(pd.Series(list(truth), dtype=str), pd.Series(list(verdicts), dtype=str))
    return table.reindex(index=names, columns=names, fill_value=0)


def _accuracy(confusion: NDArray[np.integer]) -> float:
    return float(np.trace(confusion) / confusion.sum())


def _macro_f1(confusion: NDArray[np.integer]) -> float:
    """Mean F1 of the classes that occur; a bootstrap sample may miss one."""
    both = confusion.sum(axis=0) + confusion.sum(axis=1)
    occurs = both > 0
    return float((2 * np.diag(confusion)[occurs] / both[occurs]).mean())


def _interval(value: float, draws: Floats) -> Interval:
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(value, float(low), float(high))


def _calibration_error(probability: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini, Cooper & Hauskrecht 2015, AAAI) over equal bins of probability."""
    which = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    size = np.bincount(which, minlength=CALIBRATION_BINS)
    apart = np.bincount(which, weights=probability - right, minlength=CALIBRATION_BINS)
    return float(np.abs(apart).sum() / size.sum())


def _by_class(confusion: pd.DataFrame) -> pd.DataFrame:
    hits = np.diag(confusion.to_numpy())
    told, said = confusion.sum(axis=1).to_numpy(), confusion.sum(axis=0).to_numpy()
    with np.errstate(invalid="ignore"):
        precision, recall = np.nan_to_num(hits / said), np.nan_to_num(hits / told)
    return pd.DataFrame(
        {"precision": precision, "recall": recall, "f1": 2 * hits / (told + said), "rows": told}, index=confusion.index
    )
