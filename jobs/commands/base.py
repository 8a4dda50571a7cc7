"""What all commands share: the home, the session, dates, JSON, errors."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.output import print_json, progress_console
from warehouse.errors import RadarError
from warehouse.home import Home

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
DateOption = Annotated[str, typer.Option("--date", help="Business date, yyyy-mm-dd.")]
SourceOption = Annotated[str, typer.Option("--source", help="Source mapping, a file of warehouse/sources/.")]
StreamOption = Annotated[
    str | None, typer.Option("--stream", help="Stream to look at; may be left out where there is only one.")
]
InputOption = Annotated[list[str], typer.Option("--input", help="Landing file, folder or glob; may be repeated.")]


@dataclass
class Invocation:
    """What was said before the command."""

    home: str | None = None

    def open_home(self) -> Home:
        return Home.at(self.home)


invocation = Invocation()


@contextmanager
def open_warehouse(*, write: bool) -> Iterator[Warehouse]:
    """The tables of the home; a writing command waits for the one before it."""
    from contextlib import nullcontext

    from warehouse.session import spark_session
    from warehouse.storage import Warehouse

    home = invocation.open_home()
    with home.lock() if write else nullcontext(), spark_session(home) as spark:
        yield Warehouse(spark, home)


def parse_date(text: str) -> dt.date:
    """A business date.

    Raises:
        RadarError: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RadarError(f"{text!r} is no date of the form yyyy-mm-dd") from None


def parse_week(text: str) -> dt.date:
    """The Monday of an ISO week such as 2024-W13.

    Raises:
        RadarError: it is none.
    """
    try:
        return dt.date.fromisoformat(f"{text}-1")
    except ValueError:
        raise RadarError(f"{text!r} is no ISO week of the form 2024-W13") from None


def pick_stream(warehouse: Warehouse, wanted: str | None) -> str:
    """The stream asked for, or the only one that was ever loaded.

    Raises:
        RadarError: it is not known, nothing was loaded, or there are several to choose from.
    """
    from jobs.ledger import loads
    from warehouse.sources import streams

    if wanted is not None:
        if wanted not in streams():
            raise RadarError(f"stream {wanted} is not known; there are {', '.join(sorted(streams()))}")
        return wanted
    found = sorted({load.stream for load in loads(warehouse)})
    if len(found) == 1:
        return found[0]
    if not found:
        raise RadarError(f"nothing was loaded into {warehouse.home.root} yet")
    raise RadarError(f"several streams were loaded; choose one with --stream: {', '.join(found)}")


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._start, 1)


def fail(message: str) -> int:
    """One clear line on stderr, and where JSON was asked for the same as a document on stdout; the exit code."""
    line = " ".join(message.split())
    progress_console.print(f"radar: {line}", markup=False, soft_wrap=True)
    if "--json" in sys.argv:
        print_json({"error": line})
    return 1
