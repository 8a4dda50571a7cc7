"""Many tests a day: the false discovery rate."""

from __future__ import annotations

import numpy as np
from scipy import stats

from models.detection.predictive import Array


def q_values(p_values: Array) -> Array:
    """Benjamini-Hochberg adjusted p-values (Benjamini & Hochberg 1995), `n_tests`; NaN stays NaN and is no test."""
    q = np.full(p_values.shape, np.nan)
    tested = ~np.isnan(p_values)
    if tested.any():
        q[tested] = stats.false_discovery_control(p_values[tested], method="bh")
    return q
