"""Where it happened and who is complained about."""

import pytest

from features.merchants import credit_code_is_valid, merchant_identity, normalise_merchant
from features.regions import ancestors, region_name, regions, resolve


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("330106", "330106"),
        ("浙江省杭州市西湖区文三路1号", "330106"),
        ("浙江省", "330000"),
        ("浙江", "330000"),
        ("杭州市", "330100"),
        ("杭州", "330100"),
        ("  杭州 ", "330100"),
        ("杭州西湖区", "330106"),
        ("浙江省西湖区", "330106"),
        ("浙江省义乌市", "330782"),
        ("江苏省苏州市昆山市", "320583"),
        ("北京市", "110000"),
        ("北京市朝阳区", "110105"),
        ("辽宁省朝阳市", "211300"),
        ("上海市浦东新区", "310115"),
        ("重庆市渝中区", "500103"),
        ("内蒙古自治区呼和浩特市", "150100"),
        ("内蒙古", "150000"),
        ("广西南宁", "450100"),
        ("新疆维吾尔自治区乌鲁木齐市", "650100"),
        ("香港", "810000"),
        ("吉林省吉林市", "220200"),
        ("湖北省仙桃市", "429004"),
        ("CA", "US-CA"),
        ("US-NY", "US-NY"),
    ],
)
def test_places_resolve(text, code):
    assert resolve(text) == code


@pytest.mark.parametrize("text", ["", "不知道", "某地", "西湖区", "海", "000000", "ZZ", "*****"])
def test_what_names_no_place_or_too_many_is_none(text):
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("广州市北京路", "440100"),
        ("广东省广州市北京路", "440100"),
        ("杭州市上海路", "330100"),
        ("浙江省温州市广州路", "330300"),
    ],
)
def test_a_road_named_after_a_place_is_not_that_place(text, code):
    assert resolve(text) == code


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("朝阳区", "211300"),  # Beijing and Changchun have one; the city of Chaoyang has none
        ("中山区", "442000"),  # a district of Dalian
        ("北京路", "110000"),
        ("海南州", "460000"),  # a prefecture of Qinghai
    ],
)
def test_a_short_name_within_another_name_is_not_the_place(text, wrong):
    assert resolve(text) != wrong


def test_a_full_city_name_goes_before_a_province_of_the_same_short_name():
    assert resolve("吉林市") == "220200"


def test_the_table_is_sound():
    table = regions()
    levels = {"province": None, "city": "province", "county": "city"}
    assert len(table) > 3300
    for region in table.values():
        above = levels[region.level]
        if above is None:
            assert region.parent == ""
        else:
            assert table[region.parent].level == above
            assert region.code[:2] == region.parent[:2]
    assert sum(r.level == "province" and not r.code.startswith("US-") for r in table.values()) == 34
    assert sum(r.level == "province" and r.code.startswith("US-") for r in table.values()) >= 51


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("330106", ("330000", "330100")),
        ("330100", ("330000", "330100")),
        ("330000", ("330000", "unknown")),
        ("110105", ("110000", "110100")),
        ("US-CA", ("US-CA", "unknown")),
        ("999999", ("unknown", "unknown")),
        ("", ("unknown", "unknown")),
        (None, ("unknown", "unknown")),
    ],
)
def test_ancestors(code, expected):
    assert ancestors(code) == expected


def test_names():
    assert region_name("330106") == "西湖区"
    assert region_name("nowhere") == "未知"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (" 杭州（鑫源）商贸　有限公司 ", "杭州(鑫源)商贸有限公司"),
        ("杭州【鑫源】商贸有限公司", "杭州(鑫源)商贸有限公司"),
        ("ＡＢＣ便利店", "ABC便利店"),
        ("“星河”超市", "星河超市"),
        ("阿·里 超市", "阿里超市"),
        ("*****", None),
        ("  ", None),
        ("", None),
        (None, None),
    ],
)
def test_one_spelling_for_one_respondent(name, plain):
    assert normalise_merchant(name) == plain
    assert normalise_merchant(plain) == plain


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        # By hand: 9+3+27+135+26+420+8+900+112 = 1640, which is 28 modulo 31; the check is 31 - 28 = 3.
        ("91350100M000100Y43", True),
        ("91350100M000100Y44", False),
        ("19350100M000100Y43", False),
        ("91350100M000100Y4", False),
        ("91350100M000100Y433", False),
        ("91350100I000100Y43", False),
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
    ("name", "code", "identity"),
    [
        ("某店", "91350100M000100Y43", "91350100M000100Y43"),
        ("某店", " 91350100m000100y43 ", "91350100M000100Y43"),
        ("某 店", "91350100M000100Y44", "某店"),
        ("某店", None, "某店"),
        ("某店", "*****", "某店"),
        (None, "91350100M000100Y43", "91350100M000100Y43"),
        (None, None, None),
        ("***", "", None),
    ],
)
def test_identity_is_the_valid_code_else_the_name(name, code, identity):
    assert merchant_identity(name, code) == identity
