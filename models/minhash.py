"""Signatures of texts whose agreement estimates how much the texts share, and the keys under which near-same texts meet.

MinHash (Broder 1997, On the resemblance and containment of documents) over the set of a text's character shingles; banding
for locality-sensitive hashing (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, chapter 3). All arithmetic is that
of unsigned integers of fixed width: the same texts give the same figures on every machine and in every version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Signatures = NDArray[np.uint32]
Keys = NDArray[np.uint64]

PERMUTATIONS = 64
SHINGLE = 4
SEED = 12315
# What a text without shingles has instead of smallest hashes, and the key of a band that it must not be looked up by.
NO_SHINGLE = np.uint32(0xFFFFFFFF)
NO_BAND = np.uint64(0)
# Code points worked on at once: two such arrays of 32 bits stay in a core's cache, which doubles the speed.
BLOCK = 1 << 16
# Odd constants of SplitMix64 (Steele, Lea & Flood 2014), which spreads neighbouring numbers over all 64 bits.
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def signatures(
    texts: Sequence[str], *, permutations: int = PERMUTATIONS, shingle: int = SHINGLE, seed: int = SEED
) -> Signatures:
    """The MinHash signature of every text.

    A text of fewer than `shingle` characters has no shingle and thus nothing that it could share: all of its values are
    `NO_SHINGLE`, it is similar to no text (not even to the same one) and has no band.

    Args:
        texts: normalised texts; any string will do, lone surrogates too.
        permutations: values per signature. The estimate's standard error is at most `0.5 / sqrt(permutations)`.
        shingle: characters of a shingle.
        seed: signatures compare only with those of the same seed, shingle and number of permutations.

    Returns:
        `n_texts × permutations`.

    Raises:
        ValueError: `permutations` or `shingle` is not positive.
    """
    if permutations < 1 or shingle < 1:
        raise ValueError("a signature needs at least one permutation of shingles of at least one character")
    # Multiplying by a random odd number permutes the 32-bit numbers (Dietzfelbinger et al. 1997).
    factors = (_mixed(np.arange(permutations, dtype=np.uint64) * STEP + np.uint64(seed)) >> np.uint64(32)).astype(np.uint32) | 1
    smallest = np.full((permutations, len(texts)), NO_SHINGLE, dtype=np.uint32)
    for first, last in _blocks(texts):
        hashes, kept, starts = _shingle_hashes(texts[first:last], shingle)
        scratch, minima = np.empty_like(hashes), np.empty(len(starts), dtype=np.uint32)
        for permutation in range(permutations if len(starts) else 0):
            np.multiply(hashes, factors[permutation], out=scratch)
            np.minimum.reduceat(scratch, starts, out=minima)
            smallest[permutation, first + kept] = minima
    return np.ascontiguousarray(smallest.T)


def bands(signatures: Signatures, rows: int) -> Keys:
    """The keys of every text's bands: texts that agree in all rows of a band have its key in common.

    Two texts of similarity s share at least one of `permutations / rows` keys with probability
    `1 - (1 - s**rows) ** (permutations / rows)`. Different bands never share keys, so the keys may be pooled. A text
    without shingles has only `NO_BAND`, which no other text ever gets: leave it out of every join. `keys.view("int64")`
    serves stores that have no unsigned numbers.

    Args:
        signatures: `n_texts × permutations`.
        rows: rows per band; must divide `permutations`.

    Returns:
        `n_texts × permutations / rows`.

    Raises:
        ValueError: `rows` does not divide the permutations.
    """
    texts, permutations = signatures.shape
    if rows < 1 or permutations % rows:
        raise ValueError(f"{permutations} permutations do not divide into bands of {rows} rows")
    grouped = signatures.reshape(texts, permutations // rows, rows).astype(np.uint64)
    keys = np.broadcast_to(_mixed(STEP * np.arange(1, permutations // rows + 1, dtype=np.uint64)), grouped.shape[:2])
    for row in range(rows):
        keys = _mixed((keys ^ grouped[:, :, row]) + STEP)
    return np.where(has_shingles(signatures)[:, None], np.maximum(keys, NO_BAND + np.uint64(1)), NO_BAND)


def rows_for(threshold: float, *, permutations: int = PERMUTATIONS, recall: float) -> int:
    """The most rows per band with which two texts as similar as the threshold still meet with probability `recall`.

    More rows mean fewer chance meetings. 1, if even that does not suffice.
    """
    divisors = [rows for rows in range(1, permutations + 1) if permutations % rows == 0]
    return max((rows for rows in divisors if 1 - (1 - threshold**rows) ** (permutations // rows) >= recall), default=1)


def similarity(a: Signatures, b: Signatures) -> NDArray[np.float64]:
    """The estimated Jaccard similarity of the texts behind two arrays of signatures, along the last axis.

    Arrays broadcast, so that one signature compares with many. 0 where a text has no shingles.
    """
    return np.asarray(np.mean(a == b, axis=-1) * has_shingles(a), dtype=np.float64)


def jaccard(a: str, b: str, *, shingle: int = SHINGLE) -> float:
    """What `similarity` estimates: shared shingles over all shingles of both texts; 0 where a text has none."""
    of_a, of_b = ({text[at : at + shingle] for at in range(len(text) - shingle + 1)} for text in (a, b))
    return len(of_a & of_b) / len(of_a | of_b) if of_a and of_b else 0.0


def has_shingles(signatures: Signatures) -> NDArray[np.bool_]:
    """Whether a text was long enough for a signature, by signature (the last axis)."""
    return np.asarray((signatures != NO_SHINGLE).any(axis=-1))


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of texts (first, one past the last) of about `BLOCK` characters; a longer text is a run of its own."""
    first = characters = 0
    for at, text in enumerate(texts):
        if characters and characters + len(text) > BLOCK:
            yield first, at
            first, characters = at, 0
        characters += len(text)
    if first < len(texts):
        yield first, len(texts)


def _shingle_hashes(texts: Sequence[str], shingle: int) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Hashes of all shingles, text by text; the numbers of the texts that have any; where each of those begins."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    # A window that crosses from one text into the next is computed and left out by the mask.
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    windows = max(len(points) - shingle + 1, 0)
    rolling = np.zeros(windows, dtype=np.uint64)
    for offset in range(shingle):
        rolling *= STEP
        rolling += points[offset : offset + windows]
    counts = np.maximum(lengths - shingle + 1, 0)
    inside = np.ones(len(points), dtype=bool)
    ends = np.cumsum(lengths)
    for back in range(1, shingle):
        inside[np.maximum(ends - back, 0)[lengths >= back]] = False
    hashes = (_mixed(rolling[inside[:windows]]) >> np.uint64(32)).astype(np.uint32)
    kept = np.flatnonzero(counts)
    return hashes, kept, np.cumsum(counts[kept]) - counts[kept]


def _mixed(numbers: Keys) -> Keys:
    """Each number with its bits spread over the whole width (the finaliser of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * SECOND
    return numbers ^ (numbers >> np.uint64(31))
