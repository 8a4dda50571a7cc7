"""Sixteen daily signals of five-day and seven-day services, with weekly and yearly cycles and bank holidays.

Noufaily et al. 2019, Comparison of statistical algorithms for daily syndromic surveillance aberration detection,
Bioinformatics 35. The parameters are those of the authors' simulation, oddities included: the outbreaks of signals 13 and 14
are sized by other means than their own, and those of scaled signals by the means before scaling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from benchmarks.detection.world import Bools, Floats, Ints, World, draw_counts, draw_sizes, spread_cases

T = TypeVar("T", np.float64, np.int64)
YEARS = 7
YEAR_WEEKS = 52
WEEKS = YEARS * YEAR_WEEKS
DAYS = 7 * WEEKS
JUDGED_WEEKS = 49
FIRST_DAY = "2010-01-04"  # a Monday
CURRENT_K = (2, 3, 5, 10)
# Delays are cut into bins this wide: an outbreak lasts days, a seasonal epidemic months.
OUTBREAK_BIN, SEASONAL_BIN = 0.25, 0.02
# How outbreak cases fall on Monday to Friday, and on Monday to Sunday.
WEEKDAY_WEIGHTS = {5: (1.5, 1.1, 1.0, 1.0, 1.1), 7: (1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0)}
# A five-day service is closed on holidays and makes up the day after; a seven-day service has double.
CLOSED, MADE_UP, DOUBLED = 0.0, 1.5, 2.0
# Years of this world have 364 days: no 31 July, no 29 February.
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 30, 31, 30, 31, 30, 31)
FIXED_HOLIDAYS = ((1, 1), (5, 7), (8, 28), (12, 25), (12, 26))
MOVING_HOLIDAYS = (
    ((4, 6), (4, 9), (5, 28)),
    ((4, 20), (4, 23), (4, 27), (5, 28)),
    ((4, 6), (4, 9), (6, 4), (6, 5)),
    ((3, 30), (4, 2), (5, 28)),
    ((4, 20), (4, 23), (5, 28)),
    ((4, 6), (4, 9), (5, 28)),
    ((4, 13), (4, 16), (5, 28)),
)


@dataclass(frozen=True)
class Rate:
    """A log-linear mean with cycles: `exp(alpha + beta t + Σ yearly + Σ weekly)`, t counting open days.

    Attributes:
        yearly: pairs of yearly harmonics.
        weekly: pairs of weekly harmonics; left out where both are 0.
        alpha: log level.
        beta: log change per open day.
        cosine: coefficient of the yearly cosines.
        sine: coefficient of the yearly sines.
        weekly_cosine: coefficient of the weekly cosines.
        weekly_sine: coefficient of the weekly sines.
        phi: variance over mean.
        shift: open days that the cycles are shifted by.
    """

    yearly: int
    weekly: int
    alpha: float
    beta: float
    cosine: float
    sine: float
    weekly_cosine: float
    weekly_sine: float
    phi: float
    shift: int

    def mean(self, n_days: int, week: int) -> Floats:
        """Expected counts of open days, with `week` of them in a week."""
        day = np.arange(1, n_days + 1) + self.shift
        log_mean = self.alpha + self.beta * day
        for count, period, cosine, sine in (
            (self.yearly, YEAR_WEEKS * week, self.cosine, self.sine),
            (self.weekly, week, self.weekly_cosine, self.weekly_sine),
        ):
            for j in range(1, count + 1):
                angle = 2 * np.pi * j * day / period
                log_mean = log_mean + cosine * np.cos(angle) + sine * np.sin(angle)
        return np.asarray(np.exp(log_mean), dtype=float)

    def deviation(self, n_days: int, week: int) -> Floats:
        """Standard deviation of the counts of open days."""
        return np.sqrt(self.phi * self.mean(n_days, week))


@dataclass(frozen=True)
class Season:
    """A yearly epidemic that is no outbreak to be found.

    Attributes:
        first: first open day of the year that it may start on, from 1.
        last: the last one.
        k: expected cases in standard deviations of `rate` at its start.
        rate: what it is sized by.
        week: open days of a week in `rate` and in the weights of its cases.
    """

    first: int
    last: int
    k: float
    rate: Rate
    week: int


@dataclass(frozen=True)
class Signal:
    """One of the sixteen.

    Attributes:
        number: 1 to 16.
        week: open days in a week, 5 or 7.
        rate: of the background before scaling.
        scale: what the background is divided by, which leaves it less dispersed than Poisson.
        sized_by: mean and dispersion that the current outbreak is sized by.
        season: its yearly epidemic, if any.
    """

    number: int
    week: int
    rate: Rate
    sized_by: Rate
    scale: int = 1
    season: Season | None = None


def _signals() -> tuple[Signal, ...]:
    rates = {
        1: Rate(1, 2, 6, 0, 0.2, 0.2, 0.5, 0.4, 2, 29),
        2: Rate(1, 2, 0.5, 0, 1.5, 1.4, 0.5, 0.4, 1, -167),
        3: Rate(0, 2, 5.5, 0, 0, 0, 0.3, 0.25, 1, 1),
        4: Rate(0, 2, 2, 0, 0, 0, 0.3, 0.25, 1, 1),
        5: Rate(1, 1, 6, 0, 0.3, 2, 0.3, 0.5, 1.5, -50),
        6: Rate(1, 1, 1, 0, 0.1, 2, 0.05, 0.05, 1, -50),
        7: Rate(0, 1, 6, 0.0001, 0, 0, 0.6, 0.9, 1.5, 0),
        8: Rate(1, 1, 3, 0, 1.5, 0.1, 0.2, 0.3, 1, -150),
        9: Rate(1, 1, 3, 0, 0.2, 0.1, 0.05, 0.15, 1, -200),
        10: Rate(1, 1, 5, 0, 0.2, 0.1, 0.05, 0.1, 1, 0),
        11: Rate(2, 1, 0.5, 0, 0.4, 0, 0.05, 0.15, 1, 0),
        12: Rate(1, 1, 9, 0, 0.5, 0.2, 0.2, 0.5, 1, 0),
        13: Rate(1, 2, 2, 0.0005, 0.8, 0.8, 0.8, 0.4, 4, 57),
        14: Rate(4, 1, 0.05, 0, 0.01, 0.01, 1.8, 0.1, 1, -85),
        15: Rate(1, 2, 3, 0, 0.8, 0.6, 0.8, 0.4, 4, 29),
        16: Rate(0, 2, 6, 0, 0, 0, 0.8, 0.4, 4, 1),
    }
    seasons = {
        5: Season(1, 20, 3 * 5 * 80, rates[5], 5),
        6: Season(1, 20, 3 * 5 * 50, rates[6], 5),
        15: Season(210, 230, 3 * 7 * 150, rates[6], 5),
    }
    flat_seven = Rate(0, 1, 6, 0, 0, 0, 0.6, 0.9, 1.5, 0)
    borrowed = Rate(1, 2, 2, 0, 0.8, 0.8, 0.8, 0.4, 4, 57)
    sized_by = {**rates, 7: flat_seven, 13: rates[1], 14: borrowed}
    scales = {5: 10, 7: 10, 12: 100}
    return tuple(
        Signal(number, 5 if 5 <= number <= 12 else 7, rate, sized_by[number], scales.get(number, 1), seasons.get(number))
        for number, rate in rates.items()
    )


SIGNALS = _signals()


def bank_holidays() -> pd.DatetimeIndex:
    """Bank holidays of the seven years."""
    before = np.cumsum((0, *MONTH_DAYS))
    days = [
        year * 7 * YEAR_WEEKS + before[month - 1] + day - 1
        for year, moving in enumerate(MOVING_HOLIDAYS)
        for month, day in (*FIXED_HOLIDAYS, *moving)
    ]
    return pd.DatetimeIndex(pd.Timestamp(FIRST_DAY) + pd.to_timedelta(np.sort(days), unit="D"))


def daily_world(replicates: int = 20, *, seed: int = 1) -> World:
    """Simulate `16 × replicates` series of seven years of 364 days, the last 49 weeks judged.

    One current outbreak starts on an open day of the judged weeks; its k goes through 2, 3, 5 and 10 by replicate, k times
    the open days of a week being the expected cases in standard deviations. It begins with its first case. Weekends of
    five-day signals are days without counts.

    Args:
        replicates: series per signal.
        seed: of the generator; the same arguments give the same world.
    """
    rng = np.random.default_rng(seed)
    periods = pd.date_range(FIRST_DAY, periods=DAYS, freq="D")
    holiday = np.isin(np.arange(DAYS), (bank_holidays() - periods[0]).days)
    k = np.tile(np.array(CURRENT_K), -(-replicates // len(CURRENT_K)))[:replicates]
    parts = [_simulate(rng, signal, k, holiday) for signal in SIGNALS]
    quiet, outbreak, mean, dispersion, onset = (np.concatenate(part) for part in zip(*parts, strict=True))
    return World(
        frequency="day",
        periods=periods,
        quiet=quiet,
        outbreak=outbreak,
        mean=mean,
        dispersion=dispersion,
        onset=onset,
        scenario=np.repeat([signal.number for signal in SIGNALS], replicates),
        k=np.tile(k, len(SIGNALS)),
        judged=7 * JUDGED_WEEKS,
        holidays=bank_holidays(),
        whole_span=False,
    )


def _simulate(rng: np.random.Generator, signal: Signal, k: Ints, holiday: Bools) -> tuple[Ints, Ints, Floats, Floats, Ints]:
    """Quiet counts, outbreak's cases, mean, dispersion (`n_series × n_days`) and onsets of one signal."""
    week, n_series = signal.week, len(k)
    n_open = week * WEEKS
    rate = np.broadcast_to(signal.rate.mean(n_open, week), (n_series, n_open))
    background = draw_counts(rng, rate, np.full(rate.shape, signal.rate.phi)) / signal.scale
    # Rounding what is scaled adds the variance of a uniform error.
    rounding = 1 / 12 if signal.scale > 1 else 0
    mean, variance = rate / signal.scale, signal.rate.phi * rate / signal.scale**2 + rounding
    if signal.season:
        cases, expected = _epidemics(rng, signal.season, week, n_series)
        background, mean, variance = background + cases, mean + expected, variance + expected

    start = rng.integers(n_open - JUDGED_WEEKS * week, n_open, n_series)
    size = draw_sizes(rng, k * week * signal.sized_by.deviation(n_open, week)[start])
    weights = np.tile(WEEKDAY_WEIGHTS[week], WEEKS)
    planted = weights * spread_cases(rng, n_open, start, size, OUTBREAK_BIN)

    open_days = (np.arange(DAYS).reshape(WEEKS, 7)[:, :week]).ravel()
    factor = _holiday_factor(holiday[open_days], week)
    quiet, counts = np.rint(factor * background), np.rint(factor * (background + planted))
    mean, variance = factor * mean, factor**2 * variance
    dispersion = np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0)
    outbreak = _on_calendar((counts - quiet).astype(np.int64), open_days)
    onset = np.where(outbreak.any(axis=1), (outbreak > 0).argmax(axis=1), open_days[start])
    return (
        _on_calendar(quiet.astype(np.int64), open_days),
        outbreak,
        _on_calendar(mean, open_days),
        np.where(np.isin(np.arange(DAYS), open_days), _on_calendar(dispersion, open_days), 1.0),
        onset,
    )


def _epidemics(rng: np.random.Generator, season: Season, week: int, n_series: int) -> tuple[Floats, Floats]:
    """Cases of every year's epidemic, and what is expected of them given starts and sizes, `n_series × n_open`."""
    n_open = week * WEEKS
    deviation = season.rate.deviation(n_open, season.week)
    weights = np.resize(WEEKDAY_WEIGHTS[season.week], n_open)
    shape = np.diff(stats.lognorm.cdf(SEASONAL_BIN * np.arange(n_open + 1), 0.5))
    cases, expected = np.zeros((n_series, n_open)), np.zeros((n_series, n_open))
    for year in range(YEARS):
        start = year * YEAR_WEEKS * week + rng.integers(season.first - 1, season.last, n_series)
        size = draw_sizes(rng, season.k * deviation[start])
        cases += spread_cases(rng, n_open, start, size, SEASONAL_BIN)
        for row, (first, total) in enumerate(zip(start, size, strict=True)):
            expected[row, first:] += total * shape[: n_open - first]
    return weights * cases, weights * expected


def _holiday_factor(holiday: Bools, week: int) -> Floats:
    if week == 7:
        return np.where(holiday, DOUBLED, 1.0)
    after = np.concatenate([[False], holiday[:-1]])
    return np.where(holiday, CLOSED, np.where(after, MADE_UP, 1.0))


def _on_calendar(values: NDArray[T], open_days: NDArray[np.intp]) -> NDArray[T]:
    spread = np.zeros((len(values), DAYS), dtype=values.dtype)
    spread[:, open_days] = values
    return spread
