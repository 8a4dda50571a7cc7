"""Signatures against brute force over sets of shingles, bands against the probability that theory gives them."""

import math
import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import minhash
from models.minhash import NO_BAND, NO_SHINGLE, bands, has_shingles, jaccard, rows_for, signatures, similarity

SENTENCES = (
    "在网店买的{}用了{}天就坏了",
    "商家以{}为由拒绝退款，已经拖了{}天",
    "安装师傅收了{}元却说{}不在保修范围",
    "客服第{}次答应回电，至今没有人联系我，要求赔偿{}元",
    "发票抬头写错成{}，门店说要等{}个工作日",
    "{}的包装破损，里面少了{}件配件",
)
THINGS = ("电饭煲", "山地车", "羽绒服", "健身卡", "净水器", "钢化膜", "月饼礼盒", "电动牙刷", "沙发", "投影仪")
# Figures of one text, written down when the method was settled: stored signatures compare only while they hold.
PINNED_SIGNATURE = [[325639030, 337518447, 142708046, 379442531]]
PINNED_KEYS = [[14611050947440239006, 1778325598011658800]]


def sentence(rng):
    return rng.choice(SENTENCES).format(rng.choice(THINGS), rng.randrange(2, 400))


def complaint(rng):
    return "，".join(sentence(rng) for _ in range(rng.randrange(3, 9)))


def edited(text, edits, rng):
    """The text with so many single characters inserted, dropped or changed."""
    characters = list(text)
    for _ in range(edits):
        at = rng.randrange(len(characters))
        kind = rng.randrange(3)
        if kind == 0:
            characters.insert(at, rng.choice(text))
        elif kind == 1 and len(characters) > 1:
            del characters[at]
        else:
            characters[at] = chr(rng.randrange(0x4E00, 0x9FA5))
    return "".join(characters)


@pytest.fixture(scope="module")
def corpus():
    """Complaints with 0 to 20 edited copies of themselves, of every closeness."""
    rng = random.Random(7)
    texts = []
    for _ in range(60):
        text = complaint(rng)
        texts += [text, *(edited(text, rng.randrange(0, 14), rng) for _ in range(rng.randrange(6)))]
    return texts


# Shingles and the exact similarity


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ("一二三四五", "一二三四五", 1.0),
        ("一二三四五", "二三四五六", 1 / 3),
        ("一二三四", "五六七八", 0.0),
        ("一一一一一一", "一一一一", 1.0),  # a set: how often a shingle occurs does not count
        ("一二三", "一二三", 0.0),
        ("", "", 0.0),
    ],
)
def test_the_exact_similarity_is_that_of_sets_of_shingles(a, b, shared):
    assert jaccard(a, b) == pytest.approx(shared)


def test_texts_with_the_same_shingles_have_the_same_signature():
    first, second = signatures(["一二一二一二", "二一二一二一二一"])
    assert np.array_equal(first, second)


@pytest.mark.parametrize("shingle", [1, 2, 3, 4, 7])
def test_a_text_of_one_shingle_has_that_shingles_values_wherever_it_stands(shingle):
    word = "退款不退款快退钱"[:shingle]
    alone, wider = signatures([word, "店家说" + word + "等三天"], shingle=shingle)
    others = signatures([("店家说" + word + "等三天")[at : at + shingle] for at in range(7)], shingle=shingle)
    assert np.array_equal(wider, others.min(axis=0))
    assert (alone >= wider).all()


# The estimate


def test_the_estimate_errs_like_a_share_of_so_many_coin_throws(corpus):
    pairs = [pair for pair in combinations(range(len(corpus)), 2) if 0.05 < jaccard(corpus[pair[0]], corpus[pair[1]]) < 0.95]
    assert len(pairs) > 100
    exact = np.array([jaccard(corpus[a], corpus[b]) for a, b in pairs])
    first, second = np.array(pairs).T
    errors = []
    for seed in range(20):
        signed = signatures(corpus, seed=seed)
        errors.append((similarity(signed[first], signed[second]) - exact) / np.sqrt(exact * (1 - exact) / 64))
    assert np.std(errors) == pytest.approx(1.0, abs=0.1)
    assert np.mean(errors) == pytest.approx(0.0, abs=0.1)


@settings(deadline=None, derandomize=True)
@given(
    base=st.text(alphabet="退款不发货商家拒绝漏水热水器三天", min_size=12, max_size=120),
    edits=st.integers(0, 30),
    seed=st.integers(0, 2**32),
)
def test_the_estimate_is_within_five_standard_errors(base, edits, seed):
    other = edited(base, edits, random.Random(seed))
    first, second = signatures([base, other], permutations=512)
    exact = jaccard(base, other)
    # Variance of at least one throw: near 0 and 1 the binomial is no normal distribution.
    margin = 5 * math.sqrt(max(exact * (1 - exact), 1 / 512) / 512)
    assert abs(float(similarity(first, second)) - exact) <= margin


def test_one_signature_compares_with_many():
    signed = signatures(["商家拒绝退款已经拖了三天", "商家拒绝退款已经拖了五天", "净水器漏水"])
    assert similarity(signed[0], signed).tolist() == [float(similarity(signed[0], other)) for other in signed]
    assert similarity(signed[0], signed)[0] == 1.0


# What does not change a signature


@settings(deadline=None, derandomize=True)
@given(texts=st.lists(st.text(st.characters(exclude_categories=[]), max_size=30), max_size=12), order=st.randoms())
def test_a_text_has_its_signature_alone_in_any_batch_and_in_any_order(texts, order):
    together = signatures(texts, permutations=8)
    assert together.shape == (len(texts), 8)
    for text, signed in zip(texts, together, strict=True):
        assert np.array_equal(signed, signatures([text], permutations=8)[0])
    places = list(range(len(texts)))
    order.shuffle(places)
    assert np.array_equal(signatures([texts[at] for at in places], permutations=8), together[places])


def test_blocks_leave_no_trace(corpus, monkeypatch):
    texts = ["", *corpus, "短", "", "长" * 500 + corpus[0], ""]
    whole = signatures(texts)
    for size in (1, 100, 1000):
        monkeypatch.setattr(minhash, "BLOCK", size)
        assert np.array_equal(signatures(texts), whole)


def test_signatures_and_keys_are_the_same_on_every_machine_and_day():
    signed = signatures(["热水器漏水，商家拒绝上门"], permutations=4)
    assert signed.dtype == np.uint32
    assert signed.tolist() == PINNED_SIGNATURE
    assert bands(signed, 2).dtype == np.uint64
    assert bands(signed, 2).tolist() == PINNED_KEYS


def test_another_seed_gives_other_values(corpus):
    assert not (signatures(corpus[:5], seed=1) == signatures(corpus[:5], seed=2)).any()


@pytest.mark.parametrize("text", ["\x00" * 50, "\ud800" * 9, "a\udfff😀\u202e" * 30, "退" * 100_000, " \n\t\r" * 20])
def test_any_string_has_a_signature(text):
    signed = signatures([text, "商家拒绝退款已经拖了三天"])
    assert has_shingles(signed).all()
    assert similarity(signed[0], signed[1]) < 0.2


# Empty and short texts


def test_a_text_shorter_than_a_shingle_meets_no_text_at_all():
    signed = signatures(["", "", "不发货", "不发货", "商家不发货"])
    assert has_shingles(signed).tolist() == [False, False, False, False, True]
    assert (signed[:4] == NO_SHINGLE).all()
    assert not similarity(signed[:4, None], signed).any()
    keys = bands(signed, 8)
    assert (keys[:4] == NO_BAND).all()
    assert (keys[4] != NO_BAND).all()


def test_no_texts_have_no_signatures():
    assert signatures([]).shape == (0, 64)
    assert bands(signatures([]), 8).shape == (0, 8)


@pytest.mark.parametrize("bad", [{"permutations": 0}, {"shingle": 0}])
def test_a_signature_of_nothing_is_refused(bad):
    with pytest.raises(ValueError, match="at least one"):
        signatures(["热水器漏水"], **bad)


# Bands


def test_keys_agree_exactly_where_all_rows_of_the_band_do(corpus):
    signed = signatures(corpus)
    keys = bands(signed, 4)
    first, second = np.array(list(combinations(range(len(corpus)), 2))).T
    agree = (signed[first] == signed[second]).reshape(len(first), 16, 4).all(axis=2)
    assert np.array_equal(keys[first] == keys[second], agree)
    assert agree.any()
    assert not agree.all()


def test_bands_do_not_share_keys():
    # All values alike, as in the bands of a crafted signature.
    keys = bands(np.full((1, 64), 5, dtype=np.uint32), 4)
    assert len(np.unique(keys)) == 16


@pytest.mark.parametrize("rows", [0, 5, 128])
def test_rows_must_divide_the_permutations(rows):
    with pytest.raises(ValueError, match="do not divide"):
        bands(signatures(["热水器漏水"]), rows)


@pytest.mark.parametrize(("threshold", "rows"), [(0.5, 2), (0.7, 4), (0.9, 8)])
def test_rows_for_a_threshold_are_the_most_that_still_find_it(threshold, rows):
    assert rows_for(threshold, permutations=64, recall=0.95) == rows
    assert 1 - (1 - threshold**rows) ** (64 // rows) >= 0.95
    assert 1 - (1 - threshold ** (2 * rows)) ** (32 // rows) < 0.95


def test_where_no_number_of_rows_suffices_there_is_one_row():
    assert rows_for(0.001, permutations=64, recall=0.95) == 1


@pytest.mark.parametrize("rows", [2, 4, 8])
def test_texts_meet_as_often_as_their_similarity_lets_expect(corpus, rows):
    first, second = np.array(list(combinations(range(len(corpus)), 2))).T
    exact = np.array([jaccard(corpus[a], corpus[b]) for a, b in zip(first, second, strict=True)])
    shares = []
    for seed in range(60):
        keys = bands(signatures(corpus, seed=seed), rows)
        shares.append((keys[first] == keys[second]).any(axis=1).mean())
    expected = (1 - (1 - exact**rows) ** (64 // rows)).mean()
    assert np.mean(shares) == pytest.approx(expected, abs=4 * np.std(shares) / math.sqrt(60))
    assert np.std(shares) < expected / 2


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_pairs_by_bands_are_those_of_brute_force(corpus, threshold):
    """Recall and precision of band keys and estimate together, at the similarity that a user asks for."""
    first, second = np.array(list(combinations(range(len(corpus)), 2))).T
    exact = np.array([jaccard(corpus[a], corpus[b]) for a, b in zip(first, second, strict=True)])
    rows = rows_for(threshold, permutations=64, recall=0.95)
    found, right, kept = [], [], []
    wanted = exact >= threshold
    assert wanted.sum() > 20
    margin = 2 * math.sqrt(threshold * (1 - threshold) / 64)
    for seed in range(8):
        signed = signatures(corpus, seed=seed)
        keys = bands(signed, rows)
        met = (keys[first] == keys[second]).any(axis=1)
        verified = met & (similarity(signed[first], signed[second]) >= threshold)
        found.append(met[wanted].mean())
        right.append((exact[verified] >= threshold - margin).mean())
        kept.append(verified[exact >= min(threshold + margin, 1.0)].mean())
    assert np.mean(found) >= 0.95
    assert np.mean(right) >= 0.95
    assert np.mean(kept) >= 0.95
