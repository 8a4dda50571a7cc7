"""What a space-time scan finds when dates are shuffled among cases: the null distribution of its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.detection.predictive import Array
from models.detection.scan_likelihood import least_counts, log_likelihood_ratio
from models.detection.scan_zones import Circles
from models.detection.simulated import ALIKE

# Shuffled data sets swept at once: enough to pay for a step in Python, few enough to stay in the processor's cache.
BATCH = 128
# A first look at every zone is at ratios from here on; about one cylinder in a hundred gets so far by chance.
FIRST_LEVEL = 2.0
# Then, for the few data sets with nothing there, at lower ones, down to next to nothing.
LOWER_LEVELS = (0.5, 1e-3)
NEXT_TO_NONE = 1e-9
# A likelihood ratio beyond e to this is beyond all doubt and must not overflow.
LARGEST_LOG_RATIO = 600.0


Counts = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Statistics:
    """What one or more data sets came to, `n_data_sets` each.

    Attributes:
        maximum: the largest log likelihood ratio.
        average: logarithm of the average likelihood ratio; those that are not worth a look count as 0, and where all are, it
            is minus infinity.
    """

    maximum: Array
    average: Array

    @classmethod
    def joined(cls, parts: list[Statistics]) -> Statistics:
        """Those of all parts, in their order."""
        return cls(np.concatenate([part.maximum for part in parts]), np.concatenate([part.average for part in parts]))


class Sweep:
    """Goes over all cylinders of many data sets that share their margins.

    Zones around a centre are nested, so the counts of the next larger ones are those of the last plus one location: one
    addition for all centres, lengths and data sets at once. A count says nothing unless it reaches what its zone and length
    need for a likelihood ratio worth a look, which for most it does not; logarithms are taken of the rest only.
    """

    def __init__(self, circles: Circles, recent: NDArray[np.int64], total: int, minimum_cases: int) -> None:
        """Prepare the zones.

        Args:
            circles: the zones.
            recent: `n_lengths`; cases of all locations in the last 1, 2, ... days.
            total: all cases of the study period.
            minimum_cases: in a cylinder, to be judged.
        """
        self.circles = circles
        self.recent = recent
        self.total = total
        self.minimum_cases = minimum_cases
        self.n_lengths = len(recent)
        sizes, self.size_index = np.unique(circles.cases, return_inverse=True)
        self.size_index = self.size_index.reshape(circles.cases.shape)
        # Days on which nobody had a case expect none; next to none keeps the logarithms finite.
        self.expected = np.maximum(sizes[:, None] * recent / total, NEXT_TO_NONE)
        # Counts of a zone never exceed what is recent; narrow integers are quicker to add and compare.
        self.integer = np.int16 if recent.max(initial=0) < np.iinfo(np.int16).max else np.int32
        self.weights = _size_weights(circles)

    def statistics(self, windows: NDArray[np.int64]) -> Statistics:
        """Statistics of data sets given as counts, `n_occupied × n_lengths × n_data_sets`, of the last 1, 2, ... days."""
        maximum, sums = self._pass(windows, FIRST_LEVEL)
        for level in LOWER_LEVELS:
            silent = np.flatnonzero(maximum == 0)
            if len(silent):
                maximum[silent] = self._pass(windows[:, :, silent], level)[0]
        average = np.full(len(sums), -np.inf)
        heard = sums > 0
        average[heard] = np.log(sums[heard]) - np.log(self.weights.sum() * self.n_lengths)
        return Statistics(maximum, average)

    def _pass(self, windows: NDArray[np.int64], level: float) -> tuple[Array, Array]:
        """Largest ratio, and weighted sum of ratios, over all cylinders whose log likelihood ratio reaches `level`."""
        n_occupied, n_lengths, n_sets = windows.shape
        flat = np.ascontiguousarray(windows.reshape(n_occupied, -1).astype(self.integer))
        needed = self._needed(level)
        n_centres = len(self.circles.centres)
        counts: Counts = np.zeros((n_centres, n_lengths * n_sets), dtype=self.integer)
        joining = np.empty_like(counts)
        reaches = np.empty((n_centres, n_lengths, n_sets), dtype=bool)
        found: list[tuple[Counts, ...]] = []
        for step, growing in enumerate(self.circles.growing):
            np.take(flat, self.circles.members[step, :growing], axis=0, out=joining[:growing], mode="clip")
            counts[:growing] += joining[:growing]
            cells = counts[:growing].reshape(growing, n_lengths, n_sets)
            np.greater_equal(cells, needed[step, :growing, :, None], out=reaches[:growing])
            places = np.flatnonzero(reaches[:growing])
            if len(places):
                found.append((counts[:growing].reshape(-1)[places], places, np.full(len(places), step)))
        maximum: Array = np.zeros(n_sets)
        sums: Array = np.zeros(n_sets)
        if not found:
            return maximum, sums
        observed, places, steps = (np.concatenate(parts) for parts in zip(*found, strict=True))
        cylinders, sets = np.divmod(places, n_sets)
        centres, lengths = np.divmod(cylinders, n_lengths)
        expected = self.expected[self.size_index[steps, centres], lengths]
        ratio = log_likelihood_ratio(observed.astype(float), expected, self.total)
        ratio[ratio < level - ALIKE] = 0.0
        np.maximum.at(maximum, sets, ratio)
        weighted = self.weights[steps, centres] * np.exp(np.minimum(ratio, LARGEST_LOG_RATIO)) * (ratio > 0)
        sums = np.bincount(sets, weighted, minlength=n_sets).astype(float)
        return maximum, sums

    def _needed(self, level: float) -> Counts:
        """The count that a cylinder must reach, `n_steps × n_centres × n_lengths`; out of reach for what is no candidate."""
        least = np.maximum(least_counts(self.expected, self.total, level), self.minimum_cases)
        limit = np.iinfo(self.integer).max
        needed = np.minimum(least, limit)[self.size_index]
        needed[~self.circles.candidate] = limit
        return needed.astype(self.integer)


def _size_weights(circles: Circles) -> Array:
    """Weight of each zone: the growth of the logarithm of its cases since the last candidate, so that all sizes weigh alike.

    Large zones overlap nearly wholly and would otherwise outvote the few small ones.
    """
    size = np.log(circles.cases + 0.5)
    before = np.full(size.shape, np.log(0.5))
    before[1:] = np.maximum.accumulate(np.where(circles.candidate, size, np.log(0.5)), axis=0)[:-1]
    return np.where(circles.candidate, size - before, 0.0)


def shuffled_windows(
    case_locations: NDArray[np.int64],
    case_ages: NDArray[np.int64],
    n_occupied: int,
    n_lengths: int,
    n_sets: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Data sets in which dates were shuffled among cases: counts, `n_occupied × n_lengths × n_sets`.

    What a location has in the whole study period stays, and so does what all locations have on a day; that is the null
    hypothesis of no interaction between space and time.

    Args:
        case_locations: `n_cases`; which of the locations with cases.
        case_ages: `n_cases`; days before the last one.
        n_occupied: number of locations with cases.
        n_lengths: longest window in days.
        n_sets: how many.
        rng: source of chance.
    """
    small = case_ages.clip(max=n_lengths).astype(np.int16)
    ages = rng.permuted(np.broadcast_to(small, (n_sets, len(small))), axis=1)
    sets, cases = np.nonzero(ages < n_lengths)
    cell = (case_locations[cases] * n_lengths + ages[sets, cases]) * n_sets + sets
    daily = np.bincount(cell, minlength=n_occupied * n_lengths * n_sets).reshape(n_occupied, n_lengths, n_sets)
    return np.cumsum(daily, axis=1)
