"""Sums of money: what is one, what it was for, and which is in dispute."""

import datetime as dt
from decimal import Decimal

import pytest

from features.extraction import extract
from features.extraction.numerals import chinese_number

TOLD = dt.date(2026, 11, 25)


def sums(text: str) -> list[tuple[str, str]]:
    return [(f"{amount.value.normalize():f}", amount.role) for amount in extract(text, TOLD).amounts]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("付款1,299.00元", "1299"),
        ("花了¥1299", "1299"),
        ("花了￥ 1,299.5", "1299.5"),
        ("一共付了3千", "3000"),
        ("花了两万三", "23000"),
        ("售价1.2万元", "12000"),
        ("收了我三百块", "300"),
        ("支付人民币500", "500"),
        ("消费金额：58800", "58800"),
        ("花费1.2w", "12000"),
        ("付了二十四万五千元", "245000"),
        ("交了六百五十元", "650"),
        ("花了一百二", "120"),
        ("29块9一盒", "29.9"),
        ("付了三块五", "3.5"),
        ("付了一万零八十元", "10080"),
        ("共付现金二十四万", "240000"),
        ("付了３００元", "300"),
        ("转账1000多元", "1000"),
        ("花了3万5", "35000"),
        ("被骗贰万捌千六百元", "28600"),
        ("交了5k定金", "5000"),
        ("充值648元", "648"),
        ("押金2千块钱", "2000"),
        ("花了半万元", "5000"),
        ("两块钱", "2"),
        ("借给他86万，至今不还款", "860000"),
        ("被他勒索40多万", "400000"),
        ("需要4万多费用", "40000"),
    ],
)
def test_a_sum_is_read_however_it_is_written(text, value):
    assert [amount for amount, _ in sums(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678没人接",
        "订单号110254879632一直不发货",
        "2026年买的",
        "跑了3万公里",
        "行驶12000km",
        "耗电15kWh",
        "折旧30%",
        "商家说假一赔十",
        "型号KFR-35GW",
        "一直没人管",
        "元旦前一天",
        "三元催化器坏了",
        "买了三块瓷砖",
        "屏幕上有两块彩虹斑",
        "一块去的",
        "小区有300户",
        "等了3个多小时",
        "被骗了几万元",
        "损失上百万元",
        "电池10Ah，电压48V",
        "百分之三十",
        "138****8000",
        "编号2026031500",
        "一千零一夜",
        "5A级景区",
    ],
)
def test_other_numbers_are_no_sums(text):
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("花2999元买的手机，要求赔偿500元", [("2999", "paid"), ("500", "claimed")]),
        ("交了定金5000元", [("5000", "deposit")]),
        ("5000元押金不退", [("5000", "deposit")]),
        ("每斤68元", [("68", "unit_price")]),
        ("120元/瓶", [("120", "unit_price")]),
        ("128元一瓶", [("128", "unit_price")]),
        ("单价350元，共12600元", [("350", "unit_price"), ("12600", "paid")]),
        ("要求退还1800元", [("1800", "claimed")]),
        ("只退200元", [("200", "other")]),
        ("罚款100元", [("100", "other")]),
        ("索赔3万元", [("30000", "claimed")]),
        ("预付款8000元", [("8000", "deposit")]),
        ("在店里买了一条项链，3280元", [("3280", "paid")]),
        ("价格在500-800元", [("500", "paid"), ("800", "paid")]),
        ("三百到五百元一晚", [("300", "unit_price"), ("500", "unit_price")]),
        ("1、200元定金不退", [("200", "deposit")]),
    ],
)
def test_what_a_sum_was_for(text, told):
    assert sums(text) == told


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("花2999元买的手机，要求赔偿5000元", "2999"),
        ("定金1000元，全款13万元", "130000"),
        ("要求赔偿5000元", "5000"),
        ("违约金500元", None),
        ("商户名称：某店消费金额：88元问题描述：市民花1000元买酒。主要诉求：退款", "88"),
        ("退货", None),
    ],
)
def test_the_sum_in_dispute(text, amount):
    assert extract(text, TOLD).amount == (None if amount is None else Decimal(amount))


def test_a_sum_keeps_how_it_was_written():
    assert [amount.text for amount in extract("花了１,２９９元，押金 ¥ 300", TOLD).amounts] == ["１,２９９元", "¥ 300"]


@pytest.mark.parametrize(
    "number", [*range(1, 120), 305, 999, 1001, 1020, 4096, 10_000, 10_003, 20_300, 99_999, 100_000, 120_045]
)
def test_numbers_in_chinese_read_as_they_are_written(number):
    assert chinese_number(in_chinese(number)) == number


def in_chinese(number: int) -> str:
    """The number as a schoolbook writes it."""
    digits, scales = "零一二三四五六七八九", ("", "十", "百", "千")
    if number >= 10_000:
        rest = number % 10_000
        return in_chinese(number // 10_000) + "万" + (("零" if rest < 1000 else "") + in_chinese(rest) if rest else "")
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + digits[digit] + scales[place]
            gap = False
        else:
            gap = True
    return written
