"""Documents as sparse vectors: words and character n-grams, weighted by TF-IDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Documents:
    """Texts as a classifier reads them, both normalised in the same way.

    Attributes:
        words: words of each text.
        texts: the texts themselves.
    """

    words: Sequence[Sequence[str]]
    texts: Sequence[str]

    def __post_init__(self) -> None:
        if len(self.words) != len(self.texts):
            raise ValueError(f"{len(self.words)} lists of words do not fit {len(self.texts)} texts")

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, places: Sequence[int] | NDArray[np.integer]) -> Documents:
        """The documents at these places."""
        return Documents([self.words[place] for place in places], [self.texts[place] for place in places])


class TextFeatures:
    """TF-IDF of words beside that of character n-grams, each of unit length.

    Words carry what the lexicon knows; n-grams carry what it does not, misspelt words among it. Term frequencies count by
    their logarithm (sublinear), for a complaint that says a word ten times is not ten times as much about it.

    Args:
        ngrams: shortest and longest character n-gram; (0, 0) for words alone.
        min_documents: documents of the training set that a term must occur in.
        max_terms: terms at the most of each kind, the most frequent ones.
    """

    def __init__(self, ngrams: tuple[int, int], min_documents: int, max_terms: int) -> None:
        common = {"sublinear_tf": True, "min_df": min_documents, "max_features": max_terms, "dtype": np.float32}
        self._words = TfidfVectorizer(analyzer=_themselves, **common)
        self._ngrams = TfidfVectorizer(analyzer="char", ngram_range=ngrams, lowercase=False, **common) if any(ngrams) else None

    def fit_transform(self, documents: Documents) -> sparse.csr_matrix:
        """Learn the terms; the vectors, `n_documents × n_terms`.

        Raises:
            ValueError: no term occurs in enough documents.
        """
        parts = [self._words.fit_transform(documents.words)]
        if self._ngrams is not None:
            parts.append(self._ngrams.fit_transform(documents.texts))
        return sparse.hstack(parts, format="csr")

    def transform(self, documents: Documents) -> sparse.csr_matrix:
        """The vectors, `n_documents × n_terms`; zero for a document of unknown terms."""
        parts = [self._words.transform(documents.words)]
        if self._ngrams is not None:
            parts.append(self._ngrams.transform(documents.texts))
        return sparse.hstack(parts, format="csr")

    def terms(self) -> list[str]:
        """The term of each column."""
        columns = list(self._words.get_feature_names_out())
        return columns if self._ngrams is None else [*columns, *self._ngrams.get_feature_names_out()]

    def to_arrays(self) -> Arrays:
        """All that was learned, as plain arrays."""
        arrays: Arrays = {"word_terms": self._words.get_feature_names_out().astype(str), "word_idf": self._words.idf_}
        if self._ngrams is not None:
            arrays |= {"ngram_terms": self._ngrams.get_feature_names_out().astype(str), "ngram_idf": self._ngrams.idf_}
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take over what `to_arrays` gave of features with the same settings."""
        _restore(self._words, arrays["word_terms"], arrays["word_idf"])
        if self._ngrams is not None:
            _restore(self._ngrams, arrays["ngram_terms"], arrays["ngram_idf"])


def _themselves(words: Sequence[str]) -> Sequence[str]:
    return words


def _restore(vectorizer: TfidfVectorizer, terms: NDArray[np.generic], idf: NDArray[np.generic]) -> None:
    vectorizer.vocabulary = {str(term): column for column, term in enumerate(terms)}
    vectorizer.idf_ = idf
