"""Files of an export: CSV, Excel, JSON lines and Parquet, the same bytes for the same rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

from simulator.spoil import Spoilt

MOST_EXCEL_ROWS = 1_048_575
# Excel wants a time of creation; the same for every file.
EPOCH = dt.datetime(2000, 1, 1)
KIND = "类型"


class Export(Protocol):
    """A file that is being written."""

    def write(self, rows: pa.Table) -> None:
        """Append rows, all of them texts, in the export's columns."""

    def write_spoilt(self, spoilt: Spoilt) -> None:
        """Append a spoilt row."""

    def close(self) -> None:
        """Finish the file."""


def open_export(path: Path, format_name: str, header: Sequence[str], encoding: str) -> Export:
    """Begin a file of this format."""
    if format_name == "csv":
        return CsvExport(path, header, encoding)
    if format_name == "jsonl":
        return JsonLinesExport(path, header)
    if format_name == "xlsx":
        return ExcelExport(path, header)
    return ParquetExport(path, header)


class CsvExport:
    """CSV with a header, every text in quotes."""

    def __init__(self, path: Path, header: Sequence[str], encoding: str) -> None:
        self._file = path.open("wb")
        # The mark at the beginning of UTF-8 is written once, not before every part.
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        if encoding == "utf-8-sig":
            self._file.write(b"\xef\xbb\xbf")
        self._line(header)

    def write(self, rows: pa.Table) -> None:
        buffer = io.BytesIO()
        pa_csv.write_csv(rows, buffer, pa_csv.WriteOptions(include_header=False))
        data = buffer.getvalue()
        self._file.write(data if self._encoding == "utf-8" else data.decode().encode(self._encoding))

    def write_spoilt(self, spoilt: Spoilt) -> None:
        self._line(spoilt.cells)

    def close(self) -> None:
        self._file.close()

    def _line(self, cells: Sequence[str]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        self._file.write(text.getvalue().encode(self._encoding))


class JsonLinesExport:
    """A JSON object per line, UTF-8; empty texts are left in."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file, self._header = path.open("wb"), header

    def write(self, rows: pa.Table) -> None:
        parts: list[pa.Array | str] = []
        for place, name in enumerate(self._header):
            parts += ["{" if place == 0 else ",", json.dumps(name, ensure_ascii=False) + ":"]
            parts += ['"', _escaped(rows.column(name).combine_chunks()), '"']
        lines = pc.binary_join_element_wise(*parts, "}\n", "")
        self._file.write("".join(lines.to_pylist()).encode())

    def write_spoilt(self, spoilt: Spoilt) -> None:
        if len(spoilt.cells) < len(self._header):
            # The line breaks off within a text.
            whole = json.dumps(dict(zip(self._header, spoilt.cells, strict=False)), ensure_ascii=False)
            self._file.write((whole[:-2] + "\n").encode())
        else:
            record = dict(zip(self._header, spoilt.cells, strict=True))
            self._file.write((json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode())

    def close(self) -> None:
        self._file.close()


class ExcelExport:
    """A workbook with a sheet per kind of complaint, as the platform's own export; cells are texts."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._path, self._header = path, header
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"created": EPOCH})
        self._sheets: dict[str, xlsxwriter.worksheet.Worksheet] = {}
        self._rows: dict[str, int] = {}

    def write(self, rows: pa.Table) -> None:
        for cells in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            self._line(cells[self._header.index(KIND)], cells)

    def write_spoilt(self, spoilt: Spoilt) -> None:
        self._line(next(iter(self._sheets), "投诉"), spoilt.cells)

    def close(self) -> None:
        self._book.close()

    def _line(self, kind: str, cells: Sequence[str]) -> None:
        if kind not in self._sheets:
            self._sheets[kind] = self._book.add_worksheet(kind)
            self._rows[kind] = 0
            self._line(kind, self._header)
        row = self._rows[kind]
        if row > MOST_EXCEL_ROWS:
            raise ValueError(
                f"{self._path.name}: an Excel sheet holds {MOST_EXCEL_ROWS} rows; let a file hold a shorter period"
            )
        for place, cell in enumerate(cells):
            if cell:
                self._sheets[kind].write_string(row, place, cell)
        self._rows[kind] = row + 1


class ParquetExport:
    """Parquet, every column of texts; empty texts are nulls there."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._schema = pa.schema([(name, pa.string()) for name in header])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: pa.Table) -> None:
        columns = [pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) for column in rows.columns]
        self._writer.write_table(pa.table(columns, schema=self._schema))

    def write_spoilt(self, spoilt: Spoilt) -> None:
        cells = [cell or None for cell in spoilt.cells]
        self._writer.write_table(pa.table([[cell] for cell in cells], schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _escaped(texts: pa.Array) -> pa.Array:
    for raw, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        texts = pc.replace_substring(texts, raw, escape)
    return texts
