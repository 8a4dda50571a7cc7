"""Clusters of cases in space and time: several neighbouring places that together have more than their share of late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.gumbel import Gumbel
from models.detection.predictive import Array
from models.detection.scan_likelihood import log_likelihood_ratio
from models.detection.scan_null import BATCH, Statistics, Sweep, shuffled_windows
from models.detection.scan_zones import Circles, Neighbours, circles
from models.detection.simulated import ALIKE, rank_p_value, tail_p_value


@dataclass(frozen=True)
class Cluster:
    """A cylinder: a zone and the last days of the study period.

    Attributes:
        centre: the location that the zone grew around.
        locations: of the zone, the nearest to the centre first; those without cases lie inside as well.
        radius: distance of the farthest of them.
        first_day, last_day: columns of the cases; the last one is always the judged day.
        observed: cases in the cylinder.
        expected: cases that it would hold if the days shared the zone's cases as they share all others'.
        log_likelihood_ratio: of the cylinder.
        p_value: chance of a cylinder like this one anywhere if dates were shuffled, by the Gumbel fit where
            there is one.
        monte_carlo_p_value: the same by its rank among the shuffled data sets.
    """

    centre: int
    locations: tuple[int, ...]
    radius: float
    first_day: int
    last_day: int
    observed: int
    expected: float
    log_likelihood_ratio: float
    p_value: float
    monte_carlo_p_value: float

    @property
    def ratio(self) -> float:
        """Observed by expected cases."""
        return self.observed / self.expected

    @property
    def recurrence_interval(self) -> float:
        """Days in which chance alone is expected to bring one like it, if every day is judged."""
        return 1 / self.p_value if self.p_value > 0 else np.inf


@dataclass(frozen=True)
class ScanResult:
    """What a scan found.

    Attributes:
        clusters: the strongest cylinders that share no location, the strongest first.
        p_value: of the whole day, whether cases cluster anywhere, by the average likelihood ratio.
        null: statistics of the shuffled data sets.
    """

    clusters: tuple[Cluster, ...]
    p_value: float
    null: Statistics


@dataclass(frozen=True)
class SpaceTimeScan:
    """Prospective space-time permutation scan statistic.

    Needs cases only: what a zone is expected to have in the last days follows from what it had in the whole study period and
    from what all locations had in the last days. Zones are circles around each location, cylinders are zones over the last
    1, 2, ... days. What is purely spatial (a big city) or purely temporal (a holiday) cancels out.

    A cluster's p-value is that of the maximum over all cylinders, as in SaTScan. The p-value of the day as a whole is that of
    the average likelihood ratio: neighbouring cylinders share the cases of a true cluster, and all of them speak up, while
    the maximum hears but one. It has more power at the same rate of false alarms (`benchmarks/detection/space_time.py`).

    References:
        Kulldorff, Heffernan, Hartman, Assunção & Mostashari 2005: A space-time permutation scan statistic for disease
        outbreak detection. PLoS Medicine 2(3):e59.
        Chan 2009: Detection of spatial clustering with average likelihood ratio test statistics. Annals of Statistics 37,
        3985-4010.

    Attributes:
        max_days: longest cylinder in days; the study period must be longer.
        max_share: of all cases, in a zone.
        radius: of a zone, in the unit of the neighbours' distances; None for no limit.
        minimum_cases: in a cylinder, below which it is no cluster.
        max_clusters: clusters to be reported.
        permutations: data sets with shuffled dates, two at least.
        empty_centres: whether zones also grow around locations without cases, as in SaTScan. They add candidates that hardly
            differ from others, and with them chance.
    """

    max_days: int = 7
    max_share: float = 0.5
    radius: float | None = None
    minimum_cases: int = 2
    max_clusters: int = 10
    permutations: int = 199
    empty_centres: bool = False

    def judge(self, cases: NDArray[np.int64], neighbours: Neighbours, *, seed: int) -> ScanResult:
        """Look for clusters that are alive on the last day.

        Args:
            cases: `n_locations × n_days`, counts, oldest first; the last day is the judged one.
            neighbours: of the same locations.
            seed: of the permutations; the same seed and cases give the same p-values.

        Raises:
            ValueError: cases are no counts, do not belong to the neighbours, or are of no more days than `max_days`.
        """
        cases = self._checked(cases, neighbours)
        total, totals = int(cases.sum()), cases.sum(axis=1)
        zones = circles(totals, neighbours, max_share=self.max_share, radius=self.radius, empty_centres=self.empty_centres)
        if not zones.candidate.any():
            nothing = np.zeros(self.permutations)
            return ScanResult((), 1.0, Statistics(nothing, np.full(self.permutations, -np.inf)))
        late_first = cases[:, ::-1]
        recent = np.cumsum(late_first.sum(axis=0))[: self.max_days]
        sweep = Sweep(zones, recent, total, self.minimum_cases)
        windows = np.cumsum(late_first[zones.locations, : self.max_days], axis=1)
        observed = sweep.statistics(windows[:, :, None])
        null = self._null(cases, zones, sweep, np.random.default_rng(seed))
        clusters = tuple(self._clusters(windows, zones, neighbours, recent, total, null, cases.shape[1]))
        return ScanResult(clusters, _day_p_value(observed, null), null)

    def _checked(self, cases: NDArray[np.int64], neighbours: Neighbours) -> NDArray[np.int64]:
        counts = np.asarray(cases)
        if counts.shape[:-1] != neighbours.order.shape[1:]:
            raise ValueError(f"cases of shape {counts.shape} do not belong to {neighbours.order.shape[1]} locations")
        if counts.shape[1] <= self.max_days:
            raise ValueError(f"{counts.shape[1]} days are too few to judge the last {self.max_days} by those before")
        whole = counts.astype(np.int64)
        if (whole != counts).any() or (whole < 0).any():
            raise ValueError("cases must be counts: whole numbers, none of them negative")
        return whole

    def _null(self, cases: NDArray[np.int64], zones: Circles, sweep: Sweep, rng: np.random.Generator) -> Statistics:
        """Statistics of data sets in which dates were shuffled among cases."""
        n_days = cases.shape[1]
        case_locations = np.repeat(np.arange(len(zones.locations)), cases[zones.locations].sum(axis=1))
        case_ages = np.repeat(np.arange(n_days)[::-1], cases.sum(axis=0))
        parts = [
            sweep.statistics(shuffled_windows(case_locations, case_ages, len(zones.locations), self.max_days, n_sets, rng))
            for n_sets in np.diff([*range(0, self.permutations, BATCH), self.permutations])
        ]
        return Statistics.joined(parts)

    def _clusters(
        self,
        windows: NDArray[np.int64],
        zones: Circles,
        neighbours: Neighbours,
        recent: NDArray[np.int64],
        total: int,
        null: Statistics,
        n_days: int,
    ) -> list[Cluster]:
        """The strongest cylinder, then the strongest one that shares no location with those before, and so on."""
        counts = np.cumsum(windows[zones.members], axis=0)
        means = zones.cases[:, :, None] * recent / total
        judged = (counts > means) & (counts >= self.minimum_cases) & zones.candidate[:, :, None]
        steps, rows, lengths = np.nonzero(judged)
        observed, expected = counts[judged], means[judged]
        ratios = log_likelihood_ratio(observed.astype(float), expected, total)
        extents, centres = zones.extent[steps, rows], zones.centres[rows]
        worth = ratios > ALIKE
        ratios, extents, centres = ratios[worth], extents[worth], centres[worth]
        observed, expected, lengths = observed[worth], expected[worth], lengths[worth]
        taken = np.zeros(neighbours.order.shape[1], dtype=bool)
        found: list[Cluster] = []
        while len(found) < self.max_clusters and len(ratios):
            # The same zone can grow around several centres; it is told by the one that it is tightest around.
            alike = np.flatnonzero(ratios >= ratios.max() - ALIKE)
            radii = neighbours.distance[centres[alike], extents[alike] - 1]
            best = alike[np.argmin(radii)]
            locations = neighbours.order[centres[best], : extents[best]]
            found.append(
                Cluster(
                    centre=int(neighbours.centres[centres[best]]),
                    locations=tuple(int(location) for location in locations),
                    radius=float(radii.min()),
                    first_day=n_days - 1 - int(lengths[best]),
                    last_day=n_days - 1,
                    observed=int(observed[best]),
                    expected=float(expected[best]),
                    log_likelihood_ratio=float(ratios[best]),
                    p_value=_maximum_p_value(float(ratios[best]), null.maximum),
                    monte_carlo_p_value=rank_p_value(float(ratios[best]), null.maximum),
                )
            )
            taken[locations] = True
            # A zone overlaps once it reaches over the nearest location that is taken.
            reached = taken[neighbours.order]
            reach = np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1])
            apart = extents <= reach[centres]
            ratios, extents, centres = ratios[apart], extents[apart], centres[apart]
            observed, expected, lengths = observed[apart], expected[apart], lengths[apart]
        return found


def _maximum_p_value(ratio: float, maxima: Array) -> float:
    """By the Gumbel fit. Where half of the maxima are the same, for want of cases, no smooth law fits and ranks must do."""
    if np.median(maxima) <= maxima.min() + ALIKE:
        return rank_p_value(ratio, maxima)
    return Gumbel.by_moments(maxima).upper_tail(ratio)


def _day_p_value(observed: Statistics, null: Statistics) -> float:
    """Of the average likelihood ratio. Beyond all that was simulated it is no smaller than that of the maximum."""
    average = float(observed.average[0])
    rank, tail = rank_p_value(average, null.average), tail_p_value(average, null.average)
    if average <= null.average.max() + ALIKE:
        return rank if tail is None else tail
    strongest = _maximum_p_value(float(observed.maximum[0]), null.maximum)
    return min(rank, strongest if tail is None else max(tail, strongest))
