"""Worlds to try the pipeline on, and to test it against."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.base import JsonOption, Stopwatch, parse_date
from jobs.output import print_json, print_summary, progress_bar
from simulator.choices import ENCODINGS, FORMATS, LAYOUTS, PERIODS, presets
from warehouse.errors import RadarError

if TYPE_CHECKING:
    from simulator.scenario import Scenario

DEFAULT_SEED = 12315
PRESETS = "\n".join(f"  {name}: {about}" for name, about in presets().items())
HELP = f"""Write the exports of a simulated world of complaints, with planted incidents and the truth about them.

The world is calibrated to published figures of the 12315 hotline; merchants, brands and people are invented. The same preset,
options and seed give the same bytes. OUT gets one file per period (12315-2026-11-15.csv ...) and truth.json: which incidents
were planted, with their complaint numbers, and how many rows every loader must reject.

\b
Presets:
{PRESETS}

Example: radar simulate --preset city --from 2026-01-01 --format xlsx --by month --out exports
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(help=HELP)(simulate)


def simulate(
    out: Annotated[Path, typer.Option("--out", help="Folder to write into; made if need be.")],
    preset_name: Annotated[str, typer.Option("--preset", help=f"One of {', '.join(presets())}.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed is another world of the same kind.")] = DEFAULT_SEED,
    first: Annotated[str | None, typer.Option("--from", help="First day, yyyy-mm-dd, instead of the preset's.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day instead of the preset's; incidents move with it.")] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="全国, a province, a city or a county, such as 湖北省 or 杭州市西湖区.")
    ] = None,
    scale: Annotated[float | None, typer.Option("--scale", help="Factor of the preset's volume; 0.1 is a tenth.")] = None,
    by: Annotated[str | None, typer.Option("--by", help=f"What a file holds: {', '.join(PERIODS)}.")] = None,
    file_format: Annotated[str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}.")] = None,
    layout: Annotated[
        str | None,
        typer.Option("--layout", help=f"{' or '.join(LAYOUTS)}: with more fields, or the national platform's own 13 columns."),
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help=f"Of CSV: {', '.join(ENCODINGS)}.")] = None,
    consultations: Annotated[
        bool | None, typer.Option("--consultations/--no-consultations", help="Also export consultations (咨询).")
    ] = None,
    incidents: Annotated[bool, typer.Option("--incidents/--no-incidents", help="Plant the preset's incidents.")] = True,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; all cores if not given.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the exports of a simulated world; `HELP` is what the user reads."""
    from simulator.generate import simulate as write

    watch = Stopwatch()
    scenario = build_scenario(
        preset_name,
        first=_day(first),
        last=_day(last),
        area=area,
        scale=scale,
        by=by,
        format=file_format,
        layout=layout,
        encoding=encoding,
        consultations=consultations,
        incidents=incidents,
    )
    try:
        with progress_bar("simulate", "days") as told:
            done = write(scenario, seed, out, workers=workers, progress=told)
    except ValueError as error:
        raise RadarError(str(error)) from error
    summary = {
        "complaints": done.complaints,
        "rows": done.rows,
        "files": done.files if as_json else _few(done.files),
        "truth": done.truth,
        "seconds": watch.seconds,
    }
    print_json(summary) if as_json else print_summary(summary)


def build_scenario(name: str, **changes: object) -> Scenario:
    """A preset with changes.

    Raises:
        RadarError: there is no such preset, or a change is none that it takes.
    """
    from simulator.scenario import preset

    try:
        return preset(name, **changes)
    except ValueError as error:
        raise RadarError(str(error)) from error


def _day(text: str | None) -> dt.date | None:
    return parse_date(text) if text else None


def _few(files: list[Path], most: int = 3) -> list[str]:
    names = [path.as_posix() for path in files]
    return names if len(names) <= most + 1 else [*names[:most], f"… {len(names)} files in all"]
