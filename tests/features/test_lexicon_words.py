"""The lexicon: what its version covers, whose words go first, and what its files may look like."""

import random
from dataclasses import replace

import cloudpickle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import lexicon as module
from features.lexicon import Lexicon, default_entry, dictionary_entries, shipped_lexicon
from features.segmentation import Segmenter, engine_words
from features.synonyms import canonical_terms, normalise
from warehouse.errors import RadarError
from warehouse.files import reference_lines, reference_yaml

# The same examples in every run, however slow the machine is.
SETTINGS = settings(deadline=None, derandomize=True)
SMALL = Lexicon(
    entries={"刹车失灵": (1000, "n"), "model 3": (50, "nz"), "鲸潮卡": (7, "n")},
    known={"因为": (1000, "n"), "如果": (1000, "n")},
    stop=frozenset({"因为", "如果", "的"}),
)


# --- version ---------------------------------------------------------------------------------------------------------------

CHANGES = {
    "a word more": {"entries": {**SMALL.entries, "锂芯": (1000, "n")}},
    "a word less": {"entries": {"刹车失灵": (1000, "n"), "model 3": (50, "nz")}},
    "another frequency": {"entries": {**SMALL.entries, "鲸潮卡": (8, "n")}},
    "frequency 0": {"entries": {**SMALL.entries, "鲸潮卡": (0, "n")}},
    "another tag": {"entries": {**SMALL.entries, "鲸潮卡": (7, "nz")}},
    "no words": {"entries": {}},
    "a common word more": {"known": {**SMALL.known, "但是": (1000, "n")}},
    "a common word less": {"known": {"因为": (1000, "n")}},
    "a common word's frequency": {"known": {**SMALL.known, "如果": (999, "n")}},
    "a stop word more": {"stop": SMALL.stop | {"商家"}},
    "a stop word less": {"stop": SMALL.stop - {"的"}},
    "words and common words in each other's place": {"entries": SMALL.known, "known": SMALL.entries},
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_version_changes_with_any_part(change):
    other = replace(SMALL, **CHANGES[change])
    assert other.version != SMALL.version
    assert other != SMALL
    assert len({SMALL, other}) == 2


def test_each_change_has_a_version_of_its_own():
    versions = [replace(SMALL, **change).version for change in CHANGES.values()]
    assert len({SMALL.version, *versions}) == len(versions) + 1


def test_the_version_changes_with_the_synonyms(monkeypatch):
    monkeypatch.setattr(module, "canonical_terms", lambda: {**canonical_terms(), "冒火星": "起火"})
    more = replace(SMALL).version
    monkeypatch.setattr(module, "canonical_terms", lambda: {**canonical_terms(), "冒火星": "冒烟"})
    other = replace(SMALL).version
    monkeypatch.setattr(module, "canonical_terms", lambda: dict(reversed(canonical_terms().items())))
    assert replace(SMALL).version == SMALL.version, "their order does not matter"
    assert len({SMALL.version, more, other}) == 3


@SETTINGS
@given(st.randoms(use_true_random=False))
def test_the_version_does_not_change_with_the_order(shuffled: random.Random):
    def mixed(table):
        return dict(shuffled.sample(sorted(table.items()), len(table)))

    other = Lexicon(mixed(SMALL.entries), mixed(SMALL.known), frozenset(shuffled.sample(sorted(SMALL.stop), 3)))
    assert other.version == SMALL.version
    assert other == SMALL
    assert hash(other) == hash(SMALL)


def test_the_version_is_told_by_the_content_alone():
    assert replace(SMALL, version="0" * 12) == SMALL
    assert replace(SMALL, version="0" * 12).version == SMALL.version
    assert len(SMALL.version) == 12
    assert int(SMALL.version, 16)


def test_a_lexicon_equals_no_other_thing():
    assert SMALL.version != SMALL
    assert SMALL.entries != SMALL


@pytest.mark.parametrize("lexicon", [SMALL, shipped_lexicon()], ids=["small", "shipped"])
def test_a_lexicon_reaches_another_process_as_it_is(lexicon):
    there = cloudpickle.loads(cloudpickle.dumps(lexicon))
    assert there.version == lexicon.version
    assert there == lexicon
    assert there.entries == lexicon.entries
    assert there.stop == lexicon.stop


# --- an office's own words -------------------------------------------------------------------------------------------------


def test_own_words_go_before_those_that_ship():
    own = SMALL.with_own({"鲸潮卡": (90, "nz"), "锂芯": (5, "n")})
    assert own.entries["鲸潮卡"] == (90, "nz")
    assert own.entries["锂芯"] == (5, "n")
    assert own.entries["刹车失灵"] == SMALL.entries["刹车失灵"]
    assert own.known == SMALL.known
    assert own.stop == SMALL.stop
    assert own.version != SMALL.version
    assert SMALL.entries["鲸潮卡"] == (7, "n"), "the lexicon itself stays"


def test_own_words_that_are_there_already_change_nothing():
    assert SMALL.with_own({}) == SMALL
    assert SMALL.with_own({"鲸潮卡": (7, "n")}) == SMALL


def test_own_words_without_the_space_go_before_those_with_it():
    assert engine_words(SMALL)["model3"] == (50, "nz")
    assert engine_words(SMALL.with_own({"model3": (9, "x")}))["model3"] == (9, "x")
    assert "model 3" not in engine_words(SMALL)


def test_an_own_word_can_take_a_word_of_the_engine_back():
    text = "充电时起火"
    assert Segmenter(SMALL.with_own({"起火": (0, "n")})).cut(text) != Segmenter(SMALL).cut(text)


# --- files -----------------------------------------------------------------------------------------------------------------


def test_a_dictionary_is_read_line_by_line():
    lines = ["# ours", "", "  ", "鲸潮卡 50 nz", "  ＯＴＡ锁电\t1000\tn  ", "model 3 20 nz", "理想  L9 3 nz", "新词 0 n\r"]
    assert dictionary_entries(lines, "file") == {
        "鲸潮卡": (50, "nz"),
        "ota锁电": (1000, "n"),
        "model 3": (20, "nz"),
        "理想  l9": (3, "nz"),
        "新词": (0, "n"),
    }


def test_of_a_word_that_stands_twice_the_last_line_holds():
    assert dictionary_entries(["OTA 1 n", "ota 2 v"], "file") == {"ota": (2, "v")}


@pytest.mark.parametrize(
    "line",
    [
        "鲸潮卡",
        "鲸潮卡 50",
        "50 n",
        "鲸潮卡 -5 n",
        "鲸潮卡 many n",
        "鲸潮卡 1.5 n",
        "鲸潮卡 n 50",
        "鲸潮卡 1000000000 n",
        f"鲸潮卡 {'9' * 5000} n",
        "鲸潮卡,50,n",
        " #x",
        "\ufeff",
    ],
)
def test_another_form_is_refused_with_its_line(line):
    with pytest.raises(RadarError, match=r"^config/words\.txt, line 3: a word, its frequency and its tag are needed"):
        dictionary_entries(["# ours", "好词 10 n", line], "config/words.txt")


@SETTINGS
@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_file_is_read_or_refused(lines):
    try:
        entries = dictionary_entries(lines, "file")
    except RadarError:
        return
    assert all(word == normalise(word) and frequency >= 0 for word, (frequency, _) in entries.items())


# --- the lexicon that ships ------------------------------------------------------------------------------------------------


def test_the_words_of_every_reviewed_file_are_in_it():
    nodes = [
        node for tree in ("products", "issues") for root in reference_yaml(tree) for node in (root, *root.get("children", []))
    ]
    wanted = {word for node in nodes for word in node.get("words", [])}
    wanted |= {word for term, variants in reference_yaml("synonyms").items() for word in (term, *variants)}
    wanted |= {line.rsplit(maxsplit=2)[0] for line in reference_lines("lexicon")}
    assert len(wanted) > 700
    assert {normalise(word) for word in wanted} - shipped_lexicon().entries.keys() == set()


def test_words_are_in_one_width_and_case_and_have_frequencies():
    lexicon = shipped_lexicon()
    for table in (lexicon.entries, lexicon.known):
        assert table
        for word, (frequency, tag) in table.items():
            assert word == normalise(word) == word.strip()
            assert frequency > 0
            assert tag
    assert len(engine_words(replace(lexicon, known={}))) == len(lexicon.entries), "no word stands with and without spaces"


def test_the_dictionary_file_says_frequency_and_tag_itself():
    listed = dictionary_entries(reference_lines("lexicon"), "lexicon.txt")
    assert {word: shipped_lexicon().entries[word] for word in listed} == listed


def test_stop_words_are_no_words_of_the_domain():
    lexicon = shipped_lexicon()
    assert lexicon.stop
    assert lexicon.stop & lexicon.entries.keys() == set()
    # A stop word counts as what it is a variant of.
    assert all(canonical_terms().get(word, word) == word for word in lexicon.stop)


def test_single_characters_are_never_added():
    lexicon = shipped_lexicon()
    assert all(len(word) > 1 for word in {**lexicon.entries, **lexicon.known})
    assert {"的", "了"} <= lexicon.stop


def test_words_without_a_frequency_get_the_reviewed_one():
    assert default_entry() == (reference_yaml("segmentation")["frequency"], reference_yaml("segmentation")["tag"])
    assert shipped_lexicon().entries["热水器"] == default_entry()


def test_it_is_made_once():
    assert shipped_lexicon() is shipped_lexicon()
