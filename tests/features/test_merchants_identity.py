"""Which merchant a name belongs to: known answers, and the same one for any order and any increments."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.merchants import KEY_FIELDS, Aliases, MerchantKey, assign, merchant_key
from features.merchants.aliases import Review
from features.merchants.credit_codes import ALPHABET, credit_code_is_valid

SETTINGS = settings(deadline=None, derandomize=True, max_examples=150)
XIHU, SHANGCHENG, NINGBO, WENZHOU, SUZHOU = "330106", "330102", "330203", "330302", "320505"


def code(number: int) -> str:
    """A made-up credit code with the right check character."""
    body = f"91000000{number:08d}0"
    return next(body + check for check in ALPHABET if credit_code_is_valid(body + check))


A, B, C = code(1), code(2), code(3)


def observed(*told: tuple) -> pd.DataFrame:
    """Keys and their complaints, from tuples of name, code, region and how often."""
    counts: dict[str, int] = {}
    for name, credit_code, region, times in told:
        key = merchant_key(name, credit_code, region)
        if key is not None:
            counts[str(key)] = counts.get(str(key), 0) + times
    return table(counts)


def table(counts: dict[str, int]) -> pd.DataFrame:
    fields = [key.split("|") for key in counts]
    return pd.DataFrame(fields, columns=list(KEY_FIELDS)).assign(merchant_key=list(counts), complaints=list(counts.values()))


def same(respondent: str, merchant: str) -> Review:
    return Review(verdict="same", respondent=respondent, merchant=merchant, source="test", reviewed="2026-06-01")


def merchants(observations: pd.DataFrame, aliases: Aliases | None = None) -> dict[str, str]:
    assigned = assign(observations, aliases or Aliases())
    return dict(zip(observations["merchant_key"], assigned["merchant"], strict=True))


def merchant_of(name: str | None, region: str | None, *told: tuple, aliases: Aliases | None = None) -> str:
    """The merchant of an uncoded complaint about `name`, after what was told before."""
    key = str(merchant_key(name, None, region))
    return merchants(observed(*told, (name, None, region, 1)), aliases)[key]


@pytest.mark.parametrize(
    ("name", "region", "told", "merchant"),
    [
        # Nothing is known but the name.
        ("鑫源食品店", XIHU, [], "330100:鑫源食品店"),
        ("杭州鑫源食品店", XIHU, [], "330100:鑫源食品店"),
        ("鑫源食品店", None, [], "unknown:鑫源食品店"),
        ("杭州鑫源商贸有限公司", NINGBO, [], "330100:鑫源商贸"),
        ("鑫源商贸有限公司", NINGBO, [], "national:鑫源商贸"),
        ("小米旗舰店", NINGBO, [], "online:小米旗舰店"),
        # One code is known under the name in its city.
        ("鑫源食品店", XIHU, [("鑫源食品店", A, SHANGCHENG, 1)], A),
        ("鑫源食品店", XIHU, [("杭州鑫源食品店", A, SHANGCHENG, 1)], A),
        ("鑫源商贸", XIHU, [("杭州鑫源商贸有限公司", A, SHANGCHENG, 1)], A),
        ("杭州鑫源商贸有限公司", NINGBO, [("杭州市鑫源商贸有限责任公司", A, WENZHOU, 1)], A),
        ("西湖区鑫源食品店", XIHU, [("鑫源食品店", A, XIHU, 1)], "330100:西湖区鑫源食品店"),
        ("杭州西湖区鑫源食品店", XIHU, [("鑫源食品店", A, XIHU, 1)], A),
        # The same name in another city is another shop.
        ("鑫源食品店", NINGBO, [("鑫源食品店", A, XIHU, 9)], "330200:鑫源食品店"),
        ("兰州拉面馆", XIHU, [("拉面馆", A, XIHU, 9)], "330100:兰州拉面馆"),
        # Two codes claim it; one of them in one case of a hundred only.
        ("鑫源食品店", XIHU, [("鑫源食品店", A, XIHU, 9), ("鑫源食品店", B, XIHU, 1)], "330100:鑫源食品店"),
        ("鑫源食品店", XIHU, [("鑫源食品店", A, XIHU, 99), ("鑫源食品店", B, XIHU, 1)], A),
        ("鑫源商贸", XIHU, [("鑫源商贸", A, XIHU, 10), ("鑫源商贸有限公司", B, XIHU, 1)], "330100:鑫源商贸"),
        # A name that is known in three cities under one code is no local shop's.
        ("青岛啤酒", WENZHOU, [("青岛啤酒股份有限公司", A, region, 1) for region in (XIHU, NINGBO, SUZHOU)], A),
        ("青岛啤酒", WENZHOU, [("青岛啤酒股份有限公司", A, region, 9) for region in (XIHU, NINGBO)], "330300:青岛啤酒"),
        # Branches: the operator's code speaks for all of them, a branch's own for itself.
        ("蜜雪冰城西湖店", XIHU, [("蜜雪冰城", A, XIHU, 1)], A),
        ("蜜雪冰城", XIHU, [("蜜雪冰城西湖店", A, XIHU, 1), ("蜜雪冰城上城店", A, XIHU, 1)], A),
        ("蜜雪冰城西湖店", XIHU, [("蜜雪冰城（西湖店）", A, XIHU, 1)], A),
        ("蜜雪冰城上城店", XIHU, [("蜜雪冰城（西湖店）", A, XIHU, 1)], "330100:蜜雪冰城"),
        ("蜜雪冰城", XIHU, [("蜜雪冰城（西湖店）", A, XIHU, 1)], "330100:蜜雪冰城"),
        ("蜜雪冰城西湖店", XIHU, [("蜜雪冰城西湖店", A, XIHU, 1), ("蜜雪冰城上城店", B, XIHU, 9)], A),
        ("蜜雪冰城", XIHU, [("蜜雪冰城", A, XIHU, 1), ("蜜雪冰城西湖店", B, XIHU, 9)], "330100:蜜雪冰城"),
    ],
)
def test_the_merchant_of_a_name(name, region, told, merchant):
    assert merchant_of(name, region, *told) == merchant


def test_a_code_is_a_merchant_whatever_its_names_are():
    assigned = merchants(
        observed(("鑫源食品店", A, XIHU, 5), ("福茂超市", A, NINGBO, 1), (None, A, None, 1), ("鑫源食品店", B, XIHU, 5))
    )
    assert [assigned[key] for key in assigned] == [MerchantKey(*key.split("|")).credit_code for key in assigned]


def test_the_basis_tells_how_a_merchant_was_found():
    rows = observed(
        ("鑫源食品店", A, XIHU, 1), ("鑫源食品店", None, XIHU, 1), ("福茂超市", None, XIHU, 1), ("旧名超市", None, XIHU, 1)
    )
    assert assign(rows, Aliases([same("旧名超市", A)]))["basis"].tolist() == ["code", "name_code", "name", "alias"]


def test_nothing_told_is_nothing_assigned():
    assert assign(observed(), Aliases()).empty


def test_aliases_go_before_codes_that_a_name_was_told_with():
    told = [("旧名超市", A, XIHU, 9)]
    assert merchant_of("旧名超市", XIHU, *told) == A
    assert merchant_of("旧名超市", XIHU, *told, aliases=Aliases([same("旧名超市", B)])) == B
    assert merchant_of("旧名超市", XIHU, *told, aliases=Aliases([same("330100:旧名超市", B)])) == B
    assert merchant_of("旧名超市", NINGBO, *told, aliases=Aliases([same("330100:旧名超市", B)])) == "330200:旧名超市"


def test_a_name_that_stands_for_a_name_goes_where_that_one_goes():
    aliases = Aliases([same("鑫源优选", "杭州鑫源商贸有限公司"), same("鑫源小铺", "national:鑫源优选"), same(B, A)])
    for name in ("鑫源优选", "鑫源小铺"):
        assert merchant_of(name, NINGBO, aliases=aliases) == "330100:鑫源商贸"
        assert merchant_of(name, NINGBO, ("杭州鑫源商贸有限公司", B, WENZHOU, 1), aliases=aliases) == A


def test_two_codes_become_one_by_the_table_only():
    told = [("鑫源食品店", A, XIHU, 5), ("鑫源食品店", B, XIHU, 5)]
    assert merchant_of("鑫源食品店", XIHU, *told) == "330100:鑫源食品店"
    assert merchant_of("鑫源食品店", XIHU, *told, aliases=Aliases([same(B, A)])) == A
    assert set(merchants(observed(*told), Aliases([same(B, A)])).values()) == {A}


NAMES = [
    "鑫源食品店", "杭州鑫源食品店", "杭州市西湖区鑫源食品店", "鑫源食品店（西湖店）", "鑫源食品店上城店", "鑫源食品",
    "鑫源食品有限公司", "杭州鑫源食品有限公司", "浙江鑫源食品有限公司", "宁波鑫源食品", "鑫源食品旗舰店", "天猫鑫源食品旗舰店",
    "旧名超市", "福茂超市", "不详", None,
]  # fmt: skip
TOLD = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from([None, None, A, B, C]),
    st.sampled_from([XIHU, SHANGCHENG, NINGBO, WENZHOU, SUZHOU, "330000", None]),
    st.integers(1, 30),
)
ALIASES = Aliases([same("旧名超市", "杭州鑫源食品有限公司"), same("福茂超市", "national:旧名超市")])


@given(st.lists(TOLD, max_size=25), st.randoms(use_true_random=False))
@SETTINGS
def test_the_order_does_not_matter(told, random):
    shuffled = random.sample(told, len(told))
    assert merchants(observed(*told), ALIASES) == merchants(observed(*shuffled), ALIASES)


@given(st.lists(TOLD, max_size=25), st.data())
@SETTINGS
def test_any_increments_end_in_the_same_assignment(told, data):
    """Only the blocks that an increment tells something of are assigned anew, as the warehouse does it."""
    counts: dict[str, int] = {}
    assigned: dict[str, str] = {}
    start = 0
    while start < len(told):
        end = data.draw(st.integers(start + 1, len(told)))
        fresh = observed(*told[start:end])
        for key, times in zip(fresh["merchant_key"], fresh["complaints"], strict=True):
            counts[key] = counts.get(key, 0) + times
        blocks = ALIASES.with_linked(fresh["block"])
        affected = {key: times for key, times in counts.items() if MerchantKey(*key.split("|")).block in blocks}
        assigned |= merchants(table(affected), ALIASES)
        start = end
    assert assigned == merchants(observed(*told), ALIASES)


@given(st.lists(TOLD, max_size=25))
@SETTINGS
def test_codes_are_kept_apart_and_names_never_invented(told):
    rows = observed(*told)
    assigned = assign(rows, Aliases())
    coded = rows["credit_code"] != ""
    assert (assigned.loc[coded, "merchant"] == rows.loc[coded, "credit_code"]).all()
    for row, merchant in zip(rows.itertuples(), assigned["merchant"], strict=True):
        told_with = set(rows.loc[coded & rows["block"].eq(row.block), "credit_code"])
        assert merchant in {row.credit_code, f"{row.scope}:{row.core}"} | told_with
