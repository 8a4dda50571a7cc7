"""`radar simulate` at the command line; no JVM is started."""

import json
import subprocess
import sys

import pytest

RADAR = [sys.executable, "-m", "jobs.cli"]


def radar(*arguments):
    return subprocess.run([*RADAR, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)


SMALL = ("simulate", "--preset", "city", "--from", "2026-10-01", "--scale", "0.2")


def test_the_help_explains_itself():
    done = radar("simulate", "--help")
    assert done.returncode == 0
    for word in (
        "demo:",
        "city:",
        "province:",
        "national-year:",
        "--area",
        "--seed",
        "truth.json",
        "Example:",
        "parquet",
        "gb18030",
    ):
        assert word in done.stdout
    assert "约20万件" in done.stdout


def test_one_json_document_on_stdout(tmp_path):
    done = radar(*SMALL, "--out", tmp_path, "--by", "month", "--format", "jsonl", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"complaints", "rows", "files", "truth", "seconds"}
    assert [path.rsplit("/", 1)[1] for path in answer["files"]] == ["12315-2026-10.jsonl", "12315-2026-11.jsonl"]
    lines = [line for path in answer["files"] for line in open(path, encoding="utf-8")]  # noqa: PTH123, SIM115
    assert len(lines) == answer["rows"]
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["area"] == "浙江省台州市"
    assert truth["first_day"] == "2026-10-01"
    assert truth["rows"]["complaints"] == answer["complaints"]


def test_a_summary_for_people(tmp_path):
    done = radar(*SMALL, "--out", tmp_path, "--area", "杭州市西湖区", "--no-consultations", "--no-incidents", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "complaints" in done.stdout
    assert "… 46 files in all" in done.stdout
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert set(truth["rows"]["by_kind"]) <= {"投诉", "举报"}
    assert {incident["kind"] for incident in truth["incidents"]} == {"calendar_peak"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--preset", "moon"), "preset moon is not known; there are demo, city, province, national-year"),
        (("--area", "火星"), "area 火星 is not known"),
        (("--area", "西湖区"), "area 西湖区 is one of several: 浙江省杭州市西湖区, 江西省南昌市西湖区"),
        (("--by", "week"), "period week is not known; there are day, month, year"),
        (("--from", "gestern"), "'gestern' is no date"),
        (("--from", "2027-01-01"), "the span ends on 2026-11-15, before it begins"),
        (("--to", "2031-01-01"), "the holidays of 2031 are not known"),
        (("--from", "2026-11-01"), "incident slow_drift would begin on 2026-08-23, outside 2026-11-01"),
        (("--scale", "0"), "the volume must be more than nothing"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(tmp_path, arguments, message):
    done = radar("simulate", "--out", tmp_path / "out", *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("12315*"))


def test_an_export_of_another_world_is_not_mixed_with(tmp_path):
    (tmp_path / "12315-1999-12-31.csv").write_text("x")
    done = radar(*SMALL, "--out", tmp_path)
    assert done.returncode == 1
    assert "holds other exports, such as 12315-1999-12-31.csv" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["12315-1999-12-31.csv"]
