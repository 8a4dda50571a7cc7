"""Respondents of the simulated world, whose true merchants are known."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.merchants import CODE, NAME, TRUTH, complaints, grouped, pair_scores, review_scores
from features.merchants import Aliases
from features.merchants.candidates import candidates

DAYS = 90


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return complaints(DAYS)


def test_names_are_put_together_that_belong_together_and_hardly_any_others(told):
    merchant, _ = grouped(told)
    precision, recall = pair_scores(told[TRUTH], merchant)
    _, recall_as_written = pair_scores(told[TRUTH], told[NAME])
    assert precision > 0.99
    assert recall > 0.95 > recall_as_written


def test_without_codes_the_branches_of_a_city_are_one_merchant(told):
    uncoded = told.assign(**{CODE: ""})
    merchant, assigned = grouped(uncoded)
    precision, recall = pair_scores(told["operator"], merchant)
    assert precision > 0.99
    assert recall > 0.85
    pairs = candidates(assigned, Aliases())
    right, found, _ = review_scores(told["operator"], merchant, assigned, pairs)
    assert right > 0.8
    assert found > 0.5 * len(pairs)


def test_scores_of_pairs_by_hand():
    """Put together: ab, c, de; truly together: a, bc, de. One of two pairs put is right, one of two true ones found."""
    truth, groups = pd.Series([1, 2, 2, 3, 3]), pd.Series(["x", "x", "y", "z", "z"])
    assert pair_scores(truth, groups) == (0.5, 0.5)
    assert pair_scores(truth, truth) == (1.0, 1.0)


def test_only_the_true_merchants_of_chains_differ_from_their_operators(told):
    assert told.groupby(TRUTH)["operator"].nunique().max() == 1
    assert told["operator"].nunique() < told[TRUTH].nunique()
