"""Statutory time limits: by when a complaint or report must be accepted, mediated, told and checked (`deadlines.yml`).

The regime in force on the day of receipt rules all limits of a matter. The law has no rule for matters received under Order 20
(until 2026-04-14) that are accepted under Order 121; taking the day of receipt for them too is this project's reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from warehouse.calendar import ONE_DAY
from warehouse.files import reference_yaml
from warehouse.strict import Name, Sentence, Strict
from warehouse.working_days import add_working_days, first_day_outside_holidays, first_working_day, working_days_between

COMPLAINT, REPORT = "投诉", "举报"
ACCEPTED, REFUSED = "受理", "不予受理"
NO_LIMIT, NO_REGIME, NOT_STARTED, CALENDAR_UNKNOWN = "no_limit", "no_regime", "not_started", "calendar_unknown"
UNKNOWN = "unknown"
# Matters, and single limits, whose answer stays in memory: those of years, at some megabytes.
REMEMBERED = 1 << 16

DueName = Literal["accept_due", "mediate_due", "notice_due", "clue_check_due", "clue_check_extended_due"]
Colour = Literal["red", "orange", "yellow", "blue"]


@dataclass(frozen=True, slots=True)
class Due:
    """A due date and the rule that it follows from, or why there is none.

    Attributes:
        date: the last day of the limit.
        rule: id of the limit in `deadlines.yml`; None where there is no limit.
        article: law and article, in Chinese; None where there is no limit.
        reason: None beside a date; else `no_limit` (none is set for such a matter), `no_regime` (received before the first
            regime that is known), `not_started` (the day that it runs from is not known) or `calendar_unknown` (the holidays of
            its last days are not known).
    """

    date: dt.date | None
    rule: str | None = None
    article: str | None = None
    reason: str | None = None


WITHOUT_LIMIT, WITHOUT_REGIME = Due(None, reason=NO_LIMIT), Due(None, reason=NO_REGIME)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All limits of one matter.

    Attributes:
        regime: id of the regime in `deadlines.yml`; None before the first one known.
        accept_due: decide on acceptance and tell the complainant.
        mediate_due: reach an agreement; without one mediation ends.
        notice_due: tell both sides that mediation ended; of reports, tell the informer whether a case is opened.
        clue_check_due: check the clue of a violation.
        clue_check_extended_due: the same once an extension is approved.
        running: the limit that the matter stands under now; None where it is refused or ended, or has none.
    """

    regime: str | None
    accept_due: Due
    mediate_due: Due
    notice_due: Due
    clue_check_due: Due
    clue_check_extended_due: Due
    running: Due | None


@lru_cache(REMEMBERED)
def deadlines(
    kind: str,
    registered: dt.date,
    accepted: dt.date | None,
    decision: str | None,
    *,
    ended: dt.date | None = None,
    clue_found: dt.date | None = None,
) -> Deadlines:
    """The statutory limits of a matter.

    Args:
        kind: 投诉, 举报 or 咨询; the last, and any other, has no limits.
        registered: day of receipt, Asia/Shanghai. All dates are dates, not datetimes.
        accepted: day of the decision to accept.
        decision: 受理, 不予受理, or None before the first check.
        ended: day of the decision to end mediation; of reports, of the decision whether to open a case.
        clue_found: day on which mediation brought a violation to light.
    """
    regime = _regime(registered)
    starts = {"registered": registered, "accepted": accepted, "ended": ended, "clue_found": clue_found}

    def due(name: DueName) -> Due:
        if regime is None:
            return WITHOUT_REGIME
        limit = regime.by_kind.get((kind, name))
        return _due(regime.id, kind, name, starts[limit.starts]) if limit else WITHOUT_LIMIT

    accept, check = due("accept_due"), due("clue_check_due")
    mediate = WITHOUT_LIMIT if regime and decision == REFUSED else due("mediate_due")
    running = None
    if regime and ended is None and decision != REFUSED:
        running = {COMPLAINT: mediate if accepted or decision == ACCEPTED else accept, REPORT: check}.get(kind)
    extended = due("clue_check_extended_due")
    return Deadlines(regime.id if regime else None, accept, mediate, due("notice_due"), check, extended, running)


@lru_cache(REMEMBERED)
def due_state(due: dt.date | None, today: dt.date) -> str | None:
    """How near a due date is, for a matter that is still open.

    Returns:
        `overdue` after the day, else the nearest state of `deadlines.yml` that holds; None where the day is further off or
        there is none; `unknown` where only holidays that are not known would tell.
    """
    if due is None:
        return None
    table = _table()
    if due < today:
        return table.overdue.state
    left = working_days_between(today, due)
    # There are never more working days than days, so what the days already tell is certain.
    known = (due - today).days if left is None else left
    state = next((rule.state for rule in table.near if known <= rule.within), None)
    return UNKNOWN if state is None and left is None else state


def due_levels() -> dict[str, str]:
    """The alert level of each state that `due_state` gives, but `unknown`."""
    table = _table()
    return {rule.state: rule.level for rule in (table.overdue, *table.near)}


class Limit(Strict):
    """See `deadlines.yml`."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9-]+$")]
    due: DueName
    kind: Literal["投诉", "举报"]
    starts: Literal["registered", "accepted", "ended", "clue_found"]
    working_days: Annotated[int, Field(ge=1)] | None = None
    days: Annotated[int, Field(ge=1)] | None = None
    law: Sentence | None = None
    article: Sentence

    @model_validator(mode="after")
    def _one_length(self) -> Limit:
        if (self.working_days is None) == (self.days is None):
            raise ValueError(f"{self.id}: either working_days or days")
        return self


class Regime(Strict):
    """See `deadlines.yml`; both days are days in force."""

    id: Name
    zh: Sentence
    first: Annotated[dt.date, Field(alias="from")]
    last: Annotated[dt.date | None, Field(alias="to")]
    limits: list[Limit]

    @model_validator(mode="after")
    def _one_of_each(self) -> Regime:
        if len({(limit.kind, limit.due) for limit in self.limits}) < len(self.limits):
            raise ValueError(f"{self.id}: two limits for the same due date")
        return self

    @cached_property
    def by_kind(self) -> dict[tuple[str, str], Limit]:
        """The limits by kind of matter and due date."""
        return {(limit.kind, limit.due): limit for limit in self.limits}


class OverdueRule(Strict):
    """See `deadlines.yml`."""

    state: Name
    level: Colour
    zh: Sentence


class NearRule(OverdueRule):
    """See `deadlines.yml`."""

    within: Annotated[int, Field(ge=0)]


class DeadlineTable(Strict):
    """`deadlines.yml`; see there for what each figure means."""

    version: int
    rolls_over: Literal["rest_days", "statutory_holidays"]
    unsettled_from: Annotated[str, Field(pattern=r"^12-\d\d$")]
    regimes: Annotated[list[Regime], Field(min_length=1)]
    overdue: OverdueRule
    near: list[NearRule]

    @model_validator(mode="after")
    def _in_order(self) -> DeadlineTable:
        for earlier, later in zip(self.regimes, self.regimes[1:], strict=False):
            if earlier.last is None or earlier.last + ONE_DAY != later.first:
                raise ValueError(f"{later.id} must begin the day after {earlier.id} ends")
        if [rule.within for rule in self.near] != sorted({rule.within for rule in self.near}):
            raise ValueError("near: the nearest first")
        return self


@cache
def _table() -> DeadlineTable:
    return DeadlineTable.model_validate(reference_yaml("deadlines"))


@lru_cache(REMEMBERED)
def _regime(received: dt.date) -> Regime | None:
    regimes = _table().regimes
    return next((regime for regime in regimes if regime.first <= received <= (regime.last or dt.date.max)), None)


@lru_cache(REMEMBERED)
def _due(regime_id: str, kind: str, name: str, start: dt.date | None) -> Due:
    regime = next(regime for regime in _table().regimes if regime.id == regime_id)
    limit = regime.by_kind[kind, name]
    article = f"{limit.law or regime.zh}{limit.article}"
    if start is None:
        return Due(None, limit.id, article, NOT_STARTED)
    date = _last_day(limit, start)
    return Due(date, limit.id, article, None if date else CALENDAR_UNKNOWN)


def _last_day(limit: Limit, start: dt.date) -> dt.date | None:
    if limit.working_days:
        return add_working_days(start, limit.working_days)
    if limit.days is None or (dt.date.max - start).days < limit.days:
        return None
    moved: Callable[[dt.date], dt.date | None] = (
        first_working_day if _table().rolls_over == "rest_days" else first_day_outside_holidays
    )
    return moved(start + limit.days * ONE_DAY)
