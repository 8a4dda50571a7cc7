"""Words that stand before a number or a name and say what it is, from `warehouse/reference/masking.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from warehouse.files import reference_yaml

# What may stand between a word and what it announces: 号码是：.
MOST_FILLERS = 6
REACH = 32
LETTER = re.compile(r"[a-z0-9_]")


class Before(NamedTuple):
    """A word that stands before a place: what it means, itself, and what stands between."""

    meaning: str
    word: str
    between: str


class Announcers:
    """Words by their meaning, found backwards from a place. Quicker than a search, since most places have none."""

    def __init__(self, words: Mapping[str, str], fillers: Iterable[str]) -> None:
        self._words = {word.lower(): meaning for word, meaning in words.items()}
        self._word_lengths = _lengths(self._words)
        self._fillers = frozenset(filler.lower() for filler in fillers)
        self._filler_lengths = _lengths(self._fillers)

    def before(self, text: str, place: int) -> Before | None:
        """The word before a place and its fillers; the longest reach backwards counts (身份证编号 is no 编号)."""
        seen = text[max(0, place - REACH) : place].lower()
        end, found = len(seen), None
        for _ in range(MOST_FILLERS + 1):
            for length in self._word_lengths:
                meaning = self._words.get(seen[end - length : end]) if length <= end else None
                if meaning is not None and not self._is_rest(seen, end - length):
                    found = Before(meaning, seen[end - length : end], seen[end:])
                    break
            for length in self._filler_lengths:
                if length <= end and seen[end - length : end] in self._fillers:
                    end -= length
                    break
            else:
                break
        return found

    def _is_rest(self, seen: str, start: int) -> bool:
        """Whether a word is the end of another in the same letters: vin of kevin."""
        return start > 0 and LETTER.match(seen, start - 1) is not None and LETTER.match(seen, start) is not None


def any_of(words: Iterable[str]) -> str:
    """A group that matches any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"


def label_before(text: str, place: int) -> str | None:
    """The kind of label that the number at a place stands behind, a key of `labels`; None if there is none."""
    before = _labels().before(text, place)
    return before.meaning if before else None


@cache
def _labels() -> Announcers:
    masking = reference_yaml("masking")
    return Announcers({word: kind for kind, words in masking["labels"].items() for word in words}, masking["label_fillers"])


def _lengths(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in words}, reverse=True))
