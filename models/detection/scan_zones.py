"""Candidate zones of a spatial scan: circles that grow around centres, one neighbour at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.predictive import Array

EARTH_RADIUS_KM = 6371.0088
# Places whose distances differ by less than this share of the longest one are equally far.
EQUALLY_FAR = 1e-9

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Neighbours:
    """All locations by their distance from each centre. It depends on the map alone, so one serves for many days.

    Any ordering will do, such as travel times or steps on a graph of adjacent regions. Locations at the same distance join
    a zone together.

    Attributes:
        centres: `n_centres`; the location that each zone grows around.
        order: `n_centres × n_locations`; locations, the nearest first, beginning with the centre itself.
        distance: the same shape; how far they are, in the unit of the coordinates or kilometres.
    """

    centres: Indices
    order: Indices
    distance: Array

    @classmethod
    def from_distances(cls, distances: Array, centres: Indices | None = None) -> Neighbours:
        """Order locations by a matrix of distances.

        Args:
            distances: `n_locations × n_locations`.
            centres: locations that zones grow around; None for all.

        Raises:
            ValueError: a distance is negative or not a number.
        """
        if not (distances >= 0).all():
            raise ValueError("distances between locations must be numbers, none of them negative")
        centres = np.arange(len(distances)) if centres is None else np.asarray(centres, dtype=np.intp)
        rows = distances[centres].astype(float)
        rows[np.arange(len(centres)), centres] = -1.0  # the centre comes before what lies at the same place
        order = np.argsort(rows, axis=1, kind="stable")
        return cls(centres, order, np.maximum(np.take_along_axis(rows, order, axis=1), 0.0))

    @classmethod
    def on_plane(cls, x: Array, y: Array, centres: Indices | None = None) -> Neighbours:
        """By straight lines between planar coordinates, `n_locations` each."""
        return cls.from_distances(np.hypot(x[:, None] - x, y[:, None] - y), centres)

    @classmethod
    def on_earth(cls, latitude: Array, longitude: Array, centres: Indices | None = None) -> Neighbours:
        """By great circles in kilometres between degrees north and east, `n_locations` each."""
        north, east = np.radians(latitude), np.radians(longitude)
        half_chord = np.sin((north[:, None] - north) / 2) ** 2
        half_chord += np.cos(north)[:, None] * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
        return cls.from_distances(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))), centres)


@dataclass(frozen=True)
class Circles:
    """The zones of one data set. Only locations with cases change what a zone counts, so steps go over these alone.

    Centres are sorted by how many steps their zones grow; those that still grow at a step are the first ones.

    Attributes:
        locations: the locations with cases.
        centres: `n_centres`; rows of `Neighbours`.
        members: `n_steps × n_centres`; which of `locations` joins at each step.
        cases: the same shape; all cases of the zone in the study period.
        candidate: the same shape; whether the zone is one to be judged: within the limits, and no equally near location
            waits to join.
        extent: the same shape; how many of the neighbours, with and without cases, the zone reaches over.
        growing: `n_steps`; the number of centres whose zones still grow.
    """

    locations: Indices
    centres: Indices
    members: Indices
    cases: NDArray[np.int64]
    candidate: NDArray[np.bool_]
    extent: Indices
    growing: Indices


def circles(
    totals: NDArray[np.int64], neighbours: Neighbours, *, max_share: float, radius: float | None, empty_centres: bool
) -> Circles:
    """The zones around each centre that hold at most a share of all cases and reach at most so far.

    Args:
        totals: `n_locations`; cases of the study period.
        neighbours: of the same locations.
        max_share: of all cases, in a zone.
        radius: of a zone, in the unit of the distances; None for no limit.
        empty_centres: whether zones also grow around locations without cases.
    """
    occupied = totals > 0
    locations = np.flatnonzero(occupied)
    rows = np.arange(len(neighbours.centres)) if empty_centres else np.flatnonzero(occupied[neighbours.centres])
    order = neighbours.order[rows]
    shape = (len(rows), len(locations))
    filled = occupied[order]
    position = np.cumsum(occupied) - 1
    members = position[order[filled]].reshape(shape)
    cases = np.cumsum(totals[locations][members], axis=1)
    distance = neighbours.distance[rows][filled].reshape(shape)
    tolerance = EQUALLY_FAR * max(neighbours.distance.max(initial=0.0), 1e-300)
    reach = _reach(neighbours.distance[rows], tolerance)[filled].reshape(shape)
    # A zone with all cases leaves nothing outside to compare with.
    within = (cases <= max_share * totals.sum()) & (cases < totals.sum())
    if radius is not None:
        within &= distance <= radius + tolerance
    steps = within.sum(axis=1)
    waiting = np.zeros(shape, dtype=bool)
    waiting[:, :-1] = np.diff(distance, axis=1) <= tolerance
    sorting = np.argsort(-steps, kind="stable")[: np.count_nonzero(steps)]
    last = int(steps.max(initial=0))

    def arranged(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.ascontiguousarray(values[sorting, :last].T)

    growing = (steps[sorting] > np.arange(last)[:, None]).sum(axis=1)
    return Circles(
        locations=locations,
        centres=rows[sorting],
        members=arranged(members).astype(np.intp),
        cases=arranged(cases).astype(np.int64),
        candidate=arranged(within & ~waiting).astype(bool),
        extent=arranged(reach).astype(np.intp),
        growing=growing,
    )


def _reach(distance: Array, tolerance: float) -> Indices:
    """How many neighbours are at most as far as each one, equally far ones included; rows of distances ascend."""
    n_locations = distance.shape[1]
    ends = np.full(distance.shape, n_locations)
    apart = np.diff(distance, axis=1) > tolerance
    ends[:, :-1] = np.where(apart, np.arange(1, n_locations), n_locations)
    return np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
