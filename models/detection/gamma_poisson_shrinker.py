"""Ratios of observed to expected counts, shrunk by what all cells of a table have in common (EBGM)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from models.detection.predictive import Array

# Logarithms of shape, rate, shape, rate and logit of the weight to begin from: a wide component of high ratios and a narrow one
# near 1, in several proportions.
STARTS = np.array(
    [
        [np.log(0.2), np.log(0.1), np.log(2.0), np.log(4.0), -0.7],
        [np.log(3.0), np.log(0.5), np.log(4.0), np.log(4.0), -2.5],
        [np.log(0.5), np.log(0.2), np.log(10.0), np.log(10.0), 0.0],
    ]
)
# Shapes and rates within which the likelihood is searched: a shape of 1e4 is a ratio known to a hundredth.
LOG_RANGE = (np.log(1e-3), np.log(1e4))
LOGIT_RANGE = (-12.0, 12.0)
# Cells of the same count whose expected counts differ by less are one to the likelihood (squashing).
SQUASHED = 0.02
NEWTON_STEPS = 60
PRECISION = 1e-7


@dataclass(frozen=True)
class RatioPrior:
    """How ratios of true to expected counts are distributed over the cells of a table: a mixture of two gamma distributions.

    Attributes:
        shape, rate: of the two components, the one of the higher mean first.
        weight: share of the first component.
        listed: whether the table lists only cells with a count, so that all is conditional on a count above 0.
    """

    shape: tuple[float, float]
    rate: tuple[float, float]
    weight: float
    listed: bool

    @property
    def background(self) -> int:
        """The component whose mean is nearest to 1, on the log scale: that of pairs nothing is the matter with."""
        return int(np.argmin(np.abs(np.log(np.divide(self.shape, self.rate)))))

    def log_likelihood(self, observed: Array, expected: Array, weights: Array | float = 1.0) -> float:
        """Log-likelihood of cells, each counted `weights` times."""
        theta = np.array([np.log(v) for pair in zip(self.shape, self.rate, strict=True) for v in pair])
        return -_loss(np.append(theta, special.logit(self.weight)), observed, expected, np.asarray(weights), self.listed)[0]


@dataclass(frozen=True)
class Shrunk:
    """What is known of the ratio of every cell; all arrays are `n_cells`.

    Attributes:
        ebgm: geometric mean of the ratio given the cell's count.
        lower, upper: the credibility interval; EB05 and EB95 for 90 %.
        background_probability: chance that the cell is of the background's kind.
        p_value: chance of such a count or a higher one in a cell of the background's kind.
    """

    ebgm: Array
    lower: Array
    upper: Array
    background_probability: Array
    p_value: Array


def fit_prior(observed: Array, expected: Array, *, listed: bool = True) -> RatioPrior:
    """Fit the mixture to all cells by maximum likelihood.

    DuMouchel 1999, Bayesian data mining in large frequency tables, The American Statistician 53: counts are Poisson with mean
    `ratio × expected`, so that they are a mixture of two negative binomials. For speed cells of one count and nearly one
    expected count are taken together (DuMouchel & Pregibon 2001, squashing).

    Args:
        observed: `n_cells`; counts.
        expected: `n_cells`, positive; counts expected of independent rows and columns.
        listed: the cells are those with a count above 0, as they come from a sparse table. Give False if the cells with a
            count of 0 are among them.

    Raises:
        ValueError: there are no cells, an expected count is not positive, or a listed cell has no count.
    """
    if not len(observed) or not (expected > 0).all():
        raise ValueError("cells must be given, and their expected counts positive")
    if listed and not (observed > 0).all():
        raise ValueError("a listed cell has no count")
    cells = _squash(observed, expected)
    bounds = [LOG_RANGE] * 4 + [LOGIT_RANGE]
    fits = [
        optimize.minimize(
            _loss, start, args=(*cells, listed), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}
        )
        for start in STARTS
    ]
    best = min(fits, key=lambda fit: float(fit.fun)).x
    components = sorted([(best[0], best[1]), (best[2], best[3])], key=lambda pair: float(pair[1] - pair[0]))
    logit = best[4] if components[0] == (best[0], best[1]) else -best[4]
    shape, rate = (tuple(float(np.exp(pair[place])) for pair in components) for place in (0, 1))
    return RatioPrior((shape[0], shape[1]), (rate[0], rate[1]), float(special.expit(logit)), listed)


def shrink(observed: Array, expected: Array, prior: RatioPrior, confidence: float = 0.9) -> Shrunk:
    """Posterior of every cell's ratio under a prior.

    Args:
        observed, expected: `n_cells`, as for `fit_prior`.
        prior: fitted to these cells or to others of their kind.
        confidence: of the credibility interval.

    The p-value is the tail of the negative binomial of the prior's background component; for a listed table given that the
    count is not 0, since a cell is tested only because it has one. It is what the false discovery rate can be controlled by.
    It allows for ratios that differ as much as those of the background do, so that a common small excess is no discovery.
    """
    shape = observed[:, None] + np.array(prior.shape)
    rate = expected[:, None] + np.array(prior.rate)
    logs = _log_chances(observed, expected, prior)
    first = np.exp(logs[:, 0] - np.logaddexp(logs[:, 0], logs[:, 1]))
    means = special.digamma(shape) - np.log(rate)
    tail = (1 - confidence) / 2
    lower, upper = (_quantile(level, shape, rate, first) for level in (tail, 1 - tail))
    k = prior.background
    chance = prior.rate[k] / (prior.rate[k] + expected)
    p_value = np.asarray(stats.nbinom.sf(observed - 1, prior.shape[k], chance), dtype=float)
    if prior.listed:
        p_value = np.minimum(p_value / -np.expm1(prior.shape[k] * np.log(chance)), 1.0)
    return Shrunk(np.exp(first * means[:, 0] + (1 - first) * means[:, 1]), lower, upper, (1 - first) if k else first, p_value)


def posterior_moments(observed: Array, expected: Array, prior: RatioPrior) -> tuple[Array, Array]:
    """Mean and variance of every cell's ratio given its count: what a count to come is predicted by.

    Unlike the geometric mean they do not take a cell that was never seen for one that cannot be.

    Args:
        observed: `n_cells`; counts, 0 allowed.
        expected: `n_cells`, positive.
        prior: fitted to cells of their kind.
    """
    shape = observed[:, None] + np.array(prior.shape)
    rate = expected[:, None] + np.array(prior.rate)
    logs = _log_chances(observed, expected, prior)
    share = np.exp(logs - np.logaddexp(logs[:, 0], logs[:, 1])[:, None])
    means = shape / rate
    mean = (share * means).sum(axis=1)
    return mean, (share * (means / rate + means**2)).sum(axis=1) - mean**2


def _log_chances(observed: Array, expected: Array, prior: RatioPrior) -> Array:
    """Log of each component's weight times its chance of the count, up to what both have in common; `n_cells × 2`."""
    shape, rate = np.array(prior.shape), np.array(prior.rate)
    log_weight = np.log([prior.weight, 1 - prior.weight])
    chance = _log_negative_binomial(observed[:, None], expected[:, None], shape, rate)
    return np.asarray(chance + log_weight, dtype=float)


def _log_negative_binomial(observed: Array, expected: Array, shape: Array, rate: Array) -> Array:
    """Log chance of a count, but for the factorial that all shapes and rates share."""
    rising = special.gammaln(observed + shape) - special.gammaln(shape)
    return np.asarray(
        rising + shape * np.log(rate) + observed * np.log(expected) - (observed + shape) * np.log(rate + expected)
    )


def _squash(observed: Array, expected: Array) -> tuple[Array, Array, Array]:
    """Counts, mean expected counts and numbers of cells that are one to the likelihood."""
    bins = np.round(np.log(expected) / SQUASHED)
    keys, places, sizes = np.unique(np.stack([observed, bins]), axis=1, return_inverse=True, return_counts=True)
    sums = np.bincount(places.ravel(), weights=expected)
    return keys[0], sums / sizes, sizes.astype(float)


def _loss(theta: Array, observed: Array, expected: Array, weights: Array, listed: bool) -> tuple[float, Array]:
    """Negative log-likelihood and its gradient in the logs of shapes and rates and the logit of the first weight."""
    n, e = observed[:, None], expected[:, None]
    shape, rate, weight = np.exp(theta[[0, 2]]), np.exp(theta[[1, 3]]), special.expit(theta[4])
    log_weight = np.array([special.log_expit(theta[4]), special.log_expit(-theta[4])])
    logs = log_weight + _log_negative_binomial(n, e, shape, rate)
    total = np.logaddexp(logs[:, 0], logs[:, 1])
    share = np.exp(logs - total[:, None])
    by_shape = share * (special.digamma(n + shape) - special.digamma(shape) + np.log(rate / (rate + e)))
    by_rate = share * (shape / rate - (shape + n) / (rate + e))
    by_weight = share[:, 0] - weight
    value = total - special.gammaln(observed + 1)
    if listed:
        none = log_weight + shape * np.log(rate / (rate + e))
        empty = np.logaddexp(none[:, 0], none[:, 1])
        given = -np.expm1(empty)
        value = value - np.log(given)
        part = np.exp(none) / given[:, None]
        by_shape = by_shape + part * np.log(rate / (rate + e))
        by_rate = by_rate + part * shape * e / (rate * (rate + e))
        by_weight = by_weight + part[:, 0] - weight * np.exp(empty) / given
    w = np.broadcast_to(weights, observed.shape)
    shapes, rates = shape * (w @ by_shape), rate * (w @ by_rate)
    gradient = np.array([shapes[0], rates[0], shapes[1], rates[1], w @ by_weight])
    return -float(w @ value), -gradient


def _quantile(level: float, shape: Array, rate: Array, first: Array) -> Array:
    """Quantile of a mixture of two gammas per cell: Newton steps on the log ratio, held between the components' quantiles."""
    ends = np.log(special.gammaincinv(shape, level) / rate)
    low, high = ends.min(axis=1), ends.max(axis=1)
    found = first * ends[:, 0] + (1 - first) * ends[:, 1]
    active = np.flatnonzero(high - low > PRECISION)
    for _ in range(NEWTON_STEPS):
        if not len(active):
            break
        x = np.exp(found[active])[:, None] * rate[active]
        share = np.stack([first[active], 1 - first[active]], axis=1)
        excess = (share * special.gammainc(shape[active], x)).sum(axis=1) - level
        slope = (share * np.exp(shape[active] * np.log(x) - x - special.gammaln(shape[active]))).sum(axis=1)
        low[active] = np.where(excess < 0, found[active], low[active])
        high[active] = np.where(excess < 0, high[active], found[active])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = found[active] - excess / slope
        within = (step > low[active]) & (step < high[active])
        step = np.where(within, step, (low[active] + high[active]) / 2)
        moved = np.abs(step - found[active])
        found[active] = step
        active = active[moved > PRECISION]
    return np.asarray(np.exp(found), dtype=float)
