"""The table of regions: GB/T 2260 provinces, cities and counties, and what stands above each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile

from warehouse.files import reference_rows

UNKNOWN = "unknown"
LEVELS = ("province", "city", "county")
# Cities of the code list that only hold together a province's counties: 市辖区, 省直辖县级行政区划, 重庆市县.
HOLDERS = ("市辖区", "直辖县级行政区划", "重庆市县")

# More codes than there are regions.
REMEMBERED = 1 << 13


@dataclass(frozen=True)
class Region:
    """A province, city or county."""

    code: str
    name: str
    level: str
    parent: str

    @property
    def is_holder(self) -> bool:
        """Whether it is no city of its own but the sum of a province's counties."""
        return self.level == "city" and self.name.endswith(HOLDERS)


@cache
def regions() -> dict[str, Region]:
    """All regions by code."""
    return {row["code"]: Region(**row) for row in reference_rows("regions")}


@cache
def lines() -> dict[str, tuple[str, ...]]:
    """For every code: the codes from its province down to itself."""
    found: dict[str, tuple[str, ...]] = {"": ()}
    for region in sorted(regions().values(), key=lambda region: LEVELS.index(region.level)):
        found[region.code] = (*found[region.parent], region.code)
    return found


def region_name(code: str) -> str:
    """The region's name; `未知` for an unknown code."""
    region = regions().get(code)
    return region.name if region else "未知"


@lru_cache(REMEMBERED)
def ancestors(code: str | None) -> tuple[str, str]:
    """Province and city codes above (or at) a region; `unknown` where it is none or too coarse."""
    province, city = (*lines().get(code or "", ()), UNKNOWN, UNKNOWN)[:2]
    return province, city


def in_common(codes: Collection[str]) -> str | None:
    """The finest region that holds all of them; None where not even the province is the same."""
    shared = list(takewhile(lambda step: len(set(step)) == 1, zip(*(lines()[code] for code in codes), strict=False)))
    return shared[-1][0] if shared else None
