"""Sums and days as people tell them, and slips of the keyboard."""

import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.calendar import Span
from simulator.dates import Dates
from simulator.slips import slipped
from simulator.sums import about, about_in_words, sums, whole_yuan

SPAN = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
BEFORE = 120
DATES = Dates(SPAN, BEFORE)
UNITS = {"": 1, "十": 10, "百": 100, "千": 1000}
DIGITS = {"两": 2, **{numeral: digit for digit, numeral in enumerate("零一二三四五六七八九")}}


@pytest.mark.parametrize(
    ("yuan", "digits", "words"),
    [
        (8, "8元", "八块"),
        (2, "2元", "两块"),
        (15, "10多元", "十多块"),
        (26, "20多元", "二十多块"),
        (100, "100多元", "一百多块"),
        (299, "200多元", "两百多块"),
        (2560, "2000多元", "两千多块"),
        (34_567, "3万多元", "三万多块"),
        (21_000, "2万多元", "两万多块"),
        (120_000, "12万多元", "十多万块"),
        (256_000, "25万多元", "二十多万块"),
        (1_300_000, "130万多元", "一百多万块"),
    ],
)
def test_sums_told_about(yuan, digits, words):
    assert about(yuan) == digits
    assert about_in_words(yuan) == words


def meant(text):
    """The least sum that a text can mean."""
    exact = re.fullmatch(r"(\d+)(万?)多?(?:\.00)?[元块]", text)
    if exact:
        return int(exact[1]) * (10_000 if exact[2] else 1)
    first, unit, ten_thousands = re.fullmatch(r"([两一二三四五六七八九]?)([十百千]?)多?(万?)多?块", text).groups()
    return (DIGITS[first] if first else 1) * UNITS[unit] * (10_000 if ten_thousands else 1)


@given(st.lists(st.floats(0.01, 9_000_000), min_size=1, max_size=50), st.integers(0, 2**32))
def test_a_sum_means_the_amount_whatever_its_form(amounts, seed):
    amount = np.array(amounts)
    exact = [int(text) for text in whole_yuan(amount).to_pylist()]
    for text, yuan in zip(sums(np.random.default_rng(seed), amount).to_pylist(), exact, strict=True):
        narrow = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        least = meant(narrow)
        assert least <= yuan < (2 * least if "多" in text else least + 1)


def test_every_form_of_a_sum_occurs():
    texts = sums(np.random.default_rng(1), np.full(2000, 760.2)).to_pylist()
    assert set(texts) == {"760元", "760.00元", "760块", "７６０元", "700多元", "七百多块"}


def is_true(phrase, day, today):
    """The phrases' meanings, said once more."""
    monday = today - dt.timedelta(days=today.weekday())
    last_week = monday - dt.timedelta(days=7) <= day < monday
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    return {
        "昨天": day == today - dt.timedelta(days=1),
        "前天": day == today - dt.timedelta(days=2),
        "大前天": day == today - dt.timedelta(days=3),
        "前几天": 2 <= (today - day).days <= 6,
        "上周": last_week,
        "上周末": last_week and day.isoweekday() in (6, 7),
        "月初": (day.year, day.month) == (today.year, today.month) and day.day <= 5,
        "上个月": (day.year, day.month) == (last_month.year, last_month.month),
        "前不久": 6 <= (today - day).days <= 25,
        "不久前": 6 <= (today - day).days <= 25,
        "前段时间": 15 <= (today - day).days <= 60,
        "两三个月前": 61 <= (today - day).days <= 120,
    }[phrase]


def test_what_is_said_of_a_past_day_is_true_and_everything_is_said():
    rng = np.random.default_rng(4)
    today = rng.integers(0, len(SPAN.days), size=20_000)
    day = today - rng.integers(1, BEFORE, size=len(today))
    said = DATES.ago(rng, day, today).to_pylist()
    for phrase, then, now in zip(said, day, today, strict=True):
        first = SPAN.first
        assert is_true(phrase, first + dt.timedelta(days=int(then)), first + dt.timedelta(days=int(now)))
    assert len(set(said)) == 12


@given(st.integers(0, 364), st.integers(1, BEFORE))
def test_something_can_be_said_of_every_past_day(today, passed):
    now = np.array([today])
    (phrase,) = DATES.ago(np.random.default_rng(0), now - passed, now).to_pylist()
    assert is_true(phrase, SPAN.days[0] + dt.timedelta(days=today - passed), SPAN.days[today])


def test_slips_change_one_word_of_the_chosen_texts():
    texts = pa.array(["退款退款", "退款", "没有词", "退款"])
    rows = np.array([True, True, True, False])
    found = slipped(np.random.default_rng(1), texts, rows, [["退款", "退宽"], ["退", "腿"]]).to_pylist()
    assert found[2:] == ["没有词", "退款"]
    seen = {
        tuple(slipped(np.random.default_rng(seed), texts, rows, [["退款", "退宽"], ["退", "腿"]]).to_pylist()[:2])
        for seed in range(60)
    }
    assert {first for first, _ in seen} == {"退款退款", "退宽退款", "腿款退款"}
    assert {second for _, second in seen} == {"退款", "退宽", "腿款"}
