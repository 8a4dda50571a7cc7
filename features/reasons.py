"""Why a hotspot was raised, as one plain sentence in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

def chance(p_value: float) -> str:
    """A p-value as people read it."""
    return "<0.0001" if p_value < 0.0001 else f"{p_value:.4f}"


def reason_zh(
    *, days: int, observed: int, expected: float, ratio: float, weighted: int, severe: int, p_value: float, terms: Sequence[str]
) -> str:
    """Why, in Chinese."""
    sentence = (
        f"近{days}日{observed}件，预期{expected:.1f}件，为预期的{ratio:.1f}倍；"
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
        f"{observed} complaints in {days} days where {expected:.1f} were expected ({ratio:.1f} times as many; "
        f"chance if nothing were wrong {chance(p_value)}); {weighted} independent"
    )
    if severe:
        sentence += f", {severe} with a severe safety event"
    if terms:
        sentence += f"; telling words: {', '.join(terms[:5])}"
    return sentence + "."
