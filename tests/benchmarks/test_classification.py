"""The classifiers' benchmark: what it compares, its paired intervals, and what it says where the data are absent."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from benchmarks import classification
from benchmarks.classification import DATA_SETS, OURS, compare, folds, held_out, lead
from jobs.labelled import LabelledTexts, labelled_file

SAID = {"家电": "冰箱不制冷压缩机响", "汽车": "发动机漏油变速箱顿挫", "食品": "牛奶过期蛋糕发霉"}


def labelled(count):
    rng = np.random.default_rng(0)
    names = list(SAID)
    labels = [names[place % 3] for place in range(count)]
    texts = ["".join(rng.choice(list(SAID[label]), 8)) + "要求退款" for label in labels]
    return LabelledTexts(texts, labels, 0, "test", "")


def test_all_ways_judge_the_same_unseen_texts_once(monkeypatch):
    monkeypatch.setattr(classification, "DRAWS", 50)
    data = labelled(120)
    parts = list(folds(data.labels))
    assert sorted(np.concatenate([unseen for _, unseen in parts])) == list(range(120))
    assert all(not set(seen) & set(unseen) for seen, unseen in parts)
    compared = compare("made-up", data, parts)
    assert {scores.rows for scores in compared.scores.values()} == {120}
    assert min(scores.macro_f1.value for scores in compared.scores.values()) > 0.95
    for way, ahead in compared.ahead.items():
        gap = compared.scores[OURS].macro_f1.value - compared.scores[way].macro_f1.value
        assert ahead.value == pytest.approx(gap)
        assert f"{way} macro-F1 " in str(compared)


def test_the_held_out_part_has_the_classes_proportions():
    labels = ["a"] * 80 + ["b"] * 20
    seen, unseen = held_out(labels)
    assert not set(seen) & set(unseen)
    assert sorted(labels[place] for place in unseen) == ["a"] * 16 + ["b"] * 4


def test_the_lead_is_that_of_macro_f1_and_its_interval_is_of_pairs():
    rng = np.random.default_rng(1)
    truth = rng.choice(["a", "b", "c"], 400)
    other = np.where(rng.random(400) < 0.4, "a", truth)
    # Ours mends every fourth error of the other and makes no other: the pairs leave no doubt that it is ahead.
    ours = np.where((other != truth) & (rng.random(400) < 0.25), truth, other)
    found = lead(truth, ours, other)
    gap = f1_score(truth, ours, average="macro") - f1_score(truth, other, average="macro")
    assert found.value == pytest.approx(gap)
    assert 0 < found.low < gap < found.high < 3 * gap
    assert lead(truth, other, other).low == lead(truth, other, other).high == 0


def test_it_says_that_the_data_are_absent(monkeypatch):
    monkeypatch.setattr(classification, "REAL_DATA", Path("/nowhere"))
    assert str(classification.run()) == "classification: left out, /nowhere is not on this machine"


def test_the_data_sets_have_the_columns_that_are_read(shared_data):
    for data in DATA_SETS:
        told = labelled_file(shared_data / data.file, data.text, data.label)
        assert len(told) > 2000
        assert 7 <= len(set(told.labels)) <= 19
