"""The back-test: alerts beside the truth of a simulated world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.base import JsonOption, Stopwatch, StreamOption, open_warehouse, parse_date, pick_stream
from jobs.output import print_json, print_summary, print_table, progress

if TYPE_CHECKING:
    from reports.backtest_figures import BacktestFigures, IncidentRow

NOTHING = "—"
UNJUDGED_BECAUSE = {
    "onset_outside": "its onset lies outside the judged days",
    "no_complaints": "none of its complaints was judged",
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(backtest)


def backtest(
    truth: Annotated[Path, typer.Option("--truth", help="Truth file of the simulated world that was loaded.")],
    stream: StreamOption = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day to judge; four weeks before the first real onset if left out.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day to judge; the world's last if left out.")] = None,
    every: Annotated[int, typer.Option("--every", min=1, help="Judge every so many days, counted back from the last.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Score the alerts against a simulated world's truth: found or missed, days from onset, rank, false alarms."""
    from jobs.truth import read_truth

    watch, planted = Stopwatch(), read_truth(truth)
    begin, end = (parse_date(day) if day else None for day in (first, last))
    with open_warehouse(write=True) as warehouse:
        from jobs.backtest import backtest as step
        from jobs.backtest_report import document, figures_of, write_backtest

        chosen = pick_stream(warehouse, stream)
        done = step(warehouse, chosen, planted, progress, first=begin, last=end, every=every)
        figures = figures_of(done)
        files = write_backtest(warehouse.home, figures)
    run = {"judged_now": done.judged_now, **files, "seconds": watch.seconds}
    if as_json:
        print_json({**document(figures), **run})
        return
    print_table([_line(row) for row in figures.incidents if row.unjudged is None])
    print_summary({**_totals(figures), **run})


def _line(row: IncidentRow) -> dict[str, Any]:
    return {
        "incident": row.id,
        "kind": row.kind,
        "truth": "real" if row.real else "false",
        "outcome": row.outcome,
        "onset": row.onset,
        "alert": row.found or NOTHING,
        "days": NOTHING if row.delay_days is None else row.delay_days,
        "rank": NOTHING if row.rank is None else f"{row.rank}/{row.listed}",
        "level": row.level or NOTHING,
        "subject": row.subject or NOTHING,
    }


def _totals(figures: BacktestFigures) -> dict[str, Any]:
    real = figures.real
    tops = ", ".join(f"{top}: {_share(share)}" for top, share in real.top.items())
    unjudged = f", {real.unjudged} not judged" if real.unjudged else ""
    idle = f", {figures.unjudged_days} had too short a history" if figures.unjudged_days else ""
    return {
        "": "",
        "days": f"{figures.judged_days} judged, {figures.first_day} – {figures.last_day}{idle}",
        "found": f"{real.found} of {real.judged} real incidents ({_share(real.recall)}){unjudged}",
        "median delay": NOTHING if real.median_delay_days is None else f"{real.median_delay_days:g} days",
        "in the top": tops,
        "precision": f"{_share(figures.precision)} ({figures.true_hotspot_weeks} of {figures.hotspot_weeks} hotspot-weeks)",
        "false alarms": f"{figures.false_alarms}, {figures.false_alarms_per_week:.2f} a week",
        " by type": [f"{row.kind} {row.count} ({row.per_week:.2f} a week)" for row in figures.false_alarm_types],
        "not judged": _unjudged(figures),
    }


def _unjudged(figures: BacktestFigures) -> list[str]:
    """Each real incident that was not judged and why; of the others, such as the peaks of other years, how many."""
    real = [f"{row.id}: {UNJUDGED_BECAUSE[row.unjudged]}" for row in figures.incidents if row.real and row.unjudged]
    others = sum(row.unjudged is not None and not row.real for row in figures.incidents)
    return [*real, f"{others} of the misleading ones"] if others else real


def _share(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.0%}"
