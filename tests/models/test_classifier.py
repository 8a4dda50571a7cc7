"""Classifiers beside scikit-learn's own pipeline, and probabilities that mean what they say."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from models.classifier import ClassifierSettings, TextClassifier, fit_temperature, grouped, likeliest, within
from models.text_features import Documents, TextFeatures

SETTINGS = ClassifierSettings(
    ngrams=(1, 2), min_documents=1, max_terms=5000, penalties=(1.0,), balance=0.0, folds=3, min_examples=3
)
WORDS_ALONE = ClassifierSettings(
    ngrams=(0, 0), min_documents=1, max_terms=5000, penalties=(1.0,), balance=0.0, folds=3, min_examples=3
)
SUBJECTS = {
    "家电": ["冰箱", "空调", "洗衣机", "不制冷", "压缩机", "漏水"],
    "汽车": ["发动机", "变速箱", "异响", "4s店", "轮胎", "刹车"],
    "食品": ["过期", "发霉", "牛奶", "异物", "蛋糕", "变质"],
}
COMMON = ["商家", "客服", "要求", "退款", "购买", "没有"]


def complaints(count, seed=0, noise=0.0):
    """Words drawn from the class's own and common ones; a share of `noise` has another class's label."""
    rng = np.random.default_rng(seed)
    names = list(SUBJECTS)
    labels = [names[place % len(names)] for place in range(count)]
    words = [[*rng.choice(SUBJECTS[label], 3), *rng.choice(COMMON, 4)] for label in labels]
    told = [names[rng.integers(len(names))] if rng.random() < noise else label for label in labels]
    return Documents(words, ["".join(row) for row in words]), told


def test_verdicts_are_those_of_the_same_pipeline_of_scikit_learn():
    documents, labels = complaints(240, noise=0.3)
    unseen, _ = complaints(100, seed=1)
    classifier = TextClassifier(WORDS_ALONE)
    classifier.fit(documents, labels)
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True, dtype=np.float32), LinearSVC(C=1.0, random_state=0)
    ).fit(documents.words, labels)
    scores = pipeline.decision_function(unseen.words)
    expected = softmax(scores / classifier.temperature, axis=1)
    assert classifier.classes == list(pipeline.classes_)
    np.testing.assert_allclose(classifier.probabilities(unseen), expected, atol=1e-4)


def test_characters_tell_what_words_do_not():
    documents, labels = complaints(240)
    blind = Documents([["商家"] for _ in documents.words], documents.texts)
    with_ngrams, without = TextClassifier(SETTINGS), TextClassifier(WORDS_ALONE)
    with_ngrams.fit(blind, labels)
    without.fit(blind, labels)
    assert with_ngrams.judge(blind).labels == labels
    assert len(set(without.judge(blind).labels)) == 1


def test_probabilities_mean_what_they_say():
    documents, labels = complaints(3000, noise=0.4)
    unseen, truth = complaints(3000, seed=1, noise=0.4)
    classifier = TextClassifier(SETTINGS)
    classifier.fit(documents, labels)
    judged = classifier.judge(unseen)
    right = np.array(judged.labels) == np.array(truth)
    # 40 % of the labels are drawn anew from three classes.
    assert right.mean() == pytest.approx(0.6 + 0.4 / 3, abs=0.03)
    assert judged.probability.mean() == pytest.approx(right.mean(), abs=0.05)


def test_out_of_fold_probabilities_are_not_those_of_a_model_that_has_seen_the_document():
    documents, _ = complaints(300)
    labels = list(np.random.default_rng(5).permutation(["a", "b", "c"] * 100))
    # With a word of its own each document can be learned by heart, and only so.
    own = Documents([[*words, f"x{place}"] for place, words in enumerate(documents.words)], documents.texts)
    classifier = TextClassifier(SETTINGS)
    unseen = likeliest(classifier.fit(own, labels), classifier.classes)
    assert np.mean(np.array(classifier.judge(own).labels) == labels) > 0.9
    assert np.mean(np.array(unseen.labels) == labels) < 0.5


def test_the_penalty_is_the_one_that_does_best_on_unseen_documents():
    documents, labels = complaints(300, noise=0.5)
    # With a word of its own each document can be learned by heart; a small penalty does not care to.
    own = Documents([[*words, *[f"x{place}"] * 3] for place, words in enumerate(documents.words)], documents.texts)
    macro_f1 = {}
    for penalty in (1e-4, 0.1, 100.0):
        alone = TextClassifier(replace(WORDS_ALONE, penalties=(penalty,)))
        unseen = likeliest(alone.fit(own, labels), alone.classes).labels
        macro_f1[penalty] = f1_score(labels, unseen, average="macro")
    for penalties in ((1e-4, 0.1, 100.0), (100.0, 0.1, 1e-4)):
        chosen = TextClassifier(replace(WORDS_ALONE, penalties=penalties))
        unseen = likeliest(chosen.fit(own, labels), chosen.classes).labels
        assert macro_f1[chosen.penalty] == max(macro_f1.values())
        assert f1_score(labels, unseen, average="macro") == max(macro_f1.values())
    assert max(macro_f1.values()) > min(macro_f1.values())


@pytest.mark.parametrize("classes", [2, 3])
def test_restored_from_its_arrays_it_judges_the_same(classes):
    documents, labels = complaints(240)
    kept = [place for place, label in enumerate(labels) if label in list(SUBJECTS)[:classes]]
    documents, labels = documents.at(kept), [labels[place] for place in kept]
    classifier = TextClassifier(SETTINGS)
    classifier.fit(documents, labels)
    restored = TextClassifier.from_arrays(SETTINGS, classifier.to_arrays())
    np.testing.assert_array_equal(restored.probabilities(documents), classifier.probabilities(documents))
    assert restored.judge(documents).labels == labels
    assert restored.telling_terms(5) == classifier.telling_terms(5)


def test_arrays_that_do_not_fit_each_other_are_refused():
    documents, labels = complaints(60)
    classifier = TextClassifier(SETTINGS)
    classifier.fit(documents, labels)
    arrays = classifier.to_arrays()
    with pytest.raises(ValueError, match="do not fit"):
        TextClassifier.from_arrays(SETTINGS, {**arrays, "classes": arrays["classes"][:2]})


def test_a_class_with_too_few_examples_is_not_learned():
    documents, labels = complaints(240)
    labels[:2] = ["罕见", "罕见"]
    classifier = TextClassifier(SETTINGS)
    unseen = classifier.fit(documents, labels)
    assert classifier.classes == sorted(SUBJECTS)
    assert unseen.shape == (240, 3)


def test_a_compound_never_met_is_read_by_the_known_words_within_it():
    documents, labels = complaints(240)
    classifier = TextClassifier(WORDS_ALONE)
    classifier.fit(documents, labels)
    strange = Documents([["冰箱压缩机"], ["过期牛奶"], ["刹车异响"], ["空调" * 7]], ["", "", "", ""])
    nothing = classifier.probabilities(Documents([[]], [""]))[0]
    judged = classifier.judge(strange)
    assert judged.labels[:3] == ["家电", "食品", "汽车"]
    assert judged.probability[:3].min() > nothing.max() + 0.1
    # No word is that long: what somebody pasted is not taken apart.
    np.testing.assert_allclose(classifier.probabilities(strange)[3], nothing)


def test_a_compound_counts_as_itself_and_as_the_words_within_it():
    features = TextFeatures(ngrams=(0, 0), min_documents=1, max_terms=100)
    vectors = features.fit_transform(
        Documents([["消费者协会", "app"], ["消费者", "协会"], ["apple", "费者"]], [""] * 3)
    ).toarray()
    found = [{term for term, weight in zip(features.terms(), row, strict=True) if weight} for row in vectors]
    assert found == [{"消费者协会", "消费者", "协会", "费者", "app"}, {"消费者", "费者", "协会"}, {"apple", "费者"}]


def test_ngrams_are_those_of_scikit_learn():
    texts = ["冰箱  不制冷", "冰 箱漏水，漏水", "apple手机\n\n发热", "", "机"]
    unseen = ["冰箱发热  漏", "没有见过", ""]
    for ngrams in ((1, 2), (2, 3)):
        features = TextFeatures(ngrams=ngrams, min_documents=1, max_terms=100)
        theirs = TfidfVectorizer(analyzer="char", ngram_range=ngrams, lowercase=False, sublinear_tf=True, dtype=np.float32)
        ours = features.fit_transform(Documents([["词"]] * 5, texts)).toarray()[:, 1:]
        np.testing.assert_allclose(ours, theirs.fit_transform(texts).toarray())
        seen = features.transform(Documents([["词"]] * 3, unseen)).toarray()[:, 1:]
        np.testing.assert_allclose(seen, theirs.transform(unseen).toarray())
        assert not features.transform(Documents([[]], [""])).toarray().any()


def test_nothing_can_be_learned_of_one_class():
    documents, _ = complaints(30)
    with pytest.raises(ValueError, match="fewer than two classes"):
        TextClassifier(SETTINGS).fit(documents, ["家电"] * 30)


def test_documents_of_unknown_words_and_none_at_all():
    documents, labels = complaints(240)
    classifier = TextClassifier(SETTINGS)
    classifier.fit(documents, labels)
    strange = classifier.probabilities(Documents([[]], [""]))
    assert strange.sum() == pytest.approx(1.0)
    assert classifier.judge(Documents([], [])).labels == []


def test_telling_terms_are_the_class_s_own():
    documents, labels = complaints(600)
    classifier = TextClassifier(WORDS_ALONE)
    classifier.fit(documents, labels)
    assert {name: set(terms) for name, terms in classifier.telling_terms(6).items()} == {
        name: set(words) for name, words in SUBJECTS.items()
    }


def test_the_temperature_is_the_one_that_a_search_finds():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, 500)
    scores = rng.normal(size=(500, 3)) + 1.5 * np.eye(3)[truth]
    grid = np.exp(np.linspace(-2, 2, 4001))
    smooth = np.where(np.eye(3)[truth] == 1, 1 - 1 / 502, 1 / 502 / 2)
    losses = [-(smooth * np.log(softmax(scores / t, axis=1))).sum(axis=1).mean() for t in grid]
    assert fit_temperature(scores, truth) == pytest.approx(grid[np.argmin(losses)], rel=0.01)


def test_few_documents_without_an_error_are_no_certainty():
    truth = np.array([0, 1] * 10)
    scores = np.where(np.eye(2)[truth] == 1, 1.0, -1.0)
    assert softmax(scores / fit_temperature(scores, truth), axis=1).max() == pytest.approx(21 / 22, abs=0.001)


def test_balance_gives_a_rare_class_its_due():
    documents, labels = complaints(900, noise=0.5)
    kept = [place for place, label in enumerate(labels) if label != "汽车" or place % 15 == 1]
    unseen, truth = complaints(600, seed=1)
    recalls = []
    for balance in (0.0, 1.0):
        classifier = TextClassifier(replace(SETTINGS, balance=balance))
        classifier.fit(documents.at(kept), [labels[place] for place in kept])
        judged = np.array(classifier.judge(unseen).labels)
        recalls.append(np.mean(judged[np.array(truth) == "汽车"] == "汽车"))
    assert recalls[1] > recalls[0] + 0.05


def test_a_group_is_as_likely_as_its_classes_together():
    probabilities = np.array([[0.3, 0.3, 0.4], [0.1, 0.2, 0.7]])
    judged = grouped(probabilities, ["质量", "质量", "售后"])
    assert judged.labels == ["质量", "售后"]
    np.testing.assert_allclose(judged.probability, [0.6, 0.7])
    np.testing.assert_array_equal(within(judged.labels, ["质量", "质量", "售后"]), [[1, 1, 0], [0, 0, 1]])
