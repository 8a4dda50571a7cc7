"""Chinese text into words, by a fast engine and the domain lexicon."""

from __future__ import annotations

import re
from functools import cache

import rjieba

from features.synonyms import canonical, normalise
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
    roots = [*reference_yaml("products"), *reference_yaml("issues")]
    nodes = [node for root in roots for node in (root, *root.get("children", []))]
    words = [word for node in nodes for word in node.get("words", [])] + severity["homonyms"]
    words += [word for level in severity["levels"].values() for word in level]
    # Stop words too, or the engine cuts the boilerplate into pieces that are none. Single characters keep their frequency.
    words += [word for word in reference_lines("stopwords") if len(word) > 1]
    words += [word for canonical, variants in reference_yaml("synonyms").items() for word in (canonical, *variants)]
    entries = dict.fromkeys((normalise(word) for word in words), (DEFAULT_FREQUENCY, "n"))
    for line in reference_lines("lexicon"):
        word, frequency, tag = line.split()
        entries[normalise(word)] = int(frequency), tag
    return entries


class Segmenter:
    """Cuts texts into canonical words without stop words.

    The engine is built once per process: it neither pickles nor shares. New words are not guessed (`hmm=False`), so that
    the same lexicon always gives the same words.
    """

    def __init__(self) -> None:
        self._engine = rjieba.Jieba()
        for word, (frequency, tag) in lexicon_entries().items():
            self._engine.add_word(word, frequency, tag)
        self._stop = frozenset(map(canonical, reference_lines("stopwords")))

    def cut(self, text: str) -> list[str]:
        """All pieces of the normalised text, in order; joined they are that text."""
        return list(self._engine.cut(normalise(text), False))

    def words(self, text: str) -> list[str]:
        """The words that say something: canonical, without stop words, numbers and single characters."""
        terms = map(canonical, self.cut(text))
        return [word for word in terms if word not in self._stop and WORD.fullmatch(word)]


@cache
def segmenter() -> Segmenter:
    """This process's segmenter."""
    return Segmenter()
