"""Signatures per second beside datasketch, and how well both estimate; pairs found by bands beside all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from datasketch import MinHash

from benchmarks.pairs import Comparison, compare
from features.synonyms import normalise
from models.minhash import PERMUTATIONS, SHINGLE, bands, jaccard, rows_for, signatures, similarity
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

TEXTS, COMPARED = 2000, 400
THRESHOLD = 0.7


def reference_signatures(texts: Sequence[str]) -> list[MinHash]:
    """What one would use instead, over the same shingles."""
    shingles = ({text[at : at + SHINGLE].encode() for at in range(len(text) - SHINGLE + 1)} for text in texts)
    return list(MinHash.bulk(shingles, num_perm=PERMUTATIONS))


def run() -> Comparison:
    """The same generated texts through both; some are sent again with a few characters changed."""
    drafter = Drafter(1, preset("national-year", scale=0.05))
    rows = RowWriter(drafter).rows(stream(1, "texts"), drafter.draft(0))["具体问题"].to_pylist()
    texts = [normalise(text) for text in rows[:TEXTS] if text]
    compared = _with_copies(texts[:COMPARED], np.random.default_rng(1))
    _print_quality(compared)
    return compare(
        f"near-duplicates, signatures of {np.mean([len(text) for text in texts]):.0f} characters, ours against datasketch",
        len(texts),
        lambda: signatures(texts),
        lambda: reference_signatures(texts),
    )


def _with_copies(texts: list[str], random: np.random.Generator) -> list[str]:
    """The texts and of each a copy with up to a tenth of its characters dropped."""
    kept = [random.random(len(text)) > random.uniform(0, 0.1) for text in texts]
    return texts + ["".join(np.array(list(text))[keep]) for text, keep in zip(texts, kept, strict=True)]


def _print_quality(texts: list[str]) -> None:
    first, second = np.array(list(combinations(range(len(texts)), 2))).T
    exact = np.array([jaccard(texts[a], texts[b]) for a, b in zip(first, second, strict=True)])
    signed = signatures(texts)
    estimate = similarity(signed[first], signed[second])
    theirs = np.array([minhash.hashvalues for minhash in reference_signatures(texts)])
    telling = exact > 0.05
    for name, guess in (("ours", estimate), ("datasketch", (theirs[first] == theirs[second]).mean(axis=1))):
        print(
            f"near-duplicates: {name} errs by {np.sqrt(np.mean((guess - exact)[telling] ** 2)):.3f} on {telling.sum():,} pairs"
        )
    keys = bands(signed, rows_for(THRESHOLD, recall=0.95))
    met = (keys[first] == keys[second]).any(axis=1)
    wanted = exact >= THRESHOLD
    right = exact[met & (estimate >= THRESHOLD)] >= THRESHOLD - 0.1
    print(
        f"near-duplicates: {met[wanted].mean():.1%} of {wanted.sum()} pairs over {THRESHOLD} meet; {met.mean():.2%} of all do"
    )
    print(f"near-duplicates: {right.mean():.1%} of the pairs judged near-same reach {THRESHOLD - 0.1:.1f}")
