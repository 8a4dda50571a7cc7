"""Filings counted one by one, beside what is done for all at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.filings import (
    NONE,
    alike_before,
    earlier_alike,
    filers_alike,
    trailing_distinct,
    trailing_rank,
    weights,
    window_first,
)

SETTINGS = settings(deadline=None, derandomize=True, max_examples=300)
ROWS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3), st.integers(0, 12)), max_size=40)


def columns(rows):
    rows = sorted(rows, key=lambda row: row[2])
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


@SETTINGS
@given(ROWS, st.integers(1, 6))
def test_ranks_are_those_of_counting_one_by_one(rows, days):
    group, _, day = columns(rows)
    expected = [
        1 if group[i] == NONE else sum(group[j] == group[i] and day[j] > day[i] - days for j in range(i + 1))
        for i in range(len(day))
    ]
    assert trailing_rank(group, day, days).tolist() == expected


@SETTINGS
@given(ROWS, st.integers(1, 6))
def test_distinct_members_are_those_of_counting_one_by_one(rows, days):
    group, member, day = columns(rows)
    expected = []
    for i in range(len(day)):
        inside = {member[j] for j in range(i + 1) if group[j] == group[i] and member[j] != NONE and day[j] > day[i] - days}
        expected.append(1 if group[i] == NONE or member[i] == NONE else len(inside))
    assert trailing_distinct(group, member, day, days).tolist() == expected


def table_of(rows):
    rows = sorted(rows, key=lambda row: row[1])
    # The keys of different bands never coincide.
    keys = np.array([[key and key * 10 + band for band, key in enumerate(row)] for row, _ in rows], dtype=np.int64)
    return keys.reshape(-1, 4), np.array([on for _, on in rows], dtype=np.int64)


KEYS = st.lists(st.tuples(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 10)), max_size=25)


@SETTINGS
@given(KEYS, st.integers(1, 6), st.integers(1, 4))
def test_copies_are_those_of_asking_key_by_key(rows, days, least):
    keys, day = table_of(rows)
    parent, share = earlier_alike(keys, day, days, least)
    for i in range(len(day)):
        votes = {}
        for band in range(4):
            if keys[i, band]:
                first = next(j for j in range(i + 1) if keys[j, band] == keys[i, band] and day[j] > day[i] - days)
                if first < i:
                    votes[first] = votes.get(first, 0) + 1
        enough = {j: n for j, n in votes.items() if n >= least}
        if not enough:
            assert (parent[i], share[i]) == (NONE, 0)
            continue
        best = min(enough, key=lambda j: (-enough[j], j))
        assert (parent[i], share[i]) == (best, enough[best] / 4)


def test_thousands_of_copies_point_to_the_first():
    keys = np.tile(np.arange(1, 17, dtype=np.int64), (20_000, 1))
    parent, share = earlier_alike(keys, np.arange(20_000) // 1000, 30, 6)
    assert parent[0] == NONE
    assert (parent[1:] == 0).all()
    assert (share[1:] == 1).all()


@SETTINGS
@given(ROWS, st.integers(1, 6))
def test_the_first_of_a_group_is_found_by_looking_back(rows, days):
    group, _, day = columns(rows)
    expected = [
        i if group[i] == NONE else next(j for j in range(i + 1) if group[j] == group[i] and day[j] > day[i] - days)
        for i in range(len(day))
    ]
    assert window_first(group, day, days).tolist() == expected


@SETTINGS
@given(KEYS, st.lists(st.integers(0, 2), min_size=25, max_size=25), st.integers(1, 6), st.integers(1, 4))
def test_alike_texts_and_their_filers_are_those_of_asking_key_by_key(rows, who, days, least):
    keys, day = table_of(rows)
    filer = np.array(who[: len(day)], dtype=np.int64)
    texts, filers = alike_before(keys, day, days, least), filers_alike(keys, filer, day, days, least)
    for i in range(len(day)):
        sharing = [
            [j for j in range(i + 1) if keys[i, band] and keys[j, band] == keys[i, band] and day[j] > day[i] - days]
            for band in range(4)
        ]
        assert texts[i] == sorted((max(len(rows), 1) for rows in sharing), reverse=True)[least - 1]
        assert filers[i] == sorted((max(len({filer[j] for j in rows}), 1) for rows in sharing), reverse=True)[least - 1]


def test_copies_are_numbered():
    keys = np.tile(np.arange(1, 17, dtype=np.int64), (5, 1))
    keys[3] += 100
    assert alike_before(keys, np.zeros(5, dtype=np.int64), 30, 6).tolist() == [1, 2, 3, 1, 4]


def test_weights():
    # first, its repetition, a third copy, a twentieth filing of one complainant, a repeated copy
    given = weights(np.array([1, 2, 1, 1, 2]), np.array([1, 1, 3, 1, 3]), np.array([1, 2, 1, 20, 3]), 10)
    assert given.tolist() == pytest.approx([1, 0, 1 / 3, 0.5, 0])


def test_copies_weigh_their_logarithm():
    ones = np.ones(1000, dtype=np.int64)
    assert weights(ones, np.arange(1, 1001), ones, 10).sum() == pytest.approx(np.log(1000) + 0.5772, abs=0.001)
