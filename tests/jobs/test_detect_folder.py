"""Folders of counts judged on Spark by the door of `radar detect-series --spark`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jobs.detect_folder import judge_folder
from jobs.detect_series import judge_table
from warehouse.errors import RadarError

RADAR = Path(sys.executable).parent / "radar"


@pytest.fixture(scope="module")
def table():
    counts = np.random.default_rng(6).poisson(6, (20, 115))
    counts[4, -1] = 40
    weeks = pd.date_range("2023-01-02", periods=115, freq="7D").strftime("%Y-%m-%d")
    names = [f"商户{i:02d}" for i in range(20)]
    return pd.DataFrame({"series_id": np.repeat(names, 115), "period": np.tile(weeks, 20), "count": counts.ravel()})


def judged(spark, source, output, *, frequency="week", calendar="none", last=2, **options):
    return judge_folder(spark, source, output, frequency, chinese_calendar=calendar, last=last, alpha=0.01, **options)


@pytest.mark.parametrize("form", ["csv", "parquet", "a single file"])
def test_few_series_are_judged_as_the_table_is_without_spark(spark, table, tmp_path, form):
    source = tmp_path / "counts"
    source.mkdir()
    if form == "parquet":
        table.assign(period=pd.to_datetime(table["period"]).dt.date).to_parquet(source / "all.parquet")
    else:
        table.to_csv(source / "first.csv", index=False)
        source = source if form == "csv" else source / "first.csv"
    summary = judged(spark, source, tmp_path / "judged", explain=True)
    expected = judge_table(table, "week", chinese_calendar="none", last=2, alpha=0.01, explain=True)
    found = pd.read_parquet(tmp_path / "judged").sort_values(["series_id", "period"], ignore_index=True)
    found["period"] = found["period"].astype(str)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9, atol=1.1e-4)
    assert summary == {"series": 20, "periods": 2, "alarms": int(expected["alarm"].sum())}


def test_days_off_are_told_by_a_file(spark, table, tmp_path):
    table.to_csv(tmp_path / "counts.csv", index=False)
    (tmp_path / "off.txt").write_text("2024-02-12\n2025-02-03\n", encoding="utf-8")
    holidays = tmp_path / "off.txt"
    judged(spark, tmp_path / "counts.csv", tmp_path / "told", holidays=holidays)
    judged(spark, tmp_path / "counts.csv", tmp_path / "untold")
    told, untold = (pd.read_parquet(tmp_path / name).sort_values(["series_id", "period"]) for name in ("told", "untold"))
    assert (told["expected"].to_numpy() != untold["expected"].to_numpy()).any()


def test_what_cannot_be_judged_is_said(spark, table, tmp_path):
    table.rename(columns={"count": "n"}).to_csv(tmp_path / "other.csv", index=False)
    table.assign(count="many").to_csv(tmp_path / "words.csv", index=False)
    (tmp_path / "there").mkdir()
    for source, output, options, message in (
        ("other.csv", "new", {}, "no column count; it needs series_id, period, count"),
        ("words.csv", "new", {}, "2300 rows of the table of counts lack"),
        ("nowhere", "new", {}, "nowhere: no readable folder of counts"),
        ("other.csv", "there", {}, "there exists already"),
        ("other.csv", "new", {"frequency": "month"}, "--freq month is not known"),
        ("other.csv", "new", {"calendar": "xx"}, "--calendar xx is not known"),
    ):
        with pytest.raises(RadarError, match=message):
            judged(spark, tmp_path / source, tmp_path / output, **options)
    assert not (tmp_path / "new").exists()


def test_the_command_answers_in_json(table, tmp_path):
    table.to_csv(tmp_path / "counts.csv", index=False)
    options = ["--input", str(tmp_path / "counts.csv"), "--freq", "week", "--output", str(tmp_path / "judged"), "--spark"]
    command = [RADAR, "--home", str(tmp_path / "home"), "detect-series", *options, "--json"]
    refused = subprocess.run([*command, "--method", "C1"], capture_output=True, text=True, check=False, env=os.environ)
    assert refused.returncode == 1
    assert "--method C1 is not there with --spark" in refused.stderr
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr[-3000:]
    summary = json.loads(done.stdout)
    assert (summary["series"], summary["periods"], summary["output"]) == (20, 1, str(tmp_path / "judged"))
    assert summary["alarms"] == int(pd.read_parquet(tmp_path / "judged")["alarm"].sum()) >= 1
