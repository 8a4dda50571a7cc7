"""Clusters of neighbouring cities that together have more than their share of late, though none stands out alone."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.counts import all_dimensions, count_levels
from features.subjects import UNKNOWN, dimensions_of
from jobs.alarms import TOTAL, JudgedDay
from jobs.detectors.measures import ROUNDING, Measures
from jobs.detectors.signals import Family, Signal
from models.detection.gumbel import Gumbel
from models.detection.predictive import tail_probability
from models.detection.scan_likelihood import log_likelihood_ratio
from models.detection.scan_zones import Neighbours
from models.detection.series import DailySeries
from models.detection.space_time import Cluster, ScanResult, SpaceTimeScan
from warehouse.geography import coordinates, places
from warehouse.thresholds import thresholds

CLUSTER = "cluster"
CITY = "city"
PROVINCE_CODE = "0000"
ONE_DAY = dt.timedelta(days=1)
# Cities that a cluster can be told apart by.
LEAST_CITIES = 2

Cases = NDArray[np.int64]


@dataclass(frozen=True)
class _Groups:
    """A level's series split by city: for each name of the daily counts its group's number and its city's; -1 for none."""

    level: str
    daily: DailySeries
    groups: list[str]
    group: NDArray[np.intp]
    city: NDArray[np.intp]

    @classmethod
    def of(cls, level: str, daily: DailySeries) -> _Groups:
        kept = [name for name in all_dimensions() if name in count_levels()[level].dimensions]
        number = {code: place for place, code in enumerate(_cities())}
        keys, cities = [], []
        for name in daily.names:
            dimensions = dimensions_of(name)
            values = [dimensions[dimension] for dimension in kept]
            told = "|".join(f"{dimension}={value}" for dimension, value in zip(kept, values, strict=True)) or "all"
            keys.append(None if UNKNOWN in values else told)
            cities.append(number.get(dimensions[CITY], -1))
        codes, groups = pd.factorize(pd.Series(keys, dtype=object), sort=True)
        return cls(level, daily, list(groups), codes.astype(np.intp), np.array(cities, dtype=np.intp))


@dataclass(frozen=True)
class _Judged:
    """A cluster, with what all other complaints of its cities let expect of it."""

    cluster: Cluster
    expected: float
    p_value: float


@dataclass(frozen=True)
class _Scanned:
    """A group that was scanned: its cases by city and day, and the clusters found, the strongest first."""

    level: str
    series: str
    cases: Cases
    judged: tuple[_Judged, ...]

    @classmethod
    def of(cls, level: str, series: str, cases: Cases, everything: Cases, last_day: dt.date) -> _Scanned:
        result, rest = _scan(cases, f"{last_day}|{level}|{series}"), np.maximum(everything - cases, 0)
        judged = []
        for place, cluster in enumerate(result.clusters):
            # The day's p-value is that of any cluster at all, and has more power than that of the strongest one.
            p_value = cluster.p_value if place else result.p_value
            expected = cluster.expected * _growth(rest, cluster)
            if expected > cluster.expected:
                p_value = max(p_value, _p_value(cluster.observed, expected, int(cases.sum()), result))
            judged.append(_Judged(cluster, expected, p_value))
        return cls(level, series, cases, tuple(judged))

    @property
    def p_value(self) -> float:
        """Of the data set: that of its strongest cluster."""
        return self.judged[0].p_value if self.judged else 1.0


class ClusterDetector:
    """A space-time permutation scan of independent complaints for every product class and product."""

    def __init__(self, measures: Measures) -> None:
        self.everything = _Groups.of(TOTAL, measures.independent[CITY]) if CITY in measures.independent else None
        self.groups = [
            _Groups.of(level, measures.independent[counted])
            for level, counted in thresholds().detectors.cluster.levels.items()
            if counted in measures.independent
        ]

    def signals(self, day: JudgedDay) -> list[Signal]:
        limits = thresholds()
        settings = limits.detectors.cluster
        short = day.grid.count * day.grid.days < settings.study_days
        if TOTAL not in day.tables or self.everything is None or short:
            return []
        last_day = day.grid.last_day
        everything = next((cases for _, cases in _data_sets(self.everything, last_day)), None)
        if everything is None:
            return []
        scanned = [
            _Scanned.of(groups.level, series, cases, everything, last_day)
            for groups in self.groups
            for series, cases in _data_sets(groups, last_day)
        ]
        family = Family.of([np.array([one.p_value]) for one in scanned])
        return [
            signal
            for one, (q_value,) in zip(scanned, family.q_values, strict=True)
            if q_value <= limits.false_discovery_rate
            for signal in _signals(one, float(q_value), family.limit, last_day)
        ]


def _data_sets(groups: _Groups, last_day: dt.date) -> Iterator[tuple[str, Cases]]:
    """Cases by city and day of the groups that can hold a cluster.

    How many complaints there are of late, and in which cities, is what the permutations keep, so that the p-values of
    those scanned hold.
    """
    settings = thresholds().detectors.cluster
    daily = groups.daily
    first = np.datetime64(last_day - (settings.study_days - 1) * ONE_DAY, "D")
    column = (daily.days - first).astype(np.intp)
    group, city = groups.group[daily.series], groups.city[daily.series]
    inside = (column >= 0) & (column < settings.study_days) & (group >= 0) & (city >= 0)
    group, city, column, counts = group[inside], city[inside], column[inside], daily.counts[inside]
    late = column >= settings.study_days - settings.max_days
    recent = np.bincount(group[late], weights=counts[late], minlength=len(groups.groups))
    for number in np.flatnonzero(recent + ROUNDING >= settings.minimum_observed):
        own = group == number
        sums = np.zeros((len(_cities()), settings.study_days))
        np.add.at(sums, (city[own], column[own]), counts[own])
        cases = np.rint(sums).astype(np.int64)
        if (cases.sum(axis=1) > 0).sum() >= LEAST_CITIES:
            yield groups.groups[number], cases


def _scan(cases: Cases, name: str) -> ScanResult:
    """Scan a data set: a first look with few permutations, a closer one where that found something.

    The closer look has permutations of its own, so that its p-values are small no more often than they should be.
    """
    settings = thresholds().detectors.cluster
    # Another day's or product's chance is another one, and the same whichever are judged together.
    seed = zlib.crc32(f"{settings.seed}|{name}".encode())
    first = _scanner(settings.first_permutations).judge(cases, _neighbours(), seed=seed)
    if first.p_value > settings.first_p_value:
        return first
    return _scanner(settings.permutations).judge(cases, _neighbours(), seed=seed + 1)


def _scanner(permutations: int) -> SpaceTimeScan:
    settings = thresholds().detectors.cluster
    return SpaceTimeScan(
        max_days=settings.max_days,
        max_share=settings.max_share,
        radius=settings.radius_km,
        minimum_cases=settings.minimum_observed,
        max_clusters=settings.most_clusters,
        permutations=permutations,
    )


def _signals(one: _Scanned, q_value: float, limit: float, last_day: dt.date) -> Iterator[Signal]:
    """The data set's strongest cluster, and others that would be an alarm by themselves."""
    settings = thresholds().detectors.cluster
    for judged in one.judged:
        cluster, cities = judged.cluster, _cities_above(one.cases, judged.cluster)
        large = cluster.observed >= settings.minimum_observed and len(cities) >= settings.minimum_cities
        if judged.p_value > limit or not large:
            continue
        onset = last_day - (cluster.last_day - cluster.first_day) * ONE_DAY
        yield Signal(
            detector=CLUSTER,
            count_level=one.level,
            series=one.series,
            window_start=onset,
            last_date=last_day,
            onset=onset,
            observed=cluster.observed,
            expected=judged.expected,
            p_value=judged.p_value,
            q_value=q_value,
            regions=cities,
        )


def _growth(rest: Cases, cluster: Cluster) -> float:
    """How many times as many of all other complaints a cluster's cities have in its days as is expected; 1 unless clearly more.

    Where some cities' complaints fail to arrive, all others have more than their share of every product.
    """
    zone, window = list(cluster.locations), slice(cluster.first_day, cluster.last_day + 1)
    observed = np.array([rest[zone, window].sum()], dtype=float)
    expected = np.array([rest[zone].sum() * rest[:, window].sum() / max(rest.sum(), 1)])
    if expected[0] <= 0 or tail_probability(observed, expected, expected)[0] > thresholds().false_discovery_rate:
        return 1.0
    return float(observed[0] / expected[0])


def _p_value(observed: int, expected: float, total: int, result: ScanResult) -> float:
    """Chance of a cylinder anywhere with a likelihood ratio like that of such counts, if dates were shuffled."""
    ratio = float(log_likelihood_ratio(np.array([float(observed)]), np.array([expected]), total)[0])
    return Gumbel.by_moments(result.null.maximum).upper_tail(ratio)


def _cities_above(cases: Cases, cluster: Cluster) -> tuple[str, ...]:
    """Cities of a cluster that have more than was expected of them, the largest excess first."""
    zone = np.array(cluster.locations)
    window = slice(cluster.first_day, cluster.last_day + 1)
    observed = cases[zone, window].sum(axis=1)
    expected = cases[zone].sum(axis=1) * cases[:, window].sum() / cases.sum()
    order = np.argsort(expected - observed, kind="stable")
    return tuple(_cities()[zone[place]] for place in order if observed[place] > expected[place])


@cache
def _cities() -> tuple[str, ...]:
    """Codes of all cities whose place is known."""
    return tuple(sorted(code for code in places() if not code.endswith(PROVINCE_CODE)))


@cache
def _neighbours() -> Neighbours:
    latitude, longitude = coordinates(_cities()).T
    return Neighbours.on_earth(latitude, longitude)
