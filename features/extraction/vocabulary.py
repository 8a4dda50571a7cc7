"""All the words that facts are found by, in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Pairs of characters are marked in a table of so many places; pairs that share a place cost a look-up and nothing else.
PLACES = 1 << 16
MIX = np.uint32(1031)
# Letters of a name that digits may follow without making another word of it.
LONG_LATIN = 4


class Hit(NamedTuple):
    """A word at `text[start:end]` and what it stands for."""

    start: int
    end: int
    meaning: Any


@dataclass(frozen=True)
class Word:
    """A word, the vocabulary that it belongs to, and what it stands for there."""

    text: str
    kind: str
    meaning: Any = None


class Vocabulary:
    """Finds the words of many kinds at once, the longest of each kind and none within another of its kind.

    Words have at least two characters. NumPy marks the places whose two characters begin a word; only there words are
    compared. A word that begins or ends with a Latin letter or a digit does not match within a longer run of them.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        grouped: dict[str, list[tuple[str, int, bool, str, Any]]] = {}
        for word in words:
            latin = _joins(word.text[0]) or _joins(word.text[-1])
            entry = (word.text, len(word.text), latin, word.kind, word.meaning)
            grouped.setdefault(word.text[:2], []).append(entry)
        self._starts = {pair: tuple(sorted(found, key=lambda entry: -entry[1])) for pair, found in grouped.items()}
        self._marks = np.zeros(PLACES, dtype=bool)
        for pair in self._starts:
            self._marks[_places(pair)] = True

    def find(self, text: str) -> Mapping[str, list[Hit]]:
        """The hits of each kind in order of their place; kinds without any are left out."""
        found: dict[str, list[Hit]] = {}
        if len(text) < 2:  # noqa: PLR2004 - a pair
            return found
        starts = self._starts
        for at in self._marks[_places(text)].nonzero()[0].tolist():
            for word, length, latin, kind, meaning in starts.get(text[at : at + 2], ()):
                if not text.startswith(word, at):
                    continue
                end = at + length
                if latin and _is_within_run(text, at, end):
                    continue
                hits = found.get(kind)
                if hits is None:
                    found[kind] = [Hit(at, end, meaning)]
                elif hits[-1].end <= at:
                    hits.append(Hit(at, end, meaning))
        return found


def _is_within_run(text: str, start: int, end: int) -> bool:
    """Whether Latin letters or digits go on before or behind a place that begins or ends with one."""
    if start > 0 and _joins(text[start]) and _joins(text[start - 1]):
        return True
    if end == len(text) or not _joins(text[end - 1]) or not _joins(text[end]):
        return False
    # 途观L330TSI, iPhone17: behind a long word, or one in Chinese, digits begin what follows.
    return text[end - 1].isdigit() or text[end].isalpha() or (end - start < LONG_LATIN and text[start:end].isascii())


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _places(text: str) -> NDArray[np.intp]:
    codes: NDArray[np.uint32] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return ((codes[:-1] * MIX + codes[1:]) & np.uint32(PLACES - 1)).astype(np.intp)
