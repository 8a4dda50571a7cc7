"""Texts per second of the segmenter, beside jieba with the same words added."""

from __future__ import annotations

import jieba
import numpy as np

from benchmarks.pairs import Comparison, compare
from features.segmentation import lexicon_entries, normalise, segmenter
from simulator.complaints import Span, Writer
from simulator.presets import PRESETS

TEXTS = 3000


def run() -> Comparison:
    """The same generated texts through both; they must agree word for word."""
    preset = PRESETS["demo"]
    span = Span(preset.first, preset.last, preset.per_day)
    rows = Writer(1, span).ordinary()
    texts = [row["具体问题"] for _, row in zip(range(TEXTS), rows, strict=False)]
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
