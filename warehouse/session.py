"""The one place where a Spark session is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import jars
from warehouse.errors import RadarError
from warehouse.files import ROOT, read_yaml
from warehouse.home import Home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TIME_ZONE = "Asia/Shanghai"
PROFILE_VARIABLE = "RADAR_SPARK"
JAVA_MINIMUM = 17
# What PySpark reports failing queries to: pages of JSON on stderr, beside the error that is raised anyway.
QUERY_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def java_command() -> str | None:
    """The `java` that Spark would start, or None."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def java_problem() -> str | None:
    """Why Spark cannot start on this machine's Java, or None where it can."""
    java = java_command()
    if java is None:
        return "Java is missing; install OpenJDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jre-headless)"
    probe = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=False)
    modules = {line.split("@")[0]: line.partition("@")[2] for line in probe.stdout.splitlines()}
    version = modules.get("java.base", "").split(".")[0]
    if not version.isdigit() or int(version) < JAVA_MINIMUM:
        return f"{java} is older than Java {JAVA_MINIMUM}"
    if "jdk.incubator.vector" not in modules:
        return f"{java} lacks the module jdk.incubator.vector, without which Spark does not start; use a full OpenJDK 17"
    return None


def _options(home: Home) -> dict[str, str]:
    profile = os.environ.get(PROFILE_VARIABLE, "local")
    path = ROOT / "config" / f"{profile}.yml"
    if not path.is_file():
        raise RadarError(f"{PROFILE_VARIABLE}={profile}: there is no warehouse/config/{profile}.yml")
    class_path = jars.class_path()
    options = read_yaml(path)
    java_options = "spark.driver.extraJavaOptions"
    options[java_options] = (
        f"{options.get(java_options, '')} -Dlog4j2.configurationFile={ROOT / 'config' / 'log4j2.properties'}"
    )
    return {
        "spark.driver.extraClassPath": class_path,
        "spark.executor.extraClassPath": class_path,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": TIME_ZONE,
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.warehouse.dir": str(home.state / "spark-warehouse"),
        "spark.local.dir": str(home.folder("state", "spark-scratch")),
        **options,
    }


@contextmanager
def spark_session(home: Home, name: str = "complaint-radar") -> Iterator[SparkSession]:
    """A Spark session with Delta for the tables under `home`, stopped at the end.

    Options come from `warehouse/config/<profile>.yml`, where `$RADAR_SPARK` names the profile (`local` by default).

    Raises:
        RadarError: Java or the locked JARs are missing, or the profile does not exist.
    """
    options = _options(home)
    problem = java_problem()
    if problem:
        raise RadarError(problem)
    # Without it every UDF worker starts whichever `python3` comes first on PATH.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "spark.driver.host" in options:
        os.environ.setdefault("SPARK_LOCAL_IP", options["spark.driver.host"])
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    for logger in QUERY_LOGGERS:
        PySparkLogger.getLogger(logger).disabled = True
    builder = SparkSession.builder.appName(name)
    for key, value in options.items():
        builder = builder.config(key, str(value))
    session = builder.getOrCreate()
    # Delta's VACUUM prints to the JVM's standard output, which is this process's own and belongs to the answer.
    jvm = session.sparkContext._jvm
    assert jvm is not None
    jvm.java.lang.System.setOut(jvm.java.lang.System.err)
    try:
        yield session
    finally:
        session.stop()
