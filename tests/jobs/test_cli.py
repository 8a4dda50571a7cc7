"""The `radar` command as a user meets it: what is listed, what goes wrong, and how it says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.output import NONE, print_table

RADAR = Path(sys.executable).parent / "radar"


def radar(*arguments: str, home: Path, **other: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [RADAR, "--home", str(home), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **other},
        input=other.get("stdin"),
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip().splitlines()[-1]


def test_help_lists_commands_and_each_explains_itself(tmp_path):
    listed = radar("--help", home=tmp_path)
    assert listed.returncode == 0
    for command in ("demo", "run", "ingest", "refine", "enrich", "aggregate", "detect", "publish", "notify", "report"):
        assert command in listed.stdout
    for command in (
        "sql",
        "detect-series",
        "backtest",
        "mask",
        "simulate",
        "doctor",
        "alerts",
        "jars",
        "sources",
        "quality",
        "merchants",
        "train",
        "evaluate",
        "lexicon",
        "review",
        "topics",
        "retry-rejected",
        "maintain",
        "export",
    ):
        assert command in listed.stdout
        explained = radar(*command.split(), "--help", home=tmp_path)
        assert explained.returncode == 0
        assert len(explained.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "empty file"),
        ("blank.csv", b"\n \n", "empty file"),
        ("header.csv", "登记编号,类型,登记日期\n".encode(), "empty file, there is no row below the header"),
        ("column.csv", "登记编号,登记日期\nA1,2026-01-01\n".encode(), "the column for kind is missing"),
        ("encoding.csv", b"\xff\xfe\x00\xd8\xff\xff\x80\x81", "wrong encoding"),
        (
            "twice.csv",
            "登记编号,类型,登记日期,类型\nA,投诉,2026-01-01,投诉\n".encode(),
            "columns 2 and 4 of the header have the same name",
        ),
        ("sheet.pdf", b"%PDF", "not a file type that is read"),
    ],
)
def test_a_bad_file_is_one_clear_line_and_leaves_no_table(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    home = tmp_path / "home"
    done = radar("run", "--source", "national_12315", "--input", str(path), "--date", "2026-01-01", "--json", home=home)
    assert done.returncode == 1
    assert last_line(done).startswith("radar: ")
    assert message in last_line(done)
    assert json.loads(done.stdout) == {"error": last_line(done).removeprefix("radar: ")}
    assert not (home / "tables").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--source", "nobody", "--input", "x.csv", "--date", "2026-01-01"), "source nobody is not known"),
        (("run", "--source", "cfpb", "--input", "no-such.csv", "--date", "2026-01-01"), "there is no such file"),
        (("run", "--source", "cfpb", "--input", "x.csv", "--date", "yesterday"), "'yesterday' is no date"),
        (("report", "--week", "2026-13"), "'2026-13' is no ISO week"),
        (("backtest", "--truth", "no-such.json"), "truth file no-such.json: No such file"),
        (("alerts", "list", "--all", "--date", "2026-01-01"), "exclude each other"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(tmp_path, arguments, message):
    done = radar(*arguments, home=tmp_path / "home")
    assert done.returncode == 1
    assert message in last_line(done)
    assert done.stdout == ""


def test_mask_reads_lines_and_writes_them_masked(tmp_path):
    done = radar("mask", home=tmp_path, stdin="电话13812345678，订单号20260101123456\n第二行\n")
    assert done.stdout == "电话138****5678，订单号20260101123456\n第二行\n"


def test_detect_series_needs_no_spark_and_answers_in_json(tmp_path):
    weeks = [
        f"2026-{month:02d}-{day:02d}" for month, day in ((3, 2), (3, 9), (3, 16), (3, 23), (3, 30), (4, 6), (4, 13), (4, 20))
    ]
    rows = ["series_id,period,count", *(f"{name},{week},5" for name in "abc" for week in weeks)]
    rows += ["a,2026-04-27,5", "b,2026-04-27,40", "c,2026-04-27,5"]
    (tmp_path / "counts.csv").write_text("\n".join(rows), encoding="utf-8")
    arguments = ["--input", str(tmp_path / "counts.csv"), "--freq", "week", "--output", str(tmp_path / "scores.csv"), "--json"]
    done = radar("detect-series", *arguments, home=tmp_path, JAVA_HOME="/nonexistent")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["alarms"] == 1
    header, *scores = (tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert header == "series_id,period,observed,expected,upper,p_value,score,alarm"
    assert [line.split(",")[0] for line in scores if line.endswith("True")] == ["b"]


def test_doctor_names_what_is_missing_and_how_to_mend_it(tmp_path):
    done = radar("doctor", "--json", home=tmp_path, JAVA_HOME="/nonexistent", RADAR_JARS=str(tmp_path / "no-jars"))
    assert done.returncode == 1
    findings = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert not findings["Java"]["ok"]
    assert "install OpenJDK 17" in findings["Java"]["mend"]
    assert not findings["locked JARs"]["ok"]
    assert findings["locked JARs"]["mend"] == "radar jars fetch"
    assert findings["RADAR_HOME"]["ok"]


def test_a_run_without_java_says_so_in_one_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("登记编号,类型,登记日期\nA1,投诉,2026-01-01\n", encoding="utf-8")
    arguments = ["run", "--source", "national_12315", "--input", str(path), "--date", "2026-01-01"]
    done = radar(*arguments, home=tmp_path / "home", JAVA_HOME="/nonexistent")
    assert done.returncode == 1
    assert "Java is missing" in last_line(done)


def test_a_table_without_rows_says_so_where_it_is_asked_to(capsys):
    print_table([], ["编号"], nothing=NONE[True])
    assert capsys.readouterr().out.split() == ["无"]
    print_table([], ["编号"])
    assert capsys.readouterr().out.split() == ["编号"]
    print_table([{"编号": 1}], nothing=NONE[True])
    assert capsys.readouterr().out.split() == ["编号", "1"]
