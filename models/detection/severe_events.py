"""Severe complaints, so rare that one is news and a few are an alarm: deaths, fires, poisonings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from models.detection.predictive import Array


@dataclass(frozen=True)
class RareRates:
    """What is known of the rates of rare events: a gamma distribution for each series; arrays are `n_series`.

    Attributes:
        shape: events that the knowledge is worth.
        rate: exposure that it is worth; `shape / rate` is the mean rate.
    """

    shape: Array
    rate: Array

    @classmethod
    def by_category(cls, events: Array, exposure: Array, category: NDArray[np.intp], weight: float = 1.0) -> RareRates:
        """Rates of series after what was seen of them, drawn towards their category's rate.

        Args:
            events: `n_series`, severe events of the past.
            exposure: `n_series`, complaints (or days, or sales) in which they happened; 0 for a series never seen before.
            category: `n_series`, number of the category, from 0 on.
            weight: events that the category's rate is worth for each of its series. One event, the default, says little, as
                series of a category may differ tenfold; the fewer it is worth, the less rare a first event seems.

        Raises:
            ValueError: a category has no exposure, or a count is negative.

        A category without any event has the rate of half an event in all its exposure (Jeffreys).
        """
        if (events < 0).any() or (exposure < 0).any():
            raise ValueError("events and exposure cannot be negative")
        by_events, by_exposure = (np.bincount(category, weights=values) for values in (events, exposure))
        if not (by_exposure[category] > 0).all():
            raise ValueError("a category without exposure has no rate")
        common = np.maximum(by_events, 0.5)[category] / by_exposure[category]
        return cls(weight + events, weight / common + exposure)

    def tail(self, observed: Array, exposure: Array) -> Array:
        """Chance of so many events or more in an exposure to come, `n_series`: the p-value of a single one, or of a few.

        The count is negative binomial, a Poisson count whose rate is gamma. It assumes that the events are independent given
        the rate: a fire that ten people report must be one event.
        """
        return np.asarray(stats.nbinom.sf(observed - 1, self.shape, self.rate / (self.rate + exposure)), dtype=float)


def hastening(gap: Array, past_gap: Array, past_events: Array, events: int = 1) -> Array:
    """Chance that the newest events came so soon after each other, or sooner: the lower side of a g chart.

    Benneyan 2001, Number-between g-type statistical quality control charts for monitoring adverse events, Health Care
    Management Science 4: the days without event before an event are geometric. With the usual three deviations the chart has
    no lower limit above 0, so that it never tells of events that quicken. Here the sum of the newest `events` gaps is tested
    given the sum of all gaps, in which it is negative hypergeometric whatever the rate is, so that the p-value is exact also
    if there were only two or three events before.

    Args:
        gap: any shape; days (or complaints) without event before the newest events, summed over their `events` gaps.
        past_gap: same shape; the same summed over the gaps before.
        past_events: same shape; number of the gaps before, at least 1.
        events: newest gaps that are tested together. One tells a sudden pair, three a cluster.

    Raises:
        ValueError: there is no gap before, or a gap is negative.

    It assumes days alike, each with an event at most, and that one looks when an event happens: the wait since the last event
    is no gap yet.
    """
    if (past_events < 1).any() or (gap < 0).any() or (past_gap < 0).any():
        raise ValueError("a gap before the newest one is needed, and none can be negative")
    # Free days and the events between gaps in any order: the newest gaps are short if their ends come early.
    ends = past_events + events - 1
    return np.asarray(stats.hypergeom.sf(events - 1, gap + past_gap + ends, ends, gap + events), dtype=float)


def g_chart_limits(mean_gap: Array, deviations: float = 3.0) -> tuple[Array, Array]:
    """Lower and upper limit of a g chart, by the mean of its gaps; any shape.

    A gap above the upper limit tells that events have become rarer, or that they are no longer reported.
    """
    spread = deviations * np.sqrt(mean_gap * (mean_gap + 1))
    return np.maximum(mean_gap - spread, 0.0), mean_gap + spread
