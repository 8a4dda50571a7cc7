"""Where a series' level has gone since its baseline was fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.detection.predictive import Array

# A residual beyond so many standard deviations moves the level no further: it is an outbreak, not a level.
CLIP = 2.58
PRIOR_SERIES = 10.0


@dataclass(frozen=True)
class Level:
    """How far levels lie from the baseline; both `n_series × n_periods`.

    Attributes:
        shift: of the log level, as it was known before the period.
        variance: of that shift.
    """

    shift: Array
    variance: Array


@dataclass(frozen=True)
class DriftingLevel:
    """A random walk of the log level around the baseline, followed by a Kalman filter on relative residuals.

    How fast a level wanders is not known beforehand. Filters of several speeds run side by side; each series trusts them by
    how well they have foretold its counts, and the prior is how common each speed is among the series (multi-process
    models: West & Harrison 1997, Bayesian Forecasting and Dynamic Models, section 12.2). Where nothing wanders, the filter
    that stands still wins, and nearly nothing is lost.

    Attributes:
        yearly: standard deviations of the change of a log level over a year, one per filter; the first stands still.
        standing: share of series that stand still, before any is seen.
        guard: newest periods before a judged one that its level is not told of, so that an outbreak does not raise it.
    """

    yearly: tuple[float, ...]
    standing: float = 0.7
    guard: int = 2

    def follow(self, counts: Array, mean: Array, dispersion: Array, known: int, periods_a_year: float) -> Level:
        """The level that each period is expected to have, from the periods before it.

        Args:
            counts: `n_series × n_periods`, oldest first.
            mean: what the baseline expects, same shape.
            dispersion: `n_series × 1`, variance over mean.
            known: periods by which the filters are trusted, those that the baseline was fitted to.
            periods_a_year: 52.18 for weeks, 365.25 for days.
        """
        n_periods = counts.shape[1]
        speed = np.square(np.array(self.yearly)) / periods_a_year
        noise, ratio = dispersion / mean, counts / mean
        state = np.zeros((len(counts), len(speed)))
        variance, evidence = np.zeros_like(state), np.zeros_like(state)
        # Half as precise as the rest: these two are the largest arrays of a judgement, and nothing is summed up in them.
        states = np.empty((n_periods, *state.shape), dtype=np.float32)
        variances = np.empty_like(states)
        for t in range(n_periods):
            variance = variance + speed
            states[t], variances[t] = state, variance
            factor = np.exp(state)
            total = variance + noise[:, t, None] / factor
            limit = CLIP * np.sqrt(total)
            surprise = np.clip(ratio[:, t, None] / factor - 1, -limit, limit)
            if t < known:
                evidence -= np.log(total) + np.square(surprise) / total
            gain = variance / total
            state = state + gain * surprise
            variance = variance * (1 - gain)
        trust = self._trust(evidence / 2)
        shift = np.einsum("tsk,sk->st", states, trust)
        squares = np.einsum("tsk,sk->st", np.square(states), trust)
        spread = np.einsum("tsk,sk->st", variances, trust) + np.maximum(squares - np.square(shift), 0.0)
        return Level(self._guarded(shift), self._guarded(spread) + self.guard * (trust @ speed)[:, None])

    def _trust(self, evidence: Array) -> Array:
        """Probability of each speed for each series, `n_series × n_speeds`; the prior is learned from all of them."""
        n_speeds = evidence.shape[1]
        first = np.array([self.standing, *[(1 - self.standing) / (n_speeds - 1)] * (n_speeds - 1)])
        likelihood = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        prior = first
        for _ in range(5):
            trust = prior * likelihood
            trust /= trust.sum(axis=1, keepdims=True)
            prior = (PRIOR_SERIES * first + trust.sum(axis=0)) / (PRIOR_SERIES + len(trust))
        return np.asarray(trust, dtype=float)

    def _guarded(self, values: Array) -> Array:
        """Values as they were known `guard` periods earlier."""
        earlier = np.arange(values.shape[1]) - self.guard
        return values[:, np.maximum(earlier, 0)]
