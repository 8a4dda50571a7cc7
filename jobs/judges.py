"""Who judges complaints in this home: its lexicon, its classifiers, and the fingerprints of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from features.judging import Judges
from features.lexicon import Lexicon
from features.trees import Guess, issues, products
from jobs.lexicon import office_lexicon
from jobs.model_files import DESCRIPTION, describe_model, load_model, misfits
from models.classifier import TextClassifier, grouped, likeliest, within
from models.minhash import NO_BAND, bands, signatures
from models.text_features import Documents
from warehouse.duplicates import duplicate_rules
from warehouse.errors import RadarError

if TYPE_CHECKING:
    from warehouse.home import Home

TREES = {"product": products, "issue": issues}


@dataclass(frozen=True)
class MinHashKeys:
    """Keys of bands of MinHash signatures; settings as reviewed in `duplicates.yml`."""

    permutations: int
    shingle: int
    band_rows: int

    @property
    def version(self) -> str:
        return f"minhash-{self.permutations}-{self.shingle}-{self.band_rows}"

    def of(self, texts: Sequence[str]) -> list[list[int]]:
        """The keys of each text as signed numbers of 64 bits; none for a text without a shingle."""
        if not texts:
            return []
        keys = bands(signatures(texts, permutations=self.permutations, shingle=self.shingle), self.band_rows)
        return [[] if row[0] == NO_BAND else row.tolist() for row in keys.view("int64")]


@dataclass(frozen=True)
class StoredClassifier:
    """A classifier of nodes of a tree in a folder, loaded once by each process that asks it.

    Attributes:
        name: `product` or `issue`, which says whose nodes it tells.
        folder: where it is.
        learned: version of all that it learned.
        minimum: probability below which it abstains.
        lexicon: the words that texts are cut by.
    """

    name: str
    folder: Path
    learned: str
    minimum: float
    lexicon: Lexicon

    @property
    def version(self) -> str:
        """Changes with what it learned and with its threshold: both change verdicts."""
        return f"{self.learned}@{self.minimum:g}"

    def guesses(self, words: Sequence[Sequence[str]], texts: Sequence[str]) -> list[Guess]:
        """The class and, where one stands out in it, the node of each text; certain from the classifier's own threshold on.

        A class is as likely as all its nodes together: a classifier that wavers between two kinds of complaints about quality
        is sure of the quality.
        """
        if not texts:
            return []
        classifier = _loaded(self.folder, self.learned, self.lexicon)
        probabilities = classifier.probabilities(Documents(words, texts))
        top = TREES[self.name]().top
        tops = [top.get(node, node) for node in classifier.classes]
        by_class = grouped(probabilities, tops)
        # Rounding may lift a sum of all classes above one.
        of_classes = np.minimum(by_class.probability, 1.0).tolist()
        node = likeliest(probabilities * within(by_class.labels, tops), classifier.classes)
        return [
            Guess(node_label if of_node > of_class / 2 else class_label, of_class, of_class >= self.minimum)
            for class_label, of_class, node_label, of_node in zip(
                by_class.labels, of_classes, node.labels, node.probability.tolist(), strict=True
            )
        ]


def judges_of(home: Home) -> Judges:
    """Who judges now. A classifier that was never trained, or that does not fit any more, judges nothing.

    Raises:
        RadarError: the office's lexicon is not understood, or the description of a classifier is damaged.
    """
    lexicon, rules = office_lexicon(home), duplicate_rules()
    keys = MinHashKeys(rules.permutations, rules.shingle, rules.band_rows)
    return Judges(lexicon, keys, *(_stored(name, model_folder(home, name), lexicon) for name in TREES))


def model_folder(home: Home, name: str) -> Path:
    """Where the home keeps the classifier of products or issues."""
    return home.root / "models" / name


def trained_models(home: Home) -> list[str]:
    """Classifiers that the home has, whether they fit or not."""
    return [name for name in TREES if (model_folder(home, name) / DESCRIPTION).is_file()]


def unfit_models(home: Home) -> dict[str, list[str]]:
    """Classifiers of the home that judge nothing because they do not fit any more, with the reasons."""
    lexicon = office_lexicon(home)
    reasons = {name: misfits(describe_model(model_folder(home, name)), lexicon) for name in trained_models(home)}
    return {name: why for name, why in reasons.items() if why}


def unfit_told(home: Home) -> list[str]:
    """A line about each classifier that judges nothing."""
    return [
        f"the classifier of {name}s judges nothing ({'; '.join(reasons)}); radar train --date makes it anew"
        for name, reasons in unfit_models(home).items()
    ]


def _stored(name: str, folder: Path, lexicon: Lexicon) -> StoredClassifier | None:
    if not (folder / DESCRIPTION).is_file():
        return None
    description = describe_model(folder)
    if misfits(description, lexicon):
        return None
    return StoredClassifier(name, folder, description.version, description.minimum_probability, lexicon)


@lru_cache(maxsize=4)
def _loaded(folder: Path, learned: str, lexicon: Lexicon) -> TextClassifier:
    """The classifier; `learned` is asked for so that one that was trained anew is loaded anew.

    Raises:
        RadarError: it was trained anew since it was asked for, or is not whole.
    """
    classifier, description = load_model(folder, lexicon)
    if description.version != learned:
        raise RadarError(f"the model in {folder} was trained anew meanwhile; run the command again")
    return classifier
