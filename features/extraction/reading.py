"""A text made ready to be searched: folded, cut into clauses, its known words found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from features.extraction.lexicon import lexicon
from features.extraction.slots import Slots, slots_of
from features.extraction.vocabulary import Hit
from features.masking.shadow import Shadow, shadow

# One sign at a time: a pattern that begins with a set is searched for quickest. A point within a number ends nothing.
BREAK = re.compile(r"[，。；！？,;!?\n\r….](?!(?<=\.)\d)")
SENTENCE_END = frozenset("。！？!?\n\r…")


@dataclass(frozen=True)
class Reading:
    """A complaint as the finders see it.

    `text` is the original in letters of one width and lower case, without invisible characters; `shadow` tells where its
    characters stand in the original. `hits` are the words of each kind that the text holds.
    """

    original: str
    shadow: Shadow
    text: str
    hits: Mapping[str, list[Hit]]
    slots: Slots = field(repr=False)

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """Start and end of each clause; empty ones are left out."""
        clauses, start = [], 0
        for clause in BREAK.split(self.text):
            end = start + len(clause)
            if clause:
                clauses.append((start, end))
            start = end + 1
        return clauses

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.clauses]

    def clause_number(self, place: int) -> int:
        """The number of the clause that a place belongs to; the clause before it for a sign between clauses."""
        return max(0, bisect_right(self._starts, place) - 1)

    def clause(self, place: int) -> tuple[int, int]:
        """Start and end of the clause that a place belongs to."""
        return self.clauses[self.clause_number(place)] if self.clauses else (0, len(self.text))

    def ends_sentence(self, number: int) -> bool:
        """Whether a clause is the last of its sentence."""
        end = self.clauses[number][1]
        return self.text[end : end + 1] in SENTENCE_END or end == len(self.text)

    def spelt(self, start: int, end: int) -> str:
        """What the original has in a place of the text."""
        first, last = self.shadow.original(start, end)
        return self.original[first:last]

    def of(self, kind: str) -> list[Hit]:
        """The hits of a kind."""
        return self.hits.get(kind, [])


def read(text: str) -> Reading:
    """The text, ready for the finders. Never raises, whatever the text holds."""
    folded = shadow(text)
    lower = folded.text.lower()
    if len(lower) != len(folded.text):
        # A few capitals have lower cases of two characters.
        lower = "".join(low if len(low := character.lower()) == 1 else character for character in folded.text)
    return Reading(text, folded, lower, lexicon().find(lower), slots_of(lower))
