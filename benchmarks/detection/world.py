"""What every simulated world answers, and how its series reach the door that users have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DAYS = {"week": 7, "day": 1}


@dataclass(frozen=True)
class World:
    """Series whose background and outbreaks are known.

    Every series exists twice: without its current outbreak (`quiet`), for false alarms, and with it (`counts`), for
    detections. Both have the same background and the same past outbreaks.

    Attributes:
        frequency: `week` or `day`.
        periods: `n_periods` first days, oldest first.
        quiet: `n_series × n_periods`; counts of background and past outbreaks.
        outbreak: `n_series × n_periods`; cases of the current outbreak.
        mean: `n_series × n_periods`; expected counts of the background, past outbreaks left out.
        dispersion: `n_series × n_periods`; variance of the background over its mean, 1 for Poisson.
        onset: `n_series`; index of the period in which the current outbreak starts, one of the judged.
        scenario: `n_series`; number of the scenario, from 1.
        k: `n_series`; size of the current outbreak, in standard deviations of the background at its onset.
        judged: how many of the last periods are judged.
        holidays: days on which offices are closed, where the world knows any.
        whole_span: whether periods without a case between onset and last case belong to the outbreak.
    """

    frequency: str
    periods: pd.DatetimeIndex
    quiet: Ints
    outbreak: Ints
    mean: Floats
    dispersion: Floats
    onset: Ints
    scenario: Ints
    k: Ints
    judged: int
    holidays: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
    whole_span: bool = True

    @property
    def counts(self) -> Ints:
        """Counts with the current outbreak, `n_series × n_periods`."""
        return self.quiet + self.outbreak

    @property
    def n_series(self) -> int:
        return len(self.quiet)

    @property
    def names(self) -> list[str]:
        """Identifiers of the series, in an order that sorting keeps."""
        return [f"s{row:06d}" for row in range(self.n_series)]

    @property
    def outbreak_periods(self) -> Bools:
        """Judged periods of the current outbreak, `n_series × judged`; the onset at least.

        They go from the onset to the last one with cases; without `whole_span` only those with cases are among them.
        """
        first = self.onset - (len(self.periods) - self.judged)
        column = np.arange(self.judged)
        cases = self.outbreak[:, -self.judged :] > 0
        last = np.where(cases, column, -1).max(axis=1)
        inside = (column >= first[:, None]) & (column <= np.maximum(last, first)[:, None])
        return np.asarray(inside if self.whole_span else inside & (cases | (column == first[:, None])))

    def table(self, counts: Ints) -> pd.DataFrame:
        """Counts of these series as rows `series_id, period, count`; every series has all periods."""
        return pd.DataFrame(
            {
                "series_id": np.repeat(self.names, len(self.periods)),
                "period": np.tile(self.periods.strftime("%Y-%m-%d").to_numpy(), self.n_series),
                "count": counts.ravel(),
            }
        )

    def rows(self, chosen: NDArray[np.intp] | Bools) -> World:
        """The same world with some of its series only."""
        own = ("quiet", "outbreak", "mean", "dispersion", "onset", "scenario", "k")
        return replace(self, **{name: getattr(self, name)[chosen] for name in own})


def draw_counts(rng: np.random.Generator, mean: Floats, dispersion: Floats) -> Ints:
    """Poisson counts where the dispersion is 1, elsewhere negative binomial ones with variance `dispersion * mean`.

    Args:
        rng: the source of chance.
        mean: expected counts, positive.
        dispersion: of the same shape, at least 1.
    """
    poisson = dispersion <= 1
    factor = np.where(poisson, 2.0, dispersion)
    mixed = rng.negative_binomial(np.maximum(mean, 1e-12) / (factor - 1), 1 / factor)
    return np.where(poisson, rng.poisson(mean), mixed).astype(np.int64)


def draw_sizes(rng: np.random.Generator, expected: Floats, smallest: int = 2) -> Ints:
    """Poisson sizes of at least `smallest`: what drawing again until it is reached gives.

    Drawn by inverting the truncated distribution function, because an outbreak of a rare series would otherwise be drawn
    hundreds of times.
    """
    below = stats.poisson.cdf(smallest - 1, expected)
    drawn = stats.poisson.ppf(below + (1 - below) * rng.uniform(size=expected.shape), expected)
    return np.asarray(np.maximum(drawn, smallest), dtype=np.int64)


def spread_cases(
    rng: np.random.Generator, n_periods: int, onset: Ints, size: Ints, bin_width: float = 1.0, until: int | None = None
) -> Ints:
    """Cases of one outbreak per series, by periods from the onset on.

    The delay of a case is log-normal(0, 0.5); delays in `(j * bin_width, (j + 1) * bin_width]` lie j periods behind
    the onset (Noufaily et al. 2013). Cases at or behind `until`, or behind the last period, are lost.

    Args:
        rng: the source of chance.
        n_periods: length of the series.
        onset: `n_series`; index of the first period.
        size: `n_series`; cases.
        bin_width: width of a period on the scale of the delays.
        until: index of the first period that takes no cases; `n_periods` unless given.

    Returns:
        `n_series × n_periods`.
    """
    series = np.repeat(np.arange(len(onset)), size)
    behind = np.ceil(rng.lognormal(0.0, 0.5, len(series)) / bin_width).astype(np.int64) - 1
    place = onset[series] + behind
    inside = place < (n_periods if until is None else until)
    flat = np.bincount(series[inside] * n_periods + place[inside], minlength=len(onset) * n_periods)
    return flat.reshape(len(onset), n_periods)
