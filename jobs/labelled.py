"""Labelled texts of any CSV file, as documents for a classifier."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.lexicon import Lexicon
from features.segmentation import segmenter
from models.text_features import Documents
from warehouse.errors import RadarError


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with their labels.

    Attributes:
        texts, labels: one of each per row.
        skipped: rows without a text or without a label.
        source: where they come from.
        sha256: hash of the file, or of the rows of a table.
    """

    texts: list[str]
    labels: list[str]
    skipped: int
    source: str
    sha256: str

    def __len__(self) -> int:
        return len(self.texts)


def labelled_file(path: Path, text: str, label: str) -> LabelledTexts:
    """The labelled texts of a CSV file in UTF-8 or GB18030.

    Raises:
        RadarError: the file cannot be read, lacks a column, or has no labelled text.
    """
    table = _read(path)
    for column in (text, label):
        if column not in table.columns:
            raise RadarError(f"{path} has no column {column}; it has {', '.join(table.columns)}")
    texts, labels = table[text].str.strip(), table[label].str.strip()
    told = (texts != "") & (labels != "")
    if not told.any():
        raise RadarError(f"{path}: no row has both {text} and {label}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return LabelledTexts(texts[told].tolist(), labels[told].tolist(), int((~told).sum()), path.name, digest)


def documents_of(texts: Sequence[str], lexicon: Lexicon) -> Documents:
    """The texts as a classifier reads them."""
    cutter = segmenter(lexicon)
    return Documents([cutter.words(text) for text in texts], [cutter.prepared(text) for text in texts])


def _read(path: Path) -> pd.DataFrame:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise RadarError(f"{path} cannot be read: {error.strerror}") from error
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise RadarError(f"{path} is no CSV file: {str(error).splitlines()[0]}") from error
    raise RadarError(f"{path} is neither UTF-8 nor GB18030")
