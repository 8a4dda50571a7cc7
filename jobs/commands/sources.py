"""Source mappings: what there is, and which one fits a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation, parse_date
from jobs.output import print_json, print_summary, print_table

if TYPE_CHECKING:
    from jobs.source_check import SourceCheck

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
# Rows are read as if loaded on a day that no registration lies behind.
FAR = dt.date(2999, 12, 31)


@app.command("list")
def list_sources(as_json: JsonOption = False) -> None:
    """Show the mappings, a line each."""
    from warehouse.sources import mappings

    rows = [
        {
            "source": mapping.source,
            "title": f"{mapping.title.zh} ({mapping.title.en})",
            "stream": mapping.stream.id,
            "fields": len(mapping.fields),
            "database": mapping.database.table if mapping.database else "",
            "version": mapping.version,
        }
        for mapping in mappings().values()
    ]
    print_json(rows) if as_json else print_table(rows)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A landing file.")],
    source: Annotated[str | None, typer.Option("--source", help="Read it with this mapping, not the best fitting one.")] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows to look at, from the top.")] = 100_000,
    date: Annotated[str | None, typer.Option("--date", help="Business date that the load would have.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which mapping fits a file, what would be loaded and what is unmapped. No table is written."""
    from jobs.source_check import check as examine
    from jobs.source_check import open_file
    from warehouse.session import spark_session
    from warehouse.sources import mapping_of

    watch, as_of = Stopwatch(), parse_date(date) if date else FAR
    if source is not None:
        mapping_of(source)
    landing, home = open_file(file), invocation.open_home()
    with spark_session(home) as spark:
        found = examine(spark, landing, source, rows, home.state, as_of)
    if as_json:
        print_json({**asdict(found), "seconds": watch.seconds})
    else:
        _tell(found, watch)
    if found.source is None:
        raise typer.Exit(1)


def _tell(found: SourceCheck, watch: Stopwatch) -> None:
    from features.rules import rule_text

    print_table(
        [
            {
                "mapping": fit.source,
                "fits": "yes" if fit.fits else "no",
                "columns known": f"{fit.known_columns} of {fit.columns}",
                "why not": fit.why_not,
            }
            for fit in found.fits
        ]
    )
    summary = {"file": found.file, "format": " ".join(filter(None, (found.format, found.encoding))), "sheets": found.sheets}
    if found.source is None:
        print_summary({**summary, "": "no mapping fits; write one or add the missing alias to one (README, source mappings)"})
        return
    looked = f"{found.rows}" if found.all_rows else f"the first {found.rows}"
    print_summary(
        {
            **summary,
            "mapping": found.source,
            "rows": looked,
            "would be accepted": found.accepted,
            "would be rejected": found.rejected,
            "with warnings": found.warned,
            "days": f"{found.first_event_date} to {found.last_event_date}" if found.first_event_date else "—",
            "kinds": [f"{kind} {count}" for kind, count in found.kinds.items()],
            "rejected for": [f"{count} × {name} {rule_text(name)}" for name, count in found.reasons.items()],
            "warned for": [f"{count} × {name} {rule_text(name)}" for name, count in found.warnings.items()],
        }
    )
    print_table(
        [
            {"field": f.field, "说明": f.zh, "fed by": "、".join(f.columns) or "—", "read": f.read, "unreadable": f.unreadable}
            for f in found.fields
            if f.columns
        ]
    )
    print_summary(
        {
            "fields not fed": "、".join(f.field for f in found.fields if not f.columns) or "—",
            "unmapped columns": [f"{name} ({count} rows)" for name, count in found.unmapped.items()],
            "seconds": watch.seconds,
        }
    )
