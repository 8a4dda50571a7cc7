"""The review queue: complaints that the judges are unsure of, and what people decide on them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pyspark.sql import Window
from pyspark.sql import functions as F

from features.masking import mask
from features.profiles import PROFILE
from features.trees import issues, products
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.sources import SILVER
from warehouse.storage import sql_literal, to_dicts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.storage import Warehouse

REVIEWS = "ops.reviews"
KEY = ["source", "complaint_id"]
# The profile goes by the decision that holds.
APPLIED = "applied <=> review_number"
REASONS_ZH = {
    "product_unknown": "客体未知",
    "product_unsure": "客体不确定",
    "product_disagrees": "文本与官方客体分类不一致",
    "issue_unknown": "问题未知",
    "issue_unsure": "问题不确定",
    "issue_disagrees": "文本与官方问题分类不一致",
}


def decided(reviews: DataFrame) -> DataFrame:
    """The decision that holds for each complaint: its newest."""
    newest = F.max("review_number").over(Window.partitionBy(*KEY))
    return reviews.withColumn("newest", newest).filter("review_number = newest").drop("newest")


def review_queue(
    warehouse: Warehouse, *, reason: str | None = None, since: dt.date | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Complaints that wait for a reviewer: most severe first, then those that the judges know least of, then the newest.

    Args:
        warehouse: the tables.
        reason: only those with this reason.
        since: only those registered from this day on.
        limit: complaints at the most.

    Returns:
        Ids, reasons, verdicts with names and confidence, and the masked text.

    Raises:
        RadarError: the reason is none.
    """
    if reason is not None and reason not in REASONS_ZH:
        raise RadarError(f"{reason} is no reason of the review queue; there are {', '.join(REASONS_ZH)}")
    waiting = warehouse.read(PROFILE).filter(F.size("review_reasons") > 0)
    if reason is not None:
        waiting = waiting.filter(F.array_contains("review_reasons", reason))
    if since is not None:
        waiting = waiting.filter((F.col("event_month") >= f"{since:%Y-%m}") & (F.col("event_date") >= F.lit(since)))
    least = F.least("product_confidence", "issue_confidence")
    queue = (
        waiting.join(warehouse.read(REVIEWS).select(*KEY).distinct(), KEY, "left_anti")
        .orderBy(F.desc("severity"), least, F.desc("event_date"), *KEY)
        .limit(limit)
        .select(
            *KEY, "event_month", "event_date", "severity", "review_reasons",
            *(f"{what}_{part}" for what in ("product", "issue") for part in ("l1", "l2", "basis", "confidence", "predicted")),
        )
    )  # fmt: skip
    texts = warehouse.read(SILVER).select(*KEY, "event_month", "product_name", "content")
    rows = to_dicts(queue.join(texts, [*KEY, "event_month"], "left"))
    return [_named(row) for row in sorted(rows, key=_urgency)]


def decide(
    warehouse: Warehouse,
    source: str,
    complaint_id: str,
    *,
    product: str | None,
    issue: str | None,
    reviewer: str,
    reviewed_on: dt.date,
    note: str | None = None,
) -> dict[str, Any]:
    """Record what a reviewer decides; the next `enrich` judges the complaint by it, and classifiers learn from it.

    A decision without product and issue says that the verdicts are right. A later decision replaces an earlier one; both stay.

    Raises:
        RadarError: the complaint or a code is not known, or nobody decides.
    """
    if not reviewer.strip():
        raise RadarError("a decision needs the name of the reviewer")
    for what, code, tree in (("product", product, products()), ("issue", issue, issues())):
        if code is not None and code not in tree.names:
            raise RadarError(f"{code} is no {what} of warehouse/reference/{what}s.yml")
    asked = (F.col("source") == source) & (F.col("complaint_id") == complaint_id)
    if not to_dicts(warehouse.read(PROFILE).filter(asked).select("source").limit(1)):
        raise RadarError(f"there is no profile of complaint {complaint_id} of {source}")
    (row,) = to_dicts(warehouse.read(REVIEWS).filter(asked).agg(F.max("review_number").alias("last")))
    decision = {
        "source": source,
        "complaint_id": complaint_id,
        "review_number": (row["last"] or 0) + 1,
        "product": product,
        "issue": issue,
        "reviewer": reviewer.strip(),
        "reviewed_on": reviewed_on,
        "counted": False,
        "note": mask(note) if note else None,
    }
    rows = warehouse.spark.createDataFrame([decision], contract_of(REVIEWS).schema_ddl)
    own = " AND ".join(f"{name} = {sql_literal(value)}" for name, value in (("source", source), ("complaint_id", complaint_id)))
    warehouse.replace(REVIEWS, rows, where=f"{own} AND review_number = {decision['review_number']}")
    return decision


def months_to_review(warehouse: Warehouse) -> list[str]:
    """Months of the complaints whose profile does not go by the decision that holds."""
    return sorted({row["event_month"] for row in to_dicts(_with_profiles(warehouse).filter(f"NOT ({APPLIED})"))})


def reviewed_days(warehouse: Warehouse) -> list[dt.date]:
    """Days of the complaints whose profile goes by a decision that the counts do not follow yet."""
    return sorted({row["event_date"] for row in to_dicts(_with_profiles(warehouse).filter(f"{APPLIED} AND NOT counted"))})


def mark_reviews_counted(warehouse: Warehouse) -> None:
    """The counts follow every decision that profiles go by."""
    counted = _with_profiles(warehouse).filter(f"{APPLIED} AND NOT counted").withColumn("counted", F.lit(True))
    rows = to_dicts(counted.select(contract_of(REVIEWS).column_names))
    if rows:
        warehouse.upsert(REVIEWS, warehouse.spark.createDataFrame(rows, contract_of(REVIEWS).schema_ddl))


def _urgency(row: dict[str, Any]) -> tuple[Any, ...]:
    least = min(row["product_confidence"], row["issue_confidence"])
    return -row["severity"], least, -row["event_date"].toordinal(), row["source"], row["complaint_id"]


def _with_profiles(warehouse: Warehouse) -> DataFrame:
    """The decisions that hold, with the day and the decision that the complaint's profile goes by."""
    profiles = warehouse.read(PROFILE).select(*KEY, "event_date", "event_month", F.col("review_number").alias("applied"))
    return F.broadcast(decided(warehouse.read(REVIEWS))).join(profiles, KEY)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The row with names beside the codes."""
    verdicts: dict[str, Any] = {}
    for what, tree in (("product", products()), ("issue", issues())):
        verdicts[what] = tree.name(row[f"{what}_l2"] or row[f"{what}_l1"])
        verdicts[f"{what}_predicted"] = tree.name(row[f"{what}_predicted"]) if row[f"{what}_predicted"] else None
        verdicts[f"{what}_confidence"] = round(row[f"{what}_confidence"], 3)
    return {
        "source": row["source"],
        "complaint_id": row["complaint_id"],
        "event_date": row["event_date"],
        "severity": row["severity"],
        "reasons": row["review_reasons"],
        **verdicts,
        "text": "。".join(part for part in (row["product_name"], row["content"]) if part),
    }
