"""What a series is about, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from features.regions import region_name
from features.trees import issues, products

TREES = {"product_l1": products, "product_l2": products, "issue_l1": issues}
PLACES = ("province", "city")
# A finer dimension says what the coarser one would only repeat.
FINER = {"province": "city", "product_l1": "product_l2", "brand": "model"}
UNKNOWN = "unknown"


def label(dimension: str, value: str) -> str:
    """A dimension's value as a reader knows it: a name instead of a code."""
    if value == UNKNOWN:
        return "未知"
    if dimension in TREES:
        return TREES[dimension]().name(value)
    if dimension in PLACES:
        return region_name(value)
    return value


def subject(dimensions: Mapping[str, str]) -> str:
    """The series in words, such as `杭州市 热水器 质量`; `总量` for the total."""
    shown = {
        name: label(name, value)
        for name, value in dimensions.items()
        if FINER.get(name) not in dimensions or _adds(name, value, dimensions)
    }
    return " ".join(shown.values()) or "总量"


def _adds(name: str, value: str, dimensions: Mapping[str, str]) -> bool:
    """A brand stays beside a model that does not already begin with it."""
    return name == "brand" and not dimensions["model"].startswith(value)


def parse_series(series: str) -> dict[str, str]:
    """The dimensions of a series name such as `brand=甲|model=乙`; none for `all`."""
    return dict(part.split("=", 1) for part in series.split("|")) if series != "all" else {}
