"""How complete the reports of recent days are, estimated from how late those of earlier days arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

WEEKDAYS = 7
WEEKDAYS_DIFFER = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CompletenessCurve:
    """Share of a day's complaints that have arrived, by weekday of the day and its age.

    Attributes:
        share: `7 × (horizon + 1)`, by weekday (Monday is 0) and days since the event day; NaN where nothing tells.
        lower, upper: the confidence interval around it.
        complaints: complaints whose whole horizon was observed.
        dispersion: how much more the arrivals vary than independent complaints would; at least 1.
    """

    share: Floats
    lower: Floats
    upper: Floats
    complaints: int
    dispersion: float


def completeness_curve(
    counts: NDArray[np.int64], observed: NDArray[np.bool_], weekdays: NDArray[np.int64], *, confidence: float
) -> CompletenessCurve:
    """Estimate the distribution of reporting delays from a right-truncated triangle.

    A complaint is seen only if its delay is at most the age of its event day. Conditioning on that, the *reverse-time
    hazard* `g(d) = P(delay = d | delay <= d)` is estimated without bias by the complaints that came with delay `d`, of those
    that came with delay `d` at most, over the event days old enough to show it; and `P(delay <= a)` is the product of
    `1 - g(d)` over `a < d <= horizon` (Kalbfleisch and Lawless 1989, Lawless 1994). Where all weekdays are alike this is the
    chain ladder. The horizon counts as complete.

    Offices rest on weekends, so that delays depend on the weekday of the event. Each weekday has its own hazards if the
    weekdays differ beyond chance (chi-square of all delays, allowing for dispersion, at the 5 % level); else, and where there
    is too little to tell them apart, they share the common ones.

    Intervals follow from Greenwood's formula for the logarithm of the product (the delta method), widened by the dispersion
    of the arrivals, on the logit scale. Where no or all complaints came later, the exact binomial bound stands in.

    Args:
        counts: `n_days × (horizon + 1)`, complaints by event day and delay in days.
        observed: the same shape, true where a complaint of that day and delay would have been seen by now; in each row the
            true cells come first. A day whose complaints tell nothing of delays, such as one before the first load, is false
            throughout.
        weekdays: `n_days`, weekday of each event day.
        confidence: of the interval, such as 0.95.

    Raises:
        ValueError: shapes differ, or a count is negative or stands in an unobserved cell.

    References:
        Kalbfleisch, Lawless (1989): Inference based on retrospective ascertainment. JASA 84, 360-372.
        Lawless (1994): Adjustments for reporting delays and the prediction of occurred but not reported events.
        Canadian Journal of Statistics 22, 15-31.
    """
    if counts.shape != observed.shape or weekdays.shape != counts.shape[:1]:
        raise ValueError("counts, observed and weekdays do not belong together")
    if (counts < 0).any() or counts[~observed].any():
        raise ValueError("a count is negative or was not observed")
    arrived = counts.astype(float)
    # Of the complaints with a delay of at most d, where all of them can be seen.
    at_risk = np.where(observed, arrived.cumsum(axis=1), 0.0)
    own = (np.arange(WEEKDAYS)[:, None] == weekdays).astype(float)
    cases, risk = own @ arrived, own @ at_risk
    dispersion = _dispersion(arrived, at_risk, _ratio(cases, risk), weekdays)
    hazard, weight = _hazards(cases, risk, dispersion)
    share, variance = _product(hazard, weight)
    lower, upper = _interval(share, variance * dispersion, _evidence(weight), confidence)
    return CompletenessCurve(share, lower, upper, int(counts[observed[:, -1]].sum()), dispersion)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """The quotient; NaN of nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _dispersion(arrived: Floats, at_risk: Floats, hazard: Floats, weekdays: NDArray[np.int64]) -> float:
    """Pearson's statistic of the arrivals around their weekday's hazards by its degrees of freedom, and no less than 1."""
    hazards = hazard[weekdays]
    telling = (at_risk > 0) & (hazards > 0) & (hazards < 1)
    telling[:, 0] = False  # there is nothing before the first day
    expected = (at_risk * hazards)[telling]
    residuals = (arrived[telling] - expected) ** 2 / (expected * (1 - hazards[telling]))
    parameters = ((hazard > 0) & (hazard < 1))[:, 1:].sum()
    freedom = telling.sum() - parameters
    return max(1.0, float(residuals.sum() / freedom)) if freedom > 0 else 1.0


def _hazards(cases: Floats, risk: Floats, dispersion: float) -> tuple[Floats, Floats]:
    """Hazards by weekday and delay, and the complaints that each of them rests on; NaN where nothing tells."""
    total, common = risk.sum(axis=0), _ratio(cases.sum(axis=0), risk.sum(axis=0))
    own = _ratio(cases, risk)
    differing = (common > 0) & (common < 1)
    differences = np.nansum(risk * (own - common) ** 2, axis=0)[differing] / (common * (1 - common))[differing]
    freedom = ((risk > 0).sum(axis=0) - 1)[differing].sum()
    alike = freedom == 0 or chi2.sf(differences.sum() / dispersion, freedom) > WEEKDAYS_DIFFER
    own, common = _idle_filled(own, risk), _idle_filled(common, total)
    # A weekday of which too little was seen borrows the common hazards.
    borrowing = np.isnan(own).any(axis=1, keepdims=True) | alike
    weight = np.where(borrowing, total, risk)
    return np.where(borrowing, common, own), np.where(weight > 0, weight, np.nan)


def _idle_filled(hazard: Floats, risk: Floats) -> Floats:
    """No hazard where nobody was at risk though somebody was later: all of them came at once then, and it has no weight."""
    later = np.flip(np.flip(risk, axis=-1).cumsum(axis=-1), axis=-1) > 0
    return np.where(np.isnan(hazard) & later, 0.0, hazard)


def _product(hazard: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Shares by age, and the variance of their logarithm (Greenwood)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log1p(-hazard)
        terms = np.where(hazard > 0, hazard / ((1 - hazard) * weight), hazard)
    # The factor of delay d belongs to every age below d: sums from the end, moved one place; at the horizon nothing is left.
    return np.exp(_later(logs)), _later(terms)


def _later(values: Floats) -> Floats:
    """At each place the sum of all later values along the last axis."""
    sums = np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([sums[:, 1:], np.zeros((len(values), 1))], axis=1)


def _evidence(weight: Floats) -> Floats:
    """At each age the fewest complaints that a later factor rests on."""
    least = np.fmin.accumulate(weight[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([least[:, 1:], np.full((len(weight), 1), np.inf)], axis=1)


def _interval(share: Floats, variance: Floats, evidence: Floats, confidence: float) -> tuple[Floats, Floats]:
    tail = (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = norm.ppf(1 - tail) * np.sqrt(variance) / (1 - share)
        odds = share / (1 - share)
        lower, upper = (1 / (1 + np.exp(sign * spread) / odds) for sign in (1, -1))
        # Of n complaints none came later, or all did: the bound that leaves that a chance of `tail`.
        bound = tail ** (1 / evidence)
    lower = np.where(share >= 1, bound, np.where(share <= 0, 0.0, lower))
    upper = np.where(share <= 0, 1 - bound, np.where(share >= 1, 1.0, upper))
    unknown = np.isnan(share)
    return np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)
