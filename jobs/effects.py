"""The consumer calendar as effects on counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.detection.effects import Effects, day_types
from warehouse.calendar import (
    covariate_effects,
    covariates,
    made_up_days,
    peak_effects,
    peaks,
    statutory_holidays,
)


def calendar_effects(
    starts: pd.DatetimeIndex, days: int, *, chinese: bool, holidays: pd.DatetimeIndex | None = None
) -> Effects:
    """Effects on periods of some days: the Chinese consumer calendar's if asked for, and on single days those of their kind.

    Args:
        starts: first days of the periods.
        days: days in a period; 7 for weeks, 1 for days.
        chinese: whether the Chinese consumer calendar matters.
        holidays: further days off.
    """
    off = starts.isin(holidays if holidays is not None else [])
    if chinese:
        off = off | statutory_holidays(starts)
    parts = (
        [day_types(starts, off, made_up_days(starts) if chinese else np.zeros(len(starts), dtype=bool))] if days == 1 else []
    )
    if holidays is not None and days > 1:
        within = [((holidays >= start) & (holidays < start + pd.Timedelta(days=days))).sum() / days for start in starts]
        parts.append((np.array(within)[:, None], ["holiday"]))
    if chinese:
        parts += [(covariates(starts, days), covariate_effects()), (peaks(starts, days), peak_effects(days))]
    return Effects.of(*parts) if parts else Effects.none(len(starts))
