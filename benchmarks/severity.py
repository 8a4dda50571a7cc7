"""How often the severity judge is right, on sentences that somebody wrote who did not know its words, and how fast it is.

Run: `python -c "from benchmarks.severity import run; run()"`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from features.severity import SEVERE, judge_severity
from warehouse.files import read_yaml

SENTENCES = Path(__file__).with_name("severity_sentences.yml")
LEVELS = range(5)
ROUNDS = 20

Split = Literal["dev", "test"]


class Labelled(NamedTuple):
    """A sentence and the level that its author gave it."""

    text: str
    level: int


class Quality(NamedTuple):
    """Of the answers of a kind, how many are right, and of the sentences of that kind, how many were answered so."""

    answers: int
    sentences: int
    right: int

    @property
    def precision(self) -> float:
        """Right answers by answers; 0 without answers."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def recall(self) -> float:
        """Right answers by sentences; 0 without sentences."""
        return self.right / self.sentences if self.sentences else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.1%} of {self.answers}, recall {self.recall:.1%} of {self.sentences}"


def labelled(split: Split) -> list[Labelled]:
    """The sentences of one half. `dev` may be read to mend the words, `test` is only ever measured."""
    return [Labelled(row["text"], row["level"]) for row in read_yaml(SENTENCES) if row["split"] == split]


def quality(pairs: Iterable[tuple[int, int]], is_of_kind: Callable[[int], bool]) -> Quality:
    """Quality of answers, from pairs of the answered and the true level.

    An answer of the kind is right where it is the true level, or, for kinds of several levels, where both are of the kind.
    """
    kinds = [(is_of_kind(answer), is_of_kind(truth)) for answer, truth in pairs]
    return Quality(sum(a for a, _ in kinds), sum(t for _, t in kinds), sum(a and t for a, t in kinds))


def measure(sentences: Sequence[Labelled], judge: Callable[[str], int]) -> dict[str, Quality]:
    """Quality by level, and of telling severe complaints (3 and 4) from the rest."""
    pairs = [(judge(sentence.text), sentence.level) for sentence in sentences]
    found = {f"level {level}": quality(pairs, level.__eq__) for level in LEVELS}
    return {**found, f"level >= {SEVERE}": quality(pairs, lambda level: level >= SEVERE)}


def run() -> str:
    """Print the quality on both halves; texts per second."""
    for split in ("dev", "test"):
        sentences = labelled(split)
        found = measure(sentences, level_of)
        exact = sum(figures.right for kind, figures in found.items() if ">=" not in kind)
        print(f"severity, {split}: {exact / len(sentences):.1%} of {len(sentences)} exact")
        for kind, figures in found.items():
            print(f"severity, {split}, {kind}: {figures}")
    texts = [sentence.text for sentence in labelled("test")] * ROUNDS
    start = time.perf_counter()
    for text in texts:
        judge_severity(text)
    seconds = time.perf_counter() - start
    return f"severity: {len(texts) / seconds:,.0f} texts/s of {sum(map(len, texts)) / len(texts):.0f} characters"


def level_of(text: str) -> int:
    """The level that the judge gives a text."""
    return judge_severity(text).level
