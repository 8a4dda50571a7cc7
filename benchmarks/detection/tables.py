"""Scores as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from benchmarks.detection.calendar_alarms import EventAlarms
from benchmarks.detection.discovery import Discoveries
from benchmarks.detection.labelled_outbreaks import LabelledScores
from benchmarks.detection.recall_leads import Leads
from benchmarks.detection.scoring import Figure, Scores


def score_table(title: str, scores: Sequence[Scores], period: str) -> Table:
    """A row per method; shares in percent with their standard errors.

    Args:
        title: what was measured.
        scores: of the methods, all with own alarms or all at a matched rate.
        period: `week` or `day`.
    """
    table = Table(title=title, title_justify="left")
    table.add_column("method")
    for name in ("FPR %", "worst scenario %", "POD %", f"POD first {period} %", "sensitivity %", "timeliness", "ms"):
        table.add_column(name, justify="right")
    for one in scores:
        worst, number = one.worst_scenario
        table.add_row(
            one.method,
            percent(one.false_positive_rate),
            f"{100 * worst:.2f} (no. {number})",
            percent(one.detection),
            percent(one.first_period),
            percent(one.sensitivity),
            f"{one.timeliness.value:.3f} ± {one.timeliness.error:.3f}",
            "–" if one.milliseconds != one.milliseconds else f"{one.milliseconds:.3f}",
        )
    return table


def size_table(title: str, scores: Sequence[Scores]) -> Table:
    """Probability of detection by size of the outbreak, in percent."""
    table = Table(title=title, title_justify="left")
    table.add_column("method")
    sizes = sorted({k for one in scores for k in one.by_k})
    for k in sizes:
        table.add_column(f"k={k}", justify="right")
    for one in scores:
        table.add_row(one.method, *(f"{100 * one.by_k[k]:.1f}" if k in one.by_k else "–" for k in sizes))
    return table


def discovery_table(title: str, found: Sequence[Discoveries]) -> Table:
    """What is discovered among many series a week."""
    table = Table(title=title, title_justify="left")
    table.add_column("method")
    for name in ("false discoveries %", "a week, on average %", "outbreaks discovered %", "discoveries a week"):
        table.add_column(name, justify="right")
    for one in found:
        shares = (one.false_share, one.false_share_a_week, one.detection)
        table.add_row(one.method, *(f"{100 * share:.1f}" for share in shares), f"{one.discoveries:.1f}")
    return table


def labelled_table(title: str, scores: Sequence[LabelledScores]) -> Table:
    """Real series with labelled outbreaks."""
    table = Table(title=title, title_justify="left")
    for name in ("method", "alarms", "FPR %", "sensitivity %", "episodes found"):
        table.add_column(name, justify="left" if name in ("method", "alarms") else "right")
    for one in scores:
        table.add_row(
            one.method,
            rate_name(one.rate),
            f"{100 * one.false_positive_rate:.2f}",
            f"{100 * one.sensitivity:.1f}",
            f"{one.found} of {one.episodes}",
        )
    return table


def lead_table(title: str, found: Sequence[Leads]) -> Table:
    """Alerts before recalls."""
    table = Table(title=title, title_justify="left")
    for name in ("method", "alarms", "window", "recalls", "early %", "by chance %", "median lead, weeks", "false alarms %"):
        table.add_column(name, justify="left" if name in ("method", "alarms") else "right")
    for one in found:
        table.add_row(
            one.method,
            rate_name(one.rate),
            f"{one.window} weeks",
            str(one.recalls),
            f"{100 * one.early:.1f}",
            f"{100 * one.by_chance:.1f}",
            "–" if one.median_lead is None else f"{one.median_lead:.0f}",
            f"{100 * one.false_alarms:.2f}",
        )
    return table


def event_table(title: str, found: Sequence[EventAlarms]) -> Table:
    """Alarms in the weeks of calendar events and in others."""
    table = Table(title=title, title_justify="left")
    for name in ("method", "by", "level", "series", *found[0].shares):
        table.add_column(name, justify="right" if name == "series" or name in found[0].shares else "left")
    for one in found:
        cells = ["–" if share is None else f"{one.alarms[name]} ({100 * share:.2f} %)" for name, share in one.shares.items()]
        table.add_row(one.method, one.frequency, one.level, str(one.series), *cells)
    return table


def percent(figure: Figure) -> str:
    """A share with its standard error."""
    return f"{100 * figure.value:.2f} ± {100 * figure.error:.2f}"


def rate_name(rate: float | None) -> str:
    """What alarms are meant."""
    return "own" if rate is None else f"at {100 * rate:g} % FPR"
