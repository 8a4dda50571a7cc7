"""Where complaints come from: counties, and areas from a county to the nation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from simulator.data import place_rows, world
from simulator.seeds import Floats, Ints, shares

NATION = "全国"


@dataclass(frozen=True)
class Places:
    """All counties, as columns of equal length.

    Attributes:
        code: six digits of GB/T 2260.
        province, city, county: names; a municipality's districts have no city, a few cities no county.
        share: of the nation's complaints; sums to 1.
    """

    code: list[str]
    province: list[str]
    city: list[str]
    county: list[str]
    share: Floats

    def name(self, index: int) -> str:
        """Province, city and county in one word."""
        return self.province[index] + self.city[index] + self.county[index]

    def city_name(self, index: int) -> str:
        """Province and city, or the whole name where there is no city in between."""
        return self.province[index] + (self.city[index] or self.county[index])


@cache
def places() -> Places:
    """The counties of the mainland."""
    rows = place_rows()
    provinces = dict(
        zip(world("calibration")["provinces"], shares(list(world("calibration")["provinces"].values())), strict=True)
    )
    weights = np.array([float(row["weight"]) for row in rows])
    names = np.array([row["province"] for row in rows])
    share = np.zeros(len(rows))
    for name, part in provinces.items():
        share[names == name] = part * shares(weights[names == name])
    columns = {key: [row[key] for row in rows] for key in ("code", "province", "city", "county")}
    return Places(**columns, share=share)


@dataclass(frozen=True)
class Area:
    """The part of the nation that is simulated: indexes of its counties, and their probabilities."""

    name: str
    index: Ints
    probability: Floats

    @property
    def share(self) -> float:
        """Share of the nation's complaints."""
        return float(places().share[self.index].sum())

    @classmethod
    def named(cls, name: str) -> Area:
        """The nation (`全国`), a province, a city or a county, by its name or path, such as `杭州市` or `杭州市西湖区`.

        Raises:
            ValueError: no such area, or several of that name.
        """
        table = places()
        rows = range(len(table.code))
        if name == NATION:
            return cls._of(name, list(rows))
        found: dict[str, list[int]] = {}
        for i in rows:
            province, city, county = table.province[i], table.city[i], table.county[i]
            for whole, short in (
                (province, province),
                (province + city, city),
                (province + city + county, county),
            ):
                if short and name in (whole, short, city + county if short == county else short):
                    found.setdefault(whole, []).append(i)
        if not found:
            raise ValueError(f"area {name} is not known: give {NATION}, a province, a city or a county by its full name")
        if len(found) > 1:
            raise ValueError(f"area {name} is one of several: {', '.join(found)}")
        ((whole, members),) = found.items()
        return cls._of(whole, members)

    @classmethod
    def _of(cls, name: str, members: list[int]) -> Area:
        index = np.array(members, dtype=np.int64)
        return cls(name, index, shares(places().share[index]))


def spellings() -> dict[str, list[str]]:
    """How a form names a place: each spelling of every county, by what `habits.yml` calls it; the full one comes first."""
    table = places()
    rows = range(len(table.code))
    return {
        "full": [table.name(i) for i in rows],
        "without_province": [(table.city[i] + table.county[i]) or table.province[i] for i in rows],
        "city": [table.city_name(i) for i in rows],
        "short": [table.city[i].removesuffix("市") + _short(table.county[i]) or table.province[i] for i in rows],
        "county": [table.county[i] or table.city[i] for i in rows],
    }


def _short(county: str) -> str:
    return county[:-1] if len(county) > len("西湖") and county[-1] in "区县市" else county
