"""Where it happened: codes, names and addresses to region codes."""

import pytest
from place_lists import pairs

from features.regions import Basis, ancestors, region_name, regions, resolve, resolve_region


def check(text, code):
    assert resolve(text) == code


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
    ("text", "code"),
    pairs("""
        余杭区 330110
        昆山市 320583
        顺德区 440606
        浙江省余杭区 330110
        湖北省汉川市 420984
        嘉峪关市 620200
        甘肃省嘉峪关市嘉峪关市 620201
    """),
)
def test_a_county_is_known_without_its_city(text, code):
    check(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        朝阳区 -
        鼓楼区 -
        城关区 -
        市中区 -
        江北区 -
        朝阳 -
        东区 -
        江苏省鼓楼区 320000
        福建省鼓楼区 350102
        浙江江北区 330205
        重庆江北区 500105
        四川省市中区 510000
        河北省桥西区 130000
    """),
)
def test_of_several_alike_the_answer_is_what_they_have_in_common(text, code):
    check(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        浙江杭州西湖 330106
        浙江省浙江省杭州市 330100
        北京北京市朝阳区 110105
        浙江省/杭州市/西湖区 330106
        浙江-杭州-西湖 330106
        浙江，杭州，西湖 330106
        【浙江】杭州（西湖区） 330106
        浙 江 省 杭 州 市 330100
        浙江省 杭州市　西湖区 330106
        中国浙江杭州 330100
        ３３０１０６ 330106
        新疆兵团石河子 659001
        新疆生产建设兵团第八师石河子市 659001
        重庆市市辖区江北区 500105
        河南省省直辖县级行政区划济源市 419001
        湖北省直辖县级行政单位仙桃市 429004
        杭州市市辖区西湖区 330106
        北京市市辖区 110100
        重庆市重庆市县忠县 500233
        广东 万科城花园 深圳市龙岗区 440307
        某小区 杭州市西湖区 330106
        地址：浙江省杭州市西湖区文三路 330106
        家住杭州西湖区 330106
        中国(上海)自由贸易试验区 310000
        香港九龙 810000
        台湾省台北市 710000
        澳門 820000
    """),
)
def test_levels_may_be_joined_repeated_or_left_out(text, code):
    check(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        吉林市 220200
        吉林 220000
        吉林省吉林市 220200
        吉林昌邑区 220202
        朝阳市 211300
        朝阳双塔区 211302
        大同市 140200
        大同 140200
        大同区 230606
        伊春市伊美区 230717
        长沙长沙县 430121
        济南市中区 370103
        济南市市中区 370103
        青岛市北区 370203
        西安碑林区 610103
        清新区 441803
        万柏林区 140109
        南通通州区 320612
        南昌市南昌兴盛保险 360100
    """),
)
def test_names_within_names(text, code):
    check(text, code)


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        330106001 330106
        330106001002 330106
        330199001 330100
        110103 110101
        341402 340181
        330104 330100
        341400 340000
        500157 500100
        330101 330100
        330106西湖区 330106
        330100西湖区 330106
        330106 杭州 330106
        310012浙江省杭州市 330100
        310000浙江省杭州市西湖区 330106
        13912345678 -
        999999 -
    """),
)
def test_codes(text, code):
    check(text, code)


@pytest.mark.parametrize(
    "text",
    [
        "南京西路1号", "上海路店", "宣武门", "新城", "和平", "北京大学", "中山公园", "海南航空", "兰州拉面", "重庆小面",
        "沙县小吃", "青岛啤酒", "西安饭庄", "东方大厦", "大理石", "阿里巴巴", "杭州市场", "杭州鑫源商贸有限公司",
    ],
)  # fmt: skip
def test_roads_schools_dishes_and_companies_are_no_places(text):
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        杭州文三路1号 330100
        上海南京西路 310000
        杭州市余杭塘路 330100
        杭州余杭塘路 330100
        浙江杭州西湖文三路 330106
        北京朝阳门外大街 110000
        义乌北苑街道 330782
        杭州萧山机场 330109
        江苏省南京东路 320000
    """),
)
def test_the_place_ends_where_the_street_begins(text, code):
    check(text, code)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("330106", Basis.CODE),
        ("杭州市西湖区", Basis.NAME),
        ("北京市海淀区", Basis.NAME),
        ("湖北省仙桃市", Basis.NAME),
        ("浙江省余杭区", Basis.ALONE),
        ("昆山市", Basis.ALONE),
        ("浙江杭州", Basis.SHORT),
        ("恩施州", Basis.SHORT),
        ("崇文区", Basis.RENAMED),
        ("苏州工业园区", Basis.ZONE),
        ("嘉兴经开区", Basis.ZONE),
        ("江苏省鼓楼区", Basis.COARSER),
        ("莱芜市", Basis.COARSER),
    ],
)
def test_the_answer_says_what_it_rests_on(text, basis):
    found = resolve_region(text)
    assert found is not None
    assert found.basis is basis
