"""Personal data disappear, what an analyst needs stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.masking import Kind, citizen_number_is_valid, luhn_is_valid, mask, personal_data

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
# 110105 1949-12-31 002 X: the weighted sum is 167, 167 mod 11 is 2, the third of 10X98765432 is X.
CITIZEN = "11010519491231002X"
# 4111111111111111: doubled places give 8+2*7=22, the others 8: 30, a multiple of 10.
CARD = "4111111111111111"
VIN = "LSVAA49J132047371"
# 990000000000002: the places that are doubled hold one 9 (9 after adding digits), the others 9 and 2: 20, a multiple of 10.
IMEI = "990000000000002"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证{CITIZEN}。", "身份证110105************。"),
        (f"身份证{CITIZEN.lower()}。", "身份证110105************。"),
        ("身份证110105 19491231 002X。", "身份证110105************。"),
        ("身份证号110105491231002，", "身份证号110105*********，"),
        (f"卡{CARD}被扣款", "卡411111**********被扣款"),
        ("卡4111 1111 1111 1111被扣款", "卡411111**********被扣款"),
        ("卡4111-1111-1111-1111被扣款", "卡411111**********被扣款"),
        ("卡号：1234567890123", "卡号：****"),
        ("账号是 9558 8200 1234 5678", "账号是 955882**********"),
        ("尾号1234的卡", "尾号****的卡"),
        ("电话15412345678联系", "电话154****5678联系"),
        ("电话154 1234 5678联系", "电话154****5678联系"),
        ("电话154-1234-5678联系", "电话154****5678联系"),
        ("电话154.1234.5678联系", "电话154****5678联系"),
        ("电话+86 15412345678联系", "电话154****5678联系"),
        ("电话15412345678转8001联系", "电话154****5678联系"),
        ("电话一五四一二三四五六七八一直占线", "电话****一直占线"),
        ("电话幺五四一二三四五六七八", "电话****"),
        ("手机15412345678同微信", "手机154****5678同微信"),
        ("15412345678，15487654321", "154****5678，154****4321"),
        ("座机0571-88886666", "座机0571-****"),
        ("座机010 88886666", "座机010-****"),
        ("座机0571-88886666转801。", "座机0571-****。"),
        ("电话88886666，", "电话****，"),
        ("电话8888 6666、88887777", "电话****、****"),
        ("邮箱zhang.san@example.com，", "邮箱***@example.com，"),
        ("微信号：abc_12345", "微信号：***"),
        ("加微信zhangsan88联系", "加微信***联系"),
        ("加V：zhangsan88", "加V：***"),
        ("zhang_san88（微信）", "***（微信）"),
        ("QQ：12345678", "QQ：***"),
        ("扣扣12345678", "扣扣***"),
        ("vx hello_world", "vx ***"),
        (f"车架号{VIN}，", "车架号LSVAA49J*********，"),
        (f"该车{VIN}，", "该车LSVAA49J*********，"),
        (f"IMEI：{IMEI}，", "IMEI：99000000*******，"),
        ("护照号E00001234", "护照号***"),
        ("港澳通行证C00001234", "港澳通行证***"),
        ("车牌浙A12345停放", "车牌浙A·*****停放"),
        ("车牌浙A·12B45停放", "车牌浙A·*****停放"),
        ("车牌浙AD12345停放", "车牌浙A·*****停放"),
        ("两地牌粤Z1234港", "两地牌粤Z·*****"),
        ("货车浙A1234挂", "货车浙A·*****"),
        ("住阳光小区3号楼2单元501室，", "住阳光小区***，"),
        ("住阳光小区12栋1203，", "住阳光小区***，"),
        ("住5幢2单元301户，", "住***，"),
        ("住文一路138号501室，", "住文一路138号***，"),
        ("住中山路100弄12号601室，", "住中山路100弄***，"),
        ("住李家村3组12号，", "住李家村***，"),
        ("收货地址：金色家园3-2-501，", "收货地址：金色家园***，"),
        ("本人张三，", "本人张**，"),
        ("我叫李小明。", "我叫李**。"),
        ("联系人：王五 电话15412345678", "联系人：王** 电话154****5678"),
        ("户名：赵六", "户名：赵**"),
        ("收件人刘备电话", "收件人刘**电话"),
        ("姓名：欧阳娜娜，", "姓名：欧阳**，"),
        ("联系人张三、李四，", "联系人张**、李**，"),
        ("王小红女士来电", "王**女士来电"),
        ("，张三 15412345678，", "，张** 154****5678，"),
    ],
)
def test_each_kind_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["座机（0571）88886666", "座机(0571)88886666", "座机057188886666", "座机0571-8888 6666"])
def test_landlines_are_masked_however_they_are_written(text):
    assert mask(text) == "座机0571-****"


@pytest.mark.parametrize(
    "text",
    [
        "电话１５４１２３４５６７８",
        "电话015412345678",
        "电话8615412345678",
        "电话154\u200b1234\u200b5678",
        "电话1\u20605\ufeff412345678",
        "电话154\u30001234\u00a05678",
        "电话１５４－１２３４－５６７８",
    ],
)
def test_mobiles_are_masked_however_they_are_typed(text):
    assert mask(text) == "电话154****5678"


def test_what_is_around_a_number_stays_as_it_was_typed():
    text = "Ｎｏ．１　“商家”：℃№①½ﬁ\u200b，电话１５４１２３４５６７８，共２９９元　完"
    assert mask(text) == "Ｎｏ．１　“商家”：℃№①½ﬁ\u200b，电话154****5678，共２９９元　完"


@pytest.mark.parametrize("text", ["投诉人李四反映商家不退款", "联系人是王五，", "投诉人（李四）", "店里一个叫李四的店员"])
def test_names_are_masked_with_any_ending(text):
    assert not re.search("李四|王五", mask(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"{CITIZEN}15412345678", "110105************154****5678"),
        (f"15412345678.{VIN}", "154****5678.LSVAA49J*********"),
        ("zs@example.comli4@example.com", "***@example.com"),
        ("15412340571 88886666", "154****0571 88886666"),  # what is left of the first begins no landline
    ],
)
def test_numbers_without_anything_between_are_masked_in_rounds(text, masked):
    assert mask(text) == masked
    assert mask(masked) == masked


def test_a_chat_id_is_masked_to_its_end():
    assert mask("微信号：abc_123451541234567815412345678，") == "微信号：***，"


@pytest.mark.parametrize(
    "text",
    [
        "订单号202403311234567890，快递单号SF1381234567890",
        "屏幕显示6222021234567890，已付款",  # no card: its Luhn digit is wrong
        f"订单号{CARD}，已付款",  # an order, whatever its Luhn digit is
        "屏幕显示110105194912310021，已付款",  # no citizen number: its check digit is wrong
        "屏幕显示202401198506123459，已付款",  # its check digit is right, but no region begins with 20: days do
        "订单号15412345678，单号：0571-88886666",  # orders that look like telephone numbers
        "订单编号057188886666，单号01088886666",
        "流水0571888866661234，流水0108888666612345678",
        "编号05718888666612",
        "统一社会信用代码91350100M000100Y43",
        "条形码6901234567892，批号20240331，生产日期20240331",
        "花费1299.00元，押金15000元，分期12期，里程12345678公里",
        "转账15400000000元，￥15400000000",
        "拨打400-812-3123和4008123123以及95588无人接听",
        "电话400 8123 123，电话4008-123-123，800-810-1234",
        "拨打12315、12345、10086投诉，短信106912345678901",
        "买了Model3 2023款 1.5T，发动机EA888Gen3，手机iPhone15ProMax256GB",
        "云杉YS16热水器，2026年3月15日购买，保修6年",
        "新GLC300异响，新A6L2024款，奥迪A6L45TFSI",
        "文一路138号门店，西湖区文三路",
        "我们小区3号楼的电梯，3栋和5栋之间，共有5栋200户居民",
        "来电2026-03-15反映，2026.03.15 10:20:30",
        "https://item.example.com/item.htm?id=15412345678&x=1",
        "IP地址192.168.100.200",
        "微信支付2999元，微信转账200000元，QQ音乐，加VIP会员",
        "限行尾号3和8，订单尾号1234",
        "投诉人要求退款，本人多次联系无果",
        "王女士和李先生，张经理，陈某，周总",
        "已脱敏138****5678，身份证110105************，电话8888 666***",
        "",
        "没有任何个人信息",
    ],
)
def test_what_an_analyst_needs_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "本人于昨天在该店购买",
        "车主常年在外",
        "本人向商家、平台反映",
        "本人高度怀疑",
        "业主万分着急，业主张贴通知",
        "患者高烧不退",
        "家长何时能退费",
        "联系人：同上，姓名：匿名",
        "向王先生道歉，郑州的周女士，欢迎张小姐",
        "被投诉人：金源商行，消费者权益",
    ],
)
def test_common_words_that_begin_like_a_surname_are_no_names(text):
    assert mask(text) == text


def test_findings_tell_kind_and_place():
    text = "本人张三，电话154\u200b12345678，订单号15487654321"
    found = [(finding.kind, text[finding.start : finding.end]) for finding in personal_data(text)]
    assert found == [(Kind.NAME, "张三"), (Kind.MOBILE, "154\u200b12345678")]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (CITIZEN, True),
        ("11010519491231002x", True),
        ("440524188001010014", True),  # 195 mod 11 is 8, the ninth of 10X98765432 is 4
        ("110105194912310020", False),
        ("110105194912310029", False),
        ("110105194912310012", False),
    ],
)
def test_check_character_of_citizen_numbers(number, valid):
    assert citizen_number_is_valid(number) is valid


@SETTINGS
@given(st.text("0123456789", min_size=17, max_size=17))
def test_exactly_one_check_character_is_right(body):
    # ISO 7064: sum of digit * 2^(18 - place) over all eighteen places is 1 modulo 11.
    right = [c for c in "0123456789X" if citizen_number_is_valid(body + c)]
    assert len(right) == 1
    values = [*map(int, body), 10 if right[0] == "X" else int(right[0])]
    assert sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 == 1


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (CARD, True),
        (IMEI, True),
        ("79927398713", True),  # the textbook's example
        ("79927398710", False),
        ("4111111111111112", False),
        ("1411111111111111", False),  # two neighbours swapped
        ("6222021234567890", False),
    ],
)
def test_luhn(number, valid):
    assert luhn_is_valid(number) is valid


def test_a_whole_complaint():
    text = (
        f"本人张三，电话15412345678，身份证{CITIZEN}，住阳光小区3号楼501室，邮箱zs@example.com。"
        "2026年3月1日花2999元在商家购买云杉YS16热水器，订单号202603011234567890，拨打4008123123无果。"
    )
    assert mask(text) == (
        "本人张**，电话154****5678，身份证110105************，住阳光小区***，邮箱***@example.com。"
        "2026年3月1日花2999元在商家购买云杉YS16热水器，订单号202603011234567890，拨打4008123123无果。"
    )
