"""The steps of the pipeline, one by one and all at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.base import (
    DateOption,
    InputOption,
    JsonOption,
    SourceOption,
    Stopwatch,
    StreamOption,
    invocation,
    open_warehouse,
    parse_date,
    parse_week,
    pick_stream,
)
from jobs.output import print_json, print_summary, progress
from reports.wording import LEVELS_ZH

if TYPE_CHECKING:
    from jobs.ledger import Load
    from jobs.pipeline import PipelineResult

DEMO_SEED = 12315


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (demo, run, ingest, refine, enrich, aggregate, detect, publish, notify, report):
        app.command()(command)


def demo(as_json: JsonOption = False) -> None:
    """Generate a small export with planted incidents and run the whole pipeline on it."""
    from simulator.generate import simulate
    from simulator.scenario import preset

    watch = Stopwatch()
    home = invocation.open_home()
    scenario = preset("demo")
    progress(f"simulate: complaints of {scenario.area}, {scenario.span.first} to {scenario.span.last}")
    simulated = simulate(scenario, DEMO_SEED, home.folder("landing", "demo"))
    result = _run("national_12315", [str(path) for path in simulated.files], scenario.span.last)
    _answer(_run_summary(result, watch), as_json, _for_people(result, watch))


def run(source: SourceOption, input: InputOption, date: DateOption, as_json: JsonOption = False) -> None:
    """Run all steps: ingest, refine, enrich, aggregate, detect, publish, notify."""
    watch = Stopwatch()
    result = _run(source, input, parse_date(date))
    _answer(_run_summary(result, watch), as_json, _for_people(result, watch))


def ingest(source: SourceOption, input: InputOption, date: DateOption, as_json: JsonOption = False) -> None:
    """Put landing files into bronze as they are, each content once."""
    from jobs.arrivals import ingest_arrivals, open_arrivals
    from warehouse.sources import mapping_of

    watch, as_of, mapping = Stopwatch(), parse_date(date), mapping_of(source)
    arrivals = open_arrivals(mapping, input)
    with open_warehouse(write=True) as warehouse:
        done = ingest_arrivals(warehouse, mapping, arrivals, as_of)
    summary = {
        "rows_in": sum(load.rows_in for load in done.new),
        "files_loaded": [load.file_name for load in done.new],
        "files_known": [_known(load) for load in done.known],
        "tables": ["bronze.complaints", "ops.loads"] if done.new else [],
        "seconds": watch.seconds,
    }
    _answer(summary, as_json)


def refine(as_json: JsonOption = False) -> None:
    """Type, mask and merge what was ingested; keep what breaks a rule, with every reason."""
    from jobs.refine import refine as step

    watch = Stopwatch()
    with open_warehouse(write=True) as warehouse:
        done = step(warehouse)
    summary = {
        "rows_in": sum(load.rows_in for load in done.loads),
        "accepted": sum(load.rows_accepted or 0 for load in done.loads),
        "rejected": sum(load.rows_rejected or 0 for load in done.loads),
        "tables": ["silver.complaints", "silver.rejected_complaints", "ops.loads"] if done.loads else [],
        "seconds": watch.seconds,
    }
    _answer(summary, as_json)
    if done.loads and not summary["accepted"]:
        raise typer.Exit(1)


def enrich(as_json: JsonOption = False) -> None:
    """Find words, product, issue, severity, place and respondent of new and changed complaints."""
    from jobs.enrich import enrich as step
    from jobs.judges import unfit_told

    watch = Stopwatch()
    for line in unfit_told(invocation.open_home()):
        progress(line)
    with open_warehouse(write=True) as warehouse:
        done = step(warehouse)
    tables = ["silver.complaint_profiles", "silver.complaint_links"]
    _answer({"complaints": done.complaints, "tables": tables, "seconds": watch.seconds}, as_json)


def aggregate(as_json: JsonOption = False) -> None:
    """Count complaints and words anew for the days that changed."""
    from jobs.aggregate import aggregate as step

    watch = Stopwatch()
    with open_warehouse(write=True) as warehouse:
        done = step(warehouse)
    summary = {
        "days": len(done.days),
        "first_day": done.days[0] if done.days else None,
        "last_day": done.days[-1] if done.days else None,
        "tables": ["gold.complaint_counts", "gold.term_counts", "ops.loads"] if done.days else [],
        "seconds": watch.seconds,
    }
    _answer(summary, as_json)


def detect(date: DateOption, stream: StreamOption = None, as_json: JsonOption = False) -> None:
    """Ask every detector as of a day and write the day's hotspots and alarms."""
    from jobs.detect import detect as step

    watch, as_of = Stopwatch(), parse_date(date)
    with open_warehouse(write=True) as warehouse:
        done = step(warehouse, pick_stream(warehouse, stream), as_of)
    summary = {
        "stream": done.stream,
        "date": as_of,
        "windows": done.windows,
        "series": done.series,
        "hotspots": len(done.hotspots),
        "alarms": len(done.alarms),
        "tables": ["gold.hotspots", "gold.alarms"],
        "seconds": watch.seconds,
    }
    _answer(summary, as_json)


def publish(date: DateOption, stream: StreamOption = None, as_json: JsonOption = False) -> None:
    """Write the report of the week that a day lies in, with what was known by that day."""
    from jobs.publish import publish as step

    watch, as_of = Stopwatch(), parse_date(date)
    with open_warehouse(write=True) as warehouse:
        done = step(warehouse, pick_stream(warehouse, stream), as_of)
    _answer({**done.files, "hotspots": len(done.figures.hotspots), "seconds": watch.seconds}, as_json)


def report(
    week: Annotated[str, typer.Option("--week", help="ISO week such as 2024-W13.")],
    stream: StreamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report of an ISO week; the paths by format."""
    from jobs.publish import last_judged
    from jobs.publish import publish as step

    watch, monday = Stopwatch(), parse_week(week)
    with open_warehouse(write=True) as warehouse:
        chosen = pick_stream(warehouse, stream)
        done = step(warehouse, chosen, last_judged(warehouse, chosen, monday))
    _answer({**done.files, "hotspots": len(done.figures.hotspots), "seconds": watch.seconds}, as_json)


def notify(date: DateOption, stream: StreamOption = None, as_json: JsonOption = False) -> None:
    """Mail the hotspots of a day, or lay the mails into the outbox where no server is configured."""
    from jobs.notify import notify as step
    from jobs.publish import report_path

    watch, as_of = Stopwatch(), parse_date(date)
    with open_warehouse(write=True) as warehouse:
        chosen = pick_stream(warehouse, stream)
        path = report_path(warehouse.home, chosen, as_of)
        done = step(warehouse, chosen, as_of, path if path.is_file() else None)
    _answer({"mails": done.files, "sent": done.sent, "seconds": watch.seconds}, as_json)


def _run(source: str, inputs: list[str], as_of: dt.date) -> PipelineResult:
    from jobs.arrivals import open_arrivals
    from jobs.pipeline import run_pipeline
    from warehouse.sources import mapping_of

    mapping = mapping_of(source)
    arrivals = open_arrivals(mapping, inputs)
    with open_warehouse(write=True) as warehouse:
        return run_pipeline(warehouse, mapping, arrivals, as_of, progress)


def _run_summary(result: PipelineResult, watch: Stopwatch) -> dict[str, Any]:
    return {
        "rows_in": result.rows_in,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "files_known": result.known,
        "hotspots": len(result.detected.hotspots),
        "report": result.published.files["html"],
        "mails": result.notified.files,
        "files_written": len(result.files),
        "seconds": watch.seconds,
    }


def _for_people(result: PipelineResult, watch: Stopwatch) -> dict[str, Any]:
    hotspots = result.detected.hotspots
    levels = [hotspot.level for hotspot in hotspots]
    by_level = " ".join(f"{zh}{levels.count(level)}" for level, zh in LEVELS_ZH.items() if level in levels)
    return {
        "rows in": result.rows_in,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "known files": result.known,
        "hotspots": f"{len(hotspots)} {f'({by_level})' if by_level else ''}".strip(),
        "": [f"{LEVELS_ZH[h.level]} {h.subject}：{h.reason}" for h in hotspots[:10]],
        "files written": len(result.files),
        "report": result.published.files["html"],
        "mails": result.notified.files,
        "seconds": watch.seconds,
    }


def _known(load: Load) -> str:
    return f"{load.file_name}: loaded before as {load.load_id} on {load.load_date}"


def _answer(summary: dict[str, Any], as_json: bool, for_people: dict[str, Any] | None = None) -> None:
    if as_json:
        print_json(summary)
    else:
        print_summary(for_people or {name: _shown(value) for name, value in summary.items()})


def _shown(value: Any) -> Any:
    return value.as_posix() if isinstance(value, Path) else value
