"""What a series is about, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from features.merchants import name_parts
from features.merchants.places import is_region_code
from features.merchants.words import words
from features.regions import region_name
from features.trees import issues, products

TREES = {"product_l1": products, "product_l2": products, "issue_l1": issues}
PLACES = ("province", "city")
# A finer dimension says what the coarser one would only repeat.
FINER = {
    "province": ("city",),
    "product_l1": ("product_l2", "product_label"),
    "issue_l1": ("issue_label",),
    "brand": ("model",),
}
UNKNOWN = "unknown"
# A region or platform is named by its first two characters already.
SHORT_NAME = 2
# Where, what, whose, which fault: the order a reader expects.
ORDER = ("kind", "channel", "province", "city", "product_l1", "product_l2", "product_label", "brand", "model", "merchant")


def label(dimension: str, value: str, merchants: Mapping[str, str] | None = None) -> str:
    """A dimension's value as a reader knows it: a name instead of a code.

    Args:
        dimension: name of the dimension.
        value: its value.
        merchants: names of respondents by id.
    """
    if value == UNKNOWN:
        return "未知"
    if dimension in TREES:
        return TREES[dimension]().name(value)
    if dimension in PLACES:
        return region_name(value)
    if dimension == "merchant":
        return _merchant(value, (merchants or {}).get(value))
    return value


def subject(dimensions: Mapping[str, str], merchants: Mapping[str, str] | None = None) -> str:
    """The series in words, such as `杭州市 热水器 质量`; `总量` for the total."""
    shown = {
        name: label(name, value, merchants)
        for name, value in sorted(dimensions.items(), key=lambda item: _place(item[0]))
        if not dimensions.keys() & FINER.get(name, ()) or _adds(name, value, dimensions)
    }
    return " ".join(shown.values()) or "总量"


def _merchant(merchant: str, name: str | None) -> str:
    """A respondent's name; one that is known by its name only with its city or platform, where the name does not say it."""
    scope, core = name_parts(merchant) or ("", merchant)
    shown = name or core
    place = region_name(scope) if is_region_code(scope) else scope if scope in words().platforms.market else ""
    return shown if place[:SHORT_NAME] in shown else f"{shown}（{place}）"


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _adds(name: str, value: str, dimensions: Mapping[str, str]) -> bool:
    """A brand stays beside a model that does not already begin with it."""
    return name == "brand" and not dimensions["model"].startswith(value)


def dimensions_of(series: str) -> dict[str, str]:
    """The dimensions of a series name as `features.counts.series_name` makes it; none for the total."""
    return dict(part.split("=", 1) for part in series.split("|") if "=" in part)


def merchant_names(complaints: pd.DataFrame) -> dict[str, str]:
    """The name most used for each respondent, from columns `merchant` and `merchant_name`; ties by name."""
    named = complaints.dropna(subset=["merchant", "merchant_name"])
    counts = named.groupby(["merchant", "merchant_name"]).size().reset_index(name="n")
    leading = counts.sort_values(["merchant", "n", "merchant_name"], ascending=[True, False, True])
    first = leading.drop_duplicates("merchant")
    return dict(zip(first["merchant"], first["merchant_name"], strict=True))
