"""Names and codes of respondents: what they say, and what says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.merchants import (
    MerchantKey,
    block_of,
    credit_code_is_valid,
    merchant_key,
    normalise_merchant,
    parse_merchant,
    valid_credit_code,
)
from features.merchants.places import city_of
from features.merchants.words import words

SETTINGS = settings(deadline=None, derandomize=True, max_examples=500)
HANGZHOU, XIHU, NINGBO = "330100", "330106", "330203"
CODE = "91350100M000100Y43"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (" 杭州（鑫源）商贸　有限公司 ", "杭州(鑫源)商贸有限公司"),
        ("杭州【鑫源】商贸有限公司", "杭州(鑫源)商贸有限公司"),
        ("ＡＢＣ便利店", "ABC便利店"),
        ("“星河”超市", "星河超市"),
        ("《星河》超市。", "星河超市"),
        ("阿·里 超市", "阿里超市"),
        ("Wells Fargo &  Company", "Wells Fargo & Company"),
        ("鑫源 ABC Shop 超市", "鑫源ABC Shop超市"),
        ("*****", None),
        ("  ", None),
        ("——", None),
        ("", None),
        (None, None),
    ],
)
def test_one_way_to_write_a_name(name, plain):
    assert normalise_merchant(name) == plain
    assert normalise_merchant(plain) == plain


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        # By hand: 9+3+27+135+26+420+8+900+112 = 1640, which is 28 modulo 31; the check is 31 - 28 = 3.
        (CODE, True),
        ("91350100M000100Y44", False),
        ("19350100M000100Y43", False),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("91350100I000100Y43", False),
        # The check character of a row of zeros is a zero, but no department has the number 0.
        ("000000000000000000", False),
        ("", False),
    ],
)
def test_credit_codes(code, valid):
    assert credit_code_is_valid(code) is valid


def test_exactly_one_check_character_fits_a_body():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]  # as GB 32100 prints them
    for body in ("91330100MA2AXXXXX", "91000000000100000", "9135010061100002J", "5244000050001000Y"):
        right = [c for c in alphabet if credit_code_is_valid(body + c)]
        total = sum(weight * alphabet.index(c) for weight, c in zip(weights, body, strict=True))
        assert right == [alphabet[(31 - total % 31) % 31]]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (f" {CODE.lower()} ", CODE),
        ("９１３５０１００Ｍ０００１００Ｙ４３", CODE),
        ("91350100M000100Y44", None),
        ("*****", None),
        (None, None),
    ],
)
def test_a_cell_holds_a_code_or_none(cell, code):
    assert valid_credit_code(cell) == code


@pytest.mark.parametrize(
    ("name", "core", "region", "company", "branch"),
    [
        ("杭州鑫源商贸有限公司", "鑫源商贸", "330100", True, None),
        ("杭州市鑫源商贸有限责任公司", "鑫源商贸", "330100", True, None),
        ("杭州（鑫源）商贸股份有限公司", "鑫源商贸", "330100", True, None),
        ("浙江省杭州市鑫源商贸有限公司", "鑫源商贸", "330100", True, None),
        # A region within a name is part of it: it may be another company than the one whose name begins with the region.
        ("鑫源（杭州）商贸有限公司", "鑫源杭州商贸", None, True, None),
        ("鑫源杭州商贸有限公司", "鑫源杭州商贸", None, True, None),
        ("杭州鑫源投资合伙企业（有限合伙）", "鑫源投资合伙企业", "330100", True, None),
        ("杭州鑫源食品店（个体工商户）", "鑫源食品店", "330100", False, None),
        ("鑫源装修公司", "鑫源装修", None, False, None),
        ("杭州鑫源装修公司", "鑫源装修", "330100", True, None),
        ("EQUIFAX, INC.", "equifaxinc", None, True, None),
        ("浙江省杭州市西湖区鑫源食品店", "鑫源食品店", "330106", False, None),
        ("义乌市鑫源百货商行", "鑫源百货商行", "330782", False, None),
        ("中国移动通信集团浙江有限公司杭州分公司", "中国移动通信集团浙江", None, True, "杭州分公司"),
        ("国网浙江省电力有限公司杭州供电公司", "国网浙江省电力", None, True, "杭州供电公司"),
        ("温州鑫源餐饮管理有限公司（东街店）", "鑫源餐饮管理", "330300", True, "东街店"),
        ("湖州鑫源母婴生活馆南浔区分店(东街店)", "鑫源母婴生活馆", "330500", False, "南浔区分店"),
        ("蜜雪冰城西湖店", "蜜雪冰城", None, False, "西湖店"),
        ("蜜雪冰城(万达广场店)", "蜜雪冰城", None, False, "万达广场店"),
        ("蜜雪冰城-万达广场店", "蜜雪冰城", None, False, "万达广场店"),
        ("蜜雪冰城杭州西湖店", "蜜雪冰城", None, False, "杭州西湖店"),
        ("蜜雪冰城第三分店", "蜜雪冰城", None, False, "第三分店"),
        ("蜜雪冰城（杭州）", "蜜雪冰城", None, False, "杭州"),
        ("蜜雪冰城(西湖店", "蜜雪冰城", None, False, "西湖店"),
        ("鑫源超市-已关门", "鑫源超市", None, False, None),
        ("疑似“鑫源”超市", "鑫源超市", None, False, None),
        ("店名：鑫源超市", "鑫源超市", None, False, None),
        # What looks like a region, a branch or a platform and is none.
        ("杭州饭店", "杭州饭店", None, False, None),
        ("西湖酒店", "西湖酒店", None, False, None),
        ("上海路小吃", "上海路小吃", None, False, None),
        ("1号店", "1号店", None, False, None),
        ("7-11便利店（西湖店）", "711便利店", None, False, "西湖店"),
        ("新华书店", "新华书店", None, False, None),
        ("京东方科技集团股份有限公司", "京东方科技集团", None, True, None),
        ("京东方显示店", "京东方显示店", None, False, None),
    ],
)
def test_a_name_taken_apart(name, core, region, company, branch):
    parsed = parse_merchant(name)
    assert (parsed.core, parsed.region, parsed.company, parsed.branch) == (core, region, company, branch)
    assert parsed.platform is None


@pytest.mark.parametrize(
    ("name", "core", "platform", "online"),
    [
        ("天猫小米官方旗舰店", "小米旗舰店", "天猫", True),
        ("小米官方旗舰店（京东）", "小米旗舰店", "京东", True),
        ("京东自营小米旗舰店", "小米旗舰店", "京东", True),
        ("淘宝店铺：鑫源小铺", "鑫源小铺", "淘宝", False),
        ("小米旗舰店", "小米旗舰店", None, True),
        ("鑫源专营店", "鑫源专营店", None, True),
        ("五粮液专卖店", "五粮液专卖店", None, None),
        ("鑫源超市(抖音)", "鑫源超市", "抖音", False),
    ],
)
def test_shops_on_platforms(name, core, platform, online):
    parsed = parse_merchant(name)
    assert (parsed.core, parsed.platform, parsed.online) == (core, platform, online)


@pytest.mark.parametrize("name", ["拼多多", "拼多多平台", "“拼多多”app"])
def test_a_platforms_own_name_is_a_company(name):
    parsed = parse_merchant(name)
    assert (parsed.core, parsed.company) == ("拼多多", True)


@pytest.mark.parametrize(
    "name",
    ["不详", "个人", "无名商家", "路边摊", "未知", "某超市", "杭州某商贸有限公司", "超市", "有限公司", "文三路1号",
     "13800000000", "***", "A", "天猫旗舰店", "店名：不详", "", None],
)  # fmt: skip
def test_what_names_nobody(name):
    assert parse_merchant(name) is None
    assert merchant_key(name, None, XIHU) is None
    assert merchant_key(name, CODE, XIHU).credit_code == CODE


@pytest.mark.parametrize(
    ("region", "city"),
    [
        ("330106", "330100"),
        ("330100", "330100"),
        ("330000", None),
        ("110105", "110000"),  # a municipality is one city
        ("110000", "110000"),
        ("500101", "500000"),
        ("429004", "429004"),  # a county directly under its province
        ("810000", "810000"),
        ("US-CA", None),  # a state of a foreign source
        ("999999", None),
        (None, None),
    ],
)
def test_the_city_in_which_a_shop_is_known(region, city):
    assert city_of(region) == city


def where(*arguments, **named):
    key = merchant_key(*arguments, **named)
    return key.scope, key.core


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("杭州鑫源商贸有限公司", None, XIHU), ("杭州市鑫源商贸有限责任公司", None, NINGBO)),
        (("杭州鑫源商贸有限公司", None, NINGBO), ("鑫源商贸", None, XIHU)),
        (("鑫源商贸有限公司", None, XIHU), ("鑫源商贸股份有限公司", None, NINGBO)),
        (("杭州鑫源食品店", None, XIHU), ("鑫源 食品店", None, HANGZHOU)),
        (("蜜雪冰城西湖店", None, XIHU), ("蜜雪冰城（万达广场店）", None, "330102")),
        (("小米旗舰店", None, XIHU), ("小米官方旗舰店", None, NINGBO)),
        (("天猫小米旗舰店", None, XIHU), ("小米官方旗舰店(天猫)", None, NINGBO)),
        (("鑫源食品店", None, XIHU, "淘宝网"), ("鑫源食品店", None, NINGBO, "淘宝")),
        (("五粮液专卖店", None, XIHU, None, True), ("五粮液专卖店", None, NINGBO, None, True)),
        (("鑫源小吃店", None, XIHU, "美团外卖"), ("鑫源小吃店", None, XIHU)),
        (("BANK OF AMERICA, NATIONAL ASSOCIATION", None, "US-CA"), ("Bank of America,  National Association", None, "US-NY")),
    ],
)
def test_names_that_are_the_same_without_any_code(first, second):
    assert where(*first) == where(*second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("杭州鑫源商贸有限公司", None, XIHU), ("宁波鑫源商贸有限公司", None, XIHU)),
        (("鑫源食品店", None, XIHU), ("鑫源食品店", None, NINGBO)),
        (("鑫源食品店", None, XIHU), ("鑫源食品店", None, None)),
        (("西湖区鑫源食品店", None, XIHU), ("上城区鑫源食品店", None, "330102")),
        (("兰州拉面馆", None, XIHU), ("拉面馆", None, XIHU)),
        (("小米旗舰店(天猫)", None, XIHU), ("小米旗舰店(京东)", None, XIHU)),
        (("五粮液专卖店", None, XIHU), ("五粮液专卖店", None, NINGBO)),
        (("鑫源小吃店", None, XIHU, "美团"), ("鑫源小吃店", None, NINGBO, "美团")),
    ],
)
def test_names_that_may_be_two_shops(first, second):
    assert where(*first) != where(*second)


NAMES = st.text(alphabet="杭州市宁波鑫源福茂食品店商贸有限公司分西湖区天猫旗舰(（）)-12a |:某", max_size=14)


@given(NAMES)
@SETTINGS
def test_every_text_has_parts_that_can_be_written_down(text):
    key = merchant_key(text, None, XIHU)
    if key is not None:
        assert str(key).count("|") == len(key.__dataclass_fields__) - 1
        assert all((key.core, key.scope, key.block))
        assert MerchantKey(*str(key).split("|")) == key
        # As shown, a name says the same as it was written.
        assert merchant_key(normalise_merchant(text), None, XIHU) == key


@given(NAMES)
@SETTINGS
def test_names_with_a_word_in_common_are_in_one_block(text):
    key = merchant_key(text, None, XIHU)
    if key is not None:
        assert block_of(key.core) == key.block
        assert key.whole == "" or block_of(key.whole) == key.block


def test_every_word_of_the_reviewed_file_is_used_as_it_is_compared():
    """Words are compared in small letters, without width, brackets and spaces."""
    book = words()
    ends = list(book.shop_ends.by_spelling)
    for word in [*book.nobody, *book.kinds, *book.remarks, *book.platforms.by_word, *ends, *book.branch.landmarks]:
        assert normalise_merchant(word).lower() == word
