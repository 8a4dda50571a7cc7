"""Why a detector raised an alarm, as one plain sentence in Chinese and English: what was expected, seen, and how rare it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from features.reasons import LARGEST_RATIO, chance, times

# Of an expected count; a tenth is enough of a tenth.
SMALLEST_COUNT = 0.1
ORDINARY = 1.0
# What is expected is told by detector: of counts as such, of a share by habit, and so on.
ZH = {
    "counts": "近{days}日{observed}件，预期{expected}件{factors}，为预期的{times}；无异常时出现这么多件的概率{chance}。",
    "drift": (
        "自{onset}起{days}日{observed}件（去重），按此前水平预期{expected}件，缓慢升至{times}；"
        "水平未变时升得这样明显的概率{chance}。"
    ),
    "share": (
        "近{days}日{observed}件（去重），按其总量和一贯占比预期{expected}件，为预期的{times}；"
        "占比未变时出现这么多件的概率{chance}。"
    ),
    "cluster": (
        "自{onset}起{days}日{places}{observed}件（去重），预期{expected}件，为预期的{times}；"
        "无异常时相邻地区这样集中的概率{chance}。"
    ),
    "term": (
        "近{days}日{observed}件提到{words}，按以往用词预期{expected}件，为预期的{times}；用词未变时提到这么多次的概率{chance}。"
    ),
    "severe": (
        "近{days}日严重安全事件{observed}件，按以往发生率预期{expected}件，为预期的{times}；"
        "发生率未变时出现这么多件的概率{chance}。"
    ),
}
EN = {
    "counts": (
        "{observed} complaints in {days} days where {expected} were expected{factors}, {times} times as many; "
        "chance if nothing were wrong {chance}."
    ),
    "drift": (
        "{observed} independent complaints in the {days} days since {onset} where the level before lets expect {expected}, "
        "a slow rise to {times} times; chance of so clear a rise if the level had not changed {chance}."
    ),
    "share": (
        "{observed} independent complaints in {days} days where its volume and habitual share let expect {expected}, "
        "{times} times as many; chance if the share had not changed {chance}."
    ),
    "cluster": (
        "{observed} independent complaints in {days} days since {onset} in {places} where {expected} were expected, "
        "{times} times as many; chance that neighbouring cities have so many together if nothing were wrong {chance}."
    ),
    "term": (
        "{observed} complaints in {days} days mention {words} where the use of words before lets expect {expected}, "
        "{times} times as many; chance if it had not changed {chance}."
    ),
    "severe": (
        "{observed} severe safety events in {days} days where the rate before lets expect {expected}, "
        "{times} times as many; chance if it had not changed {chance}."
    ),
}


@dataclass(frozen=True)
class AlarmReason:
    """The figures that raised an alarm.

    Attributes:
        detector: which one raised it.
        first, last: days that were counted.
        observed: what was counted in them.
        expected: the same, expected if nothing were wrong.
        p_value: how rare that is.
        factors: of the expectation: level, season and calendar; None where it is not split.
        places: names of a cluster's cities.
        words: emerging words, the rarest first.
    """

    detector: str
    first: dt.date
    last: dt.date
    observed: int
    expected: float
    p_value: float
    factors: tuple[float, float, float] | None = None
    places: Sequence[str] = ()
    words: Sequence[str] = ()

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def zh(self) -> str:
        """Why, in Chinese."""
        factors = ""
        if self.factors and self._split:
            level, season, calendar = self.factors
            factors = f"（常态{_count(level, '不足')}件，季节系数{season:.2f}，日历系数{calendar:.2f}）"
        return ZH[self.detector].format(
            **self._figures,
            onset=f"{self.first.year}年{self.first.month}月{self.first.day}日",
            expected=_count(self.expected, "不足"),
            times=times(self.ratio),
            factors=factors,
            places="、".join(self.places),
            words="、".join(f"“{word}”" for word in self.words),
        )

    @property
    def en(self) -> str:
        """Why, in English."""
        factors = ""
        if self.factors and self._split:
            level, season, calendar = self.factors
            factors = f" (ordinarily {_count(level, 'below ')}, times {season:.2f} by season and {calendar:.2f} by calendar)"
        return EN[self.detector].format(
            **self._figures,
            onset=self.first,
            expected=_count(self.expected, "fewer than "),
            times=f"over {LARGEST_RATIO}" if self.ratio > LARGEST_RATIO else f"{self.ratio:.1f}",
            factors=factors,
            places=", ".join(self.places),
            words=", ".join(f"“{word}”" for word in self.words),
        )

    @property
    def _split(self) -> bool:
        """Whether season or calendar make any difference that is shown."""
        return self.factors is not None and any(round(factor, 2) != ORDINARY for factor in self.factors[1:])

    @property
    def _figures(self) -> dict[str, str]:
        days = (self.last - self.first).days + 1
        return {"days": str(days), "observed": str(self.observed), "chance": chance(self.p_value)}


def _count(expected: float, below: str) -> str:
    return f"{expected:.1f}" if expected >= SMALLEST_COUNT else f"{below}{SMALLEST_COUNT}"
