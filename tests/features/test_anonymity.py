"""Small cells are withheld, and cannot be reckoned back from totals."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from features.anonymity import WITHHELD, withhold_small_cells

CELLS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12)), min_size=1, max_size=12)


def table(cells):
    return pd.DataFrame({"group": [g for g, _ in cells], "cell": range(len(cells)), "n": [n for _, n in cells]})


def test_small_cells_and_the_one_beside_a_lonely_one():
    safe = withhold_small_cells(
        table([("a", 3), ("a", 9), ("a", 7), ("b", 2), ("b", 4), ("b", 9), ("c", 1), ("d", 0)]), ["group"], "n", 5
    )
    assert safe["n"].astype(object).where(safe["n"].notna(), None).tolist() == [None, 9, None, None, None, 9, None, 0]
    assert safe[WITHHELD].tolist() == [True, False, True, True, True, False, True, False]


@given(CELLS, st.integers(1, 8))
@settings(deadline=None, derandomize=True)
def test_no_small_count_is_told_nor_follows_from_its_group(cells, smallest):
    counts = table(cells)
    safe = withhold_small_cells(counts, ["group"], "n", smallest)
    assert safe["cell"].tolist() == counts["cell"].tolist()
    told = safe["n"].dropna()
    assert ((told >= smallest) | (told == 0)).all()
    assert (told == counts.loc[told.index, "n"]).all()
    for _, group in safe.groupby("group"):
        withheld = counts.loc[group.index[group[WITHHELD]], "n"]
        # With the group's total, what is withheld is known only in sum: of two cells or more, or of the whole group.
        others = counts.loc[group.index, "n"].drop(withheld.index)
        assert len(withheld) != 1 or not (others > 0).any()


def test_without_groups_the_whole_table_is_one():
    safe = withhold_small_cells(table([("a", 3), ("b", 9)]), [], "n", 5)
    assert safe[WITHHELD].tolist() == [True, True]
