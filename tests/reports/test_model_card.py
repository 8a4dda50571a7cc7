"""The model card: what a reader must find on it, however strange names and figures are."""

from collections import Counter

import numpy as np
import pytest

from models.verdict_scores import score_verdicts
from reports import model_card
from reports.model_card import render_model_card

TRUTH = ["家电"] * 6 + ["汽车"] * 3 + ["食品"]
SAID = ["家电", "家电", "家电", "家电", "汽车", "食品", "汽车", "汽车", "家电", "食品"]
MINIMUM = 0.5


def description(**changes):
    told = {
        "name": "product",
        "version": "abcdef012345",
        "lexicon": "1" * 12,
        "code": "2" * 12,
        "libraries": {"numpy": "2.4", "scipy": "1.16"},
        "settings": {"ngrams": [1, 2], "folds": 5, "min_examples": 5},
        "minimum_probability": MINIMUM,
        "data": {
            "source": "投诉.csv",
            "sha256": "f" * 64,
            "rows": 10,
            "skipped": 2,
            "classes": dict(Counter(TRUTH)),
            "unlearned": {},
        },
        "scores": {
            "rows": 10,
            "accuracy": 0.7,
            "accuracy_interval": [0.4, 0.9],
            "macro_f1": 0.65432,
            "macro_f1_interval": [0.3, 0.88888],
            "coverage": 0.8,
            "covered_accuracy": 0.75,
            "covered_macro_f1": 0.7,
            "calibration_error": 0.123,
        },
    }
    return told | changes


def card(truth=TRUTH, said=SAID, terms=None, **changes):
    scores = score_verdicts(truth, said, np.full(len(truth), 0.9), MINIMUM)
    return render_model_card(description(**changes), scores.by_class, scores.confusion, terms or {})


def table(text, heading):
    """The cells of the rows below a heading, without the head of the table."""
    lines = text.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").replace("\\|", "\0").split("|")] for row in rows]
    return [[cell.replace("\0", "|") for cell in row] for row in cells[2:]]


def test_what_the_model_is_stands_first():
    told = dict(table(card(), "概况"))
    assert card().splitlines()[0] == "# 模型卡：product"
    assert told["模型版本"] == "abcdef012345"
    assert told["训练数据"] == f"投诉.csv（SHA-256 {'f' * 12}）"
    assert told["训练样本"].startswith("10 条；另有 2 条")
    assert told["类别"] == "3 个"
    assert told["参数"] == "ngrams=[1, 2]，folds=5，min_examples=5"
    assert told["程序库"] == "numpy 2.4，scipy 1.16"
    assert (told["词典版本"], told["代码版本"]) == ("1" * 12, "2" * 12)


def test_figures_are_told_with_four_places_and_their_intervals():
    rows = table(card(), "效果")
    assert [row[1:] for row in rows] == [
        ["0.7000", "0.4000—0.9000"],
        ["0.6543", "0.3000—0.8889"],
        ["0.8000", ""],
        ["0.7500", ""],
        ["0.7000", ""],
        ["0.1230", ""],
    ]
    assert "概率不低于 0.5" in rows[2][0]
    assert "训练集分为 5 份" in card()
    assert "概率低于 0.75 时模型弃权" in card(minimum_probability=0.75)


def test_classes_stand_from_the_most_frequent_to_the_rarest():
    rows = table(card(terms={"家电": ["冰箱", "空调"], "汽车": ["刹车"]}), "各类别")
    # By hand: 家电 is said five times and four times rightly, of six.
    assert rows == [
        ["家电", "6", "0.800", "0.667", "0.727", "冰箱、空调"],
        ["汽车", "3", "0.667", "0.667", "0.667", "刹车"],
        ["食品", "1", "0.500", "1.000", "0.667", ""],
    ]


def test_confusions_stand_from_the_most_frequent_with_their_share():
    said = ["家电"] * 3 + ["汽车"] * 2 + ["食品"] + ["汽车"] * 2 + ["家电"] + ["食品"]
    rows = table(card(said=said), "最常见的混淆")
    assert [row[:3] for row in rows] == [["家电", "汽车", "2"], ["家电", "食品", "1"], ["汽车", "家电", "1"]]
    shares = [float(row[3].rstrip("%")) / 100 for row in rows]
    assert shares == pytest.approx([2 / 6, 1 / 6, 1 / 3], abs=0.006)


def test_only_the_most_frequent_confusions_are_told(monkeypatch):
    names = [f"类{number:02d}" for number in range(30)]
    truth = [name for number, name in enumerate(names) for _ in range(number + 2)]
    # Each class is taken for the next one but once.
    said = [name if copy == 0 else names[(number + 1) % 30] for number, name in enumerate(names) for copy in range(number + 2)]
    rows = table(card(truth, said), "最常见的混淆")
    assert len(rows) == model_card.CONFUSIONS_SHOWN < 30
    assert [int(row[2]) for row in rows] == list(range(30, 30 - len(rows), -1))
    monkeypatch.setattr(model_card, "CONFUSIONS_SHOWN", 2)
    assert len(table(card(truth, said), "最常见的混淆")) == 2


def test_a_model_without_a_mistake():
    text = card(said=TRUTH)
    assert "没有判错的样本。" in text
    assert table(text, "最常见的混淆") == []
    assert "没有判错的样本。" not in card()


def test_classes_too_rare_to_learn_are_named():
    data = description()["data"] | {"unlearned": {"宠|物": 3, "乐器": 1}}
    text = card(data=data)
    assert "样本不足 5 条的类别没有学习" in text
    assert "宠\\|物（3 条）、乐器（1 条）。" in text
    assert "没有学习" not in card()


@pytest.mark.parametrize("name", ["食|品", "a\nb", "`x`", "<b>家电</b>", "  ", "|", "$\\|$", "很长" * 100])
def test_names_of_others_open_no_column_and_no_line(name):
    truth = [name] * 6 + ["汽车"] * 4
    said = [name] * 5 + ["汽车"] * 4 + [name]
    data = description()["data"] | {"source": name, "classes": dict(Counter(truth)), "unlearned": {name: 1}}
    text = card(truth, said, {name: [name, "词"], "汽车": []}, name=name, data=data)
    plain = card(
        ["家电"] * 6 + ["汽车"] * 4,
        ["家电"] * 5 + ["汽车"] * 4 + ["家电"],
        data=description()["data"] | {"unlearned": {"家电": 1}},
    )
    assert len(text.splitlines()) == len(plain.splitlines())
    assert [len(row) for row in table(text, "各类别")] == [6, 6]
    assert [len(row) for row in table(text, "最常见的混淆")] == [4, 4]
    assert all(len(row) == 2 for row in table(text, "概况"))


def test_the_card_is_the_same_every_time():
    assert card() == card()
    assert card().endswith("\n")
    assert "{{" not in card()
    assert "None" not in card()
