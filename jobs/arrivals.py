"""What is to be loaded: landing files and databases, as the inputs of a command name them."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.landing import LandingFile, find_files

if TYPE_CHECKING:
    from jobs.ingest import Ingested
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

SCHEME = "jdbc:"


@dataclass(frozen=True)
class Arrivals:
    """Landing files, read through and checked, and addresses of databases."""

    files: list[LandingFile]
    databases: list[str]


def open_arrivals(mapping: SourceMapping, inputs: Sequence[str]) -> Arrivals:
    """What inputs name: all files are checked, so that a bad one leaves no table half-way.

    Args:
        mapping: the source's mapping.
        inputs: files, folders, globs, or `jdbc:…` addresses.

    Raises:
        RadarError: a file is missing, empty, unreadable, or lacks a column that the mapping requires.
    """
    patterns = [name for name in inputs if not name.startswith(SCHEME)]
    files = [LandingFile.open(path, mapping.columns) for pattern in patterns for path in find_files(pattern)]
    fitting = [replace(file, sheets=mapping.fitting(file)) for file in files]
    return Arrivals(fitting, [name for name in inputs if name.startswith(SCHEME)])


def ingest_arrivals(warehouse: Warehouse, mapping: SourceMapping, arrivals: Arrivals, load_date: dt.date) -> Ingested:
    """Put arrivals into bronze; an extract is kept in the home until it is there.

    Raises:
        RadarError: a file cannot be cut into rows, or a database refuses.
    """
    from jobs.database import extract
    from jobs.ingest import Ingested, ingest

    done = ingest(warehouse, mapping, arrivals.files, load_date)
    new, known = list(done.new), list(done.known)
    for url in arrivals.databases:
        with tempfile.TemporaryDirectory(dir=warehouse.home.state, prefix="staging-") as folder:
            done = ingest(warehouse, mapping, extract(warehouse, mapping, url, Path(folder)), load_date)
        new, known = new + done.new, known + done.known
    return Ingested(new, known)
