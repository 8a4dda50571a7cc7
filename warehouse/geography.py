"""Where provinces and cities lie, and which provinces border on each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import RadarError
from warehouse.files import reference_rows, reference_yaml

EARTH_RADIUS_KM = 6371.0088
BORDERS = "region_adjacency"


@dataclass(frozen=True)
class Place:
    """A point on the map: degrees north and east, WGS-84."""

    latitude: float
    longitude: float


@cache
def places() -> dict[str, Place]:
    """The seat of every province and city that has one, by code. Callers must not change what they get."""
    return {row["code"]: Place(float(row["latitude"]), float(row["longitude"])) for row in reference_rows("region_centroids")}


def coordinates(codes: Sequence[str]) -> NDArray[np.float64]:
    """Latitude and longitude of regions in degrees, `n_codes × 2`; NaN for regions without a known place."""
    known = places()
    rows = [(known[code].latitude, known[code].longitude) if code in known else (np.nan, np.nan) for code in codes]
    return np.array(rows, dtype=float).reshape(-1, 2)


def distance_km(code: str, other: str) -> float:
    """Great-circle distance between the seats of two regions.

    Raises:
        RadarError: the place of one of them is not known.
    """
    missing = [name for name in (code, other) if name not in places()]
    if missing:
        raise RadarError(f"no place is known for region {', '.join(missing)}")
    (latitude, longitude), (other_latitude, other_longitude) = np.radians(coordinates([code, other]))
    # The haversine keeps its digits for places close to each other.
    half_chord = (
        np.sin((other_latitude - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(other_latitude) * np.sin((other_longitude - longitude) / 2) ** 2
    )
    return float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half_chord)))


@cache
def adjacent_provinces(*, across_water: bool = False) -> dict[str, frozenset[str]]:
    """The provinces that border on each province, by code; none for islands.

    Args:
        across_water: also those across a strait, so that Hainan has a neighbour.
    """
    borders = reference_yaml(BORDERS)
    pairs = [*_pairs(borders["land"]), *(_pairs(borders["across_water"]) if across_water else [])]
    found: dict[str, set[str]] = {code: set() for code in places() if code.endswith("0000")}
    for code, other in pairs:
        found[code].add(other)
        found[other].add(code)
    return {code: frozenset(others) for code, others in found.items()}


def _pairs(borders: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Each pair is written down once, under the smaller code."""
    return ((code, other) for code, others in borders.items() for other in others)
