"""The consumer calendar as effects on counts."""

from __future__ import annotations

import pandas as pd

from models.detection.effects import Effects, weekdays
from warehouse.calendar import covariate_effects, covariates, peak_effects, peaks


def calendar_effects(starts: pd.DatetimeIndex, days: int, *, chinese: bool) -> Effects:
    """Effects on periods of some days: the Chinese consumer calendar's if asked for, and the weekday's on single days.

    Args:
        starts: first days of the periods.
        days: days in a period; 7 for weeks, 1 for days.
        chinese: whether the Chinese consumer calendar matters.
    """
    parts = [weekdays(starts)] if days == 1 else []
    if chinese:
        parts += [(covariates(starts, days), covariate_effects()), (peaks(starts, days), peak_effects())]
    return Effects.of(*parts) if parts else Effects.none(len(starts))
