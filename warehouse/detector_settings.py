"""What each detector looks at, as typed records; the figures stand in `alert_thresholds.yml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from warehouse.strict import Strict

Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, lt=1)]
Levels = Annotated[list[str], Field(min_length=1)]
# A level, and dimensions of it.
SplitLevels = Annotated[dict[str, list[str]], Field(min_length=1)]


class DriftSettings(Strict):
    """Slow rises."""

    levels: Levels
    windows: Positive
    minimum_windows: Positive
    largest_window: Share
    minimum_baseline: Positive
    minimum_observed: Positive


class ShareSettings(Strict):
    """Disproportional shares; a level and the dimensions that are the columns of its table."""

    levels: SplitLevels
    baseline_windows: Positive
    growth_weight: Annotated[float, Field(gt=0)]
    minimum_observed: Positive


class ClusterSettings(Strict):
    """Neighbouring cities; a level and the one that counts it by city."""

    levels: Annotated[dict[str, str], Field(min_length=1)]
    study_days: Positive
    max_days: Positive
    radius_km: Annotated[float, Field(gt=0)]
    max_share: Share
    minimum_cities: Positive
    minimum_observed: Positive
    most_clusters: Positive
    first_permutations: Annotated[int, Field(ge=2)]
    first_p_value: Share
    permutations: Annotated[int, Field(ge=2)]
    seed: int


class TermSettings(Strict):
    """Emerging words; the levels are `total` and `product_class`, by which words are counted."""

    levels: Levels
    baseline_windows: Positive
    minimum_baseline: Positive
    minimum_observed: Positive
    same_complaints: Share


class SevereSettings(Strict):
    """Severe safety events; a level and the dimensions that make the category of its series."""

    levels: SplitLevels
    baseline_windows: Positive
    minimum_baseline: Positive
    category_weight: Annotated[float, Field(gt=0)]
    minimum_observed: Positive


class DetectorSettings(Strict):
    """Every detector but that of counts, whose figures stand at the top of the file."""

    drift: DriftSettings
    share: ShareSettings
    cluster: ClusterSettings
    term: TermSettings
    severe: SevereSettings
