"""What a machine needs, what is missing, and a world to try it on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation
from jobs.output import print_json, print_summary, print_table
from warehouse.errors import RadarError

jars_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(simulate)
    app.command()(doctor)
    app.add_typer(jars_app, name="jars", help="Delta Lake's JARs in this environment.")


def simulate(
    out: Annotated[Path, typer.Option("--out", help="Folder to write the export into.")],
    preset: Annotated[str, typer.Option("--preset", help="Which world: demo.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 12315,
    as_json: JsonOption = False,
) -> None:
    """Generate a complaint export with planted incidents and the truth about them."""
    from simulator.presets import PRESETS, write_preset

    if preset not in PRESETS:
        raise RadarError(f"preset {preset} is not known; there are {', '.join(PRESETS)}")
    watch = Stopwatch()
    done = write_preset(preset, seed, out)
    summary = {"rows": done.rows, "files": done.files, "truth": done.truth, "seconds": watch.seconds}
    print_json(summary) if as_json else print_summary(summary)


def doctor(as_json: JsonOption = False) -> None:
    """Tell what is missing on this machine and how to mend it."""
    from jobs.doctor import examine

    findings = examine(invocation.home)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        print_table([{"": "ok" if f.ok else "!!", "what": f.what, "found": f.found, "mend": f.mend} for f in findings])
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@jars_app.command()
def fetch(as_json: JsonOption = False) -> None:
    """Resolve the locked JARs once, check their hashes and keep them; offline ever after."""
    from warehouse import jars

    watch = Stopwatch()
    summary = {"folder": jars.fetch(), "jars": len(jars.locked()), "seconds": watch.seconds}
    print_json(summary) if as_json else print_summary(summary)


@jars_app.command()
def check(as_json: JsonOption = False) -> None:
    """Check that every locked JAR is there with its hash."""
    from warehouse import jars

    wrong = jars.problems(jars.locked(), jars.folder())
    summary = {"folder": jars.folder(), "problems": wrong}
    print_json(summary) if as_json else print_summary(summary)
    if wrong:
        raise typer.Exit(1)
