"""What an office does now and then: bring rejected rows in, remove raw rows, hand out counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.base import DateOption, JsonOption, Stopwatch, StreamOption, open_warehouse, parse_date, pick_stream
from jobs.output import print_json, print_summary


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("retry-rejected")(retry_rejected)
    app.command()(maintain)
    app.command()(export)


def retry_rejected(
    source: Annotated[str | None, typer.Option("--source", help="Loads of this source only.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Refine the loads again that have rejected rows, with the mapping and rules of today; `enrich` and `aggregate` follow."""
    from jobs.refine import retry_rejected as step
    from warehouse.sources import mapping_of

    watch = Stopwatch()
    if source is not None:
        mapping_of(source)
    with open_warehouse(write=True) as warehouse:
        retried = step(warehouse, source)
    summary = {
        "loads": len(retried.loads),
        "rejected_before": retried.rejected_before,
        "rejected_now": sum(load.rows_rejected or 0 for load in retried.loads),
        "raw_rows_gone": [load.file_name for load in retried.gone],
        "tables": ["silver.complaints", "silver.complaint_versions", "silver.rejected_complaints", "ops.loads"]
        if retried.loads
        else [],
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


def maintain(date: DateOption, as_json: JsonOption = False) -> None:
    """Remove raw rows whose time is over from bronze (warehouse/reference/privacy.yml)."""
    from jobs.retention import purge_raw_rows

    watch, as_of = Stopwatch(), parse_date(date)
    with open_warehouse(write=True) as warehouse:
        done = purge_raw_rows(warehouse, as_of)
    summary = {
        "loads_purged": len(done.loads),
        "raw_rows_removed": done.rows,
        "tables": ["bronze.complaints", "ops.loads"] if done.loads else [],
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


def export(
    out: Annotated[Path, typer.Option("--out", help="File to write, .csv or .xlsx.")],
    level: Annotated[str, typer.Option("--level", help="Level of warehouse/reference/count_levels.yml, such as city_product.")],
    first: Annotated[str, typer.Option("--from", help="First day, yyyy-mm-dd.")],
    last: Annotated[str, typer.Option("--to", help="Last day.")],
    by: Annotated[str, typer.Option("--by", help="day, week or month.")] = "week",
    stream: StreamOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write counts that may leave the house: figures that stand for too few complaints are withheld."""
    from jobs.export import export_counts

    watch, span = Stopwatch(), (parse_date(first), parse_date(last))
    with open_warehouse(write=False) as warehouse:
        done = export_counts(warehouse, pick_stream(warehouse, stream), level, by, span, out)
    summary = {
        "file": done.path,
        "rows": done.rows,
        "withheld": done.withheld,
        "smallest_cell": done.smallest_cell,
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)
