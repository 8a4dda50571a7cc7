"""What masking promises of every text: done once is done, the rest untouched, no text too hostile."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masking_cases import labelled_cases
from features.masking import mask, personal_data
from features.masking.finding import Kind
from features.masking.rendering import rendered
from features.masking.shadow import shadow

SETTINGS = settings(deadline=None, derandomize=True, max_examples=300)
LABELLED = [case.text[label.start : label.end] for case in labelled_cases(5, 400) for label in case.labels]
WORDS = [
    *(
        "电话",
        "手机",
        "尾号",
        "卡号：",
        "账号",
        "身份证",
        "微信",
        "QQ",
        "加V",
        "+V",
        "订单号",
        "VIN",
        "车架号",
        "护照",
        "住",
        "地址",
    ),
    *(
        "村",
        "单元",
        "号楼",
        "栋",
        "弄",
        "号",
        "室",
        "户",
        "座",
        "楼",
        "本人",
        "联系人：",
        "我叫",
        "姓名",
        "女士",
        "转",
        "张三",
        "李小明",
    ),
    *(
        "，男，",
        "订单号202403311234567890",
        "1299.00元",
        "4008123123",
        "粤B",
        "0571",
        "154",
        "1",
        "12",
        "一",
        "幺",
        "X",
        "x",
        "86",
    ),
    *(
        "+86",
        "*",
        "***",
        "****",
        "138****5678",
        "、",
        "，",
        "。",
        " ",
        "-",
        "(",
        ")",
        "（",
        "）",
        "#",
        "@",
        ".",
        "/",
        "元",
        "\n",
        "\u200b",
    ),
]
TEXTS = st.lists(st.one_of(st.sampled_from(LABELLED), st.sampled_from(WORDS), st.text(max_size=3)), max_size=10).map("".join)
MOBILE = re.compile(r"(?<![0-9A-Za-z_=/.*¥￥$€第-])154\d{8}(?![0-9A-Za-z_.*元块亿万号-])")
GROWTH = 2
LENGTHS = (5_000, 20_000)
# Four times the length may take so many times as long; twice that of linear work, half that of squares.
MOST_TIMES = 8


@SETTINGS
@given(TEXTS)
def test_masking_masked_text_changes_nothing(text):
    once = mask(text)
    assert mask(once) == once


@SETTINGS
@given(TEXTS)
def test_what_is_not_found_stays_as_it_is_and_findings_grow_by_two_characters_at_most(text):
    findings = personal_data(text)
    place, kept = 0, []
    for finding in findings:
        assert place <= finding.start < finding.end <= len(text)
        kept += (text[place : finding.start], rendered(finding.kind, shadow(text[finding.start : finding.end]).text))
        assert len(kept[-1]) <= finding.end - finding.start + GROWTH
        place = finding.end
    # Numbers without anything between may take a second round, which finds more.
    rest = "".join([*kept, text[place:]])
    assert mask(text) == mask(rest)
    if not personal_data(rest):
        assert mask(text) == rest


@SETTINGS
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_shows_its_first_three_and_last_four_digits(number):
    assert mask(f"电话{number}，") == f"电话{number[:3]}****{number[-4:]}，"


@SETTINGS
@given(st.text(max_size=60))
def test_any_text_can_be_masked(text):
    assert isinstance(mask(text), str)


@SETTINGS
@given(st.lists(st.sampled_from([*LABELLED, "订单", "元", "，", "。", " ", "：", "投诉"]), max_size=8))
def test_no_mobile_number_stands_alone_in_a_masked_text(pieces):
    assert not MOBILE.search(mask("，".join(pieces)))


@pytest.mark.parametrize("kind", Kind)
def test_nothing_of_the_secret_is_left(kind):
    """Of telephone numbers the last four digits stay, of names the surname; of nothing else an end."""
    cases = [(case.text, label) for case in labelled_cases(6, 1500) for label in case.labels if label.kind == kind]
    for text, label in cases:
        secret = shadow(text[label.start : label.end]).text
        findings = [finding for finding in personal_data(text) if (finding.start, finding.end) == (label.start, label.end)]
        for finding in findings:
            shown = rendered(finding.kind, secret).replace("*", "")
            assert secret not in rendered(finding.kind, secret)
            if kind in (Kind.CITIZEN_NUMBER, Kind.BANK_CARD, Kind.IMEI, Kind.VIN):
                assert not shown.endswith(re.sub("[^0-9A-Za-z]", "", secret)[-4:])
    assert len(cases) > 50


HOSTILE = [
    *("1", "1 ", "1-", "1)", "一", "一 ", "1一", "0571-", "15412345678 ", "15412345678、", "154****5678", "尾号1", "卡号1234 "),
    *("11010519491231002X15412345678", "LSVAA49J132047371", "浙A12345", "A B", "wx", "wx-", "wx 12345 ", "（微信）", "@", "a@"),
    *(
        "a.a@a.a",
        f"{'a' * 40} #",
        "单元",
        "1单元",
        "1号楼",
        "村1组",
        "住101户",
        "本人",
        "本人张三，",
        "姓名：",
        "王小先生",
        "，女，",
        "王·",
    ),
    *(" ", "\u200b", "1\u200b", "*"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_the_length_of_hostile_texts(piece):
    def seconds(length):
        text = (piece * (length // len(piece) + 1))[:length]
        start = time.process_time()
        mask(text)
        return time.process_time() - start

    seconds(LENGTHS[0])
    times = min(seconds(LENGTHS[1]) / seconds(LENGTHS[0]) for _ in range(3))
    assert times < MOST_TIMES
