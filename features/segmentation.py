"""Chinese text into words, by a fast engine and the domain lexicon."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import rjieba

from features.trees import issues, products
from warehouse.files import reference_lines, reference_version, reference_yaml

WORD = re.compile(r"(?=.*[一-鿿])[a-z0-9+.一-鿿-]{2,}|[a-z][a-z0-9+.-]+")
DEFAULT_FREQUENCY = 1000
FILES = ("lexicon.txt", "stopwords.txt", "synonyms.yml", "severity.yml", "products.yml", "issues.yml")


def lexicon_version() -> str:
    """Changes whenever a file does that words, classes or severity are judged by."""
    return reference_version(*FILES)


def lexicon_entries() -> dict[str, tuple[int, str]]:
    """Every word that the domain adds to the engine's dictionary: frequency and part of speech."""
    severity = reference_yaml("severity")
    words = [*products().words, *issues().words, *severity["homonyms"]]
    words += [word for level in severity["levels"].values() for word in level]
    words += [word for canonical, variants in reference_yaml("synonyms").items() for word in (canonical, *variants)]
    entries = dict.fromkeys((normalise(word) for word in words), (DEFAULT_FREQUENCY, "n"))
    for line in reference_lines("lexicon"):
        word, frequency, tag = line.split()
        entries[normalise(word)] = int(frequency), tag
    return entries


def normalise(text: str) -> str:
    """One width and case for the same text (NFKC, lower case)."""
    return unicodedata.normalize("NFKC", text).lower()


class Segmenter:
    """Cuts texts into canonical words without stop words.

    The engine is built once per process: it neither pickles nor shares. New words are not guessed (`hmm=False`), so that
    the same lexicon always gives the same words.
    """

    def __init__(self) -> None:
        self._engine = rjieba.Jieba()
        for word, (frequency, tag) in lexicon_entries().items():
            self._engine.add_word(word, frequency, tag)
        self._stop = frozenset(reference_lines("stopwords"))
        self._canonical = {
            normalise(variant): canonical for canonical, variants in reference_yaml("synonyms").items() for variant in variants
        }

    def cut(self, text: str) -> list[str]:
        """All pieces of the normalised text, in order; joined they are that text."""
        return list(self._engine.cut(normalise(text), False))

    def words(self, text: str) -> list[str]:
        """The words that say something: canonical, without stop words, numbers and single characters."""
        canonical = (self._canonical.get(piece, piece) for piece in self.cut(text))
        return [word for word in canonical if word not in self._stop and WORD.fullmatch(word)]


@cache
def segmenter() -> Segmenter:
    """This process's segmenter."""
    return Segmenter()
