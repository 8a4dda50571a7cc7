"""Folding of alarms, grading, and the words that set complaints apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from models.grouping import fold
from models.levels import level_of
from models.terms import leading_terms, log_odds


def members(*alarms, n=None):
    """Alarms given as collections of complaint numbers."""
    width = n or 1 + max((max(alarm) for alarm in alarms if alarm), default=0)
    table = np.zeros((len(alarms), width), dtype=np.int8)
    for row, alarm in enumerate(alarms):
        table[row, list(alarm)] = 1
    return sparse.csr_array(table)


def fold_all(*alarms, upper):
    return fold(members(*alarms), [float(len(alarm)) for alarm in alarms], upper)


def test_a_part_and_a_whole_fold_into_the_stronger():
    part, whole = range(20), range(26)
    assert fold_all(part, whole, upper=[4.0, 9.0]) == [0, 0]
    assert fold_all(whole, part, upper=[9.0, 4.0]) == [0, 0]


def test_a_whole_with_more_than_its_part_explains_stays_a_hotspot():
    assert fold_all(range(20), range(40), upper=[4.0, 9.0]) == [0, 1]
    assert fold_all(range(20), range(29), upper=[4.0, 9.0]) == [0, 0]  # what is left equals the bound: normal


def test_crossing_alarms_fold_where_the_rest_is_normal():
    brand, province = range(30), range(10, 45)
    assert fold_all(brand, province, upper=[5.0, 15.0]) == [0, 0]
    assert fold_all(brand, province, upper=[5.0, 14.0]) == [0, 1]


def test_disjoint_alarms_stay_apart():
    assert fold_all(range(10), range(10, 20), range(20, 30), upper=[3.0, 3.0, 3.0]) == [0, 1, 2]


def test_what_shares_nothing_is_not_explained_however_weak():
    assert fold(members(range(10), range(10, 20), n=20), [10.0, 4.0], [3.0, 9.0]) == [0, 1]


def test_an_alarm_that_two_hotspots_explain_together_joins_the_one_it_shares_most_with():
    first, second, total = range(15), range(15, 35), range(38)
    assert fold_all(first, second, total, upper=[4.0, 4.0, 8.0]) == [0, 1, 1]


def test_shared_equally_the_stronger_one_is_joined():
    assert fold_all(range(15), range(15, 30), range(32), upper=[4.0, 4.0, 8.0]) == [0, 1, 0]


def test_what_was_folded_explains_nothing_itself():
    # The second folds into the first with three complaints of its own; the third must not be explained by those three.
    first, second, third = range(20), [*range(10, 20), 20, 21, 22], [20, 21, 22]
    assert fold_all(first, second, third, upper=[5.0, 4.0, 1.0]) == [0, 0, 2]


def test_more_complaints_than_a_byte_counts():
    n = 300
    assert fold_all(range(n), range(n + 10), range(n, n + 10), upper=[20.0, 12.0, 2.0]) == [0, 0, 2]


def test_independent_complaints_decide_not_raw_ones():
    table = members(range(10), range(40))
    assert fold(table, [10.0, 12.0], [3.0, 5.0]) == [0, 0]


def test_one_and_no_alarm():
    assert fold_all(range(3), upper=[10.0]) == [0]
    assert fold(sparse.csr_array((0, 5), dtype=np.int8), [], []) == []


@dataclass(frozen=True)
class Volume:
    level: str
    rule: str
    p_value: float
    ratio: float
    observed: int


@dataclass(frozen=True)
class Harm:
    level: str
    rule: str
    severe_count: int


VOLUME = [
    Volume("red", "V4", 0.001, 2.0, 30),
    Volume("orange", "V3", 0.001, 1.7, 15),
    Volume("yellow", "V2", 0.01, 1.5, 10),
    Volume("blue", "V1", 0.05, 1.3, 0),
]
HARM = [Harm("red", "S4", 10), Harm("orange", "S3", 3)]


@pytest.mark.parametrize(
    ("p_value", "ratio", "observed", "severe", "expected"),
    [
        (0.001, 2.0, 30, 0, ("red", "V4")),  # exactly at every threshold
        (0.0011, 2.0, 30, 0, ("yellow", "V2")),
        (0.001, 1.99, 30, 0, ("orange", "V3")),
        (0.001, 2.0, 29, 0, ("orange", "V3")),
        (0.001, 2.0, 14, 0, ("yellow", "V2")),
        (0.01, 1.5, 10, 0, ("yellow", "V2")),
        (0.01, 1.5, 9, 0, ("blue", "V1")),
        (0.05, 1.3, 1, 0, ("blue", "V1")),
        (0.051, 9.0, 99, 0, None),
        (0.0001, 1.29, 99, 0, None),
        (0.05, 1.3, 5, 2, ("blue", "V1")),
        (0.05, 1.3, 5, 3, ("orange", "S3")),
        (0.05, 1.3, 15, 10, ("red", "S4")),
        (0.001, 1.7, 15, 3, ("orange", "V3")),  # of one level the volume rule is named
        (0.001, 2.0, 30, 10, ("red", "V4")),
        (0.2, 9.0, 99, 99, None),  # no volume rule, however severe
        (0.0001, 1.0, 99, 99, None),
    ],
)
def test_levels(p_value, ratio, observed, severe, expected):
    graded = level_of(p_value=p_value, ratio=ratio, observed=observed, severe_count=severe, volume=VOLUME, harm=HARM)
    assert graded == expected


def test_the_order_of_the_rules_does_not_matter():
    arguments = {"p_value": 1e-9, "ratio": 5.0, "observed": 50, "severe_count": 3}
    forward = level_of(**arguments, volume=VOLUME, harm=HARM)
    assert forward == level_of(**arguments, volume=VOLUME[::-1], harm=HARM[::-1]) == ("red", "V4")


def test_log_odds_of_words_used_alike_are_zero_and_signs_turn_with_the_sides():
    target, background = np.array([10.0, 30.0, 60.0]), np.array([100.0, 300.0, 600.0])
    np.testing.assert_allclose(log_odds(target, background), 0, atol=1e-9)
    left, right = np.array([20.0, 5.0, 75.0]), np.array([5.0, 20.0, 75.0])
    np.testing.assert_allclose(log_odds(left, right), -log_odds(right, left), atol=1e-12)
    assert log_odds(left, right)[0] > 1.96
    assert log_odds(left, right)[1] < -1.96


def test_log_odds_by_hand():
    # Common use 25, 25, 150; prior weight 0.01: priors 0.25, 0.25, 1.5, together 2. First word, by the formula of the paper:
    target, background = np.array([20.0, 5.0, 75.0]), np.array([5.0, 20.0, 75.0])
    difference = np.log(20.25 / (102 - 20.25)) - np.log(5.25 / (102 - 5.25))
    assert log_odds(target, background)[0] == pytest.approx(difference / np.sqrt(1 / 20.25 + 1 / 5.25))


def test_the_same_ratio_scores_higher_with_more_evidence():
    rare = log_odds(np.array([2.0, 98.0]), np.array([10.0, 990.0]))
    often = log_odds(np.array([20.0, 980.0]), np.array([100.0, 9900.0]))
    assert often[0] > rare[0] > 0


def usage(rows):
    return pd.DataFrame(rows, columns=["term", "used", "elsewhere"])


def test_leading_terms_are_the_telling_ones_in_order():
    table = usage([("投诉", 50, 5000), ("冒火", 40, 10), ("漏气", 20, 10), ("罕见", 2, 2), ("常见", 5, 900)])
    assert leading_terms(table, most=5, minimum=3, score=1.96) == ["冒火", "漏气"]
    assert leading_terms(table, most=1, minimum=3, score=1.96) == ["冒火"]
    assert leading_terms(table, most=5, minimum=2, score=1.96) == ["冒火", "漏气", "罕见"]
    assert leading_terms(table, most=5, minimum=3, score=1e6) == []
    assert leading_terms(table, most=5, minimum=21, score=1.96) == ["冒火"]


def test_leading_terms_break_ties_by_the_word_and_stand_empty_tables():
    table = usage([("乙", 30, 1), ("甲", 30, 1), ("余", 40, 4000)])
    assert leading_terms(table, most=2, minimum=1, score=1.0) == sorted(["甲", "乙"])
    assert leading_terms(table[::-1], most=2, minimum=1, score=1.0) == sorted(["甲", "乙"])
    assert leading_terms(pd.DataFrame(), most=3, minimum=1, score=1.0) == []
