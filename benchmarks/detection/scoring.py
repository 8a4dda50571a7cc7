"""How well judged series tell outbreaks from their absence.

Measures as in Noufaily et al. 2013 (Statistics in Medicine 32), Bédubourg & Le Strat 2017 (PLoS ONE 12) and, for the
timeliness, Noufaily et al. 2019 (Bioinformatics 35). A method is measured with its own alarms and, because the methods
keep different false positive rates, with alarms at one and the same rate over all outbreak-free series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.detection.world import Bools, Floats, Ints, World

MATCHED_RATE = 0.01


@dataclass(frozen=True)
class Verdicts:
    """What a method says of the judged periods of a world; every array is `n_series × judged`.

    Attributes:
        method: its name.
        quiet_score: score of the series without current outbreak; higher is rarer.
        quiet_alarm: the method's own alarms there.
        score: score of the series with their current outbreak.
        alarm: the method's own alarms there.
        milliseconds: CPU time per judged series-period.
    """

    method: str
    quiet_score: Floats
    quiet_alarm: Bools
    score: Floats
    alarm: Bools
    milliseconds: float = float("nan")

    def at_rate(self, rate: float) -> tuple[Bools, Bools]:
        """Alarms with and without outbreak at a pooled false positive rate of at most `rate`."""
        limit = threshold(self.quiet_score, rate)
        return self.quiet_score > limit, self.score > limit


@dataclass(frozen=True)
class Figure:
    """A share or mean and its standard error, between series."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{100 * self.value:.2f} ± {100 * self.error:.2f} %"


@dataclass(frozen=True)
class Scores:
    """Measures of one method at one set of alarms.

    Attributes:
        method: its name.
        false_positive_rate: share of alarmed periods of the series without current outbreak.
        detection: probability of detection, share of outbreaks with an alarm in one of their periods.
        first_period: share of outbreaks with an alarm in their first period.
        sensitivity: share of outbreak periods with an alarm.
        timeliness: mean of (first alarm - onset) / duration; 1 for a missed outbreak, 0 is best.
        worst_scenario: highest false positive rate of a scenario, and its number.
        by_scenario: scenario to false positive rate and probability of detection.
        by_k: size of the outbreak in standard deviations to probability of detection.
        milliseconds: CPU time per judged series-period.
    """

    method: str
    false_positive_rate: Figure
    detection: Figure
    first_period: Figure
    sensitivity: Figure
    timeliness: Figure
    worst_scenario: tuple[float, int]
    by_scenario: dict[int, tuple[float, float]]
    by_k: dict[int, float]
    milliseconds: float


def threshold(quiet_score: Floats, rate: float) -> float:
    """The lowest score that at most `rate` of the outbreak-free scores exceed; an alarm is a score above it.

    Among ties it errs on the side of fewer alarms.
    """
    scores = np.sort(quiet_score, axis=None)[::-1]
    return float(scores[min(int(np.floor(rate * len(scores) + 1e-9)), len(scores) - 1)])


def own_scores(world: World, verdicts: Verdicts) -> Scores:
    """Measures with the method's own alarms."""
    return scored(world, verdicts, verdicts.quiet_alarm, verdicts.alarm)


def matched_scores(world: World, verdicts: Verdicts, rate: float = MATCHED_RATE) -> Scores:
    """Measures at a false positive rate of at most `rate`, pooled over all series."""
    return scored(world, verdicts, *verdicts.at_rate(rate))


def scored(world: World, verdicts: Verdicts, quiet_alarm: Bools, alarm: Bools) -> Scores:
    """Measures of given alarms, both `n_series × judged`."""
    inside = world.outbreak_periods
    hits = np.logical_and(alarm, inside)
    found = np.asarray(hits.any(axis=1))
    false = np.asarray(quiet_alarm.mean(axis=1))
    numbers = np.unique(world.scenario)
    by_scenario = {
        int(number): (float(false[world.scenario == number].mean()), float(found[world.scenario == number].mean()))
        for number in numbers
    }
    worst = max((rate, number) for number, (rate, _) in by_scenario.items())
    return Scores(
        method=verdicts.method,
        false_positive_rate=_mean(false),
        detection=_mean(found),
        first_period=_mean(np.asarray(hits[np.arange(len(hits)), inside.argmax(axis=1)])),
        sensitivity=_ratio(hits.sum(axis=1), inside.sum(axis=1)),
        timeliness=_mean(delays(hits, inside)),
        worst_scenario=worst,
        by_scenario=by_scenario,
        by_k={int(k): float(found[world.k == k].mean()) for k in np.unique(world.k)},
        milliseconds=verdicts.milliseconds,
    )


def delays(hits: Bools, inside: Bools) -> Floats:
    """Periods from the first one of an outbreak to its first alarm, over its duration; 1 where there is none.

    Args:
        hits: `n_series × judged`; alarms in the outbreak.
        inside: `n_series × judged`; the outbreak's periods, at least one per series.
    """
    first = inside.argmax(axis=1)
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    late = (hits.argmax(axis=1) - first) / (last - first + 1)
    return np.where(hits.any(axis=1), late, 1.0)


def detection_curve(world: World, verdicts: Verdicts, rates: Floats) -> Floats:
    """Probability of detection at pooled false positive rates, of the same shape."""
    best = np.where(world.outbreak_periods, verdicts.score, -np.inf).max(axis=1)
    return np.array([(best > threshold(verdicts.quiet_score, rate)).mean() for rate in rates])


def detection_gain(world: World, ours: Verdicts, other: Verdicts, rate: float = MATCHED_RATE) -> Figure:
    """How much higher our probability of detection is at a matched false positive rate, on the same outbreaks."""
    inside = world.outbreak_periods
    found = [(verdicts.at_rate(rate)[1] & inside).any(axis=1).astype(float) for verdicts in (ours, other)]
    return _mean(found[0] - found[1])


def _mean(values: Floats | Bools) -> Figure:
    return Figure(float(values.mean()), float(values.std() / np.sqrt(len(values))))


def _ratio(numerator: Ints, denominator: Ints) -> Figure:
    """Ratio of sums over series; the error by linearisation, since periods of a series depend on each other."""
    ratio = numerator.sum() / denominator.sum()
    residual = numerator - ratio * denominator
    return Figure(float(ratio), float(residual.std() / denominator.mean() / np.sqrt(len(residual))))
