"""Names of respondents into merchants: assigned anew where something new was told of them, and nowhere else.

`silver.merchant_names` is both the memory and the ledger of it. The names of the touched months and their merchants are
written there first, in one commit. Rows whose `merchant` is not what they were last counted as (`counted_as`) are pending
from then on: `silver.merchants` is renewed, profiles that still carry another merchant are mended, their days are counted
anew, and only then `counted_as` is set. A run that dies in between leaves pending rows, and the next one goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import functions as F

from features.merchants import Aliases, assign, read_reviews, words_version
from features.merchants.tables import (
    FIGURES,
    MERCHANTS,
    NAMES,
    SPELLING,
    TOLD,
    described,
    key_field,
    merchants,
    names_told,
    observations,
)
from features.profiles import PROFILE
from warehouse.errors import RadarError
from warehouse.files import ROOT
from warehouse.storage import sql_in, to_dicts, to_pandas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.home import Home
    from warehouse.storage import Warehouse

COMPLAINT = ["source", "complaint_id"]
# A key of a month has one merchant.
PLACE = ["event_month", "merchant_key"]
ALIAS_FILE = "merchant_aliases.csv"
PENDING = "NOT (merchant <=> counted_as)"
IN_USE = "complaints > 0"
ASSIGNED = "merchant_key STRING, merchant STRING, basis STRING"


def merchant_aliases(home: Home) -> Aliases:
    """The reviewed aliases that ship with the package, and the office's own in the home, which go before them.

    Raises:
        RadarError: a file is not understood.
    """
    own = home.root / "config" / ALIAS_FILE
    return Aliases([*read_reviews(ROOT / "reference" / ALIAS_FILE), *(read_reviews(own) if own.is_file() else [])])


def rules_version(aliases: Aliases) -> str:
    """Changes whenever anything does that names are assigned by."""
    return f"{words_version()}-{aliases.version}"


def are_pending(warehouse: Warehouse) -> bool:
    """Whether names wait for their profiles or counts."""
    return _any(warehouse.read(NAMES).filter(PENDING))


def are_outdated(warehouse: Warehouse, aliases: Aliases) -> bool:
    """Whether names were assigned by other aliases or other rules."""
    return _any(warehouse.read(NAMES).filter(F.col("rules_version") != rules_version(aliases)))


def record_names(warehouse: Warehouse, told: DataFrame, months: Sequence[str], aliases: Aliases) -> None:
    """Write down by which names the respondents of these months are told, and assign what this bears on.

    A name that is told anew, more or less often, or no longer, bears on the names of its block in all months.

    Args:
        warehouse: the tables.
        told: respondents of the complaints whose profiles are about to be written; see `features.profiles.respondents`.
        months: the months in which these, and the profiles that they replace, lie.
        aliases: the reviewed aliases.
    """
    names = warehouse.read(NAMES)
    in_months = F.col("event_month").isin(list(months))
    stored, before = names.filter(in_months), names.filter(~in_months)
    standing = warehouse.read(PROFILE).filter(in_months).join(told.select(COMPLAINT), COMPLAINT, "left_anti")
    current = names_told(standing.select(*TOLD).unionByName(told.select(*TOLD))).persist()
    try:
        changed = _difference(current, stored.filter(IN_USE))
        everything = are_outdated(warehouse, aliases)
        if not (changed or everything):
            return
        known = current.select("merchant_key", "complaints").unionByName(before.select("merchant_key", "complaints"))
        if not everything:
            known = _in_blocks(known, aliases.with_linked(changed))
        seen = to_pandas(observations(known))
        table = pd.concat([seen[["merchant_key"]], assign(seen, aliases)], axis=1)
        assigned = warehouse.spark.createDataFrame(table, ASSIGNED)
        moved = before if everything else _moved(before, assigned)
        written = sorted({*months, *_months(moved)})
        if written:
            kept = before.filter(F.col("event_month").isin(written))
            rows = _reassigned(current, stored, kept, assigned)
            warehouse.replace(NAMES, described(rows, rules_version(aliases)), where=sql_in("event_month", written))
    finally:
        current.unpersist()


def refresh_merchants(warehouse: Warehouse, months: Sequence[str] = ()) -> None:
    """Make `silver.merchants` say what the names do, of all merchants that are told of in these months or are pending."""
    names = warehouse.read(NAMES)
    touched = names.filter(F.col("event_month").isin(list(months)) | F.expr(PENDING))
    ids = touched.select(F.explode(F.array_compact(F.array("merchant", "counted_as"))).alias("merchant")).distinct()
    kept = warehouse.read(MERCHANTS).join(ids, "merchant", "left_anti")
    renewed = merchants(names.join(ids, "merchant", "left_semi"))
    warehouse.replace(MERCHANTS, kept.unionByName(renewed), where="merchant IS NOT NULL")


def with_merchants(warehouse: Warehouse, fresh: DataFrame, months: Sequence[str]) -> DataFrame:
    """Fresh profiles of these months with their merchants."""
    names = warehouse.read(NAMES).filter(IN_USE)
    own = names.filter(F.col("event_month").isin(list(months))).select(*PLACE, "merchant").distinct()
    return fresh.drop("merchant").join(own, PLACE, "left")


def reassigned(warehouse: Warehouse, told: DataFrame) -> DataFrame:
    """The standing profiles whose merchant is another by now, with that; not those of the complaints that are `told` anew."""
    pending = warehouse.read(NAMES).filter(IN_USE).filter(PENDING)
    becomes = pending.select(*PLACE, F.col("merchant").alias("becomes")).distinct()
    return (
        warehouse.read(PROFILE)
        .filter(F.col("event_month").isin(_months(becomes)))
        .join(told.select(COMPLAINT), COMPLAINT, "left_anti")
        .join(becomes, PLACE)
        .filter(~F.col("merchant").eqNullSafe(F.col("becomes")))
        .drop("merchant")
        .withColumnRenamed("becomes", "merchant")
    )


def with_names(warehouse: Warehouse, profiles: DataFrame) -> DataFrame:
    """The profiles with the name that most complaints give of their merchant, also where their own gives a code only."""
    names = warehouse.read(MERCHANTS).select("merchant", F.col("name").alias("standing_name"))
    named = profiles.join(names, "merchant", "left")
    return named.withColumn("merchant_name", F.coalesce("standing_name", "merchant_name")).drop("standing_name")


def pending_days(warehouse: Warehouse) -> list[dt.date]:
    """The days on which complaints were last counted under another merchant, or under none.

    Raises:
        RadarError: a profile does not carry its merchant yet, because a run died.
    """
    pending = warehouse.read(NAMES).filter(PENDING).filter(IN_USE)
    days = to_dicts(
        warehouse.read(PROFILE)
        .filter(F.col("event_month").isin(_months(pending)))
        .select(*PLACE, "event_date", "merchant")
        .join(pending.select(*PLACE, F.col("merchant").alias("becomes")).distinct(), PLACE)
        .groupBy("event_date")
        .agg(F.bool_or(~F.col("merchant").eqNullSafe(F.col("becomes"))).alias("behind"))
    )
    if any(day["behind"] for day in days):
        raise RadarError("profiles do not carry their merchants yet; run `radar enrich` first")
    return sorted(day["event_date"] for day in days)


def pending_months(warehouse: Warehouse) -> list[str]:
    """Months of names whose complaints the counts do not know under their merchant yet."""
    return _months(warehouse.read(NAMES).filter(PENDING))


def mark_counted(warehouse: Warehouse) -> None:
    """Note that every complaint is counted under its merchant, and forget names that no complaint is told by any more."""
    names, months = warehouse.read(NAMES), pending_months(warehouse)
    if months:
        rows = names.filter(F.col("event_month").isin(months)).filter(IN_USE)
        warehouse.replace(NAMES, rows.withColumn("counted_as", F.col("merchant")), where=sql_in("event_month", months))


def _any(rows: DataFrame) -> bool:
    return bool(to_dicts(rows.select("event_month").limit(1)))


def _difference(told: DataFrame, stored: DataFrame) -> set[str]:
    """The blocks of names that are told otherwise than they were stored."""
    before = stored.select(*SPELLING, F.struct(*FIGURES).alias("before"))
    beside = told.select(*SPELLING, F.struct(*FIGURES).alias("now")).join(before, list(SPELLING), "full")
    differ = beside.filter(~F.col("now").eqNullSafe(F.col("before")))
    return set(to_pandas(differ.select(key_field("block").alias("block")).distinct())["block"])


def _in_blocks(names: DataFrame, blocks: set[str]) -> DataFrame:
    wanted = names.sparkSession.createDataFrame(pd.DataFrame({"block": sorted(blocks)}), "block STRING")
    return names.withColumn("block", key_field("block")).join(wanted, "block", "left_semi")


def _moved(before: DataFrame, assigned: DataFrame) -> DataFrame:
    """Names of other months that belong to another merchant by now."""
    becomes = assigned.select("merchant_key", F.col("merchant").alias("becomes"), F.col("basis").alias("basis_becomes"))
    same = F.col("merchant").eqNullSafe(F.col("becomes")) & F.col("basis").eqNullSafe(F.col("basis_becomes"))
    return before.filter(IN_USE).join(becomes, "merchant_key").filter(~same)


def _months(rows: DataFrame) -> list[str]:
    return sorted(row["event_month"] for row in to_dicts(rows.select("event_month").distinct()))


def _reassigned(told: DataFrame, stored: DataFrame, kept: DataFrame, assigned: DataFrame) -> DataFrame:
    """The rows of the months written: told ones, those kept of other months, and what is left of those no longer told."""
    judged = ["merchant", "basis", "counted_as"]
    standing = told.join(stored.select(*SPELLING, *judged), list(SPELLING), "left")
    rows = standing.select(*SPELLING, *FIGURES, *judged).unionByName(kept.select(*SPELLING, *FIGURES, *judged))
    becomes = assigned.select("merchant_key", F.col("merchant").alias("becomes"), F.col("basis").alias("basis_becomes"))
    is_told = F.expr(IN_USE)
    rows = rows.join(becomes, "merchant_key", "left").withColumns(
        {
            "merchant": F.when(is_told, F.coalesce("becomes", "merchant")),
            "basis": F.when(is_told, F.coalesce("basis_becomes", "basis")),
        }
    )
    # A row that is gone from its month leaves word of its merchant, which has to be renewed, until the counts are.
    gone = stored.join(told, list(SPELLING), "left_anti").withColumn("counted_as", F.coalesce("merchant", "counted_as"))
    nothing = {"complaints": F.lit(0).cast("bigint"), **dict.fromkeys(("first_date", "last_date"), F.lit(None).cast("date"))}
    nothing |= dict.fromkeys(("merchant", "basis"), F.lit(None).cast("string"))
    columns = [*SPELLING, *FIGURES, *judged]
    return rows.select(columns).unionByName(gone.withColumns(nothing).select(columns))
