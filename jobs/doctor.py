"""What this machine lacks, and how to mend it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from jobs.judges import trained_models, unfit_models
from jobs.notify import SMTP_VARIABLE
from reports.drawing import measuring_font
from warehouse import jars
from warehouse.calendar import known_until
from warehouse.errors import RadarError
from warehouse.home import DEFAULT_HOME, HASH_KEY_VARIABLE, Home
from warehouse.session import java_command, java_problem

GIGABYTE = 1 << 30
MEMORY_NEEDED = 4 * GIGABYTE
DISK_NEEDED = 2 * GIGABYTE


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    mend: str


def examine(home: str | None) -> list[Finding]:
    """Look at everything that a run needs; nothing is changed but that the home is made."""
    checks: list[Callable[[], Finding]] = [
        _java, _jars, _fonts, _memory, lambda: _home(home), lambda: _classifiers(home), _key, _mail, _calendar,
    ]  # fmt: skip
    return [check() for check in checks]


def _finding(what: str, problem: str | None, found: str, mend: str) -> Finding:
    return Finding(what, problem is None, problem or found, "" if problem is None else mend)


def _java() -> Finding:
    mend = "install OpenJDK 17 or later (Debian, Ubuntu: apt-get install openjdk-17-jre-headless) or set JAVA_HOME"
    return _finding("Java", java_problem(), java_command() or "", mend)


def _jars() -> Finding:
    wrong = jars.problems(jars.locked(), jars.folder())
    found = f"{len(jars.locked())} in {jars.folder()}"
    return _finding("locked JARs", wrong[0] if wrong else None, found, "radar jars fetch")


def _fonts() -> Finding:
    font = measuring_font()
    mend = "install a Chinese font (Debian, Ubuntu: apt-get install fonts-noto-cjk)"
    return _finding("Chinese font", None if font else "none", font or "", mend)


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = f"{total / GIGABYTE:.1f} GB"
    problem = f"{found}, {MEMORY_NEEDED // GIGABYTE} GB are needed" if total < MEMORY_NEEDED else None
    return _finding("memory", problem, found, "use a machine with more memory, or lower spark.driver.memory")


def _home(folder: str | None) -> Finding:
    mend = "name a folder that this user may write to with RADAR_HOME or --home"
    try:
        home = Home.at(folder)
    except RadarError as error:
        return Finding("RADAR_HOME", False, str(error), mend)
    free = shutil.disk_usage(home.root).free
    problem = f"{home.root}: {free / GIGABYTE:.1f} GB free" if free < DISK_NEEDED else None
    default = f" (the default, ./{DEFAULT_HOME})" if not folder and "RADAR_HOME" not in os.environ else ""
    return _finding("RADAR_HOME", problem, f"{home.root}{default}", "free some disk space")


def _classifiers(folder: str | None) -> Finding:
    mend = "train them anew with radar train --date; until then words judge in their place"
    try:
        home = Home.at(folder)
        unfit, trained = unfit_models(home), trained_models(home)
    except RadarError as error:
        return Finding("classifiers", False, str(error), "mend what is named")
    problem = "; ".join(f"{name}: {', '.join(reasons)}" for name, reasons in unfit.items())
    return _finding("classifiers", problem or None, ", ".join(trained) or "none trained, words judge", mend)


def _key() -> Finding:
    configured = HASH_KEY_VARIABLE in os.environ
    return Finding("hash key", True, f"from {HASH_KEY_VARIABLE}" if configured else "made and kept in the home", "")


def _mail() -> Finding:
    return Finding("mail", True, f"by {SMTP_VARIABLE}" if SMTP_VARIABLE in os.environ else "into the outbox folder", "")


def _calendar() -> Finding:
    until = known_until()
    # The one check that is about the day it runs on.
    problem = f"statutory holidays known until {until} only" if until < dt.date.today() else None
    return _finding("calendar", problem, f"statutory holidays known until {until}", "update the chinesecalendar package")
