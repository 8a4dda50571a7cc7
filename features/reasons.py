"""Why a hotspot was raised, as one plain sentence in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST_RATIO = 100
SMALLEST_SHOWN = "0.0001"
TERMS_SHOWN = 5


@dataclass(frozen=True)
class Reason:
    """The figures that raised a hotspot.

    Attributes:
        days: days in the window.
        observed: complaints in it.
        expected: complaints expected in it.
        weighted: independent complaints.
        severe: complaints with a severe safety event.
        p_value: chance of as many or more if nothing were wrong.
        terms: telling words, the most telling first.
    """

    days: int
    observed: int
    expected: float
    weighted: int
    severe: int
    p_value: float
    terms: Sequence[str]

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def zh(self) -> str:
        """Why, in Chinese."""
        sentence = (
            f"近{self.days}日{self.observed}件，预期{self.expected:.1f}件，为预期的{self._times()}；"
            f"无异常时出现这么多件的概率{self._chance()}；去重后{self.weighted}件"
        )
        if self.severe:
            sentence += f"，其中严重安全事件{self.severe}件"
        if self.terms:
            sentence += f"；突出词语：{'、'.join(self.terms[:TERMS_SHOWN])}"
        return sentence + "。"

    @property
    def en(self) -> str:
        """Why, in English."""
        sentence = (
            f"{self.observed} complaints in {self.days} days where {self.expected:.1f} were expected "
            f"(chance if nothing were wrong {self._chance()}); {self.weighted} independent"
        )
        if self.severe:
            sentence += f", {self.severe} with a severe safety event"
        if self.terms:
            sentence += f"; telling words: {', '.join(self.terms[:TERMS_SHOWN])}"
        return sentence + "."

    def _times(self) -> str:
        return times(self.ratio)

    def _chance(self) -> str:
        return chance(self.p_value)


def times(ratio: float) -> str:
    """A ratio in Chinese; where next to nothing was expected its digits would say nothing."""
    return f"{LARGEST_RATIO}倍以上" if ratio > LARGEST_RATIO else f"{ratio:.1f}倍"


def chance(p_value: float) -> str:
    """A p-value with four decimals."""
    return f"<{SMALLEST_SHOWN}" if p_value < float(SMALLEST_SHOWN) else f"{p_value:.4f}"
