"""Why a hotspot was raised, as one plain sentence in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

LARGEST_RATIO = 100
SMALLEST_SHOWN = "0.0001"


def times(ratio: float) -> str:
    """A ratio as people read it; where next to nothing was expected its digits would say nothing."""
    return f"{LARGEST_RATIO}倍以上" if ratio > LARGEST_RATIO else f"{ratio:.1f}倍"


def chance(p_value: float) -> str:
    """A p-value as people read it."""
    return f"<{SMALLEST_SHOWN}" if p_value < float(SMALLEST_SHOWN) else f"{p_value:.4f}"


def reason_zh(
    *, days: int, observed: int, expected: float, ratio: float, weighted: int, severe: int, p_value: float, terms: Sequence[str]
) -> str:
    """Why, in Chinese."""
    sentence = (
        f"近{days}日{observed}件，预期{expected:.1f}件，为预期的{times(ratio)}；"
        f"无异常时出现这么多件的概率{chance(p_value)}；去重后{weighted}件"
    )
    if severe:
        sentence += f"，其中严重安全事件{severe}件"
    if terms:
        sentence += f"；突出词语：{'、'.join(terms[:5])}"
    return sentence + "。"


def reason_en(
    *, days: int, observed: int, expected: float, ratio: float, weighted: int, severe: int, p_value: float, terms: Sequence[str]
) -> str:
    """Why, in English."""
    sentence = (
        f"{observed} complaints in {days} days where {expected:.1f} were expected ({ratio:.3g} times as many; "
        f"chance if nothing were wrong {chance(p_value)}); {weighted} independent"
    )
    if severe:
        sentence += f", {severe} with a severe safety event"
    if terms:
        sentence += f"; telling words: {', '.join(terms[:5])}"
    return sentence + "."
