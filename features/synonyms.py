"""Variants of a word and the canonical term they are counted under."""

from __future__ import annotations

import unicodedata
from functools import cache

from warehouse.files import reference_yaml


def normalise(text: str) -> str:
    """One width and case for the same text (NFKC, lower case)."""
    return unicodedata.normalize("NFKC", text).lower()


@cache
def canonical_terms() -> dict[str, str]:
    """The canonical term of every variant, both normalised."""
    table = reference_yaml("synonyms")
    return {normalise(variant): normalise(term) for term, variants in table.items() for variant in variants}


def canonical(word: str) -> str:
    """The term that a normalised word is counted under: itself unless it is a variant."""
    return canonical_terms().get(word, word)
