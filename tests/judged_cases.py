"""Complaints with every column that is said of them, by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from features.judging import text_identity
from warehouse.classifying import classifying
from warehouse.files import reference_yaml


def severity_confidence(basis, level):
    return reference_yaml("severity")["confidence"][basis][level]


def routing(rule):
    confidence = {entry["id"]: entry["confidence"] for part in ("duty", "unit") for entry in reference_yaml("routing")[part]}
    return {"routing_rule": rule, "routing_confidence": confidence[rule]}


def classified(what, node, basis, confidence, predicted=None, predicted_confidence=None, guess=None):
    """The columns of a product or issue; what the text says, by its words, is the same unless told.

    Confidences of words are shares of letters here: what the reviewed precision of words makes of them is reckoned in.
    """
    predicted = node if predicted is None else predicted
    precision = getattr(classifying().lexicon_precision, what)
    by_words = precision * (confidence if predicted_confidence is None else predicted_confidence)
    if basis == "lexicon":
        confidence = by_words
    predicted_confidence = confidence if basis == "model" else by_words if guess is None else guess
    top = {"product": lambda code: code[:3], "issue": lambda code: code[:1]}[what]
    return {
        f"{what}_l1": top(node),
        f"{what}_l2": node if node != top(node) else None,
        f"{what}_basis": basis,
        f"{what}_confidence": pytest.approx(confidence),
        f"{what}_predicted": predicted,
        f"{what}_predicted_l1": top(predicted),
        f"{what}_predicted_confidence": pytest.approx(predicted_confidence),
    }


# What is said of a complaint of which nothing is known: registered on a Wednesday in May 2026.
NOTHING_SAID = {
    "product_l1": "unknown", "product_l2": None, "product_basis": "none", "product_confidence": 0.0,
    "product_predicted": None, "product_predicted_l1": None, "product_predicted_confidence": 0.0, "product_label": None,
    "issue_l1": "unknown", "issue_l2": None, "issue_basis": "none", "issue_confidence": 0.0,
    "issue_predicted": None, "issue_predicted_l1": None, "issue_predicted_confidence": 0.0, "issue_label": None,
    "review_reasons": ["product_unknown", "issue_unknown"], "review_number": None,
    "province": "unknown", "city": "unknown",
    "merchant": None, "merchant_key": None, "merchant_name": None, "merchant_branch": None, "merchant_mentions": [],
    "platform": None, "brand": None, "model": None, "brand_basis": "none", "brand_mentions": [],
    "defects": [], "requests": [], "amount": None, "amount_basis": "none", "injured_told": None, "events": [],
    "severity": 0, "severity_terms": [], "severity_basis": "none", "severity_confidence": severity_confidence("none", 0),
    "priority": "P4", "urgent_terms": [],
    "department": "consumer", "duty": "ours", "outside_authorities": [], **routing("UNIT-DEFAULT"),
    # Seven working days; Saturday 9 May is one of them.
    "deadline_regime": "order_121", "accept_due": dt.date(2026, 5, 14), "mediate_due": None, "clue_check_due": None,
    "tokens": [], "keywords": [], "filer_identity": "s:1", "phone_key": None, "person_key": None, "address_key": None,
    "text_identity": "s:1", "text_keys": [],
}  # fmt: skip

CASES = {
    "nothing": ({}, {}),
    "empty texts": ({"content": "", "product_name": ""}, {}),
    "a story without any class": (
        {
            "content": "我4月30日在西湖区鑫源电器店花1299元买了一台华为热水器，5月2日使用时突然起火，要求退款。",
            "region_code": "330106",
            "merchant_name": "鑫源电器店",
            "decision": "受理",
            "accepted_at": dt.datetime(2026, 5, 8, 9, 30),
        },
        {
            **classified("product", "G0305", "lexicon", 1.0),
            # 起火 and 退款 have as many letters: the first, but no one can be sure.
            **classified("issue", "S02", "lexicon", 0.5),
            "review_reasons": ["issue_unsure"],
            "province": "330000",
            "city": "330100",
            "merchant_key": "|330100|330100|鑫源电器店|||鑫源电器店",
            "merchant_name": "鑫源电器店",
            "merchant_mentions": ["西湖区鑫源电器店"],
            "brand": "华为",
            "brand_basis": "text",
            "brand_mentions": ["华为"],
            "defects": ["起火"],
            "requests": ["退款"],
            "amount": Decimal(1299),
            "amount_basis": "text",
            "events": [
                {
                    "happened_on": dt.date(2026, 4, 30),
                    "kind": "purchase",
                    "told": "我4月30日在西湖区鑫源电器店花1299元买了一台华为热水器",
                },
                {"happened_on": dt.date(2026, 5, 2), "kind": "fault", "told": "5月2日使用时突然起火"},
                {"happened_on": None, "kind": "refund_request", "told": "要求退款"},
            ],
            "severity": 3,
            "severity_terms": ["起火"],
            "severity_basis": "lexicon",
            "severity_confidence": severity_confidence("lexicon", 3),
            "priority": "P2",
            "department": "quality",
            **routing("UNIT-QUALITY"),
            # Sixty days from Friday 8 May.
            "mediate_due": dt.date(2026, 7, 7),
            "tokens": ["西湖区", "电器店", "一台", "华为", "热水器", "突然", "起火", "退款"],
            "keywords": ["热水器", "起火", "退款"],
            "text_identity": text_identity("我月日在西湖区鑫源电器店花元买了一台华为热水器月日使用时突然起火要求退款"),
            "text_keys": [36],
        },
    ),
    "a template with official codes": (
        {
            "product_code": "G01",
            "product_label": "食品",
            "issue_code": "F",
            "issue_label": "食品安全",
            "content": "投诉人于2026年5月3日在被投诉人处购买饼干2袋，食用前发现已过保质期，要求退款。",
            "filer_key": "f1",
            "merchant_name": "杭州好又多超市有限公司（文三路店）",
            "region_code": "330100",
            "decision": "不予受理",
        },
        {
            **classified("product", "G0101", "source", 1.0),
            # 保质期 has three letters, 退款 two.
            **classified("issue", "F01", "source", 1.0, predicted_confidence=3 / 5),
            "product_label": "食品",
            "issue_label": "食品安全",
            "review_reasons": [],
            "province": "330000",
            "city": "330100",
            "merchant_key": "|330100|330100|好又多超市|杭州好又多超市|文三路店|好又多超市",
            "merchant_name": "杭州好又多超市有限公司(文三路店)",
            "merchant_branch": "文三路店",
            "requests": ["退款"],
            "events": [
                {
                    "happened_on": dt.date(2026, 5, 3),
                    "kind": "purchase",
                    "told": "投诉人于2026年5月3日在被投诉人处购买饼干2袋",
                },
                {"happened_on": None, "kind": "refund_request", "told": "要求退款"},
            ],
            "severity": 2,
            "severity_terms": ["过期"],
            "severity_basis": "lexicon",
            "severity_confidence": severity_confidence("lexicon", 2),
            "priority": "P3",
            "department": "food_sale",
            **routing("UNIT-FOOD"),
            "tokens": ["饼干", "食用", "保质期", "退款"],
            "keywords": ["饼干", "保质期", "退款"],
            "filer_identity": "f1",
            "text_identity": text_identity("投诉人于年月日在被投诉人处购买饼干袋食用前发现已过保质期要求退款"),
            "text_keys": [32],
        },
    ),
    "a question": (
        {"kind": "咨询", "content": "请问七天无理由退货从哪天开始算？"},
        {
            **classified("issue", "A03", "lexicon", 5 / 7),
            "review_reasons": ["product_unknown", "issue_unsure"],
            "tokens": ["请问", "七天无理由", "退货", "开始"],
            "keywords": ["七天无理由", "退货"],
            **routing("UNIT-CONSUMER"),
            "accept_due": None,  # a question has no limit
            "text_keys": [15],
        },
    ),
    "a report about an online shop": (
        {
            "kind": "举报",
            "content": "举报某网店在商品页面宣称全网第一、国家级品质，使用绝对化用语。",
            "platform_name": "淘宝",
            "is_online": True,
        },
        {
            **classified("product", "S0201", "lexicon", 1.0),
            **classified("issue", "D01", "lexicon", 1.0),
            "review_reasons": ["issue_unsure"],
            "platform": "淘宝",
            "department": "advertising",
            **routing("UNIT-ADVERTISING"),
            "accept_due": None,
            # Fifteen working days.
            "clue_check_due": dt.date(2026, 5, 26),
            "tokens": ["举报", "网店", "商品", "页面", "宣称", "全网第一", "国家级", "品质", "绝对化用语"],
            "keywords": ["网店", "全网第一", "国家级", "绝对化用语"],
            "text_identity": text_identity("举报某网店在商品页面宣称全网第一国家级品质使用绝对化用语"),
            "text_keys": [28],
        },
    ),
    "what the source tells goes before what the text tells": (
        {
            "product_label": "手机",
            "product_name": "智能手机",
            "issue_label": "未履行三包义务",
            "brand": "小米",
            "model": "14",
            "amount": Decimal("3999.00"),
            "platform_name": "京东",
            "is_online": True,
            "content": "在拼多多买的苹果手机，花了5000元，商家拒绝维修。",
        },
        {
            **classified("product", "G0501", "source", 1.0),
            **classified("issue", "A01", "source", 1.0),
            "product_label": "手机",
            "issue_label": "未履行三包义务",
            "review_reasons": [],
            "platform": "京东",
            "brand": "小米",
            "brand_basis": "source",
            "brand_mentions": ["苹果"],
            "model": "14",
            "amount": Decimal("3999.00"),
            "amount_basis": "source",
            "events": [
                {"happened_on": None, "kind": "purchase", "told": "在拼多多买的苹果手机"},
                {"happened_on": None, "kind": "refusal", "told": "商家拒绝维修"},
            ],
            "department": "quality",
            **routing("UNIT-QUALITY"),
            "tokens": ["手机", "拼多多", "苹果", "手机", "商家", "拒绝维修"],
            "keywords": ["手机", "拼多多", "拒绝维修"],
            "text_keys": [19],
        },
    ),
    "the duty of others": (
        {"content": "公司拖欠工资三个月，一直不给发。", "region_code": "420000"},
        {
            "province": "420000",
            "department": "complaints_centre",
            "duty": "outside",
            "outside_authorities": ["labour"],
            **routing("OUT-LABOUR"),
            "tokens": ["公司", "拖欠工资", "三个"],
            "keywords": ["拖欠工资"],
            "text_keys": [14],
        },
    ),
    "people hurt, before the law changed": (
        {
            "content": "孩子在商场摔伤骨折住院。",
            "region_code": "440305",
            "injured_count": 2,
            "event_date": dt.date(2026, 3, 2),
        },
        {
            **classified("product", "S1701", "lexicon", 1.0),
            **classified("issue", "S01", "lexicon", 1.0),
            "review_reasons": ["issue_unsure"],
            "province": "440000",
            "city": "440300",
            "injured_told": 1,
            "events": [{"happened_on": None, "kind": "injury", "told": "孩子在商场摔伤骨折住院"}],
            # A child: one level more.
            "severity": 4,
            "severity_terms": ["骨折", "住院"],
            "severity_basis": "lexicon",
            "severity_confidence": severity_confidence("lexicon", 4),
            "priority": "P1",
            **routing("UNIT-SERVICES"),
            "deadline_regime": "order_20",
            "accept_due": dt.date(2026, 3, 11),
            "tokens": ["孩子", "商场", "摔伤", "骨折", "住院"],
            "keywords": ["商场", "摔伤", "骨折", "住院"],
            "text_keys": [11],
        },
    ),
}
