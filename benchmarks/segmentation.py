"""Texts per second of the segmenter, beside jieba with the same words added, and how often both cut a text alike.

Both engines are dynamic programmes over the same dictionary without a guess at new words (`hmm=False`), so they agree token
for token, without added words and with the lexicon. Measured 2026-11-25: on 3,000 generated texts, on the 7,686 real ones of
`REAL`, and on 40,000 random strings of words, parts of words, Latin letters, digits, signs and rare characters, no text was cut
in two ways. Two things would make differences where there are none. jieba's sum of all frequencies counts a word twice that is
added though the dictionary has it; `reference_engine` sets that right. And neither finds a word with a space in it: the
segmenter writes such words without, and both engines get that text.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import jieba
import rjieba

from benchmarks.pairs import Comparison, compare
from features.lexicon import shipped_lexicon
from features.segmentation import engine_words, segmenter
from features.synonyms import normalise
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

# Of each source.
TEXTS = 3000
# Beside the checkout, where a machine has them: file and column by name.
REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {
    "car complaints": ("auto12365_2024/complaints.csv", "投诉简述"),
    "messages": ("gov_messages_2020/labelled.csv", "text"),
    "reviews": ("shop_reviews/reviews.csv.gz", "review"),
}

Cut = Callable[[str], Sequence[str]]


def reference_engine() -> jieba.Tokenizer:
    """The engine that ours imitates, with the same words added."""
    engine = plain_reference_engine()
    for word, (frequency, tag) in engine_words(shipped_lexicon()).items():
        engine.add_word(word, frequency, tag)
    # It counts the old frequency of a word that it knew before once more; its probabilities must add up to one.
    engine.total = sum(engine.FREQ.values())
    return engine


def plain_reference_engine() -> jieba.Tokenizer:
    """The engine that ours imitates, with its own dictionary alone."""
    engine = jieba.Tokenizer()
    engine.initialize()
    return engine


def generated_texts() -> list[str]:
    """What generated complaints tell."""
    drafter = Drafter(1, preset("national-year", scale=0.05))
    texts: list[str] = RowWriter(drafter).rows(stream(1, "texts"), drafter.draft(0))["具体问题"].to_pylist()
    return texts[:TEXTS]


def real_texts(name: str) -> Iterator[str]:
    """The texts of a file of `REAL`, in its order."""
    file, column = REAL[name]
    path = REAL_DATA / file
    with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            yield row[column]


def agreement(texts: Sequence[str], cut: Cut, reference: Cut) -> float:
    """Share of texts that both cut token for token alike."""
    return sum(list(cut(text)) == list(reference(text)) for text in texts) / len(texts)


def run() -> Comparison:
    """The same generated texts through both, once they were seen to agree, also on real ones where the machine has them."""
    generated = generated_texts()
    sources = {"generated": generated}
    if REAL_DATA.is_dir():
        sources |= {name: list(islice(real_texts(name), TEXTS)) for name in REAL}
    plain, plain_reference = rjieba.Jieba(), plain_reference_engine()
    ours, reference = segmenter(), reference_engine()
    for name, texts in sources.items():
        normal, prepared = list(map(normalise, texts)), list(map(ours.prepared, texts))
        without = agreement(normal, lambda text: plain.cut(text, False), partial(plain_reference.lcut, HMM=False))
        within = agreement(prepared, ours.cut, partial(reference.lcut, HMM=False))
        alike = f"{within:.2%} of {len(texts)} texts ({name}) cut word for word as jieba cuts them"
        print(f"segmentation: {alike}, {without:.2%} without the lexicon")
    return compare(
        "segmentation, texts, rjieba against jieba",
        len(generated),
        lambda: [ours.cut(text) for text in generated],
        lambda: [reference.lcut(normalise(text), HMM=False) for text in generated],
    )
