"""Who shares whose season."""

import numpy as np
import pandas as pd

from features.counts import count_levels
from jobs.parents import parents_of
from models.detection.series import SeriesTable

WEEKS = pd.date_range("2026-01-05", periods=3, freq="7D")


def tables():
    return {
        "total": SeriesTable(pd.Index(["all"]), WEEKS, np.array([[60.0, 70.0, 80.0]])),
        "product": SeriesTable(
            pd.Index(["product_l1=G03|product_l2=G0304", "product_l1=G04|product_l2=G0401"]),
            WEEKS,
            np.array([[10.0, 20.0, 30.0], [1.0, 2.0, 3.0]]),
        ),
        "city_product": SeriesTable(
            pd.Index(
                [
                    "product_l1=G04|product_l2=G0401|province=330000|city=330100",
                    "product_l1=G03|product_l2=G0304|province=330000|city=330100",
                    "product_l1=G09|product_l2=G0901|province=330000|city=330100",
                ]
            ),
            WEEKS,
            np.zeros((3, 3)),
        ),
    }


def test_a_city_and_product_has_the_season_of_the_product():
    parents = parents_of("city_product", tables(), "total")
    assert parents.counts[parents.of].tolist() == [[1, 2, 3], [10, 20, 30], [60, 70, 80]]  # the last one has the total's


def test_levels_without_a_parent_have_the_totals():
    assert parents_of("product", {name: t for name, t in tables().items() if name != "product_class"}, "total") is None
    assert parents_of("total", tables(), "total") is None


def test_every_parent_stands_above():
    levels = count_levels()
    children = [level for level in levels.values() if level.parent]
    assert levels["city_product"].parent == "product"
    for level in children:
        parent = levels[level.parent]
        assert level.detect
        assert parent.detect
        assert set(parent.dimensions) < set(level.dimensions)
