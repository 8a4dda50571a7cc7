"""A folder with counts of very many series, judged on Spark by the detectors of the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.errors import AnalysisException
from pyspark.sql import functions as F

from jobs.detect_series import COLUMNS, PARTS, check_options, detector_of, read_dates
from jobs.judge_on_spark import judge_on_spark
from warehouse.errors import RadarError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

DIGITS = 4


def judge_folder(
    spark: SparkSession,
    source: Path,
    output: Path,
    frequency: str,
    *,
    chinese_calendar: str,
    last: int,
    alpha: float,
    holidays: Path | None = None,
    explain: bool = False,
) -> dict[str, Any]:
    """Judge the last periods of every series, from a folder (or file) of CSV or Parquet to a new folder of Parquet.

    Options are as for `jobs.detect_series.judge_file`, and so are the columns that are read and written; rows come in no order.
    Weeks may begin on any weekday, all of them on the same one. Series learn from the others of their chunk only
    (`jobs.judge_on_spark`), so that figures differ a little from those of a table that is judged as a whole.

    Returns:
        How many `series`, `periods` and `alarms` were judged.

    Raises:
        RadarError: the folder cannot be read or holds no table of counts, the output exists, or an option is not known.
    """
    check_options(frequency, chinese_calendar)
    if output.exists():
        raise RadarError(f"{output} exists already; a new folder is needed")
    judged = judge_on_spark(
        _counts(spark, source),
        detector_of(frequency),
        chinese=chinese_calendar == "cn",
        last=last,
        holidays=None if holidays is None else read_dates(holidays),
    )
    judged.select(
        F.col("series").alias("series_id"),
        "period",
        "observed",
        F.round("expected", DIGITS).alias("expected"),
        "upper",
        "p_value",
        F.round("score", DIGITS).alias("score"),
        (F.col("p_value") <= alpha).alias("alarm"),
        *(F.round(part, DIGITS).alias(part) for part in PARTS if explain),
    ).write.parquet(str(output))
    rows, alarms = spark.read.parquet(str(output)).agg(F.count("series_id"), F.count_if("alarm")).collect()[0]
    return {"series": rows // last, "periods": last, "alarms": alarms}


def _counts(spark: SparkSession, source: Path) -> DataFrame:
    """Columns `series, period, count`; null where a cell holds no date or number."""
    texts = source.suffix == ".csv" or (source.is_dir() and any(source.rglob("*.csv")))
    try:
        table = spark.read.csv(str(source), header=True) if texts else spark.read.parquet(str(source))
        missing = [name for name in COLUMNS if name not in table.columns]
        if missing:
            raise RadarError(f"the table of counts has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
        return table.select(
            F.col("series_id").cast("string").alias("series"),
            F.col("period").try_cast("date").alias("period"),
            F.col("count").try_cast("double").alias("count"),
        )
    except AnalysisException as error:
        raise RadarError(f"{source}: no readable folder of counts: {str(error).splitlines()[0]}") from error
