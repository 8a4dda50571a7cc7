"""Text classifiers on real complaints that were labelled by others: ours beside the pipelines one would write in ten lines.

Run it alone with `python -m benchmarks.classification`: it takes some minutes, and says so where the data are absent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.masking import REAL_DATA
from features.lexicon import shipped_lexicon
from jobs.labelled import LabelledTexts, documents_of, labelled_file
from jobs.training import reviewed_settings
from models.classifier import Judged, TextClassifier
from models.verdict_scores import DRAWS, Interval, VerdictScores, score_verdicts
from warehouse.classifying import classifying

OURS, LOGISTIC, SVM = "ours", "plain logistic regression", "plain SVM"
FOLDS = 5
HELD_OUT = 0.2
SEED = 0
# Texts of the usual length that the speed is measured on.
CHARACTERS, TIMED = 140, 5000

Places = NDArray[np.integer]
# Verdicts on some texts after training on others.
Way = Callable[[Places, Places], Judged]


class DataSet(NamedTuple):
    """A labelled file and its columns; whether a held-out part is shown beside the folds."""

    name: str
    file: str
    text: str
    label: str
    held_out: bool


DATA_SETS = (
    DataSet("citizen messages by subject", "gov_messages_2020/labelled.csv", "text", "label", held_out=True),
    DataSet("car complaints by fault", "auto12365_2024/complaints.csv", "投诉简述", "投诉问题", held_out=False),
)


@dataclass(frozen=True)
class Compared:
    """Scores of all ways on the same texts, and by how much the macro-F1 of ours is higher.

    Attributes:
        what: data set and split.
        scores: by way; the plain ways never abstain.
        ahead: by plain way, with the interval of paired bootstrap samples.
    """

    what: str
    scores: dict[str, VerdictScores]
    ahead: dict[str, Interval]

    def __str__(self) -> str:
        ours = self.scores[OURS]
        lines = [
            f"{self.what}: {way} macro-F1 {_told(scores.macro_f1)}, accuracy {_told(scores.accuracy)}"
            + (f"; ours is {_told(self.ahead[way], '+.3f')} ahead" if way in self.ahead else "")
            for way, scores in self.scores.items()
        ]
        lines.insert(
            1,
            f"{self.what}: ours judges {ours.coverage:.1%} of {ours.rows:,}, {ours.covered_accuracy:.1%} of them rightly; "
            f"calibration error {ours.calibration_error:.3f}",
        )
        return "\n".join(f"classification, {line}" for line in lines)


@dataclass(frozen=True)
class Classification:
    """All comparisons, and microseconds that ours takes for a complaint of the usual length whose words are known."""

    compared: list[Compared]
    micros: float

    def __str__(self) -> str:
        if not self.compared:
            return f"classification: left out, {REAL_DATA} is not on this machine"
        return "\n".join([*map(str, self.compared), f"classification: {self.micros:.0f} µs for {CHARACTERS} characters"])


def run() -> Classification:
    """Score all ways on every data set; print whom ours takes for whom on the held-out part."""
    compared, micros = [], 0.0
    for data in DATA_SETS if REAL_DATA.is_dir() else ():
        labelled = labelled_file(REAL_DATA / data.file, data.text, data.label)
        micros = micros or judging_micros(labelled)
        splits = {f"{FOLDS} folds": list(folds(labelled.labels))}
        if data.held_out:
            splits = {f"held-out {HELD_OUT:.0%}": [held_out(labelled.labels)], **splits}
        for split, parts in splits.items():
            compared.append(compare(f"{data.name}, {split}", labelled, parts))
            if split.startswith("held-out"):
                print(f"classification, {compared[-1].what}, by true class (rows) and verdict of ours (columns):")
                print(compared[-1].scores[OURS].confusion.to_string())
    return Classification(compared, micros)


def folds(labels: Sequence[str]) -> Iterator[tuple[Places, Places]]:
    """Places to train on and to judge: each text is judged once."""
    yield from StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels)


def held_out(labels: Sequence[str]) -> tuple[Places, Places]:
    """Places to train on and to judge, in the classes' proportions."""
    seen, unseen = train_test_split(np.arange(len(labels)), test_size=HELD_OUT, random_state=SEED, stratify=labels)
    return seen, unseen


def compare(what: str, labelled: LabelledTexts, parts: Sequence[tuple[Places, Places]]) -> Compared:
    """Judge the unseen texts of all parts in every way."""
    unseen = np.concatenate([part for _, part in parts])
    truth = np.array(labelled.labels)[unseen]
    verdicts, scores = {}, {}
    for name, way in ways(labelled).items():
        judged = [way(seen, part) for seen, part in parts]
        verdicts[name] = np.concatenate([one.labels for one in judged])
        probability = np.concatenate([one.probability for one in judged])
        minimum = classifying().minimum_probability if name == OURS else 0.0
        scores[name] = score_verdicts(truth.tolist(), verdicts[name].tolist(), probability, minimum)
    ahead = {name: lead(truth, verdicts[OURS], verdicts[name]) for name in verdicts if name != OURS}
    return Compared(f"{what} of {len(labelled):,} texts in {len(set(labelled.labels))} classes", scores, ahead)


def ways(labelled: LabelledTexts) -> dict[str, Way]:
    """Ours as `radar train` trains it, and character n-grams through scikit-learn's logistic regression and SVM."""
    documents, labels = documents_of(labelled.texts, shipped_lexicon()), np.array(labelled.labels)
    texts = np.array(labelled.texts, dtype=object)

    def ours(seen: Places, unseen: Places) -> Judged:
        classifier = TextClassifier(reviewed_settings())
        classifier.fit(documents.at(seen), labels[seen].tolist())
        return classifier.judge(documents.at(unseen))

    def plain(machine: LogisticRegression | LinearSVC) -> Way:
        def way(seen: Places, unseen: Places) -> Judged:
            pipeline = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2), machine)
            verdicts = pipeline.fit(texts[seen], labels[seen]).predict(texts[unseen])
            return Judged(verdicts.tolist(), np.ones(len(unseen)))

        return way

    return {OURS: ours, LOGISTIC: plain(LogisticRegression(max_iter=1000)), SVM: plain(LinearSVC(random_state=SEED))}


def lead(truth: NDArray[np.str_], ours: NDArray[np.str_], other: NDArray[np.str_]) -> Interval:
    """How much higher the macro-F1 of our verdicts is, with its 95 % interval over the same bootstrap samples of both."""
    names, codes = np.unique(np.concatenate([truth, ours, other]), return_inverse=True)
    true, *both = codes.reshape(3, -1)
    rng = np.random.default_rng(SEED)

    def apart(places: Places | slice) -> float:
        first, second = (_macro_f1(true[places], verdict[places], len(names)) for verdict in both)
        return first - second

    drawn = [apart(rng.integers(len(true), size=len(true))) for _ in range(DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(apart(slice(None)), float(low), float(high))


def judging_micros(labelled: LabelledTexts) -> float:
    """Microseconds that a classifier trained on all texts takes for one of the usual length, in batches."""
    classifier = TextClassifier(reviewed_settings())
    classifier.fit(documents_of(labelled.texts, shipped_lexicon()), labelled.labels)
    texts = pd.Series(labelled.texts).str[:CHARACTERS]
    documents = documents_of(texts.sample(TIMED, replace=True, random_state=SEED).tolist(), shipped_lexicon())
    start = time.process_time()
    classifier.judge(documents)
    return (time.process_time() - start) / len(documents) * 1e6


def _macro_f1(truth: Places, verdict: Places, classes: int) -> float:
    hits = np.bincount(truth[truth == verdict], minlength=classes)
    both = np.bincount(truth, minlength=classes) + np.bincount(verdict, minlength=classes)
    return float((2 * hits[both > 0] / both[both > 0]).mean())


def _told(figure: Interval, form: str = ".3f") -> str:
    return f"{figure.value:{form}} ({figure.low:{form}} to {figure.high:{form}})"


if __name__ == "__main__":
    print(run())
