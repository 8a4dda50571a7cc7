"""`radar train` and `radar evaluate` on labelled files: figures, refusals, and models that do not fit."""

import csv
import json

import numpy as np
import pytest

from jobs.cli import main

TEXTS = {
    "家电": ["冰箱买了三天就不制冷，压缩机一直响", "空调漏水，售后不上门", "洗衣机甩干时异响，要求换货"],
    "汽车": ["发动机烧机油，4S店拖延", "变速箱顿挫，要求退车", "轮胎鼓包，商家拒绝更换"],
    "食|品": ["牛奶过期还在卖", "蛋糕里吃出头发", "火腿肠发霉变质"],
}


@pytest.fixture
def radar(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RADAR_HOME", str(tmp_path / "home"))

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["radar", *map(str, arguments)])
        code = 0
        try:
            code = main() or 0
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def labelled(tmp_path):
    rows = [(f"{text}，第{number}次投诉", label) for number in range(12) for label, texts in TEXTS.items() for text in texts]
    return write(tmp_path / "labelled.csv", [*rows, ("", "家电"), ("没有标签", "")])


def write(path, rows, encoding="utf-8", columns=("投诉内容", "类别")):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def trained(radar, labelled, folder):
    code, out, err = radar("train", "--input", labelled, "--text", "投诉内容", "--label", "类别", "--model", folder, "--json")
    assert code == 0, err
    return json.loads(out)


def test_trains_scores_and_describes(radar, labelled, tmp_path):
    told = trained(radar, labelled, tmp_path / "model")
    assert (told["rows"], told["skipped"], told["classes"], told["unlearned"]) == (108, 2, 3, {})
    assert told["accuracy"] == told["macro_f1"] == 1.0
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"| 模型版本 | {told['version']} |" in card
    # A label is text of others: it must not open a column of its own.
    assert "| 食\\|品 | 36 | 1.000 | 1.000 | 1.000 |" in card


def test_evaluates_on_another_file(radar, labelled, tmp_path):
    trained(radar, labelled, tmp_path / "model")
    others = [("空调不制冷", "家电"), ("变速箱顿挫", "汽车"), ("牛奶发霉", "汽车"), ("宽带太慢", "电信")]
    unseen = write(tmp_path / "unseen.csv", others, encoding="gb18030")
    code, out, err = radar(
        "evaluate", "--model", tmp_path / "model", "--input", unseen, "--text", "投诉内容", "--label", "类别", "--json"
    )
    assert code == 0, err
    told = json.loads(out)
    assert told["rows"] == 4
    assert told["accuracy"] == 0.5
    # 家电 1 of 1 and perhaps the unknown 电信, which nothing is judged as; 汽车 1 of 2.
    assert {row["class"]: row["recall"] for row in told["classes"]}["电信"] == 0
    assert told["confusion"]["汽车"]["食|品"] == 1
    assert 0 < told["coverage"] <= 1


def test_training_twice_gives_the_same_model(radar, labelled, tmp_path):
    first, second = (trained(radar, labelled, tmp_path / name) for name in ("one", "two"))
    assert first["version"] == second["version"]


def test_a_threshold_of_its_own_is_kept_in_the_model(radar, labelled, tmp_path):
    arguments = ("--input", labelled, "--text", "投诉内容", "--label", "类别", "--model", tmp_path / "model")
    assert radar("train", *arguments, "--minimum", "1.0")[0] == 0
    code, out, _ = radar("evaluate", *arguments, "--json")
    assert code == 0
    assert json.loads(out)["coverage"] == 0


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ([("文本", "类")], ("投诉内容", "类别"), "fewer than two classes"),
        ([("文本", "")], ("投诉内容", "类别"), "no row has both"),
        ([("文本", "类")], ("内容", "类别"), "has no column 投诉内容; it has 内容, 类别"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_line(radar, tmp_path, rows, columns, said):
    path = write(tmp_path / "bad.csv", rows, columns=columns)
    code, _, err = radar("train", "--input", path, "--text", "投诉内容", "--label", "类别", "--model", tmp_path / "model")
    assert code == 1
    assert said in err
    assert len(err.strip().splitlines()[-1:]) == 1
    assert not (tmp_path / "model" / "model.json").exists()


def test_a_missing_file_and_a_missing_model(radar, labelled, tmp_path):
    columns = ("--text", "投诉内容", "--label", "类别")
    assert "cannot be read" in radar("train", "--input", tmp_path / "none.csv", *columns, "--model", tmp_path / "m")[2]
    code, _, err = radar("evaluate", "--model", tmp_path / "m", "--input", labelled, *columns)
    assert code == 1
    assert "there is no model" in err


@pytest.mark.parametrize("change", ["lexicon", "code", "library", "arrays", "description"])
def test_a_model_that_does_not_fit_is_refused(radar, labelled, tmp_path, change):
    folder = tmp_path / "model"
    trained(radar, labelled, folder)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    said = {"lexicon": "the lexicon has changed", "code": "the code has changed", "library": "made with scikit-learn 0.1"}
    if change == "lexicon":
        # The office adds a word: texts are cut in another way from then on.
        config = tmp_path / "home" / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "lexicon.txt").write_text("第三次投诉 1000 n\n", encoding="utf-8")
    elif change == "code":
        description["code"] = "0" * 12
    elif change == "library":
        description["libraries"]["scikit-learn"] = "0.1"
    elif change == "arrays":
        with (folder / "model.npz").open("wb") as file:
            np.savez(file, classes=np.array(["a", "b"]))
        said["arrays"] = "is not the file that its description names"
    else:
        description.pop("name")
        said["description"] = "is damaged"
    (folder / "model.json").write_text(json.dumps(description), encoding="utf-8")
    arguments = ("--input", labelled, "--text", "投诉内容", "--label", "类别", "--model", folder)
    code, _, err = radar("evaluate", *arguments)
    assert code == 1
    assert said[change] in err


def test_an_array_that_would_run_code_is_not_loaded(radar, labelled, tmp_path):
    import hashlib

    folder = tmp_path / "model"
    trained(radar, labelled, folder)
    with (folder / "model.npz").open("wb") as file:
        np.savez(file, classes=np.array([object()], dtype=object))
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    description["arrays"] = hashlib.sha256((folder / "model.npz").read_bytes()).hexdigest()
    (folder / "model.json").write_text(json.dumps(description), encoding="utf-8")
    arguments = ("--input", labelled, "--text", "投诉内容", "--label", "类别", "--model", folder)
    code, _, err = radar("evaluate", *arguments)
    assert code == 1
    assert "damaged" in err
