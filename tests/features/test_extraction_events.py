"""What happened, in order of time, and what is asked for."""

import datetime as dt

import pytest

from features.extraction import extract

TOLD = dt.date(2026, 11, 25)


def kinds(text: str) -> list[str]:
    return [event.kind for event in extract(text, TOLD).events]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("购买后屏幕花屏，联系商家，商家拒绝", ["purchase", "fault", "contact", "refusal"]),
        ("1月8日下单，1月20日收货，1月22日发现尺寸不符", ["purchase", "delivery", "fault"]),
        ("上周去维修，手机又死机", ["repair", "fault"]),
        ("孩子烫伤，已报警", ["injury", "contact"]),
        ("没有发货", []),
        ("希望退款", []),
        ("我要求退款，商家不予退款", ["refund_request", "refusal"]),
        ("无人受伤", []),
        ("师傅不给维修", []),
        ("下单三天，未收到货", ["purchase"]),
    ],
)
def test_the_kinds_of_events(text, told):
    assert kinds(text) == told


def test_dated_events_stand_in_order_of_time_and_others_stay_where_they_are_told():
    text = "10月5日电池鼓包，随后联系客服。9月1日在店里购买。11月2日维修，之后商家推诿。"
    assert [(event.kind, event.date and event.date.isoformat()) for event in extract(text, TOLD).events] == [
        ("purchase", "2026-09-01"),
        ("fault", "2026-10-05"),
        ("contact", None),
        ("repair", "2026-11-02"),
        ("refusal", None),
    ]


def test_a_date_alone_in_its_clause_is_that_of_the_next():
    (event,) = extract("2026年3月1日，我在商场购买了一台冰箱", TOLD).events
    assert (event.kind, event.date) == ("purchase", dt.date(2026, 3, 1))


def test_a_clause_is_told_in_forty_characters():
    (event,) = extract("我购买了" + "非常" * 60, TOLD).events
    assert event.clause == ("我购买了" + "非常" * 60)[:40]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("要求退货并赔偿损失", ("退货", "赔偿损失")),
        ("希望商家换货", ("换货",)),
        ("请求免费维修", ("修理",)),
        ("要求返工", ("重作",)),
        ("希望全额退款", ("退款",)),
        ("要求补足数量", ("补足商品数量",)),
        ("要求退一赔三", ("惩罚性赔偿",)),
        ("希望公开道歉", ("道歉",)),
        ("请市监局查处", ("查处",)),
        ("要求商家按约定履行承诺", ("履行合同",)),
        ("申请解除合同", ("解除合同",)),
        ("请责令其开具发票", ("开具发票",)),
        ("希望给个说法", ("说明",)),
        ("要求厂家召回", ("召回",)),
        ("要求退款，并赔礼道歉", ("退款", "道歉")),
        ("问题描述：衣服开线。主要诉求：退款、赔偿", ("退款", "赔偿损失")),
        ("来电内容：市民买的鞋开胶。主要诉求：更换", ("换货",)),
        ("主要诉求：1.退款；2.道歉", ("退款", "道歉")),
        ("我要求商家退款，商家拒绝", ("退款",)),
        ("商家拒绝退款", ()),
        ("请查处商家拒不退款的行为", ("查处",)),
        ("希望平台管管不给维修的商家", ()),
        ("店家拒不赔偿", ()),
        ("退款难", ()),
        ("商家要求我换货", ()),
        ("客服说可以退款但一直没到账", ()),
        ("退货都被拒", ()),
        ("维修费太贵", ()),
        ("不给开发票", ()),
        ("希望商家不再拒绝", ()),
    ],
)
def test_what_is_asked_for(text, asked):
    assert extract(text, TOLD).requests == asked
