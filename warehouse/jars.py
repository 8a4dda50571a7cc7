"""Spark's further JARs, Delta Lake and PostgreSQL's driver: resolved once, their hashes checked, offline ever after."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import RadarError
from warehouse.files import ROOT

FOLDER_VARIABLE = "RADAR_JARS"


@dataclass(frozen=True)
class Jar:
    """A locked JAR: Maven coordinates `group:artifact:version` and the SHA-256 of the file."""

    coordinates: str
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinates.split(":")
        return f"{artifact}-{version}.jar"


def folder() -> Path:
    """Where the JARs lie: `$RADAR_JARS`, else a folder of this Python environment."""
    return Path(os.environ.get(FOLDER_VARIABLE) or Path(sys.prefix) / "share" / "complaint-radar" / "jars")


def locked() -> list[Jar]:
    """The JARs that `warehouse/jars.lock` names."""
    lines = (ROOT / "jars.lock").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return [Jar(coordinates, sha256) for sha256, coordinates in pairs]


def problems(jars: list[Jar], where: Path) -> list[str]:
    """What is wrong with the JARs in a folder; empty when every one is there and has its locked hash."""
    found = []
    for jar in jars:
        path = where / jar.file_name
        if not path.is_file():
            found.append(f"{jar.file_name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != jar.sha256:
            found.append(f"{jar.file_name} has another hash than warehouse/jars.lock")
    return found


def class_path() -> str:
    """The class path entry for driver and executors.

    Raises:
        RadarError: a JAR is missing or not the locked one.
    """
    where = folder()
    wrong = problems(locked(), where)
    if wrong:
        raise RadarError(f"the locked JARs in {where}: {wrong[0]}; run `radar jars fetch`")
    return os.pathsep.join(str(where / jar.file_name) for jar in locked())


def fetch() -> Path:
    """Resolve the locked JARs with Spark's own resolver, check them and put them in place.

    The resolver's repositories and mirrors are Spark's (`spark.jars.ivySettings`), so an office with its own
    repository configures Spark, not this project. Returns the folder; does nothing where it is already complete.

    Raises:
        RadarError: a JAR cannot be had, or what came is not what the lock names.
    """
    where, jars = folder(), locked()
    if not problems(jars, where):
        return where
    with tempfile.TemporaryDirectory(prefix="radar-jars-") as scratch:
        arrived = Path(scratch) / "arrived"
        arrived.mkdir()
        for jar, path in zip(jars, _resolve(jars, Path(scratch) / "ivy"), strict=True):
            shutil.copy(path, arrived / jar.file_name)
        wrong = problems(jars, arrived)
        if wrong:
            raise RadarError(f"resolved Delta Lake JARs are not the locked ones: {wrong[0]}")
        where.mkdir(parents=True, exist_ok=True)
        for jar in jars:
            shutil.copy(arrived / jar.file_name, where / jar.file_name)
    return where


def _resolve(jars: list[Jar], cache: Path) -> list[Path]:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]")
        .appName("radar jars")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.jars.ivy", str(cache))
        .getOrCreate()
    )
    try:
        for jar in jars:
            # The rest of Delta's dependencies ship with PySpark in newer versions; resolving them would shadow those.
            spark.sql(f"ADD JAR ivy://{jar.coordinates}?transitive=false")
    except PySparkException as error:
        raise RadarError(f"{jar.coordinates} cannot be resolved: {str(error).splitlines()[0]}") from error
    finally:
        spark.stop()
    return [next((cache / "jars").glob(f"*_{jar.file_name}")) for jar in jars]
