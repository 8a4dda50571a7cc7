"""Who judges in a home: nobody but words, a trained classifier, or one that does not fit any more."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

from features.judging import judge_all
from features.lexicon import shipped_lexicon
from features.profiles import READS
from features.segmentation import segmenter
from jobs import judges as module
from jobs.doctor import examine
from jobs.judges import TREES, MinHashKeys, StoredClassifier, judges_of, model_folder, unfit_models, unfit_told
from jobs.labelled import LabelledTexts
from jobs.lexicon import accept
from jobs.model_files import describe_model
from jobs.training import train
from warehouse.duplicates import duplicate_rules
from warehouse.errors import RadarError
from warehouse.home import Home

PRODUCT, ISSUE = "product", "issue"
ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 5, 6)
# Without a word of the trees.
TEXT = "冷藏层一直不冷，压缩机响"
PRODUCTS = {
    "G0302": ["制冷室结霜，压缩机一直响", "冷藏层不冷，门封条松了", "保鲜抽屉结冰，温度降不下来"],
    "G0501": ["来电没有铃声，触摸失灵", "信号差，打电话断断续续", "系统更新后一直重启"],
    "S0405": ["教练离职了，剩下的课没人上", "年卡用了两次就不开门", "器械坏了没人管，要求退年卡"],
}
ISSUES = {"A04": ["钱一直不退", "说好七天到账还没到", "退的钱少了一半"], "Q01": ["用了两天就不亮了", "一直响", "温度降不下来"]}


def labelled(classes, copies=8):
    pairs = [(f"{text}，第{copy}回", node) for copy in range(copies) for node, texts in classes.items() for text in texts]
    texts, labels = [text for text, _ in pairs], [node for _, node in pairs]
    return LabelledTexts(texts, labels, 0, "by hand", hashlib.sha256(json.dumps(pairs).encode()).hexdigest())


def learn(home, name, classes, *, minimum=None, copies=8):
    folder = model_folder(home, name)
    return train(labelled(classes, copies), folder, name, judges_of(home).lexicon, minimum=minimum)


def complaint(content, **told):
    known = {"source": "s", "complaint_id": "1", "kind": "投诉", "event_date": DAY, "content": content}
    return dict.fromkeys(READS) | known | told


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path / "home")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A home with both classifiers. Tests that change it take a copy."""
    home = Home.at(tmp_path_factory.mktemp("trained"))
    learn(home, PRODUCT, PRODUCTS)
    learn(home, ISSUE, ISSUES)
    return home


@pytest.fixture
def own(trained, tmp_path):
    """A copy of the trained home that a test may change."""
    copy = Home.at(tmp_path / "own")
    for path in sorted((trained.root / "models").rglob("*")):
        target = copy.root / path.relative_to(trained.root)
        if path.is_dir():
            target.mkdir(parents=True)
        else:
            target.write_bytes(path.read_bytes())
    return copy


def change_description(home, name, **changes):
    path = model_folder(home, name) / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


# --- who judges ------------------------------------------------------------------------------------------------------------


def test_in_a_new_home_words_judge(home):
    judges = judges_of(home)
    assert judges.lexicon == shipped_lexicon()
    assert (judges.product, judges.issue, judges.classifier_version) == (None, None, None)
    rules = duplicate_rules()
    assert judges.fingerprints == MinHashKeys(rules.permutations, rules.shingle, rules.band_rows)
    assert unfit_models(home) == {}
    assert not (home.root / "models").exists(), "asking changes nothing"


def test_who_judges_is_the_same_until_something_changes(home):
    assert judges_of(home) == judges_of(home)
    before = judges_of(home).version
    accept(["鲸潮卡"], home)
    assert judges_of(home).lexicon.entries.keys() - shipped_lexicon().entries.keys() == {"鲸潮卡"}
    assert judges_of(home).version != before


def test_trained_classifiers_judge(trained):
    judges = judges_of(trained)
    assert unfit_models(trained) == {}
    assert list(TREES) == [PRODUCT, ISSUE]
    for name, judge in ((PRODUCT, judges.product), (ISSUE, judges.issue)):
        description = describe_model(model_folder(trained, name))
        assert description.name == name
        assert judge == StoredClassifier(
            name, model_folder(trained, name), description.version, description.minimum_probability, shipped_lexicon()
        )
    assert judges.product.version in judges.classifier_version
    assert judges.issue.version in judges.classifier_version
    assert judges.product.version != judges.issue.version
    (profile,) = judge_all([complaint(TEXT)], judges)
    assert (profile["product_l2"], profile["product_basis"]) == ("G0302", "model")
    # No word of the trees is in it.
    (alone,) = judge_all([complaint(TEXT)], replace(judges, product=None, issue=None))
    assert (alone["product_l2"], alone["product_basis"]) == (None, "none")


def test_one_classifier_may_be_there_without_the_other(home):
    learn(home, ISSUE, ISSUES)
    judges = judges_of(home)
    assert judges.product is None
    assert judges.issue is not None
    assert judges.classifier_version == f"-+{judges.issue.version}"


# --- what it says ----------------------------------------------------------------------------------------------------------


def guesses(judge, *texts):
    cutter = segmenter(judge.lexicon)
    return judge.guesses([cutter.words(text) for text in texts], [cutter.prepared(text) for text in texts])


def test_guesses_are_those_of_each_text_in_order(trained):
    judge = judges_of(trained).product
    texts = ["教练离职，年卡没人管", "压缩机响，冷藏层不冷", "打电话没信号，一直重启"]
    together = guesses(judge, *texts)
    assert [guess.node for guess in together] == ["S0405", "G0302", "G0501"]
    for guess, text in zip(together, texts, strict=True):
        (alone,) = guesses(judge, text)
        assert alone.node == guess.node
        assert alone.probability == pytest.approx(guess.probability)
        assert 0 < guess.probability <= 1
        assert isinstance(guess.probability, float)
    assert guesses(judge) == []


def test_one_that_wavers_within_a_class_is_sure_of_the_class(home):
    """Kinds of complaints about quality that nothing tells apart; quality is told from the rest."""
    quality = ["用了两天就不亮了", "外壳裂开，按键掉了", "一碰就响，声音很大"]
    learn(home, ISSUE, {"Q01": quality, "Q02": quality, "Q03": quality, "A04": ISSUES["A04"]})
    judge = judges_of(home).issue
    wavering, refund = guesses(judge, "外壳裂开，一碰就响", "退的钱少了一半，一直不退")
    assert (wavering.node, wavering.certain) == ("Q", True)
    assert wavering.probability > 0.8
    assert (refund.node, refund.certain) == ("A04", True)
    # A node that has more than half of its class is named.
    learn(home, ISSUE, {"Q01": [*quality, "屏幕不亮"], "Q02": ["漆掉了一大块", "颜色一洗就褪"], "A04": ISSUES["A04"]})
    assert guesses(judges_of(home).issue, "用了两天屏幕就不亮了")[0].node == "Q01"


def test_no_probability_is_above_one(home):
    """All that it can tell is of one class."""
    learn(home, ISSUE, {f"Q0{number}": texts for number, texts in enumerate(PRODUCTS.values(), 1)})
    judge = judges_of(home).issue
    texts = [first + second for texts in PRODUCTS.values() for first in texts for second in ISSUES["Q01"]] * 5
    told = guesses(judge, *(f"{text}{number}" for number, text in enumerate(texts)))
    assert {guess.node[0] for guess in told} == {"Q"}
    assert all(guess.probability == pytest.approx(1) and guess.probability <= 1 for guess in told)


def test_it_is_certain_from_its_own_threshold_on(own):
    probability = guesses(judges_of(own).product, TEXT)[0].probability
    for minimum, certain in ((probability, True), (np.nextafter(probability, 2), False), (0.0, True), (1.01, False)):
        change_description(own, PRODUCT, minimum_probability=float(minimum))
        (guess,) = guesses(judges_of(own).product, TEXT)
        assert (guess.probability, guess.certain) == (probability, certain)


def test_what_it_was_not_taught_it_is_less_sure_of(trained):
    judge = judges_of(trained).product
    known, unknown, nothing = guesses(judge, TEXT, "航班取消，行李没有找到", "")
    assert known.probability > unknown.probability
    assert known.probability > nothing.probability


# --- versions --------------------------------------------------------------------------------------------------------------


def test_the_version_changes_with_what_was_learned(own):
    before = judges_of(own)
    learn(own, PRODUCT, {**PRODUCTS, "S0101": ["上菜慢，菜是凉的", "菜里有头发，多算了一道菜", "服务员算错账"]})
    after = judges_of(own)
    assert after.product.version != before.product.version
    assert after.issue == before.issue
    assert after.version != before.version
    assert after.classifier_version != before.classifier_version


def test_the_version_changes_with_the_threshold_alone(own):
    """The same arrays abstain on other texts: complaints must be judged anew."""
    before = judges_of(own)
    learn(own, PRODUCT, PRODUCTS, minimum=0.99)
    after = judges_of(own)
    assert after.product.learned == before.product.learned
    assert after.product.version != before.product.version
    assert after.version != before.version


def test_the_version_does_not_change_with_training_the_same_again(own):
    before = judges_of(own).version
    learn(own, PRODUCT, PRODUCTS)
    assert judges_of(own).version == before


# --- loading ---------------------------------------------------------------------------------------------------------------


def test_it_is_loaded_once(own, monkeypatch):
    loads = []
    load_model = module.load_model
    monkeypatch.setattr(module, "load_model", lambda *arguments: loads.append(arguments) or load_model(*arguments))
    judge = judges_of(own).product
    assert loads == [], "who judges is known without its arrays"
    for _ in range(3):
        guesses(judge, TEXT)
        guesses(judges_of(own).product, TEXT)
    assert len(loads) == 1


def test_what_was_trained_anew_is_loaded_anew(own):
    old = judges_of(own).product
    assert guesses(old, TEXT)[0].node == "G0302"
    # The classes are called otherwise now.
    names = {"G0302": "G0303", "G0501": "G0602", "S0405": "S0301"}
    learn(own, PRODUCT, {names[node]: texts for node, texts in PRODUCTS.items()})
    assert guesses(judges_of(own).product, TEXT)[0].node == "G0303"


def test_who_asks_for_what_was_trained_anew_meanwhile_is_told_so(own):
    old = judges_of(own).product
    learn(own, PRODUCT, PRODUCTS, copies=9)
    assert judges_of(own).product.learned != old.learned
    with pytest.raises(RadarError, match="was trained anew meanwhile"):
        guesses(old, TEXT)


# --- other processes -------------------------------------------------------------------------------------------------------

ASK = """
import sys
import cloudpickle
judges = cloudpickle.load(sys.stdin.buffer)
from features.segmentation import segmenter
cutter = segmenter(judges.lexicon)
(guess,) = judges.product.guesses([cutter.words(sys.argv[1])], [cutter.prepared(sys.argv[1])])
print(judges.version, judges.product.version, guess.node, repr(guess.probability), judges.fingerprints.of(["abcdef"]))
"""


def test_judges_survive_the_way_to_another_process(trained):
    judges = judges_of(trained)
    assert guesses(judges.product, TEXT), "its loaded arrays do not go along"
    again = cloudpickle.loads(cloudpickle.dumps(judges))
    assert again == judges
    assert (again.version, again.product.version) == (judges.version, judges.product.version)
    done = subprocess.run(
        [sys.executable, "-c", ASK, TEXT], cwd=ROOT, input=cloudpickle.dumps(judges), capture_output=True, check=True
    )
    (guess,) = guesses(judges.product, TEXT)
    said = f"{judges.version} {judges.product.version} {guess.node} {guess.probability!r} {judges.fingerprints.of(['abcdef'])}"
    assert done.stdout.decode().strip() == said


# --- what does not fit -----------------------------------------------------------------------------------------------------


def test_a_word_more_makes_classifiers_unfit(own):
    accept(["压缩机响"], own)
    assert unfit_models(own) == {PRODUCT: ["the lexicon has changed"], ISSUE: ["the lexicon has changed"]}
    judges = judges_of(own)
    assert (judges.product, judges.issue) == (None, None)
    (profile,) = judge_all([complaint(TEXT)], judges)
    assert profile["product_basis"] == "none"
    # Trained with that word, it fits.
    learn(own, PRODUCT, PRODUCTS)
    assert unfit_models(own).keys() == {ISSUE}
    assert judges_of(own).product is not None
    assert judges_of(own).issue is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "0" * 12}, "the code has changed"),
        ({"lexicon": "0" * 12}, "the lexicon has changed"),
        ({"libraries": {}}, "made with numpy of unknown version, here is "),
    ],
)
def test_an_unfit_classifier_is_named_and_left_out(own, changes, said):
    change_description(own, PRODUCT, **changes)
    unfit = unfit_models(own)
    assert unfit.keys() == {PRODUCT}
    assert unfit[PRODUCT][0].startswith(said)
    judges = judges_of(own)
    assert judges.product is None
    assert judges.issue is not None


def classifiers_seen_by_doctor(home):
    (seen,) = [finding for finding in examine(str(home.root)) if finding.what == "classifiers"]
    return seen


def test_all_reasons_are_told(own):
    change_description(own, ISSUE, code="0" * 12, lexicon="0" * 12)
    assert unfit_models(own) == {ISSUE: ["the lexicon has changed", "the code has changed"]}
    (line,) = unfit_told(own)
    assert line.startswith("the classifier of issues judges nothing (the lexicon has changed; the code has changed)")
    seen = classifiers_seen_by_doctor(own)
    assert (seen.ok, seen.found) == (False, "issue: the lexicon has changed, the code has changed")
    assert "radar train" in seen.mend


def test_enriching_begins_by_naming_what_judges_nothing(own):
    change_description(own, ISSUE, code="0" * 12)
    command = [Path(sys.executable).parent / "radar", "--home", str(own.root), "enrich"]
    # It is told before the tables are opened, which without Java they cannot be.
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "JAVA_HOME": "/nonexistent"})
    (line,) = unfit_told(own)
    # Lines are folded to the width of the terminal.
    assert line in " ".join(done.stderr.split())


def test_the_doctor_names_classifiers_that_fit(own, home):
    assert unfit_told(own) == []
    assert (classifiers_seen_by_doctor(own).ok, classifiers_seen_by_doctor(own).found) == (True, "product, issue")
    assert (classifiers_seen_by_doctor(home).ok, classifiers_seen_by_doctor(home).found) == (True, "none trained, words judge")


def test_the_doctor_survives_a_damaged_description(own):
    (model_folder(own, PRODUCT) / "model.json").write_text("{", encoding="utf-8")
    seen = classifiers_seen_by_doctor(own)
    assert not seen.ok
    assert "model.json is damaged" in seen.found


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"name": "product"}'])
def test_a_damaged_description_is_told(own, content):
    (model_folder(own, PRODUCT) / "model.json").write_text(content, encoding="utf-8")
    for ask in (judges_of, unfit_models):
        with pytest.raises(RadarError, match=r"product/model\.json is damaged"):
            ask(own)


def test_a_lexicon_that_is_not_understood_is_told(own):
    (own.folder("config") / "lexicon.txt").write_text("鲸潮卡 many n\n", encoding="utf-8")
    with pytest.raises(RadarError, match=r"lexicon\.txt, line 1"):
        judges_of(own)


@pytest.mark.parametrize("damage", ["missing", "other"])
def test_arrays_that_are_not_whole_are_told_when_they_are_asked(own, damage):
    # One that was never loaded.
    learn(own, PRODUCT, PRODUCTS, copies=10)
    arrays = model_folder(own, PRODUCT) / "model.npz"
    arrays.unlink()
    if damage == "other":
        arrays.write_bytes(b"PK")
    with pytest.raises(RadarError, match=r"model\.npz"):
        guesses(judges_of(own).product, TEXT)
