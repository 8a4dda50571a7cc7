"""A finding into a hotspot: its identity, its age, its telling words and the reason in both languages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.reasons import Reason
from jobs.alarms import Finding, detector
from jobs.hotspots import Hotspot
from models.terms import leading_terms
from warehouse.thresholds import thresholds


def hotspot_of(stream: str, finding: Finding, usage: pd.DataFrame, alive: Mapping[str, dt.date]) -> Hotspot:
    """The row of `gold.hotspots` for a finding.

    Args:
        stream: the stream judged.
        finding: what was found.
        usage: words of its complaints and of the others of the window, columns `term`, `used`, `elsewhere`.
        alive: first dates of the hotspots that were alive before the day, by id.
    """
    limits = thresholds().evidence
    grid, alarm = finding.grid, finding.alarm
    identity = hashlib.sha256(f"{stream}|{alarm['level']}|{alarm['series']}".encode()).hexdigest()[:12]
    terms = leading_terms(usage, most=limits.terms, minimum=limits.term_minimum, score=limits.term_score)
    why = Reason(
        days=grid.days,
        observed=int(alarm["observed"]),
        expected=float(alarm["expected"]),
        weighted=int(alarm["weighted"]),
        severe=int(alarm["severe"]),
        p_value=float(alarm["p_value"]),
        terms=terms,
    )
    return Hotspot(
        as_of=grid.last_day,
        as_of_month=f"{grid.last_day:%Y-%m}",
        stream=stream,
        id=identity,
        level=alarm["grade"],
        status="ongoing" if identity in alive else "new",
        subject=finding.about,
        count_level=alarm["level"],
        series=alarm["series"],
        first_date=alive.get(identity, grid.last_day),
        last_date=grid.last_day,
        window_start=grid.window_start,
        observed=why.observed,
        expected=round(why.expected, 3),
        upper=float(alarm["upper"]),
        ratio=round(why.ratio, 3),
        p_value=why.p_value,
        q_value=float(alarm["q_value"]),
        method=detector().method(grid.count),
        rule=alarm["rule"],
        raw_count=len(finding.complaints),
        weighted_count=why.weighted,
        weighted_p_value=float(alarm["weighted_p"]),
        severe_count=why.severe,
        history=finding.history.astype(int).tolist(),
        history_expected=np.round(finding.expected, 3).tolist(),
        history_upper=finding.upper.tolist(),
        parts=finding.parts,
        terms=terms,
        complaint_ids=finding.complaints["complaint_id"].head(limits.complaint_ids).tolist(),
        reason=why.zh,
        reason_en=why.en,
    )
