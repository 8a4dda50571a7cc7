"""Tables on disk."""

from __future__ import annotations

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
