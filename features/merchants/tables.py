"""Profiles into the names that respondents were told by, and names into merchants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from features.merchants.keys import KEY_FIELDS, SEPARATOR
from warehouse.contracts import contract_of

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

NAMES = "silver.merchant_names"
MERCHANTS = "silver.merchants"
# What a row of the names is of.
SPELLING = ("event_month", "merchant_key", "name")
FIGURES = ("complaints", "first_date", "last_date")
TOLD = ("event_month", "event_date", "merchant_key", "merchant_name")
CODE = "^[0-9A-Z]{18}$"


def names_told(profiles: DataFrame) -> DataFrame:
    """Every name and key by month, with its `complaints`, `first_date` and `last_date`, from the columns `TOLD`."""
    named = profiles.filter(F.col("merchant_key").isNotNull()).withColumn("name", F.coalesce("merchant_name", F.lit("")))
    return named.groupBy(*SPELLING).agg(
        F.count(F.lit(1)).alias("complaints"), F.min("event_date").alias("first_date"), F.max("event_date").alias("last_date")
    )


def key_field(name: str) -> Column:
    """A field of the column `merchant_key`; empty texts as they are."""
    return F.split_part("merchant_key", F.lit(SEPARATOR), F.lit(KEY_FIELDS.index(name) + 1))


def observations(names: DataFrame) -> DataFrame:
    """What `features.merchants.assign` looks at: `merchant_key`, its fields, and `complaints` over all months."""
    sums = names.groupBy("merchant_key").agg(F.sum("complaints").alias("complaints")).filter(F.col("complaints") > 0)
    return sums.withColumns({name: key_field(name) for name in KEY_FIELDS})


def described(names: DataFrame, rules_version: str) -> DataFrame:
    """Rows of `silver.merchant_names`, from `SPELLING`, `FIGURES`, `merchant`, `basis` and `counted_as`."""
    told = {name: F.nullif(key_field(name), F.lit("")) for name in ("credit_code", "city", "scope", "core", "branch")}
    rows = names.withColumns({**told, "block": key_field("block"), "rules_version": F.lit(rules_version)})
    return rows.select(contract_of(NAMES).column_names)


def merchants(names: DataFrame) -> DataFrame:
    """Rows of `silver.merchants`, from all rows of `silver.merchant_names` of these merchants."""
    told = names.filter(F.col("complaints") > 0)
    spellings = told.groupBy("merchant", "name").agg(
        F.sum("complaints").alias("complaints"),
        F.min("first_date").alias("first_date"),
        F.max("last_date").alias("last_date"),
        F.collect_set("branch").alias("branches"),
        F.collect_set("city").alias("cities"),
    )
    most_used_first = F.array_sort(F.collect_list(F.when(F.col("name") != "", F.struct(-F.col("complaints"), F.col("name")))))
    rows = spellings.groupBy("merchant").agg(
        F.transform(most_used_first, lambda entry: entry["name"]).alias("names"),
        _together("branches"),
        _together("cities"),
        F.sum("complaints").alias("complaints"),
        F.min("first_date").alias("first_date"),
        F.max("last_date").alias("last_date"),
    )
    code = F.when(F.col("merchant").rlike(CODE), F.col("merchant"))
    return rows.withColumns({"name": F.try_element_at("names", F.lit(1)), "credit_code": code}).select(
        contract_of(MERCHANTS).column_names
    )


def _together(column: str) -> Column:
    return F.array_sort(F.array_distinct(F.flatten(F.collect_list(column)))).alias(column)
