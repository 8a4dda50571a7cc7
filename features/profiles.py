"""What a complaint is about: one profile per complaint, from its text and its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from features.judging import Judges, judge_all, respondent_of
from features.merchants import normalise_merchant, words_version
from warehouse.contracts import contract_of
from warehouse.storage import contract_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PROFILE = "silver.complaint_profiles"
# What a reviewer decided, from ops.reviews; null where nobody did.
REVIEWED = ("review_number", "reviewed_product", "reviewed_issue")
READS = (
    "source", "complaint_id", "stream", "kind", "event_date", "event_month", "channel", "region_code", "merchant_name",
    "merchant_uscc", "platform_name", "is_online", "product_code", "product_label", "product_name", "brand", "model",
    "issue_code", "issue_label", "content", "amount", "injured_count", "death_count", "fire_involved", "decision",
    "accepted_at", "filer_key", "phone_key", "id_number_key", "person_name_key", "home_address_key", "version_at", "load_id",
    *REVIEWED,
)  # fmt: skip
# What is told of respondents before anything is judged.
NAMED_BY = ("merchant_name", "merchant_uscc", "region_code", "platform_name", "is_online")
RESPONDENTS = (
    "source STRING, complaint_id STRING, event_month STRING, event_date DATE, merchant_key STRING, merchant_name STRING"
)
CARRIED = ("source", "complaint_id", "stream", "kind", "event_date", "event_month", "channel")


def respondents(complaints: DataFrame) -> DataFrame:
    """By which key and name each complaint tells its respondent; columns `RESPONDENTS`, one row out for one row in.

    Profiles say the same. It is told before them, for a merchant is assigned by the names of all complaints.

    Args:
        complaints: rows of `silver.complaints`.
    """
    kept = ["source", "complaint_id", "event_month", "event_date"]

    def tell(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = batch.select(NAMED_BY).to_pylist()
            keys = [respondent_of(row) for row in rows]
            told = {name: batch.column(name) for name in kept}
            told["merchant_key"] = pa.array([str(key) if key else None for key in keys], pa.string())
            told["merchant_name"] = pa.array([normalise_merchant(row["merchant_name"]) for row in rows], pa.string())
            yield pa.RecordBatch.from_pydict(told)

    return complaints.select(*kept, *NAMED_BY).mapInArrow(tell, RESPONDENTS)


def profiled(complaints: DataFrame, judges: Judges) -> DataFrame:
    """Profiles of complaints, in batches; one row out for one row in. `merchant` is left to `jobs.merchants`.

    Args:
        complaints: rows of `silver.complaints` with the columns `REVIEWED`.
        judges: who judges.
    """
    schema = contract_schema(contract_of(PROFILE))
    versions = {
        "lexicon_version": judges.lexicon.version,
        "classifier_version": judges.classifier_version,
        "judged_by": judges.version,
        "names_version": words_version(),
    }

    def profile(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            carried = {name: batch.column(name) for name in CARRIED}
            carried["judged_version"], carried["judged_load"] = batch.column("version_at"), batch.column("load_id")
            judged = judge_all(batch.drop_columns(["version_at"]).to_pylist(), judges)
            for name, version in versions.items():
                carried[name] = pa.repeat(pa.scalar(version, pa.string()), len(batch))
            columns = [
                carried[field.name]
                if field.name in carried
                else pa.array([row[field.name] for row in judged], _arrow_type(field.dataType))
                for field in schema
            ]
            yield pa.RecordBatch.from_arrays(columns, names=schema.names)

    return complaints.select(*READS).mapInArrow(profile, schema)


def _arrow_type(data_type: Any) -> pa.DataType:
    from pyspark.sql.pandas.types import to_arrow_type

    return to_arrow_type(data_type)
