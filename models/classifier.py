"""What a text is about: a linear classifier whose probabilities are calibrated, and which abstains where it does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from models.text_features import Arrays, Documents, TextFeatures

Floats = NDArray[np.float64]
# A class that a fold has no example of is as good as impossible there.
ABSENT = -10.0
LEAST_CLASSES = 2


@dataclass(frozen=True)
class ClassifierSettings:
    """How a classifier is trained.

    Attributes:
        ngrams: shortest and longest character n-gram; (0, 0) for words alone.
        min_documents: documents that a term must occur in.
        max_terms: terms of each kind at the most.
        penalties: what C of the support vector machine is chosen from; larger fits the training set more closely.
        balance: power of a class's rarity that its examples weigh; 0 all alike, 1 all classes alike.
        folds: folds of the training set by which probabilities are calibrated.
        min_examples: examples that a class needs; rarer ones cannot be learned.
    """

    ngrams: tuple[int, int]
    min_documents: int
    max_terms: int
    penalties: tuple[float, ...]
    balance: float
    folds: int
    min_examples: int


@dataclass(frozen=True)
class Judged:
    """The likeliest class of each document and its probability, `n_documents` each."""

    labels: list[str]
    probability: Floats


class TextClassifier:
    """One-vs-rest linear support vector machine on TF-IDF, with probabilities by temperature scaling.

    Its penalty is the one with the highest macro-F1 on documents that the model had not seen: how closely examples are worth
    following depends on how many there are and how well they were labelled.

    The temperature, one number, is fitted on scores of documents that the scoring model had not seen (Guo, Pleiss, Sun &
    Weinberger 2017, On Calibration of Modern Neural Networks, ICML). It changes no verdict and needs few examples, where
    calibrating each class by itself would fit noise.
    """

    def __init__(self, settings: ClassifierSettings) -> None:
        self.settings = settings
        self.classes: list[str] = []
        self.temperature = 1.0
        self.penalty = settings.penalties[0]
        self._features = TextFeatures(settings.ngrams, settings.min_documents, settings.max_terms)
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    def fit(self, documents: Documents, labels: Sequence[str]) -> Floats:
        """Learn from labelled documents.

        Returns:
            Probabilities of the training documents by models that had not seen them, `n_documents × n_classes`; a row of a
            class too rare to learn is there too.

        Raises:
            ValueError: fewer than two classes have enough examples, or no term occurs in enough documents.
        """
        given = np.array(labels, dtype=str)
        names, counts = np.unique(given, return_counts=True)
        self.classes = [str(name) for name in names[counts >= self.settings.min_examples]]
        if len(self.classes) < LEAST_CLASSES:
            raise ValueError(f"fewer than two classes have {self.settings.min_examples} examples")
        by_penalty = self._unseen_scores(documents, given)
        learned = np.isin(given, self.classes)
        truth = np.searchsorted(self.classes, given[learned])
        quality = [f1_score(truth, scores[learned].argmax(axis=1), average="macro") for scores in by_penalty]
        self.penalty, scores = self.settings.penalties[np.argmax(quality)], by_penalty[np.argmax(quality)]
        self.temperature = fit_temperature(scores[learned], truth)
        vectors = self._features.fit_transform(documents.at(np.flatnonzero(learned)))
        self._learn(vectors, given[learned], self.penalty)
        return self._probabilities(scores)

    def probabilities(self, documents: Documents) -> Floats:
        """Probability of each class, `n_documents × n_classes`; rows add up to one."""
        return self._probabilities(self._scores(self._features.transform(documents)))

    def judge(self, documents: Documents) -> Judged:
        """The likeliest class of each document."""
        if not len(documents):
            return Judged([], np.zeros(0))
        return likeliest(self.probabilities(documents), self.classes)

    def telling_terms(self, most: int) -> dict[str, list[str]]:
        """Per class the terms that speak for it most, the strongest first."""
        terms = self._features.terms()
        order = np.argsort(-self._weights, axis=1, kind="stable")[:, :most]
        return {name: [terms[column] for column in row] for name, row in zip(self.classes, order, strict=True)}

    def to_arrays(self) -> Arrays:
        """All that was learned, as plain arrays: no code is in them."""
        return {
            "classes": np.array(self.classes, dtype=str),
            "temperature": np.array(self.temperature),
            "weights": self._weights,
            "bias": self._bias,
            **self._features.to_arrays(),
        }

    @classmethod
    def from_arrays(cls, settings: ClassifierSettings, arrays: Mapping[str, NDArray[np.generic]]) -> TextClassifier:
        """The classifier that `to_arrays` was called on.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not fit each other.
        """
        restored = cls(settings)
        restored.classes = [str(name) for name in arrays["classes"]]
        restored.temperature = float(arrays["temperature"])
        restored._weights, restored._bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
        restored._features.restore(arrays)
        if restored._weights.shape != (len(restored.classes), len(restored._features.terms())):
            raise ValueError("weights do not fit classes and terms")
        return restored

    def _learn(self, vectors: sparse.csr_matrix, labels: NDArray[np.str_], penalty: float) -> None:
        names, counts = np.unique(labels, return_counts=True)
        weights = dict(zip(names, (counts.mean() / counts) ** self.settings.balance, strict=True))
        machine = LinearSVC(C=penalty, class_weight=weights, random_state=0).fit(vectors, labels)
        coefficients, bias = machine.coef_, machine.intercept_
        if len(coefficients) == 1:
            # Of two classes only the second has a row.
            coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
        self._weights, self._bias = coefficients.astype(np.float32), bias.astype(np.float32)

    def _scores(self, vectors: sparse.csr_matrix) -> Floats:
        return np.asarray(vectors @ self._weights.T + self._bias, dtype=float)

    def _probabilities(self, scores: Floats) -> Floats:
        return np.asarray(softmax(scores / self.temperature, axis=1), dtype=float)

    def _unseen_scores(self, documents: Documents, labels: NDArray[np.str_]) -> Floats:
        """Scores of every document by models that were trained without it, `n_penalties × n_documents × n_classes`."""
        scores = np.full((len(self.settings.penalties), len(documents), len(self.classes)), ABSENT)
        folds = StratifiedKFold(self.settings.folds, shuffle=True, random_state=0)
        # Rare classes are one group to the folds, which need as many examples of each.
        groups = np.where(np.isin(labels, self.classes), labels, "")
        for seen, unseen in folds.split(groups, groups):
            known = seen[np.isin(labels[seen], self.classes)]
            part = TextClassifier(self.settings)
            part.classes = [str(name) for name in np.unique(labels[known])]
            vectors = part._features.fit_transform(documents.at(known))
            others = part._features.transform(documents.at(unseen))
            columns = np.searchsorted(self.classes, part.classes)
            for place, penalty in enumerate(self.settings.penalties):
                part._learn(vectors, labels[known], penalty)
                scores[place][np.ix_(unseen, columns)] = part._scores(others)
        return scores


def likeliest(probabilities: Floats, classes: Sequence[str]) -> Judged:
    """The class with the largest probability in each row; ties go to the first."""
    best = probabilities.argmax(axis=1)
    return Judged([classes[place] for place in best], probabilities[np.arange(len(best)), best])


def grouped(probabilities: Floats, groups: Sequence[str]) -> Judged:
    """The likeliest group of classes in each row; a group is as likely as its classes together.

    Args:
        probabilities: `n_documents × n_classes`.
        groups: group of each class.
    """
    names, place = np.unique(np.array(groups, dtype=str), return_inverse=True)
    sums = probabilities @ (place[:, None] == np.arange(len(names))).astype(float)
    return likeliest(sums, [str(name) for name in names])


def within(chosen: Sequence[str], groups: Sequence[str]) -> Floats:
    """1 for the classes of each row's group, 0 for the others, `n_documents × n_classes`."""
    return np.asarray(np.array(chosen, dtype=str)[:, None] == np.array(groups, dtype=str), dtype=float)


def fit_temperature(scores: Floats, truth: NDArray[np.integer]) -> float:
    """The temperature under which the scores' softmax gives the truth the highest likelihood.

    One document more than there are is taken to be of another class (after Platt 1999, Probabilistic Outputs for Support
    Vector Machines): scores that never err on a few documents are no reason to be certain.

    Args:
        scores: `n_documents × n_classes`, two classes at least.
        truth: number of the true class of each document.
    """
    doubt = 1 / (len(truth) + 2)

    def loss(log_temperature: float) -> float:
        likelihood = log_softmax(scores / np.exp(log_temperature), axis=1)
        told = likelihood[np.arange(len(truth)), truth]
        others = (likelihood.sum(axis=1) - told) / (scores.shape[1] - 1)
        return -float(((1 - doubt) * told + doubt * others).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded").x))
