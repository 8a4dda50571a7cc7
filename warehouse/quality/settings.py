"""The reviewed settings of the quality gate and of reporting completeness, as typed records."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from warehouse.checks import Count, Days, Share
from warehouse.files import reference_yaml
from warehouse.strict import Strict


class CompletenessSettings(Strict):
    """How reporting completeness is estimated; see `quality.yml`."""

    newest_days: Days
    history_days: Days
    horizon_days: Days
    min_complaints: Count
    confidence: Annotated[float, Field(gt=0, lt=1)]
    complete_at: Share
    comparable_at: Share


class QualitySettings(Strict):
    """`quality.yml`; see there for what each figure means."""

    version: int
    documented_dates: Count
    completeness: CompletenessSettings


@cache
def quality_settings() -> QualitySettings:
    """The settings in force."""
    return QualitySettings.model_validate(reference_yaml("quality"))
