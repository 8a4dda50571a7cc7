"""Texts as arrays of units: characters of Chinese, and whole runs of Latin letters and digits (`ota`, `4s`, `p2p`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HAN = "〇㐀-䶿一-鿿"
# What stands in for masked data, with what is left of the name or number around it. Begins nowhere within a run, or a
# long one would be read from each of its characters on.
MASKED = re.compile(rf"(?<![a-z0-9])(?:[{HAN}]?[a-z0-9]*·?\*+)+[a-z0-9]*")
RUN = re.compile(r"[a-z0-9](?:[a-z0-9.+-]*[a-z0-9+])?")
NUMBER = re.compile(r"[0-9][0-9.+-]*")
DIGITS = re.compile(r"[0-9]+")
# Codes of runs begin above all characters; no unit has one as large as SIZE.
RUN_CODE, SIZE = 1 << 21, 1 << 32
TEXTS_AT_ONCE = 20_000
NOWHERE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Units:
    """The units of some texts in order, `n_units` each.

    Attributes:
        text: all texts below each other.
        runs: codes of the runs; other units are coded by their character.
        start: where a unit begins in `text`.
        end: where it ends.
        code: its code.
        follows: whether it stands right behind the one before, in the same clause.
        of_text: number of its text.
    """

    text: str
    runs: dict[str, int]
    start: Ints
    end: Ints
    code: Ints
    follows: Flags
    of_text: Ints

    def __len__(self) -> int:
        return len(self.code)

    def strings(self, first: Ints, last: Ints) -> list[str]:
        """What stands from each first unit to the end of each last one."""
        return [self.text[a:b] for a, b in zip(self.start[first].tolist(), self.end[last].tolist(), strict=True)]

    def number_codes(self) -> Ints:
        """The codes of runs that are mere numbers."""
        return np.array([code for run, code in self.runs.items() if NUMBER.fullmatch(run)], dtype=np.int64)

    def spoken_once(self) -> Units:
        """The same without clauses that stood there before, in the same words and with whichever numbers."""
        first = np.flatnonzero(~self.follows)
        last = np.append(first[1:], len(self))[: len(first)] - 1
        shapes = pd.Series(map(without_numbers, self.strings(first, last)), dtype=object)
        once = np.repeat(~shapes.duplicated().to_numpy(), last - first + 1)
        return replace(
            self,
            start=self.start[once],
            end=self.end[once],
            code=self.code[once],
            follows=self.follows[once],
            of_text=self.of_text[once],
        )


def without_numbers(text: str) -> str:
    """The text with every run of digits as 0."""
    return DIGITS.sub("0", text)


def distinct(texts: Sequence[str]) -> list[str]:
    """The texts without what is masked; of those that differ in their numbers only, the first."""
    bare = [MASKED.sub(" ", text) if "*" in text else text for text in texts]
    first: dict[str, str] = {}
    for text in bare:
        first.setdefault(without_numbers(text), text)
    return list(first.values())


def units_of(texts: Sequence[str], runs: dict[str, int] | None = None) -> Units:
    """The units of texts that are normalised (NFKC, lower case).

    Args:
        texts: any texts; what is neither Chinese, Latin letter nor digit parts clauses.
        runs: codes to be kept; runs that are not in it have new ones.
    """
    text, runs = "\n".join(texts), dict(runs or {})
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_han = (
        (points >= ord("一")) & (points <= ord("鿿")) | (points >= ord("㐀")) & (points <= ord("䶿")) | (points == ord("〇"))
    )
    han = np.flatnonzero(is_han)
    found = [(match.start(), match.end(), runs.setdefault(match[0], RUN_CODE + len(runs))) for match in RUN.finditer(text)]
    latin = np.array(found, dtype=np.int64).reshape(-1, 3)
    start = np.concatenate([han, latin[:, 0]])
    order = np.argsort(start, kind="stable")
    start = start[order]
    end = np.concatenate([han + 1, latin[:, 1]])[order]
    code = np.concatenate([points[han].astype(np.int64), latin[:, 2]])[order]
    follows = np.zeros(len(start), dtype=bool)
    follows[1:] = start[1:] == end[:-1]
    ends = np.cumsum([len(one) + 1 for one in texts])
    return Units(text, runs, start, end, code, follows, np.searchsorted(ends, start, side="right"))


@dataclass(frozen=True)
class Places:
    """Where words stand, `n_places` each: number of the word, number of its first unit, number of the text."""

    word: Ints
    at: Ints
    text: Ints

    def once_per_text(self) -> Places:
        """The first place of each word in each text."""
        first = ~pd.DataFrame({"word": self.word, "text": self.text}).duplicated().to_numpy()
        return Places(self.word[first], self.at[first], self.text[first])


def places(units: Units, words: Sequence[str]) -> Places:
    """Where the words stand in the texts, by word and place; a word is found within longer ones too.

    A tree of the words' units is walked from all units of the texts at once, a unit deeper each time.
    """
    spelled = units_of(words, units.runs)
    lengths = np.bincount(spelled.of_text, minlength=len(words))
    first = np.cumsum(lengths) - lengths
    node_of_word, node_at = np.zeros(len(words), dtype=np.int64), np.zeros(len(units), dtype=np.int64)
    alive, found = np.arange(len(units)), []
    for depth in range(int(lengths.max(initial=0))):
        going = np.flatnonzero(lengths > depth)
        branches, node_of_word[going] = np.unique(
            node_of_word[going] * SIZE + spelled.code[first[going] + depth], return_inverse=True
        )
        alive = alive[alive + depth < len(units)]
        if depth:
            alive = alive[units.follows[alive + depth]]
        wanted = node_at[alive] * SIZE + units.code[alive + depth]
        node = np.minimum(np.searchsorted(branches, wanted), len(branches) - 1)
        on = branches[node] == wanted
        alive, node = alive[on], node[on]
        node_at[alive] = node
        word_at = np.full(len(branches), -1)
        ending = going[lengths[going] == depth + 1]
        word_at[node_of_word[ending]] = ending
        whole = word_at[node] >= 0
        found.append((word_at[node[whole]], alive[whole]))
    word, at = (np.concatenate(column) for column in zip((NOWHERE, NOWHERE), *found, strict=True))
    order = np.lexsort((at, word))
    return Places(word[order], at[order], units.of_text[at[order]])


def texts_with(texts: Sequence[str], words: Sequence[str]) -> Ints:
    """How many of the texts have each of the words; `n_words`. Reads them in parts, so that memory is bounded."""
    counts = np.zeros(len(words), dtype=np.int64)
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        found = places(units_of(texts[start : start + TEXTS_AT_ONCE]), words).once_per_text()
        counts += np.bincount(found.word, minlength=len(words))
    return counts
