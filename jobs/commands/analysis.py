"""Doors for analysts: SQL over the tables, any table of counts judged, any text masked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.commands.base import JsonOption, Stopwatch, open_warehouse
from jobs.output import print_json, print_summary, print_table
from warehouse.errors import RadarError


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(sql)
    app.command("detect-series")(detect_series)
    app.command()(mask)


def sql(
    query: Annotated[str, typer.Argument(help="A query over the tables, such as SELECT … FROM gold.hotspots.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows shown at the most.")] = 1000,
    as_json: JsonOption = False,
) -> None:
    """Query the tables."""
    from jobs.query import select

    with open_warehouse(write=False) as warehouse:
        rows = select(warehouse, query, limit)
    if as_json:
        print_json(rows)
    else:
        print_table(rows)


def detect_series(
    input: Annotated[Path, typer.Option("--input", help="CSV with series_id, period, count; a period left out had none.")],
    output: Annotated[Path, typer.Option("--output", help="CSV to write.")],
    freq: Annotated[str, typer.Option("--freq", help="week (periods are Mondays) or day.")],
    calendar: Annotated[str, typer.Option("--calendar", help="cn: the Chinese consumer calendar; none.")] = "none",
    last: Annotated[int, typer.Option("--last", min=1, help="How many of the newest periods to judge.")] = 1,
    alpha: Annotated[float, typer.Option("--alpha", min=0.0, max=1.0, help="An alarm is a p-value at or below.")] = 0.01,
    holidays: Annotated[Path | None, typer.Option("--holidays", help="Text file of further days off, one date a line.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add columns level, season, calendar, whose product is what is expected.")
    ] = False,
    method: Annotated[str, typer.Option("--method", help="auto: what the history allows; EARS C1, C2, C3.")] = "auto",
    on_spark: Annotated[
        bool, typer.Option("--spark", help="Judge on Spark: input a folder of CSV or Parquet, output a new one of Parquet.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Judge any table of counts; without Spark, unless there are too many series for one machine."""
    from jobs.detect_series import AUTOMATIC, judge_file

    watch = Stopwatch()
    if on_spark:
        if method != AUTOMATIC:
            raise RadarError(f"--method {method} is not there with --spark")
        from jobs.detect_folder import judge_folder

        options: dict[str, Any] = {"chinese_calendar": calendar, "holidays": holidays, "explain": explain}
        with open_warehouse(write=False) as warehouse:
            judged = judge_folder(warehouse.spark, input, output, freq, last=last, alpha=alpha, **options)
        judged |= {"output": str(output), "seconds": watch.seconds}
        print_json(judged) if as_json else print_summary(judged)
        return
    scores = judge_file(
        input, freq, chinese_calendar=calendar, last=last, alpha=alpha, holidays=holidays, explain=explain, method=method
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    scores.to_csv(output, index=False)
    summary = {
        "series": int(scores["series_id"].nunique()),
        "periods": int(scores["period"].nunique()),
        "alarms": int(scores["alarm"].sum()),
        "output": str(output),
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


def mask() -> None:
    """Mask personal data in the lines of stdin."""
    from features.masking import mask as masked

    for line in sys.stdin:
        sys.stdout.write(masked(line))
