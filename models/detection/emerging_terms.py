"""Words and topics that the newest window uses more than the windows before it, and such as were never used before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from models.detection.multiplicity import q_values
from models.detection.predictive import Array, tail_probability, upper_bound

LOG_RANGE = (np.log(1e-3), np.log(1e3))
# A squared residual counts up to so many times what is common, so that the outbreaks of the past do not hide the next one.
RESIDUAL_CAP = 16.0
DISPERSION_ROUNDS = 3


@dataclass(frozen=True)
class EmergingTerms:
    """The newest window's use of every term; all arrays are `n_terms`.

    Attributes:
        observed: complaints of the newest window that use the term, independent ones if their number was given.
        expected: number expected by the windows before it.
        upper: 99 % bound of that number.
        ratio: observed by expected, both raised by half a complaint, so that a term used once is no great ratio.
        p_value: chance of as many complaints or more; NaN for terms that are not tested.
        q_value: p-value adjusted for all terms tested, by Benjamini & Hochberg.
    """

    observed: Array
    expected: Array
    upper: Array
    ratio: Array
    p_value: Array
    q_value: Array


@dataclass(frozen=True)
class RatePrior:
    """How often the terms of a vocabulary are used: a gamma distribution of the complaints per complaint that use one.

    Attributes:
        shape: how alike the terms are; words are very unlike and have one far below 1.
        rate: in complaints of the baseline; `shape / rate` is the mean.
    """

    shape: float
    rate: float


def emerging_terms(
    counts: Array,
    volume: Array,
    distinct: Array | None = None,
    *,
    minimum: int = 1,
    level: float = 0.99,
    dispersion_weight: float = 20.0,
) -> EmergingTerms:
    """Test every term of a vocabulary for growth in the newest window.

    A term's rate is gamma-Poisson: its use so far, drawn towards what the whole vocabulary is like (in the line of Marshall
    1991, Applied Statistics 40, and of DuMouchel 1999, The American Statistician 53). A term that was never used has the rate
    that the vocabulary gives to such a term, which is a fraction of one complaint in all the baseline: used a dozen times in
    the newest window it is the strongest of all, where a measure that draws ratios to zero calls it rare. The number of
    complaints in the newest window is then negative binomial, and its tail the p-value. With dispersion 1 it is exact.

    Words come and go by more than chance. The variance of windows around a term's mean, `factor × mean + squared × mean²`, is
    estimated for the vocabulary as a whole; a term's own variation pulls away from it as there are more windows to tell.

    A term is in the vocabulary, and tested, only because it has `minimum` complaints in all windows together. For a term rare
    in the baseline that tells of the newest window, so that its p-value is conditional on it: a word seen once, and never
    before, has the p-value 1.

    Args:
        counts: `n_terms × n_windows`, complaints that use the term, oldest window first; the last one is judged.
        volume: `n_windows`, all complaints of the window, whichever words they use.
        distinct: like `counts`, complaints of different people with different texts; where they are fewer, they count.
        minimum: complaints in all windows that a term needs to be tested; at least 1.
        level: of the upper bound.
        dispersion_weight: windows that the vocabulary's common dispersion is worth against a term's own.

    Raises:
        ValueError: no window lies before the newest one, the baseline has no complaint or no term, a volume is negative, or
            shapes differ.

    It assumes: a steady share of all complaints for every term, so that a season that some words have and all complaints have
    not looks like growth; windows independent given the shares.
    """
    if distinct is not None:
        if distinct.shape != counts.shape:
            raise ValueError(f"counts are {counts.shape}, independent ones {distinct.shape}")
        counts = np.minimum(counts, distinct)
    if counts.ndim != 2 or counts.shape[1] != len(volume) or len(volume) < 2 or (volume < 0).any():  # noqa: PLR2004
        raise ValueError(f"counts of {counts.shape} and volumes of {volume.shape} have no window before the newest in common")
    past, observed = counts[:, :-1], counts[:, -1]
    used, exposure, newest = past.sum(axis=1), float(volume[:-1].sum()), float(volume[-1])
    prior = fit_rate_prior(used, exposure)
    posterior_rate = (used + prior.shape) / (exposure + prior.rate)
    # A window without complaints expects none; the half keeps the distribution proper.
    expected = posterior_rate * max(newest, 0.5)
    factor, squared, own = _dispersion(past, volume[:-1], used / exposure, dispersion_weight)
    spread = factor * expected * (1 + newest / (exposure + prior.rate)) + squared * expected**2 * (1 + 1 / past.shape[1])
    variance = np.maximum(own * spread, expected * (1 + newest / (exposure + prior.rate)))
    needed = np.maximum(minimum - used, 0.0)
    chance = tail_probability(observed, expected, variance) / tail_probability(needed, expected, variance)
    p_value = np.where(observed + used >= minimum, np.minimum(chance, 1.0), np.nan)
    return EmergingTerms(
        observed=observed,
        expected=expected,
        upper=upper_bound(expected, variance, level),
        ratio=(observed + 0.5) / (expected + 0.5),
        p_value=p_value,
        q_value=q_values(p_value),
    )


def fit_rate_prior(used: Array, exposure: float) -> RatePrior:
    """Fit the vocabulary's prior by maximum likelihood to the terms that were used.

    Args:
        used: `n_terms`, complaints of the baseline that use the term; terms with 0 are unknown to it and left out, and the
            likelihood is conditional on that.
        exposure: complaints of the baseline.

    Raises:
        ValueError: no term was used, or there is no complaint.
    """
    seen, times = np.unique(used[used > 0], return_counts=True)
    if not len(seen) or exposure <= 0:
        raise ValueError("a baseline without complaints or terms tells nothing of new ones")

    def loss(theta: Array) -> float:
        shape, odds = np.exp(theta)
        log_none = shape * (theta[1] - np.log1p(odds))
        rising = special.gammaln(seen + shape) - special.gammaln(shape) - special.gammaln(seen + 1)
        return -float(times @ (rising + log_none - seen * np.log1p(odds) - np.log(-np.expm1(log_none))))

    # Rates are searched in parts of the baseline, so that the search is the same for every volume.
    mean = float((times @ seen) / times.sum())
    starts = [(shape, shape / mean) for shape in (0.1, 1.0)]
    bounds = [LOG_RANGE, (LOG_RANGE[0] - np.log(max(mean, 1.0)), LOG_RANGE[1])]
    fits = [optimize.minimize(loss, np.log(start), method="L-BFGS-B", bounds=bounds) for start in starts]
    shape, odds = np.exp(min(fits, key=lambda fit: float(fit.fun)).x)
    return RatePrior(float(shape), float(odds * exposure))


def _dispersion(past: Array, volume: Array, rate: Array, weight: float) -> tuple[float, float, Array]:
    """Factor and squared term of the vocabulary's variance, and each term's own as a multiple of it.

    Given its total, a term's squared residuals by their means add up to the degrees of freedom on average if it is Poisson,
    however rare it is; so all terms used twice or more can tell.
    """
    n_terms, freedom = len(past), past.shape[1] - 1
    telling = past.sum(axis=1) > 1
    if not freedom or not telling.any():
        return 1.0, 0.0, np.ones(n_terms)
    expected = rate[:, None] * volume
    residual = np.where(expected > 0, (past - expected) ** 2 / np.where(expected > 0, expected, 1.0), 0.0)
    mean = expected.mean(axis=1)
    factor, squared = 1.0, 0.0
    for _ in range(DISPERSION_ROUNDS):
        typical = factor + squared * mean
        pearson = np.minimum(residual, RESIDUAL_CAP * typical[:, None]).sum(axis=1) / freedom
        # Squared residuals vary with their own size, so that frequent terms must not drown the rare ones.
        design = np.column_stack([np.ones(n_terms), mean])[telling] / typical[telling, None]
        target = (pearson - 1)[telling] / typical[telling]
        (above, squared), _ = optimize.nnls(design, target)
        factor = 1 + float(above)
    own = np.where(telling, residual.sum(axis=1) / freedom / (factor + squared * mean), 1.0)
    return factor, float(squared), (freedom * own + weight) / (freedom + weight)
