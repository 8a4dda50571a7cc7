"""New words for the lexicon: what is proposed of generated complaints, by hand and by command."""

from __future__ import annotations

import csv
import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
import rjieba
from typer.testing import CliRunner

from features.lexicon import shipped_lexicon
from features.lexicon_candidates import is_amount, is_person, new_word_rules
from features.masking import mask
from features.synonyms import normalise
from jobs.commands.lexicon import app
from jobs.lexicon import accept, default_settings, known_words, office_lexicon, propose
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream
from warehouse.errors import RadarError
from warehouse.home import Home

PLANTED = ["鲸潮卡", "锂芯虚标", "ota锁电", "闪兔优选"]
NO_WORDS = ["的人", "我在", "了吗", "是这样"]


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path / "home")


@pytest.fixture(scope="module")
def complaints():
    """Some thousand generated texts."""
    drafter = Drafter(7, preset("national-year", scale=0.05))
    return [mask(text) for text in RowWriter(drafter).rows(stream(7, "texts"), drafter.draft(0))["具体问题"].to_pylist()[:4000]]


def planted(texts, words, every=80):
    """The texts; into some of them each word was written at any place."""
    random, changed = np.random.default_rng(3), list(texts)
    for word in words:
        for at in random.choice(len(texts), len(texts) // every, replace=False):
            text = changed[at]
            place = int(random.integers(0, len(text) + 1))
            changed[at] = text[:place] + word + text[place:]
    return changed


def known(word):
    return rjieba.Jieba().has_word(word)


# --- propose ---------------------------------------------------------------------------------------------------------------


def test_planted_words_are_found_and_frequent_pieces_of_sentences_are_not(complaints, home):
    texts = planted(complaints, [*PLANTED, *NO_WORDS])
    words = [row["word"] for row in propose(texts, None, default_settings(), known_words(home))]
    assert set(PLANTED) <= set(words)
    assert not set(NO_WORDS) & set(words)
    assert not [word for word in words if any(part in word for part in NO_WORDS)]


def test_what_is_new_leads_where_there_is_a_background(complaints, home):
    half = len(complaints) // 2
    now = planted(complaints[:half], PLANTED, every=40)
    rows = propose(now, complaints[half:], default_settings(), known_words(home))
    assert {row["word"] for row in rows[: len(PLANTED) + 2]} >= set(PLANTED)
    by_word = {row["word"]: row for row in rows}
    for word in PLANTED:
        assert by_word[word]["growth_lower"] > 5
        # Some were written next to what is masked, and are passed over.
        assert 0.8 * len(now) // 40 <= by_word[word]["texts"] <= sum(word in text for text in now)


def test_nothing_known_is_proposed(complaints, home):
    texts = planted(complaints, PLANTED)
    accept(PLANTED[:2], home)
    rows = propose(texts, None, default_settings(), known_words(home))
    words = {row["word"] for row in rows}
    assert set(PLANTED[2:]) <= words
    assert not set(PLANTED[:2]) & words
    engine, lexicon = rjieba.Jieba(), office_lexicon(home)
    assert not [word for word in words if engine.has_word(word) or word in lexicon.entries]


def test_people_are_not_proposed(complaints, home):
    names = ["蔡婉婷", "邓经理", "覃某", "钟玉ze", "黎晓燕"]
    texts = planted(complaints, [*names, "鲸潮卡"])
    words = [row["word"] for row in propose(texts, None, default_settings(), known_words(home))]
    assert "鲸潮卡" in words
    assert not [word for word in words if any(name in word for name in names[:3]) or word in names]


def test_amounts_are_not_proposed(complaints, home):
    texts = planted(complaints, ["亏损3800余元", "鲸潮卡", "5760余元", "凌晨4点"])
    words = [row["word"] for row in propose(texts, None, default_settings(), known_words(home))]
    assert "鲸潮卡" in words
    assert not [word for word in words if word.endswith(("元", "余", "点", "3800", "5760"))]


def test_a_limit_cuts_the_tail_off(complaints, home):
    settings = default_settings()
    every = propose(complaints, None, settings, known_words(home))
    assert len(every) > 5
    few = propose(complaints, None, settings, known_words(home), 5)
    assert [row["word"] for row in few] == [row["word"] for row in every[:5]]
    assert all(len(row["examples"]) <= new_word_rules().shown for row in every)
    assert [row["score"] for row in every] == sorted((row["score"] for row in every), reverse=True)


@pytest.mark.parametrize("texts", [[], [""], ["\x00", "\ud800"], ["*" * 1000]])
def test_texts_without_words(texts, home):
    assert propose(texts, texts, default_settings(), known_words(home)) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3天", True),
        ("3天内", True),
        ("两个月", True),
        ("一年半", True),
        ("2018年8月", True),
        ("于2018年8月", True),
        ("1000多元", True),
        ("1.5升", True),
        ("打了12345", True),
        ("降价6000", True),
        ("12345热线", False),
        ("15天包退", False),
        ("三电系统", False),
        ("三包期", False),
        ("三只松鼠", False),
        ("六个核桃", False),
        ("95号汽油", False),
        ("宝马x3", False),
        ("5g套餐", False),
        ("4s店", False),
        ("p2p", False),
        ("1" * 100_000, True),
        ("1年" * 50_000 + "x", False),
        ("", False),
    ],
)
def test_amounts_and_dates(text, amount):
    assert is_amount(text) is amount


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("王建国", True),
        ("欧阳娜娜", True),
        ("王伟", True),
        ("李经理", True),
        ("王建国经理", True),
        ("晗花书记", True),
        ("张某", True),
        ("刘总", True),
        ("邢ze", True),
        ("万达", False),
        ("金龙鱼", False),
        ("小红书", False),
        ("维修师傅", False),
        ("销售经理", False),
        ("宝马x3", False),
        ("高度怀疑", False),
        ("", False),
    ],
)
def test_people(text, person):
    assert is_person(text, (), known) is person


def test_a_rare_given_name_is_told_by_what_stands_around_it():
    assert not is_person("徐羲", ["去徐羲退货", "徐羲的鞋"])
    assert is_person("徐羲", ["联系人徐羲退货", "徐羲的鞋"])
    assert is_person("徐羲", ["找徐羲女士退货"])
    assert not is_person("徐羲", ["找徐羲女士退货", *["徐羲的鞋"] * 9])


def test_the_words_that_ship_would_pass_but_for_a_few():
    words = shipped_lexicon().entries
    assert not [word for word in words if is_person(word, (), known)]
    assert len([word for word in words if is_amount(word)]) <= 3


# --- the command -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(home, monkeypatch):
    monkeypatch.setenv("RADAR_HOME", str(home.root))

    def invoke(*arguments):
        done = CliRunner().invoke(app, list(map(str, arguments)))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return invoke


@pytest.fixture
def file(complaints, tmp_path):
    path = tmp_path / "complaints.csv"
    pd.DataFrame({"编号": range(len(complaints)), "内容": planted(complaints, PLANTED)}).to_csv(path, index=False)
    return path


def test_any_file_can_be_looked_at_without_the_tables(run, file, tmp_path):
    output = tmp_path / "out" / "words.csv"
    done = run("propose", "--input", file, "--text", "内容", "--limit", "40", "--output", output, "--json")
    told = json.loads(done.stdout)
    words = [row["word"] for row in told["words"]]
    assert set(PLANTED) <= set(words)
    assert told["proposed"] == len(words) <= 40
    assert told["background_read"] is None
    assert told["words"][0]["growth"] is None
    with output.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["word"] for row in rows] == words
    assert all(row["examples"].startswith("…") for row in rows)


def test_a_file_of_before_tells_what_is_new(run, file, complaints, tmp_path):
    before = tmp_path / "before.csv"
    pd.DataFrame({"内容": complaints}).to_csv(before, index=False)
    shown = run("propose", "--input", file, "--text", "内容", "--background", before, "--limit", "10", "--zh").stdout
    assert set(PLANTED) <= set(shown.split())
    assert "增长倍数" in shown
    assert "增长倍数" not in run("propose", "--input", file, "--text", "内容", "--limit", "3", "--zh").stdout


def test_texts_of_a_file_are_masked(run, complaints, tmp_path):
    path = tmp_path / "raw.csv"
    numbers = [f"138{i:04d}{7 * i:04d}" for i in range(60)]
    texts = [f"{text[:40]}鲸潮卡,{number}" for text, number in zip(complaints, numbers, strict=False)]
    pd.DataFrame({"内容": texts}).to_csv(path, index=False)
    shown = run("propose", "--input", path, "--text", "内容", "--json").stdout
    assert "鲸潮卡,138" not in shown
    assert not [number for number in numbers if number in shown]
    assert "鲸潮卡" in [row["word"] for row in json.loads(shown)["words"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["propose"], "say which texts"),
        (["propose", "--input", "missing.csv", "--text", "内容"], "not a readable CSV"),
        (["propose", "--input", "missing.csv"], "--input needs --text"),
        (["propose", "--date", "someday"], "no date"),
        (["accept", "a b"], "neither spaces"),
        (["show", "鲸"], "2 to 20 characters"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, arguments, message):
    with pytest.raises(RadarError, match=message):
        run(*arguments)


def test_a_missing_column_is_named(run, file):
    with pytest.raises(RadarError, match="no column 正文; it has 编号, 内容"):
        run("propose", "--input", file, "--text", "正文")


def test_words_are_accepted_and_shown(run):
    assert json.loads(run("accept", "鲸潮卡", "锂芯虚标", "--json").stdout)["accepted"] == ["鲸潮卡", "锂芯虚标"]
    told = json.loads(run("show", "鲸潮卡", "--text", "买鲸潮卡", "--json").stdout)
    assert told["cut_with"] == ["买", "鲸潮卡"]
    assert "鲸 / 潮 / 卡" in run("show", "鲸潮卡", "--zh").stdout


# --- measured on real texts ------------------------------------------------------------------------------------------------


def test_words_of_the_lexicon_are_found_again_in_real_texts(shared_data):
    """Without the lexicon, most of its words that five texts or more have are proposed anew."""
    texts = pd.read_csv(shared_data / "auto12365_2024" / "complaints.csv", encoding="utf-8-sig", dtype=str)["投诉简述"].fillna(
        ""
    )
    engine = rjieba.Jieba()
    different = set(map(normalise, map(mask, texts)))
    spread = {word: sum(word in text for text in different) for word in shipped_lexicon().entries if not engine.has_word(word)}
    hidden = [word for word, n in spread.items() if n >= 2 * default_settings().texts]
    words = {row["word"] for row in propose(sorted(different), None, default_settings(), engine.has_word)}
    assert len(hidden) >= 15
    assert np.mean([word in words for word in hidden]) >= 0.75


def test_the_first_words_of_the_dictionary_alone_are_words(shared_data):
    """With nothing known, what leads the list is in the engine's dictionary for the most part: the order tells words."""
    texts = pd.read_csv(shared_data / "auto12365_2024" / "complaints.csv", encoding="utf-8-sig", dtype=str)["投诉简述"].fillna(
        ""
    )
    engine = rjieba.Jieba()
    settings = dataclasses.replace(default_settings(), texts=10)
    rows = propose([mask(text) for text in texts], None, settings, lambda _: False)
    share = [np.mean([engine.has_word(row["word"]) for row in part]) for part in (rows[:200], rows[-200:])]
    assert share[0] > 0.6
    assert share[1] < 0.5
