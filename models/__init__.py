"""What judges: estimators on arrays. No Spark, no files, no clock."""
