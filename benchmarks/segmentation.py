"""Texts per second of the segmenter, beside jieba with the same words added."""

from __future__ import annotations

import jieba
import numpy as np

from benchmarks.pairs import Comparison, compare
from features.segmentation import lexicon_entries, normalise, segmenter
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

TEXTS = 3000


def run() -> Comparison:
    """The same generated texts through both; prints how many they cut alike (a few rare words such as 不了 differ)."""
    drafter = Drafter(1, preset("national-year", scale=0.05))
    texts = RowWriter(drafter).rows(stream(1, "texts"), drafter.draft(0))["具体问题"].to_pylist()[:TEXTS]
    reference = jieba.Tokenizer()
    for word, (frequency, tag) in lexicon_entries().items():
        reference.add_word(word, frequency, tag)
    ours = segmenter()
    same = np.mean([ours.cut(text) == reference.lcut(normalise(text), HMM=False) for text in texts])
    print(f"segmentation: {same:.2%} of {len(texts)} texts cut word for word as jieba cuts them")
    return compare(
        "segmentation, texts, rjieba against jieba",
        len(texts),
        lambda: [ours.cut(text) for text in texts],
        lambda: [reference.lcut(normalise(text), HMM=False) for text in texts],
    )
