"""Versions of a complaint: which rows are new ones, which is the newest, and which days a newest one changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.sources import DERIVED, IDENTIFIERS, SILVER

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

KEY = ("source", "complaint_id")
# Which version of a complaint is the newer one: what the source says, then the order of arrival.
ORDER = ("version_at", "load_sequence", "row_number")
BEFORE = "event_date_before"


def told_columns() -> list[str]:
    """The columns of silver that say what the source says of a complaint."""
    names = contract_of(SILVER).column_names
    return [name for name in names if name not in DERIVED or name in IDENTIFIERS.values()]


def with_version_hash(rows: DataFrame) -> DataFrame:
    """The rows with the hash by which the same version is known again."""
    return rows.withColumn("version_hash", hash_of(*map(F.col, told_columns())))


def hash_of(*values: Column) -> Column:
    """A hash of values in their order. Spark's own passes over nulls, so that a value hashes alike one column further on."""
    return F.xxhash64(*(part for value in values for part in (value.isNull(), value)))


def changing(accepted: DataFrame, earlier: DataFrame) -> DataFrame:
    """The accepted rows that say something else than the version before them, with a flag `newest`.

    The version before is the one before it in the order of arrival among those of the same complaint and `version_at`: a
    source that does not tell when it changed something may change it back.

    Args:
        accepted: rows of silver with their `version_hash`.
        earlier: versions that other loads brought (`silver.complaint_versions`).

    Returns:
        Of `accepted` the rows that are new versions. `newest` marks the newest new version of each complaint.
    """
    marks = [*KEY, *ORDER, "version_hash"]
    known = earlier.join(accepted.select(*KEY).distinct(), list(KEY), "left_semi").select(*marks)
    # One partitioning by complaint serves both windows, so the rows are shuffled once.
    arrival = Window.partitionBy(*KEY).orderBy(*ORDER)
    newest_first = Window.partitionBy(*KEY).orderBy(*(F.col(name).desc() for name in ORDER))
    same = (F.lag("version_hash").over(arrival) == F.col("version_hash")) & (
        F.lag("version_at").over(arrival) == F.col("version_at")
    )
    together = accepted.withColumn("arrives", F.lit(True)).unionByName(known, allowMissingColumns=True)
    return (
        together.withColumn("repeats", F.coalesce(same, F.lit(False)))
        .filter(F.col("arrives") & ~F.col("repeats"))
        .withColumn("newest", F.row_number().over(newest_first) == 1)
        .drop("arrives", "repeats")
    )


def winners(versions: DataFrame, silver: DataFrame) -> DataFrame:
    """The new versions that are to stand in silver, with the event date of the version that they replace.

    Args:
        versions: what `changing` gives.
        silver: `silver.complaints` as it stands.

    A version that is older than the one in silver wins nothing, however late it arrives.
    """
    standing = silver.select(*KEY, *(F.col(name).alias(f"{name}_before") for name in (*ORDER, "event_date")))
    wins = F.lit(True)
    for name in reversed(ORDER):
        new, old = F.col(name), F.col(f"{name}_before")
        wins = (new > old) | ((new == old) & wins)
    found = versions.filter("newest").join(standing, list(KEY), "left")
    return found.filter(F.coalesce(wins, F.lit(True))).drop(*(f"{name}_before" for name in ORDER))


def touched_days(newest: DataFrame) -> DataFrame:
    """`load_id`, `day`: the days whose counts each load changes, those of the replaced versions among them."""
    now, before = (newest.select("load_id", F.col(name).alias("day")) for name in ("event_date", BEFORE))
    return now.union(before).filter(F.col("day").isNotNull()).distinct()
