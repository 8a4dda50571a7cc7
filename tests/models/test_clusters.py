"""Groups of near-same texts: complete against brute force, never chained, bounded on templates that thousands send."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models import clusters
from models.clusters import near_same
from models.minhash import bands, rows_for, signatures, similarity

THRESHOLD = 0.6
HAN = [chr(code) for code in range(0x4E00, 0x9FA5)]


def keys_of(signed, threshold=THRESHOLD):
    return bands(signed, rows_for(threshold, permutations=signed.shape[1], recall=0.95))


def groups_of(texts, threshold=THRESHOLD):
    signed = signatures(texts)
    return near_same(signed, keys_of(signed, threshold), threshold=threshold)


def partition(groups):
    """The groups as sets of places."""
    return {frozenset(np.flatnonzero(groups == head).tolist()) for head in groups}


def random_text(rng, characters=100):
    return "".join(rng.choices(HAN, k=characters))


def with_edits(text, edits, rng):
    """The text with so many of its characters replaced."""
    characters = list(text)
    for at in rng.sample(range(len(text)), edits):
        characters[at] = rng.choice(HAN)
    return "".join(characters)


def crafted(*rows):
    """Signatures written by hand, with bands of one row: who agrees anywhere is compared."""
    signed = np.array(rows, dtype=np.uint32)
    return signed, bands(signed, 1)


# Who belongs together


def test_copies_and_near_copies_group_and_others_stay_alone():
    text = "商家承诺七天无理由退货，寄回后却以影响二次销售为由拒绝退款，客服至今没有回复"
    groups = groups_of([text, "净水器漏水把地板泡坏了，厂家不肯赔偿也不上门", text + "。", text, "在健身房办卡后门店关门跑路"])
    assert groups.tolist() == [0, 1, 0, 0, 4]


def test_a_group_is_named_by_its_first_text():
    text = "商家承诺七天无理由退货，寄回后却以影响二次销售为由拒绝退款"
    assert groups_of(["在健身房办卡后门店关门跑路", text, text, text]).tolist() == [0, 1, 1, 1]


def test_texts_without_shingles_stay_alone_even_if_the_same():
    assert groups_of(["", "不发货", "", "不发货"]).tolist() == [0, 1, 2, 3]


def test_no_texts_no_groups():
    assert groups_of([]).tolist() == []


def test_families_of_edited_copies_are_found_as_brute_force_finds_them():
    rng = random.Random(3)
    texts = []
    for _ in range(80):
        text = random_text(rng)
        texts += [with_edits(text, rng.randrange(0, 5), rng) for _ in range(rng.randrange(1, 7))]
    rng.shuffle(texts)
    signed = signatures(texts)
    pairs = [(a, b) for a, b in combinations(range(len(texts)), 2) if similarity(signed[a], signed[b]) >= THRESHOLD]
    graph = coo_array((np.ones(len(pairs)), np.array(pairs).T), shape=(len(texts), len(texts)))
    brute_force = connected_components(graph, directed=False)[1]
    together = groups_of(texts)
    linked = np.array([together[a] == together[b] for a, b in pairs])
    assert linked.mean() > 0.97
    # And nothing beyond.
    assert all(len({int(brute_force[at]) for at in group}) == 1 for group in partition(together))


# No chains


def chain(length=12, step=12):
    """Texts of which each is near the next, and the ends have nothing in common."""
    rng = random.Random(5)
    whole = random_text(rng, 100 + step * length)
    return [whole[step * at : step * at + 100] for at in range(length)]


def test_a_text_that_turns_step_by_step_into_another_is_not_one_group():
    texts = chain()
    signed = signatures(texts)
    assert (similarity(signed[:-1], signed[1:]) >= THRESHOLD).all()
    assert similarity(signed[0], signed[-1]) < 0.1
    groups = partition(groups_of(texts))
    # Two steps to either side of its centre are as far as a group reaches (0.78 at one step, 0.6 at two).
    assert max(max(group) - min(group) for group in groups) <= 5
    assert len(groups) <= len(texts) / 2


@settings(deadline=None, derandomize=True)
@given(
    rows=st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=1, max_size=25),
    threshold=st.sampled_from([0.4, 0.6, 0.8]),
)
def test_every_group_has_a_member_that_all_others_are_similar_to(rows, threshold):
    signed, keys = crafted(*rows)
    for group in partition(near_same(signed, keys, threshold=threshold)):
        members = signed[sorted(group)]
        assert (similarity(members[:, None], members) >= threshold).all(axis=1).any()


@settings(deadline=None, derandomize=True)
@given(rows=st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=1, max_size=25), order=st.randoms())
def test_the_order_of_texts_does_not_matter(rows, order):
    places = list(range(len(rows)))
    order.shuffle(places)
    given_order = partition(near_same(*crafted(*rows), threshold=0.6))
    other_order = partition(near_same(*crafted(*(rows[at] for at in places)), threshold=0.6))
    assert {frozenset(places[at] for at in group) for group in other_order} == given_order


FIRST = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
MIDDLE = [0, 1, 2, 3, 4, 5, 6, 17, 18, 19]  # 7 of 10 with the first
LAST = [20, 21, 22, 3, 4, 5, 6, 17, 18, 19]  # 7 of 10 with the middle, 4 with the first


def test_the_text_between_two_others_holds_them_together():
    assert near_same(*crafted(FIRST, MIDDLE, LAST), threshold=0.7).tolist() == [0, 0, 0]
    assert near_same(*crafted(FIRST, MIDDLE, LAST), threshold=0.8).tolist() == [0, 1, 2]


def test_copies_weigh():
    """Fifty times the last text make it the centre, from which the first is too far."""
    groups = near_same(*crafted(FIRST, MIDDLE, *50 * [LAST]), threshold=0.7)
    assert groups.tolist() == [0] + 51 * [1]


# Templates


@pytest.fixture
def compared(monkeypatch):
    """Pairs whose links were looked for."""
    counts = []

    def counting(signed, a, b, threshold, of=clusters._similar):
        counts.append(len(a))
        return of(signed, a, b, threshold)

    monkeypatch.setattr(clusters, "_similar", counting)
    return counts


def test_a_template_sent_word_by_word_makes_no_pairs(compared):
    text = random_text(random.Random(1))
    assert len(partition(groups_of(5000 * [text]))) == 1
    assert sum(compared) == 0


def test_a_template_with_blanks_filled_in_makes_few_pairs(compared):
    rng = random.Random(2)
    text = random_text(rng, 140)
    texts = [text[:40] + random_text(rng, 8) + text[48:] for _ in range(3000)]
    groups = groups_of(texts)
    bands_of_texts = keys_of(signatures(texts[:1])).shape[1]
    assert sum(compared) <= len(texts) * bands_of_texts * clusters.PARTNERS
    assert np.bincount(groups).max() > 0.99 * len(texts)


def test_a_bucket_of_usual_size_is_compared_completely():
    rng = random.Random(6)
    families = [[rng.randrange(1000) for _ in range(9)] for _ in range(clusters.PARTNERS // 2)]
    # All agree in the first value, which is their only band; two of each family share all values but one.
    signed, keys = crafted(*([7, *family[:-1], last] for family in families for last in (1001, 1002)))
    groups = near_same(signed, keys[:, :1], threshold=0.9)
    assert groups.tolist() == [at - at % 2 for at in range(len(groups))]


def test_one_common_band_suffices_to_meet():
    rng = random.Random(8)
    rows = []
    for _ in range(100):
        row = [rng.randrange(10**6) for _ in range(8)]
        twin = [value if at in (0, 1, 2, 4, 6) else value + 1 for at, value in enumerate(row)]  # alike in the first band only
        rows += [row, twin]
    signed = np.array(rows, dtype=np.uint32)
    groups = near_same(signed, bands(signed, 2), threshold=0.6)
    assert groups.tolist() == [at - at % 2 for at in range(len(rows))]


def test_pairs_in_blocks_leave_no_trace(monkeypatch):
    rng = random.Random(4)
    texts = [with_edits(text, 3, rng) for text in [random_text(rng) for _ in range(20)] for _ in range(5)]
    whole = groups_of(texts)
    monkeypatch.setattr(clusters, "BLOCK", 7)
    assert np.array_equal(groups_of(texts), whole)
