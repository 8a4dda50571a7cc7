"""Classifiers on disk: plain arrays beside a description, loaded only where data, code and libraries fit."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from features.lexicon import Lexicon
from models.classifier import ClassifierSettings, TextClassifier
from warehouse.errors import RadarError
from warehouse.files import ROOT
from warehouse.home import write_whole

ARRAYS, DESCRIPTION = "model.npz", "model.json"
# Other versions of these may cut or weigh the same text in another way.
LIBRARIES = ("numpy", "rjieba", "scikit-learn", "scipy")
CODE = ("models/classifier.py", "models/text_features.py", "features/segmentation.py", "features/synonyms.py")


@dataclass(frozen=True)
class ModelDescription:
    """What a classifier is: the content of `model.json`.

    Attributes:
        name: what it tells, such as `product`.
        version: twelve hex digits over all that it learned.
        arrays: SHA-256 of its arrays.
        lexicon: version of the lexicon that cut its texts.
        code: hash of the code that reads texts and arrays.
        libraries: versions of the libraries.
        settings: how it was trained.
        minimum_probability: probability below which it abstains.
        data: what it was trained on: `file` or table, `sha256`, `rows`, `classes`, `skipped`.
        scores: figures on parts of the training set that were held out in turn.
    """

    name: str
    version: str
    arrays: str
    lexicon: str
    code: str
    libraries: dict[str, str]
    settings: dict[str, Any]
    minimum_probability: float
    data: dict[str, Any]
    scores: dict[str, Any]


def save_model(
    folder: Path,
    name: str,
    classifier: TextClassifier,
    lexicon: Lexicon,
    *,
    minimum: float,
    data: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> ModelDescription:
    """Write a classifier into a folder; a reader meets the old one or the new one whole, for the description names its arrays.

    Raises:
        RadarError: the folder cannot be written.
    """
    learned = classifier.to_arrays()
    version = _hash_of(learned)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = folder / f"{ARRAYS}.part"
        with scratch.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **learned)
        arrays = hashlib.sha256(scratch.read_bytes()).hexdigest()
        description = ModelDescription(
            name=name,
            version=version,
            arrays=arrays,
            lexicon=lexicon.version,
            code=code_version(),
            libraries=library_versions(),
            settings=asdict(classifier.settings),
            minimum_probability=minimum,
            data=dict(data),
            scores=dict(scores),
        )
        scratch.replace(folder / ARRAYS)
        write_whole(folder / DESCRIPTION, json.dumps(asdict(description), ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise RadarError(f"the model cannot be written to {folder}: {error.strerror}") from error
    return description


def describe_model(folder: Path) -> ModelDescription:
    """The description of the classifier in a folder.

    Raises:
        RadarError: there is none, or it is damaged.
    """
    path = folder / DESCRIPTION
    try:
        return ModelDescription(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise RadarError(f"there is no model in {folder}; radar train makes one") from None
    except (OSError, ValueError, TypeError) as error:
        raise RadarError(f"{path} is damaged: {error}") from error


def load_model(folder: Path, lexicon: Lexicon) -> tuple[TextClassifier, ModelDescription]:
    """The classifier in a folder.

    Raises:
        RadarError: there is none, it is damaged, or it was made with another lexicon, other code or other libraries.
    """
    description = describe_model(folder)
    refused = misfits(description, lexicon)
    if refused:
        raise RadarError(f"the model in {folder} does not fit ({'; '.join(refused)}); train it anew with radar train")
    try:
        content = (folder / ARRAYS).read_bytes()
    except OSError as error:
        raise RadarError(f"{folder / ARRAYS} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != description.arrays:
        raise RadarError(f"{folder / ARRAYS} is not the file that its description names; train the model anew")
    try:
        # Arrays of numbers and texts only: nothing in the file is ever run.
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            settings = ClassifierSettings(**{**description.settings, "ngrams": tuple(description.settings["ngrams"])})
            return TextClassifier.from_arrays(settings, dict(arrays)), description
    except (KeyError, TypeError, ValueError) as error:
        raise RadarError(f"{folder / ARRAYS} is damaged: {error}") from error


def misfits(description: ModelDescription, lexicon: Lexicon) -> list[str]:
    """Why a model may not be loaded here; empty where it may."""
    found = []
    if description.lexicon != lexicon.version:
        found.append("the lexicon has changed")
    if description.code != code_version():
        found.append("the code has changed")
    for library, version in library_versions().items():
        if description.libraries.get(library) != version:
            found.append(f"made with {library} {description.libraries.get(library, 'of unknown version')}, here is {version}")
    return found


@cache
def code_version() -> str:
    """Twelve hex digits that change whenever the code does that texts are read and judged by."""
    digest = hashlib.sha256()
    for name in CODE:
        digest.update((ROOT.parent / name).read_bytes())
    return digest.hexdigest()[:12]


def library_versions() -> dict[str, str]:
    """Versions of the libraries that a verdict depends on."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def _hash_of(arrays: Mapping[str, np.ndarray[Any, Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()[:12]
