"""Labels that the warehouse holds itself: official classes of complaints, and what reviewers decided."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from features.judging import plain_text, text_of
from jobs.judges import TREES
from jobs.labelled import LabelledTexts
from jobs.reviews import REVIEWS, decided
from warehouse.errors import RadarError
from warehouse.sources import SILVER
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


def official_labels(warehouse: Warehouse, what: str, until: dt.date, most: int) -> LabelledTexts:
    """The newest complaints that a class of the tree is known of, each wording once, as a classifier is trained on them.

    What a reviewer decided goes before the official class. Copies of one text are left out: a classifier that has seen one
    would be scored on the others.

    Args:
        warehouse: the tables.
        what: `product` or `issue`.
        until: newest day of registration.
        most: complaints at the most.

    Raises:
        RadarError: no complaint has a class of the tree.
    """
    tree = TREES[what]()
    reviews = decided(warehouse.read(REVIEWS)).select("source", "complaint_id", F.col(what).alias("reviewed"))
    code, label = f"{what}_code", f"{what}_label"
    rows = (
        warehouse.read(SILVER)
        .filter(F.col("event_date") <= F.lit(until))
        .select("source", "complaint_id", "event_date", "product_name", "content", code, label)
        .join(F.broadcast(reviews), ["source", "complaint_id"], "left")
        .filter(F.coalesce("reviewed", code, label).isNotNull() & F.coalesce("content", "product_name").isNotNull())
        .orderBy(F.desc("event_date"), "source", "complaint_id")
        .limit(most)
    )
    texts: dict[str, tuple[str, str]] = {}
    skipped = 0
    for row in to_dicts(rows):
        node = _node(row, tree.node_of(row[code], row[label]))
        text = text_of(row)
        if node is None or plain_text(text) in texts:
            skipped += 1
            continue
        texts[plain_text(text)] = text, node
    if not texts:
        raise RadarError(f"no complaint up to {until} has a class of the {what} tree to learn from")
    pairs = list(texts.values())
    digest = hashlib.sha256("\n".join(f"{node}\t{text}" for text, node in pairs).encode()).hexdigest()
    return LabelledTexts([text for text, _ in pairs], [node for _, node in pairs], skipped, f"{SILVER} ≤ {until}", digest)


def _node(row: dict[str, Any], official: str | None) -> str | None:
    return row["reviewed"] or official
