"""Severity: what harms counts, what is denied, feared, asked, said or meant otherwise does not."""

import csv
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.severity import Labelled, labelled, measure, quality
from features.severity import SEVERE, judge_severity
from features.severity.patterns import by_first_character, next_characters
from features.severity.scanning import hits
from features.severity.words import SeverityWords, words
from features.synonyms import canonical
from warehouse.files import reference_yaml

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
CASES = [
    (group, text, level)
    for group, levels in yaml.safe_load(Path(__file__).with_name("severity_cases.yml").read_text(encoding="utf-8")).items()
    for level, texts in levels.items()
    for text in texts
]
# Clauses that are about nothing that harms, and guard nothing beyond themselves.
UNRELATED = [
    "商家不退款",
    "客服一直不接电话",
    "三月份在网店下单",
    "付了1299元",
    "要求退一赔三",
    "没有发票",
    "希望尽快处理",
    "店员很冷淡",
]
HARMFUL = st.sampled_from([(text, level) for _, text, level in CASES if level])
ANY = st.sampled_from([(text, level) for _, text, level in CASES])
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@pytest.mark.parametrize(("group", "text", "level"), CASES, ids=lambda value: str(value)[:30])
def test_hand_written_cases(group, text, level):
    assert judge_severity(text).level == level


def test_the_cases_are_many_and_try_both_sides_of_every_guard():
    levels = {}
    for group, _, level in CASES:
        levels.setdefault(group, set()).add(level)
    assert len(CASES) >= 240
    for group in ("denied", "feared", "supposed", "asked", "possible", "said", "heard", "homonyms", "settings", "boosters"):
        assert 0 in levels[group], group
        assert max(levels[group]) >= SEVERE, group
    assert len({text for _, text, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("text", "level", "terms", "priority"),
    [
        ("热水器爆炸", 4, ("爆炸",), "P1"),
        ("使用时起火", 3, ("起火",), "P2"),
        ("使用时着火", 3, ("起火",), "P2"),  # another wording, the same term
        ("店里失火", 3, ("起火",), "P2"),
        ("刹车失灵起火", 3, ("刹车失灵", "起火"), "P2"),
        ("机器漏油", 2, ("漏油",), "P3"),
        ("当晚拉肚子", 2, ("腹泻",), "P3"),
        ("外壳掉漆", 1, ("掉漆",), "P4"),
        ("商家不退款", 0, (), "P4"),
        ("", 0, (), "P4"),
        ("掉漆，冒烟，后来爆炸", 4, ("爆炸",), "P1"),  # only what set the level is named
        ("买了自燃险后车自燃了", 3, ("自燃",), "P2"),  # the look-alike does not hide the word
        ("儿童触电，商家不管，昨天又触电", 4, ("触电",), "P1"),  # a later clause does not make an earlier one harmless
    ],
)
def test_what_is_said_of_a_text(text, level, terms, priority):
    found = judge_severity(text)
    assert (found.level, found.terms, found.priority) == (level, terms, priority)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("机盖变形", "变形"),
        ("车门凹陷", "变形"),
        ("空调不制冷", "失灵"),
        ("中控屏黑屏", "花屏"),
        ("车机反应慢", "卡顿"),
        ("音响有电流声", "异响"),
        ("毛衣掉毛", "起球"),
        ("内饰有毛边", "做工粗糙"),
    ],
)
def test_a_nuisance_is_named_by_its_own_kind(text, term):
    judged = judge_severity(text)
    assert (judged.level, judged.terms) == (1, (term,))


@pytest.mark.parametrize(
    ("injured", "dead", "fire", "level", "terms"),
    [
        (None, None, None, 0, ()),
        (0, 0, False, 0, ()),
        (-1, None, None, 0, ()),
        (1, 0, False, 3, ("受伤人数",)),
        (2, None, None, 3, ("受伤人数",)),
        (3, None, None, 4, ("受伤人数",)),
        (None, 1, None, 4, ("死亡人数",)),
        (None, None, True, 3, ("起火",)),
        (3, 1, True, 4, ("死亡人数", "受伤人数")),
    ],
)
def test_severity_of_fields(injured, dead, fire, level, terms):
    found = judge_severity("", injured, dead, fire)
    assert (found.level, found.terms, found.basis) == (level, terms, "field" if level else "none")


def test_fields_and_text_together():
    assert judge_severity("爆炸", fire=True).level == 4
    assert judge_severity("没有起火", fire=True).level == 3
    assert judge_severity("掉漆", injured=1).terms == ("受伤人数",)
    assert judge_severity("车辆爆胎", injured=1).terms == ("爆胎", "受伤人数")


def test_what_the_register_says_in_words_is_a_field():
    found = judge_severity("要求赔偿", safety=["重伤", "产品质量"])
    assert (found.level, found.terms, found.basis) == (4, ("重伤",), "field")
    assert judge_severity("要求赔偿", safety=["无人受伤", ""]).level == 0


@pytest.mark.parametrize(
    ("arguments", "basis"),
    [
        ({"text": "漏电"}, "lexicon"),
        ({"text": "漏电", "injured": 1}, "field"),  # as severe: what is registered is firmer
        ({"text": "爆炸", "injured": 1}, "lexicon"),
        ({"text": "掉漆", "fire": True}, "field"),
        ({"text": "不退款"}, "none"),
    ],
)
def test_the_basis_is_what_set_the_level(arguments, basis):
    found = judge_severity(**arguments)
    assert found.basis == basis
    assert found.confidence == words().confidence[basis][found.level]
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "level", "urgent", "priority"),
    [
        ("再不退款我就跳楼", 0, ("自杀",), "P1"),
        ("店里员工扬言下毒", 0, ("投毒",), "P1"),
        ("否则大家就去上访", 0, ("上访",), "P2"),
        ("业主拉横幅堵门", 0, ("维权聚集",), "P2"),
        ("机器漏油，再不处理就上访", 2, ("上访",), "P2"),
        ("热水器爆炸，家属聚众讨说法", 4, ("维权聚集",), "P1"),
        ("没有人自杀", 0, (), "P4"),
        ("全场跳楼价", 0, (), "P4"),
        ("旅游行程取消", 0, (), "P4"),
    ],
)
def test_urgent_words_raise_the_priority_and_never_the_level(text, level, urgent, priority):
    found = judge_severity(text)
    assert (found.level, found.urgent, found.priority) == (level, urgent, priority)


def test_every_word_of_the_lexicon_has_its_level_and_homonyms_have_none():
    lexicon = reference_yaml("severity")
    for level, terms in lexicon["levels"].items():
        for term in terms:
            assert judge_severity(f"现场{term}").level == level, term
    for word in lexicon["homonyms"]:
        assert judge_severity(f"这是{word}").level == 0, word


def test_every_word_is_taken_back_by_each_plain_guard():
    for term in words().by_term():
        for guarded in (f"没有{term}", f"未发生{term}", f"担心{term}", f"会不会{term}", f"如果{term}怎么办", f"可能{term}"):
            assert judge_severity(guarded).level == 0, guarded


def test_no_pattern_is_unreachable_by_the_scan():
    lexicon = words()
    patterns = [*lexicon.lookalikes, *(pattern for some in lexicon.wordings.values() for pattern in some)]
    for pattern in patterns:
        assert by_first_character(pattern), pattern
    with pytest.raises(ValueError, match="does not begin with"):
        by_first_character("(?:起|着)火")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("火", {"火"}),
        ("[火烟]了", {"火", "烟"}),
        ("(?:火|烟雾)", {"火", "烟"}),
        ("(?<!没起)火", {"火"}),
        ("了?火", None),
        ("(?:了)?火", None),
        ("(?:火|)烟", None),
        ("[^,]{0,6}?火", None),
        ("", None),
    ],
)
def test_what_may_follow_the_first_character(rest, expected):
    assert next_characters(rest) == expected


def test_a_term_without_a_level_is_refused():
    lexicon = dict(reference_yaml("severity"))
    lexicon["wordings"] = {**lexicon["wordings"], "没有这个词": "起火"}
    with pytest.raises(ValueError, match="no level has 没有这个词"):
        SeverityWords.model_validate(lexicon)


def test_terms_are_canonical():
    for _, text, _ in CASES:
        assert all(canonical(term) == term for term in judge_severity(text).terms)


@SETTINGS
@given(HARMFUL, st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=3), st.sampled_from("，。；！\n"), st.booleans())
def test_unrelated_clauses_never_lower_the_level(case, clauses, mark, before):
    text, level = case
    around = mark.join(clauses)
    joined = f"{around}。{text}" if before else f"{text}。{around}"
    assert judge_severity(joined).level >= level


@SETTINGS
@given(HARMFUL, st.sampled_from(["没有退款", "担心涨价", "如果不满意", "网上看到差评", "商家宣传有赠品", "可能延期"]))
def test_a_guard_in_another_sentence_does_nothing(case, guard):
    text, level = case
    assert judge_severity(f"{guard}。{text}").level == judge_severity(f"{text}。{guard}").level == level


@SETTINGS
@given(ANY, st.text(alphabet="0123456789abcXYZ,!?:() ", max_size=10))
def test_full_width_and_capitals_make_no_difference(case, tail):
    text = f"{case[0]}。{tail}"
    assert judge_severity(text.translate(FULL_WIDTH)) == judge_severity(text) == judge_severity(text.upper())


@SETTINGS
@given(st.text(max_size=200) | st.lists(st.sampled_from([text for _, text, _ in CASES]), max_size=6).map("".join))
def test_any_text_is_judged(text):
    found = judge_severity(text)
    assert 0 <= found.level <= 4
    assert bool(found.terms) == bool(found.level)
    assert found.priority in {"P1", "P2", "P3", "P4"}
    assert judge_severity(text) == found


@SETTINGS
@given(st.lists(st.sampled_from([*"没不会起火爆炸烫伤，。、的了人在以及又吐又泻", "“", " "]), max_size=60).map("".join))
def test_hits_stand_where_they_say(text):
    starts = [hit.start for hit in hits(text)]
    assert starts == sorted(set(starts))
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits(text))


@pytest.mark.parametrize(
    "piece",
    [
        "起火",
        "没有",
        "以及",
        "没有起火、",
        "烫",
        "，",
        "人",
        "可能会不会",
        "孩子烫伤以及",
        "《",
        "1",
        "又吐又",
        "a.",
        "\u200b\x00",
        " 炸 ",
    ],
)
def test_long_texts_take_no_longer_than_their_length_asks(piece):
    text = (piece * 100_000)[:100_000]
    start = time.perf_counter()
    judge_severity(text)
    judge_severity("起火" + text + "呢起火")
    assert time.perf_counter() - start < 10


def test_quality_counts_answers_and_sentences():
    found = quality([(3, 3), (3, 2), (2, 3), (4, 4), (0, 0)], (3).__eq__)
    assert (found.precision, found.recall) == (1 / 2, 1 / 2)
    severe = measure([Labelled("甲", 4), Labelled("乙", 3), Labelled("丙", 0)], {"甲": 3, "乙": 3, "丙": 3}.__getitem__)
    assert (severe["level >= 3"].precision, severe["level >= 3"].recall) == (2 / 3, 1.0)
    assert (severe["level 4"].precision, severe["level 4"].recall) == (0.0, 0.0)


def test_sentences_of_another_author_are_judged_well():
    found = measure(labelled("test"), lambda text: judge_severity(text).level)
    assert found["level >= 3"].precision > 0.8
    assert found["level >= 3"].recall > 0.7


def test_most_real_messages_to_a_government_name_no_severe_harm(shared_data):
    with (shared_data / "gov_messages_2020" / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["留言详情"] for row in csv.DictReader(file)]
    severe = sum(judge_severity(text).level >= SEVERE for text in texts)
    assert len(texts) > 4000
    assert 0 < severe < 0.12 * len(texts)
