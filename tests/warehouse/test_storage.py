"""Tables on disk."""

from __future__ import annotations

import datetime as dt

import pytest
from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.errors import RadarError


def test_a_table_of_another_version_is_refused_in_one_line(warehouse):
    table = "ops.quality_results"
    assert warehouse.read(table).columns == contract_of(table).column_names
    old = warehouse.read(table).drop("detail").withColumn("remark", F.lit("x"))
    old.write.format("delta").mode("overwrite").option("overwriteSchema", "true").save(
        str(warehouse.home.tables / "ops" / "quality_results")
    )
    with pytest.raises(RadarError, match=r"another version.*columns differ \(detail, remark\)"):
        warehouse.read(table)


TERMS = "gold.term_counts"


def terms(warehouse, counts):
    """Rows of term counts by day and term."""
    rows = [
        {
            "event_date": day,
            "event_month": f"{day:%Y-%m}",
            "stream": "s",
            "product_l1": "p",
            "term": term,
            "complaint_count": count,
            "lexicon_version": "1",
            "judged_by": "1",
        }
        for (day, term), count in counts.items()
    ]
    columns = contract_of(TERMS).column_names
    return warehouse.spark.createDataFrame([[row[name] for name in columns] for row in rows], contract_of(TERMS).schema_ddl)


def stored(warehouse):
    rows = warehouse.read(TERMS).select("event_date", "term", "complaint_count").collect()
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    return {(row[0], row[1]): row[2] for row in rows}


def operations(warehouse):
    history = warehouse.spark.sql(f"DESCRIBE HISTORY delta.`{warehouse.home.tables / 'gold' / 'term_counts'}`")
    return [row["operation"] for row in history.orderBy("version").collect()]


def test_rows_of_months_without_any_are_written_and_later_ones_merged(warehouse):
    october, november = dt.date(2026, 10, 31), dt.date(2026, 11, 1)
    warehouse.upsert(TERMS, terms(warehouse, {(october, "a"): 1, (october, "b"): 2}), partitions=["2026-10"])
    warehouse.upsert(TERMS, terms(warehouse, {(november, "a"): 3}), partitions=["2026-11"])
    assert "MERGE" not in operations(warehouse)
    # The month before has rows, the other is new: what stands there and is not told again stays.
    changed = {(october, "b"): 5, (november, "c"): 4}
    warehouse.upsert(TERMS, terms(warehouse, changed), partitions=["2026-10", "2026-11"])
    assert operations(warehouse)[-1] == "MERGE"
    assert stored(warehouse) == {(october, "a"): 1, (november, "a"): 3, **changed}


def test_rows_outside_the_named_months_are_refused_on_a_first_load(warehouse):
    with pytest.raises(Exception, match="2026-11"):
        warehouse.upsert(TERMS, terms(warehouse, {(dt.date(2026, 11, 1), "a"): 1}), partitions=["2026-10"])
    assert stored(warehouse) == {}


def test_rows_that_are_judged_on_the_way_are_judged_once(warehouse, tmp_path):
    """Judging costs more than all else, and Delta may read what it merges more than once."""
    october, log = dt.date(2026, 10, 31), tmp_path / "judged"

    def judge(batches):
        for batch in batches:
            with log.open("a") as judged:
                judged.write("x" * len(batch))
            yield batch

    warehouse.upsert(TERMS, terms(warehouse, {(october, "a"): 1, (october, "b"): 2}), partitions=["2026-10"])
    rows = warehouse.read(TERMS).mapInArrow(judge, contract_of(TERMS).schema_ddl)
    warehouse.upsert(TERMS, rows.withColumn("complaint_count", F.col("complaint_count") + 1), partitions=["2026-10"])
    assert operations(warehouse)[-1] == "MERGE"
    assert stored(warehouse) == {(october, "a"): 2, (october, "b"): 3}
    assert log.read_text() == "xx"
