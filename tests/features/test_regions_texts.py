"""The region that running text names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from place_lists import pairs

from features.regions import Basis, find_region, regions, resolve

EXACT = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        本人在杭州市西湖区文三路某店购买 330106
        浙江省杭州市西湖区的消费者反映 330106
        浙江省杭州市西湖区某某有限公司不退款 330106
        杭州西湖区某超市 330106
        杭州市西湖区市场监管局不受理 330106
        余杭区某店 330110
        举报江苏省南京市鼓楼区某店 320106
        河南新县某店 411523
        苏州工业园区某店 320576
        嘉兴经开区某店 330400
        在江干区九堡买的 330100
        在襄樊市某店 420600
    """),
)
def test_names_that_show_their_kind_count_wherever_they_stand(text, code):
    assert find_region(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        家住上海，买了青岛啤酒 310000
        现在杭州的店关门了 330100
        在海南旅游时被宰 460000
        在新县买的东西 411523
        收货地址是新疆乌鲁木齐市 650100
        地址：广州天河区体育东路 440106
        位于成都高新区的西安饭庄 510100
        店铺地址在昆山玉山镇 320583
    """),
)
def test_short_names_count_where_they_are_announced(text, code):
    assert find_region(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "我在南京西路的兰州拉面吃出虫子",
        "在兰州拉面馆吃饭",
        "北京大学附近的沙县小吃",
        "重庆小面里有头发，喝的是青岛啤酒",
        "在西安饭庄请客",
        "在海南航空买机票",
        "在大理石台面上摔倒",
        "在中山医院看病",
        "在上海寻梦信息技术有限公司的平台购买",
        "杭州某某科技有限公司",
        "中国移动上海公司多收话费",
        "义乌市场买的",
        "西湖区域很大",
        "小区门口，城市南区，老城区都有",
        "重新县里来了",
        "朝阳区某店",
        "商家位于朝阳",
        "杭州的店和上海的店都不退",
        "",
    ],
)
def test_roads_schools_dishes_and_companies_are_no_places(text):
    assert find_region(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    pairs("""
        上海寻梦信息技术有限公司发货慢，本人在杭州市余杭区 330110
        本人是江苏省南京市人，在杭州市西湖区文三路买 330106
        杭州市消费者，在西湖区某店购买 330106
        浙江省的店，杭州市也有 330100
        在杭州市西湖区，也在杭州市上城区 330100
    """),
)
def test_of_several_places_the_announced_and_the_finer_count(text, code):
    assert find_region(text).code == code


def test_places_that_exclude_each_other_give_none():
    assert find_region("他在浙江省，她在江苏省") is None
    found = find_region("在浙江省杭州市，又在浙江省宁波市")
    assert (found.code, found.basis) == ("330000", Basis.COARSER)


PLACES = sorted(code for code, region in regions().items() if region.level == "county" and code.isdigit())


@EXACT
@given(
    st.sampled_from(PLACES),
    st.sampled_from(["本人在{}买了手机", "地址：{}，请查处", "位于{}的一家店", "2026年3月15日，在{}。"]),
)
def test_a_whole_address_is_found_within_a_sentence(code, sentence):
    county = regions()[code]
    path = [county.name]
    while county.parent:
        county = regions()[county.parent]
        path.insert(0, "" if county.is_holder else county.name)
    address = "".join(path)
    assert find_region(sentence.format(address)).code == resolve(address) == code


@EXACT
@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    found = find_region(text)
    assert found is None or found.code in regions()
