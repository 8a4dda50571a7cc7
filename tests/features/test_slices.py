"""Slices asked for in people's words, and the passage that says most about a topic."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.passages import central_passage, on_one_line
from features.slices import Part, Slice, nearest, node_names, node_part, not_known, place_name, region_part, same_name
from features.trees import issues, products
from warehouse.errors import RadarError

QUICK = settings(deadline=None, derandomize=True)


# --- products, issues, regions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "asked", "column", "value", "name"),
    [
        ("product", "热水器", "product_l2", "G0305", "热水器"),
        ("product", "G0305", "product_l2", "G0305", "热水器"),
        ("product", " g03 ", "product_l1", "G03", "家用电器"),
        ("product", "洗衣机", "product_l2", "G0303", "洗衣机与烘干机"),
        ("product", "药品", "product_l1", "G14", "药品"),
        ("product", "G1401", "product_l2", "G1401", "药品"),
        ("product", "食品", "product_l1", "G01", "食品"),
        ("product", "未知", "product_l1", "unknown", "客体未知"),
        ("issue", "质量", "issue_l1", "Q", "质量"),
        ("issue", "质量问题", "issue_l1", "Q", "质量"),
        ("issue", "明码标价", "issue_l2", "P01", "未明码标价"),
        ("issue", "跑路", "issue_l2", "C06", "关门跑路"),
        ("issue", "unknown", "issue_l1", "unknown", "问题未知"),
    ],
)
def test_products_and_issues_by_code_name_label_and_word(what, asked, column, value, name):
    assert node_part(what, asked) == Part(column, (value,), name)


@pytest.mark.parametrize("tree", ["product", "issue"])
def test_every_code_and_name_of_the_trees_finds_its_node(tree):
    nodes = {"product": products, "issue": issues}[tree]()
    for code, name in nodes.names.items():
        assert node_part(tree, code).values == (code,)
        found = node_part(tree, name)
        assert nodes.name(found.values[0]) == name
        assert found.column == (f"{tree}_l1" if nodes.top[found.values[0]] == found.values[0] else f"{tree}_l2")
    assert all(node_part(tree, name) for name in node_names(tree))


@pytest.mark.parametrize("asked", ["", "热水机", "G9999", "\x00", "热水器" * 10_000])
def test_what_is_no_product_is_none(asked):
    assert node_part("product", asked) is None


@pytest.mark.parametrize(
    ("asked", "column", "code", "name"),
    [
        ("广东", "province", "440000", "广东省"),
        ("440000", "province", "440000", "广东省"),
        ("浙江杭州", "city", "330100", "杭州市"),
        ("杭州市", "city", "330100", "杭州市"),
        ("北京", "province", "110000", "北京市"),
        ("吉林市", "city", "220200", "吉林市"),
        ("未知", "province", "unknown", "地区未知"),
    ],
)
def test_regions(asked, column, code, name):
    assert region_part(asked) == Part(column, (code,), name)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("杭洲市", "region 杭洲市 is not known; near it are 杭州市"),
        ("杭州市西湖区", "西湖区 is a county; slices are made by province and city, such as 杭州市"),
        ("北京市海淀区", "海淀区 is a county; slices are made by province and city, such as 北京市$"),
        ("@@@@", "region @@@@ is not known$"),
    ],
)
def test_regions_that_are_none(asked, message):
    with pytest.raises(RadarError, match=message):
        region_part(asked)


def test_places_are_named_by_the_finest_region_that_is_one():
    assert place_name("330000", "330100") == "杭州市"
    assert place_name("110000", "110100") == "北京市"
    assert place_name("330000", "unknown") == "浙江省"
    assert place_name("unknown", "unknown") == "未知"


# --- names that are near ---------------------------------------------------------------------------------------------------


def test_names_are_the_same_but_for_width_case_and_spaces():
    assert same_name("ｉPhone", ["IPHONE", "i phone", "iphone15"]) == ["IPHONE", "i phone"]
    assert same_name("x", []) == []


def test_near_names_are_suggested_the_likest_first():
    assert nearest("热水机", ["手机", "燃气热水器", "热水器", "汽车"])[0] == "热水器"
    assert nearest("Iphnoe", ["iPhone", "洗衣机"]) == ["iPhone"]
    assert nearest("电冰柜", ["钢琴", "保险"]) == []
    assert str(not_known("brand", "极岺", ["极岑", "某某"])) == "brand 极岺 is not known; near it are 极岑"
    assert str(not_known("brand", "甲", [])) == "brand 甲 is not known"


@given(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=8))
@QUICK
def test_suggestions_are_some_of_the_names_each_once(asked, names):
    found = nearest(asked, names)
    assert len(found) == len(set(found)) <= 3
    assert set(found) <= set(names)


def test_a_slice_is_named_and_knows_whether_it_is_about_something():
    region, product = Part("city", ("330100",), "杭州市"), Part("product_l2", ("G0305",), "热水器")
    assert Slice((region, product)).name == "杭州市 热水器"
    assert Slice().name == "全部投诉举报"
    assert [Slice(parts).has_matter for parts in [(), (region,), (product,), (region, product)]] == [False, False, True, True]


# --- passages --------------------------------------------------------------------------------------------------------------

WEIGHTS = {"热水器": 0.5, "漏水": 0.9, "拒绝": 0.3, "您好": -0.5}


def words(text):
    """Words as the tests have them: those of the weights, and nothing else."""
    return [word for word in WEIGHTS if word in text]


@pytest.mark.parametrize(
    ("text", "longest", "passage"),
    [
        ("您好，我是市民。热水器用了一周就漏水，商家拒绝上门。请处理", 80, "热水器用了一周就漏水，商家拒绝上门"),
        ("您好，我是市民。热水器用了一周就漏水，商家拒绝上门。请处理", 12, "热水器用了一周就漏水"),
        ("漏水！很多，漏水", 80, "漏水"),
        ("热水器\n漏水\u200b了；没人管", 80, "热水器 漏水 了"),
        ("没有什么可说的，就这样", 80, "没有什么可说的，就这样"),
        ("没有什么可说的，就这样", 8, "没有什么可说的…"),
        ("，，。漏水，，，", 80, "漏水"),
        ("", 80, ""),
        ("，。", 80, ""),
    ],
)
def test_the_passage_that_says_most(text, longest, passage):
    assert central_passage(text, WEIGHTS, words, longest) == passage


def test_a_clause_that_is_too_long_is_cut_where_its_words_are():
    passage = central_passage("啊" * 200 + "热水器漏水" + "啊" * 200, WEIGHTS, words, 80)
    assert "热水器漏水" in passage
    assert len(passage) <= 80


@given(st.text(alphabet=st.sampled_from("热水器漏拒绝您好，。！\n\x00\u202e😭 a"), max_size=200), st.integers(10, 80))
@QUICK
def test_a_passage_is_a_visible_part_of_the_text(text, longest):
    passage = central_passage(text, WEIGHTS, words, longest)
    assert len(passage) <= longest
    assert passage.removesuffix("…") in on_one_line(text)
    assert passage.isprintable()


CLAUSES = st.lists(st.sampled_from(["热水器", "漏水", "拒绝", "您好", "热水器漏水", "就这样", "我说"]), min_size=1, max_size=9)


@given(CLAUSES, st.integers(10, 30))
@QUICK
def test_no_run_of_clauses_weighs_more_and_no_shorter_one_as_much(clauses, longest):
    """Against every run there is."""

    def weight(text):
        return round(sum(max(WEIGHTS[word], 0) for word in words(text)), 9)

    runs = ["，".join(clauses[i:j]) for i in range(len(clauses)) for j in range(i + 1, len(clauses) + 1)]
    runs = [run for run in runs if len(run) <= longest]
    best = max(map(weight, runs))
    shortest = min(len(run) for run in runs if weight(run) == best)
    passage = central_passage("，".join(clauses), WEIGHTS, words, longest)
    assert weight(passage) == best
    if best:
        assert len(passage) == shortest


@pytest.mark.parametrize(
    "text", ["漏水，" * 33_000, "热水器" * 33_000, "，" * 100_000, "漏水" + "！" * 100_000, "\x00" * 100_000]
)
def test_long_and_hostile_texts_take_no_time(text):
    start = time.perf_counter()
    assert len(central_passage(text, WEIGHTS, words, 80)) <= 80
    assert time.perf_counter() - start < 3
