"""One p-value from the newest period and the sums over the last few, so that a slow rise is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection.overlap import USUAL, exact_joint_p_value, joint_p_value, smallest_of
from models.detection.predictive import Array, bound, mid_p_value

# Up to this mean counts are so coarse that how windows overlap is summed over them; normal deviates do beyond.
COARSE_MEAN = 30.0
SUMMED = 2
# Above this p-value nobody asks for the exact one.
RARE = 0.15
MOST_TERMS = 200


@dataclass(frozen=True)
class Windows:
    """Sums of the newest period and of the last few, judged together.

    Each window has its own mid-p-value; the smallest, each divided by its share, is judged by its distribution where nothing is
    wrong. Windows overlap, which that distribution takes into account. Longer windows count only where the newest count is
    above its own median: what is over does not alarm.

    Attributes:
        lengths: periods of each window, ascending, the first 1.
        shares: what part of the error each window may use; they sum to 1.
    """

    lengths: tuple[int, ...]
    shares: tuple[float, ...]

    def p_value(self, counts: Array, mean: Array, dispersion: Array, log_variance: Array, last: int) -> Array:
        """p-values of the last periods, `n_series × last`.

        Args:
            counts: `n_series × n_periods`, oldest first.
            mean: expected counts, same shape.
            dispersion: `n_series × 1`, variance over mean.
            log_variance: of the expected counts, same shape as counts.
            last: periods to judge; before them there must be as many as the longest window has less one.
        """
        observed = [_sums(counts, length, last) for length in self.lengths]
        return self._judged(observed, *self._expected(mean, dispersion, log_variance, last))

    def upper(self, counts: Array, mean: Array, dispersion: Array, log_variance: Array, last: int, alpha: float) -> Array:
        """The highest count of each judged period that is no alarm at level alpha, given the periods before it."""
        means, variances = self._expected(mean, dispersion, log_variance, last)
        earlier = [_sums(counts, length, last) - counts[:, -last:] for length in self.lengths]
        smallest = smallest_of(alpha, self.lengths, self.shares)
        usual = bound(means[0], variances[0], USUAL)
        highest = np.full(usual.shape, np.inf)
        for k, share in enumerate(self.shares):
            window = bound(means[k], variances[k], np.array(share * smallest))
            highest = np.minimum(highest, np.maximum(window - earlier[k], usual) if k else window)
        return self._lowered(highest, earlier, means, variances, alpha)

    def _lowered(self, highest: Array, earlier: list[Array], means: list[Array], variances: list[Array], alpha: float) -> Array:
        """Bounds that hold by the exact p-values, from those by normal deviates, which hardly ever lie below them."""
        coarse = np.nonzero(self._coarse(means))
        counts, before, mean, variance = (
            highest[coarse],
            *([table[coarse] for table in tables] for tables in (earlier, means, variances)),
        )
        high = np.arange(len(counts))
        while len(high):
            observed = [counts[high] + sums[high] for sums in before]
            p_value = self._judged(observed, [m[high] for m in mean], [v[high] for v in variance])
            high = high[(p_value <= alpha) & (counts[high] >= 0)]
            counts[high] -= 1
        highest[coarse] = counts
        return highest

    def _coarse(self, means: list[Array]) -> NDArray[np.bool_]:
        """Where windows' overlap is summed over counts: where they are coarse, and two."""
        return (means[-1] < COARSE_MEAN) & (len(self.lengths) == SUMMED)

    def _judged(self, observed: list[Array], means: list[Array], variances: list[Array]) -> Array:
        newest, *longer = (mid_p_value(*told) for told in zip(observed, means, variances, strict=True))
        smallest = newest / self.shares[0]
        for p_value, share in zip(longer, self.shares[1:], strict=True):
            smallest = np.where(newest < USUAL, np.minimum(smallest, p_value / share), smallest)
        joint = joint_p_value(smallest, self.lengths, self.shares)
        coarse = self._coarse(means) & (joint < RARE)
        if coarse.any():
            exact = exact_joint_p_value(
                smallest[coarse],
                (newest / self.shares[0] <= smallest)[coarse],
                (observed[0][coarse], observed[1][coarse]),
                (means[0][coarse], means[1][coarse]),
                (variances[0][coarse], variances[1][coarse]),
                (self.shares[0], self.shares[1]),
                MOST_TERMS,
            )
            joint[coarse] = np.where(np.isnan(exact), joint[coarse], exact)
        return joint

    def _expected(self, mean: Array, dispersion: Array, log_variance: Array, last: int) -> tuple[list[Array], list[Array]]:
        """Means and variances of the windows' sums: independent counts around means whose error they share."""
        means = [_sums(mean, length, last) for length in self.lengths]
        return means, [dispersion * sums + np.square(sums) * log_variance[:, -last:] for sums in means]


def _sums(values: Array, length: int, last: int) -> Array:
    """Sums over the last `length` periods, `n_series × last`."""
    end = values.shape[1]
    return np.asarray(sum(values[:, end - last - back : end - back] for back in range(length)), dtype=float)
