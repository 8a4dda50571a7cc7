"""Platforms, brands, series, models and respondents that texts name."""

import datetime as dt

import pandas as pd
import pytest

from features.extraction import extract
from features.extraction.names import brand_spellings, spellings
from features.extraction.words import brand_words

TOLD = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "platforms"),
    [
        ("某宝买的", ("淘宝",)),
        ("手机淘宝和拼夕夕都买过", ("淘宝", "拼多多")),
        ("狗东自营", ("京东",)),
        ("在抖音直播间拍的", ("抖音",)),
        ("通过得物app购买", ("得物",)),
        ("在转转上买的手机", ("转转",)),
        ("PDD百亿补贴", ("拼多多",)),
        ("出来转转", ()),
        ("冰箱滴滴响", ()),
        ("京东方的屏幕", ()),
        ("天猫精灵坏了", ()),
        ("饿了么骑手", ("饿了么",)),
        ("ＴａｏＢａｏ买的", ("淘宝",)),
    ],
)
def test_platforms(text, platforms):
    assert extract(text, TOLD).platforms == platforms


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("美的空调不制冷", ("美的",)),
        ("这裙子挺美的", ()),
        ("大众朗逸变速箱顿挫", ("大众",)),
        ("广大大众的利益", ()),
        ("理想L9漏气", ("理想",)),
        ("效果不理想", ()),
        ("小米手机卡顿", ("小米",)),
        ("小米粥馊了", ()),
        ("苹果手机发烫", ("苹果",)),
        ("买的苹果都烂了", ()),
        ("统一老坛酸菜面", ("统一",)),
        ("小区统一收费", ()),
        ("现代途胜天窗漏水", ("现代",)),
        ("现代社会", ()),
        ("长城宽带断网", ("长城宽带",)),
        ("长城炮皮卡", ("长城",)),
        ("爬长城买的门票", ()),
        ("iPhone 15开不了机", ("苹果",)),
        ("iPhone17Pro", ("苹果",)),
        ("NIKE的鞋开胶", ("耐克",)),
        ("nikel合金", ()),
        ("特斯拉Model Y", ("特斯拉",)),
        ("只说Model Y异响", ("特斯拉",)),
        ("雅迪电动车", ("雅迪",)),
        ("五羊本田摩托车", ("五羊本田",)),
        ("轩逸变速箱打滑", ("日产",)),
        ("肯德基的鸡块没熟", ("肯德基",)),
        ("百度一下就知道", ()),
        ("三元催化堵塞", ()),
        ("对方太强势", ()),
        ("DS 7异响", ("DS",)),
        ("MINI CLUBMAN异响", ("MINI",)),
        ("升华为友情", ()),
        ("孩子家长安排接送车", ()),
        ("迅速派人修车", ()),
    ],
)
def test_brands(text, brands):
    assert extract(text, TOLD).brands == brands


@pytest.mark.parametrize(
    ("text", "series", "models"),
    [
        ("大众途观L漏油", ("途观L",), ("途观L",)),
        ("途观L330TSI", ("途观L",), ("途观L330TSI",)),
        ("本田CR-V 1.5T机油增多", ("CR-V",), ("CR-V 1.5T",)),
        ("本田CRV机油增多", ("CR-V",), ("CRV",)),
        ("宝马X3刹车失灵", ("宝马X3",), ("X3",)),
        ("宝马 x3 刹车失灵", ("宝马X3",), ("x3",)),
        ("比亚迪秦PLUS DM-i亏电", ("秦PLUS",), ("秦PLUS DM-i",)),
        ("奔驰C260L顶棚异响", ("奔驰C级",), ("C260L",)),
        ("Model 3失速", ("Model 3",), ("Model 3",)),
        ("21款X1刹车片磨损", ("宝马X1",), ("X1",)),
        ("A6L黑屏，4S店不管", ("奥迪A6L",), ("A6L",)),
        ("住在A6区的车主", (), ()),
        ("宝马的ID7车机", (), ()),
        ("瑞虎8 PLUS变速箱顿挫", ("瑞虎8 PLUS",), ("瑞虎8 PLUS",)),
        ("格力空调型号KFR-35GW", (), ("KFR-35GW",)),
        ("华为Mate 60 Pro发热", (), ("Mate 60 Pro",)),
        ("iPhone 15 Pro Max闪屏", (), ("iPhone 15 Pro Max",)),
        ("联想拯救者Y9000P死机", (), ("Y9000P",)),
        ("用A4纸打印", (), ()),
        ("5G套餐128GB", (), ()),
        ("订单号AB12345678", (), ()),
        ("手机订单编号AB123456", (), ()),
        ("2022款的车", (), ()),
    ],
)
def test_series_and_models(text, series, models):
    facts = extract(text, TOLD)
    assert (facts.series, facts.models) == (series, models)


@pytest.mark.parametrize(
    ("text", "merchants"),
    [
        ("在杭州鑫源商贸有限公司购买", ("杭州鑫源商贸有限公司",)),
        ("商户名称：好再来小吃店发生时间：2026-10-02", ("好再来小吃店",)),
        ("被投诉人：鑫源（杭州）商贸有限公司，地址不详", ("鑫源（杭州）商贸有限公司",)),
        ("我去老灶台火锅店吃饭", ("老灶台火锅店",)),
        ("位于人民路的星悦健身中心跑路", ("星悦健身中心",)),
        ("投诉鼎盛大酒店", ("鼎盛大酒店",)),
        ("在天猫李宁官方旗舰店下单", ("天猫李宁官方旗舰店",)),
        ("向惠民大药房反映", ("惠民大药房",)),
        ("在平凉市润捷安达4S店提的车", ("平凉市润捷安达4S店",)),
        ("与永和豆浆店协商", ("永和豆浆店",)),
        ("在星安热力交了电费", ("星安热力",)),
        ("网购一套床单，店铺叫麓诚网络", ("麓诚网络",)),
        ("在丰穗家具店平鲁区分店买了衣柜", ("丰穗家具店平鲁区分店",)),
        ("店名沐盛油漆经销部（滨河店）", ("沐盛油漆经销部（滨河店）",)),
        ("在贵阳悦诚商业管理有限公司清镇市分店", ("贵阳悦诚商业管理有限公司清镇市分店",)),
        ("我和绿源车行协商", ("绿源车行",)),
        ("难道自来水公司不管", ()),
        ("该店拒绝", ()),
        ("去4S店检查", ()),
        ("奥迪4S店说正常", ()),
        ("附近的超市", ()),
        ("杭州市超市", ()),
        ("在好邻居街区超市买菜", ("好邻居街区超市",)),
        ("济南4S店", ()),
        ("这家店关门了", ()),
        ("店员态度差", ()),
        ("公司不给处理", ()),
        ("装修公司跑路", ()),
        ("*****店", ()),
        ("商户名称：不详发生时间：2026-10-02", ()),
    ],
)
def test_merchants(text, merchants):
    assert extract(text, TOLD).merchants == merchants


def test_a_name_is_spelt_with_and_without_what_parts_it():
    assert {"model 3", "model3", "model-3"} <= spellings("Model 3")
    assert {"瑞虎8 plus", "瑞虎 8plus", "瑞虎8plus"} <= spellings("瑞虎8 PLUS")
    assert spellings("海尔") == {"海尔"}


def test_the_brands_are_many_and_no_spelling_is_everybodys():
    brands = [name for group in brand_words().classes.values() for name in group.brands]
    assert len(brands) > 250
    assert len(brands) == len(set(brands))
    assert all(len(spelling) > 1 for spelling in brand_spellings())


def test_brands_of_real_complaints_are_those_their_authors_chose(shared_data):
    rows = pd.read_csv(shared_data / "auto12365_2024" / "complaints.csv", dtype=str).fillna("")
    told = found = 0
    for row in rows.itertuples():
        brand = brand_spellings().get(row.投诉品牌.lower())
        if brand and not brand.common and brand.name in row.投诉简述:
            told += 1
            found += brand.name in extract(row.投诉简述, dt.date.fromisoformat(row.投诉日期)).brands
    assert told > 200
    assert found / told > 0.97
