"""The domain lexicon: words that texts are cut by, stop words and synonyms, those that ship and an office's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from features.routing import routing_words
from features.synonyms import canonical_terms, normalise
from warehouse.errors import RadarError
from warehouse.files import reference_lines, reference_yaml

FIELDS = 3
# Digits of a frequency: more than the engine counts any word, and far below what its numbers hold.
DIGITS = 9


@dataclass(frozen=True)
class Lexicon:
    """Words that the domain adds to the engine's dictionary.

    Attributes:
        entries: frequency and part of speech by word, as jieba's dictionaries have them; in one width and case. A word may
            have spaces: `model 3` also matches `model3`.
        known: common words whose frequency the engine's own dictionary knows better; added only where it lacks them.
        stop: words that say nothing about a complaint.
        version: twelve hex digits that change whenever a text could be cut or counted in another way.
    """

    entries: Mapping[str, tuple[int, str]]
    known: Mapping[str, tuple[int, str]]
    stop: frozenset[str]
    version: str = ""

    def __post_init__(self) -> None:
        content = [
            sorted(self.entries.items()),
            sorted(self.known.items()),
            sorted(self.stop),
            sorted(canonical_terms().items()),
        ]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        object.__setattr__(self, "version", digest[:12])

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and self.version == other.version

    def with_own(self, entries: Mapping[str, tuple[int, str]]) -> Lexicon:
        """The lexicon with an office's own words, which go before those that ship."""
        return replace(self, entries={**self.entries, **entries}) if entries else self


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon of the reviewed files: words of products, issues, severity, routing and synonyms, and `lexicon.txt`."""
    severity = reference_yaml("severity")
    roots = [*reference_yaml("products"), *reference_yaml("issues")]
    nodes = [node for root in roots for node in (root, *root.get("children", []))]
    words = [word for node in nodes for word in node.get("words", [])] + severity["homonyms"]
    words += [word for level in severity["levels"].values() for word in level]
    words += [word for term, variants in reference_yaml("synonyms").items() for word in (term, *variants)]
    words += routing_words()
    listed = dictionary_entries(reference_lines("lexicon"), "lexicon.txt")
    common = default_entry()
    # Single characters keep their frequency: as words they would cut others apart.
    stop = [normalise(word) for word in reference_lines("stopwords")]
    return Lexicon(
        entries={**{normalise(word): common for word in words}, **listed},
        known={word: common for word in stop if len(word) > 1},
        stop=frozenset(canonical_terms().get(word, word) for word in stop),
    )


def dictionary_entries(lines: Iterable[str], file: str) -> dict[str, tuple[int, str]]:
    """Words of a dictionary in jieba's format, `word frequency part-of-speech`; blank lines and comments are passed over.

    Raises:
        RadarError: a line has another form.
    """
    entries = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.strip().rsplit(maxsplit=FIELDS - 1)
        if len(parts) != FIELDS or not parts[1].isdecimal() or len(parts[1]) > DIGITS:
            raise RadarError(f"{file}, line {number}: a word, its frequency and its tag are needed, as in 充电桩 1000 n")
        entries[normalise(parts[0])] = int(parts[1]), parts[2]
    return entries


def default_entry() -> tuple[int, str]:
    """Frequency and part of speech of a word that is named without them."""
    settings = reference_yaml("segmentation")
    return settings["frequency"], settings["tag"]
