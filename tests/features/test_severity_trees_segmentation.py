"""Words: cut as the reference engine does, and judged as the reviewed files say."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.segmentation import reference_engine
from features.segmentation import segmenter
from features.synonyms import normalise
from features.trees import Tree, Verdict, issues, products
from warehouse.files import reference_lines, reference_yaml

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
SENTENCES = [
    "云杉燃气热水器使用时突然着火，商家拒绝退款！",
    "ＯＴＡ升级后中控黑屏，4S店说要换主板。",
    "低速时刹车失灵，变速箱顿挫异响，发动机故障灯亮。",
    "门店突然关门跑路，老板失联人去楼空，会员卡余额不退。",
    "孩子吃了上吐下泻住院，同一批次预包装食品有异物",
    "2026年3月15日花1299.00元买了iPhone15 Pro Max，7天无理由退货被拒",
    "该商品详情页使用绝对化用语，要求退一赔三",
    "南京市长江大桥附近的健身房停业，私教课退费难",
    "CR-V 1.5T机油增多；model-3 续航缩水30%",
    "",
]


@pytest.fixture(scope="module")
def reference():
    return reference_engine()


@SETTINGS
@given(st.text(max_size=80))
def test_pieces_joined_are_the_normalised_text(text):
    assert "".join(segmenter().cut(text)) == normalise(text)


@SETTINGS
@given(st.lists(st.sampled_from([*"的了着火退款刹车失灵ABab12.，。 ", "热水器", "4S店", "ＯＴＡ"]), max_size=30))
def test_pieces_of_mixed_text_joined_are_the_normalised_text(parts):
    text = "".join(parts)
    assert "".join(segmenter().cut(text)) == normalise(text)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_cuts_as_the_reference_engine_does(reference, sentence):
    assert segmenter().cut(sentence) == reference.lcut(normalise(sentence), HMM=False)


def test_cuts_real_complaints_as_the_reference_engine_does(reference, shared_data):
    with (shared_data / "auto12365_2024" / "complaints.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["投诉简述"] for row in csv.DictReader(file)][:2000]
    assert len(texts) == 2000
    differing = [text for text in texts if segmenter().cut(text) != reference.lcut(normalise(text), HMM=False)]
    assert differing == []


def test_domain_words_are_not_cut_apart():
    pieces = segmenter().cut("云杉燃气热水器用了OTA升级后中控黑屏")
    assert {"燃气热水器", "ota升级", "中控黑屏"} <= set(pieces)


def test_variants_become_the_canonical_word():
    for canonical, variants in reference_yaml("synonyms").items():
        for variant in variants:
            assert segmenter().words(f"，{variant}，") == [canonical]


def test_words_leave_out_stop_words_numbers_and_single_characters():
    words = segmenter().words("消费者反映：我在2023年花了1299.00元买的空调完全不制冷，希望尽快处理。")
    assert words[:1] == ["空调"]
    assert "不制冷" in words
    stop = set(reference_lines("stopwords"))
    assert not stop & set(words)
    assert all(len(word) > 1 and not word.isdigit() for word in words)


def test_every_stop_word_has_an_effect():
    assert [word for word in reference_lines("stopwords") if segmenter().words(f"，{word}，")] == []


def test_width_and_case_make_no_difference():
    assert segmenter().words("ＯＴＡ升级失败") == segmenter().words("ota升级失败")


@pytest.fixture
def tree():
    return Tree(
        [
            {
                "code": "A",
                "name": "家电",
                "labels": ["家用电器类"],
                "children": [
                    {"code": "A1", "name": "热水器", "words": ["热水器", "燃气热水器"]},
                    {"code": "A2", "name": "空调", "words": ["空调", "中央空调"]},
                ],
            },
            {"code": "B", "name": "手机类", "words": ["通讯"], "children": [{"code": "B1", "name": "手机", "words": ["手机"]}]},
        ]
    )


@pytest.mark.parametrize(
    ("code", "label", "tokens", "expected"),
    [
        (None, None, ["手机"], Verdict("B1", "B", "lexicon")),
        (None, None, ["手机", "热水器"], Verdict("A1", "A", "lexicon")),  # more letters
        (None, None, ["手机", "空调"], Verdict("B1", "B", "lexicon")),  # as many letters: the first
        (None, None, ["空调", "手机"], Verdict("A2", "A", "lexicon")),
        (None, None, ["手机", "手机", "热水器"], Verdict("A1", "A", "lexicon")),  # a word counts once
        (None, None, ["通讯"], Verdict("B", "B", "lexicon")),
        (None, None, ["别的"], Verdict(None, "unknown", "none")),
        (None, None, [], Verdict(None, "unknown", "none")),
        ("A", None, ["手机", "空调"], Verdict("A2", "A", "source")),  # words choose within the source's class
        ("A", None, ["手机"], Verdict(None, "A", "source")),
        ("A1", None, ["空调"], Verdict("A1", "A", "source")),
        ("X", None, ["空调"], Verdict("A2", "A", "lexicon")),
        (None, "家用电器类", ["空调"], Verdict("A2", "A", "source")),
        (None, "空调", ["手机"], Verdict("A2", "A", "source")),
        ("B", "空调", [], Verdict(None, "B", "source")),  # the code goes before the label
        (None, "没有这类", ["空调"], Verdict("A2", "A", "lexicon")),
    ],
)
def test_what_a_complaint_is_about(tree, code, label, tokens, expected):
    assert tree.judge(code, label, tokens) == expected


def test_names_of_nodes(tree):
    assert (tree.name("A1"), tree.name("A"), tree.name("X"), tree.name(None)) == ("热水器", "家电", "未知", "未知")


@pytest.mark.parametrize("real_tree", [products(), issues()], ids=["products", "issues"])
def test_every_word_of_the_trees_is_found_in_a_text(real_tree):
    unreachable = []
    for word, code in real_tree.words.items():
        if real_tree.judge(None, None, segmenter().words(f"，{word}，")).node != code:
            unreachable.append(word)
    assert unreachable == []


@pytest.mark.parametrize("name", ["products", "issues"])
def test_no_word_and_no_code_stands_twice_in_a_tree(name):
    nodes = [node for root in reference_yaml(name) for node in (root, *root.get("children", []))]
    words = [word for node in nodes for word in node.get("words", [])]
    assert len(words) == len(set(words))
    codes = [node["code"] for node in nodes]
    assert len(codes) == len(set(codes))
