"""Groups of complaints that say nearly the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.minhash import Keys, Signatures, bands, has_shingles, similarity

Indices = NDArray[np.int64]

# Texts of one bucket that a text is compared with. A bucket of m texts makes at most this times m pairs; every band sorts
# the texts into other buckets, so that texts which one bucket does not compare meet in another or through a third.
PARTNERS = 16
# Pairs compared at once, which bounds the memory.
BLOCK = 1 << 16


def near_same(signatures: Signatures, band_keys: Keys, *, threshold: float) -> Indices:
    """The group of near-same texts that each text belongs to.

    Texts that share a band key are compared, and those at least as similar as the threshold are linked. Links chain: a text
    turns step by step into another. So the text closest to all others of a linked set, its medoid, keeps those that are
    similar to it, and the rest is grouped anew. Within a group every text is thus as similar to the medoid as the
    threshold says. Which texts form a group does not depend on their order.

    Args:
        signatures: `n_texts × permutations`, see `models.minhash`.
        band_keys: `n_texts × bands` of the same texts.
        threshold: similarity from which texts are near-same, over 0 to 1.

    Returns:
        `n_texts`: the index of the first text of the same group; of itself where it is alone.
    """
    # A template that thousands send word by word counts as one text of that weight: no pairs among its copies.
    prints = _prints(signatures)
    _, first, copies, weights = np.unique(prints, return_index=True, return_inverse=True, return_counts=True)
    alone = ~has_shingles(signatures)
    distinct = signatures[first]
    links = _links(distinct, band_keys[first], threshold)
    groups = _around_medoids(distinct, weights, links, threshold)[copies]
    heads = np.full(len(first), len(prints), dtype=np.int64)
    np.minimum.at(heads, groups, np.arange(len(prints)))
    return np.where(alone, np.arange(len(prints)), heads[groups])


def _prints(signatures: Signatures) -> NDArray[np.uint64]:
    """One number for all values of a signature: as a band of all rows has it."""
    return bands(signatures, signatures.shape[1])[:, 0]


def _links(signatures: Signatures, band_keys: Keys, threshold: float) -> tuple[Indices, Indices]:
    """Pairs of texts that share a key and are as similar as the threshold: the first texts and the second ones."""
    found = []
    for band in range(band_keys.shape[1]):
        keys, others = band_keys[:, band], band_keys[:, (band + 1) % band_keys.shape[1]]
        # Within a bucket those stand together that share the next band too: the likeliest partners.
        order = np.lexsort((others, keys))
        for apart in range(1, PARTNERS + 1):
            a, b = order[:-apart], order[apart:]
            met = keys[a] == keys[b]
            if not met.any():
                break
            found.append(_similar(signatures, a[met], b[met], threshold))
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    pairs = np.unique(np.concatenate(found), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _similar(signatures: Signatures, a: Indices, b: Indices, threshold: float) -> Indices:
    """Those of the pairs that are as similar as the threshold: `n × 2`, the smaller number first."""
    near = [
        similarity(signatures[a[start : start + BLOCK]], signatures[b[start : start + BLOCK]]) >= threshold
        for start in range(0, len(a), BLOCK)
    ]
    return np.sort(np.column_stack((a, b))[np.concatenate(near)], axis=1)


def _around_medoids(signatures: Signatures, weights: Indices, links: tuple[Indices, Indices], threshold: float) -> Indices:
    """For each text the medoid of its group, itself where it is alone."""
    groups = np.arange(len(signatures))
    a, b = links
    while len(a):
        nodes, ends = np.unique(np.concatenate((a, b)), return_inverse=True)
        graph = sparse.coo_array((np.ones(len(a)), (ends[: len(a)], ends[len(a) :])), shape=(len(nodes), len(nodes)))
        _, parts = connected_components(graph, directed=False)
        medoids = nodes[_medoids(signatures[nodes], weights[nodes], parts)][parts]
        kept = np.concatenate(
            [
                similarity(signatures[nodes[start : start + BLOCK]], signatures[medoids[start : start + BLOCK]]) >= threshold
                for start in range(0, len(nodes), BLOCK)
            ]
        )
        kept |= nodes == medoids
        groups[nodes[kept]] = medoids[kept]
        left = np.zeros(len(signatures), dtype=bool)
        left[nodes[~kept]] = True
        still = left[a] & left[b]
        a, b = a[still], b[still]
    return groups


def _medoids(signatures: Signatures, weights: Indices, parts: Indices) -> Indices:
    """For each part the member with the highest sum of similarities to all members, without comparing pairs.

    In every permutation a member agrees with as many as have its value.
    """
    agreement = np.zeros(len(signatures))
    for permutation in range(signatures.shape[1]):
        values = (parts.astype(np.uint64) << np.uint64(32)) | signatures[:, permutation]
        _, groups = np.unique(values, return_inverse=True)
        agreement += np.bincount(groups, weights=weights)[groups]
    best = np.lexsort((np.arange(len(parts)), -agreement, parts))
    return best[np.unique(parts[best], return_index=True)[1]]
