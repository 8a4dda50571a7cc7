"""Alerts scored against a world whose incidents are known.

An alert is one hotspot as of one day. It is *about* the incident that explains most of its excess. From that follow, for
every incident, whether and when it was found and how far up it stood in its week's list, and for all hotspots together
how many were about nothing real.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from models.levels import LEVELS

FOUND, MISSED, RAISED, QUIET, UNJUDGED = "found", "missed", "raised", "quiet", "unjudged"
ONSET_OUTSIDE, NO_COMPLAINTS = "onset_outside", "no_complaints"
# Kind of the false incidents that have days but no complaints of their own, and of alarms that no incident explains.
CALENDAR_PEAK, BACKGROUND = "calendar_peak", "background"
WEEK_DAYS = 7


@dataclass(frozen=True)
class Rules:
    """When an alert is about an incident, and which places in the list are reported.

    Attributes:
        excess_share: the incident's complaints are at least this share of the alert's excess over what was expected.
        minimum_complaints: and at least so many.
        tops: lengths of the list's top of which the share of incidents is reported.
    """

    excess_share: float
    minimum_complaints: float
    tops: tuple[int, ...]


@dataclass(frozen=True)
class Alert:
    """A hotspot as of a day.

    Attributes:
        as_of: business date.
        id: the hotspot's id.
        level: blue, yellow, orange or red.
        p_value: chance of as many complaints or more if nothing were wrong.
        observed: complaints in the window.
        expected: complaints expected in it.
        raw_count: complaints that the evidence was listed from.
        complaint_ids: the evidence, possibly only its first part.
        window_start: first day of the window; it ends on `as_of`.
        subject: what it is about.
    """

    as_of: dt.date
    id: str
    level: str
    p_value: float
    observed: int
    expected: float
    raw_count: int
    complaint_ids: tuple[str, ...]
    window_start: dt.date
    subject: str = ""

    @property
    def excess(self) -> float:
        return self.observed - self.expected

    @property
    def week(self) -> dt.date:
        """Monday of the ISO week whose list it stands in."""
        return self.as_of - dt.timedelta(days=self.as_of.weekday())

    @property
    def strength(self) -> tuple[int, float, float, str, dt.date]:
        """Sorts the strongest first: level, p-value, excess; ties by id and day."""
        return (-LEVELS.index(self.level), self.p_value, -self.excess, self.id, self.as_of)


@dataclass(frozen=True)
class Incident:
    """What was planted.

    Attributes:
        id: its name in the truth.
        kind: what sort of incident it is.
        real: whether a good system finds it; False for artefacts that it must not raise.
        onset: its first day.
        end: its last day.
        complaint_ids: complaints that belong to it.
        days: the days that those of them count for that are in the tables.
    """

    id: str
    kind: str
    real: bool
    onset: dt.date
    end: dt.date
    complaint_ids: frozenset[str]
    days: frozenset[dt.date]

    @property
    def is_peak(self) -> bool:
        """Whether it has days, but no complaints of its own."""
        return self.kind == CALENDAR_PEAK and not self.real


@dataclass(frozen=True)
class IncidentScore:
    """How an incident came out.

    Attributes:
        incident: the incident.
        outcome: a real one is `found` or `missed`, a false one `raised` or `quiet`; either may be `unjudged`.
        unjudged: why it was not judged: `onset_outside` the judged days, or `no_complaints` in any judged window.
        alert: the first alert about it, the strongest of its day; for a calendar peak the first false alarm in its days.
        rank: best place of an alert about it in the list of that week, 1 is the top.
        listed: length of that list.
        false_alarms: hotspot-weeks that are put down to it; 0 for real ones.
    """

    incident: Incident
    outcome: str
    unjudged: str | None
    alert: Alert | None
    rank: int | None
    listed: int | None
    false_alarms: int

    @property
    def delay(self) -> int | None:
        """Days from onset to the first alert."""
        return None if self.alert is None else (self.alert.as_of - self.incident.onset).days


@dataclass(frozen=True)
class Recall:
    """How the real incidents of one kind, or of all, came out; the figures are of the judged ones.

    Attributes:
        kind: the kind; None for all of them.
        judged: how many were judged.
        found: how many of them were found.
        unjudged: how many more there are that were not judged.
        median_delay: days from onset to the first alert, of those found; None where none was.
        top: share of the judged ones that stood in the top so many of the list of the week they were found in.
    """

    kind: str | None
    judged: int
    found: int
    unjudged: int
    median_delay: float | None
    top: Mapping[int, float | None]

    @property
    def recall(self) -> float | None:
        """Found among judged; None where none was judged."""
        return self.found / self.judged if self.judged else None


@dataclass(frozen=True)
class FalseAlarms:
    """Hotspot-weeks about nothing real that are put down to one kind of false incident, or to `background`."""

    kind: str
    count: int
    per_week: float


@dataclass(frozen=True)
class Score:
    """The outcome of a back-test.

    Attributes:
        weeks: weeks judged.
        incidents: every incident's outcome, real ones first, by onset.
        real: all real incidents together.
        kinds: the same by kind.
        hotspot_weeks: distinct pairs of hotspot and ISO week.
        true_hotspot_weeks: those of them with an alert about a real incident.
        false_alarms: the others, by what they are put down to; every false kind of the truth, and the background.
    """

    weeks: float
    incidents: tuple[IncidentScore, ...]
    real: Recall
    kinds: tuple[Recall, ...]
    hotspot_weeks: int
    true_hotspot_weeks: int
    false_alarms: tuple[FalseAlarms, ...]

    @property
    def precision(self) -> float | None:
        """Hotspot-weeks about a real incident among all; None where there is none."""
        return self.true_hotspot_weeks / self.hotspot_weeks if self.hotspot_weeks else None

    @property
    def false_count(self) -> int:
        return self.hotspot_weeks - self.true_hotspot_weeks

    @property
    def false_per_week(self) -> float:
        return self.false_count / self.weeks


def score(
    alerts: Iterable[Alert],
    incidents: Iterable[Incident],
    days: Collection[dt.date],
    *,
    window_days: int,
    every: int,
    rules: Rules,
) -> Score:
    """Score the alerts of the judged days.

    An incident is judged if its onset lies between the first and the last judged day and, unless it is a calendar peak,
    at least one of its complaints lies in a judged window. A hotspot that is listed in several ISO weeks counts in each.
    A judged day stands for the days since the judged one before it, for a week at most.

    Args:
        alerts: in any order; those of other days are not looked at.
        incidents: the truth.
        days: business dates judged, at least one.
        window_days: days of the window that ends on a judged day.
        every: days from one judged day to the next.
        rules: when an alert is about an incident.

    Raises:
        ValueError: no day was judged.
    """
    if not days:
        raise ValueError("no day was judged")
    judged = frozenset(days)
    listed = sorted({alert for alert in alerts if alert.as_of in judged}, key=lambda alert: alert.strength)
    known = sorted(incidents, key=lambda incident: (not incident.real, incident.onset, incident.id))
    topic = _topics(listed, known, rules)
    lists = _weekly_lists(listed)
    culprits = {key: _culprit(own, topic, known) for key, own in lists.items()}
    scores = tuple(_incident_score(incident, judged, window_days, topic, lists, culprits) for incident in known)
    weeks = len(judged) * min(every, WEEK_DAYS) / WEEK_DAYS
    false = [culprit for culprit in culprits.values() if culprit is None or not culprit.real]
    return Score(
        weeks=weeks,
        incidents=scores,
        real=_recall(None, scores, rules),
        kinds=tuple(_recall(kind, scores, rules) for kind in _kinds(known, real=True)),
        hotspot_weeks=len(culprits),
        true_hotspot_weeks=len(culprits) - len(false),
        false_alarms=_false_alarms(false, known, weeks),
    )


def about(alert: Alert, incidents: Sequence[Incident], rules: Rules) -> Incident | None:
    """The incident that explains most of an alert's excess, None where none explains enough of it.

    An incident's complaints in the window are estimated as its share of the listed evidence times the count it was listed
    from. Of two that explain as much, the real one is taken, then the first by id. An alert without excess is about
    nothing.
    """
    if alert.excess <= 0 or not alert.complaint_ids:
        return None
    scale = alert.raw_count / len(alert.complaint_ids)
    enough = max(rules.excess_share * alert.excess, rules.minimum_complaints)
    explained = [
        (-count, not incident.real, incident.id, incident)
        for incident in incidents
        if (count := scale * sum(key in incident.complaint_ids for key in alert.complaint_ids)) >= enough
    ]
    return min(explained, key=lambda entry: entry[:3])[3] if explained else None


# An alert's incident, and the alerts of a hotspot in a week, strongest first.
_Topics = Mapping[Alert, Incident | None]
_Lists = Mapping[tuple[dt.date, str], list[Alert]]


def _topics(alerts: Sequence[Alert], incidents: Sequence[Incident], rules: Rules) -> _Topics:
    return {alert: about(alert, incidents, rules) for alert in alerts}


def _weekly_lists(alerts: Sequence[Alert]) -> _Lists:
    """Alerts by week and hotspot; the hotspots of a week follow each other as in its list."""
    lists: dict[tuple[dt.date, str], list[Alert]] = defaultdict(list)
    for alert in alerts:
        lists[alert.week, alert.id].append(alert)
    return lists


def _culprit(own: Sequence[Alert], topic: _Topics, incidents: Sequence[Incident]) -> Incident | None:
    """What a hotspot is put down to in a week: a real incident before a false one before a calendar peak; else None."""
    topics = [found for alert in own if (found := topic[alert]) is not None]
    peaks = [incident for incident in incidents if incident.is_peak]
    touched = [peak for peak in peaks if any(_touches(alert, peak) for alert in own)]
    real = [incident for incident in topics if incident.real]
    return next(iter([*real, *topics, *touched]), None)


def _touches(alert: Alert, peak: Incident) -> bool:
    """Whether a day of the alert's window lies in the peak."""
    return alert.window_start <= peak.end and alert.as_of >= peak.onset


def _incident_score(
    incident: Incident,
    judged: frozenset[dt.date],
    window_days: int,
    topic: _Topics,
    lists: _Lists,
    culprits: Mapping[tuple[dt.date, str], Incident | None],
) -> IncidentScore:
    blamed = [key for key, culprit in culprits.items() if culprit is incident]
    false_alarms = 0 if incident.real else len(blamed)
    reason = _why_unjudged(incident, judged, window_days)
    if reason:
        return IncidentScore(incident, UNJUDGED, reason, None, None, None, false_alarms)
    if incident.real:
        own = [alert for alert, found in topic.items() if found is incident]
    elif incident.is_peak:
        own = [alert for key in blamed for alert in lists[key] if _touches(alert, incident)]
    else:
        # A hotspot that is also about something real that week is no false alarm.
        own = [alert for key in blamed for alert in lists[key] if topic[alert] is incident]
    if not own:
        return IncidentScore(incident, MISSED if incident.real else QUIET, None, None, None, None, false_alarms)
    first = min(own, key=lambda alert: (alert.as_of, alert.strength))
    week = [identity for monday, identity in lists if monday == first.week]
    rank = 1 + min(week.index(alert.id) for alert in own if alert.week == first.week)
    outcome = FOUND if incident.real else RAISED
    return IncidentScore(incident, outcome, None, first, rank, len(week), false_alarms)


def _why_unjudged(incident: Incident, judged: frozenset[dt.date], window_days: int) -> str | None:
    if not min(judged) <= incident.onset <= max(judged):
        return ONSET_OUTSIDE
    if incident.is_peak:
        return None
    windows = (day + dt.timedelta(days=ahead) for day in incident.days for ahead in range(window_days))
    return None if any(day in judged for day in windows) else NO_COMPLAINTS


def _kinds(incidents: Sequence[Incident], *, real: bool) -> list[str]:
    return sorted({incident.kind for incident in incidents if incident.real is real})


def _recall(kind: str | None, scores: Sequence[IncidentScore], rules: Rules) -> Recall:
    own = [score for score in scores if score.incident.real and kind in (None, score.incident.kind)]
    judged = [score for score in own if score.outcome != UNJUDGED]
    delays = [score.delay for score in judged if score.delay is not None]
    ranks = [score.rank for score in judged if score.rank is not None]
    return Recall(
        kind=kind,
        judged=len(judged),
        found=len(delays),
        unjudged=len(own) - len(judged),
        median_delay=float(median(delays)) if delays else None,
        top={top: sum(rank <= top for rank in ranks) / len(judged) if judged else None for top in rules.tops},
    )


def _false_alarms(culprits: Sequence[Incident | None], incidents: Sequence[Incident], weeks: float) -> tuple[FalseAlarms, ...]:
    counts = Counter(BACKGROUND if culprit is None else culprit.kind for culprit in culprits)
    kinds = [*_kinds(incidents, real=False), BACKGROUND]
    return tuple(FalseAlarms(kind, counts[kind], counts[kind] / weeks) for kind in kinds)
