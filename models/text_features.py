"""Documents as sparse vectors: words and character n-grams, weighted by TF-IDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

Arrays = dict[str, NDArray[np.generic]]
Ints = NDArray[np.int64]
SPACES = re.compile(r"\s\s+")
# Shortest part of a compound word and longest word that is taken apart, in characters: no longer one is a word.
SHORTEST_PART, LONGEST_COMPOUND = 2, 12
# Distinct words that a process remembers the parts of.
REMEMBERED = 1 << 17
# More than there are code points.
CODE_POINTS = 1 << 21
# In place of the column of an n-gram that was not learned.
UNKNOWN = -1


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

    Words carry what the lexicon knows; n-grams carry what it does not, misspelt words among it. A compound word also counts
    as the words within it, as search engines cut it (`消费者协会` as `消费者` and `协会`), as far as the training set has
    them as words of their own: so a compound that it lacks still says something. Term frequencies count by
    their logarithm (sublinear), for a complaint that says a word ten times is not ten times as much about it.

    Args:
        ngrams: shortest and longest character n-gram; (0, 0) for words alone.
        min_documents: documents of the training set that a term must occur in.
        max_terms: terms at the most of each kind, the most frequent ones.
    """

    def __init__(self, ngrams: tuple[int, int], min_documents: int, max_terms: int) -> None:
        common = {"sublinear_tf": True, "min_df": min_documents, "max_features": max_terms, "dtype": np.float32}
        self._min_documents = min_documents
        self._learn_parts(())
        self._words = TfidfVectorizer(analyzer=self._with_parts, **common)
        self._places: Mapping[str, int] = {}
        self._lengths = range(ngrams[0], ngrams[1] + 1)
        self._ngrams = TfidfVectorizer(analyzer=self._char_ngrams, **common) if any(ngrams) else None

    def fit_transform(self, documents: Documents) -> sparse.csr_matrix:
        """Learn the terms; the vectors, `n_documents × n_terms`.

        Raises:
            ValueError: no term occurs in enough documents.
        """
        spread = Counter(chain.from_iterable(map(set, documents.words)))
        self._learn_parts(word for word, count in spread.items() if count >= self._min_documents)
        parts = [self._words.fit_transform(documents.words)]
        if self._ngrams is not None:
            parts.append(self._ngrams.fit_transform(documents.texts))
            self._places = self._ngrams.vocabulary_
        return sparse.hstack(parts, format="csr")

    def transform(self, documents: Documents) -> sparse.csr_matrix:
        """The vectors, `n_documents × n_terms`; zero for a document of unknown terms."""
        parts = [self._words.transform(documents.words)]
        if self._ngrams is not None:
            parts.append(self._ngram_vectors(documents.texts, self._ngrams.idf_))
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
        # Parts that are no terms count for nothing, here as while learning.
        self._learn_parts(self._words.vocabulary)
        if self._ngrams is not None:
            _restore(self._ngrams, arrays["ngram_terms"], arrays["ngram_idf"])
            self._places = self._ngrams.vocabulary

    def _learn_parts(self, words: Iterable[str]) -> None:
        known = frozenset(word for word in words if not word.isascii())
        self._parts = lru_cache(REMEMBERED)(lambda word: _parts_of(word, known))

    def _with_parts(self, words: Sequence[str]) -> list[str]:
        return list(chain.from_iterable(map(self._parts, words)))

    def _char_ngrams(self, text: str) -> Iterator[str]:
        told = SPACES.sub(" ", text)
        return chain.from_iterable(
            map("".join, zip(*(told[start:] for start in range(n)), strict=False)) for n in self._lengths
        )

    def _ngram_vectors(self, texts: Sequence[str], idf: NDArray[np.generic]) -> sparse.csr_matrix:
        """What the vectorizer's `transform` gives, quicker: each distinct n-gram is looked up once."""
        row, column = _ngram_places([SPACES.sub(" ", text) for text in texts], self._lengths, self._places)
        counts = sparse.coo_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=(len(texts), len(idf))).tocsr()
        counts.data = (1 + np.log(counts.data)) * idf[counts.indices].astype(np.float32)
        return normalize(counts, copy=False)


def _ngram_places(texts: Sequence[str], lengths: range, places: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Number of the text and column of every known n-gram, as often as it occurs."""
    whole = "".join(texts)
    points = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    text = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    # An n-gram is the number of the one without its last character, and that character: exact for any length.
    at, key = np.arange(len(points)), points
    rows, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for n in range(1, lengths.stop):
        number, distinct = pd.factorize(key)
        if n in lengths:
            sample = np.zeros(len(distinct), dtype=np.int64)
            sample[number] = at
            learned = [places.get(whole[start : start + n], UNKNOWN) for start in sample.tolist()]
            column = np.array(learned, dtype=np.int64)[number]
            known = column != UNKNOWN
            rows.append(text[at[known]])
            columns.append(column[known])
        longer = at + n < len(points)
        longer[longer] = text[at[longer]] == text[at[longer] + n]
        at = at[longer]
        key = number[longer] * CODE_POINTS + points[at + n]
    return np.concatenate(rows), np.concatenate(columns)


def _parts_of(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """The word and the known words within it; Latin words are whole."""
    if len(word) > LONGEST_COMPOUND:
        return (word,)
    within = [
        word[start:end]
        for start in range(len(word) - 1)
        for end in range(start + SHORTEST_PART, len(word) + 1)
        if end - start < len(word) and word[start:end] in known
    ]
    return (word, *within)


def _restore(vectorizer: TfidfVectorizer, terms: NDArray[np.generic], idf: NDArray[np.generic]) -> None:
    vectorizer.vocabulary = {str(term): column for column, term in enumerate(terms)}
    vectorizer.idf_ = idf
