"""Routing against the published division of duties, the rules' own examples and every class of the trees."""

import copy
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import features.routing as module
import features.routing_rules as rules
from features.lexicon import default_entry, shipped_lexicon
from features.routing import route, routing_words
from features.routing_rules import RoutingTable, lineage, routing_table
from features.segmentation import WORD, Segmenter
from features.synonyms import canonical, normalise
from features.trees import issues, products
from warehouse.errors import RadarError
from warehouse.files import reference_lines, reference_yaml

KINDS = ("投诉", "举报", "咨询")
ALL_RULES = [*routing_table().duty, *routing_table().unit]


def go(product=None, issue=None, words="", *, online=False, kind="投诉"):
    return route(product, issue, [canonical(normalise(word)) for word in words.split()], online=online, kind=kind)


# What bureaus publish of their duties, not read from the rules: object, issue, words of the text, whose duty, which
# outside authority, which unit.
@pytest.mark.parametrize(
    ("product", "issue", "words", "duty", "outside", "unit"),
    [
        ("G0101", "F01", "饼干 过期", "ours", None, "food_sale"),
        ("S0101", "F02", "饭店 头发", "ours", None, "catering"),
        ("G1601", "F06", "保健品", "ours", None, "special_food"),
        ("G0102", "F04", "猪肉 养殖场 兽药", "shared", "agriculture", "food_production"),
        ("G0103", "F04", "蔬菜 种植 农药", "shared", "agriculture", "food_production"),
        (None, None, "养殖场 饲料", "outside", "agriculture", "complaints_centre"),
        ("G1401", "Q03", "药品", "ours", None, "drugs"),
        ("G1101", "Y03", "面霜 过敏", "ours", None, "drugs"),
        ("G0302", "Q01", "冰箱 不制冷", "ours", None, "quality"),
        ("G0402", "S02", "新能源汽车 自燃", "ours", None, "quality"),
        ("G0401", "A01", "三包", "ours", None, "quality"),
        ("S1103", "E01", "电梯 困梯", "ours", None, "special_equipment"),
        ("G2101", "M02", "加油机", "ours", None, "metrology"),
        ("G0103", "M01", "短斤少两", "ours", None, "metrology"),
        ("S1102", "P03", "充电桩 乱收费", "ours", None, "price_competition"),
        ("G0501", "D03", "虚假广告", "ours", None, "advertising"),
        ("G1001", "V01", "与描述不符", "ours", None, "price_competition"),
        (None, "N02", "传销 拉人头", "shared", "public_security", "enforcement"),
        ("G1003", "T01", "假货", "ours", None, "intellectual_property"),
        ("S0405", "C03", "健身卡 退费", "shared", "commerce", "consumer"),
        ("G0401", "C02", "霸王条款", "ours", None, "contract"),
        ("S0403", "N01", "无证经营", "ours", None, "credit"),
        ("S1202", "A07", "物业", "outside", "housing", "complaints_centre"),
        ("S1202", "P03", "物业费", "shared", "housing", "price_competition"),
        (None, None, "公租房", "outside", "housing", "complaints_centre"),
        (None, None, "供热 供暖", "outside", "housing", "complaints_centre"),
        ("S1104", "P03", "水费", "shared", "housing", "price_competition"),
        (None, "A07", "停电 供电局", "outside", "energy", "complaints_centre"),
        ("S0301", "C03", "培训班 退费", "shared", "education", "consumer"),
        (None, None, "学校 招生", "outside", "education", "complaints_centre"),
        (None, "P03", "学校 乱收费", "shared", "education", "price_competition"),
        ("S0601", "C01", "旅行社 违约", "shared", "culture", "contract"),
        (None, None, "网吧", "shared", "culture", "consumer"),
        ("S0701", "A07", "快递 丢件", "outside", "postal", "complaints_centre"),
        ("S0701", "P03", "快递 乱收费", "shared", "postal", "price_competition"),
        ("S0802", "A07", "宽带 网速", "outside", "telecom", "complaints_centre"),
        ("S0801", "P03", "话费 多收", "shared", "telecom", "price_competition"),
        (None, "A07", "网约车 司机", "outside", "transport", "complaints_centre"),
        (None, "P03", "出租车 乱收费", "shared", "transport", "price_competition"),
        ("S1302", "A07", "贷款 催收", "outside", "finance", "complaints_centre"),
        ("S1301", "D03", "保险 虚假广告", "shared", "finance", "advertising"),
        (None, None, "荐股 股票", "outside", "securities", "complaints_centre"),
        ("G2201", "C01", "商品房 逾期交房", "shared", "housing", "contract"),
        ("G2201", "Q02", "商品房 开裂", "outside", "housing", "complaints_centre"),
        (None, None, "公司 拖欠工资", "outside", "labour", "complaints_centre"),
        ("G0199", "A", "食品 劳动合同", "outside", "labour", "complaints_centre"),
        (None, None, "打架斗殴", "outside", "public_security", "complaints_centre"),
        (None, None, "电信诈骗", "outside", "public_security", "complaints_centre"),
        (None, None, "医生 误诊", "outside", "health", "complaints_centre"),
        ("S0402", "D02", "医美 疗效", "shared", "health", "advertising"),
        ("G0205", "T01", "卷烟 假烟", "shared", "tobacco", "intellectual_property"),
        ("S0101", "P01", "饭店 不开发票", "shared", "tax", "price_competition"),
        (None, None, "噪音 居民", "outside", "environment", "complaints_centre"),
        (None, None, "占道经营", "outside", "urban_management", "complaints_centre"),
    ],
)
def test_the_published_division_of_duties(product, issue, words, duty, outside, unit):
    found = go(product, issue, words)
    assert (found.duty, found.department) == (duty, unit)
    assert outside in ({authority.code for authority in found.outside} or {None})


# Words of other authorities' trades that say nothing of whose duty a dispute about goods is.
@pytest.mark.parametrize(
    ("product", "issue", "words"),
    [
        ("G0305", "S01", "热水器 触电 医院 医生 住院"),
        ("S0101", "F03", "饭店 腹泻 医院 医生"),
        ("G1003", "V01", "运动鞋 货不对板 快递 包裹"),
        ("G0401", "Q01", "汽车 高速公路 保险公司 理赔"),
        ("G0304", "Q01", "空调 噪音 小区"),
        ("G0501", "A01", "手机 信号 手机卡"),
        ("G0401", "V02", "汽车 贷款 欺骗"),
        ("G0801", "Q05", "家具 异味 居民"),
        ("G1701", "Q", "图书 学校 老师"),
        ("S0103", "R01", "酒店 地铁 噪音"),
    ],
)
def test_goods_in_dispute_stay_ours(product, issue, words):
    assert go(product, issue, words).duty == "ours"


def examples():
    return [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in ALL_RULES for n, example in enumerate(rule.examples)]


@pytest.mark.parametrize(("rule", "example"), examples())
def test_every_rule_is_reached_by_each_of_its_examples(rule, example):
    found = go(example.product, example.issue, " ".join(example.words), online=example.online, kind=example.kind)
    if rule in routing_table().duty:
        assert found.rule == rule.id
        assert found.duty == rule.duty
        assert [authority.code for authority in found.outside] == rule.outside
    else:
        assert found.department_rule == rule.id
        assert found.department == rule.unit


def test_every_product_with_every_issue_has_a_department():
    units = {unit["code"]: unit["zh"] for unit in reference_yaml("departments")["units"]}
    seen = set()
    for product, issue in itertools.product([None, *products().names], [None, *issues().names]):
        for online, kind in itertools.product((False, True), KINDS):
            found = route(product, issue, (), online=online, kind=kind)
            assert units[found.department] == found.department_name
            assert bool(found.outside) == (found.duty != "ours")
            assert 0 < found.confidence < 1
            assert found.basis in {"product", "issue", "default"}
            seen.add(found.rule)
    assert len(seen) > 50


def test_every_class_says_something():
    """Only what the trees do not know, or file under other, falls to the default."""
    assert all(go(product).rule != "UNIT-DEFAULT" for product in products().names)
    assert {issue for issue in issues().names if go(None, issue).department_rule == "UNIT-DEFAULT"} == {"O"}
    assert go().rule == go(None, "O").rule == "UNIT-DEFAULT"
    assert go().basis == "default"


def test_every_unit_and_authority_of_the_file_is_used():
    departments = reference_yaml("departments")
    used = {rule.unit for rule in routing_table().unit} | {routing_table().refusals}
    assert used == {unit["code"] for unit in departments["units"]}
    assert {code for rule in routing_table().duty for code in rule.outside} == {
        row["code"] for row in departments["authorities"]
    }


def test_a_rule_covers_what_is_below_its_node(monkeypatch):
    tree = copy.deepcopy(reference_yaml("products"))
    parent = next(child for root in tree for child in root["children"] if child["code"] == "S1202")
    parent["children"] = [{"code": "S1202-7", "name": "电梯维保", "children": [{"code": "S1202-7-1", "name": "加装"}]}]
    monkeypatch.setattr(rules, "reference_yaml", lambda name: tree if name == "products" else reference_yaml(name))
    remembered = (rules._lineages, rules.routing_table, module._route, module._candidates)
    for cached in remembered:
        cached.cache_clear()
    try:
        assert lineage("products", "S1202-7-1") == {"S", "S12", "S1202", "S1202-7", "S1202-7-1"}
        assert go("S1202-7-1", "A07").rule == "OUT-PROPERTY-SERVICE"
        assert go("S1202-7-1", "P03").rule == "SHARED-PROPERTY-SERVICE"
    finally:
        monkeypatch.undo()
        for cached in remembered:
            cached.cache_clear()


def test_codes_that_only_begin_alike_are_not_below():
    assert lineage("issues", "A03") == {"A03", "A"}
    assert lineage("products", "G0302") == {"G0302", "G03", "G"}
    assert lineage("products", "G1") == lineage("products", "") == lineage("issues", None) == {"none"}
    assert go("S", "Q").rule == go(None, "Q").rule == "UNIT-QUALITY"


def test_the_first_rule_that_holds_decides():
    labour, police = go(None, None, "拖欠工资"), go(None, None, "打架斗殴")
    both = go(None, None, "打架斗殴 拖欠工资")
    assert both == labour != police


def test_where_a_matter_is_outside_the_reception_answers():
    found = go("S1202", "A07")
    assert (found.department, found.duty, found.rule) == ("complaints_centre", "outside", found.department_rule)
    assert found.outside[0].name == "住房和城乡建设部门"
    assert "物业管理条例" in found.evidence
    assert found.reason


def test_a_shared_matter_is_as_sure_as_the_weaker_rule():
    sure = {rule.id: rule.confidence for rule in ALL_RULES}
    of_duty, of_unit = go("S0801", "P03"), go("S0301", "C01")
    assert (of_duty.rule, of_duty.department_rule) == ("SHARED-TELECOM", "UNIT-PRICE")
    assert of_duty.confidence == sure["SHARED-TELECOM"] < sure["UNIT-PRICE"]
    assert (of_unit.rule, of_unit.department_rule) == ("SHARED-TRAINING", "UNIT-CONTRACT")
    assert of_unit.confidence == sure["UNIT-CONTRACT"] < sure["SHARED-TRAINING"]


def test_numbers_without_a_source_say_so():
    numbers = {authority.hotline: authority for rule in ALL_RULES for authority in go_authorities(rule)}
    assert {hotline for hotline, authority in numbers.items() if authority.hotline_sourced} == {"110"}
    assert {"12305", "12300", "12378", "12386", "12328", "12333", "12320", "12313", "12360"} <= numbers.keys()
    assert not go("S0301", "C03").sourced
    assert go("S1202", "A07").sourced


def go_authorities(rule):
    example = rule.examples[0]
    return go(example.product, example.issue, " ".join(example.words), online=example.online, kind=example.kind).outside


def test_online_purchases_and_reports_have_their_units():
    assert go("G1001", "A03").department == "consumer"
    assert go("G1001", "A03", online=True).department == "online"
    assert go("G0501", "A04", kind="举报").department == "enforcement"
    assert go("G0101", "F01", kind="举报").department == go("G0101", "F01").department == "food_sale"


@settings(deadline=None, derandomize=True)
@given(st.text(), st.text(), st.lists(st.text()), st.booleans(), st.text())
def test_nothing_that_comes_in_breaks_it(product, issue, words, online, kind):
    found = route(product, issue, words, online=online, kind=kind)
    assert found.department_name


NODES = st.sampled_from([None, *products().names]), st.sampled_from([None, *issues().names])
WORDS = st.lists(st.sampled_from(sorted(map(canonical, routing_words()))), max_size=6)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(*NODES, WORDS, st.randoms())
def test_the_order_and_number_of_words_and_words_of_no_rule_do_not_matter(product, issue, words, random):
    found = route(product, issue, words, online=False, kind="投诉")
    mixed = [*words, *words, "冰箱门封条", "你好"]
    random.shuffle(mixed)
    assert route(product, issue, iter(mixed), online=False, kind="投诉") == found


@st.composite
def near_a_rule(draw):
    """Product, issue and words such as one rule asks for, not always all of them."""
    when = draw(st.sampled_from(ALL_RULES)).when
    product = draw(st.sampled_from([code for code in when.product if code in products().names] or [None, "S1202", "G0302"]))
    issue = draw(st.sampled_from([code for code in when.issue if code in issues().names] or [None, "Q01", "A04"]))
    lists = [st.lists(st.sampled_from(some), max_size=3) for some in (when.words, when.also, when.unless) if some]
    return product, issue, [canonical(normalise(word)) for words in lists for word in draw(words)]


@settings(deadline=None, derandomize=True, max_examples=1500)
@given(near_a_rule())
def test_a_rule_decides_only_if_all_that_it_asks_for_is_there(matter):
    """The rules read one by one, as the file says it."""
    product, issue, words = matter
    told, above, of = set(words), lineage("products", product), lineage("issues", issue)

    def holds(when):
        asked, also, unless = ({canonical(normalise(word)) for word in some} for some in (when.words, when.also, when.unless))
        if (when.product and not above & set(when.product)) or (when.issue and not of & set(when.issue)):
            return False
        if when.online or (when.kind and "投诉" not in when.kind):
            return False
        return not (asked and len(asked & told) < when.at_least) and not (also and not also & told) and not unless & told

    duty = next((rule for rule in routing_table().duty if holds(rule.when)), None)
    unit = next(rule for rule in routing_table().unit if holds(rule.when))
    found = route(product, issue, words, online=False, kind="投诉")
    assert found.rule == (duty or unit).id
    assert found.duty == (duty.duty if duty else "ours")
    assert found.department == (routing_table().refusals if found.duty == "outside" else unit.unit)


def test_every_word_of_a_rule_can_come_out_of_a_text():
    lexicon = shipped_lexicon().with_own(dict.fromkeys(routing_words(), default_entry()))
    segmenter = Segmenter(lexicon)
    assert not {canonical(word) for word in routing_words()} & lexicon.stop
    assert all(WORD.fullmatch(canonical(word)) for word in routing_words())
    assert [word for word in routing_words() if segmenter.words(word) != [canonical(word)]] == []


def test_a_text_reaches_the_rule_that_its_words_ask_for():
    segmenter = Segmenter(shipped_lexicon().with_own(dict.fromkeys(routing_words(), default_entry())))
    told = segmenter.words("楼下ＫＴＶ和网吧每天营业到凌晨")
    assert route(None, None, told, online=False, kind="投诉").rule == "SHARED-VENUES"
    told = segmenter.words("包工头拖欠工资三个月，劳动仲裁也不管")
    assert route(None, None, told, online=False, kind="投诉").outside[0].hotline == "12333"


def changed(part, place, **values):
    table = copy.deepcopy(reference_yaml("routing"))
    table[part][place].update(values)
    return table


@pytest.mark.parametrize(
    "table",
    [
        changed("duty", 0, outside=[]),
        changed("duty", 0, duty="ours"),
        changed("duty", 0, id="OUT-CRIME"),
        changed("duty", 0, examples=[]),
        changed("duty", 0, confidence=1.2),
        changed("duty", 0, when={"word": ["工资"]}),
        changed("unit", -1, when={"issue": ["A"]}),
        {**reference_yaml("routing"), "unit": reference_yaml("routing")["unit"][:-1]},
    ],
)
def test_a_table_that_contradicts_itself_is_refused(table):
    with pytest.raises(ValidationError):
        RoutingTable.model_validate(table)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (changed("duty", 0, when={"product": ["G0398"]}), "G0398"),
        (changed("duty", 0, when={"issue": ["S1202"]}), "S1202"),
        (changed("duty", 0, outside=["astrology"]), "astrology"),
        (changed("unit", 0, unit="astrology"), "astrology"),
    ],
)
def test_a_table_that_names_what_there_is_not_is_refused(table, said, monkeypatch):
    monkeypatch.setattr(rules, "reference_yaml", lambda name: table if name == "routing" else reference_yaml(name))
    with pytest.raises(RadarError, match=said):
        routing_table.__wrapped__()


def test_words_are_listed_once_per_rule():
    for rule in ALL_RULES:
        assert len(set(rule.when.mentioned)) == len(rule.when.mentioned), rule.id
    assert not set(map(normalise, reference_lines("stopwords"))) & routing_words()
