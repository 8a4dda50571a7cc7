"""The office's own words: accepted, refused, kept in its file, and explained."""

from __future__ import annotations

import pytest

from features.segmentation import Segmenter
from features.synonyms import normalise
from jobs.lexicon import accept, explain, known_words, office_lexicon, office_words, origin
from warehouse.errors import RadarError
from warehouse.home import Home


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path / "home")


def test_accepted_words_are_kept_and_known_from_then_on(home):
    assert office_words(home) == {}
    path = accept(["鲸潮卡", "OTA锁电"], home)
    assert path == home.root / "config" / "lexicon.txt"
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("#")
    assert [line.split()[0] for line in lines] == ["鲸潮卡", "ota锁电"]
    assert Segmenter(office_lexicon(home)).cut("买了鲸潮卡就OTA锁电") == ["买", "了", "鲸潮卡", "就", "ota锁电"]
    assert known_words(home)("鲸潮卡")
    accept(["锂芯虚标"], home)
    assert list(office_words(home)) == ["鲸潮卡", "ota锁电", "锂芯虚标"]
    assert [part.name for part in path.parent.iterdir()] == ["lexicon.txt"]


def test_what_a_person_wrote_into_the_file_stays(home):
    path = home.folder("config") / "lexicon.txt"
    # As an editor of Windows saves it.
    path.write_text("# ours\r\n\r\n鲸潮卡 50 nz", encoding="utf-8-sig")
    accept(["锂芯虚标"], home)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["# ours", "", "鲸潮卡 50 nz"]
    assert lines[3].startswith("锂芯虚标 ")
    assert office_words(home)["鲸潮卡"] == (50, "nz")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["新语甲", "鲸"], "2 to 20 characters"),
        (["新语甲", ""], "2 to 20 characters"),
        (["新语甲", "鲸" * 21], "2 to 20 characters"),
        (["新语甲", "鲸 卡"], "neither spaces"),
        (["新语甲", "鲸\u3000卡"], "neither spaces"),
        (["新语甲", "鲸\n卡"], "neither spaces"),
        (["新语甲", "鲸\x00卡"], "neither spaces"),
        (["新语甲", "鲸\u200b卡"], "neither spaces"),
        (["新语甲", "鲸\ud800卡"], "neither spaces"),
        (["新语甲", "#鲸卡"], "comment"),
        (["新语甲", "新语甲"], "given twice"),
        (["OTA锁定", "ota锁定"], "given twice"),
        (["新语甲", "刹车失灵"], r"in the lexicon already \(warehouse/reference/severity.yml\)"),
        (["新语甲", "鲸潮卡"], r"in the lexicon already \(config/lexicon.txt of the home\)"),
        (["新语甲", "13812345678"], "personal data"),
    ],
)
def test_words_that_are_none_are_refused_and_with_them_all(home, words, message):
    accept(["鲸潮卡"], home)
    with pytest.raises(RadarError, match=message):
        accept(words, home)
    assert list(office_words(home)) == ["鲸潮卡"]


def test_a_word_of_the_engine_may_be_given_a_frequency_of_its_own(home):
    assert origin("充电", home) == "dictionary of the engine"
    accept(["充电"], home)
    told = explain("充电", home)
    assert told["known_from"] == "config/lexicon.txt of the home"
    assert (told["cut_without"], told["cut_with"]) == (["充", "电"], ["充电"])


@pytest.mark.parametrize("line", ["鲸潮卡", "鲸潮卡 many n", "鲸潮卡 -5 n"])
def test_a_file_that_is_not_understood_is_named_with_its_line(home, line):
    path = home.folder("config") / "lexicon.txt"
    path.write_text(f"# ours\n{line}\n", encoding="utf-8")
    for step in (office_words, known_words, lambda home: accept(["锂芯虚标"], home)):
        with pytest.raises(RadarError, match=r"lexicon\.txt, line 2"):
            step(home)
    assert path.read_text(encoding="utf-8") == f"# ours\n{line}\n"


def test_a_word_is_explained(home):
    text = "充电时刹车失灵,鲸潮卡没用"
    accept(["鲸潮卡"], home)
    expected = {
        "充电": ("dictionary of the engine", None, ["充", "电"], ["充电"]),
        "刹车失灵": ("warehouse/reference/severity.yml", 1000, ["刹车", "失灵"], ["刹车失灵"]),
        "鲸潮卡": ("config/lexicon.txt of the home", 1000, ["鲸", "潮", "卡"], ["鲸潮卡"]),
        "没用": ("dictionary of the engine", None, ["没", "用"], ["没用"]),
        "卡没": (None, None, ["鲸潮卡", "没用"], ["鲸潮卡", "没用"]),
    }
    for word, (source, frequency, without, complete) in expected.items():
        told = explain(word, home, text)
        assert (told["word"], told["known_from"], told["frequency"]) == (word, source, frequency)
        assert "".join(told["cut_without"]) == "".join(told["cut_with"]) == normalise(text)
        assert _within(told["cut_without"], without)
        assert _within(told["cut_with"], complete)
    assert explain("锂芯虚标", home)["cut_with"] == ["锂芯虚标"]


def _within(pieces, wanted):
    return any(pieces[at : at + len(wanted)] == wanted for at in range(len(pieces)))
