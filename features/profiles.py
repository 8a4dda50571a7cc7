"""What a complaint is about: one profile per complaint, from its text and its fields."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from features.merchants import merchant_key, normalise_merchant, words_version
from features.regions import ancestors
from features.segmentation import lexicon_version, segmenter
from features.severity import judge_severity
from features.synonyms import normalise
from features.trees import issues, products
from warehouse.contracts import contract_of
from warehouse.storage import contract_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PROFILE = "silver.complaint_profiles"
READS = (
    "source", "complaint_id", "stream", "kind", "event_date", "event_month", "channel", "region_code", "merchant_name",
    "merchant_uscc", "platform_name", "is_online", "product_code", "product_label", "product_name", "brand", "model",
    "issue_code", "issue_label", "content", "injured_count", "death_count", "fire_involved", "filer_key", "version_at",
    "load_id",
)  # fmt: skip
CARRIED = ("source", "complaint_id", "stream", "kind", "event_date", "event_month", "channel", "brand", "model")
NOT_TEXT = re.compile(r"[\W\d_]+")
# Shorter texts coincide by chance.
SHORTEST_TEMPLATE = 20


def profiled(complaints: DataFrame) -> DataFrame:
    """Profiles of silver complaints, in batches; one row out for one row in. `merchant` is left to `jobs.merchants`."""
    schema = contract_schema(contract_of(PROFILE))

    def profile(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        versions = {"lexicon_version": lexicon_version(), "names_version": words_version()}
        for batch in batches:
            carried = {name: batch.column(name) for name in CARRIED}
            carried["judged_version"], carried["judged_load"] = batch.column("version_at"), batch.column("load_id")
            judged = [judge(row) for row in batch.drop_columns(["event_date", "version_at"]).to_pylist()]
            columns = [
                carried[field.name]
                if field.name in carried
                else pa.array([{**row, **versions}[field.name] for row in judged], _arrow_type(field.dataType))
                for field in schema
            ]
            yield pa.RecordBatch.from_arrays(columns, names=schema.names)

    return complaints.select(*READS).mapInArrow(profile, schema)


def judge(complaint: dict[str, Any]) -> dict[str, Any]:
    """What the profile says beyond what it carries over, by column name."""
    text = "。".join(part for part in (complaint["product_name"], complaint["content"]) if part)
    words = segmenter().words(text)
    product = products().judge(complaint["product_code"], complaint["product_label"], words)
    issue = issues().judge(complaint["issue_code"], complaint["issue_label"], words)
    severity = judge_severity(text, complaint["injured_count"], complaint["death_count"], complaint["fire_involved"])
    province, city = ancestors(complaint["region_code"])
    respondent = merchant_key(
        complaint["merchant_name"],
        complaint["merchant_uscc"],
        complaint["region_code"],
        complaint["platform_name"],
        complaint["is_online"],
    )
    own = f"{complaint['source']}:{complaint['complaint_id']}"
    return {
        "product_l1": product.top,
        "product_l2": product.node if product.node != product.top else None,
        "product_basis": product.basis,
        "product_label": complaint["product_label"],
        "issue_l1": issue.top,
        "issue_basis": issue.basis,
        "issue_label": complaint["issue_label"],
        "province": province,
        "city": city,
        "merchant": None,
        "merchant_key": str(respondent) if respondent else None,
        "merchant_name": normalise_merchant(complaint["merchant_name"]),
        "merchant_branch": (respondent.branch or None) if respondent else None,
        "severity": severity.level,
        "severity_terms": list(severity.terms),
        "priority": severity.priority,
        "tokens": words,
        "filer_identity": complaint["filer_key"] or own,
        "text_identity": text_identity(complaint["content"]) or own,
    }


def text_identity(text: str | None) -> str | None:
    """Hash of the text without digits, spaces and punctuation; None where it is too short to tell a template by."""
    plain = NOT_TEXT.sub("", normalise(text or ""))
    return hashlib.sha256(plain.encode()).hexdigest()[:16] if len(plain) >= SHORTEST_TEMPLATE else None


def _arrow_type(data_type: object) -> pa.DataType:
    from pyspark.sql.pandas.types import to_arrow_type

    return to_arrow_type(data_type)  # type: ignore[arg-type]
