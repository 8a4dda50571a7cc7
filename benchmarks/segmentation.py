"""Texts per second of the segmenter, beside jieba with the same words added."""

from __future__ import annotations

import jieba
import numpy as np

from benchmarks.pairs import Comparison, compare
from features.lexicon import shipped_lexicon
from features.segmentation import engine_words, segmenter
from features.synonyms import normalise
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

TEXTS = 3000


def reference_engine() -> jieba.Tokenizer:
    """The engine that ours imitates, with the same words added."""
    engine = jieba.Tokenizer()
    engine.initialize()
    for word, (frequency, tag) in engine_words(shipped_lexicon()).items():
        engine.add_word(word, frequency, tag)
    # It counts the old frequency of a word that it knew before once more; its probabilities must add up to one.
    engine.total = sum(engine.FREQ.values())
    return engine


def run() -> Comparison:
    """The same generated texts through both; they must agree word for word."""
    drafter = Drafter(1, preset("national-year", scale=0.05))
    texts = RowWriter(drafter).rows(stream(1, "texts"), drafter.draft(0))["具体问题"].to_pylist()[:TEXTS]
    reference = reference_engine()
    ours = segmenter()
    same = np.mean([ours.cut(text) == reference.lcut(normalise(text), HMM=False) for text in texts])
    print(f"segmentation: {same:.2%} of {len(texts)} texts cut word for word as jieba cuts them")
    return compare(
        "segmentation, texts, rjieba against jieba",
        len(texts),
        lambda: [ours.cut(text) for text in texts],
        lambda: [reference.lcut(normalise(text), HMM=False) for text in texts],
    )
