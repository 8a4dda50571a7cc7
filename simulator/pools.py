"""Pools of sentences: choices written out, many pools laid end to end in one column to take from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from simulator.seeds import Ints, stream

CHOICE = re.compile(r"\[([^\[\]]*)\]")
# A sentence with many choices is written out so often at the most: variety costs memory.
MOST_VARIANTS = 16


def variants(sentence: str, most: int = MOST_VARIANTS) -> list[str]:
    """The ways to read a sentence with choices such as `水[一会儿|忽然]凉了`; at most `most` of them, always the same ones.

    Raises:
        ValueError: a bracket is left over.
    """
    parts = CHOICE.split(sentence)
    if any(bracket in part for part in parts[::2] for bracket in "[]|"):
        raise ValueError(f"brackets do not match in {sentence!r}")
    options = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    total = int(np.prod([len(choice) for choice in options]))
    if total <= most:
        return ["".join(choice) for choice in itertools.product(*options)]
    rng = stream(0, sentence)
    chosen = sorted(rng.choice(total, size=most, replace=False))
    shape = [len(choice) for choice in options]
    return ["".join(map(_nth, options, np.unravel_index(number, shape))) for number in chosen]


def _nth(choice: list[str], place: np.intp) -> str:
    return choice[int(place)]


@dataclass
class Pools:
    """Pools of texts under a number each; a text is one place in the column `texts`."""

    _texts: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _sizes: list[int] = field(default_factory=list)

    def add(self, sentences: Iterable[str]) -> int:
        """Lay a pool down, choices written out; its number. An empty pool is allowed, nothing can be drawn from it."""
        before = len(self._texts)
        for sentence in sentences:
            self._texts += variants(sentence)
        self._starts.append(before)
        self._sizes.append(len(self._texts) - before)
        return len(self._starts) - 1

    def freeze(self) -> FrozenPools:
        """The pools as columns."""
        return FrozenPools(pa.array(self._texts, pa.string()), np.array(self._starts), np.array(self._sizes))


@dataclass(frozen=True)
class FrozenPools:
    """Pools laid end to end: `texts`, and where each pool starts and how large it is."""

    texts: pa.Array
    start: Ints
    size: Ints

    def draw(self, rng: np.random.Generator, pool: Ints) -> Ints:
        """For each pool number the place of one of its texts, all equally likely."""
        return np.asarray(self.start[pool] + (rng.random(len(pool)) * self.size[pool]).astype(np.int64), dtype=np.int64)


def column(values: Sequence[str]) -> pa.Array:
    """Texts as a column to take from."""
    return pa.array(values, pa.string())


def take(values: pa.Array, index: Ints) -> pa.Array:
    """The values at these places."""
    return values.take(pa.array(index))
