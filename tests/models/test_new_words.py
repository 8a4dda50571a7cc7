"""New words: the figures against brute force, and what is proposed of generated texts."""

from __future__ import annotations

import itertools
import math
import re
import time
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from models.new_words import COLUMNS, Settings, discover, rate_ratio
from models.text_units import distinct, places, texts_with, units_of

HAN = "一-鿿"
UNIT = re.compile(rf"[{HAN}]|[a-z0-9](?:[a-z0-9.+-]*[a-z0-9+])?")
PLAIN = {
    "longest": 5,
    "texts": 1,
    "pmi": -math.inf,
    "entropy": 0.0,
    "growth": 0.0,
    "confidence": 0.95,
    "covered": 2.0,
    "starts": frozenset(),
    "ends": frozenset(),
    "inner": frozenset(),
    "examples": 2,
    "context": 12,
}


def wanted(**other) -> Settings:
    return Settings(**{**PLAIN, **other})


def found(said_now, background=None, known=lambda _: False, **other) -> pd.DataFrame:
    return discover(said_now, background, known, wanted(**other))


def words(said_now, background=None, known=lambda _: False, **other) -> list[str]:
    return found(said_now, background, known, **other)["word"].tolist()


# --- the figures, once more and slowly -----------------------------------------------------------------------------------


def clauses(text):
    """Lists of units that stand right behind each other."""
    lists, end = [], None
    for match in UNIT.finditer(text):
        if match.start() != end:
            lists.append([])
        lists[-1].append(match[0])
        end = match.end()
    return [tuple(units) for units in lists]


def entropy(counts):
    total = sum(counts)
    return -sum(n / total * math.log2(n / total) for n in counts)


def by_hand(texts, longest):
    """`{word: (texts, pmi, left entropy, right entropy)}` of all strings of 2 units and more."""
    texts = list({re.sub("[0-9]+", "0", text): text for text in reversed(texts)}.values())[::-1]
    spoken = {}
    for clause in itertools.chain.from_iterable(map(clauses, texts)):
        spoken.setdefault(tuple(re.sub("[0-9]+", "0", unit) for unit in clause), clause)
    count, left, right = Counter(), defaultdict(Counter), defaultdict(Counter)
    edges = itertools.count()
    for clause in spoken.values():
        named = ["#" if re.fullmatch("[0-9][0-9.+-]*", unit) else unit for unit in clause]
        for a in range(len(clause)):
            for b in range(a + 1, min(a + longest, len(clause)) + 1):
                gram = clause[a:b]
                count[gram] += 1
                left[gram][named[a - 1] if a else next(edges)] += 1
                right[gram][named[b] if b < len(clause) else next(edges)] += 1
    total = sum(map(len, spoken.values()))
    having = Counter()
    for text in texts:
        grams = {c[a:b] for c in clauses(text) for a in range(len(c)) for b in range(a + 2, min(a + longest, len(c)) + 1)}
        having.update(grams)
    return {
        "".join(gram): (
            having[gram],
            min(math.log2(n * total / (count[gram[:k]] * count[gram[k:]])) for k in range(1, len(gram))),
            entropy(left[gram].values()),
            entropy(right[gram].values()),
        )
        for gram, n in count.items()
        if len(gram) > 1
    }


MESSY = st.lists(st.text(alphabet="甲乙丙ab12.+-,。 \n𠀀\ud800", max_size=12), max_size=8)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MESSY)
def test_figures_are_those_of_brute_force(texts):
    table = found(texts).set_index("word")
    expected = by_hand(texts, PLAIN["longest"])
    assert set(table.index) == set(expected)
    for word, (having, pmi, left, right) in expected.items():
        row = table.loc[word]
        assert row["texts"] == having
        assert row["pmi"] == pytest.approx(pmi)
        assert row["left_entropy"] == pytest.approx(left, abs=1e-9)
        assert row["right_entropy"] == pytest.approx(right, abs=1e-9)
        assert row["score"] == pytest.approx(pmi + left + right)


@settings(deadline=None, derandomize=True)
@given(MESSY, st.integers(2, 4))
def test_a_minimum_leaves_out_and_changes_nothing_else(texts, minimum):
    every, fewer = found(texts), found(texts, texts=minimum)
    counted = pd.Series({word: len(places(units_of_clauses(texts), [word]).at) for word in every["word"]}, dtype=int)
    expected = every[(every["texts"] >= minimum) & (counted.reindex(every["word"]).to_numpy() >= minimum)]
    pd.testing.assert_frame_equal(fewer, expected.reset_index(drop=True))


def units_of_clauses(texts):
    return units_of(distinct(texts)).spoken_once()


@settings(deadline=None, derandomize=True)
@given(MESSY, MESSY)
def test_texts_with_a_word_are_counted_where_its_units_stand(texts, others):
    asked = ["甲乙", "甲", "a1", "a1丙", "12", "乙丙甲"]
    expected = [
        sum(any(c[a : a + n] == tuple(UNIT.findall(word)) for c in clauses(text) for a in range(len(c))) for text in texts)
        for word in asked
        for n in [len(UNIT.findall(word))]
    ]
    assert texts_with(texts, asked).tolist() == expected
    assert (texts_with(texts + others, asked) == texts_with(texts, asked) + texts_with(others, asked)).all()


def test_reading_in_parts_counts_the_same(monkeypatch):
    texts = [f"甲乙{i % 7}丙,甲乙丙{'丁' * (i % 3)}" for i in range(50)]
    whole = texts_with(texts, ["甲乙", "乙丙", "丙丁丁"])
    monkeypatch.setattr("models.text_units.TEXTS_AT_ONCE", 7)
    assert texts_with(texts, ["甲乙", "乙丙", "丙丁丁"]).tolist() == whole.tolist() == [50, 50, 16]


# --- growth ----------------------------------------------------------------------------------------------------------------


def test_the_bound_of_the_ratio_is_the_one_of_the_exact_test():
    now, before = np.array([30, 3, 0, 12]), np.array([10, 0, 5, 12])
    ratio, lower = rate_ratio(now, 1000, before, 4000, 0.95)
    assert ratio == pytest.approx([30.5 / 10.5 * 4, 3.5 / 0.5 * 4, 0.5 / 5.5 * 4, 4.0])
    assert lower[2] == 0
    for n, m, bound in zip(now[[0, 1, 3]], before[[0, 1, 3]], lower[[0, 1, 3]], strict=True):
        # At its bound, so many or more now are just as unlikely as the confidence says.
        share = bound * 1000 / (bound * 1000 + 4000)
        assert binomtest(int(n), int(n + m), share, "greater").pvalue == pytest.approx(0.05)


NOISE = [chr(ord("一") + i) for i in range(0, 4000, 10)]
LIKELY = {"longest": 6, "texts": 5, "pmi": 3.0, "entropy": 1.0, "covered": 0.8}


def said(word, n=24, seed=0):
    """Texts that have the word between ever other characters."""
    random = np.random.default_rng([seed, len(word), ord(word[0])])
    return ["".join(random.choice(NOISE, 30)) + word + "".join(random.choice(NOISE, 30)) for _ in range(n)]


def test_growth_orders_and_can_be_asked_for():
    now, before = said("新语") + said("旧词"), said("旧词", 48, seed=1)
    table = found(now, before, **LIKELY).set_index("word")
    assert table.index.tolist() == ["新语", "旧词"]
    assert table.loc["旧词", "growth"] == pytest.approx(24.5 / 48.5 * 48 / 48)
    assert table.loc["旧词", "growth_lower"] < table.loc["旧词", "growth"]
    assert table.loc["新语", "growth_lower"] > 5
    score = table["score"] - table["pmi"] - table["left_entropy"] - table["right_entropy"]
    assert score["旧词"] == pytest.approx(0)
    assert score["新语"] == pytest.approx(math.log2(table.loc["新语", "growth_lower"]))
    assert words(now, before, **LIKELY | {"growth": 1.5}) == ["新语"]


@pytest.mark.parametrize("background", [None, []])
def test_without_a_background_growth_matters_to_nothing(background):
    table = found(said("新语"), background, **LIKELY | {"growth": 3.0})
    assert table["word"].tolist() == ["新语"]
    assert table["growth"].isna().all()


# --- what is proposed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["鲸锂", "鲸卡锂", "ota升级", "p2p网贷", "鲸卡锂蓝屏症"])
def test_a_word_is_found_whole(word):
    assert words(said(word), **LIKELY) == [word]


def test_a_word_longer_than_asked_for_is_not_found_in_pieces():
    assert words(said("鲸卡锂蓝屏症甲"), **LIKELY | {"longest": 6}) == []


def test_a_copied_text_counts_once():
    copies = ["退订鲸卡锂,金额100元"] * 500 + [f"退订鲸卡锂,金额{i}元" for i in range(500)]
    assert words(copies, **LIKELY) == []
    table = found([*copies, *said("鲸卡锂", 8)], **LIKELY).set_index("word")
    assert table.loc["鲸卡锂", "texts"] == 9


def test_a_copied_clause_makes_no_word_of_itself():
    texts = [f"{text},依法处罚严惩" for text in said("鲸卡锂")]
    assert words(texts, **LIKELY) == ["鲸卡锂"]


def test_different_numbers_are_one_neighbour():
    texts = [text.replace("新语", f"新语{i}") for i, text in enumerate(said("新语"))]
    (row,) = found(texts, **LIKELY | {"entropy": 0.0}).query("word == '新语'").to_dict("records")
    assert row["right_entropy"] == pytest.approx(0)
    assert row["left_entropy"] > 4


def test_known_words_are_not_proposed():
    texts = said("鲸卡锂") + said("蓝屏症")
    assert sorted(words(texts, **LIKELY)) == ["蓝屏症", "鲸卡锂"]
    assert words(texts, known={"蓝屏症"}.__contains__, **LIKELY) == ["鲸卡锂"]


def test_stop_characters_trim_words():
    every = {**LIKELY, "covered": 2.0, "entropy": 0.0}
    assert {"的鲸卡锂", "鲸卡锂", "鲸卡"} <= set(words(said("的鲸卡锂"), **every))
    assert set(words(said("的鲸卡锂"), **every, starts=frozenset("的"))) == {"鲸卡锂", "鲸卡", "卡锂"}
    assert set(words(said("的鲸卡锂"), **every, ends=frozenset(["卡锂"]))) == {"的鲸卡", "的鲸", "鲸卡"}
    assert set(words(said("的鲸卡锂"), **every, inner=frozenset("鲸"))) == {"的鲸", "鲸卡锂", "鲸卡", "卡锂"}


def test_parts_of_longer_words_are_covered():
    limits = {**LIKELY, "entropy": 0.5}
    assert words([*said("鲸卡锂", 40), *said("鲸卡", 8)], **limits) == ["鲸卡锂"]
    assert set(words([*said("鲸卡锂", 24), *said("鲸卡", 24)], **limits)) == {"鲸卡锂", "鲸卡"}


@pytest.mark.parametrize(("hidden", "left"), [("鲸卡锂**", ["鲸卡"]), ("鲸卡锂138****5678", []), ("鲸卡锂a·*****", ["鲸卡"])])
def test_what_is_left_before_a_mask_is_passed_over(hidden, left):
    assert [word for word in words(said(hidden), **LIKELY | {"entropy": 0.0}) if "锂" in word or word in left] == left


def test_what_is_behind_a_masked_name_is_not_part_of_it():
    assert words(said("张**鲸卡锂"), **LIKELY) == ["鲸卡锂"]


def test_examples_are_short_and_stay_in_their_text():
    texts = [*said("鲸卡锂", 12), *(text[28:-28] for text in said("鲸卡锂", 12, seed=1))]
    (row,) = found(texts, **LIKELY | {"examples": 24}).to_dict("records")
    assert len(row["examples"]) == 24
    assert {len(example) for example in row["examples"]} == {27, 7}
    assert all(any(example in text for text in texts) for example in row["examples"])


def test_the_same_texts_in_another_order_give_the_same_words():
    texts = said("鲸卡锂") + said("蓝屏症") + said("ota升级")
    columns = [name for name in COLUMNS if name != "examples"]
    table = found(texts, **LIKELY)[columns]
    assert len(table) == 3
    pd.testing.assert_frame_equal(table, found(texts[::-1], **LIKELY)[columns])


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", ",,,", "\x00\x01"],
        ["a" * 100_000],
        ["1." * 50_000],
        ["*" * 100_000],
        ["a-" * 50_000 + "*"],
        ["哈" * 100_000],
        ["一*" * 50_000],
        ["\ud800\udfff", "𠀀"],
    ],
)
def test_hostile_texts_are_read_quickly(texts):
    start = time.process_time()
    assert list(found(texts, texts, texts=2).columns) == list(COLUMNS)
    assert time.process_time() - start < 3


def test_many_texts_are_read_quickly():
    random = np.random.default_rng(1)
    letters = np.array([chr(ord("一") + i) for i in range(3000)])
    weight = 1 / np.arange(10, 3010)
    drawn = random.choice(letters, size=(5000, 140), p=weight / weight.sum())
    texts = ["".join(row) for row in drawn]
    start = time.process_time()
    found(texts, texts, **LIKELY)
    assert time.process_time() - start < 10
