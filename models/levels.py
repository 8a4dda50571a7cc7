"""The level of an alarm: blue, yellow, orange or red."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

LEVELS = ("blue", "yellow", "orange", "red")


class VolumeRule(Protocol):
    """What an alarm must reach for a level."""

    @property
    def level(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def p_value(self) -> float: ...
    @property
    def ratio(self) -> float: ...
    @property
    def observed(self) -> int: ...


class HarmRule(Protocol):
    """How many severe complaints lift an alarm to a level."""

    @property
    def level(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def severe_count(self) -> int: ...


def level_of(
    *,
    p_value: float,
    ratio: float,
    observed: int,
    severe_count: int,
    volume: Sequence[VolumeRule],
    harm: Sequence[HarmRule],
) -> tuple[str, str] | None:
    """Level and the rule that set it; None where no volume rule holds, however severe.

    The highest level wins; between rules of one level the volume rule is named.
    """
    reached = [
        (rule.level, rule.rule)
        for rule in volume
        if p_value <= rule.p_value and ratio >= rule.ratio and observed >= rule.observed
    ]
    if not reached:
        return None
    reached += [(rule.level, rule.rule) for rule in harm if severe_count >= rule.severe_count]
    return max(reached, key=lambda pair: LEVELS.index(pair[0]))
