"""What holds for the facts of any text."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.extraction import extract
from features.extraction.vocabulary import Vocabulary, Word

TOLD = dt.date(2026, 11, 25)
PIECES = [
    *(
        "2026年",
        "3月",
        "15日",
        "去年",
        "昨天",
        "上周三",
        "双十一",
        "2号",
        "当月",
        "28日",
        "至",
        "前",
        "半年",
        "¥",
        "1,299",
        "元",
        "三百块",
        "万",
    ),
    *(
        "到",
        "-",
        "宝马",
        "X3",
        "理想",
        "L9",
        "iPhone 15",
        "淘宝",
        "转转",
        "在",
        "鑫源",
        "超市",
        "4S店",
        "发动机",
        "异响",
        "没有",
        "要求",
        "退款",
    ),
    *(
        "拒绝",
        "并",
        "孩子",
        "受伤",
        "两人",
        "，",
        "。",
        "：",
        "商户名称：",
        "消费金额：",
        "主要诉求：",
        "138****8000",
        "[姓名]",
        "*****",
    ),
    *("\u200b", "İ", "１２", " ", "\n", "\x00", "\ud800", "😀"),
]
told_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map("".join)
days = st.dates(dt.date(2016, 1, 1), dt.date(2030, 12, 31))


@settings(deadline=None, derandomize=True, max_examples=400)
@given(told_texts, days)
def test_facts_of_any_text_hold_together(text, told):
    facts = extract(text, told)
    for mention in facts.dates:
        assert mention.date <= told
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.precision == "day" or mention.date.day == 1
    assert [mention.start for mention in facts.dates] == sorted(mention.start for mention in facts.dates)
    for amount in facts.amounts:
        assert amount.value > 0
        assert amount.text in text
    assert facts.amount is None or facts.amount in [amount.value for amount in facts.amounts]
    dated = [event.date for event in facts.events if event.date]
    assert dated == sorted(dated)
    assert all(event.clause in text and len(event.clause) <= 40 for event in facts.events)
    assert facts.injured is None or facts.injured >= 0
    assert all(model in text for model in facts.models)
    for names in (facts.requests, facts.platforms, facts.brands, facts.series, facts.merchants, facts.defects):
        assert len(names) == len(set(names))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text())
def test_no_text_raises(text):
    assert extract(text, TOLD).amounts is not None


@pytest.mark.parametrize(
    "piece", ["理想L9", "店", "1万", "月", "两人受伤", "要求退款", "发动机异响", "商家要求", "宝马X3，", "ab12", "\u0130", "　"]
)
def test_a_long_text_takes_no_more_than_its_length(piece):
    start = time.perf_counter()
    extract((piece * 100_000)[:100_000], TOLD)
    assert time.perf_counter() - start < 10


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.lists(st.text("甲乙丙ab1", min_size=2, max_size=4), min_size=1, max_size=8, unique=True),
    st.text("甲乙丙ab1 ", max_size=20),
)
def test_the_vocabulary_finds_what_a_look_at_every_word_finds(words, text):
    found = [(hit.start, hit.end) for hit in Vocabulary([Word(word, "any", word) for word in words]).find(text).get("any", [])]
    assert found == by_looking(words, text)


def by_looking(words: list[str], text: str) -> list[tuple[int, int]]:
    """At each place the longest word that does not stand within a longer run of letters and digits."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(text):
        here = [word for word in words if text.startswith(word, place) and stands_alone(text, place, place + len(word))]
        if here:
            longest = max(here, key=len)
            found.append((place, place + len(longest)))
            place += len(longest)
        else:
            place += 1
    return found


def stands_alone(text: str, start: int, end: int) -> bool:
    if start and latin(text[start]) and latin(text[start - 1]):
        return False
    if end < len(text) and latin(text[end - 1]) and latin(text[end]):
        return text[end - 1].isalpha() and text[end].isdigit() and (end - start >= 4 or not text[start:end].isascii())
    return True


def latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
