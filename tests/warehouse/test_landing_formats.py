"""Excel, JSON lines and Parquet are read into the same rows as CSV; what is odd about each format is met."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import zipfile
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from warehouse.errors import RadarError
from warehouse.landing import SHEET, LandingFile

KNOWN = ("登记编号", "类型", "具体问题", "消费金额")
HEADER = ["登记编号", "类型", "具体问题"]
BODY = [["A1", "投诉", "热水器冒火"], ["A2", "举报", "=1+1"], ["A3", "咨询", "第一行\n第二行"]]
# What files can hold: no NUL, no half of a surrogate pair, no carriage return (Excel and CSV make it a line end).
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), min_size=1, max_size=8)


def book(path, *sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    workbook.save(path)
    return path


def records(path):
    file = LandingFile.open(path, KNOWN)
    return [{k: v for k, v in row.record.items() if k != SHEET} for row in file.rows()]


def write_all(folder, header, body):
    """The same table in every format."""
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *body])
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in body]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    pq.write_table(pa.table({name: [row[i] for row in body] for i, name in enumerate(header)}), folder / "a.parquet")
    book(folder / "a.xlsx", ("投诉", [header, *body]))
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.xlsx"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
    return sorted(folder.iterdir())


def test_every_format_gives_the_same_rows(tmp_path):
    paths = write_all(tmp_path, HEADER, BODY)
    assert len(paths) == 8
    expected = [dict(zip(HEADER, row, strict=True)) for row in BODY]
    for path in paths:
        assert records(path) == expected, path.name
        assert LandingFile.open(path).format == path.name.split(".")[1]


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=5))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_any_texts_come_through_every_format(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("any")
    expected = [{"登记编号": a, "具体问题": b} for a, b in body]
    for path in write_all(folder, ["登记编号", "具体问题"], body):
        assert records(path) == expected, path.name


def test_several_sheets_with_titles_and_an_empty_one(tmp_path):
    path = book(
        tmp_path / "export.xlsx",
        ("投诉", [["全国12315平台投诉导出"], ["导出时间：2026-06-01", "类型"], HEADER, BODY[0], [None, None, None], BODY[1]]),
        ("空", []),
        ("只有表头", [HEADER]),
        ("咨询", [["类型", "登记编号"], ["咨询", "A3"]]),
    )
    file = LandingFile.open(path, KNOWN)
    assert [(sheet.name, sheet.header, sheet.above) for sheet in file.sheets] == [
        ("投诉", tuple(HEADER), 2),
        ("咨询", ("类型", "登记编号"), 0),
    ]
    rows = list(file.rows())
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.record["登记编号"] for row in rows] == ["A1", "A2", "A3"]
    assert [row.record[SHEET] for row in rows] == ["投诉", "投诉", "咨询"]


def test_a_title_above_the_header_of_a_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("投诉清单\n\n登记编号,类型\nA1,投诉\n", encoding="utf-8")
    assert records(path) == [{"登记编号": "A1", "类型": "投诉"}]
    # Without known names the first line that says something is the header.
    assert LandingFile.open(path).sheets[0].header == ("投诉清单",)


def test_typed_cells_become_plain_texts(tmp_path):
    header = ["登记编号", "类型", "日期", "时刻", "金额", "整数", "是否", "空"]
    row = [12315.0, "投诉", dt.date(2026, 6, 1), dt.datetime(2026, 6, 1, 8, 30, 5, 600_000), 12.5, 7, True, None]
    (told,) = records(book(tmp_path / "a.xlsx", ("投诉", [header, row])))
    assert list(told.values()) == ["12315", "投诉", "2026-06-01 00:00:00", "2026-06-01 08:30:05", "12.5", "7", "true", None]


def test_typed_parquet_columns_become_plain_texts(tmp_path):
    beijing = pa.timestamp("us", "UTC")
    table = pa.table(
        {
            "登记编号": pa.array([1], pa.int64()),
            "带时区": pa.array([dt.datetime(2026, 5, 31, 16, 30, 1)], beijing),
            "不带时区": pa.array([dt.datetime(2026, 5, 31, 16, 30, 1, 5)], pa.timestamp("ns")),
            "日期": pa.array([dt.date(2026, 6, 1)]),
            "金额": pa.array([Decimal("12.50")]),
            "是否": pa.array([False]),
            "列表": pa.array([["退货", "赔偿"]]),
            "字节": pa.array(["投诉".encode()]),
            "词典": pa.array(["投诉"]).dictionary_encode(),
            "空": pa.array([None], pa.string()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (told,) = records(tmp_path / "a.parquet")
    assert list(told.values()) == [
        "1", "2026-06-01 00:30:01", "2026-05-31 16:30:01", "2026-06-01", "12.50", "false",
        '["退货", "赔偿"]', "投诉", "投诉", None,
    ]  # fmt: skip


def test_a_sheet_whose_noted_size_is_wrong_is_read_whole(tmp_path):
    path = book(tmp_path / "a.xlsx", ("投诉", [HEADER, *BODY]))
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrong, "w") as new:
        for item in old.infolist():
            content = old.read(item).replace(b'<dimension ref="A1:C4"', b'<dimension ref="A1"')
            new.writestr(item, content)
    assert b'ref="A1"' in zipfile.ZipFile(wrong).read("xl/worksheets/sheet1.xml")
    assert load_workbook(wrong, read_only=True)["投诉"].max_row == 1
    assert [told["登记编号"] for told in records(wrong)] == ["A1", "A2", "A3"]


def test_cells_beyond_the_header_are_kept_and_told(tmp_path):
    path = book(tmp_path / "a.xlsx", ("投诉", [HEADER, [*BODY[0], None, "另附"], ["A2"]]))
    first, second = LandingFile.open(path).rows()
    assert first.problem == "5 cells, 3 expected"
    assert first.record["+2"] == "另附"
    assert second.problem is None
    assert second.record["具体问题"] is None


def test_lines_that_are_no_objects_are_kept_and_told(tmp_path):
    lines = [
        '{"a": 1, "b": null}',
        "",
        '{"a": "x',
        "[1]",
        '"text"',
        '{"a": 1, "a": 2}',
        '{"b": {"c": [1, "二"]}, "d": "\\ud83d"}',
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = list(LandingFile.open(path).rows())
    assert [row.problem for row in rows] == [
        None, "no JSON", "no JSON object", "no JSON object", "a name stands twice in the object", None,
    ]  # fmt: skip
    assert rows[0].record == {"a": "1", "b": None}
    assert rows[1].record == {"line": '{"a": "x'}
    assert rows[5].record == {"b": '{"c": [1, "二"]}', "d": "?"}
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]


def test_json_lines_in_gb18030(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"类型": "投诉"}\n'.encode("gb18030"))
    file = LandingFile.open(path)
    assert file.encoding == "gb18030"
    assert [row.record for row in file.rows()] == [{"类型": "投诉"}]


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.xlsx.gz", "a.parquet.gz"])
def test_damaged_files_are_refused_in_one_line(tmp_path, name):
    whole = {path.name: path.read_bytes() for path in write_all(tmp_path, HEADER, BODY)}
    for content in (b"", b"PK\x03\x04nothing", b"PAR1", whole[name][:-30], whole["a.csv"], gzip.compress(b"x")):
        path = tmp_path / f"bad-{name}"
        path.write_bytes(content)
        with pytest.raises(RadarError, match=f"bad-{name}") as caught:
            list(LandingFile.open(path).rows())
        assert "\n" not in str(caught.value)


def test_a_workbook_or_parquet_file_without_rows_is_empty(tmp_path):
    book(tmp_path / "a.xlsx", ("投诉", [HEADER]))
    pq.write_table(pa.table({"登记编号": pa.array([], pa.string())}), tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        with pytest.raises(RadarError, match="empty"):
            LandingFile.open(tmp_path / name)


def test_a_header_that_is_data_is_not_repeated_in_the_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("15412345678,15412345678\n1,2\n", encoding="utf-8")
    with pytest.raises(RadarError) as caught:
        LandingFile.open(path)
    assert "154" not in str(caught.value)
