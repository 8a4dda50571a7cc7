"""Words: cut as the reference engine cuts them, counted under canonical terms, and nothing of a text lost."""

import random
from functools import partial
from itertools import islice

import pytest
import rjieba
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.segmentation import REAL, agreement, plain_reference_engine, real_texts, reference_engine
from features.lexicon import Lexicon, shipped_lexicon
from features.segmentation import Segmenter, engine_words, segmenter
from features.synonyms import canonical, normalise
from warehouse.files import reference_lines, reference_yaml

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
# What engines may take for a part of a word, for a word of its own, or for nothing.
SIGNS = [*"abxyz019+#&._%-，。！ \t\n~@*/()é鿖鿕㐀䶮𠀀①㎡〇○·—…\x00\u200bΩя", "５Ｇ", "ＯＴＡ", "ⅳ", "[手机号]"]
NOTHING = Lexicon(entries={}, known={}, stop=frozenset())
SPACED = Lexicon(
    entries={
        "model 3": (1000, "n"),
        "model y": (1000, "n"),
        "model y l": (1000, "n"),
        "理想 l9": (1000, "n"),
        "c++": (1000, "n"),
        "全屋 定制": (1000, "n"),
    },
    known={},
    stop=frozenset(),
)


def mixed_texts(count):
    """Texts of whole and broken words of both dictionaries, and of signs."""
    choose = random.Random(12315)
    words = choose.sample(sorted(word for word, frequency in plain_reference_engine().FREQ.items() if frequency), 5000)
    kinds = [words, list(shipped_lexicon().entries), SIGNS]
    for _ in range(count):
        parts = [choose.choice(choose.choice(kinds)) for _ in range(choose.randint(1, 14))]
        if choose.random() < 0.3:
            parts = [part[: choose.randint(1, len(part))] for part in parts]
        yield "".join(parts)


SENTENCES = [
    "云杉燃气热水器使用时突然着火，商家拒绝退款！",
    "ＯＴＡ升级后中控黑屏，4S店说要换主板。",
    "低速时刹车失灵，变速箱顿挫异响，发动机故障灯亮。",
    "门店突然关门跑路，老板失联人去楼空，会员卡余额不退。",
    "孩子吃了上吐下泻住院，同一批次预包装食品有异物",
    "2026年3月15日花1299.00元买了iPhone15 Pro Max，7天无理由退货被拒",
    "该商品详情页使用绝对化用语，要求退一赔三",
    "南京市长江大桥附近的健身房停业，私教课退费难",
    "CR-V 1.5T机油增多；model-3 续航缩水30%",
    "",
]


@pytest.fixture(scope="module")
def reference():
    return partial(reference_engine().lcut, HMM=False)


@pytest.fixture(scope="module")
def plain():
    """Both engines with their own dictionaries alone."""
    engine = rjieba.Jieba()
    return lambda text: engine.cut(text, False), partial(plain_reference_engine().lcut, HMM=False)


# --- as the reference engine does ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", SENTENCES)
def test_cuts_as_the_reference_engine_does(reference, sentence):
    assert segmenter().cut(sentence) == reference(normalise(sentence))


def test_cuts_mixed_text_as_the_reference_engine_does(reference, plain):
    texts = list(mixed_texts(3000))
    prepared = list(map(segmenter().prepared, texts))
    assert [text for text in prepared if segmenter().cut(text) != reference(text)] == []
    assert agreement(list(map(normalise, texts)), *plain) == 1
    # The lexicon does change how they are cut.
    assert agreement(prepared, segmenter().cut, plain[1]) < 0.8


@pytest.mark.parametrize(
    ("name", "rows"), [("car complaints", 2363), ("messages", 500), ("reviews", 3000)], ids=["cars", "messages", "reviews"]
)
def test_cuts_real_texts_as_the_reference_engine_does(reference, plain, shared_data, name, rows):
    assert (shared_data / REAL[name][0]).is_file()
    texts = list(islice(real_texts(name), rows))
    assert len(texts) == rows
    assert [text for text in texts if segmenter().cut(text) != reference(segmenter().prepared(text))] == []
    assert agreement(list(map(normalise, texts)), *plain) == 1


def test_agreement_is_the_share_of_texts():
    assert agreement(["a", "bc", "d", "ef"], list, lambda text: [text]) == 0.5


# --- nothing is lost -------------------------------------------------------------------------------------------------------


@SETTINGS
@given(st.text(max_size=80))
def test_pieces_joined_are_the_prepared_text(text):
    assert "".join(segmenter().cut(text)) == segmenter().prepared(text) == normalise(text)


@SETTINGS
@given(st.lists(st.sampled_from([*"的了着火退款刹车失灵ABab12.，。 ", *SIGNS, "热水器", "4S店"]), max_size=30))
def test_pieces_of_mixed_text_joined_are_the_prepared_text(parts):
    text = "".join(parts)
    assert "".join(segmenter().cut(text)) == normalise(text)
    assert set(segmenter().words(text)) <= set(map(canonical, segmenter().cut(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "坏了\udcff退款",
        "。" * 1000,
        "刹车失灵" * 25_000,
        "1" * 100_000,
        "a" * 100_000,
        "\u0301" * 1000,
    ],
)
def test_any_text_is_cut(text):
    pieces = segmenter().cut(text)
    assert len("".join(pieces)) == len(normalise(text))
    assert isinstance(segmenter().words(text), list)


def test_half_a_surrogate_pair_is_no_part_of_a_word():
    assert segmenter().cut("刹车失灵\udcff退款") == ["刹车失灵", "?", "退款"]
    assert segmenter().words("刹车失灵\ud800退款") == ["刹车失灵", "退款"]


# --- what counts as a word -------------------------------------------------------------------------------------------------


def test_domain_words_are_not_cut_apart():
    pieces = segmenter().cut("云杉燃气热水器用了OTA升级后中控黑屏")
    assert {"燃气热水器", "ota升级", "中控黑屏"} <= set(pieces)
    assert not {"燃气热水器", "ota升级", "中控黑屏"} & set(Segmenter(NOTHING).cut("云杉燃气热水器用了OTA升级后中控黑屏"))


def test_every_word_of_the_lexicon_stands_alone_between_commas():
    broken = [word for word in shipped_lexicon().entries if word.replace(" ", "") not in segmenter().cut(f"，{word}，")]
    assert broken == []


def test_variants_become_the_canonical_word():
    for term, variants in reference_yaml("synonyms").items():
        assert variants
        for variant in variants:
            assert segmenter().words(f"，{variant}，") == [term]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("消费者反映：我在2023年花了1299.00元买的空调完全不制冷，希望尽快处理。", {"空调", "不制冷"}),
        ("刹车失灵刹车失灵", {"刹车失灵"}),
        ("的了在", set()),
        ("2026 12.5 -", set()),
        ("车 坏", set()),
        ("VIP会员", {"vip", "会员"}),
        ("a b", set()),
    ],
)
def test_words_leave_out_stop_words_numbers_and_single_characters(text, words):
    told = segmenter().words(text)
    assert words <= set(told)
    assert not set(reference_lines("stopwords")) & set(told)
    assert all(len(word) > 1 and not word.isdigit() for word in told)
    if not words:
        assert told == []


def test_words_keep_the_order_of_the_text_and_their_number():
    assert segmenter().words("热水器漏水，退款。热水器") == ["热水器", "漏水", "退款", "热水器"]


def test_every_stop_word_has_an_effect():
    assert [word for word in reference_lines("stopwords") if segmenter().words(f"，{word}，")] == []
    # Without the list, most of them would count.
    without = Segmenter(Lexicon(shipped_lexicon().entries, shipped_lexicon().known, frozenset()))
    long = [word for word in reference_lines("stopwords") if len(word) > 1]
    # The engine cuts these in two, of which neither counts.
    assert {word for word in long if not without.words(f"，{word}，")} <= {"又是", "都是"}


def test_width_and_case_make_no_difference():
    assert segmenter().words("ＯＴＡ升级失败") == segmenter().words("ota升级失败")


# --- words that the engine knows -------------------------------------------------------------------------------------------


def test_common_words_keep_the_frequency_that_the_engine_has():
    """A stop word's own frequency here would be less than a hundredth of what the engine counts, and cut others wrongly."""
    engine = rjieba.Jieba()
    known = [word for word in shipped_lexicon().known if engine.has_word(word)]
    assert {"因为", "如果"} <= set(known)
    added = engine_words(shipped_lexicon())
    assert [word for word in known if word in added] == []
    assert {word for word in shipped_lexicon().known if not engine.has_word(word)} <= added.keys()


def test_texts_of_common_words_are_cut_as_without_our_stop_words(plain):
    only_stop_words = Segmenter(Lexicon({}, shipped_lexicon().known, shipped_lexicon().stop))
    none = Segmenter(NOTHING)
    engine = rjieba.Jieba()
    choose = random.Random(3)
    common = sorted(word for word in shipped_lexicon().known if engine.has_word(word))
    around = ["商品", "坏", "退", "买", "后", "为", "果", "因", "如", "车", "人", "，"]
    # Words that the engine lacks are added for a reason, and may come about where two others meet.
    lacking = [word for word in shipped_lexicon().known if not engine.has_word(word)]
    texts = ["".join(choose.choices([*common, *around], k=choose.randint(2, 12))) for _ in range(2000)]
    texts = [text for text in texts if not any(word in text for word in lacking)]
    assert len(texts) > 1000
    assert [text for text in texts if only_stop_words.cut(text) != none.cut(text)] == []
    assert agreement(list(map(normalise, texts)), only_stop_words.cut, plain[1]) == 1
    # As words of the lexicon they would not be.
    as_entries = Segmenter(Lexicon(dict.fromkeys(common, (1, "n")), {}, frozenset()))
    assert agreement(texts, as_entries.cut, none.cut) < 1


# --- words with spaces -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("model3", ["model3"]),
        ("Model 3", ["model3"]),
        ("买ＭＯＤＥＬ　３了", ["买", "model3", "了"]),
        ("model \t\n  3坏了", ["model3", "坏", "了"]),
        ("model yl", ["modelyl"]),
        ("model y l和model y", ["modelyl", "和", "modely"]),
        ("modely l、model y  l", ["modelyl", "、", "modelyl"]),
        ("理想L9和理想 l9", ["理想l9", "和", "理想l9"]),
        ("suv理想 l9", ["suv", "理想l9"]),
        ("2024理想 l9", ["2024", "理想l9"]),
        ("全屋  定制", ["全屋定制"]),
        # Not within other Latin words and numbers.
        ("supermodel 3", ["supermodel", " ", "3"]),
        ("model 35", ["model", " ", "35"]),
        ("model 3x", ["model", " ", "3x"]),
        ("理想 l90", ["理想", " ", "l90"]),
        ("2model 3", ["2model", " ", "3"]),
        ("model-3", ["model", "-", "3"]),
        ("model", ["model"]),
    ],
)
def test_words_with_spaces(text, pieces):
    assert segmenter(SPACED).cut(text) == pieces


def test_a_word_with_spaces_counts_as_one_keyword():
    cutter = segmenter(SPACED)
    assert cutter.words("Model 3和model3") == ["model3", "model3"]
    assert cutter.keywords == {"model3", "modely", "modelyl", "理想l9", "c++", "全屋定制"}
    assert cutter.prepared("MODEL  3 坏") == "model3 坏"


def test_signs_of_a_word_are_no_pattern():
    assert Segmenter(Lexicon({"c+ 1": (1000, "n")}, {}, frozenset())).prepared("c+  1 cc 1") == "c+1 cc 1"


@SETTINGS
@given(st.lists(st.sampled_from(["model", "y", "l", "3", " ", "\u3000", "理想", "l9", "，", "x"]), max_size=12))
def test_preparing_takes_spaces_only_and_once(parts):
    text, cutter = "".join(parts), segmenter(SPACED)
    assert cutter.prepared(text).replace(" ", "") == normalise(text).replace(" ", "")
    assert cutter.prepared(cutter.prepared(text)) == cutter.prepared(text)


# --- one per process -------------------------------------------------------------------------------------------------------


def test_a_process_has_one_segmenter_of_each_lexicon():
    again = Lexicon(dict(SPACED.entries), {}, frozenset())
    assert segmenter(SPACED) is segmenter(again)
    assert segmenter(SPACED) is not segmenter()
    assert segmenter(SPACED.with_own({"鲸潮卡": (5, "n")})).cut("鲸潮卡") == ["鲸潮卡"]
    assert segmenter(SPACED).cut("鲸潮卡") != ["鲸潮卡"]
