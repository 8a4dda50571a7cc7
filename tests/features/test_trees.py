"""Trees: what a reviewer, the source, a classifier and the words of a text say, and which of them is believed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.segmentation import segmenter
from features.synonyms import canonical, normalise
from features.trees import Guess, Tree, Verdict, issues, products
from warehouse.files import reference_yaml

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True, max_examples=300)
ROOTS = [
    {
        "code": "A",
        "name": "家电",
        "labels": ["家用电器类", "电器"],
        "words": ["家电"],
        "children": [
            {"code": "A1", "name": "热水器", "words": ["热水器", "燃气热水器"]},
            {"code": "A2", "name": "空调", "words": ["空调", "中央空调"], "labels": ["空调器类"]},
        ],
    },
    {"code": "B", "name": "手机类", "words": ["通讯"], "children": [{"code": "B1", "name": "手机", "words": ["手机"]}]},
    {"code": "C", "name": "其他"},
]
TREE = Tree(ROOTS)
CODES = ["A", "A1", "A2", "B", "B1", "C"]
TOP = {"A": "A", "A1": "A", "A2": "A", "B": "B", "B1": "B", "C": "C"}
WORDS = ["家电", "热水器", "燃气热水器", "空调", "中央空调", "通讯", "手机", "退款", ""]
REAL = pytest.mark.parametrize("name", ["products", "issues"])

# Issue classes of the code table CH27 as published, by code, and the node that each has in the tree. 49 控烟 (smoking in
# public places) is no matter between a consumer and a trader, and has none.
CH27 = {
    "01": ("质量", "Q"),
    "02": ("广告", "D"),
    "03": ("商标", "T"),
    "04": ("不正当竞争", "V"),
    "05": ("无照经营", "N01"),
    "06": ("传销", "N02"),
    "07": ("合同", "C"),
    "08": ("包装标识", "L"),
    "09": ("计量", "M"),
    "10": ("价格", "P"),
    "11": ("人身权利", "R"),
    "12": ("售后服务", "A"),
    "13": ("假冒", "T01"),
    "14": ("其他投诉问题", "O"),
    "51": ("电梯类", "E01"),
    "53": ("食品安全", "F"),
}


def sure(node, probability=0.8):
    return Guess(node, probability, certain=True)


def unsure(node, probability=0.3):
    return Guess(node, probability, certain=False)


# --- what the words say ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "node", "top", "confidence"),
    [
        (["手机"], "B1", "B", 1.0),
        (["手机", "退款", "商家"], "B1", "B", 1.0),  # words that name no node weigh nothing
        (["手机", "热水器"], "A1", "A", 3 / 5),  # more letters
        (["手机", "空调"], "B1", "B", 2 / 4),  # as many letters: the first
        (["空调", "手机"], "A2", "A", 2 / 4),
        (["手机", "手机", "手机", "热水器"], "A1", "A", 3 / 5),  # a word counts once
        (["热水器", "燃气热水器", "手机"], "A1", "A", 8 / 10),  # two words of a node add up
        (["空调", "手机", "中央空调"], "A2", "A", 6 / 8),
        (["通讯"], "B", "B", 1.0),
        (["通讯", "热水器"], "A1", "A", 3 / 5),
        (["热水器", "中央空调"], "A2", "A", 4 / 7),  # nodes compete also within their class
        # What names the class alone leaves it to the words for what is below it, however few letters they have.
        (["通讯", "手机"], "B1", "B", 2 / 4),
        (["家电", "通讯", "手机"], "A", "A", 2 / 6),
    ],
)
def test_words_tell_a_node_by_their_share_of_letters(tokens, node, top, confidence):
    verdict = TREE.judge(None, None, tokens)
    assert (verdict.node, verdict.top, verdict.basis) == (node, top, "lexicon")
    assert verdict.confidence == verdict.predicted_confidence == pytest.approx(confidence)
    # The word alone named it, before anything finer was looked for.
    assert TOP[verdict.predicted] == top


@pytest.mark.parametrize("tokens", [[], ["退款"], ["", "热水", "热水器坏了"]])
def test_nothing_is_known_where_nothing_tells(tokens):
    assert TREE.judge(None, None, tokens) == Verdict(None, "unknown", "none", 0.0, None, 0.0)


def test_tokens_may_come_from_any_iterable():
    assert TREE.judge(None, None, iter(["手机"])) == TREE.judge(None, None, ("手机",))


# --- who is believed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "label", "guess", "reviewed", "tokens", "node", "basis"),
    [
        # A reviewer before the source's code, this before its label, this before the text.
        ("B1", "热水器", sure("A2"), "C", ["手机"], "C", "review"),
        ("B1", "热水器", sure("A2"), None, ["空调"], "B1", "source"),
        (None, "热水器", sure("A2"), None, ["空调"], "A1", "source"),
        (None, None, sure("A2"), None, ["手机"], "A2", "model"),
        (None, None, unsure("A2"), None, ["手机"], "B1", "lexicon"),
        (None, None, unsure("A2"), None, [], None, "none"),
        # What the tree does not have says nothing.
        ("X", None, None, None, ["空调"], "A2", "lexicon"),
        ("X", "手机", None, None, ["空调"], "B1", "source"),
        (None, "没有这类", None, None, ["空调"], "A2", "lexicon"),
        ("B1", None, None, "X", ["空调"], "B1", "source"),
        ("", "", None, "", ["空调"], "A2", "lexicon"),
        (None, None, sure("X", 0.99), None, ["空调"], "A2", "lexicon"),
        (None, None, sure("X", 0.99), None, [], None, "none"),
        # Labels are names and other names, of classes and of what is below them.
        (None, "家电", None, None, [], "A", "source"),
        (None, "家用电器类", None, None, [], "A", "source"),
        (None, "电器", None, None, [], "A", "source"),
        (None, "空调器类", None, None, [], "A2", "source"),
        (None, "其他", None, None, ["手机"], "C", "source"),
        # Words choose below the class that was told, the classifier only where they do not.
        ("A", None, None, None, ["空调"], "A2", "source"),
        ("A", None, None, None, ["手机", "空调"], "A2", "source"),
        ("A", None, sure("A1"), None, ["空调"], "A2", "source"),
        ("A", None, sure("A1"), None, [], "A1", "source"),
        ("A", None, sure("A1"), None, ["手机"], "A1", "source"),
        ("A", None, sure("A"), None, [], "A", "source"),
        ("A", None, sure("B1"), None, [], "A", "source"),  # never out of it
        ("A", None, unsure("A1"), None, [], "A", "source"),
        ("A", None, None, None, ["家电"], "A", "source"),
        ("A1", None, sure("A2"), None, ["空调"], "A1", "source"),  # what is finest stays
        ("B", None, None, "A", ["空调"], "A2", "review"),
        ("B", None, sure("A1"), "A", [], "A1", "review"),
        # They do so also below a class that the classifier told.
        (None, None, sure("A"), None, ["空调"], "A2", "model"),
        (None, None, sure("A"), None, ["手机"], "A", "model"),
        (None, None, sure("A1"), None, ["空调"], "A1", "model"),
    ],
)
def test_who_is_believed(code, label, guess, reviewed, tokens, node, basis):
    verdict = TREE.judge(code, label, tokens, guess, reviewed)
    assert (verdict.node, verdict.top, verdict.basis) == (node, TOP.get(node, "unknown"), basis)


def test_what_the_text_says_is_kept_beside_the_class_that_was_told():
    assert TREE.judge("C", None, ["手机", "热水器"]) == Verdict("C", "C", "source", 1.0, "A1", 3 / 5)
    assert TREE.judge("C", None, ["手机"], sure("A2", 0.7)) == Verdict("C", "C", "source", 1.0, "A2", 0.7)
    assert TREE.judge("C", None, ["手机"], unsure("A2", 0.4)) == Verdict("C", "C", "source", 1.0, "B1", 1.0)
    assert TREE.judge("C", None, []) == Verdict("C", "C", "source", 1.0, None, 0.0)
    assert TREE.judge("B", None, ["空调"], reviewed="C") == Verdict("C", "C", "review", 1.0, "A2", 1.0)


def test_a_classifier_is_as_sure_as_its_probability():
    assert TREE.judge(None, None, ["手机"], sure("A", 0.7)) == Verdict("A", "A", "model", 0.7, "A", 0.7)
    # Words refine it; the probability is that of what the classifier told.
    assert TREE.judge(None, None, ["空调"], sure("A", 0.7)) == Verdict("A2", "A", "model", 0.7, "A", 0.7)


# --- what always holds -----------------------------------------------------------------------------------------------------

told = st.sampled_from([None, "", "X", *CODES])
labels = st.sampled_from([None, "", "没有这类", "家电", "空调器类", "手机"])
tokens = st.lists(st.sampled_from(WORDS), max_size=8)
guesses = st.none() | st.builds(Guess, st.sampled_from(["X", *CODES]), st.floats(0, 1), st.booleans())


@SETTINGS
@given(told, labels, tokens, guesses, told)
def test_invariants_of_a_verdict(code, label, words, guess, reviewed):
    verdict = TREE.judge(code, label, words, guess, reviewed)
    assert verdict.top == TOP.get(verdict.node, "unknown")
    assert (verdict.basis == "none") == (verdict.top == "unknown") == (verdict.node is None)
    assert 0 <= verdict.confidence <= 1
    assert 0 <= verdict.predicted_confidence <= 1
    assert verdict.predicted is None or verdict.predicted in CODES
    if verdict.predicted is None:
        assert verdict.predicted_confidence == 0
    if reviewed in CODES:
        assert (verdict.basis, verdict.top) == ("review", TOP[reviewed])
        assert verdict.node == reviewed or TOP[reviewed] == reviewed
    elif code in CODES:
        assert (verdict.basis, verdict.top) == ("source", TOP[code])
        assert verdict.node == code or TOP[code] == code
    if verdict.basis in ("review", "source"):
        assert verdict.confidence == 1
    else:
        assert verdict.confidence == verdict.predicted_confidence
    if verdict.basis == "model":
        assert guess.certain
        assert verdict.confidence == guess.probability


@SETTINGS
@given(told, labels, tokens, told, st.sampled_from(["X", *CODES]), st.floats(0, 1))
def test_a_classifier_that_abstains_changes_nothing(code, label, words, reviewed, node, probability):
    without = TREE.judge(code, label, words, None, reviewed)
    assert TREE.judge(code, label, words, Guess(node, probability, certain=False), reviewed) == without


@SETTINGS
@given(told, labels, tokens, guesses)
def test_what_the_text_says_does_not_depend_on_what_was_told(code, label, words, guess):
    alone = TREE.judge(None, None, words, guess)
    verdict = TREE.judge(code, label, words, guess)
    assert (verdict.predicted, verdict.predicted_confidence) == (alone.predicted, alone.predicted_confidence)


@SETTINGS
@given(tokens)
def test_confidence_is_the_share_of_letters_counted_by_hand(words):
    letters = {}
    for word in set(words):
        if word in TREE.words:
            letters[TREE.words[word]] = letters.get(TREE.words[word], 0) + len(word)
    verdict = TREE.judge(None, None, words)
    if not letters:
        assert verdict.basis == "none"
        return
    assert letters[verdict.predicted] == max(letters.values())
    assert verdict.confidence == pytest.approx(max(letters.values()) / sum(letters.values()))


# --- names -----------------------------------------------------------------------------------------------------------------


def test_names_of_nodes():
    assert (TREE.name("A1"), TREE.name("A"), TREE.name("X"), TREE.name(None)) == ("热水器", "家电", "未知", "未知")


# --- the trees that ship ---------------------------------------------------------------------------------------------------


def nodes_of(name):
    return [node for root in reference_yaml(name) for node in (root, *root.get("children", []))]


def tree_of(name):
    return {"products": products, "issues": issues}[name]()


@REAL
def test_codes_stand_once_and_begin_with_the_code_above(name):
    codes = [node["code"] for node in nodes_of(name)]
    assert len(codes) == len(set(codes)) == len(tree_of(name).top)
    for root in reference_yaml(name):
        for child in root.get("children", []):
            assert re.fullmatch(re.escape(root["code"]) + r"\d\d", child["code"])
            assert not child.get("children"), "two levels only"
    tops = [root["code"] for root in reference_yaml(name)]
    # So that a code tells its class.
    assert not [(one, other) for one in tops for other in tops if one != other and one.startswith(other)]


@REAL
def test_a_word_stands_under_one_node_and_so_do_its_variants(name):
    words = [word for node in nodes_of(name) for word in node.get("words", [])]
    assert words
    assert len(words) == len(set(words))
    codes = {}
    for node in nodes_of(name):
        for word in node.get("words", []):
            codes.setdefault(canonical(normalise(word)), set()).add(node["code"])
    assert {word: found for word, found in codes.items() if len(found) > 1} == {}
    assert tree_of(name).words == {word: found.pop() for word, found in codes.items()}


@REAL
def test_every_label_leads_to_its_node(name):
    """A class of one product that bears its name (药品) is told down to that product."""
    only = {root["code"]: root["children"][0] for root in reference_yaml(name) if len(root.get("children", [])) == 1}
    for node in nodes_of(name):
        for label in (node["name"], *node.get("labels", [])):
            child = only.get(node["code"])
            expected = child["code"] if child and label == child["name"] else node["code"]
            verdict = tree_of(name).judge(None, label, [])
            assert (verdict.node, verdict.basis) == (expected, "source"), label
            assert tree_of(name).node_of(None, label) == expected
            assert tree_of(name).node_of(node["code"], label) == node["code"]


@REAL
def test_every_word_of_the_trees_is_found_in_a_text(name):
    tree, unreachable = tree_of(name), []
    for word, code in tree.words.items():
        if tree.judge(None, None, segmenter().words(f"，{word}，")).node != code:
            unreachable.append(word)
    assert unreachable == []


@pytest.mark.parametrize(("code", "name", "node"), [(code, *pair) for code, pair in CH27.items()])
def test_issue_classes_of_the_code_table_have_a_place(code, name, node):
    tree = issues()
    verdict = tree.judge(None, name, [])
    assert (verdict.node, verdict.top, verdict.basis) == (node, tree.top[node], "source")
    holders = {root["code"] for root in reference_yaml("issues") if root.get("official_code") == code}
    assert holders <= {tree.top[node], "Y"}, "药械妆 shares the code of food"


def test_no_class_has_a_code_that_the_table_does_not():
    assert {root.get("official_code") or "" for root in reference_yaml("issues")} <= {"", *CH27}
    assert issues().judge(None, None, ["压力容器"]).node == "E02"  # 52


@pytest.mark.parametrize(
    "name",
    [
        "质量",
        "售后服务",
        "合同",
        "食品安全",
        "不正当竞争",
        "广告",
        "价格",
        "计量",
        "人身权利",
        "商标",
        "包装标识",
        "其他投诉问题",
    ],
)
def test_every_class_that_the_national_platform_publishes_is_a_label(name):
    assert issues().judge(None, name, []).basis == "source"


PRODUCT_CLASSES = (
    "食品 家用电器 计算机产品 通讯产品 房屋 装修建材 服装鞋帽 家居用品 儿童用品 化妆品 首饰 交通工具 燃料 药品 医疗器械 保健品 "
    "宠物及宠物用品 餐饮和住宿服务 销售服务 美容、美发、洗浴服务 制作、保养和修理服务 专业技术服务 教育培训服务 "
    "文化、娱乐、体育服务 互联网服务 电信服务 洗涤、染色服务 旅游服务 停车服务 其他服务 其他商品"
)


@pytest.mark.parametrize("name", PRODUCT_CLASSES.split())
def test_every_product_class_that_exports_name_is_a_label(name):
    assert products().judge(None, name, []).basis == "source"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("热水器漏水", "G0305"),
        ("刚买的冰箱不制冷", "G0302"),
        ("手机充电器烫手", "G0502"),
        ("电瓶车充电", "G0405"),
        ("羽绒服跑绒", "G1002"),
        ("健身房关门", "S0405"),
        ("外卖里有虫", "S0102"),
        ("快递丢了", "S0701"),
    ],
)
def test_products_of_plain_sentences(text, code):
    assert products().judge(None, None, segmenter().words(text)).node == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("用了三天就异响", "Q01"),
        ("迟迟不发货", "A05"),
        ("拒绝退货", "A02"),
        ("退押金一直拖着", "C04"),
        ("面包发霉", "F01"),
        ("少给了三两，鬼秤", "M01"),
        ("收了假货", "T01"),
        ("被店员辱骂", "R03"),
        ("电池自燃", "S02"),
    ],
)
def test_issues_of_plain_sentences(text, code):
    assert issues().judge(None, None, segmenter().words(text)).node == code


def test_words_are_no_surer_than_they_were_measured_to_be():
    verdict = Tree(ROOTS, precision=0.6).judge(None, None, ["热水器"])
    assert (verdict.basis, verdict.confidence, verdict.predicted_confidence) == ("lexicon", 0.6, 0.6)
