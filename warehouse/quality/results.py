"""What a check found, without a cell of any row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from warehouse.checks import Strength

Outcome = Literal["passed", "failed", "unjudged"]
ALL_STREAMS = "all"


@dataclass(frozen=True)
class CheckResult:
    """A check of a table, evaluated.

    Attributes:
        table_name: the table.
        check_name: kind of the check, such as `not_null` or `volume`.
        subject: the column, level or name that tells checks of a kind apart; empty where there is one per table.
        stream: the stream that was looked at, `all` for checks of rows.
        strength: what a failure means.
        outcome: `unjudged` where there was too little to judge by.
        figure: what was measured, in the check's own unit; None where the check has none.
        threshold: what the figure is held against.
        violating: rows (days, sources, loads) that break the check.
        evaluated: how many of them were looked at.
        detail: all this in a Chinese sentence.
    """

    table_name: str
    check_name: str
    subject: str
    stream: str
    strength: Strength
    outcome: Outcome
    figure: float | None
    threshold: float | None
    violating: int
    evaluated: int
    detail: str

    @property
    def name(self) -> str:
        """The check and what it is about, for a message."""
        return f"{self.check_name} {self.subject}".strip()

    @property
    def stops(self) -> bool:
        return self.outcome == "failed" and self.strength == "stop"
