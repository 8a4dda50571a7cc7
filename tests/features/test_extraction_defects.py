"""What is wrong with a product, and how many people were injured."""

import datetime as dt

import pytest

from features.extraction import extract

TOLD = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "defects"),
    [
        ("变速箱顿挫", ("变速箱顿挫",)),
        ("变速箱经常出现顿挫", ("变速箱顿挫",)),
        ("屏幕闪屏、死机", ("屏幕闪屏", "屏幕死机")),
        ("门封条脱落", ("门封条脱落",)),
        ("空调外机噪音大", ("空调外机噪音大",)),
        ("发动机有异响，方向盘也抖动", ("发动机异响", "方向盘抖动")),
        ("没有异响", ()),
        ("发动机没有出现异响", ()),
        ("未发现漏油", ()),
        ("担心自燃", ()),
        ("会员过期", ()),
        ("牛奶过期", ("牛奶过期",)),
        ("手机坏了", ("手机坏了",)),
        ("心态坏了", ()),
        ("装了漏电保护器", ()),
        ("酸奶里面有头发", ("酸奶头发",)),
        ("理发时剪坏了头发", ()),
        ("充不进电", ("充不进电",)),
        ("把关不严", ()),
    ],
)
def test_defects(text, defects):
    assert extract(text, TOLD).defects == defects


@pytest.mark.parametrize(
    ("text", "injured"),
    [
        ("造成两人受伤", 2),
        ("造成3名儿童受伤", 3),
        ("一家四口食物中毒", 4),
        ("1名儿童和2名老人受伤", 3),
        ("孩子被烫伤", 1),
        ("烫伤了手", 1),
        ("砸伤路人1名", 1),
        ("27名学生呕吐腹泻", 27),
        ("无人受伤", 0),
        ("未造成人员伤亡", 0),
        ("没有人员受伤", 0),
        ("无人死亡，但有5人受伤", 5),
        ("3人受伤，其中1人骨折", 3),
        ("多人受伤", None),
        ("电池冒烟", None),
        ("万一孩子受伤怎么办", None),
        ("差点烫伤孩子", None),
        ("家里的狗呕吐", None),
        ("", None),
    ],
)
def test_the_injured(text, injured):
    assert extract(text, TOLD).injured == injured
