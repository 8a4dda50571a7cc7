"""Cells become typed values, every broken rule is told, and texts under headings become fields."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from bronze_rows import GOOD, bronze_rows

from features.rules import rule_text
from features.templates import slot_pattern
from features.typing import NUMBER, typed
from warehouse.contracts import contract_of
from warehouse.sources import SILVER, mapping_of
from warehouse.storage import to_dicts

NATIONAL = mapping_of("national_12315")
# A code whose check character was worked out by hand elsewhere: that of the published example of GB 32100-2015.
VALID_CODE = "91350100M000100Y43"


def read(spark, *cells, mapping=NATIONAL, problem=None):
    return sorted(
        to_dicts(typed(bronze_rows(spark, *cells, problem=problem), mapping, {name for row in cells for name in row})),
        key=lambda row: row["row_number"],
    )


def test_values_and_rules_row_by_row(spark):
    cases = [
        # (cells on top of a good row, expected values, reasons, warnings)
        ({}, {"kind": "投诉", "stage": "已登记", "event_date": dt.date(2026, 6, 1)}, set(), set()),
        ({"登记日期": "2026/6/1 8:05"}, {"event_date": dt.date(2026, 6, 1)}, set(), set()),
        ({"登记日期": "2026年6月1日"}, {"event_date": dt.date(2026, 6, 1)}, set(), set()),
        ({"登记日期": " 　2026-06-01\u00a0"}, {"event_date": dt.date(2026, 6, 1)}, set(), set()),
        ({"登记日期": "昨天"}, {"registered_at": None}, {"registered_at_unreadable"}, set()),
        ({"登记日期": "*****"}, {"registered_at": None}, {"registered_at_missing"}, set()),
        ({"登记日期": "1999-12-31"}, {}, {"registered_too_early"}, set()),
        ({"登记日期": "2026-07-01"}, {}, set(), {"registered_after_load"}),
        # Without a date the number tells the day; a date that cannot be read is not covered up by it.
        ({"登记日期": "", "登记编号": "3301062026060100000012"}, {"event_date": dt.date(2026, 6, 1)}, set(), set()),
        ({"登记日期": "?", "登记编号": "3301062026060100000012"}, {}, {"registered_at_unreadable"}, set()),
        ({"类型": "表扬"}, {"kind": None}, {"kind_unreadable"}, set()),
        ({"类型": None}, {}, {"kind_missing"}, set()),
        ({"消费金额": "1,999.00元"}, {"amount": Decimal("1999.00")}, set(), set()),
        ({"消费金额": "约2.5万元左右"}, {"amount": Decimal("25000.00")}, set(), set()),
        ({"消费金额": "说不清"}, {"amount": None}, set(), {"amount_unreadable"}),
        ({"消费金额": "-5"}, {"amount": None}, set(), {"amount_negative"}),
        ({"满意度": "非常满意"}, {"satisfaction": 5}, set(), set()),
        ({"满意度": "9"}, {"satisfaction": None}, set(), {"satisfaction_unreadable"}),
        ({"统一社会信用代码": VALID_CODE}, {"merchant_uscc": VALID_CODE}, set(), set()),
        ({"统一社会信用代码": VALID_CODE[:-1] + "4"}, {"merchant_uscc": None}, set(), {"credit_code_invalid"}),
        ({"统一社会信用代码": "123"}, {"merchant_uscc": None}, set(), {"credit_code_invalid"}),
        ({"初查受理状态": "已受理"}, {"decision": "受理", "stage": "已受理"}, set(), set()),
        ({"初查受理状态": "待初查"}, {"decision": None, "stage": "已登记"}, set(), set()),
        (
            {"初查受理状态": "不予受理", "不予受理情形": "已经受理或处理过同一争议"},
            {"decision": "不予受理", "refusal_ground": 2, "stage": "不予受理"},
            set(),
            set(),
        ),
        (
            {"初查受理状态": "已办结", "办结时间": "2026-06-20", "调解结果": "撤回投诉", "挽回损失": "12", "是否诉转案": "否"},
            {"stage": "已办结", "close_type": "撤回", "recovered_amount": Decimal("12.00"), "case_filed": False},
            set(),
            set(),
        ),
        ({"办结时间": "2026-05-20"}, {}, set(), {"closed_before_registration"}),
        ({"争议发生时间": "2026-06-02"}, {"occurred_on": None}, set(), {"occurred_after_registration"}),
        ({"企业名称": "***"}, {"merchant_name": None}, set(), {"merchant_missing"}),
        ({"诉求内容": "退货,赔偿损失、"}, {"request_types": ["退货", "赔偿损失"]}, set(), set()),
        ({"是否网购": "是", "网购平台": "某平台"}, {"is_online": True, "platform_name": "某平台"}, set(), set()),
        ({"联系电话": "154", "姓名": "王某"}, {"filer": "154", "phone": "154", "person_name": "王某"}, set(), set()),
    ]  # fmt: skip
    rows = read(spark, *({**GOOD, **cells} for cells, *_ in cases))
    for (cells, values, reasons, warnings), row in zip(cases, rows, strict=True):
        assert {name: row[name] for name in values} == values, cells
        assert set(row["reasons"]) == reasons, cells
        assert set(row["warnings"]) == warnings, cells


def test_a_row_tells_every_rule_that_it_breaks(spark):
    (row,) = read(spark, {"登记日期": "?", "消费金额": "?"}, problem="2 cells, 15 expected")
    assert set(row["reasons"]) == {"row_broken", "complaint_id_missing", "kind_missing", "registered_at_unreadable"}
    assert {"amount_unreadable", "merchant_missing", "content_missing", "place_missing"} == set(row["warnings"])


def test_every_rule_has_a_text_and_can_be_broken_alone():
    rules = contract_of(SILVER).rules
    assert len({rule.rule for rule in rules}) == len(rules)
    assert all(rule_text(rule.rule) == rule.zh for rule in rules)
    assert rule_text("amount_unreadable") == "消费金额（元）无法识别"
    assert rule_text("filer_missing") == "投诉人散列标识缺失"
    assert rule_text("a_rule_of_old") == "a_rule_of_old"


TEMPLATED = (
    "商户名称：甲店（西湖店）；发生时间：2026年5月20日，消费金额：约300余元 问题描述：市民称空调不制冷，售后时间：未定。"
    "主要诉求：退货、赔偿损失。"
)


def test_a_text_under_headings_becomes_fields(spark):
    cells = {"登记编号": "A", "类型": "投诉", "登记日期": "2026-06-01", "具体问题": TEMPLATED}
    fed, named = read(spark, cells, {**cells, "企业名称": "乙店", "消费金额": "12", "诉求内容": "修理"})
    assert fed["merchant_name"] == "甲店（西湖店）"
    assert fed["occurred_on"] == dt.date(2026, 5, 20)
    assert fed["amount"] == Decimal("300.00")
    assert fed["problem_text"] == "市民称空调不制冷，售后时间：未定"
    assert fed["request_types"] == ["退货", "赔偿损失"]
    assert fed["content"] == TEMPLATED
    assert fed["warnings"] == ["place_missing"]
    # The export's own columns come first.
    assert (named["merchant_name"], named["amount"], named["request_types"]) == ("乙店", Decimal("12.00"), ["修理"])


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("商户名称:甲店消费金额:12元", {"商户名称": "甲店", "消费金额": "12元"}),
        ("消费金额：12元，商户名称：甲店，主要诉求：退款", {"商户名称": "甲店", "消费金额": "12元", "主要诉求": "退款"}),
        ("来电内容：店主说消费金额：随便。\n主要诉求：退款", {"来电内容": "店主说", "消费金额": "随便", "主要诉求": "退款"}),
        ("商户名称：发生时间：2026-05-01", {"商户名称": "", "发生时间": "2026-05-01"}),
        # A heading within somebody's own sentence opens no template.
        ("我去问商户名称：老板说不知道", {}),
        ("", {}),
        ("商户名称", {}),
    ],
)
def test_slots_of_a_template(text, slots):
    labels = NATIONAL.template.labels
    found = {label: re.search(slot_pattern(label, labels), text) for label in labels}
    assert {label: match.group(1) for label, match in found.items() if match} == slots


@pytest.mark.parametrize(
    ("text", "figure", "tens"),
    [
        ("12", "12", ""),
        ("¥12.50元", "12.50", ""),
        ("3万", "3", "万"),
        ("共计12", None, None),
        ("12元3角", None, None),
        ("人民币-3.0元整", "-3.0", ""),
    ],
)
def test_numbers(text, figure, tens):
    match = re.match(NUMBER, text)
    assert (match.groups() if match else (None, None)) == (figure, tens)


def test_codes_decode_by_a_reference_table_and_several_layouts_feed_one_field(spark):
    cars = mapping_of("auto12365")
    old = {
        "id": "",
        "id_": "515594",
        "datetime": "2020-08-29",
        "brand": "甲",
        "problem": "A12,B22,E43,",
        "type": "",
        "type_": "2020款",
    }
    new = {"投诉编号": "1", "投诉日期": "2024-03-01", "投诉品牌": "甲", "投诉问题": "车身", "问题类型": "异响"}
    unknown = {**old, "problem": "Z999,"}
    first, second, third = read(spark, old, new, unknown, mapping=cars)
    assert (first["complaint_id"], first["issue_label"], first["issue_code"]) == ("515594", "发动机/电动机·漏油", "Q")
    assert first["product_name"] == "2020款"
    assert (second["issue_label"], second["issue_code"]) == ("车身·异响", "Q")
    assert (third["issue_label"], third["issue_code"]) == ("其他", "Q")
    # Rules about what a source never tells are not asked of it.
    assert first["warnings"] == ["content_missing"]
