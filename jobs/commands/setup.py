"""What a machine needs, and what is missing."""

from __future__ import annotations

import typer

from jobs.commands.base import JsonOption, Stopwatch, invocation
from jobs.output import print_json, print_summary, print_table

jars_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(doctor)
    app.add_typer(jars_app, name="jars", help="The locked JARs in this environment.")


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
