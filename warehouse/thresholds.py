"""The reviewed thresholds of the early warning, as a typed record."""

from __future__ import annotations

from functools import cache

from pydantic import model_validator

from warehouse.contracts import Strict
from warehouse.detector_settings import DetectorSettings
from warehouse.files import reference_yaml


class LevelRule(Strict):
    """A level and all that an alarm must reach for it: p-value at most, ratio and count at least."""

    level: str
    rule: str
    p_value: float
    ratio: float
    observed: int


class SevereRule(Strict):
    """A level that an alarm is lifted to when so many of its complaints are severe."""

    level: str
    rule: str
    severe_count: int


class Evidence(Strict):
    """How much of the evidence a hotspot carries along."""

    complaint_ids: int
    terms: int
    term_minimum: int
    term_score: float
    history_windows: int


class Thresholds(Strict):
    """`alert_thresholds.yml`; see there for what each figure means."""

    version: int
    window_days: int
    lookback_windows: int
    seasonal_windows: int
    short_windows: int
    short_minimum: int
    false_discovery_rate: float
    minimum_observed: int
    minimum_weighted: int
    minimum_observed_by_level: dict[str, int]
    levels: list[LevelRule]
    severe: list[SevereRule]
    evidence: Evidence
    detectors: DetectorSettings

    @model_validator(mode="after")
    def _clusters_lie_in_the_window(self) -> Thresholds:
        # The complaints of the judged window are what alarms show.
        if self.detectors.cluster.max_days > self.window_days:
            raise ValueError("a cluster cannot be older than the judged window")
        return self

    def minimum(self, count_level: str) -> int:
        """Complaints below which a series of the level is no hotspot."""
        return self.minimum_observed_by_level.get(count_level, self.minimum_observed)


@cache
def thresholds() -> Thresholds:
    """The thresholds in force."""
    return Thresholds.model_validate(reference_yaml("alert_thresholds"))
