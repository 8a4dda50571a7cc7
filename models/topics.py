"""Groups of complaints about the same matter within a slice, such as a week's complaints of one category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components

from models.clusters import Indices, near_same
from models.detection.predictive import Array
from models.minhash import bands, rows_for, signatures
from models.terms import log_odds

Pairs = tuple[Indices, Indices, Array]

SEPARATOR = "·"
FEWEST_TERMS = 2
# Near-same pairs that the bands must let meet.
RECALL = 0.95
# A word of one complaint alone links it to none; left in, it would only weaken the words that do.
FEWEST_USES = 2
# Complaints whose similarities are held as a table at once: 6,000 take 150 MB, and as much again while they are grouped.
TABLE = 6000
# Rows of similarities computed at once, and the step in which a part too large for a table is cut finer.
ROWS, STEP = 1000, 0.05


@dataclass(frozen=True)
class TopicSettings:
    """What makes a topic; the figures are the caller's.

    Attributes:
        near_same: MinHash similarity from which texts are near-same, over 0 to 1.
        same_topic: mean TF-IDF similarity between two groups from which they are one topic, over 0 to 1.
        informative: how much a complaint must say, as a share of what the slice's complaints say on the median, to count
            in full. One that says less, such as that nobody called back, is less similar to all others.
        least: complaints that a topic has at least; fewer are none.
        terms: words of a label at the most.
        term_share: share of a topic's complaints that must use a word of its label.
        term_score: log-odds z-score that such a word must reach.
        typical: typical complaints shown at the most.
    """

    near_same: float
    same_topic: float
    informative: float
    least: int
    terms: int
    term_share: float
    term_score: float
    typical: int


@dataclass(frozen=True)
class Cluster:
    """One topic.

    Attributes:
        members: indices of its complaints, ascending.
        terms: words that set it apart from the rest of the slice, in the order in which its complaints use them; none
            where no word does.
        typical: indices of the most central members, no two of them near-same, the most central first.
        voices: members of which no two are near-same: how many tell it in words of their own.
        cohesion: mean TF-IDF cosine between two members, 0 to 1.
    """

    members: tuple[int, ...]
    terms: tuple[str, ...]
    typical: tuple[int, ...]
    voices: int
    cohesion: float

    @property
    def label(self) -> str:
        """The terms as one readable name, as in 热水器·漏水·拒绝上门."""
        return SEPARATOR.join(self.terms)


def topic_clusters(
    token_lists: Sequence[Sequence[str]], *, texts: Sequence[str], settings: TopicSettings, naming: Set[str] = frozenset()
) -> list[Cluster]:
    """The topics of a slice, the largest first; complaints in none of them belong to no topic.

    Near-same texts are one voice: a template counts once where topics are found, all of its copies where sizes are. The
    voices are grouped by average linkage (Sokal & Michener 1958) of TF-IDF vectors, cut at `same_topic`. Nothing is drawn at
    random, and which topics come out does not depend on the order of the complaints, save where similarities are exactly
    equal.

    Args:
        token_lists: the words of each complaint, in order, without stop words.
        texts: the normalised texts of the same complaints.
        naming: words that name things and faults; a label takes them before others that tell as much.

    Raises:
        ValueError: `token_lists` and `texts` differ in length.
    """
    if len(token_lists) != len(texts):
        raise ValueError(f"{len(token_lists)} complaints have words and {len(texts)} have texts")
    if not texts:
        return []
    signed = signatures(texts)
    heads = near_same(signed, bands(signed, rows_for(settings.near_same, recall=RECALL)), threshold=settings.near_same)
    voices, voice_of = np.unique(heads, return_inverse=True)
    vocabulary, uses = _uses(token_lists)
    vectors = _weighted(uses, voices, settings.informative)
    topics = _linked(vectors[voices], settings.same_topic)[voice_of]
    found = []
    for members in _groups(topics):
        if len(members) >= settings.least:
            terms = _in_order_of_use(_telling(uses, members, vocabulary, naming, settings), [token_lists[at] for at in members])
            cohesion, typical = _centre(vectors[members], members, heads, settings.typical)
            found.append(Cluster(tuple(members.tolist()), terms, typical, len(np.unique(heads[members])), cohesion))
    return sorted(found, key=lambda cluster: (-len(cluster.members), cluster.members))


def topic_numbers(clusters: Sequence[Cluster], complaints: int) -> Indices:
    """For each complaint of the slice the number of its topic in the list, -1 where it has none."""
    numbers = np.full(complaints, -1, dtype=np.int64)
    for number, cluster in enumerate(clusters):
        numbers[list(cluster.members)] = number
    return numbers


def _uses(token_lists: Sequence[Sequence[str]]) -> tuple[list[str], sparse.csr_array]:
    """The words that at least two complaints use, and how often each complaint does: `n_complaints × n_words`."""
    used_by = Counter(chain.from_iterable(map(set, token_lists)))
    vocabulary = sorted(word for word, complaints in used_by.items() if complaints >= FEWEST_USES)
    column_of = {word: column for column, word in enumerate(vocabulary)}
    rows = np.repeat(np.arange(len(token_lists)), [len(tokens) for tokens in token_lists])
    columns = np.array([column_of.get(word, -1) for word in chain.from_iterable(token_lists)], dtype=np.int64)
    known = columns >= 0
    shape = len(token_lists), len(vocabulary)
    return vocabulary, sparse.csr_array((np.ones(known.sum()), (rows[known], columns[known])), shape=shape)


def _weighted(uses: sparse.csr_array, voices: Indices, informative: float) -> sparse.csr_array:
    """TF-IDF vectors with logarithmic counts; rarity is that among the voices.

    A vector's length is one, or less where the complaint says little; zero without known words.
    """
    used_by = np.bincount(uses[voices].indices, minlength=uses.shape[1])
    rarity = np.log((1 + len(voices)) / (1 + used_by)) + 1
    weights = uses.copy()
    weights.data = (1 + np.log(weights.data)) * rarity[weights.indices]
    said = _lengths(weights)
    weights.data /= np.repeat(np.maximum(said, informative * np.median(said[voices])), np.diff(weights.indptr))
    return weights


def _lengths(vectors: sparse.csr_array) -> Array:
    return np.asarray(np.sqrt(vectors.multiply(vectors).sum(axis=1)), dtype=float)


def _linked(vectors: sparse.csr_array, threshold: float) -> Indices:
    """For each vector a number of its group by average linkage, cut at the threshold.

    Two groups whose mean similarity reaches the threshold hold a pair that does. So no group reaches across connected
    components of such pairs, and each component is grouped on its own: few vectors of a slice need a table of distances.
    """
    groups = np.arange(vectors.shape[0])
    for part in _parts(vectors.shape[0], _pairs(vectors, threshold), threshold):
        if len(part) > TABLE:
            groups[part] = part[0]
        else:
            tree = linkage(_distances(vectors[part]), "average")
            _, first, group_of = np.unique(fcluster(tree, 1 - threshold, "distance"), return_index=True, return_inverse=True)
            groups[part] = part[first[group_of]]
    return groups


def _pairs(vectors: sparse.csr_array, threshold: float) -> Pairs:
    """All pairs at least as similar as the threshold: first vectors, second ones, similarities."""
    found = []
    for start in range(0, vectors.shape[0], ROWS):
        near = sparse.coo_array(vectors[start : start + ROWS] @ vectors.T)
        kept = (near.data >= threshold) & (near.row + start < near.col)
        found.append((near.row[kept] + start, near.col[kept], near.data[kept]))
    first, second, similarities = map(np.concatenate, zip(*found, strict=True))
    return first, second, similarities


def _parts(vectors: int, pairs: Pairs, threshold: float) -> Iterator[Indices]:
    """Connected components of two or more, those too large for a table cut at their weaker pairs."""
    first, second, similarities = pairs
    graph = sparse.coo_array((similarities, (first, second)), shape=(vectors, vectors))
    for part in _groups(connected_components(graph, directed=False)[1]):
        if len(part) <= TABLE or threshold + STEP >= 1:
            if len(part) > 1:
                yield part
        else:
            kept = np.isin(first, part) & (similarities >= threshold + STEP)
            yield from _parts(vectors, (first[kept], second[kept], similarities[kept]), threshold + STEP)


def _distances(vectors: sparse.csr_array) -> Array:
    """One minus the similarity of each pair, row by row above the diagonal, as `linkage` wants it."""
    size = vectors.shape[0]
    distances = np.empty(size * (size - 1) // 2)
    filled = 0
    for start in range(0, size, ROWS):
        for row, near in enumerate((vectors[start : start + ROWS] @ vectors.T).toarray(), start):
            distances[filled : filled + size - row - 1] = 1 - near[row + 1 :]
            filled += size - row - 1
    return np.maximum(distances, 0, out=distances)


def _groups(numbers: Indices) -> Iterator[Indices]:
    """The places of every number, ascending."""
    order = np.argsort(numbers, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)


def _telling(
    uses: sparse.csr_array, members: Indices, vocabulary: list[str], naming: Set[str], settings: TopicSettings
) -> list[str]:
    """Words that many members use and the rest of the slice does not: at least two if so many are in wide use.

    Every use counts: what a complaint is about it says more than once.
    """
    own, words = uses[members], len(vocabulary)
    users = np.bincount(own.indices, minlength=words)
    inside = np.bincount(own.indices, weights=own.data, minlength=words).astype(float)
    outside = np.bincount(uses.indices, weights=uses.data, minlength=words) - inside
    # The odds of one word alone are against none.
    scores = log_odds(inside, outside) if words > 1 else np.zeros(words)
    wide = np.flatnonzero(users >= max(settings.term_share * len(members), FEWEST_USES))
    named = np.array([vocabulary[column] in naming for column in wide], dtype=bool) & (scores[wide] >= settings.term_score)
    chosen: list[str] = []
    for column in wide[np.lexsort((-scores[wide], ~named))]:
        word = vocabulary[column]
        if len(chosen) == settings.terms or (len(chosen) >= FEWEST_TERMS and scores[column] < settings.term_score):
            break
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return chosen


def _in_order_of_use(terms: list[str], token_lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The terms as complaints use them, on average: mostly first the thing, then what is wrong with it."""
    places: dict[str, list[float]] = {term: [] for term in terms}
    for tokens in token_lists:
        for term in terms:
            if term in tokens:
                places[term].append(tokens.index(term) / len(tokens))
    return tuple(sorted(terms, key=lambda term: float(np.mean(places[term]))))


def _centre(vectors: sparse.csr_array, members: Indices, heads: Indices, most: int) -> tuple[float, tuple[int, ...]]:
    """The mean similarity of two members, and the members most similar to all others, one of each near-same group."""
    lengths = _lengths(vectors)
    alike = sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ vectors
    total = alike.sum(axis=0)
    # Rounded, so that equals stay equal in whatever order they are added up.
    closeness = np.round(alike @ total, 9)
    pairs = len(members) * (len(members) - 1)
    cohesion = (closeness.sum() - np.count_nonzero(lengths)) / pairs if pairs else 1.0
    typical: dict[int, int] = {}
    for place in np.argsort(-closeness, kind="stable"):
        typical.setdefault(int(heads[members[place]]), int(members[place]))
        if len(typical) == most:
            break
    return float(np.clip(cohesion, 0, 1)), tuple(typical.values())
