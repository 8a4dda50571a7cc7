"""Classifiers trained on labelled texts, scored on texts they have not seen, and described on a card."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.lexicon import Lexicon
from jobs.labelled import LabelledTexts, documents_of
from jobs.model_files import ModelDescription, load_model, save_model
from models.classifier import ClassifierSettings, TextClassifier, likeliest
from models.verdict_scores import VerdictScores, score_verdicts
from reports.model_card import render_model_card
from warehouse.classifying import classifying
from warehouse.errors import RadarError
from warehouse.home import write_whole

CARD = "MODEL_CARD.md"
TERMS_SHOWN = 12


@dataclass(frozen=True)
class Trained:
    """What training gave.

    Attributes:
        description: the classifier's description.
        scores: figures on the training set, each part judged by a model that had not seen it.
        unlearned: rows of classes with too few examples, by class.
        files: files written.
    """

    description: ModelDescription
    scores: VerdictScores
    unlearned: dict[str, int]
    files: list[Path]


def train(labelled: LabelledTexts, folder: Path, name: str, lexicon: Lexicon, *, minimum: float | None = None) -> Trained:
    """Train a classifier, score it by cross-validation, and write it with its card.

    Args:
        labelled: texts and labels.
        folder: folder to write; a model there is replaced.
        name: what the classifier tells.
        lexicon: the words that texts are cut by.
        minimum: probability below which it abstains; that of `classifier.yml` if None.

    Raises:
        RadarError: fewer than two classes have enough examples, or the folder cannot be written.
    """
    minimum = classifying().minimum_probability if minimum is None else minimum
    classifier = TextClassifier(reviewed_settings())
    try:
        unseen = classifier.fit(documents_of(labelled.texts, lexicon), labelled.labels)
    except ValueError as error:
        raise RadarError(f"{labelled.source}: nothing can be learned: {error}") from error
    verdicts = likeliest(unseen, classifier.classes)
    scores = score_verdicts(labelled.labels, verdicts.labels, verdicts.probability, minimum)
    rows = Counter(labelled.labels)
    unlearned = {label: count for label, count in sorted(rows.items()) if label not in set(classifier.classes)}
    description = save_model(
        folder,
        name,
        classifier,
        lexicon,
        minimum=minimum,
        data={
            "source": labelled.source,
            "sha256": labelled.sha256,
            "rows": len(labelled),
            "skipped": labelled.skipped,
            "classes": {label: rows[label] for label in classifier.classes},
            "unlearned": unlearned,
        },
        scores=figures_of(scores),
    )
    card = folder / CARD
    terms = classifier.telling_terms(TERMS_SHOWN)
    write_whole(card, render_model_card(dataclasses.asdict(description), scores.by_class, scores.confusion, terms))
    return Trained(description, scores, unlearned, [folder / "model.npz", folder / "model.json", card])


def evaluate(folder: Path, labelled: LabelledTexts, lexicon: Lexicon) -> VerdictScores:
    """Score the classifier of a folder on labelled texts; labels it does not know count as errors.

    Raises:
        RadarError: there is no model, or it does not fit.
    """
    classifier, description = load_model(folder, lexicon)
    verdicts = classifier.judge(documents_of(labelled.texts, lexicon))
    return score_verdicts(labelled.labels, verdicts.labels, verdicts.probability, description.minimum_probability)


def figures_of(scores: VerdictScores) -> dict[str, Any]:
    """The figures as plain numbers, rounded to four places."""
    return {
        "rows": scores.rows,
        "accuracy": round(scores.accuracy.value, 4),
        "accuracy_interval": [round(scores.accuracy.low, 4), round(scores.accuracy.high, 4)],
        "macro_f1": round(scores.macro_f1.value, 4),
        "macro_f1_interval": [round(scores.macro_f1.low, 4), round(scores.macro_f1.high, 4)],
        "coverage": round(scores.coverage, 4),
        "covered_accuracy": round(scores.covered_accuracy, 4),
        "covered_macro_f1": round(scores.covered_macro_f1, 4),
        "calibration_error": round(scores.calibration_error, 4),
    }


def reviewed_settings() -> ClassifierSettings:
    """How classifiers are trained, as `classifier.yml` says."""
    reviewed = classifying()
    return ClassifierSettings(
        ngrams=reviewed.ngrams,
        min_documents=reviewed.min_documents,
        max_terms=reviewed.max_terms,
        penalties=reviewed.penalties,
        balance=reviewed.balance,
        folds=reviewed.folds,
        min_examples=reviewed.min_examples,
    )
