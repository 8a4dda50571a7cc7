"""What stands around a harm: its clause and its sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from features.severity.patterns import CLAUSE_MARKS, SENTENCE_MARKS

ANY_MARK = f"[{CLAUSE_MARKS}{SENTENCE_MARKS}]"
# The group is there where the sentence ends too.
MARK = re.compile(rf"({ANY_MARK}*[{SENTENCE_MARKS}]{ANY_MARK}*|(?<!\d)\.+(?!\d))|[{CLAUSE_MARKS}]+|\.{{2,}}")
# Nothing reaches further, however long a clause is without punctuation.
REACH, SENTENCE_REACH = 40, 80


class Context(NamedTuple):
    """What stands before and behind a harm in its clause, the clause before that, the harm's whole clause and its sentence."""

    left: str
    right: str
    before: str
    clause: str
    sentence: str


class Surroundings:
    """A normalised text cut at its punctuation."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts, self._ends, self._ends_sentence = [0], [], []
        for mark in MARK.finditer(text):
            self._ends.append(mark.start())
            self._starts.append(mark.end())
            self._ends_sentence.append(mark.lastindex is not None)
        self._ends.append(len(text))
        self._ends_sentence.append(True)

    def of(self, start: int, end: int) -> Context:
        """What surrounds the text from `start` to `end`."""
        index = bisect_right(self._starts, start) - 1
        left = max(self._starts[index], start - REACH)
        right = self._ends[bisect_right(self._starts, end - 1) - 1]
        same_sentence = index > 0 and not self._ends_sentence[index - 1]
        before = self.text[self._starts[index - 1] : self._ends[index - 1]][-REACH:] if same_sentence else ""
        after = self.text[end : min(max(right, end), end + REACH)]
        return Context(self.text[left:start], after, before, self.text[left:end] + after, self._sentence(start, end, index))

    def _sentence(self, start: int, end: int, index: int) -> str:
        first = last = index
        while first > 0 and not self._ends_sentence[first - 1] and self._starts[first] > start - SENTENCE_REACH:
            first -= 1
        while not self._ends_sentence[last] and self._ends[last] < end + SENTENCE_REACH:
            last += 1
        return self.text[max(self._starts[first], start - SENTENCE_REACH) : min(self._ends[last], end + SENTENCE_REACH)]
