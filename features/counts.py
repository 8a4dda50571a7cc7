"""Complaints counted by day on every level, and words by day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.severity import SEVERE
from warehouse.contracts import contract_of
from warehouse.files import reference_yaml

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

COUNTED_KINDS = ("投诉", "举报")
DAY = ("event_date", "event_month", "stream")
# Who cut the texts, and all that judged them.
VERSIONS = ("lexicon_version", "judged_by")


# A sum of weights does not depend on their order that far.
WEIGHT_DIGITS = 6
# Columns of profiles that counting needs of a complaint.
COUNTED_COLUMNS = (
    "source", "complaint_id", "kind", "channel", "product_l1", "product_l2", "product_label", "issue_l1", "issue_label",
    "province", "city", "merchant", "brand", "model", "severity", "tokens", "filer_identity", "text_identity",
    *DAY, *VERSIONS,
)  # fmt: skip


@dataclass(frozen=True)
class CountLevel:
    """A level of counting: the dimensions whose every combination is a series.

    Attributes:
        level: its name.
        dimensions: what it counts by.
        zh: its name in reports.
        detect: whether its series are judged.
        parent: the level of some of the dimensions whose series have the season that these are drawn to; None for the total.
    """

    level: str
    dimensions: tuple[str, ...]
    zh: str
    detect: bool = False
    parent: str | None = None


@cache
def count_levels() -> dict[str, CountLevel]:
    """The levels of `count_levels.yml` by name."""
    rows = reference_yaml("count_levels")
    return {row["level"]: CountLevel(**{**row, "dimensions": tuple(row["dimensions"])}) for row in rows}


def all_dimensions() -> list[str]:
    """Every dimension that some level uses, in the order of the contract of the counts."""
    used = {dimension for level in count_levels().values() for dimension in level.dimensions}
    return [name for name in contract_of("gold.complaint_counts").column_names if name in used]


def complaint_counts(profiles: DataFrame) -> DataFrame:
    """Rows of `gold.complaint_counts` for the days of the profiles given; these must be whole days, with their `weight`."""
    dimensions = all_dimensions()
    levels = list(count_levels().values())
    counted = profiles.filter(F.col("kind").isin(*COUNTED_KINDS))
    # One pass over the complaints: a level is a grouping set, told by which of the dimensions it leaves out.
    sets = [[*DAY, *VERSIONS, *level.dimensions] for level in levels]
    grouped = counted.groupingSets(sets, *DAY, *VERSIONS, *dimensions).agg(
        F.grouping_id().alias("grouping"),
        F.count(F.lit(1)).alias("raw_count"),
        F.round(F.sum("weight"), WEIGHT_DIGITS).alias("weighted_count"),
        F.sum((F.col("severity") >= SEVERE).cast("bigint")).alias("severe_count"),
    )
    return (
        grouped.withColumn("level", F.coalesce(*(_named(level, dimensions) for level in levels)))
        .filter(F.col("level").isNotNull())
        .withColumn("series", series_name(dimensions))
        .select(contract_of("gold.complaint_counts").column_names)
    )


def series_name(dimensions: list[str]) -> Column:
    """`name=value|name=value` of the dimensions that are not null; `all` where none is.

    A bar within a value is written wide, so that no value can pass for two dimensions.
    """
    parts = F.concat_ws("|", *(F.concat(F.lit(f"{name}="), F.translate(name, "|", "｜")) for name in dimensions))
    return F.when(parts == "", F.lit("all")).otherwise(parts)


def term_counts(profiles: DataFrame) -> DataFrame:
    """Rows of `gold.term_counts` for the days of the profiles given; these must be whole days."""
    words = profiles.filter(F.col("kind").isin(*COUNTED_KINDS)).select(
        *DAY, "product_l1", *VERSIONS, F.explode(F.array_distinct("tokens")).alias("term")
    )
    counts = words.groupBy(*DAY, "product_l1", "term", *VERSIONS).agg(F.count(F.lit(1)).alias("complaint_count"))
    return counts.select(contract_of("gold.term_counts").column_names)


def _named(level: CountLevel, dimensions: list[str]) -> Column:
    """The level's name on its own rows that have a value for each of its dimensions."""
    condition = F.col("grouping") == _grouping_id(level, dimensions)
    for dimension in level.dimensions:
        condition = condition & F.col(dimension).isNotNull()
    return F.when(condition, F.lit(level.level))


def _grouping_id(level: CountLevel, dimensions: list[str]) -> int:
    """Spark's `grouping_id()` of the level: a bit per grouped column, set where the level leaves it out."""
    bits = "".join("0" if name in level.dimensions else "1" for name in dimensions)
    return int(bits, 2)
