"""Any complaint is judged: hostile ones, generated ones, real ones."""

import datetime as dt
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_rows import JUDGES, complaint, judged

from benchmarks.segmentation import real_texts
from features.judging import judge_all
from features.profiles import PROFILE
from warehouse.contracts import contract_of

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def check_form(profile):
    """What the table asks of a row, of any complaint."""
    for column in contract_of(PROFILE).columns:
        if column.name in profile and not column.nullable:
            assert profile[column.name] is not None, column.name
    for what in ("product", "issue"):
        assert (profile[f"{what}_basis"] == "none") == (profile[f"{what}_l1"] == "unknown")
        assert 0 <= profile[f"{what}_confidence"] <= 1
        assert (f"{what}_unknown" in profile["review_reasons"]) == (profile[f"{what}_basis"] == "none")
        assert (profile[f"{what}_l2"] or profile[f"{what}_l1"]).startswith(profile[f"{what}_l1"])
    # What the columns of the table can hold.
    assert profile["amount"] is None or 0 <= profile["amount"] < Decimal(10) ** 12
    assert profile["injured_told"] is None or 0 <= profile["injured_told"] < 2**31
    assert set(profile["keywords"]) <= set(profile["tokens"])
    assert len(profile["keywords"]) == len(set(profile["keywords"]))


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "坏了\ud800",
        "\u202e\u200b" * 1000,
        "9" * 60 + "元",
        "花了" + "9" * 30 + "元",
        "价值一千万亿亿元",
        "9999999999999人受伤",
        "要求赔偿1e400元",
        "9999年99月99日买，0000年00月00日退",
        "刹车失灵" * 25_000,
        "1" * 100_000,
        "（" * 100_000,
        "2026年" * 20_000,
        "Ａ１" * 50_000,
        "没有" * 50_000,
        "有限公司" * 25_000,
        "退款，" * 30_000,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_hostile_texts_are_judged_in_bounded_time(text):
    started = dt.datetime.now()
    check_form(judged(content=text))
    check_form(judged(product_name=text, merchant_name=text[:1000], brand=text[:1000], product_label=text[:1000]))
    # They take a second or less; anything that grows with the square takes minutes.
    assert (dt.datetime.now() - started).total_seconds() < 30


PARTS = [
    *(
        "热水器",
        "手机",
        "起火",
        "没有",
        "退款",
        "受伤",
        "2人",
        "１２元",
        "5月3日",
        "2026年",
        "花了",
        "华为",
        "拼多多",
        "有限公司",
    ),
    *("怕", "死亡", "a1", "①", "，", "。", "的", "\n", "(", ")"),
]
MIXED = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
NAMES = st.none() | st.sampled_from(["", "X", "手机", "食品", "质量", "G03", "Q", "G0305", "未知"]) | st.text(max_size=10)
FIELDS = {
    "content": st.none() | MIXED | st.text(max_size=60),
    "product_name": NAMES,
    "kind": st.sampled_from(["投诉", "举报", "咨询"]),
    "event_date": st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
    "region_code": st.none() | st.sampled_from(["", "330106", "330000", "999999", "110000", "x"]),
    "merchant_name": NAMES,
    "merchant_uscc": st.none() | st.sampled_from(["", "91330100MA27XW1234", "x"]),
    "platform_name": st.none() | st.sampled_from(["", "淘宝", "x"]),
    "is_online": st.none() | st.booleans(),
    "product_code": NAMES,
    "product_label": NAMES,
    "issue_code": NAMES,
    "issue_label": NAMES,
    "reviewed_product": NAMES,
    "reviewed_issue": NAMES,
    "brand": NAMES,
    "model": NAMES,
    "amount": st.none() | st.decimals(0, 10**9, places=2),
    "injured_count": st.none() | st.integers(0, 1000),
    "death_count": st.none() | st.integers(0, 1000),
    "fire_involved": st.none() | st.booleans(),
    "decision": st.sampled_from([None, "受理", "不予受理"]),
    "accepted_at": st.none() | st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 1, 1)),
    "filer_key": st.none() | st.sampled_from(["", "f"]),
}


@SETTINGS
@given(st.lists(st.fixed_dictionaries(FIELDS), max_size=4))
def test_any_complaints_are_judged(rows):
    complaints = [complaint(complaint_id=str(at), **row) for at, row in enumerate(rows)]
    profiles = judge_all(complaints, JUDGES)
    assert len(profiles) == len(complaints)
    for row, profile in zip(complaints, profiles, strict=True):
        check_form(profile)
        assert profile.keys() == judged().keys()
        assert profile["product_label"] == row["product_label"]
        if row["amount"] is not None:
            assert (profile["amount"], profile["amount_basis"]) == (row["amount"], "source")
        if row["brand"]:
            assert (profile["brand"], profile["brand_basis"]) == (row["brand"], "source")


def test_real_complaints_are_judged(shared_data):
    assert shared_data
    texts = [*islice(real_texts("car complaints"), 150), *islice(real_texts("messages"), 150)]
    profiles = judge_all([complaint(complaint_id=str(at), content=text) for at, text in enumerate(texts)], JUDGES)
    assert len(profiles) == 300
    for profile in profiles:
        check_form(profile)
    cars, messages = profiles[:150], profiles[150:]
    # Most complaints of cars tell the fault in words of the issue tree, and are ours; letters about anything are rarely.
    assert sum(profile["issue_basis"] != "none" for profile in cars) > 90
    assert sum(profile["duty"] == "ours" for profile in cars) > 100 > sum(profile["duty"] == "ours" for profile in messages)
