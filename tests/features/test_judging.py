"""What is said of complaints: every column by hand, many at once as one by one."""

import datetime as dt
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from judged_cases import CASES, NOTHING_SAID, classified
from judging_rows import JUDGES, Always, complaint, judged

from features.judging import judge_all, plain_text, text_identity, text_of
from features.profiles import CARRIED, PROFILE
from warehouse.classifying import classifying
from warehouse.contracts import contract_of

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("case", CASES)
def test_every_column_by_hand(case):
    told, said = CASES[case]
    assert judged(**told) == NOTHING_SAID | said


def test_the_columns_are_those_of_the_table():
    stamped = {"judged_version", "judged_load", "names_version", "lexicon_version", "classifier_version", "judged_by"}
    assert judged().keys() | set(CARRIED) | stamped == {column.name for column in contract_of(PROFILE).columns}


def test_the_goods_and_what_was_told_are_read_as_one_text():
    assert text_of(complaint(product_name="热水器", content="漏水")) == "热水器。漏水"
    assert text_of(complaint(content="漏水")) == "漏水"
    assert text_of(complaint(product_name="热水器", content="")) == "热水器"
    assert text_of(complaint()) == ""
    profile = judged(product_name="热水器", content="漏水")
    assert (profile["product_l2"], profile["issue_l2"]) == ("G0305", "Q01")
    # Copies of a text are told by what was told alone.
    assert profile["text_keys"] == [2]


# --- what a text tells where the source does not ------------------------------------------------------------------------------


def test_brand_amount_and_platform_of_the_text_stand_in_for_those_of_the_source():
    text = "在拼多多买的苹果手机，花了5000元，屏幕花屏。"
    of_text = judged(content=text)
    assert (of_text["brand"], of_text["brand_basis"]) == ("苹果", "text")
    assert (of_text["amount"], of_text["amount_basis"]) == (Decimal(5000), "text")
    assert of_text["platform"] == "拼多多"
    of_source = judged(content=text, brand="小米", amount=Decimal("0.00"), platform_name="京东")
    assert (of_source["brand"], of_source["brand_basis"], of_source["brand_mentions"]) == ("小米", "source", ["苹果"])
    assert (of_source["amount"], of_source["amount_basis"]) == (Decimal("0.00"), "source"), "nothing paid is an amount too"
    assert of_source["platform"] == "京东"


def test_of_several_brands_none_is_the_brand():
    profile = judged(content="华为手机和小米手机都死机。")
    assert sorted(profile["brand_mentions"]) == ["华为", "小米"]
    assert (profile["brand"], profile["brand_basis"]) == (None, "none")


@pytest.mark.parametrize(
    ("told", "model"),
    [
        ({"content": "华为手机Mate60黑屏"}, "Mate60"),
        ({"content": "华为手机Mate60黑屏", "model": "P70"}, "P70"),
        # The model that the text names is the brand's, unless the text names another brand.
        ({"content": "华为手机Mate60黑屏", "brand": "华为"}, "Mate60"),
        ({"content": "手机Mate60黑屏", "brand": "华为"}, "Mate60"),
        ({"content": "华为手机Mate60黑屏", "brand": "小米"}, None),
        ({"content": "手机黑屏", "brand": "华为"}, None),
    ],
)
def test_the_model_is_the_only_one_that_the_text_names(told, model):
    assert judged(**told)["model"] == model


# --- classes ---------------------------------------------------------------------------------------------------------------


def test_classifiers_are_asked_for_what_they_tell():
    judges = replace(JUDGES, product=Always("G0501", 0.9), issue=Always("Q02", 0.7))
    profile = judged(judges, content="热水器漏水")
    expected = {**classified("product", "G0501", "model", 0.9), **classified("issue", "Q02", "model", 0.7)}
    assert {name: profile[name] for name in expected} == expected
    only_issue = judged(replace(JUDGES, issue=Always("Q02", 0.7)), content="热水器漏水")
    assert (only_issue["product_basis"], only_issue["issue_basis"]) == ("lexicon", "model")


def test_a_classifier_reads_what_the_segmenter_prepares():
    asked = []

    @dataclass(frozen=True)
    class Listening(Always):
        def guesses(self, words, texts):
            asked.append((list(map(list, words)), list(texts)))
            return super().guesses(words, texts)

    judge_all([complaint(product_name="ＯＴＡ升级", content="失败")], replace(JUDGES, product=Listening("G0501", 0.9)))
    assert asked == [([["ota升级", "失败"]], ["ota升级。失败"])]


@pytest.mark.parametrize(
    ("told", "product", "reasons"),
    [
        ({}, None, ["product_unknown"]),
        ({"content": "买了手机"}, None, []),
        # Two words of different nodes, as many letters each.
        ({"content": "买了手机和空调"}, None, ["product_unsure"]),
        ({"content": "买了手机"}, Always("G0501", 0.59), ["product_unsure"]),
        ({"content": "买了手机"}, Always("G0501", 0.61), []),
        ({"content": "买了手机"}, Always("G0304", 0.99, certain=False), []),
        # The class that was told, and a text that speaks against it: another class, and surely.
        # One word alone is no certainty.
        ({"content": "买了手机", "product_code": "G03"}, None, []),
        ({"content": "买了手机", "product_code": "G03"}, Always("G0304", 0.99), []),
        ({"content": "买了手机", "product_code": "G0305"}, Always("G0304", 0.99), []),
        ({"content": "买了手机", "product_code": "G03"}, Always("G0501", 0.91), ["product_disagrees"]),
        ({"content": "买了手机", "product_code": "G03"}, Always("G0501", 0.89), []),
        ({"content": "买了手机和空调", "product_code": "G04"}, None, []),
        ({"product_code": "G03"}, None, []),
        # Whom a person has decided on needs no other.
        ({"content": "买了手机", "product_code": "G03", "reviewed_product": "G0304"}, None, []),
        ({"content": "买了手机和空调", "reviewed_product": "G04"}, None, []),
    ],
)
def test_why_a_person_should_look_at_a_product(told, product, reasons):
    limits = classifying()
    assert (limits.review_confidence, limits.disagreement_confidence) == (0.6, 0.9), "what these cases are about"
    profile = judged(replace(JUDGES, product=product), **told)
    assert [reason for reason in profile["review_reasons"] if reason.startswith("product")] == reasons


def test_doubts_about_product_and_issue_stand_side_by_side():
    profile = judged(content="买了手机和空调", product_code="G04", issue_code="M", reviewed_issue=None)
    assert profile["review_reasons"] == []
    sure = replace(JUDGES, product=Always("G0501", 0.95), issue=Always("Q01", 0.95))
    profile = judged(sure, content="手机漏水", product_code="G04", issue_code="M")
    assert profile["review_reasons"] == ["product_disagrees", "issue_disagrees"]


def test_what_a_reviewer_decided_goes_before_all():
    judges = replace(JUDGES, product=Always("G0501", 0.99), issue=Always("Q01", 0.99))
    told = {"content": "手机漏水", "product_code": "G03", "issue_code": "M"}
    profile = judged(judges, **told, reviewed_product="S0101", reviewed_issue="F02", review_number=3)
    expected = {
        **classified("product", "S0101", "review", 1.0, "G0501", guess=0.99),
        **classified("issue", "F02", "review", 1.0, "Q01", guess=0.99),
        "review_number": 3,
        "review_reasons": [],
    }
    assert {name: profile[name] for name in expected} == expected
    # It is routed as decided.
    assert profile["department"] == "catering"


# --- what the register says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "terms"),
    [({"injured_count": 1}, ["受伤人数"]), ({"death_count": 1}, ["死亡人数"]), ({"fire_involved": True}, ["起火"])],
)
def test_what_was_registered_sets_the_severity(told, terms):
    profile = judged(content="商家不退款", **told)
    assert profile["severity"] > 0
    assert (profile["severity_terms"], profile["severity_basis"]) == (terms, "field")
    assert profile["priority"] < "P4"


@pytest.mark.parametrize(
    ("content", "issue"),
    [
        ("幸好没人受伤。", None),
        ("人没有受伤，但是热水器漏水。", "Q01"),
        ("电池没有起火，也没有爆炸，就是充不进电。", "Q01"),
        # What is denied of one and told of another is told.
        ("我没有受伤，孩子受伤了。", "S01"),
        ("插座起火，幸好没人受伤。", "S02"),
    ],
)
def test_a_harm_that_is_denied_is_no_issue(content, issue):
    assert judged(content=content)["issue_l2"] == issue


def test_words_for_the_duty_officer_stand_beside_the_severity():
    profile = judged(content="再不退款我就自杀")
    assert profile["urgent_terms"] == ["自杀"]
    assert profile["severity"] == 0


@pytest.mark.parametrize(
    ("told", "mediated"),
    [
        ({"decision": "受理", "accepted_at": dt.datetime(2026, 5, 8, 23, 59)}, dt.date(2026, 7, 7)),
        ({"decision": "受理"}, None),
        ({"accepted_at": dt.datetime(2026, 5, 8)}, dt.date(2026, 7, 7)),
        ({"decision": "不予受理", "accepted_at": dt.datetime(2026, 5, 8)}, None),
    ],
)
def test_mediation_has_a_limit_once_a_complaint_was_accepted(told, mediated):
    assert judged(**told)["mediate_due"] == mediated


def test_what_was_bought_online_goes_another_way():
    text = "衣服七天无理由被拒"
    assert judged(content=text, is_online=True)["routing_rule"] == "UNIT-ONLINE"
    for is_online in (False, None):
        assert judged(content=text, is_online=is_online)["routing_rule"] != "UNIT-ONLINE"


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({}, "||unknown|晨光专卖店|||晨光专卖店"),
        ({"region_code": "330106"}, "|330100|330100|晨光专卖店|||晨光专卖店"),
        ({"platform_name": "天猫"}, "||天猫|晨光专卖店|||晨光专卖店"),
        ({"is_online": True}, "||online|晨光专卖店|||晨光专卖店"),
        ({"merchant_uscc": "91110000600037341L"}, "91110000600037341L||unknown|晨光专卖店|||晨光专卖店"),
        ({"merchant_uscc": "911100006000373410"}, "||unknown|晨光专卖店|||晨光专卖店"),  # its check digit is wrong
        ({"merchant_uscc": "91110000600037341L", "merchant_name": None}, "91110000600037341L||||||91110000600037341L"),
    ],
)
def test_the_respondent_is_known_by_all_that_the_source_tells_of_it(told, key):
    assert judged(**{"merchant_name": "晨光专卖店"} | told)["merchant_key"] == key


# --- who and which text ----------------------------------------------------------------------------------------------------


def test_copies_of_a_template_are_told_by_their_text():
    one = "本人于2026年5月3日在贵店购买饼干2袋，共付款36.5元，该商品标签不合规定，要求退一赔十。"
    copies = [
        one,
        "本人于2025年12月31日在贵店购买饼干120袋，共付款1,036元，该商品标签不合规定，要求退一赔十。",
        "本人于２０２６年５月３日　在贵店购买饼干2袋；共付款36.5元！该商品标签不合规定\n要求退一赔十",
    ]
    identities = [judged(content=text, complaint_id=str(at))["text_identity"] for at, text in enumerate(copies)]
    assert len(set(identities)) == 1
    assert len(identities[0]) == 16
    assert judged(content=one.replace("饼干", "面包"))["text_identity"] != identities[0]
    assert plain_text(one) == "本人于年月日在贵店购买饼干袋共付款元该商品标签不合规定要求退一赔十"
    assert plain_text("ＡＢＣ_①-ab12") == "abcab"
    assert plain_text(None) == plain_text("") == plain_text("12 ，\x00\ud800") == ""


def test_short_texts_coincide_by_chance():
    assert text_identity("退" * 19) is None
    assert text_identity("退" * 20) is not None
    assert text_identity("退" * 20) == text_identity("退" * 10 + "1，2" + "退" * 10)
    assert text_identity("退" * 19 + "123，") is None
    assert judged(content="要求退款", complaint_id="7")["text_identity"] == "s:7"


def test_one_complainant_is_one_filer_and_others_each_their_own():
    assert judged(filer_key="f1", complaint_id="7")["filer_identity"] == "f1"
    assert judged(source="a", complaint_id="7")["filer_identity"] == "a:7"
    assert judged(source="b", complaint_id="7")["filer_identity"] == "b:7"


def test_a_person_is_told_by_the_number_before_the_name():
    keys = {"phone_key": "p", "person_name_key": "n", "id_number_key": "i", "home_address_key": "a"}
    profile = judged(**keys)
    assert (profile["phone_key"], profile["person_key"], profile["address_key"]) == ("p", "i", "a")
    assert judged(**keys | {"id_number_key": None})["person_key"] == "n"


# --- many at once ----------------------------------------------------------------------------------------------------------


def many():
    return [complaint(complaint_id=str(at), **CASES[case][0]) for at, case in enumerate(CASES)]


@pytest.mark.parametrize("judges", [JUDGES, replace(JUDGES, product=Always("G0501", 0.9))], ids=["words", "classifier"])
def test_many_are_judged_as_each_alone_and_in_their_order(judges):
    rows = many() * 2
    random.Random(5).shuffle(rows)
    together = judge_all(rows, judges)
    assert together == [judge_all([row], judges)[0] for row in rows]
    assert [profile["text_identity"] == f"s:{row['complaint_id']}" for row, profile in zip(rows, together, strict=True)] == [
        text_identity(row["content"]) is None for row in rows
    ]
    assert [profile["product_label"] for profile in together] == [row["product_label"] for row in rows]


def test_no_complaints_are_no_profiles():
    assert judge_all([], JUDGES) == []
    assert judge_all([], replace(JUDGES, product=Always("G0501", 0.9))) == []


def test_rows_are_left_as_they_are():
    rows = many()
    judge_all(rows, JUDGES)
    assert rows == many()
