"""Hotspots: listed and looked at; and the alarms of every detector."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jobs.commands.base import JsonOption, open_warehouse, parse_date
from jobs.output import print_json, print_summary, print_table
from reports.wording import DETECTORS_ZH, LEVELS_ZH, STATUS_ZH
from warehouse.errors import RadarError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

# What scripts rely on, in this order.
FIELDS = (
    "id", "level", "status", "subject", "first_date", "last_date", "observed", "expected", "ratio", "p_value", "q_value",
    "raw_count", "weighted_count", "complaint_ids", "reason",
)  # fmt: skip
RAW_FIELDS = (
    "as_of", "stream", "detector", "subject_key", "subject", "count_level", "series", "window_start", "last_date", "onset",
    "observed", "expected", "upper", "ratio", "p_value", "q_value", "expected_level", "season_factor", "calendar_factor",
    "weighted_count", "severe_count", "regions", "terms", "complaint_ids", "reason", "reason_en",
)  # fmt: skip


@app.command("list")
def list_alerts(
    date: Annotated[str | None, typer.Option("--date", help="Business date; the newest judged one if left out.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every hotspot ever seen, as it was last seen.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List hotspots, strongest first."""
    if date and every:
        raise RadarError("--date and --all exclude each other")
    as_of = parse_date(date) if date else None
    rows = [{name: row[name] for name in FIELDS} for row in _read(as_of, every)]
    if as_json:
        print_json(rows)
        return
    shown = [
        {
            "id": row["id"],
            "level": LEVELS_ZH[row["level"]],
            "status": STATUS_ZH[row["status"]],
            "subject": row["subject"],
            "observed": row["observed"],
            "expected": row["expected"],
            "q_value": row["q_value"],
            "days": f"{row['first_date']} – {row['last_date']}",
        }
        for row in rows
    ]
    print_table(shown, ["id", "level", "status", "subject", "observed", "expected", "q_value", "days"])


@app.command()
def raw(
    date: Annotated[str | None, typer.Option("--date", help="Business date; the newest judged one if left out.")] = None,
    detector: Annotated[
        str | None, typer.Option("--detector", help=f"Alarms of one detector: {', '.join(DETECTORS_ZH)}.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the alarms of every detector, the rarest first; hotspots are raised from those of counts."""
    if detector is not None and detector not in DETECTORS_ZH:
        raise RadarError(f"detector {detector} is not known; there are {', '.join(DETECTORS_ZH)}")
    as_of = parse_date(date) if date else None
    with open_warehouse(write=False) as warehouse:
        from jobs.alarm_rows import read_alarms

        rows = [{name: row[name] for name in RAW_FIELDS} for row in read_alarms(warehouse, as_of, detector)]
    if as_json:
        print_json(rows)
        return
    shown = [
        {
            "detector": DETECTORS_ZH[row["detector"]],
            "subject": row["subject"],
            "observed": row["observed"],
            "expected": row["expected"],
            "q_value": row["q_value"],
            "days": f"{row['window_start']} – {row['last_date']}",
        }
        for row in rows
    ]
    print_table(shown, ["detector", "subject", "observed", "expected", "q_value", "days"])


@app.command()
def show(id: Annotated[str, typer.Argument(help="Id of a hotspot.")], as_json: JsonOption = False) -> None:
    """Show a hotspot with all of its evidence, as it was last seen."""
    found = [row for row in _read(None, every=True) if row["id"] == id]
    if not found:
        raise RadarError(f"there is no hotspot {id}")
    if as_json:
        print_json(found[0])
    else:
        print_summary(found[0])


def _read(as_of: Any, every: bool) -> list[dict[str, Any]]:
    with open_warehouse(write=False) as warehouse:
        from jobs.hotspots import read_hotspots

        return read_hotspots(warehouse, as_of, every=every)
