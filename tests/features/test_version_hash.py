"""The hash by which a version is known again: it changes with every value and with its place."""

from pyspark.sql import functions as F

from features.versions import hash_of


def test_a_value_that_moves_to_the_next_column_is_another_version(spark):
    rows = [("a", None, "x"), (None, "a", "x"), ("a", "x", None), ("a", None, "x"), (None, None, None)]
    table = spark.createDataFrame([(i, *row) for i, row in enumerate(rows)], "i INT, one STRING, two STRING, three STRING")
    hashes = [row[0] for row in table.orderBy("i").select(hash_of(F.col("one"), F.col("two"), F.col("three"))).collect()]
    assert hashes[0] == hashes[3]
    assert len(set(hashes)) == 4
