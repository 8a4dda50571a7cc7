"""Signals into alarms: their complaints looked up, held to those that are independent, and told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from features.alarm_reasons import AlarmReason
from features.evidence import independent_count, membership
from features.regions import region_name
from features.severity import SEVERE
from features.subjects import dimensions_of, merchant_names, subject
from jobs.alarm_rows import Alarm
from jobs.detectors.severe import SEVERE as SEVERE_DETECTOR
from jobs.detectors.signals import Signal
from warehouse.thresholds import thresholds

# Complaints that use a word, by word: their source and id.
TermUsers = Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class _Shown:
    """A signal with its complaints of the judged window, the most severe and newest first."""

    signal: Signal
    complaints: pd.DataFrame
    independent: int

    @property
    def keys(self) -> set[tuple[str, str]]:
        return set(zip(self.complaints["source"], self.complaints["complaint_id"], strict=True))


def alarms_of(
    stream: str, as_of: dt.date, signals: Sequence[Signal], complaints: pd.DataFrame, users: TermUsers
) -> list[Alarm]:
    """Rows of `gold.alarms` for the signals of a day.

    Args:
        stream: the stream judged.
        as_of: the business date.
        signals: of all detectors.
        complaints: those of the judged window, as `features.evidence` gives them.
        users: by emerging word the complaints that use it.
    """
    members = membership(complaints, [(signal.count_level, signal.series) for signal in signals])
    shown = []
    for i, signal in enumerate(signals):
        evidence = _evidence(signal, complaints.iloc[members[[i]].indices].sort_index(), users)
        independent = independent_count(evidence)
        if signal.recheck is None or signal.recheck.passes(signal.observed, independent):
            shown.append(_Shown(signal, evidence, independent))
    names = merchant_names(complaints)
    return [_alarm(stream, as_of, one, names) for one in _joined(shown)]


def _evidence(signal: Signal, complaints: pd.DataFrame, users: TermUsers) -> pd.DataFrame:
    """Which complaints of its series a signal is about."""
    if signal.detector == SEVERE_DETECTOR:
        return complaints[complaints["severity"] >= SEVERE]
    if signal.regions:
        late = complaints["event_date"] >= signal.window_start
        return complaints[complaints["city"].isin(signal.regions) & late]
    if signal.terms:
        wanted = users.get(signal.terms[0], frozenset())
        keys = zip(complaints["source"], complaints["complaint_id"], strict=True)
        return complaints[[key in wanted for key in keys]]
    return complaints


def _joined(shown: list[_Shown]) -> list[_Shown]:
    """Emerging words of the same complaints become one alarm, told by the rarest of them; all else stays as it is."""
    rest = [one for one in shown if not one.signal.terms]
    words = [one for one in shown if one.signal.terms]
    words.sort(key=lambda one: (one.signal.p_value, -one.signal.ratio, one.signal.subject_key))
    leading: list[_Shown] = []
    for one in words:
        own = one.keys
        for place, leader in enumerate(leading):
            if len(own & leader.keys) >= thresholds().detectors.term.same_complaints * len(own):
                leading[place] = replace(leader, signal=_with_terms(leader.signal, one.signal.terms))
                break
        else:
            leading.append(one)
    return [*rest, *leading]


def _with_terms(signal: Signal, terms: tuple[str, ...]) -> Signal:
    """The signal with further words, as many as are shown; a word is told once."""
    return replace(signal, terms=tuple(dict.fromkeys((*signal.terms, *terms)))[: thresholds().evidence.terms])


def _alarm(stream: str, as_of: dt.date, one: _Shown, names: Mapping[str, str]) -> Alarm:
    signal = one.signal
    places = [region_name(code) for code in signal.regions]
    why = AlarmReason(
        detector=signal.detector,
        first=signal.window_start,
        last=signal.last_date,
        observed=signal.observed,
        expected=signal.expected,
        p_value=signal.p_value,
        factors=signal.factors,
        places=places,
        words=signal.terms,
    )
    level, season, calendar = signal.factors or (None, None, None)
    about = subject(dimensions_of(signal.series), names)
    return Alarm(
        as_of=as_of,
        as_of_month=f"{as_of:%Y-%m}",
        stream=stream,
        detector=signal.detector,
        subject_key=signal.subject_key,
        subject=" ".join(["、".join(places) or about, *([about] if places else []), *signal.terms[:1]]),
        count_level=signal.count_level,
        series=signal.series,
        window_start=signal.window_start,
        last_date=signal.last_date,
        onset=signal.onset,
        observed=signal.observed,
        expected=signal.expected,
        upper=signal.upper,
        ratio=signal.ratio,
        p_value=signal.p_value,
        q_value=signal.q_value,
        expected_level=level,
        season_factor=season,
        calendar_factor=calendar,
        weighted_count=one.independent,
        severe_count=int((one.complaints["severity"] >= SEVERE).sum()),
        regions=list(signal.regions),
        terms=list(signal.terms),
        complaint_ids=one.complaints["complaint_id"].head(thresholds().evidence.complaint_ids).tolist(),
        reason=why.zh,
        reason_en=why.en,
    )
