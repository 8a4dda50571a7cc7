"""Pairs for review: found as by comparing all with all, scored by what codes tell, never those that a reviewer rejected."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from features.merchants import KEY_FIELDS, Aliases, assign, merchant_key
from features.merchants.aliases import Review
from features.merchants.candidates import Candidate, candidates
from features.merchants.credit_codes import ALPHABET, credit_code_is_valid
from features.merchants.likeness import Name, alike
from features.merchants.words import words

SETTINGS = settings(deadline=None, derandomize=True)
XIHU, NINGBO = "330106", "330203"


def code(number: int) -> str:
    """A made-up credit code with the right check character."""
    body = f"91000000{number:08d}0"
    return next(body + check for check in ALPHABET if credit_code_is_valid(body + check))


A, B = code(1), code(2)


def listed(told: list[tuple], *rejected: tuple[str, str]) -> list[Candidate]:
    """Candidates among complaints, from tuples of name, code, region and how often."""
    reviews = [
        Review(verdict="different", respondent=one, merchant=other, source="test", reviewed="2026-06-01")
        for one, other in rejected
    ]
    keys = pd.DataFrame({"key": [str(merchant_key(*row[:3])) for row in told], "complaints": [row[3] for row in told]})
    sums = keys.groupby("key", as_index=False)["complaints"].sum()
    fields = pd.DataFrame([key.split("|") for key in sums["key"]], columns=list(KEY_FIELDS))
    observed = fields.assign(complaints=sums["complaints"])
    aliases = Aliases(reviews)
    return candidates(pd.concat([observed, assign(observed, aliases)], axis=1), aliases)


def pairs(told: list[tuple], *rejected: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(pair.respondent, pair.merchant, pair.reason) for pair in listed(told, *rejected)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # 禧 and 喜 sound alike; the rarer name is the respondent.
        ([("鸿禧食品店", None, XIHU, 9), ("鸿喜食品店", None, XIHU, 1)], [("330100:鸿喜食品店", "330100:鸿禧食品店", "sound")]),
        ([("鸿禧食品店", A, XIHU, 9), ("鸿喜食品店", None, XIHU, 1)], [("330100:鸿喜食品店", A, "sound")]),
        ([("鸿禧食品有限公司", None, XIHU, 9), ("鸿喜食品有限公司", None, NINGBO, 1)],
         [("national:鸿喜食品", "national:鸿禧食品", "sound")]),
        # In another city it is another shop; two codes are two merchants.
        ([("鸿禧食品店", None, XIHU, 9), ("鸿喜食品店", None, NINGBO, 1)], []),
        ([("鸿禧食品店", A, XIHU, 9), ("鸿喜食品店", B, XIHU, 1)], []),
        # One of several codes: nobody could tell whose the complaints without a code are.
        ([("鸿禧食品店", A, XIHU, 9), *(("鸿喜食品店", told, XIHU, 1) for told in (A, B, None))], []),
        # A trade word left out, also of a company that is known in the nation.
        ([("杭州鑫源餐饮管理有限公司", A, XIHU, 9), ("鑫源餐饮", None, XIHU, 1)], [("330100:鑫源餐饮", A, "short")]),
        ([("鑫源网络科技有限公司", A, XIHU, 9), ("鑫源网络", None, NINGBO, 1)], [("330200:鑫源网络", A, "short")]),
        # A branch that no word tells apart.
        ([("蜜雪冰城", A, XIHU, 9), ("蜜雪冰城文三弄店", None, XIHU, 1)], [("330100:蜜雪冰城文三弄店", A, "branch")]),
        # The region in full, left out, or elsewhere.
        ([("鑫源食品店", A, XIHU, 9), ("杭州西湖区鑫源食品店", None, XIHU, 1), ("鑫源食品店", B, XIHU, 9)], []),
        ([("杭州鑫源商贸有限公司", None, XIHU, 9), ("鑫源（杭州）商贸有限公司", None, XIHU, 1)],
         [("national:鑫源杭州商贸", "330100:鑫源商贸", "place")]),
        ([("杭州鑫源商贸有限公司", None, XIHU, 9), ("鑫源商贸有限公司", None, XIHU, 1)],
         [("national:鑫源商贸", "330100:鑫源商贸", "place")]),
        ([("杭州鑫源商贸有限公司", None, XIHU, 9), ("宁波鑫源商贸有限公司", None, XIHU, 1)], []),
        ([("鑫源食品店", A, XIHU, 9), ("杭州鑫源食品店", None, NINGBO, 1)], [("330200:杭州鑫源食品店", A, "place")]),
        ([("鑫源食品店", None, XIHU, 9), ("鑫源食品店", None, None, 1)],
         [("unknown:鑫源食品店", "330100:鑫源食品店", "place")]),
        ([("鑫源食品店", None, XIHU, 9), ("鑫源食品店", None, NINGBO, 9), ("鑫源食品店", None, None, 1)], []),
    ],
)  # fmt: skip
def test_what_is_listed_and_why(told, expected):
    assert pairs(told) == expected


def test_a_rejected_pair_is_not_listed_again():
    told = [("鸿禧食品店", A, XIHU, 9), ("鸿喜食品店", None, XIHU, 1)]
    assert pairs(told, (A, "330100:鸿喜食品店")) == []
    assert pairs(told, (B, "330100:鸿喜食品店")) != []


def test_a_pattern_that_codes_confirm_scores_higher_than_one_that_they_refute():
    """Under three names 禧 and 喜 turned out to be one merchant, 汇 and 惠 two of them."""
    known = []
    for number, stem in enumerate("东南西北中"):
        known += [(f"{stem}禧食品店", code(10 + number), XIHU, 5), (f"{stem}喜食品店", code(10 + number), XIHU, 1)]
        known += [(f"{stem}汇服装店", code(20 + number), XIHU, 5), (f"{stem}惠服装店", code(30 + number), XIHU, 5)]
    told = [
        *known,
        ("鸿禧饭庄", A, XIHU, 5),
        ("鸿喜饭庄", None, XIHU, 1),
        ("鸿汇饭庄", B, XIHU, 5),
        ("鸿惠饭庄", None, XIHU, 1),
    ]
    scores = {pair.respondent: pair.score for pair in listed(told)}
    prior, strength = words().candidates.prior["sound"], words().candidates.strength
    by_reason = (5 + strength * prior) / (10 + strength)
    assert scores["330100:鸿喜饭庄"] == pytest.approx((5 + strength * by_reason) / (5 + strength))
    assert scores["330100:鸿惠饭庄"] == pytest.approx((0 + strength * by_reason) / (5 + strength))
    assert max(scores.values()) <= 1


CORES = st.lists(st.text(alphabet="鑫新源福茂店", min_size=3, max_size=5), max_size=14, unique=True)


@given(CORES)
@SETTINGS
def test_pairs_one_edit_apart_are_found_as_by_comparing_all_with_all(cores):
    names = [Name("330100", core) for core in cores]
    found = {(pair.one, pair.other) for pair in alike(names) if pair.reason in ("sound", "slip", "order")}
    expected = {
        (one, other)
        for one, other in itertools.combinations(range(len(cores)), 2)
        if OSA.distance(cores[one], cores[other]) == 1
    }
    # A pair that also looks alike in another way is listed once.
    assert expected - found <= {(pair.one, pair.other) for pair in alike(names)}
    assert found <= expected


@given(
    st.lists(
        st.tuples(st.sampled_from(["330100", "330200", "national", "天猫"]), st.text("鑫新源福店", min_size=3, max_size=4)),
        max_size=8,
    )
)
@SETTINGS
def test_the_order_of_names_does_not_change_what_is_alike(told):
    names = [Name(*pair) for pair in dict.fromkeys(told)]
    forth = {(names[pair.one], names[pair.other], pair.reason, pair.pattern) for pair in alike(names)}
    back = {(names[::-1][pair.other], names[::-1][pair.one], pair.reason, pair.pattern) for pair in alike(names[::-1])}
    assert forth == back


def test_every_reason_has_a_prior():
    assert set(words().candidates.prior) == {"sound", "slip", "order", "short", "branch", "place"}
